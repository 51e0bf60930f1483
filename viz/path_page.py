"""The page of paths between two entities: chains hop by hop, each hop with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.language import count, gettext, mark
from graph.model import Subgraph
from graph.model.path import Path, PathAnswer
from graph.ontology import ONTOLOGY
from graph.tables import Kind
from viz import words
from viz.active_filters import NO_FILTERS, Filters
from viz.links import Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.page_table import PageTable, tie_table
from viz.view import SUPPLY_TYPES, Card, GraphView, Ref, Row

TITLE = mark("How are these two connected?")
LEAD = mark("Chains of recorded connections between two entities, best-supported chain first.")
#: What page.md asks to be said wherever a chain is shown.
CAUTION = mark("A chain is not proof of a relationship between its two ends.")


@dataclass(frozen=True, slots=True)
class End:
    """One end of the query: the text as typed, and the entities that match it.

    `id` and `label` are those of the only match, or empty. A choice is a label, its kind and an
    address.
    """

    typed: str = ""
    id: str = ""
    label: str = ""
    choices: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class HopWords:
    """One hop in words: all ties between the two, the strongest first."""

    source: Ref
    target: Ref
    line: str
    rows: tuple[Row, ...]
    weakest: bool

    @property
    def symmetric(self) -> bool:
        """Whether its strongest tie has no direction."""
        return ONTOLOGY.tie_types[self.rows[0].type].symmetric

    @property
    def backward(self) -> bool:
        """Whether its strongest tie points against the way of the chain."""
        return not self.symmetric and self.rows[0].source.id != self.source.id


@dataclass(frozen=True, slots=True)
class Chain:
    """One path in words."""

    title: str
    support: str
    hops: tuple[HopWords, ...]
    graph_page: str

    @property
    def turns(self) -> bool:
        """Whether its arrows point in both directions, so that nothing runs from end to end."""
        ways = {hop.backward for hop in self.hops if not hop.symmetric}
        return len(ways) > 1

    @property
    def ends(self) -> list[Ref]:
        """Its entities in order."""
        return [self.hops[0].source, *(hop.target for hop in self.hops)]


@dataclass(frozen=True, slots=True)
class PathWords:
    """The content of the page: the form, and the chains or the reason why there are none.

    `jointly` are claims that name both ends among several, and are no chain.
    """

    start: End
    end: End
    through: End
    max_hops: int
    most_hops: int
    nothing: str
    searched: str
    chains: tuple[Chain, ...]
    jointly: tuple[Card, ...] = ()
    caution: str = ""


def path_page(
    start: End,
    end: End,
    answer: PathAnswer | None,
    *,
    links: Links,
    through: End = End(),
    filters: Filters = NO_FILTERS,
    max_hops: int = 4,
    most_hops: int = 6,
    passages: Mapping[str, str] | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page; `answer` is None until both ends are entities."""
    graph = _graph(answer) if answer else Subgraph({}, ())
    view = GraphView(
        graph,
        _title(graph, answer),
        gettext(LEAD),
        links,
        passages or {},
        graph.names,
        metadata.snapshot,
    )
    content = PathWords(
        start=start,
        end=end,
        through=through,
        max_hops=max_hops,
        most_hops=most_hops,
        nothing=_nothing((start, end, through), answer),
        searched=_searched(answer, max_hops),
        chains=_chains(view, answer) if answer else (),
        jointly=tuple(view.cards[i] for i in answer.jointly) if answer else (),
        caution=gettext(CAUTION),
    )
    return content_page(
        "path.html", view.frame, view=view, content=content, filters=filters, metadata=metadata
    )


def path_table(answer: PathAnswer, *, links: Links) -> PageTable:
    """Return the connections of chains, with the numbers of the chain and the hop."""
    graph = _graph(answer)
    view = GraphView(graph, "", "", links, {}, graph.names, None)
    numbered = (
        ((chain_number, hop_number, hop.weakest, hop.backward), row)
        for chain_number, chain in enumerate(_chains(view, answer), 1)
        for hop_number, hop in enumerate(chain.hops, 1)
        for row in hop.rows
    )
    columns: list[tuple[str, Kind]] = [
        ("chain", "integer"),
        ("hop", "integer"),
        ("weakest", "boolean"),
        ("backward", "boolean"),
    ]
    return tie_table(columns, numbered)


def _graph(answer: PathAnswer) -> Subgraph:
    ties = {tie.key: tie for path in answer.paths for hop in path.hops for tie in hop.ties}
    return Subgraph(
        answer.entities, tuple(ties.values()), answer.claims, answer.sources, answer.names
    )


def _title(graph: Subgraph, answer: PathAnswer | None) -> str:
    if answer is None or not answer.paths:
        return gettext(TITLE)
    start, end = (graph.entities[i].label for i in (answer.start, answer.end))
    return gettext("%(first)s and %(last)s", first=start, last=end)


def _nothing(ends: Sequence[End], answer: PathAnswer | None) -> str:
    """Why there is no chain; empty where there is one, or before a search."""
    for end in ends:
        if end.typed and not end.id and not end.choices:
            return gettext("No name resembles “%(text)s”.", text=end.typed)
    if answer is None or answer.paths:
        return ""
    if answer.same:
        return gettext("Both names refer to the same entity.")
    if answer.searched.complete:
        return gettext(
            "No chain of recorded connections joins the two. "
            "That does not prove they are unconnected."
        )
    return gettext("No chain was found before the search reached its limit. There may be one.")


def _searched(answer: PathAnswer | None, max_hops: int) -> str:
    if answer is None or answer.same:
        return ""
    text = gettext(
        "Searched: all chains of up to %(hops)s, around %(entities)s, over %(connections)s.",
        hops=words.hops(max_hops),
        entities=count(answer.searched.entities, "%(num)s entity", "%(num)s entities"),
        connections=words.connections(answer.searched.ties),
    )
    if answer.searched.complete:
        return text
    return text + " " + gettext("The search stopped at its limit: there may be more.")


def _chains(view: GraphView, answer: PathAnswer) -> tuple[Chain, ...]:
    """The chains, the best supported first; of equals, those whose arrows point one way."""
    pairs = [(path, _chain(view, path)) for path in answer.paths]
    pairs.sort(
        key=lambda pair: (
            -pair[0].rank,
            -pair[0].independent,
            len(pair[0].hops),
            pair[1].turns,
            not all(hop.rows[0].type in SUPPLY_TYPES for hop in pair[1].hops),
        )
    )
    return tuple(chain for _, chain in pairs)


def _chain(view: GraphView, path: Path) -> Chain:
    status = next(name for name, rank in ONTOLOGY.ranks.items() if rank == path.rank)
    rows = {row.key: row for row in view.rows}
    hops = tuple(
        HopWords(
            source=view.ref(hop.source),
            target=view.ref(hop.target),
            line=ONTOLOGY.statuses[hop.ties[0].status].line,
            rows=tuple(rows[str(tie.key)] for tie in hop.ties),
            weakest=len(path.hops) > 1 and number == path.weakest,
        )
        for number, hop in enumerate(path.hops)
    )
    return Chain(
        title=words.hops(len(hops)),
        support=gettext(
            "weakest link: %(status)s, %(accounts)s",
            status=gettext(ONTOLOGY.statuses[status].label),
            accounts=words.independent_accounts(path.independent),
        ),
        hops=hops,
        graph_page=view.links.graph_of(tuple(hop.ties[0].key for hop in path.hops)),
    )
