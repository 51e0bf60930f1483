"""A source with its claims and the ties that rest on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.model import Source, Subgraph, Withdrawal
from graph.queries.choices import ties_resting_on
from graph.queries.claims import LIVE
from graph.queries.clauses import call, lines
from graph.queries.parts import SOURCE, sources_of
from graph.queries.subgraph import subgraph
from graph.queries.withdrawals import source_withdrawals
from graph.question import Question, Reader, Row


@dataclass(frozen=True, slots=True)
class SourceClaims:
    """A source, with the ids of the claims from it and of those that cite it, in their order.

    `own` are taken from it, `citing` are others that name it in their chain; withdrawn ones are
    omitted. Of both together `left_out` are beyond the limit.
    """

    source: Source
    own: tuple[str, ...]
    citing: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class SourceFile(SourceClaims):
    """The same with the claims, and with the ties that they bear on and all of their evidence.

    `withdrawn` are claims from the source that no longer count.
    """

    graph: Subgraph
    withdrawn: Sequence[Withdrawal]


async def source_file(reader: Reader, source_id: str, limit: int = 300) -> SourceFile | None:
    """Read a source with its claims and what rests on them; None if there is no such id."""
    file = await reader.ask(source_claims(source_id, limit))
    if file is None:
        return None
    claim_ids = [*file.own, *file.citing]
    keys = await reader.ask(ties_resting_on(claim_ids))
    graph = await reader.ask(subgraph(keys, claim_ids=claim_ids))
    withdrawn = await reader.ask(source_withdrawals(source_id))
    return SourceFile(file.source, file.own, file.citing, file.left_out, graph, withdrawn)


def source_claims(source_id: str, limit: int = 300) -> Question[SourceClaims | None]:
    """Ask for a source and its claims, at most so many of either kind; None if it is unknown."""
    cypher = lines(
        "MATCH (s:Source {id: $id})",
        call(
            "s",
            "OPTIONAL MATCH (c:Claim)-[:FROM]->(s) WHERE " + LIVE,
            "WITH c.id AS id ORDER BY id",
            "RETURN collect(id) AS own",
        ),
        call(
            "s",
            "OPTIONAL MATCH (c:Claim)-[r:SAID_BY]->(s)",
            "WHERE r.position > 0 AND " + LIVE,
            "WITH DISTINCT c.id AS id ORDER BY id",
            "RETURN collect(id) AS citing",
        ),
        "RETURN " + SOURCE + " AS source,",
        "  own[..$limit] AS own, citing[..$limit] AS citing,",
        "  size(own[$limit..]) + size(citing[$limit..]) AS left_out",
    )

    def read(rows: Sequence[Row]) -> SourceClaims | None:
        if not rows:
            return None
        (row,) = rows
        (source,) = sources_of([row["source"]]).values()
        return SourceClaims(source, tuple(row["own"]), tuple(row["citing"]), row["left_out"])

    return Question(cypher, read, {"id": source_id, "limit": limit})
