"""What stands in the docket of a tie beside the claims for and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from graph.model import Subgraph, TieKey, Withdrawal
from graph.queries.claims import LIVE
from graph.queries.clauses import lines
from graph.queries.moment import ALWAYS, Moment, counts
from graph.queries.subgraph import subgraph
from graph.queries.withdrawals import claims_of_tie, tie_withdrawals
from graph.question import Question, Reader, Row


@dataclass(frozen=True, slots=True)
class Docket:
    """A tie with its ends and all evidence, and what else bears on it.

    `not_found` are the ids of claims whose source looked for the tie and did not find it: `graph`
    has them too. It has no tie where there is none at the moment. `withdrawn` are affirming claims
    that no longer count.
    """

    graph: Subgraph
    not_found: Sequence[str]
    withdrawn: Sequence[Withdrawal]


async def docket(reader: Reader, key: TieKey, moment: Moment = ALWAYS) -> Docket:
    """Read a tie with all that bears on it."""
    ids = await reader.ask(not_found(key, moment))
    graph = await reader.ask(subgraph([key], claim_ids=ids, moment=moment))
    return Docket(graph, ids, await reader.ask(tie_withdrawals(key)) if graph.ties else ())


def not_found(key: TieKey, moment: Moment = ALWAYS) -> Question[list[str]]:
    """Ask for the claims whose source looked for a tie and did not find it, at a moment.

    These are live claims of that polarity, whose predicate and roles would give the tie; an entity
    stands for all that are merged into it.
    """
    condition: LiteralString = (
        "c.polarity = 'not_found' AND " + LIVE + " AND " + counts(moment, "c.")
    )
    clauses, parameters = claims_of_tie(key, condition)
    cypher = lines(
        clauses,
        "WITH DISTINCT c.id AS id ORDER BY id",
        "RETURN collect(id) AS ids",
    )
    return Question(cypher, lambda rows: list(rows[0]["ids"]), parameters | moment.parameters())


def beside(ids: Sequence[str]) -> Question[frozenset[tuple[str, str]]]:
    """Ask for which ends, the first in `ids`, there are claims that a docket shows beside the tie.

    Those are claims whose source did not find it, and claims that were withdrawn. The ends are
    canonical, and there need not be a tie.
    """
    cypher = lines(
        "MATCH (x:Entity) WHERE coalesce(x.canonical_id, x.id) IN $ids",
        "MATCH (x)<-[:!SAID_BY]-(c:Claim)",
        "WHERE c.polarity = 'not_found' OR NOT (" + LIVE + ")",
        "MATCH (c)-[:!SAID_BY]->(y:Entity)",
        "RETURN DISTINCT coalesce(x.canonical_id, x.id) AS source,",
        "  coalesce(y.canonical_id, y.id) AS target",
    )

    def read(rows: Sequence[Row]) -> frozenset[tuple[str, str]]:
        return frozenset((row["source"], row["target"]) for row in rows)

    return Question(cypher, read, {"ids": list(ids)}, seconds=60.0)
