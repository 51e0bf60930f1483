"""What analyses look at: all ties, or a part of them, with the labels of their ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from graph.analyses.model import AnyTie, EntityLabel, LightTie
from graph.dates import Match
from graph.model import TieKey
from graph.queries.clauses import call, lines
from graph.queries.moment import ALWAYS, Moment, status_and_independent
from graph.queries.parts import TIE, TIE_MAP, tie_of
from graph.question import Question, Row

#: As many ties as any kind of analysis looks at (`graph.analyses.KINDS`), and one more.
_MOST = 200_001


@dataclass(frozen=True, slots=True)
class TieGraph:
    """Ties in the order of their keys, and the label and type of each of their ends.

    `canonical` has the canonical id of every known id in the question, merged or not.
    """

    ties: tuple[AnyTie, ...]
    entities: dict[str, EntityLabel]
    canonical: dict[str, str]


_AROUND: LiteralString = "MATCH (e)((:Entity)-[r:" + TIE + "]-(:Entity))"
#: From an entity `e` to each `n` within some hops. The bound of a repeated pattern cannot be a
#: parameter.
_WITHIN: Mapping[int, LiteralString] = {
    0: "WITH e AS n",
    1: _AROUND + "{0,1}(n:Entity)",
    2: _AROUND + "{0,2}(n:Entity)",
    3: _AROUND + "{0,3}(n:Entity)",
}

#: What a `LightTie` is made of: a third of the bytes of a whole tie, and no days to convert.
_LIGHT: LiteralString = "[a.id, type(r), b.id, status, independent, r.claim_ids]"


def tie_graph(
    *,
    types: Sequence[str] = (),
    statuses: Sequence[str] = (),
    inferred: Sequence[bool] = (),
    min_independent: int = 0,
    around: Sequence[str] = (),
    hops: int = 1,
    ids: Sequence[str] = (),
    moment: Moment = ALWAYS,
    limit: int = _MOST,
) -> Question[TieGraph]:
    """Ask for the ties that pass every filter; a filter without a value passes all.

    `around` keeps the ties among those entities and all within `hops` (0 to 3) of one of them,
    over ties of any kind and time. Status and accounts are those of the moment, for which ties are
    projected again from their claims. `ids` are further ids whose canonical ones are wanted.
    `limit` bounds the entities that ties start from: of more ties than that, at least so many come.
    """
    tie: LiteralString = _LIGHT if moment.timeless else TIE_MAP
    ties = call(
        "a, inside" if around else "a",
        "MATCH (a)-[r:" + TIE + "]->(b:Entity)" + (" WHERE b IN inside" if around else ""),
        status_and_independent(moment, reading="IN $inferred" if inferred else ""),
        "WHERE independent >= $min_independent AND (size($statuses) = 0 OR status IN $statuses)",
        "  AND (size($types) = 0 OR type(r) IN $types)",
        "WITH r, status, independent, endNode(r) AS b",
        "RETURN collect([b.name, b.type, " + tie + "]) AS ties",
    )
    cypher = lines(
        call(
            "",
            "MATCH (e:Entity) WHERE e.id IN $ids",
            "RETURN collect([e.id, coalesce(e.canonical_id, e.id)]) AS canonical",
        ),
        _inside(hops) if around else "",
        # `canonical` goes in although nothing needs it there: else the plan has a product of rows.
        "OPTIONAL "
        + call(
            "inside" if around else "canonical",
            "UNWIND inside AS a" if around else "MATCH (a:Entity)",
            ties,
            # A row for each entity and not for each tie: a fifth of the rows, none of them large.
            "WITH a, ties WHERE size(ties) > 0",
            "RETURN a, ties LIMIT $limit",
        ),
        "RETURN canonical, a.name AS name, a.type AS type, ties",
    )
    parameters = {
        "ids": [*around, *ids],
        "around": list(around),
        "types": list(types),
        "statuses": list(statuses),
        "inferred": list(inferred),
        "min_independent": min_independent,
        "limit": limit,
        **moment.parameters(),
    }
    return Question(cypher, lambda rows: _read(rows, moment), parameters, seconds=60.0)


def _inside(hops: int) -> LiteralString:
    """Return the clause for the entities `inside`: those that are asked about and all around."""
    return call(
        "canonical",
        "UNWIND canonical AS pair",
        "WITH pair[1] AS id WHERE pair[0] IN $around",
        "MATCH (e:Entity {id: id})",
        _WITHIN[hops],
        "RETURN collect(DISTINCT n) AS inside",
    )


def _read(rows: Sequence[Row], moment: Moment) -> TieGraph:
    ties: list[AnyTie] = []
    entities: dict[str, EntityLabel] = {}
    for row in rows:
        for name, entity_type, columns in row["ties"] or ():
            tie = _tie(columns, moment)
            if tie is not None:
                ties.append(tie)
                entities[tie.key.source] = EntityLabel(row["name"], row["type"])
                entities[tie.key.target] = EntityLabel(name, entity_type)
    ties.sort(key=lambda tie: tie.key)
    return TieGraph(tuple(ties), dict(sorted(entities.items())), dict(rows[0]["canonical"]))


def _tie(columns: Any, moment: Moment) -> AnyTie | None:
    if not moment.timeless:
        return moment.of(tie_of(columns))
    source, tie_type, target, status, independent, claim_ids = columns
    key = TieKey(source, tie_type, target)
    return LightTie(key, status, independent, Match.YES, tuple(claim_ids))
