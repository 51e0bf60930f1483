"""The evidence of what rows hold, by one read: ties, their claims, and the sources of those."""

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

#: Records that one answer brings along, of all kinds together (api.md, section 4).
MOST = 1_000


@dataclass(slots=True)
class Cited:
    """The records that rows hold, and the columns in which there is evidence.

    Evidence is a tie, a claim or a source; an entity alone says nothing of who claims what.
    """

    ties: set[TieKey] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is behind rows: `names` are the labels of entities, `left_out` counts records."""

    ties: tuple[Tie, ...] = ()
    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    left_out: int = 0


def evidence(cited: Cited, limit: int = MOST) -> Question[Evidence]:
    """Ask for the ties, their claims, the claims themselves, and the sources of all of them.

    Of more than `limit` records the ties come first, then claims, then sources, each in the order
    of the ids.
    """
    cypher: LiteralString = (
        "CALL () { UNWIND $ties AS key MATCH (a:Entity {id: key[0]})-[r:"
        + TIE
        + "]->(b:Entity {id: key[2]}) WHERE type(r) = key[1] "
        "RETURN collect("
        + TIE_MAP
        + ") AS ties, collect(r.claim_ids + coalesce(r.denial_claim_ids, [])) AS carried, "
        "collect(properties(a)) + collect(properties(b)) AS ends } "
        "CALL (carried) { UNWIND reduce(every = $claims, ids IN carried | every + ids) AS id "
        "WITH DISTINCT id ORDER BY id MATCH (c:Claim {id: id}) RETURN collect(c) AS every } "
        "WITH ties, ends, every, every[..$limit - size(ties)] AS claims "
        + EVIDENCE
        + "CALL () { MATCH (s:Source) WHERE s.id IN $sources "
        "RETURN collect(" + SOURCE + ") AS asked } "
        "CALL () { MATCH (e:Entity) WHERE e.id IN $entities "
        "RETURN collect(properties(e)) AS entities } "
        "RETURN ties, ends + entities AS entities, claim_maps, sources + asked AS sources, "
        "size(every) - size(claims) AS left_out"
    )
    ties = sorted(cited.ties)[:limit]
    parameters = {
        "ties": [list(key) for key in ties],
        "claims": sorted(cited.claims),
        "sources": sorted(cited.sources)[:limit],
        "entities": sorted(cited.entities)[:limit],
        "limit": limit,
    }
    cut = sum(max(len(asked) - limit, 0) for asked in (cited.ties, cited.sources))

    def read(rows: Sequence[Row]) -> Evidence:
        row = rows[0]
        entities = entities_of(row["entities"])
        return Evidence(
            ties=ties_of(row["ties"]),
            claims=claims_of(row["claim_maps"]),
            sources=sources_of(row["sources"]),
            entities=entities,
            names=names_in(row["claim_maps"]) | {i: e.label for i, e in entities.items()},
            left_out=row["left_out"] + cut,
        )

    return Question(cypher, read, parameters)
