"""Pieces of the graph with their evidence.

`subgraph` is the one question that reads ties with their claims and sources. What lies around an
entity, between some, behind a source, or what has changed: these are choices of keys, which
programs and pages share, so that they agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph.model import Story, Subgraph, Tie, TieKey
from graph.queries.choices import ties_among, unretracted
from graph.queries.claims import LIVE
from graph.queries.clauses import call, lines
from graph.queries.moment import ALWAYS, Moment
from graph.queries.parts import (
    EVIDENCE,
    TIE_MAP,
    TIE_OF_KEY,
    claims_of,
    entities_of,
    names_in,
    sources_of,
    supported,
    ties_of,
)
from graph.question import Question, Reader, Row


def subgraph(
    keys: Iterable[TieKey],
    entity_ids: Sequence[str] = (),
    claim_ids: Sequence[str] = (),
    *,
    about: str | None = None,
    moment: Moment = ALWAYS,
) -> Question[Subgraph]:
    """Ask for ties by their keys, with both ends and the claims for and against them.

    Other entities and claims come by their ids, and all claims in force that name the entity
    `about`, or one that is merged into it, or come from it; claims come with their sources. Unknown
    keys and ids are omitted, as is what does not count at the moment; claims by their ids always
    count.
    """
    cypher = lines(
        call(
            "",
            "UNWIND $records.keys AS key",
            TIE_OF_KEY,
            "RETURN collect(" + TIE_MAP + ") AS ties,",
            "  collect(a) + collect(b) AS ends,",
            "  collect(r.claim_ids + coalesce(r.denial_claim_ids, [])) AS evidence",
        ),
        call(
            "evidence",
            "UNWIND evidence + [$records.claim_ids] + COLLECT {",
            "  UNWIND [$records.about] + COLLECT {",
            "    MATCH (d:Entity {canonical_id: $records.about}) RETURN d.id",
            "  } AS id",
            "  MATCH (c:Claim)-->(:Entity {id: id}) WHERE " + LIVE + " RETURN [c.id]",
            "} AS ids",
            "UNWIND ids AS id WITH DISTINCT id",
            "MATCH (c:Claim {id: id}) RETURN collect(c) AS claims",
        ),
        EVIDENCE,
        call(
            "ends",
            "UNWIND ends + COLLECT {",
            "  MATCH (e:Entity) WHERE e.id IN $records.entity_ids RETURN e",
            "} AS e",
            "WITH DISTINCT e",
            "RETURN collect(properties(e)) AS entities, collect([e.id, COLLECT {",
            "  MATCH (d:Entity {canonical_id: e.id}) UNWIND d.names AS name RETURN name",
            "}]) AS merged",
        ),
        "RETURN ties, entities, merged, claim_maps, sources",
    )

    def read(rows: Sequence[Row]) -> Subgraph:
        graph = _graph(rows[0])
        return graph if moment.timeless else _at(moment, graph, claim_ids)

    # In one map: Neo4j makes a plan for each combination of types, and a list without elements has
    # another type than one with some.
    records = {
        "keys": [list(key) for key in keys],
        "entity_ids": list(entity_ids),
        "claim_ids": list(claim_ids),
        "about": about,
    }
    return Question(cypher, read, {"records": records})


def _graph(row: Row) -> Subgraph:
    entities = entities_of(row["entities"])
    names = names_in(row["claim_maps"])
    claims = claims_of(row["claim_maps"])
    ties = (supported(tie, claims) for tie in ties_of(row["ties"]))
    return Subgraph(
        entities=entities,
        ties=tuple(tie for tie in ties if tie is not None),
        claims=claims,
        sources=sources_of(row["sources"]),
        names={i: name for i, name in names.items() if i not in entities},
        merged_names={i: tuple(sorted(texts)) for i, texts in row["merged"] if texts},
    )


def _at(moment: Moment, graph: Subgraph, claim_ids: Sequence[str]) -> Subgraph:
    """Return the ties of a graph as they are at a moment, with the evidence that counts then."""
    ties = tuple(tie for tie in map(moment.of, graph.ties) if tie is not None)
    ids = {support.claim_id for tie in ties for support in tie.supports}.union(claim_ids)
    claims = {i: claim for i, claim in graph.claims.items() if i in ids}
    speakers = {i for claim in claims.values() for i in (claim.source, *claim.said_by)}
    sources = {i: source for i, source in graph.sources.items() if i in speakers}
    return replace(graph, ties=ties, claims=claims, sources=sources)


def has_records(story: Story) -> Question[bool]:
    """Ask whether the store has all entities that a story tells of, and its claims still count."""
    claims = "COUNT {\n  MATCH (c:Claim) WHERE c.id IN $claims AND " + LIVE + "\n}"
    return Question(
        "RETURN COUNT { MATCH (e:Entity) WHERE e.id IN $entities } = size($entities)\n"
        "  AND " + claims + " = size($claims) AS complete",
        lambda rows: bool(rows[0]["complete"]),
        {"entities": list(story.entities), "claims": list(story.claims)},
    )


async def among(
    reader: Reader, entity_ids: Sequence[str], claim_ids: Sequence[str] = ()
) -> Subgraph:
    """Read some entities with all ties between them, and some claims.

    Unknown ids and retracted claims are omitted.
    """
    ties, current = await asyncio.gather(
        reader.ask(ties_among(entity_ids)), reader.ask(unretracted(claim_ids))
    )
    return await reader.ask(subgraph([tie.key for tie in ties], entity_ids, current))


def piece(
    graph: Subgraph,
    ties: Sequence[Tie],
    claim_ids: Iterable[str] = (),
    entity_ids: Iterable[str] = (),
) -> Subgraph:
    """Return some ties of a graph with their ends and their evidence, and some of its claims and
    entities."""
    ends = {i for tie in ties for i in (tie.key.source, tie.key.target)}.union(entity_ids)
    ids = {s.claim_id for tie in ties for s in tie.supports}.union(claim_ids)
    claims = {i: graph.claims[i] for i in sorted(ids)}
    speakers = {i for c in claims.values() for i in (c.source, *c.said_by)}
    names = {i for c in claims.values() for them in c.roles.values() for i in them} | speakers
    return Subgraph(
        entities={i: graph.entities[i] for i in sorted(ends)},
        ties=tuple(ties),
        claims=claims,
        sources={i: graph.sources[i] for i in sorted(speakers & graph.sources.keys())},
        names={i: name for i in sorted(names - ends) if (name := _label(graph, i))},
        merged_names={i: graph.merged_names[i] for i in sorted(ends & graph.merged_names.keys())},
    )


def _label(graph: Subgraph, entity_id: str) -> str | None:
    entity = graph.entities.get(entity_id)
    return entity.label if entity else graph.names.get(entity_id)
