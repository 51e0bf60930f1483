"""The whole graph, or what filters pass of it, between its best connected entities."""

from __future__ import annotations

from dataclasses import replace

from graph.model import Subgraph
from graph.queries.clauses import lines
from graph.queries.neighbourhood import graph_among, ring
from graph.queries.parts import degree
from graph.queries.subgraph import subgraph
from graph.queries.tie_lists import EVERY, TieFilters
from graph.question import Question, Reader

#: One entity of so many may be in the picture as a neighbour that another needs.
_NEIGHBOURS = 5


async def whole_graph(reader: Reader, filters: TieFilters = EVERY, limit: int = 150) -> Subgraph:
    """Read the ties that pass filters, between the `limit` entities with the most of them.

    Where all neighbours of an entity have fewer, some of them stand in for the last of the others.
    """
    ids, total = await reader.ask(best_connected(filters, limit))
    ends, ties = await reader.ask(graph_among(ids, filters))
    connected = {i for tie in ties for i in (tie.key.source, tie.key.target)}
    alone, places = [i for i in ids if i not in connected], limit // _NEIGHBOURS
    if alone and places and total > len(ids):
        others = await reader.ask(ring(alone, ids, filters, places))
        # Those that are alone may be among the last.
        last = set([i for i in ids if i in connected][::-1][: len(others.ids)])
        ids = [i for i in ids if i not in last] + [*others.ids][: len(last)]
        ends, ties = await reader.ask(graph_among(ids, filters))
    graph = await reader.ask(subgraph([tie.key for tie in ties], ids, moment=filters.moment))
    degrees = {node.id: node.degree for node in ends}
    return replace(graph, degrees=degrees, left_out=total - len(ids))


def entity_total() -> Question[int]:
    """Ask how many entities are recorded, those included that are merged; the store knows it."""
    cypher = "MATCH (n:Entity) RETURN count(n) AS total"
    return Question(cypher, lambda rows: int(rows[0]["total"]), {})


def best_connected(
    filters: TieFilters = EVERY, limit: int = 150
) -> Question[tuple[list[str], int]]:
    """Ask for the entities with the most ties that pass filters, and how many have any."""
    conditions = list(filters.conditions())
    query = filters.query()
    if conditions or not filters.moment.timeless:
        ends = lines(
            query.spec.rows(conditions),
            "UNWIND [a.id, b.id] AS id",
            "WITH id, count(*) AS degree",
        )
    else:
        # The store knows the degrees: no tie is read.
        ends = lines(
            "MATCH (n:Entity WHERE n.content_hash IS NOT NULL)",
            "WITH n.id AS id, " + degree("n") + " AS degree",
            "WHERE degree > 0",
            "WITH id, degree",
        )
    cypher = lines(
        ends,
        "ORDER BY degree DESC, id",
        "WITH collect(id) AS ids",
        "RETURN ids[..$limit] AS ids, size(ids) AS total",
    )
    parameters = query.values(conditions) | {"limit": limit}
    return Question(cypher, lambda rows: (rows[0]["ids"], rows[0]["total"]), parameters)
