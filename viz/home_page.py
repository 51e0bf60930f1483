"""The home page: purpose, search, stories, newest ties, corrections, and how to read a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from graph.language import count, gettext, mark
from graph.model import Claim, DatasetRecord, Finding, Story, Subgraph
from graph.wording import day_in_words, in_words
from viz.frame import Frame
from viz.links import Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.supply_picture import Supply
from viz.view import LEADING, GraphView, Row

TITLE = mark("Who supplies surveillance technology to whom, and who says so")
LEAD = mark(
    "A graph of states, companies and surveillance technology in which every line leads to the "
    "claims behind it: who says so, whether it is a fact, an allegation or an opinion, and where "
    "it was published."
)
#: The most ties that are listed.
_MOST = 6
#: The most names that the search field gives as examples.
_MOST_EXAMPLES = 3
LATIN = "Latn"


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story on the home page."""

    title: str
    lead: str
    steps: str
    href: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A retracted claim, and the reason."""

    summary: str
    day: str
    reason: str
    record: str | None


@dataclass(frozen=True, slots=True)
class LostRecord:
    """A record that lost support or was removed; `change` is that of `graph.changes`."""

    id: str
    label: str
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class HomeWords:
    """The content of the home page."""

    stories: tuple[StoryCard, ...]
    newest: tuple[Row, ...]
    recorded: str
    corrections: tuple[Correction, ...]
    losses: tuple[tuple[str, str], ...]
    supply: Supply | None
    findings: tuple[Finding, ...]
    example: str


def home_page(
    stories: Sequence[Story],
    newest: Subgraph,
    *,
    links: Links,
    corrected: Sequence[Claim] = (),
    since: date | None = None,
    order: Sequence[str] = (),
    totals: Mapping[str, int] | None = None,
    losses: Sequence[LostRecord] = (),
    basis: str = "",
    lines: Subgraph | None = None,
    findings: Sequence[Finding] = (),
    datasets: Sequence[DatasetRecord] = (),
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the home page; `newest` holds ties with their claims.

    With `since`, the day of the previous snapshot, they are new or better supported since then: in
    this `order` of keys, with `totals` by change. A claim in both `corrected` and `losses` is
    listed once, with its reason. `basis` says on how many documents the whole graph rests. `lines`
    has the ties that are drawn as supply lines, and `findings` the sentences below them.
    `datasets` are those that the store holds.
    """
    title, lead = gettext(TITLE), gettext(LEAD)
    view = GraphView(newest, title, lead, links, {}, newest.names, metadata.snapshot)
    days = _recorded(newest.claims)
    rows = sorted(view.rows, key=lambda row: _newest(row, days), reverse=True)
    if since:
        rows = sorted(view.rows, key=lambda row: order.index(row.key))
    supply = None
    if lines:
        drawn = GraphView(lines, title, lead, links, {}, lines.names, metadata.snapshot)
        parts = findings[0].parts if findings else ()
        supply = Supply(drawn, frozenset(it.id for it in parts if not isinstance(it, str)))
    corrected_ids = {claim.id for claim in corrected}
    home = HomeWords(
        stories=tuple(_story(story, links) for story in stories),
        newest=tuple(rows[:_MOST]),
        recorded=_since(since, totals or {}) if since else _last(days),
        corrections=tuple(_correction(claim, links) for claim in corrected),
        losses=tuple((it.label, _what(it)) for it in losses if it.id not in corrected_ids),
        supply=supply,
        findings=tuple(findings),
        example=_example(lines),
    )
    frame = Frame(links, title, lead, here="home", snapshot=metadata.snapshot, basis=basis)
    return content_page(
        "home.html", frame, view=view, home=home, metadata=metadata, datasets=datasets
    )


def _example(graph: Subgraph | None) -> str:
    """Names to look up: of the most connected entity of each type in colour, and one not in Latin.

    The field promises what is recorded, and nothing else.
    """
    if not graph:
        return ""
    degrees = Counter(end for tie in graph.ties for end in (tie.key.source, tie.key.target))
    ordered = sorted(graph.entities.values(), key=lambda it: (-degrees[it.id], it.id))
    first = {it.type: it for it in reversed(ordered) if not it.described}
    examples = [first[name] for name in LEADING if name in first][:_MOST_EXAMPLES]
    foreign = (n.text for it in examples for n in it.names if n.script not in ("", LATIN))
    names = dict.fromkeys([*(it.label for it in examples), *islice(foreign, 1)])
    return ", ".join(names) + "…" if names else ""


#: The changes of a lost record, in words.
_CHANGES = {
    "fell": mark("It is less well supported now."),
    "removed": mark("It is no longer recorded."),
}


def _what(record: LostRecord) -> str:
    return record.reason or gettext(_CHANGES.get(record.change, record.change))


def _since(day: date, totals: Mapping[str, int]) -> str:
    """`Since the data of 2 November 2026: 12 new, 3 better supported.`"""
    counts = []
    if new := totals.get("added"):
        counts.append(count(new, "%(num)s new", "%(num)s new"))
    if better := totals.get("rose"):
        counts.append(count(better, "%(num)s better supported", "%(num)s better supported"))
    what = ", ".join(counts)
    return gettext("Since the data of %(day)s: %(counts)s.", day=day_in_words(day), counts=what)


def _last(days: Mapping[str, str]) -> str:
    if not days:
        return ""
    return gettext("Last recorded on %(day)s.", day=in_words(max(days.values())))


def _recorded(claims: Mapping[str, Claim]) -> dict[str, str]:
    """The day on which each claim was recorded, in ISO 8601, which sorts as text."""
    return {i: claim.recorded_on.isoformat() for i, claim in claims.items() if not claim.retracted}


def _newest(row: Row, days: Mapping[str, str]) -> str:
    return max((days[card.id] for card in row.cards if card.id in days), default="")


def _story(story: Story, links: Links) -> StoryCard:
    steps = count(
        len(story.steps),
        "%(num)s step, each with its evidence",
        "%(num)s steps, each with its evidence",
    )
    return StoryCard(story.title, story.lead, steps, links.story(story.id))


def _correction(claim: Claim, links: Links) -> Correction:
    assert claim.retracted is not None
    return Correction(
        summary=claim.summary,
        day=day_in_words(claim.retracted.on),
        reason=claim.retracted.reason,
        record=links.claim_record(claim.id),
    )
