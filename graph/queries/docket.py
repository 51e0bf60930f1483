"""What stands in the docket of a tie beside the claims for and against it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from graph.model import Subgraph, TieKey, Withdrawal
from graph.ontology import ONTOLOGY
from graph.queries.claims import LIVE
from graph.queries.clauses import lines
from graph.queries.moment import ALWAYS, Moment, counts
from graph.queries.subgraph import subgraph
from graph.queries.withdrawals import (
    claims_beside,
    claims_of_tie,
    joint_claims,
    tie_withdrawals,
)
from graph.question import Question, Reader, Row


@dataclass(frozen=True, slots=True)
class Docket:
    """A tie with its ends and all evidence, and what else bears on it.

    `not_found` are the ids of claims whose source looked for the tie and did not find it, `jointly`
    those of claims that name both of its ends among several, and say nothing of just these two:
    `graph` has them too. It has no tie where there is none at the moment. `withdrawn` are affirming
    claims that no longer count.
    """

    graph: Subgraph
    not_found: Sequence[str]
    jointly: Sequence[str]
    withdrawn: Sequence[Withdrawal]


async def docket(reader: Reader, key: TieKey, moment: Moment = ALWAYS) -> Docket:
    """Read a tie with all that bears on it."""
    ids, joint = await asyncio.gather(
        reader.ask(not_found(key, moment)),
        reader.ask(jointly(key.source, key.target, [key.type], moment)),
    )
    graph = await reader.ask(subgraph([key], claim_ids=[*ids, *joint], moment=moment))
    withdrawn = await reader.ask(tie_withdrawals(key)) if graph.ties else ()
    return Docket(graph, ids, joint, withdrawn)


def not_found(key: TieKey, moment: Moment = ALWAYS) -> Question[list[str]]:
    """Ask for the claims whose source looked for a tie and did not find it, at a moment.

    These are live claims of that polarity, whose predicate and roles would give the tie; an entity
    stands for all that are merged into it.
    """
    condition: LiteralString = (
        "c.polarity = 'not_found' AND " + LIVE + " AND " + counts(moment, "c.")
    )
    return _ids(*claims_of_tie(key, condition), moment)


def jointly(
    source: str, target: str, types: Sequence[str], moment: Moment = ALWAYS
) -> Question[list[str]]:
    """Ask for the claims that name two entities among several, at a moment.

    Each of the two stands, beside others, in one of the roles of a tie of the types that runs from
    the first to the second: so the claim draws no such tie. Those that deny it or did not find it
    are among them; opinions and the like are not.
    """
    condition: LiteralString = (
        "c.modality IN $modalities AND " + LIVE + " AND " + counts(moment, "c.")
    )
    clauses, parameters = joint_claims(source, target, types, condition)
    modalities = [name for name, modality in ONTOLOGY.modalities.items() if modality.status]
    return _ids(clauses, {**parameters, "modalities": modalities}, moment)


def _ids(
    clauses: LiteralString, parameters: dict[str, object], moment: Moment
) -> Question[list[str]]:
    cypher = lines(
        clauses,
        "WITH DISTINCT c.id AS id ORDER BY id",
        "RETURN collect(id) AS ids",
    )
    return Question(cypher, lambda rows: list(rows[0]["ids"]), parameters | moment.parameters())


def beside(ids: Sequence[str]) -> Question[frozenset[tuple[str, str]]]:
    """Ask for which ends, the first in `ids`, there are claims that a docket shows beside the tie.

    The ends are canonical, and there need not be a tie.
    """
    clauses, parameters = claims_beside(ids)
    cypher = lines(
        clauses,
        "RETURN DISTINCT id AS source, coalesce(y.canonical_id, y.id) AS target",
    )

    def read(rows: Sequence[Row]) -> frozenset[tuple[str, str]]:
        return frozenset((row["source"], row["target"]) for row in rows)

    return Question(cypher, read, parameters, seconds=60.0)
