"""What lies around an entity: those within some hops of it, and all ties between them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import LiteralString, NamedTuple

from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from graph.queries.choices import ties_among
from graph.queries.clauses import call, lines, where
from graph.queries.entities import degree_at, duplicates
from graph.queries.moment import Moment, counts, inferred, status_and_independent
from graph.queries.parts import TIE, is_tie
from graph.queries.subgraph import subgraph
from graph.queries.tie_lists import EVERY, TieFilters, TieRow
from graph.queries.withdrawals import entity_withdrawals
from graph.question import Question, Reader, Row


class Node(NamedTuple):
    """An entity in a graph; `degree` counts all its ties of that moment, whatever the filters."""

    id: str
    type: str
    label: str
    degree: int


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An entity (`focus`) and those around it, the nearest and strongest first, and all ties
    between them. `left_out` counts the entities beyond the limit.
    """

    focus: str
    nodes: tuple[Node, ...]
    ties: tuple[TieRow, ...]
    left_out: int


def nodes(entity_ids: Sequence[str], moment: Moment) -> Question[tuple[Node, ...]]:
    """Ask for entities as nodes, in the order of the ids; unknown ids are omitted."""
    cypher = lines(
        "UNWIND range(0, size($ids) - 1) AS position",
        "MATCH (e:Entity {id: $ids[position]})",
        "WITH e, position ORDER BY position",
        "RETURN collect([e.id, e.type, e.name, " + degree_at(moment) + "]) AS nodes",
    )
    return Question(
        cypher,
        lambda rows: tuple([Node(*node) for node in rows[0]["nodes"]]),
        {"ids": list(entity_ids), **moment.parameters()},
    )


def graph_among(
    entity_ids: Sequence[str], filters: TieFilters = EVERY
) -> Question[tuple[tuple[Node, ...], tuple[TieRow, ...]]]:
    """Ask for entities in the order of the ids, and for the ties between them that pass filters."""
    ties = ties_among(entity_ids, filters)
    cypher = lines(
        call("", ties.cypher),
        "RETURN page, COLLECT { MATCH (e:Entity) WHERE e.id IN $ids",
        "  RETURN [e.id, e.type, e.name, " + degree_at(filters.moment) + "]",
        "} AS nodes",
    )

    def read(rows: Sequence[Row]) -> tuple[tuple[Node, ...], tuple[TieRow, ...]]:
        ends = {node.id: node for node in (Node(*node) for node in rows[0]["nodes"])}
        return tuple([ends[i] for i in entity_ids if i in ends]), ties.read(rows)

    return Question(cypher, read, ties.parameters)


async def neighbourhood(
    reader: Reader,
    entity_id: str,
    filters: TieFilters = EVERY,
    *,
    depth: int = 1,
    limit: int = 150,
    expand: Sequence[str] = (),
) -> Neighbourhood | None:
    """Read an entity, those within `depth` hops (1 to 3), and all ties between them.

    Only ties that pass the filters count: types, statuses, readings and the moment. Of more than
    `limit` entities the nearer ones remain, then those with the strongest tie by status and
    accounts. Those around each entity of `expand` that is there by then follow, in this order. None
    if there is no such entity; a merged id gives the canonical one.
    """
    outer = await reader.ask(ring([entity_id], [], filters, limit))
    if not outer.inner:
        return None
    (focus,) = outer.inner
    ids, total = [focus, *outer.ids], 1 + outer.total
    for _ in range(depth - 1):
        if len(ids) >= limit:
            total = await reader.ask(_count(focus, filters, depth))
            break
        outer = await reader.ask(ring(outer.ids, ids, filters, limit))
        ids, total = [*ids, *outer.ids], total + outer.total
    ids = ids[:limit]
    for each in expand:
        if each in ids:
            around = await reader.ask(ring([each], ids, filters, limit))
            ids, total = [*ids, *around.ids][:limit], total + around.total
    ends, ties = await reader.ask(graph_among(ids, filters))
    return Neighbourhood(focus, ends, ties, total - len(ids))


