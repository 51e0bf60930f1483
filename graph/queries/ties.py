"""One tie with all its claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.model import Claim, Entity, Source, Tie, TieKey
from graph.queries.clauses import call, lines
from graph.queries.moment import ALWAYS, Moment
from graph.queries.parts import (
    EVIDENCE,
    TIE,
    TIE_MAP,
    claims_of,
    entities_of,
    names_in,
    sources_of,
    tie_of,
)
from graph.question import Question, Row

Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True)
class Docket:
    """A tie with its ends, the claims for and against it, and their sources."""

    tie: Tie
    ends: dict[str, Entity]
    claims: dict[str, Claim]
    sources: dict[str, Source]
    names: dict[str, str]


def tie(key: TieKey, moment: Moment = ALWAYS) -> Question[Docket | None]:
    """Ask for one tie with its evidence; None if there is none at that moment.

    The type comes from the ontology or from anybody: it is compared, never put into the statement.
    """
    cypher = lines(
        "MATCH (a:Entity {id: $source})-[r:" + TIE + "]->(b:Entity {id: $target})",
        "WHERE type(r) = $type",
        call(
            "r",
            "UNWIND r.claim_ids + coalesce(r.denial_claim_ids, []) AS id",
            "MATCH (c:Claim {id: id})",
            "RETURN collect(c) AS claims",
        ),
        EVIDENCE,
        "RETURN " + TIE_MAP + " AS tie,",
        "  [properties(a), properties(b)] AS ends, claim_maps, sources",
    )

    def read(rows: Sequence[Row]) -> Docket | None:
        tie = moment.of(tie_of(rows[0]["tie"])) if rows else None
        if tie is None:
            return None
        row = rows[0]
        ids = {support.claim_id for support in tie.supports}
        claims = {i: claim for i, claim in claims_of(row["claim_maps"]).items() if i in ids}
        return Docket(
            tie=tie,
            ends=entities_of(row["ends"]),
            claims=claims,
            sources=sources_of(row["sources"]),
            names=names_in(row["claim_maps"]),
        )

    return Question(cypher, read, key._asdict())
