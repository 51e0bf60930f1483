"""Ties with all that a page shows of them: both ends, the claims for and against, their sources."""

from __future__ import annotations

from typing import LiteralString

from graph.model import Subgraph
from graph.queries.parts import (
    EVIDENCE,
    TIE_MAP,
    claims_of,
    entities_of,
    names_in,
    sources_of,
    ties_of,
)
from graph.question import Row

#: From `edges` (ties) and `main` (claims) to all that a page needs of them.
SHOWN: LiteralString = (
    """
CALL (edges) {
  UNWIND edges AS r
  WITH r, startNode(r) AS a, endNode(r) AS b
  RETURN collect("""
    + TIE_MAP
    + """) AS ties, collect(r.claim_ids + coalesce(r.denial_claim_ids, [])) AS evidence,
    collect(properties(a)) + collect(properties(b)) AS ends
}
CALL (evidence) {
  UNWIND evidence AS ids UNWIND ids AS id
  MATCH (c:Claim {id: id}) RETURN collect(DISTINCT c) AS carried
}
CALL (carried, main) {
  UNWIND carried + main AS c RETURN collect(DISTINCT c) AS claims
}
"""
    + EVIDENCE
)


def read_graph(row: Row) -> Subgraph:
    """Read `ends` (entities), `ties` and their evidence, as a statement with `SHOWN` has them."""
    entities = entities_of(row["ends"])
    return Subgraph(
        entities=entities,
        ties=ties_of(row["ties"]),
        claims=claims_of(row["claim_maps"]),
        sources=sources_of(row["sources"]),
        names={i: name for i, name in names_in(row["claim_maps"]).items() if i not in entities},
    )
