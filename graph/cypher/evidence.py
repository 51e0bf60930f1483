"""The evidence behind the rows of a statement: ties, their claims, and the sources of those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import LiteralString

from graph.model import Claim, Entity, Source, Tie, TieKey
from graph.queries.parts import (
    EVIDENCE,
    SOURCE,
    TIE,
    TIE_MAP,
    claims_of,
    entities_of,
    names_in,
    sources_of,
    ties_of,
)
from graph.question import Question, Row

#: Records that one answer includes, of all kinds together (api.md, section 4).
MOST = 1_000


@dataclass(slots=True)
class RecordIds:
    """The records in the rows of a statement, and the columns with evidence.

    A tie, a claim or a source is evidence; an entity alone does not say who claims what.
    """

    ties: set[TieKey] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """The evidence behind rows: `names` are the labels of entities, `left_out` counts records."""

    ties: tuple[Tie, ...] = ()
    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    left_out: int = 0


#: Reads the evidence of `$ties`, `$claims`, `$sources` and `$entities`, `$limit` records at most.
_EVIDENCE: LiteralString = (
    """CALL () {
  UNWIND $ties AS key
  MATCH (a:Entity {id: key[0]})-[r:"""
    + TIE
    + """]->(b:Entity {id: key[2]}) WHERE type(r) = key[1]
  RETURN collect("""
    + TIE_MAP
    + """) AS ties,
    collect(r.claim_ids + coalesce(r.denial_claim_ids, [])) AS claim_ids,
    collect(properties(a)) + collect(properties(b)) AS ends
}
CALL (claim_ids) {
  UNWIND reduce(all_ids = $claims, ids IN claim_ids | all_ids + ids) AS id
  WITH DISTINCT id ORDER BY id
  MATCH (c:Claim {id: id})
  RETURN collect(c) AS all_claims
}
WITH ties, ends, all_claims, all_claims[..$limit - size(ties)] AS claims
"""
    + EVIDENCE
    + """
CALL () { MATCH (s:Source) WHERE s.id IN $sources RETURN collect("""
    + SOURCE
    + """) AS row_sources }
CALL () { MATCH (e:Entity) WHERE e.id IN $entities RETURN collect(properties(e)) AS entities }
RETURN ties, ends + entities AS entities, claim_maps, sources + row_sources AS sources,
  size(all_claims) - size(claims) AS left_out"""
)


def evidence(records: RecordIds, limit: int = MOST) -> Question[RowEvidence]:
    """Ask for ties, their claims, the claims themselves, and the sources of all of them.

    If there are more than `limit` records, ties come first, then claims, then sources, each in the
    order of their ids.
    """
    parameters = {
        "ties": [list(key) for key in sorted(records.ties)[:limit]],
        "claims": sorted(records.claims),
        "sources": sorted(records.sources)[:limit],
        "entities": sorted(records.entities)[:limit],
        "limit": limit,
    }
    cut = sum(max(len(ids) - limit, 0) for ids in (records.ties, records.sources))

    def read(rows: Sequence[Row]) -> RowEvidence:
        row = rows[0]
        entities = entities_of(row["entities"])
        return RowEvidence(
            ties=ties_of(row["ties"]),
            claims=claims_of(row["claim_maps"]),
            sources=sources_of(row["sources"]),
            entities=entities,
            names=names_in(row["claim_maps"]) | {i: e.label for i, e in entities.items()},
            left_out=row["left_out"] + cut,
        )

    return Question(_EVIDENCE, read, parameters)
