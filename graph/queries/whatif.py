"""What if some claims were gone: those of a source, of a speaker, or some by their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from graph import whatif
from graph.model import Support, TieKey
from graph.projection import claim_support, tie_keys
from graph.queries.parts import CLAIM, SOURCE, TIE, TIE_MAP, claim_of, names_of, sources_of, tie_of
from graph.queries.ties import Moment
from graph.question import Question, Row

_ALWAYS = Moment()


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """What would become of ties, and what it would come of.

    `gone` counts the claims that are thought away; `revived` has the ids of those that nothing else
    supersedes. `names` are the labels of the ties' ends. `unknown` are ids that no record has.
    """

    ties: whatif.WhatIf
    gone: int
    revived: tuple[str, ...]
    names: dict[str, str]
    unknown: tuple[str, ...]


#: Every edge of a claim to an entity that fills a role.
_ROLE: LiteralString = "!FROM&!SAID_BY&!SUPERSEDES"

#: The claims to think away. A speaker is a source or an entity, and all that it is merged with.
_GONE: LiteralString = (
    "WITH *, COLLECT { CALL () { "
    "UNWIND $sources AS id MATCH (:Source {id: id})<-[:FROM]-(c:Claim) RETURN c "
    "UNION UNWIND $speakers AS id MATCH (:Source {id: id})<-[:SAID_BY]-(c:Claim) RETURN c "
    "UNION UNWIND $speakers AS id MATCH (e:Entity {id: id}) "
    "WITH coalesce(e.canonical_id, e.id) AS one "
    "CALL (one) { MATCH (x:Entity {id: one}) RETURN x "
    "UNION MATCH (x:Entity {canonical_id: one}) RETURN x } "
    "MATCH (x)<-[:SAID_BY]-(c:Claim) RETURN c "
    "UNION UNWIND $claims AS id MATCH (c:Claim {id: id}) RETURN c } "
    "RETURN c } AS gone "
)
#: Claims that only those supersede; a retracted one supersedes nothing (`projection.superseded`).
_REVIVED: LiteralString = (
    "CALL (gone) { UNWIND gone AS c WITH gone, c WHERE c.retracted_on IS NULL "
    "MATCH (c)-[:SUPERSEDES]->(o:Claim) WHERE o.retracted_on IS NULL AND NOT o IN gone "
    "AND NOT EXISTS { MATCH (o)<-[:SUPERSEDES]-(n:Claim) "
    "WHERE n.retracted_on IS NULL AND NOT n IN gone } "
    "RETURN collect(DISTINCT o) AS revived } "
)
#: The ties between the parties of those claims: all that they may bear on, and a few more.
_TIES: LiteralString = (
    "CALL (gone, revived) { UNWIND gone + revived AS c "
    "MATCH (c)-[:" + _ROLE + "]->(x:Entity) WITH c, coalesce(x.canonical_id, x.id) AS id "
    "WITH DISTINCT c, id WITH c, collect(id) AS ids UNWIND ids AS source UNWIND ids AS target "
    "WITH DISTINCT source, target WHERE source <> target "
    # Step by step: from both ends at once, so that not all ties of a hub are looked at.
    "MATCH (a:Entity {id: source}) WITH a, target MATCH (b:Entity {id: target}) WITH a, b "
    "MATCH (a)-[r:" + TIE + "]->(b) "
    "RETURN collect(" + TIE_MAP + ") AS ties, "
    "collect([a.id, a.name]) + collect([b.id, b.name]) AS names } "
)
#: What the ties of claims that come back to life are projected from.
_LIFE: LiteralString = (
    "CALL (revived) { UNWIND revived AS c RETURN collect(" + CLAIM + ") AS revived_claims } "
    "CALL (revived) { UNWIND revived AS c MATCH (c)-[:FROM]->(s:Source) "
    "WITH DISTINCT s RETURN collect(" + SOURCE + ") AS sources } "
    "CALL (revived) { UNWIND revived AS c MATCH (c)-[]->(x:Entity) WITH DISTINCT x "
    "MATCH (one:Entity {id: coalesce(x.canonical_id, x.id)}) "
    "RETURN collect([x.id, x.type, one.id, one.name]) AS parties } "
)
_UNKNOWN: LiteralString = (
    "WITH COLLECT { UNWIND $sources AS id WITH id "
    "WHERE NOT EXISTS { (:Source {id: id}) } RETURN id } AS no_sources, "
    "COLLECT { UNWIND $speakers AS id WITH id WHERE NOT EXISTS { (:Source {id: id}) } "
    "AND NOT EXISTS { (:Entity {id: id}) } RETURN id } AS no_speakers, "
    "COLLECT { UNWIND $claims AS id WITH id "
    "WHERE NOT EXISTS { (:Claim {id: id}) } RETURN id } AS no_claims "
)


def what_if(
    *,
    sources: Sequence[str] = (),
    speakers: Sequence[str] = (),
    claims: Sequence[str] = (),
    moment: Moment = _ALWAYS,
) -> Question[WhatIfAnswer]:
    """Ask what would become of ties without some claims, at a moment.

    Those taken from `sources`, those whose chain names one of `speakers` (sources or entities, with
    all that judgements say are the same), and `claims` themselves; and a claim that only those
    supersede comes back to life.
    """
    cypher: LiteralString = (
        _UNKNOWN
        + _GONE
        + _REVIVED
        + _TIES
        + _LIFE
        + "RETURN no_sources + no_speakers + no_claims AS unknown, [c IN gone | c.id] AS gone, "
        "ties, names, revived_claims, sources, parties"
    )

    def read(rows: Sequence[Row]) -> WhatIfAnswer:
        row = rows[0]
        gone = frozenset(row["gone"])
        held = {tie.key: tie.supports for tie in map(tie_of, row["ties"])}
        revived = _revived(row)
        touched = {
            key: supports
            for key, supports in held.items()
            if key in revived or any(s.claim_id in gone for s in supports)
        }
        return WhatIfAnswer(
            ties=whatif.what_if(
                touched, gone, revived, moment.as_of, moment.known_by, moment.certain
            ),
            gone=len(gone),
            revived=tuple(sorted(c["id"] for c in row["revived_claims"])),
            names=names_of([*row["names"], *(party[2:] for party in row["parties"])]),
            unknown=tuple(dict.fromkeys(row["unknown"])),
        )

    parameters = {
        "sources": list(sources),
        "speakers": list(speakers),
        "claims": list(claims),
    }
    return Question(cypher, read, parameters, seconds=30.0)


def _revived(row: Row) -> Mapping[TieKey, list[Support]]:
    """Return what the claims that come back to life lend, by tie."""
    sources = sources_of(row["sources"])
    types = {i: kind for i, kind, _, _ in row["parties"]}
    canonical = {i: one for i, _, one, _ in row["parties"] if one != i}
    found: defaultdict[TieKey, list[Support]] = defaultdict(list)
    for claim in map(claim_of, row["revived_claims"]):
        support = claim_support(claim, sources[claim.source], types, canonical)
        if support is not None:
            for key in tie_keys(claim, canonical):
                found[key].append(support)
    return found
