"""The page of one source: what it is, what it claims, and which ties depend on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graph.language import gettext
from graph.model import Source, Subgraph, Tie, Withdrawal
from graph.ontology import ONTOLOGY
from graph.whatif import WhatIf
from graph.wording import UNDATED, day_in_words, in_words
from viz import words
from viz.links import Links, TableFiles, safe_url
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page, draw
from viz.view import Card, GraphView, Row

#: Beyond this a picture is no longer legible: page.md, "Layout and limits".
MOST_NODES = 150


@dataclass(frozen=True, slots=True)
class Weakened:
    """A tie in words, now and without the source."""

    row: Row
    before: str
    after: str


@dataclass(frozen=True)
class SourceView(GraphView):
    """A source's page; the picture holds the ties that its claims support or deny."""

    source: Source
    own: Sequence[str]
    citing: Sequence[str]
    claims_left_out: int
    fall: WhatIf | None
    withdrawn: Sequence[Withdrawal] = field(default=(), kw_only=True)
    metadata: PageMetadata = field(default=NO_METADATA, kw_only=True)

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """The claims of the source, which stand in a list of their own, and those that cite it."""
        return frozenset((*self.own, *self.citing))

    @property
    def table(self) -> TableFiles | None:
        """The address of the ties that it supports, as a file."""
        return self.links.table("ties", [("source", self.source.id)])

    @property
    def claims_table(self) -> TableFiles | None:
        """The address of its claims as a file."""
        return self.links.table("claims", [("source", self.source.id)])

    @property
    def note(self) -> str:
        """The kind of document, its publisher and its date."""
        kind = gettext(ONTOLOGY.source_kinds[self.source.kind].label).capitalize()
        day = in_words(self.source.published) if self.source.published else gettext(UNDATED)
        return ", ".join(part for part in (kind, self.source.publisher, day) if part)

    @property
    def url(self) -> str | None:
        """The document's own address, where it may become a link."""
        return safe_url(self.source.url)

    @property
    def read_on(self) -> str:
        """The day on which we read it, in words."""
        return day_in_words(self.source.read_on) if self.source.read_on else ""

    @property
    def record(self) -> str | None:
        """The source as data."""
        return self.links.source_record(self.source.id)

    @cached_property
    def by_predicate(self) -> list[tuple[str, str, list[Card]]]:
        """The source's claims by what they say, in the ontology's order: name, label, cards."""
        cards: dict[str, list[Card]] = {}
        for claim_id in self.own:
            predicate = self.graph.claims[claim_id].predicate
            cards.setdefault(predicate, []).append(self.cards[claim_id])
        labels = {name: gettext(p.label) for name, p in ONTOLOGY.predicates.items()}
        return [(name, label, cards[name]) for name, label in labels.items() if name in cards]

    @cached_property
    def citing_cards(self) -> list[Card]:
        """The claims of other sources that name this one in their chain."""
        return [self.cards[i] for i in self.citing]

    @cached_property
    def falling(self) -> list[Row]:
        """The ties that would disappear."""
        return [self.row(tie) for tie in self.fall.fall] if self.fall else []

    @cached_property
    def weakening(self) -> list[Weakened]:
        """The ties that would have less support."""
        pairs = self.fall.weaken if self.fall else ()
        return [
            Weakened(self.row(pair.before), _support(pair.before), _support(pair.after))
            for pair in pairs
        ]

    @cached_property
    def changing(self) -> list[tuple[Row, Row]]:
        """The ties that would be no weaker and differ otherwise: as they are, as they would be."""
        pairs = self.fall.change if self.fall else ()
        return [(self.row(pair.before), self.row(pair.after)) for pair in pairs]


def source_page(view: SourceView) -> str:
    """Return the page of a source, with a picture where that is legible."""
    if 0 < len(view.graph.entities) <= MOST_NODES:
        return draw(view, "source_graph.html")
    return content_page("source.html", view.frame, view=view, metadata=view.metadata)


def source_view(
    source: Source,
    graph: Subgraph,
    *,
    links: Links,
    own: Sequence[str],
    citing: Sequence[str] = (),
    left_out: int = 0,
    fall: WhatIf | None = None,
    withdrawn: Sequence[Withdrawal] = (),
    names: Mapping[str, str] | None = None,
    passages: Mapping[str, str] | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> SourceView:
    """Put a source's page together; `own` and `citing` are ids of claims in `graph.claims`, `names`
    labels that the graph lacks."""
    args = (links, passages or {}, {**graph.names, **(names or {})}, metadata.snapshot)
    title = words.title(source.title)
    bare = SourceView(graph, title, "", *args, source, own, citing, left_out, fall)
    return SourceView(
        graph,
        title,
        bare.note,
        *args,
        source,
        own,
        citing,
        left_out,
        fall,
        withdrawn=withdrawn,
        metadata=metadata,
    )


def _support(tie: Tie) -> str:
    status = gettext(ONTOLOGY.statuses[tie.status].label)
    return f"{status}, {words.independent_accounts(tie.independent)}"
