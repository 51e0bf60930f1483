"""Pieces of the graph as filters leave them: no more than passes, as it is at the moment asked for.

The evidence goes with the ties: a claim that does not count at the moment is not shown either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import LiteralString

from graph.model import Subgraph, TieKey
from graph.queries import tie_graphs
from graph.queries.moment import ALWAYS, Moment
from graph.queries.parts import TIE, degree
from graph.queries.shown import SHOWN, read_graph
from graph.queries.tie_lists import TieFilters
from graph.question import Question, Reader, Row


def filtered(filters: TieFilters, limit: int = 150) -> Question[Subgraph]:
    """Ask for the ties that pass filters, between the `limit` entities with the most of them."""
    query = filters.query()
    cypher: LiteralString = (
        "WITH COLLECT { "
        + query.spec.rows(query.filters)
        + " RETURN DISTINCT r } AS kept "
        "CALL (kept) { UNWIND kept AS r UNWIND [startNode(r), endNode(r)] AS n "
        "WITH n, count(*) AS degree ORDER BY degree DESC, n.id RETURN collect(n) AS every } "
        "WITH kept, every[..$limit] AS nodes, size(every) AS found "
        "WITH [r IN kept WHERE startNode(r) IN nodes AND endNode(r) IN nodes] AS edges, "
        "nodes, found, [] AS main "
        + SHOWN
        + "RETURN ties, [n IN nodes | properties(n)] AS ends, claim_maps, sources, found, "
        "[n IN nodes | [n.id, " + degree("n") + "]] AS degrees"
    )  # fmt: skip

    def read(rows: Sequence[Row]) -> Subgraph:
        row = rows[0]
        graph = at_moment(read_graph(row), filters.moment)
        left_out = row["found"] - len(graph.entities)
        return replace(graph, degrees=dict(row["degrees"]), left_out=left_out)

    return Question(cypher, read, query.values(query.filters) | {"limit": limit})


async def filtered_around(
    reader: Reader, entity_id: str, filters: TieFilters, *, depth: int = 1, limit: int = 150
) -> Subgraph | None:
    """Ask for an entity and those around it over ties that pass filters (type, status, moment).

    None if there is no such entity; `depth` and `limit` as in `graph.queries.tie_graphs.around`.
    """
    found = await reader.ask(tie_graphs.around(entity_id, depth, limit, filters))
    if found is None:
        return None
    keys, ids = [tie.key for tie in found.ties], [node.id for node in found.nodes]
    graph = await reader.ask(keyed(keys, ids, filters.moment))
    degrees = {node.id: node.degree for node in found.nodes}
    return replace(graph, degrees=degrees, focus=found.focus, left_out=found.left_out)


def keyed(
    keys: Iterable[TieKey], entity_ids: Sequence[str] = (), moment: Moment = ALWAYS
) -> Question[Subgraph]:
    """Ask for ties by their keys, with their ends and evidence, and for entities besides.

    What is not there, or not at the moment, is passed over.
    """
    cypher: LiteralString = (
        "CALL () { UNWIND $ids AS id MATCH (e:Entity {id: id}) "
        "RETURN collect(properties(e)) AS nodes } "
        "CALL () { UNWIND $keys AS key MATCH (a:Entity {id: key[0]}) "
        "CALL (a, key) { MATCH (a)-[r:" + TIE + "]->(:Entity {id: key[2]}) "
        "WHERE type(r) = key[1] RETURN r } RETURN collect(r) AS edges } "
        "WITH nodes, edges, [] AS main "
        + SHOWN
        + "RETURN ties, nodes + ends AS ends, claim_maps, sources"
    )  # fmt: skip
    parameters = {"ids": list(entity_ids), "keys": [list(key) for key in keys]}
    return Question(cypher, lambda rows: at_moment(read_graph(rows[0]), moment), parameters)


def at_moment(graph: Subgraph, moment: Moment) -> Subgraph:
    """Return the ties of a graph as they are at a moment, with the evidence that counts then."""
    if moment == ALWAYS:
        return graph
    ties = tuple(tie for tie in map(moment.of, graph.ties) if tie is not None)
    kept = {support.claim_id for tie in ties for support in tie.supports}
    claims = {i: claim for i, claim in graph.claims.items() if i in kept}
    links = {i for claim in claims.values() for i in (claim.source, *claim.said_by)}
    sources = {i: source for i, source in graph.sources.items() if i in links}
    return replace(graph, ties=ties, claims=claims, sources=sources)
