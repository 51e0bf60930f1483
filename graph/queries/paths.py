"""Paths by their weakest hop, read from a store: the search, and the evidence of what it finds.

Between two statements a load may change the store, and the search also takes ties that somebody
else drew, since it would be slow to look at each: where a hop turns out to have no tie, the search
is made again without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, LiteralString, NamedTuple

import anyio.from_thread
import anyio.to_thread

from graph.model import Claim, Entity, Source, Subgraph, Tie
from graph.model.path import Hop, Path, PathAnswer, Searched
from graph.ontology import ONTOLOGY
from graph.path_search import HUB, search
from graph.paths import (
    WHOLE,
    NeighbourQuery,
    Neighbours,
    PathQuery,
    SearchResult,
    Strength,
    hop_strength,
    path_strength,
    sort_key,
    weakest,
)
from graph.queries.clauses import call, lines
from graph.queries.docket import jointly
from graph.queries.entities import names
from graph.queries.moment import ALWAYS, Moment, status_and_independent
from graph.queries.parts import (
    EVIDENCE,
    TIE_MAP,
    TIE_TYPES,
    claims_of,
    entities_of,
    is_tie,
    names_in,
    sources_of,
    supported,
    tie_of,
)
from graph.queries.subgraph import subgraph
from graph.question import Question, Reader, Row

#: The most hops that a path may have, and the most paths that may be asked for.
MAX_HOPS = 6
MAX_PATHS = 20

#: The most searches for one answer; a path of the last of them that lacks a hop is left out.
_SEARCHES = 5

_OF_TYPES: LiteralString = "(size($types) = 0 OR type(r) IN $types)"

#: The statuses that a tie may have, the highest first.
_RANKS = tuple(sorted(ONTOLOGY.ranks.values(), reverse=True))


async def paths(
    reader: Reader,
    start: str,
    end: str,
    *,
    max_hops: int = 4,
    most: int = 5,
    types: Sequence[str] = (),
    through: str | None = None,
    moment: Moment = ALWAYS,
    reading: bool | None = None,
) -> PathAnswer:
    """Read the `most` best paths between two entities, by weakest hop (see `graph.paths`).

    Only ties of the `types` (empty: all) count, as they are at the moment; with `reading` only
    those of which the editors inferred an end, or only the others. With `through`, that entity is
    on each path. A merged id means its canonical entity. Raises `ValueError` for numbers out of
    their bounds.
    """
    if not 1 <= max_hops <= MAX_HOPS or not 1 <= most <= MAX_PATHS:
        raise ValueError(f"There are 1 to {MAX_HOPS} hops and 1 to {MAX_PATHS} paths")
    ids = [i for i in (start, end, through) if i is not None]
    which = _Ties(types, moment, reading)
    first = await reader.ask(neighbours(NeighbourQuery(tuple(ids), HUB, _RANKS[0]), *which))
    unknown = tuple(dict.fromkeys(i for i in ids if i not in first))
    start, end = (first[i].id if i in first else i for i in (start, end))
    through = first[through].id if through in first else through
    if unknown:
        return PathAnswer(start, end, through, unknown=unknown, same=start == end)
    if start == end:
        return PathAnswer(start, end, through, same=True, names=await reader.ask(names([start])))
    query = PathQuery(start, end, max_hops, most, through)
    (result, proof), joint = await asyncio.gather(
        _search_with_proof(reader, query, [*first.values()], which),
        _joint_claims(reader, start, end, types, moment),
    )
    whole = (_path(chain.entities, proof.hops) for chain in result.chains)
    best = tuple(sorted((path for path in whole if path is not None), key=_key))
    on_paths = {i for chain in result.chains for i in chain.entities}
    # The ends have names, whether or not there is a path.
    labels = {} if best else await reader.ask(names([start, end]))
    return PathAnswer(
        start,
        end,
        through,
        paths=best,
        searched=Searched(result.entities, result.ties, result.complete),
        entities=proof.entities,
        jointly=tuple(joint.claims),
        claims={**proof.claims, **joint.claims},
        sources={**proof.sources, **joint.sources},
        names={i: name for i, name in {**proof.names, **joint.names}.items() if i not in on_paths}
        | labels,
    )


async def _search_with_proof(
    reader: Reader, query: PathQuery, ends: Sequence[Neighbours], which: _Ties
) -> tuple[SearchResult, Evidence]:
    """Search, and read the ties of the hops; without hops that have none, search again."""
    without = set[frozenset[str]]()
    searches = 0
    while True:
        result = await _search(reader, query, ends, which, without)
        # Two paths may take one hop in opposite directions.
        pairs = {(min(p), max(p)) for chain in result.chains for p in pairwise(chain.entities)}
        proof = await reader.ask(evidence(sorted(pairs), *which)) if pairs else Evidence()
        stale = {frozenset(pair) for pair in pairs} - proof.hops.keys()
        searches += 1
        if not stale or searches == _SEARCHES:
            return result, proof
        without |= stale


async def _joint_claims(
    reader: Reader, start: str, end: str, types: Sequence[str], moment: Moment
) -> Subgraph:
    """Read the claims that name both ends among several, in either direction."""
    every = list(types or ONTOLOGY.tie_types)
    ways = await asyncio.gather(
        reader.ask(jointly(start, end, every, moment)),
        reader.ask(jointly(end, start, every, moment)),
    )
    ids = sorted({i for way in ways for i in way})
    return await reader.ask(subgraph([], claim_ids=ids)) if ids else Subgraph({}, ())


class _Ties(NamedTuple):
    """Which ties a path may take."""

    types: Sequence[str]
    moment: Moment
    reading: bool | None


async def _search(
    reader: Reader,
    query: PathQuery,
    ends: Sequence[Neighbours],
    which: _Ties,
    without: Set[frozenset[str]],
) -> SearchResult:
    """Search in a thread, since it may take the processor for long; what `ends` tell is known.

    No hop is one of those `without`.
    """
    answers = iter([ends])

    def read(part: NeighbourQuery) -> Sequence[Neighbours]:
        answer = next(answers, None)
        if answer is None:
            result = anyio.from_thread.run(reader.ask, neighbours(part, *which))
            answer = list(result.values())
        return [_leave_out(of, without) for of in answer] if without else answer

    return await anyio.to_thread.run_sync(search, query, _RANKS, read)


def _leave_out(neighbours: Neighbours, without: Set[frozenset[str]]) -> Neighbours:
    if neighbours.hops is None:
        return neighbours
    hops = [hop for hop in neighbours.hops if frozenset((neighbours.id, hop[0])) not in without]
    return neighbours._replace(hops=hops)


def canonical(ids: Sequence[str]) -> Question[dict[str, str]]:
    """Ask which entities these ids mean; ids that no entity has are left out."""
    cypher: LiteralString = (
        "UNWIND $ids AS id MATCH (e:Entity {id: id}) "
        "RETURN id, coalesce(e.canonical_id, e.id) AS canonical"
    )

    def read(rows: Sequence[Row]) -> dict[str, str]:
        return {row["id"]: row["canonical"] for row in rows}

    return Question(cypher, read, {"ids": list(ids)})


def neighbours(
    query: NeighbourQuery,
    types: Sequence[str] = (),
    moment: Moment = ALWAYS,
    reading: bool | None = None,
) -> Question[dict[str, Neighbours]]:
    """Ask for the neighbours of entities: of each tie no more than its other end and its strength.

    The answers are by the ids of the query: a merged id has those of its canonical entity, and one
    that no entity has is omitted.
    """
    cypher = lines(
        "UNWIND $ids AS id",
        "MATCH (k:Entity {id: id})",
        "MATCH (e:Entity {id: coalesce(k.canonical_id, id)})",
        # To count by type takes as long as to read a hundred ties; small entities need no count.
        "WITH id, e, COUNT { (e)--() } AS edges",
        "WITH id, e, CASE WHEN edges <= $whole THEN edges",
        "  ELSE COUNT { (e)-[:" + TIE_TYPES + "]-() } END AS most",
        call(
            "e, most",
            "MATCH (e)-[r:" + TIE_TYPES + "]-()",
            # Whether a load wrote it is looked at only for those on a path (`evidence`).
            "WHERE most <= $limit AND r.claims > 0 AND " + _OF_TYPES,
            status_and_independent(moment, reading="" if reading is None else "= $reading"),
            "WITH r, $ranks[status] AS rank, independent",
            "WHERE most <= $whole OR rank >= $rank",
            "WITH CASE WHEN startNode(r) = e THEN endNode(r) ELSE startNode(r) END AS other,",
            "  rank, independent",
            # Lists of plain values: a row for each tie takes five times as long.
            "RETURN collect(other.id) AS others, collect(rank) AS ranks,",
            "  collect(independent) AS independent",
        ),
        "RETURN id, e.id AS canonical, most, others, ranks, independent",
    )

    def read(rows: Sequence[Row]) -> dict[str, Neighbours]:
        return {row["id"]: _neighbours(row, query) for row in rows}

    parameters = {
        "ids": list(query.ids),
        "limit": query.limit,
        "rank": query.rank,
        "whole": WHOLE,
        "types": list(types),
        "reading": reading,
        "ranks": dict(ONTOLOGY.ranks),
        **moment.parameters(),
    }
    return Question(cypher, read, parameters)


def _neighbours(row: Row, query: NeighbourQuery) -> Neighbours:
    most = row["most"]
    if most > query.limit:
        return Neighbours(row["canonical"], most, 0, None)
    strengths = map(Strength, row["ranks"], row["independent"])
    hops = list(zip(row["others"], strengths, strict=True))
    if most > WHOLE:
        return Neighbours(row["canonical"], most, query.rank, hops)
    return Neighbours(row["canonical"], len(hops), 0, hops)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ties of hops, each hop by its two ends, the strongest first, with what they rest on."""

    hops: dict[frozenset[str], tuple[Tie, ...]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def evidence(
    pairs: Iterable[tuple[str, str]],
    types: Sequence[str] = (),
    moment: Moment = ALWAYS,
    reading: bool | None = None,
) -> Question[Evidence]:
    """Ask for all ties between the two of each pair, with their claims and sources."""
    cypher = lines(
        "UNWIND $pairs AS pair",
        "MATCH (one:Entity {id: pair[0]})",
        call(
            "one, pair",
            "MATCH (one)-[r:" + TIE_TYPES + "]-(other:Entity {id: pair[1]})",
            "WHERE " + is_tie("r") + " AND " + _OF_TYPES,
            "RETURN r, other",
        ),
        "WITH startNode(r) AS a, r, endNode(r) AS b",
        "WITH collect(" + TIE_MAP + ") AS ties,",
        "  collect(r.claim_ids + coalesce(r.denial_claim_ids, [])) AS claim_ids,",
        "  collect(a) + collect(b) AS ends",
        call(
            "claim_ids",
            "UNWIND claim_ids AS ids UNWIND ids AS id",
            "WITH DISTINCT id",
            "MATCH (c:Claim {id: id})",
            "RETURN collect(c) AS claims",
        ),
        call("ends", "UNWIND ends AS e", "RETURN collect(DISTINCT properties(e)) AS entities"),
        EVIDENCE,
        "RETURN ties, entities, claim_maps, sources",
    )

    def read(rows: Sequence[Row]) -> Evidence:
        (row,) = rows
        claims = claims_of(row["claim_maps"])
        whole = (supported(tie_of(item), claims) for item in row["ties"])
        every = (moment.of(tie) for tie in whole if tie is not None)
        ties = [t for t in every if t and reading in (None, bool(t.inferred))]
        claim_ids = {support.claim_id for tie in ties for support in tie.supports}
        claims = {i: c for i, c in claims.items() if i in claim_ids}
        return Evidence(
            hops=_by_pair(ties),
            entities=entities_of(row["entities"]),
            claims=claims,
            sources=sources_of(row["sources"]),
            names=names_in(row["claim_maps"]),
        )

    parameters = {"pairs": [list(pair) for pair in pairs], "types": list(types)}
    return Question(cypher, read, parameters)


def _by_pair(ties: Iterable[Tie]) -> dict[frozenset[str], tuple[Tie, ...]]:
    hops: dict[frozenset[str], tuple[Tie, ...]] = {}
    for tie in sorted(ties, key=lambda tie: (-tie.rank, -tie.independent, tie.key)):
        pair = frozenset((tie.key.source, tie.key.target))
        hops[pair] = (*hops.get(pair, ()), tie)
    return hops


def _key(path: Path) -> tuple[Any, ...]:
    return sort_key(Strength(path.rank, path.independent), path.entities)


def _path(entities: Sequence[str], ties: dict[frozenset[str], tuple[Tie, ...]]) -> Path | None:
    """Put a path together from the ties of its hops; None if one of them has none any more."""
    pairs = list(pairwise(entities))
    if not all(frozenset(pair) in ties for pair in pairs):
        return None
    hops = tuple(Hop(a, b, ties[frozenset((a, b))]) for a, b in pairs)
    strengths = [hop_strength(Strength(t.rank, t.independent) for t in hop.ties) for hop in hops]
    return Path(hops, *path_strength(strengths), weakest(strengths))
