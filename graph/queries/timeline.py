"""Claims by their days, for an axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from graph.model import Subgraph
from graph.queries.clauses import call, lines, where
from graph.queries.subgraph import subgraph
from graph.question import Question, Reader, Row


@dataclass(frozen=True, slots=True)
class DatedClaims:
    """Ids of claims: of those with a day in the order of their days, and of those without any.

    `totals` are how many there are of both, some of which may be beyond the limit.
    """

    dated: tuple[str, ...]
    undated: tuple[str, ...]
    totals: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Timeline(DatedClaims):
    """The same with the claims and their sources in a `graph` that has no tie."""

    graph: Subgraph


async def timeline(
    reader: Reader,
    entity_id: str | None = None,
    predicate: str | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    limit: int = 200,
) -> Timeline:
    """Read claims by their days: of one entity or of all, of one predicate or of any.

    Those with a day are restricted to what may lie from `start` to `end`, both included.
    """
    claims = await reader.ask(dated_claims(entity_id, predicate, start, end, limit))
    graph = await reader.ask(subgraph([], claim_ids=[*claims.dated, *claims.undated]))
    return Timeline(claims.dated, claims.undated, claims.totals, graph)


def dated_claims(
    entity_id: str | None,
    predicate: str | None,
    start: date | None,
    end: date | None,
    limit: int,
) -> Question[DatedClaims]:
    """Ask for the claims of a timeline that are not retracted."""
    match: LiteralString = "MATCH (c:Claim WHERE c.content_hash IS NOT NULL)"
    if entity_id is not None:
        match = "MATCH (:Entity {id: $entity})<-[:!SAID_BY]-(c:Claim)"
    conditions: list[LiteralString] = ["c.retracted_on IS NULL"]
    if predicate is not None:
        conditions.append("c.predicate = $predicate")
    within: list[LiteralString] = ["(c.first IS NOT NULL OR c.last IS NOT NULL)"]
    # An open end of a claim has no day.
    if start is not None:
        within.append("(c.last IS NULL OR c.last >= $start)")
    if end is not None:
        within.append("(c.first IS NULL OR c.first <= $end)")
    undated: LiteralString = "c.first IS NULL AND c.last IS NULL"
    cypher = lines(
        call(
            "",
            match,
            where(*conditions, *within),
            "WITH DISTINCT c",
            "ORDER BY coalesce(c.first, c.last), c.last, c.id",
            "RETURN collect(c.id) AS dated",
        ),
        call(
            "",
            match,
            where(*conditions, undated),
            "WITH DISTINCT c.id AS id ORDER BY id",
            "RETURN collect(id) AS undated",
        ),
        "RETURN dated[..$limit] AS dated, undated[..$limit] AS undated,",
        "  [size(dated), size(undated)] AS totals",
    )

    def read(rows: Sequence[Row]) -> DatedClaims:
        (row,) = rows
        return DatedClaims(tuple(row["dated"]), tuple(row["undated"]), (*row["totals"],))

    days = {"start": start, "end": end}
    parameters = {"entity": entity_id, "predicate": predicate, "limit": limit, **days}
    return Question(cypher, read, parameters)
