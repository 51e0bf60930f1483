"""The page of one tie: the sentence, how well it is supported, and its docket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.language import gettext, mark
from graph.model import Subgraph, Support, Tie, Withdrawal, equal_statuses
from graph.ontology import ONTOLOGY
from graph.projection import accounts
from graph.wording import inferred_in_words, speaker
from viz.active_filters import NO_FILTERS, Filters
from viz.links import Links, TableFiles
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.view import Card, EntityNote, GraphView, Ref, Row

#: The parts of a docket, by the line that a claim's status draws; a denial has none of its own.
_PARTS = {
    "solid": ("affirm", mark("Who affirms it")),
    "dashed": ("allege", mark("Who only alleges it")),
    "dotted": ("plan", mark("Who says that it is planned")),
    "struck": ("deny", mark("Who denies it")),
    "plan": ("deny-plan", mark("Who denies that it was planned")),
    "none": ("not-found", mark("Who looked and did not find it")),
}


#: The most notes above the evidence, where each stands again with its claim.
_MOST_CAUTIONS = 3


@dataclass(frozen=True, slots=True)
class DocketPart:
    """The claims of one side of a docket."""

    id: str
    title: str
    line: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class AccountWords:
    """One account: who speaks, from which document, and what it shares with those before it.

    `weaker` says why the tie's status does not rest on it; it is empty where it does. `doubt` says
    what keeps it from stating the tie as a fact: that it only alleges it, or that an end is a
    reading.
    """

    speaker: str
    document: Ref
    doubt: str
    shares: tuple[str, ...]
    weaker: str


@dataclass(frozen=True, slots=True)
class TieWords:
    """A tie in words; `graph_page` is the address of a picture with it.

    `table` is the address of its claims as a file.
    `cautions` are the notes of the claims that it rests on: what they leave open, what is read.
    """

    row: Row
    help: str
    parts: tuple[DocketPart, ...]
    accounts: tuple[AccountWords, ...]
    ends: tuple[EntityNote, ...]
    graph_page: str
    symmetric: bool
    cautions: tuple[str, ...]
    table: TableFiles | None


def tie_page(
    graph: Subgraph,
    *,
    links: Links,
    not_found: Sequence[str] = (),
    jointly: Sequence[str] = (),
    withdrawn: Sequence[Withdrawal] = (),
    filters: Filters = NO_FILTERS,
    passages: Mapping[str, str] | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page of the only tie of `graph`, which also holds its ends and all evidence.

    `not_found` are ids of claims in it whose source looked for the tie and did not find it,
    `jointly` of those that name both of its ends among several; `withdrawn` are claims that
    affirmed it and no longer count.
    """
    (tie,) = graph.ties
    bare = GraphView(graph, "", "", links, passages or {}, graph.names, metadata.snapshot)
    row = bare.rows[0]
    title = row.sentence
    view = GraphView(
        graph, title, lead_of(row), links, bare.passages, bare.labels, metadata.snapshot
    )
    tie_words = TieWords(
        row=row,
        help=gettext(ONTOLOGY.statuses[row.status].help),
        parts=tuple(_parts(view, not_found)),
        accounts=tuple(_accounts(view)),
        ends=tuple(view.entities),
        graph_page=f"{links.entity(tie.key.source)}#tie={tie.key}",
        symmetric=ONTOLOGY.tie_types[tie.key.type].symmetric,
        table=links.table("claims", [("id", card.id) for card in row.cards]),
        cautions=tuple(
            dict.fromkeys(
                card.claim.note
                for card in row.cards
                if card.claim.note and card.id in tie.basis_ids
            )
        )[:_MOST_CAUTIONS],
    )
    return content_page(
        "tie.html",
        view.frame,
        view=view,
        tie=tie_words,
        jointly=[view.cards[i] for i in jointly if i in view.cards],
        withdrawn=withdrawn,
        filters=filters,
        metadata=metadata,
    )


def lead_of(row: Row) -> str:
    """`Reported, disputed, 2021: 3 claims, 2 independent accounts`."""
    status = gettext(ONTOLOGY.statuses[row.status].label).capitalize()
    marks = [status, *([gettext("disputed")] if row.disputed else []), row.when]
    return gettext("%(marks)s: %(support)s", marks=", ".join(marks), support=row.support)


def _parts(view: GraphView, not_found: Sequence[str]) -> list[DocketPart]:
    (tie,) = view.graph.ties
    sides: dict[str, list[Card]] = {line: [] for line in _PARTS}
    for support in tie.supports:
        sides[_line_of(support, tie)].append(view.cards[support.claim_id])
    sides["none"] = [view.cards[i] for i in not_found if i in view.cards]
    return [
        DocketPart(name, gettext(title), line, tuple(cards))
        for line, cards in sides.items()
        for name, title in [_PARTS[line]]
        # An empty side is worth a sentence for affirmations and denials only.
        if cards or line in ("solid", "struck")
    ]


def _line_of(support: Support, tie: Tie) -> str:
    """The part of the docket in which a claim stands."""
    if not support.denies:
        return ONTOLOGY.statuses[support.status].line
    return "struck" if support in tie.disputes else "plan"


def _accounts(view: GraphView) -> Iterator[AccountWords]:
    """Yield the accounts in the order in which they came out."""
    (tie,) = view.graph.ties
    for support, shares, weaker in accounts(tie):
        card, claim = view.cards[support.claim_id], view.graph.claims[support.claim_id]
        yield AccountWords(
            speaker=speaker(claim.said_by, support.origin, view.name),
            document=card.source,
            doubt="; ".join(_doubt(support)),
            shares=tuple(dict.fromkeys(view.name(i) for _, ids in shares for i in ids)),
            weaker=_why_weaker(support, tie) if weaker else "",
        )


def _why_weaker(support: Support, tie: Tie) -> str:
    if support.status in equal_statuses(tie.status):
        return gettext("only possibly so at that time")
    return gettext("says less than the tie")


def _doubt(support: Support) -> Iterator[str]:
    if support.status == "alleged":
        yield gettext("alleged only")
    if support.status == "planned":
        yield gettext("planned only")
    if support.inferred:
        yield inferred_in_words(support.inferred.split())
