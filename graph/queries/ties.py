"""Ties: one with all its claims, and what ties are at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, LiteralString

from graph import projection
from graph.model import Claim, Entity, Source, Tie, TieKey
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
class Moment:
    """The three parameters of time: see domain.md, "Two time axes". Days are UTC."""

    as_of: date | None = None
    known_by: date | None = None
    certain: bool = False

    def parameters(self) -> dict[str, Any]:
        """The parameters that `AT_THE_MOMENT` names."""
        return {"as_of": self.as_of, "known_by": self.known_by, "certain": self.certain}

    def of(self, tie: Tie) -> Tie | None:
        """Project a tie again, as it is at this moment; None if nothing is left of it."""
        if self == Moment():
            return tie
        return projection.tie(tie.key, tie.supports, self.as_of, self.known_by, self.certain)


#: Whether the affirming claim `i` of a tie `r` counts at a `Moment`.
COUNTS: LiteralString = """
  ($as_of IS NULL OR
    CASE WHEN $certain THEN r.claim_surely_from[i] <= $as_of <= r.claim_surely_to[i]
         ELSE r.claim_held_from[i] <= $as_of <= r.claim_held_to[i] END)
  AND ($known_by IS NULL OR CASE WHEN $certain THEN r.claim_surely_known_from[i] <= $known_by
                                 ELSE r.claim_known_from[i] <= $known_by END)"""

#: From a tie `r` to its `status` and `origins` of all times, which it carries.
AT_ALL_TIMES: LiteralString = "WITH r, r.status AS status, r.origins AS origins "

#: The same at a `Moment`, and no row where no affirming claim is left: what `projection.tie`
#: decides, said in Cypher so that the store can filter, count and order. A test holds the two
#: against each other. The strongest claim stands first, so the first that is left gives the status.
AT_THE_MOMENT: LiteralString = (
    "WITH r, [i IN range(0, r.claims - 1) WHERE " + COUNTS + "] AS left WHERE size(left) > 0 "
    "WITH r, r.claim_statuses[left[0]] AS status, "
    "size(COLLECT { UNWIND left AS i RETURN DISTINCT r.claim_origins[i] }) AS origins "
)


@dataclass(frozen=True, slots=True)
class Docket:
    """A tie with its ends, the claims for and against it, and their sources."""

    tie: Tie
    ends: dict[str, Entity]
    claims: dict[str, Claim]
    sources: dict[str, Source]
    names: dict[str, str]


def tie(key: TieKey, moment: Moment = Moment()) -> Question[Docket | None]:
    """Ask for one tie with its evidence; None if there is none at that moment.

    The type comes from the ontology or from anybody: it is compared, never put into the statement.
    """
    cypher: LiteralString = (
        "MATCH (a:Entity {id: $source})-[r:"
        + TIE
        + "]->(b:Entity {id: $target}) WHERE type(r) = $type "
        "CALL (r) { UNWIND r.claim_ids + coalesce(r.denial_claim_ids, []) AS id "
        "MATCH (c:Claim {id: id}) RETURN collect(c) AS claims } "
        + EVIDENCE
        + "RETURN "
        + TIE_MAP
        + " AS tie, [properties(a), properties(b)] AS ends, claim_maps, sources"
    )

    def read(rows: Sequence[Row]) -> Docket | None:
        found = moment.of(tie_of(rows[0]["tie"])) if rows else None
        if found is None:
            return None
        row = rows[0]
        kept = {support.claim_id for support in found.supports}
        claims = {i: claim for i, claim in claims_of(row["claim_maps"]).items() if i in kept}
        return Docket(
            tie=found,
            ends=entities_of(row["ends"]),
            claims=claims,
            sources=sources_of(row["sources"]),
            names=names_in(row["claim_maps"]),
        )

    return Question(cypher, read, key._asdict())
