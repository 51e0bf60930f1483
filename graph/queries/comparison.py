"""The ties that differ between two moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString, NamedTuple

from graph.model import Subgraph, Tie, TieKey
from graph.queries.clauses import lines
from graph.queries.moment import Moment, affirmations, basis, denials, disputed, independent, surely
from graph.queries.parts import TIE
from graph.queries.subgraph import subgraph
from graph.question import Question, Reader, Row


class Differences(NamedTuple):
    """The ties that differ, at most so many; how many do in all; how many are the same."""

    keys: list[TieKey]
    total: int
    alike: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ties that differ between two moments: each as it is at the one and at the other, or None.

    `graph` holds their evidence; `left_out` are beyond the limit, `alike` are the same at both.
    """

    pairs: tuple[tuple[Tie | None, Tie | None], ...]
    graph: Subgraph
    left_out: int
    alike: int


async def compare(
    reader: Reader, left: Moment, right: Moment, entity_id: str | None = None, limit: int = 200
) -> Comparison:
    """Read which ties came, went, or changed between two moments: of one entity, or all.

    A change is one of status, of independent accounts, of dispute, or from possibly to surely and
    back. Of more than `limit` the strongest are read.
    """
    keys, total, alike = await reader.ask(differences(left, right, entity_id, limit))
    graph = await reader.ask(subgraph(keys))
    pairs = tuple([(left.of(tie), right.of(tie)) for tie in graph.ties])
    return Comparison(pairs, graph, total - len(pairs), alike)


def differences(
    left: Moment, right: Moment, entity_id: str | None = None, limit: int = 200
) -> Question[Differences]:
    """Ask which ties differ between two moments, the strongest first."""
    match: LiteralString = "MATCH (a:Entity)-[r:" + TIE + "]->(b:Entity)"
    if entity_id is not None:
        match = lines(
            "MATCH (:Entity {id: $entity})-[r:" + TIE + "]-(:Entity)",
            "WITH DISTINCT r, startNode(r) AS a, endNode(r) AS b",
        )
    cypher = lines(
        match,
        "WITH a, r, b, " + affirmations(left, "left_") + " AS before,",
        "  " + affirmations(right, "right_") + " AS after",
        "WHERE size(before) + size(after) > 0",
        "WITH *, " + surely(left, "before", "left_") + " AS sure_before,",
        "  " + surely(right, "after", "right_") + " AS sure_after",
        "WITH a, r, b, sure_before, " + basis("before", "sure_before") + " AS before,",
        "  sure_after, " + basis("after", "sure_after") + " AS after",
        "WITH a, r, b, " + _support("before") + " <> " + _support("after") + " AS changed,",
        "  size(before) > 0 AND size(after) > 0 AS both,",
        "  [before[0] IN sure_before, " + _disputed(left, "left_", "before") + "] AS then,",
        "  [after[0] IN sure_after, " + _disputed(right, "right_", "after") + "] AS now",
        "WITH a, r, b, changed OR (both AND then <> now) AS differs",
        "ORDER BY r.rank DESC, r.independent DESC, type(r), a.id, b.id",
        "WITH collect(CASE WHEN differs THEN [a.id, type(r), b.id] END) AS keys,",
        "  count(CASE WHEN NOT differs THEN 1 END) AS alike",
        "RETURN keys[..$limit] AS keys, size(keys) AS total, alike",
    )
    parameters = {
        "entity": entity_id,
        "limit": limit,
        **left.parameters("left_"),
        **right.parameters("right_"),
    }

    def read(rows: Sequence[Row]) -> Differences:
        (row,) = rows
        return Differences([TieKey(*key) for key in row["keys"]], row["total"], row["alike"])

    return Question(cypher, read, parameters)


def _support(positions: LiteralString) -> LiteralString:
    """Return status and number of origins that the claims at some positions give a tie."""
    return (
        "[coalesce(r.claim_statuses[" + positions + "[0]], ''),\n  " + independent(positions) + "]"
    )


def _disputed(moment: Moment, parameter: LiteralString, positions: LiteralString) -> LiteralString:
    return disputed(denials(moment, parameter), "r.claim_statuses[" + positions + "[0]]")
