"""What if some claims were withdrawn: those of a source, of a speaker, or some by their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from graph import whatif
from graph.model import Support, Tie, TieKey
from graph.projection import claim_supports
from graph.queries.claims import LIVE
from graph.queries.clauses import call, indented, lines
from graph.queries.moment import ALWAYS, Moment
from graph.queries.parts import (
    CLAIM,
    SOURCE,
    TIE_MAP,
    TIE_OF_KEY,
    claim_of,
    names_of,
    sources_of,
    tie_of,
)
from graph.question import Question, Reader, Row


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """The effect of withdrawing claims on the ties that they support.

    `claims` counts those that count now and are left out, and `citing` those among them that are
    taken from none of the sources, and only cite one; `revived` has the ids of those that no other
    claim supersedes. `names` are the labels of the ties' ends.
    """

    ties: whatif.WhatIf
    claims: int
    citing: int
    revived: tuple[str, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The ids of the claims to leave out, and of those that only they supersede.

    `live` counts those that neither are retracted nor superseded, `citing` as `WhatIfAnswer` does.
    """

    claims: frozenset[str]
    live: int
    citing: int
    revived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revival:
    """What claims that come back lend, by tie; their ids, and the labels of the ends."""

    supports: Mapping[TieKey, list[Support]]
    claims: tuple[str, ...]
    names: dict[str, str]


async def what_if(
    reader: Reader,
    *,
    sources: Sequence[str] = (),
    speakers: Sequence[str] = (),
    claims: Sequence[str] = (),
    publishers: Sequence[str] = (),
    moment: Moment = ALWAYS,
) -> WhatIfAnswer:
    """Read what would become of ties without some claims, at a moment.

    Those whose chain names one of `sources`; those whose chain names one of `speakers` (sources or
    entities, with all that judgements say are the same) or a document that one published; those
    whose chain names a document of one of `publishers`, by their names or ids; and `claims`
    themselves. A claim that only those supersede comes back.
    """
    withdrawal = await reader.ask(withdrawal_of(sources, speakers, claims, publishers))
    revival = await reader.ask(revival_of(withdrawal.revived))
    ties, names = await reader.ask(ties_of_claims(sorted(withdrawal.claims), revival.supports))
    return WhatIfAnswer(
        ties=whatif.what_if(
            {tie.key: tie.supports for tie in ties},
            withdrawal.claims,
            revival.supports,
            moment.as_of,
            moment.known_by,
            moment.certain,
        ),
        claims=withdrawal.live,
        citing=withdrawal.citing,
        revived=revival.claims,
        names=dict(sorted({**names, **revival.names}.items())),
    )


#: The claims to leave out. A speaker is a source or an entity, and all that it is merged with.
_CLAIMS: LiteralString = """UNWIND $records.sources + $records.speakers AS id
MATCH (:Source {id: id})<-[:SAID_BY]-(c:Claim)
RETURN c
UNION
UNWIND $records.speakers AS id
MATCH (e:Entity {id: id})
WITH coalesce(e.canonical_id, e.id) AS one
CALL (one) {
  MATCH (x:Entity {id: one}) RETURN x
  UNION
  MATCH (x:Entity {canonical_id: one}) RETURN x
}
MATCH (x)<-[:PUBLISHED_BY]-{0,1}(:Entity|Source)<-[:SAID_BY]-(c:Claim)
RETURN c
UNION
MATCH (s:Source) WHERE s.publisher IN $records.publishers OR s.publisher_id IN $records.publishers
MATCH (s)<-[:SAID_BY]-(c:Claim)
RETURN c
UNION
UNWIND $records.claims AS id
MATCH (c:Claim {id: id})
RETURN c"""


