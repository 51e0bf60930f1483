"""Graphs of ties at a moment: an entity with those around it, and the ends of any ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString, NamedTuple

from graph.queries.clauses import collect, record
from graph.queries.entities import degree_at
from graph.queries.lists import Filter
from graph.queries.moment import Moment, counts
from graph.queries.parts import TIE
from graph.queries.tie_lists import TieFilters, TieRow, row_columns, tie_row, tie_spec
from graph.question import Question, Row


class Node(NamedTuple):
    """An entity in a graph; `degree` counts all its ties of that moment, whatever is asked for."""

    id: str
    type: str
    label: str
    degree: int


@dataclass(frozen=True, slots=True)
class Around:
    """An entity (`focus`) with those around it, in the order in which they stay, and all ties
    between them. `left_out` counts the entities that the limit kept away.
    """

    focus: str
    nodes: tuple[Node, ...]
    ties: tuple[TieRow, ...]
    left_out: int


def _nodes(moment: Moment) -> LiteralString:
    return "[e IN nodes | [e.id, e.type, e.name, " + degree_at(moment) + "]] AS nodes"


def nodes(ids: Sequence[str], moment: Moment) -> Question[tuple[Node, ...]]:
    """Ask for entities as nodes, in the order of their ids; unknown ids lack."""
    return Question(
        "CALL () { MATCH (e:Entity) WHERE e.id IN $ids WITH e ORDER BY e.id "
        "RETURN collect(e) AS nodes } RETURN " + _nodes(moment),
        lambda rows: tuple(Node(*node) for node in rows[0]["nodes"]),
        {"ids": list(ids), **moment.parameters()},
    )


#: How far the entities lie that are counted. The bound of a repeated pattern can be no parameter.
_WITHIN: Mapping[int, LiteralString] = {1: "{1,1}", 2: "{1,2}", 3: "{1,3}"}


def _status_at(moment: Moment) -> LiteralString:
    """The status of a tie at a moment, null where no affirming claim is left."""
    if moment.timeless:
        return "r.status"
    return (
        "head([i IN range(0, coalesce(r.claims, 0) - 1) WHERE "
        + counts(moment, "r.claim_", "[i]")
        + " | r.claim_statuses[i]])"
    )


def around(entity_id: str, depth: int, limit: int, filters: TieFilters) -> Question[Around | None]:
    """Ask for an entity, those within `depth` hops (1 to 3), and all ties between them.

    Only ties that pass the filters lead on and are shown: types, statuses and the moment. Of more
    than `limit` entities the nearer ones stay, then those with the strongest tie by status and
    origins. None if there is no such entity; a merged id gives the canonical one.
    """
    cypher = (
        "MATCH (asked:Entity {id: $id}) "
        "MATCH (e:Entity {id: coalesce(asked.canonical_id, asked.id)}) "
        + _counted(depth, filters)
        + _step("[e]", "[e]", "ring_1", filters)
        + _step("ring_1", "[e] + ring_1", "ring_2", filters, asked=depth > 1)
        + _step("ring_2", "[e] + ring_1 + ring_2", "ring_3", filters, asked=depth > 2)
        + "WITH e, found, ([e] + ring_1 + ring_2 + ring_3)[..$limit] AS nodes "
        "RETURN e.id AS focus, found, " + _between(filters) + " AS ties, " + _nodes(filters.moment)
    )

    def read(rows: Sequence[Row]) -> Around | None:
        if not rows:
            return None
        row = rows[0]
        found = tuple(Node(*node) for node in row["nodes"])
        ties = tuple(tie_row(tie) for tie in row["ties"])
        return Around(row["focus"], found, ties, row["found"] + 1 - len(found))

    parameters = {
        **filters.parameters(),
        "limit": limit,
        "id": entity_id,
        "types": list(filters.types),
        "statuses": list(filters.statuses),
    }
    return Question(cypher, read, parameters)


def _counted(depth: int, filters: TieFilters) -> LiteralString:
    """The clause for `found`: how many entities there are within the hops, the first left out."""
    status = _status_at(filters.moment)
    passes: LiteralString = (
        "(size($types) = 0 OR type(r) IN $types) AND coalesce("
        + status
        + " IN CASE size($statuses) WHEN 0 THEN ["
        + status
        + "] ELSE $statuses END, false)"
    )
    return (
        "CALL (e) { MATCH (e)((:Entity)-[r:" + TIE + " WHERE " + passes + "]-(:Entity))"
        + _WITHIN[depth]
        + "(n:Entity) WHERE n <> e RETURN count(DISTINCT n) AS found } "
    )  # fmt: skip


def _step(
    ring: LiteralString,
    seen: LiteralString,
    name: LiteralString,
    filters: TieFilters,
    *,
    asked: bool = True,
) -> LiteralString:
    """The clause for the entities one hop beyond a ring, the strongest tied first.

    None where it is not asked for, and where those nearer fill the limit.
    """
    if not asked:
        return "WITH *, [] AS " + name + " "
    start: LiteralString = (
        "UNWIND CASE WHEN size(" + seen + ") < $limit THEN " + ring + " ELSE [] END AS m "
        "MATCH (m)-[r:" + TIE + "]-(n:Entity) WITH n, r"
    )
    spec = tie_spec(filters.moment, start)
    rank, origins = spec.keys["status"].cypher, spec.keys["origins"].cypher
    return (
        "CALL (*) { " + spec.rows(_kept(filters))
        + " WITH n, max(" + rank + " * 1000000 + " + origins + ") AS strength "
        "WHERE NOT n IN " + seen + " ORDER BY strength DESC, n.id LIMIT $limit "
        "RETURN collect(n) AS " + name + " } "
    )  # fmt: skip


def _between(filters: TieFilters) -> LiteralString:
    """The expression for the ties among `nodes`, the strongest first."""
    start: LiteralString = (
        "UNWIND nodes AS a MATCH (a)-[r:" + TIE + "]->(b:Entity) WHERE b IN nodes WITH a, r, b"
    )
    query, spec = filters.query(), tie_spec(filters.moment, start)
    return collect(
        spec.rows(_kept(filters)),
        spec.sorting(query.order).names,
        spec.sorting(query.order).clause,
        "RETURN " + record(row_columns(filters.moment)),
    )


def _kept(filters: TieFilters) -> list[Filter]:
    return [f for f in filters.conditions() if f.name in ("type", "status")]
