"""The first page: what this is, search, the stories, what is newest, and how to read a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.model import Claim, Story, Subgraph
from viz import words
from viz.frame import Frame
from viz.links import Links
from viz.page import content_page
from viz.view import Row, View
from viz.visit import NO_VISIT, Visit

TITLE = "Who supplies surveillance technology to whom, and who says so"
LEAD = (
    "A graph of states, companies and surveillance technology in which every line leads to the "
    "claims behind it: who says so, whether it is a fact, an allegation or an opinion, and where "
    "it was published."
)
#: So many of the newest ties are listed.
_MOST = 8


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story as the first page shows it."""

    title: str
    lead: str
    steps: str
    href: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A claim that no longer counts, and why."""

    summary: str
    day: str
    reason: str
    record: str | None


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that fell or went since the snapshot before; `change` is that of `graph.changes`."""

    id: str
    label: str
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class Home:
    """What stands on the first page."""

    stories: tuple[StoryCard, ...]
    newest: tuple[Row, ...]
    recorded: str
    corrections: tuple[Correction, ...]
    lost: tuple[tuple[str, str], ...]


def home_page(
    stories: Sequence[Story],
    newest: Subgraph,
    *,
    links: Links,
    corrected: Sequence[Claim] = (),
    since: date | None = None,
    order: Sequence[str] = (),
    totals: Mapping[str, int] | None = None,
    lost: Sequence[Lost] = (),
    visit: Visit = NO_VISIT,
) -> str:
    """Return the first page; `newest` holds ties with their claims, some of which are new.

    With `since`, a day, they came or rose since then: in this `order` of keys, with `totals` by
    change. `corrected` and `lost` may tell of one claim: its reason is told.
    """
    view = View(newest, TITLE, LEAD, links, {}, newest.names, visit.snapshot)
    days = _recorded(newest.claims)
    rows = sorted(view.rows, key=lambda row: _newest(row, days), reverse=True)
    if since:
        rows = sorted(view.rows, key=lambda row: order.index(row.key))
    told_of = {claim.id for claim in corrected}
    told = Home(
        stories=tuple(_story(story, links) for story in stories),
        newest=tuple(rows[:_MOST]),
        recorded=_since(since, totals or {}) if since else _last(days),
        corrections=tuple(_correction(claim, links) for claim in corrected),
        lost=tuple((it.label, _what(it)) for it in lost if it.id not in told_of),
    )
    frame = Frame(links, TITLE, LEAD, here="home", snapshot=visit.snapshot)
    return content_page("home.html", frame, view=view, home=told, visit=visit)


#: What became of a tie or a claim, in words.
_BECAME = {"fell": "It is less well supported now.", "removed": "It is no longer recorded."}


def _what(lost: Lost) -> str:
    return lost.reason or _BECAME.get(lost.change, lost.change)


def _since(day: date, totals: Mapping[str, int]) -> str:
    """`Since the data of 2 November 2026: 12 new, 3 better supported.`"""
    told = [("added", "new"), ("rose", "better supported")]
    counted = [f"{totals[name]:,} {said}" for name, said in told if totals.get(name)]
    return f"Since the data of {words.edtf(day.isoformat())}: {', '.join(counted)}."


def _last(days: Mapping[str, str]) -> str:
    return f"Last recorded on {words.edtf(max(days.values()))}." if days else ""


def _recorded(claims: Mapping[str, Claim]) -> dict[str, str]:
    """The day on which each claim was recorded; days in ISO 8601 sort as texts."""
    return {i: claim.recorded_on.isoformat() for i, claim in claims.items() if not claim.retracted}


def _newest(row: Row, days: Mapping[str, str]) -> str:
    return max((days[card.id] for card in row.cards if card.id in days), default="")


def _story(story: Story, links: Links) -> StoryCard:
    steps = words.count(len(story.steps), "step")
    return StoryCard(story.title, story.lead, steps, links.story(story.id))


def _correction(claim: Claim, links: Links) -> Correction:
    assert claim.retracted is not None
    return Correction(
        summary=claim.summary,
        day=words.edtf(claim.retracted.on.isoformat()),
        reason=claim.retracted.reason,
        record=links.claim_record(claim.id),
    )