def withdrawal_of(
    sources: Sequence[str],
    speakers: Sequence[str],
    claims: Sequence[str],
    publishers: Sequence[str] = (),
) -> Question[Withdrawal]:
    """Ask which claims those of sources and speakers and some by their ids are.

    A claim that only those supersede comes back; a retracted one supersedes nothing.
    """
    cypher = lines(
        "CALL () {\n" + indented(_CLAIMS) + "\n}",
        "WITH collect(DISTINCT c) AS claims",
        call(
            "claims",
            "UNWIND claims AS c",
            "WITH claims, c WHERE c.retracted_on IS NULL",
            "MATCH (c)-[:SUPERSEDES]->(o:Claim)",
            "WHERE o.retracted_on IS NULL AND NOT o IN claims AND NOT EXISTS {",
            "  MATCH (o)<-[:SUPERSEDES]-(n:Claim)",
            "  WHERE n.retracted_on IS NULL AND NOT n IN claims",
            "}",
            "RETURN collect(DISTINCT o.id) AS revived",
        ),
        call(
            "claims",
            "UNWIND claims AS c",
            "WITH c WHERE " + LIVE,
            "MATCH (c)-[:FROM]->(s:Source)",
            "RETURN count(c) AS live, count(CASE WHEN NOT s.id IN $records.sources AND EXISTS {",
            "  MATCH (c)-[:SAID_BY]->(cited:Source) WHERE cited.id IN $records.sources",
            "} THEN 1 END) AS citing",
        ),
        "RETURN [c IN claims | c.id] AS claims, live, citing, revived",
    )

    def read(rows: Sequence[Row]) -> Withdrawal:
        (row,) = rows
        revived = tuple(sorted(row["revived"]))
        return Withdrawal(frozenset(row["claims"]), row["live"], row["citing"], revived)

    # In one map, as in `graph.queries.subgraph`: a list without elements has another type.
    records = {
        "sources": list(sources),
        "speakers": list(speakers),
        "claims": list(claims),
        "publishers": list(publishers),
    }
    return Question(cypher, read, {"records": records}, seconds=30.0)


def ties_of_claims(
    claim_ids: Sequence[str], keys: Iterable[TieKey] = ()
) -> Question[tuple[list[Tie], dict[str, str]]]:
    """Ask for the ties that claims bear on and for some by their keys, with the labels of their
    ends."""
    cypher = lines(
        "UNWIND $records.keys + COLLECT {",
        "  UNWIND $records.claims AS id",
        "  MATCH (c:Claim {id: id}) UNWIND c.tie_ids AS tie RETURN tie",
        "} AS tie",
        "WITH DISTINCT split(tie, '/') AS key",
        TIE_OF_KEY,
        "RETURN collect(" + TIE_MAP + ") AS ties,",
        "  collect([a.id, a.name]) + collect([b.id, b.name]) AS names",
    )

    def read(rows: Sequence[Row]) -> tuple[list[Tie], dict[str, str]]:
        return [tie_of(row) for row in rows[0]["ties"]], names_of(rows[0]["names"])

    records = {"claims": list(claim_ids), "keys": list(map(str, keys))}
    return Question(cypher, read, {"records": records}, seconds=30.0)


def revival_of(claim_ids: Sequence[str]) -> Question[Revival]:
    """Ask what some claims would lend to ties if nothing superseded them."""
    cypher = lines(
        call(
            "",
            "UNWIND $claims AS id MATCH (c:Claim {id: id})",
            "RETURN collect(c) AS nodes, collect(" + CLAIM + ") AS claims",
        ),
        call(
            "nodes",
            "UNWIND nodes AS c MATCH (c)-[:SAID_BY]->(s:Source)",
            "WITH DISTINCT s",
            "RETURN collect(" + SOURCE + ") AS sources",
        ),
        call(
            "nodes",
            "UNWIND nodes AS c MATCH (c)-[:SAID_BY]->{0,1}(:Claim|Source)-[]->(x:Entity)",
            "WITH DISTINCT x",
            "MATCH (one:Entity {id: coalesce(x.canonical_id, x.id)})",
            "RETURN collect({id: x.id, type: x.type, canonical: one.id, name: one.name})",
            "  AS parties",
        ),
        "RETURN claims, sources, parties",
    )
    return Question(cypher, _read_revival, {"claims": list(claim_ids)}, seconds=30.0)


def _read_revival(rows: Sequence[Row]) -> Revival:
    (row,) = rows
    sources, parties = sources_of(row["sources"]), row["parties"]
    types = {party["id"]: party["type"] for party in parties}
    canonical = {p["id"]: p["canonical"] for p in parties if p["canonical"] != p["id"]}
    supports: defaultdict[TieKey, list[Support]] = defaultdict(list)
    claims = [claim_of(claim) for claim in row["claims"]]
    for claim in claims:
        for key, support in claim_supports(claim, sources, types, canonical):
            supports[key].append(support)
    return Revival(
        supports=supports,
        claims=tuple(sorted(claim.id for claim in claims)),
        names=names_of((party["canonical"], party["name"]) for party in parties),
    )
