"""Ties: one with all its claims, and those of an entity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, LiteralString

from graph import projection
from graph.model import Claim, Entity, Source, Tie, TieKey
from graph.ontology import ONTOLOGY
from graph.queries.parts import (
    EVIDENCE,
    TIE,
    TIE_MAP,
    Found,
    claims_of,
    entities_of,
    names_of,
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
_COUNTS: LiteralString = """
  ($as_of IS NULL OR CASE WHEN $certain THEN r.surely_from[i] <= $as_of <= r.surely_to[i]
                          ELSE r.held_from[i] <= $as_of <= r.held_to[i] END)
  AND ($known_by IS NULL OR CASE WHEN $certain THEN r.surely_known_from[i] <= $known_by
                                 ELSE r.known_from[i] <= $known_by END)"""

#: From a tie `r` to its `status` and `origins` of all times, which it carries.
AT_ALL_TIMES: LiteralString = "WITH r, r.status AS status, r.origins AS origins "

#: The same at a `Moment`, and no row where no affirming claim is left: what `projection.tie`
#: decides, said in Cypher so that the store can filter, count and order. A test holds the two
#: against each other. The strongest claim stands first, so the first that is left gives the status.
AT_THE_MOMENT: LiteralString = (
    "WITH r, [i IN range(0, r.claims - 1) WHERE " + _COUNTS + "] AS left WHERE size(left) > 0 "
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
        + " AS tie, [properties(a), properties(b)] AS ends, claim_maps, sources, names"
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
            names=names_of(row["names"]),
        )

    return Question(cypher, read, key._asdict())


@dataclass(frozen=True, slots=True)
class TieGroup:
    """How many ties of one type and direction an entity has."""

    type: str
    direction: Direction
    total: int


@dataclass(frozen=True, slots=True)
class EntityTies:
    """A page of an entity's ties, the labels of their ends, and the totals by type and direction.

    `next_after` is the place to go on after, or None at the end.
    """

    found: Found[Tie]
    next_after: list[Any] | None
    names: dict[str, str]
    groups: tuple[TieGroup, ...]


def ties_of_entity(
    entity_id: str,
    *,
    direction: Direction = "both",
    types: Sequence[str] = (),
    statuses: Sequence[str] = (),
    min_origins: int = 0,
    moment: Moment = Moment(),
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Question[EntityTies | None]:
    """Ask for an entity's ties, the strongest first; None if there is no such entity.

    The order is total: rank, origins, then type and ends; `after` is an answer's `next_after`.
    Status and origins, to filter and to order by, are those of the moment.
    """
    strength = AT_ALL_TIMES if moment == Moment() else AT_THE_MOMENT
    cypher: LiteralString = (
        "MATCH (e:Entity {id: $id}) "
        "CALL (e) { MATCH (e)-[r:"
        + TIE
        + "]-(:Entity) "
        + strength
        + "WHERE origins >= $min_origins AND (size($statuses) = 0 OR status IN $statuses) "
        "RETURN collect({r: r, type: type(r), strength: [-$ranks[status], -origins], "
        "side: CASE WHEN startNode(r) = e THEN 'out' ELSE 'in' END}) AS every } "
        "CALL (every) { UNWIND every AS x "
        "WITH x.type AS type, x.side AS side, count(*) AS total ORDER BY type, side "
        "RETURN collect([type, side, total]) AS groups } "
        "CALL (every) { UNWIND every AS x WITH x "
        "WHERE (size($types) = 0 OR x.type IN $types) "
        "AND ($direction = 'both' OR x.side = $direction) "
        "WITH x.r AS r, x.strength AS strength, startNode(x.r) AS a, endNode(x.r) AS b "
        "WITH r, a, b, strength + [type(r), a.id, b.id] AS place "
        "RETURN count(*) AS total, collect({place: place, tie: "
        + TIE_MAP
        + ", ends: [[a.id, a.name], [b.id, b.name]]}) AS ties } "
        "WITH groups, total, ties "
        "CALL (ties) { UNWIND ties AS t WITH t WHERE $after IS NULL OR t.place > $after "
        "WITH t ORDER BY t.place LIMIT $limit + 1 RETURN collect(t) AS page } "
        "RETURN groups, total, page"
    )

    def read(rows: Sequence[Row]) -> EntityTies | None:
        if not rows:
            return None
        row = rows[0]
        page = row["page"][:limit]
        ties = (moment.of(tie_of(item["tie"])) for item in page)
        return EntityTies(
            found=Found(
                items=tuple(t for t in ties if t is not None),
                total=row["total"],
                more=len(row["page"]) > limit,
            ),
            next_after=page[-1]["place"] if len(row["page"]) > limit else None,
            names=names_of(tuple(end) for item in page for end in item["ends"]),
            groups=tuple(TieGroup(*group) for group in row["groups"]),
        )

    parameters = {
        "id": entity_id,
        "direction": direction,
        "types": list(types),
        "statuses": list(statuses),
        "min_origins": min_origins,
        "ranks": dict(ONTOLOGY.ranks),
        "after": list(after) if after is not None else None,
        "limit": limit,
        **moment.parameters(),
    }
    return Question(cypher, read, parameters)
