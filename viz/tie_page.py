"""The page of one tie: the sentence, how well it is supported, and its docket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.model import DENIED, Subgraph
from graph.ontology import ONTOLOGY
from viz.active_filters import NO_FILTERS, Filters
from viz.links import Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.view import Card, EntityNote, GraphView, Row

#: The parts of a docket, by the line that a claim's status draws; a denial has none of its own.
_PARTS = {
    "solid": ("affirm", "Who affirms it"),
    "dashed": ("allege", "Who only alleges it"),
    "dotted": ("plan", "Who says that it is planned"),
    "struck": ("deny", "Who denies it"),
}


@dataclass(frozen=True, slots=True)
class DocketPart:
    """The claims of one side of a docket."""

    id: str
    title: str
    line: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class TieWords:
    """A tie in words; `graph_page` is the address of a picture with it."""

    row: Row
    help: str
    parts: tuple[DocketPart, ...]
    ends: tuple[EntityNote, ...]
    graph_page: str


def tie_page(
    graph: Subgraph,
    *,
    links: Links,
    filters: Filters = NO_FILTERS,
    passages: Mapping[str, str] | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page of the only tie of `graph`, which also holds its ends and all evidence."""
    (tie,) = graph.ties
    bare = GraphView(graph, "", "", links, passages or {}, graph.names, metadata.snapshot)
    row = bare.rows[0]
    title = f"{row.source.text} {row.relation} {row.target.text}"
    view = GraphView(
        graph, title, lead_of(row), links, bare.passages, bare.labels, metadata.snapshot
    )
    tie_words = TieWords(
        row=row,
        help=ONTOLOGY.statuses[row.status].help,
        parts=tuple(_parts(view)),
        ends=tuple(view.entities),
        graph_page=f"{links.entity(tie.key.source)}#tie={tie.key}",
    )
    return content_page(
        "tie.html", view.frame, view=view, tie=tie_words, filters=filters, metadata=metadata
    )


def lead_of(row: Row) -> str:
    """`Reported, disputed, 2021: 3 claims, 2 independent origins`."""
    status = ONTOLOGY.statuses[row.status].label.capitalize()
    marks = [status, *(["disputed"] if row.disputed else []), row.when]
    return f"{', '.join(marks)}: {row.support}"


def _parts(view: GraphView) -> list[DocketPart]:
    (tie,) = view.graph.ties
    sides: dict[str, list[Card]] = {line: [] for line in _PARTS}
    for support in tie.supports:
        denied = support.status == DENIED
        line = "struck" if denied else ONTOLOGY.statuses[support.status].line
        sides[line].append(view.cards[support.claim_id])
    return [
        DocketPart(*_PARTS[line], line, tuple(cards))
        for line, cards in sides.items()
        # An empty side is worth a sentence for affirmations and denials only.
        if cards or line in ("solid", "struck")
    ]