async def neighbourhood_graph(
    reader: Reader,
    entity_id: str,
    filters: TieFilters = EVERY,
    *,
    depth: int = 1,
    limit: int = 150,
    expand: Sequence[str] = (),
) -> Subgraph | None:
    """Read a neighbourhood with the evidence of its ties; None if there is no such entity.

    What is merged into the entity comes with it and, where nothing is filtered, all claims about
    it, also those that were withdrawn.
    """
    around = await neighbourhood(
        reader, entity_id, filters, depth=depth, limit=limit, expand=expand
    )
    if around is None:
        return None
    keys, ids = [tie.key for tie in around.ties], [node.id for node in around.nodes]
    whole = filters.moment.timeless and not any(filters.conditions())
    about = around.focus if whole else None
    graph, withdrawn = await asyncio.gather(
        reader.ask(subgraph(keys, ids, about=about, moment=filters.moment)),
        reader.ask(entity_withdrawals(about or "")),
    )
    # Most have none: the graph tells so.
    merged = around.focus in graph.merged_names
    return replace(
        graph,
        degrees={node.id: node.degree for node in around.nodes},
        focus=around.focus,
        duplicates=await reader.ask(duplicates(around.focus)) if merged else (),
        withdrawn=tuple(withdrawn),
        left_out=around.left_out,
    )


@dataclass(frozen=True, slots=True)
class Ring:
    """The first entities of a ring, the strongest first, and how many it has in all.

    `inner` are the canonical ids of the entities that it lies around.
    """

    inner: list[str]
    ids: list[str]
    total: int


def ring(
    inner: Sequence[str], inside: Sequence[str], filters: TieFilters, limit: int
) -> Question[Ring]:
    """Ask for the entities with a tie to an inner one, without those that are inside already.

    A merged id stands for the canonical entity.
    """
    conditions: list[LiteralString] = ["n <> e", "NOT n.id IN $inside"]
    if filters.types:
        conditions.append("type(r) IN $types")
    reading: LiteralString = "IN $inferred" if filters.inferred else ""
    cypher = lines(
        "MATCH (k:Entity) WHERE k.id IN $inner AND k.content_hash IS NOT NULL",
        "MATCH (e:Entity {id: coalesce(k.canonical_id, k.id)})",
        "WITH collect(DISTINCT e) AS inner",
        call(
            "inner",
            "UNWIND inner AS e",
            "MATCH (e)-[r:" + TIE + "]-(n:Entity)",
            where(*conditions),
            status_and_independent(filters.moment, "n, r", reading),
            where("status IN $statuses") if filters.statuses else "",
            "WITH n.id AS id, max($ranks[status] * 1000000 + independent) AS strength",
            "ORDER BY strength DESC, id",
            "RETURN collect(id) AS ids",
        ),
        "RETURN [e IN inner | e.id] AS inner, ids[..$limit] AS ids, size(ids) AS total",
    )
    parameters = {
        **_parameters(filters),
        "inner": list(inner),
        "inside": list(inside),
        "ranks": dict(ONTOLOGY.ranks),
        "limit": limit,
    }

    def read(rows: Sequence[Row]) -> Ring:
        (row,) = rows
        return Ring(row["inner"], row["ids"], row["total"])

    return Question(cypher, read, parameters)


#: The bound of a repeated pattern cannot be a parameter.
_WITHIN: Mapping[int, LiteralString] = {1: "{1,1}", 2: "{1,2}", 3: "{1,3}"}


def _count(entity_id: str, filters: TieFilters, depth: int) -> Question[int]:
    """Ask how many entities there are within some hops of one, itself included."""
    moment = filters.moment
    positions: LiteralString = "i IN range(0, coalesce(r.claims, 0) - 1)\n"
    condition = counts(moment, "r.claim_", "[i]")
    conditions: list[LiteralString] = ["type(r) IN $types"] if filters.types else []
    if filters.inferred:
        conditions.append(inferred(moment) + " IN $inferred")
    if filters.statuses:
        then = "head([" + positions + "  WHERE " + condition + "\n  | r.claim_statuses[i]])"
        conditions.append(("r.status" if moment.timeless else then) + " IN $statuses")
    elif not moment.timeless:
        conditions.append("any(" + positions + "  WHERE " + condition + ")")
    step = lines("-[r:!JUDGED", where(is_tie("r"), *conditions)) + "]-"
    cypher = lines(
        "MATCH (e:Entity {id: $id})",
        "OPTIONAL MATCH (e)((:Entity)" + step + "(:Entity))" + _WITHIN[depth] + "(n:Entity)",
        "WHERE n <> e",
        "RETURN 1 + count(DISTINCT n) AS total",
    )
    parameters = {**_parameters(filters), "id": entity_id}
    return Question(cypher, lambda rows: int(rows[0]["total"]), parameters)


def _parameters(filters: TieFilters) -> dict[str, object]:
    return {
        "types": list(filters.types),
        "statuses": list(filters.statuses),
        "inferred": list(filters.inferred),
        **filters.moment.parameters(),
    }
