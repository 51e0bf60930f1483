"""What is asked: of the API by address, of the bare driver by the Cypher that the API runs for it.

A question is asked about each record of a sample in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString, cast
from urllib.parse import quote, urlencode

from bench.server.aims import AT_ONCE, Aim, at_most, cheap, fast, rate_of_rival, rows, soon, times
from bench.server.sample import Sample
from graph.ontology import ONTOLOGY
from graph.queries import entities, search, tie_lists
from graph.queries.claims import ClaimFilters
from graph.queries.entity_ties import entity_tie_query, tie_groups
from graph.queries.neighbourhood import ring
from graph.queries.subgraph import subgraph
from graph.queries.tie_lists import EVERY, TieFilters
from graph.question import Question

#: Ties in a file.
ROWS = 10_000
#: Records that are asked about again and again where an answer is to be there already.
AGAIN = 50


@dataclass(frozen=True, slots=True)
class Request:
    """One question: its address, and the statements that answer it with their values."""

    path: str
    statements: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table: what it is called, what is asked, and what we aim at.

    `rows` are in each answer where rows a second are counted. `again` asks the same over and over:
    what is then measured is a 304, or the memory of answers. `small` answers are those whose time
    must not grow with the store.
    """

    name: str
    title: str
    about: Callable[[Sample], Iterator[Request]]
    aims: tuple[Aim, ...] = ()
    small: bool = False
    limit: str = "bare driver"
    again: str = ""
    counts_rows: bool = False

    def requests(self, sample: Sample) -> list[Request]:
        """The questions about a sample."""
        requests = list(self.about(sample))
        return requests[:AGAIN] if self.again else requests

    def amount(self, sample: Sample) -> int:
        """What is counted in an answer: rows where they are, else answers."""
        return min(ROWS, sample.ties_in_all) if self.counts_rows else 1


def _request(path: str, *questions: Question[Any], **query: object) -> Request:
    address = f"{path}?{urlencode(query)}" if query else path
    return Request(address, tuple((one.cypher, one.parameters) for one in questions))


def card(sample: Sample) -> Iterator[Request]:
    """An entity, and its ties beside it."""
    for i in sample.typical:
        ties = TieFilters(entities=[i]).query()
        questions = (entities.entity(i), ties.page(limit=1_000), ties.totals())
        yield _request(f"/v1/entities/{quote(i)}", *questions, include="ties")


def ties_of(sample: Sample) -> Iterator[Request]:
    """The first fifty ties of an entity."""
    for i in sample.typical:
        yield _request(f"/v1/entities/{quote(i)}/ties", entity_tie_query(i).page(), tie_groups(i))


def hub(sample: Sample) -> Iterator[Request]:
    """The first fifty ties of the best connected entities."""
    for i in sample.hubs:
        yield _request(f"/v1/entities/{quote(i)}/ties", entity_tie_query(i).page(), tie_groups(i))


def tie(sample: Sample) -> Iterator[Request]:
    """A tie with its claims and their sources."""
    for key in sample.ties:
        path = "/v1/ties/" + "/".join(map(quote, key))
        yield _request(path, subgraph([key]))


def around(sample: Sample, depth: int) -> Iterator[Request]:
    """What is around an entity: 150 nodes at most, and all ties between them.

    The driver asks for the first ring alone: what the API asks next depends on it.
    """
    for i in sample.typical:
        question = ring([i], [i], EVERY, 150)
        yield _request(f"/v1/entities/{quote(i)}/neighbourhood", question, depth=depth)


# mypy takes LiteralString as str, pyright does not: the cast is for the latter.
_TIES = cast(LiteralString, "|".join(sorted(ONTOLOGY.tie_types)))  # type: ignore[redundant-cast]
_SHORTEST: LiteralString = (
    "MATCH (a:Entity {id: $start}) MATCH (b:Entity {id: $end}) "
    "MATCH p = shortestPath((a)-[:" + _TIES + "*..4]-(b)) RETURN [n IN nodes(p) | n.id] AS path"
)


def paths(pairs: list[tuple[str, str]]) -> Iterator[Request]:
    """The five best paths between two entities; the rival finds one, by the number of hops."""
    for start, end in pairs:
        shortest: Question[Any] = Question(_SHORTEST, list, {"start": start, "end": end})
        yield _request("/v1/paths", shortest, **{"from": start, "to": end, "max_hops": 4})


def text_search(sample: Sample) -> Iterator[Request]:
    """Entities, claims and sources by a whole name."""
    for name in sample.names:
        yield _request("/v1/search", search.search_records(name), q=name)


def suggestions(sample: Sample) -> Iterator[Request]:
    """Entities by the first four letters of a name."""
    for name in sample.names:
        yield _request("/v1/suggest", search.suggest(name[:4]), q=name[:4])


def claims_by_role(sample: Sample) -> Iterator[Request]:
    """The first fifty claims with an entity in a role."""
    for role, i in sample.roles:
        claims = ClaimFilters(roles=[(role, i)]).query()
        yield _request("/v1/claims", claims.page(), claims.totals(), role=f"{role}:{i}")


def file(sample: Sample) -> Iterator[Request]:
    """Ties as CSV, the strongest first."""
    table = tie_lists.tie_table(order=tie_lists.ORDER)
    yield _request("/v1/ties.csv", table.rows(None, ROWS), limit=ROWS)


MEASURES = (
    Measure("card", "Entity with its ties", card, (cheap(1.5), rate_of_rival()), small=True),
    Measure("ties", "Ties of an entity, a page", ties_of, (cheap(1.5), rate_of_rival()),
            small=True),
    Measure("hub", "Ties of a hub, a page", hub, (at_most(3.0),)),
    Measure("tie", "Tie with its claims", tie, small=True),
    Measure("around", "Around an entity, 1 hop", lambda s: around(s, 1), small=True),
    Measure("around2", "Around an entity, 2 hops", lambda s: around(s, 2), (times(1.6),)),
    Measure("paths", "Paths, random pairs", lambda s: paths(s.pairs), (times(2.0),),
            limit="shortestPath"),
    Measure("hub_paths", "Paths between hubs", lambda s: paths(s.hub_pairs), (times(2.0),),
            limit="shortestPath"),
    Measure("search", "Search", text_search, small=True),
    Measure("suggest", "Suggest", suggestions, small=True),
    Measure("claims", "Claims by role", claims_by_role, small=True),
    Measure("csv", "CSV of ties", file, (rows(200_000), times(1.6)), counts_rows=True),
    Measure("card_304", "The entity again, 304", card, (soon(0.2), fast(10_000)), again="304"),
    Measure("card_again", "The entity again", card, (fast(10_000),), again="memory"),
    Measure("csv_304", "The CSV again, 304", file, (soon(0.2), fast(10_000)), again="304"),
    Measure("csv_again", "The CSV again", file, again="memory", counts_rows=True),
)  # fmt: skip
assert all(aim.connections in (1, AT_ONCE) for measure in MEASURES for aim in measure.aims)
