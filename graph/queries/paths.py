"""Paths by their weakest hop: the questions that `graph.path_search` asks of a store.

`paths` is an inquiry of several questions: who is meant, what is around whom, and the evidence of
what was found. Between them a load may change the store: a path that lost a hop is left out then,
and the others stand in the order of what their hops are by then.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, LiteralString

from graph.inquiry import Inquiry
from graph.model import Claim, Entity, Source, Tie
from graph.model.path import Hop, Path, PathAnswer, Searched
from graph.ontology import ONTOLOGY
from graph.path_search import HUB, search
from graph.paths import (
    WHOLE,
    Around,
    Found,
    Look,
    Strength,
    Wish,
    hop_strength,
    path_strength,
    place,
    weakest,
)
from graph.queries.entities import names
from graph.queries.moment import Moment, status_and_origins
from graph.queries.parts import (
    EVIDENCE,
    TIE_MAP,
    TIE_TYPES,
    claims_of,
    entities_of,
    names_in,
    sources_of,
    tie_of,
)
from graph.question import Question, Row

#: No moment is asked for: ties are as they are of all times.
ALL_TIMES = Moment()
#: The most hops that a path may have, and the most paths that may be asked for.
MAX_HOPS = 6
MAX_PATHS = 20

_OF_TYPES: LiteralString = "(size($types) = 0 OR type(r) IN $types)"

#: The statuses that a tie may have, the highest first.
_RANKS = tuple(sorted(ONTOLOGY.ranks.values(), reverse=True))


def paths(
    start: str,
    end: str,
    *,
    max_hops: int = 4,
    most: int = 5,
    types: Sequence[str] = (),
    through: str | None = None,
    moment: Moment = ALL_TIMES,
) -> Inquiry[PathAnswer]:
    """Find the `most` best paths between two entities, by weakest hop (see `graph.paths`).

    Only ties of the `types` (none given: all) and as they are at the moment count. With `through`,
    that entity is on each path. A merged id stands for its canonical entity. Raises `ValueError`
    for numbers out of their bounds.
    """
    if not 1 <= max_hops <= MAX_HOPS or not 1 <= most <= MAX_PATHS:
        raise ValueError(f"There are 1 to {MAX_HOPS} hops and 1 to {MAX_PATHS} paths")
    return _paths(Wish(start, end, max_hops, most, through), types, moment)


def _paths(asked: Wish, types: Sequence[str], moment: Moment) -> Inquiry[PathAnswer]:
    ids = [i for i in (asked.start, asked.end, asked.through) if i is not None]
    meant: dict[str, Around] = yield around(Look(tuple(ids), HUB, _RANKS[0]), types, moment)
    unknown = tuple(dict.fromkeys(i for i in ids if i not in meant))
    start, end = (meant[i].id if i in meant else i for i in (asked.start, asked.end))
    through = meant[asked.through].id if asked.through in meant else asked.through
    if unknown:
        return PathAnswer(start, end, through, unknown=unknown, same=start == end)
    if start == end:
        return PathAnswer(start, end, through, same=True, names=(yield names([start])))
    wish = Wish(start, end, asked.max_hops, asked.most, through)
    found = yield from _found(wish, list(meant.values()), types, moment)
    # Two paths may take one hop in opposite directions.
    pairs = {(min(p), max(p)) for path in found.paths for p in pairwise(path.entities)}
    shown: Evidence = (yield evidence(sorted(pairs), types, moment)) if pairs else Evidence()
    entities = {i for path in found.paths for i in path.entities}
    whole = (_path(path.entities, shown.hops) for path in found.paths)
    told = tuple(sorted((path for path in whole if path is not None), key=_place))
    # Who is asked about is called by name, whether or not there is a path.
    called: dict[str, str] = {} if told else (yield names([start, end]))
    return PathAnswer(
        start,
        end,
        through,
        paths=told,
        searched=Searched(found.looked_at, found.ties, found.complete),
        entities=shown.entities,
        claims=shown.claims,
        sources=shown.sources,
        names={i: name for i, name in shown.names.items() if i not in entities} | called,
    )


def _found(
    wish: Wish, ends: Sequence[Around], types: Sequence[str], moment: Moment
) -> Generator[Question[Any], Any, Found]:
    """Conduct the search: each look is one question, but for the first, at the ends."""
    searching = search(wish, _RANKS)
    try:
        next(searching)
        look = searching.send(ends)
        while True:
            answers: dict[str, Around] = yield around(look, types, moment)
            look = searching.send(list(answers.values()))
    except StopIteration as done:
        found: Found = done.value
        return found


def canonical(ids: Sequence[str]) -> Question[dict[str, str]]:
    """Ask which entities these ids mean; ids that no entity has are left out."""
    cypher: LiteralString = (
        "UNWIND $ids AS id MATCH (e:Entity {id: id}) "
        "RETURN id, coalesce(e.canonical_id, e.id) AS canonical"
    )

    def read(rows: Sequence[Row]) -> dict[str, str]:
        return {row["id"]: row["canonical"] for row in rows}

    return Question(cypher, read, {"ids": list(ids)})


def around(
    look: Look, types: Sequence[str] = (), moment: Moment = ALL_TIMES
) -> Question[dict[str, Around]]:
    """Ask what is around entities: of each tie no more than its other end and its strength.

    The answers are by the ids that were asked for: a merged id has those of its canonical entity,
    and one that no entity has is left out.
    """
    cypher: LiteralString = (
        "UNWIND $ids AS id MATCH (asked:Entity {id: id}) "
        "MATCH (e:Entity {id: coalesce(asked.canonical_id, id)}) "
        # To count by type takes as long as to read a hundred ties; nobody counts what is small.
        "WITH id, e, COUNT { (e)--() } AS edges "
        "WITH id, e, CASE WHEN edges <= $whole THEN edges "
        "ELSE COUNT { (e)-[:" + TIE_TYPES + "]-() } END AS most "
        "CALL (e, most) { MATCH (e)-[r:"
        + TIE_TYPES
        + "]-() WHERE most <= $limit AND "
        + _OF_TYPES
        + " "
        + status_and_origins(moment)
        + " WITH r, $ranks[status] AS rank, origins WHERE most <= $whole OR rank >= $rank "
        "WITH CASE WHEN startNode(r) = e THEN endNode(r) ELSE startNode(r) END AS other, "
        "rank, origins "
        # Lists of plain values: a row for each tie takes five times as long.
        "RETURN collect(other.id) AS others, collect(rank) AS ranks, collect(origins) AS origins } "
        "RETURN id, e.id AS canonical, most, others, ranks, origins"
    )

    def read(rows: Sequence[Row]) -> dict[str, Around]:
        return {row["id"]: _around(row, look) for row in rows}

    parameters = {
        "ids": list(look.ids),
        "limit": look.limit,
        "rank": look.rank,
        "whole": WHOLE,
        "types": list(types),
        "ranks": dict(ONTOLOGY.ranks),
        **moment.parameters(),
    }
    return Question(cypher, read, parameters)


def _around(row: Row, look: Look) -> Around:
    most = row["most"]
    if most > look.limit:
        return Around(row["canonical"], most, 0, None)
    strengths = map(Strength, row["ranks"], row["origins"])
    near = list(zip(row["others"], strengths, strict=True))
    if most > WHOLE:
        return Around(row["canonical"], most, look.rank, near)
    return Around(row["canonical"], len(near), 0, near)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ties of hops, each hop by its two ends, the strongest first, with what they rest on."""

    hops: dict[frozenset[str], tuple[Tie, ...]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def evidence(
    pairs: Iterable[tuple[str, str]], types: Sequence[str] = (), moment: Moment = ALL_TIMES
) -> Question[Evidence]:
    """Ask for all ties between the two of each pair, with their claims and sources."""
    cypher: LiteralString = (
        "UNWIND $pairs AS pair MATCH (one:Entity {id: pair[0]}) "
        "CALL (one, pair) { MATCH (one)-[r:"
        + TIE_TYPES
        + "]-(other:Entity {id: pair[1]}) WHERE "
        + _OF_TYPES
        + "RETURN r, other } "
        "WITH startNode(r) AS a, r, endNode(r) AS b "
        "WITH collect({tie: "
        + TIE_MAP
        + ", ids: r.claim_ids + coalesce(r.denial_claim_ids, [])}) AS found, "
        "collect(a) + collect(b) AS ends "
        "CALL (found) { UNWIND found AS one UNWIND one.ids AS id WITH DISTINCT id "
        "MATCH (c:Claim {id: id}) RETURN collect(c) AS claims } "
        "CALL (ends) { UNWIND ends AS e RETURN collect(DISTINCT properties(e)) AS entities } "
        + EVIDENCE
        + "RETURN [one IN found | one.tie] AS ties, entities, claim_maps, sources"
    )

    def read(rows: Sequence[Row]) -> Evidence:
        (row,) = rows
        ties = [t for t in (moment.of(tie_of(item)) for item in row["ties"]) if t is not None]
        kept = {support.claim_id for tie in ties for support in tie.supports}
        claims = {i: claim for i, claim in claims_of(row["claim_maps"]).items() if i in kept}
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
    found: dict[frozenset[str], tuple[Tie, ...]] = {}
    for tie in sorted(ties, key=lambda tie: (-tie.rank, -tie.origins, tie.key)):
        pair = frozenset((tie.key.source, tie.key.target))
        found[pair] = (*found.get(pair, ()), tie)
    return found


def _place(path: Path) -> tuple[Any, ...]:
    return place(Strength(path.rank, path.origins), path.entities)


def _path(entities: Sequence[str], ties: dict[frozenset[str], tuple[Tie, ...]]) -> Path | None:
    """Put a path together from the ties of its hops; None if one of them has none any more."""
    pairs = list(pairwise(entities))
    if not all(frozenset(pair) in ties for pair in pairs):
        return None
    hops = tuple(Hop(a, b, ties[frozenset((a, b))]) for a, b in pairs)
    strengths = [hop_strength(Strength(t.rank, t.origins) for t in hop.ties) for hop in hops]
    return Path(hops, *path_strength(strengths), weakest(strengths))
