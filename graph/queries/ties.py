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
  ($as_of IS NULL OR
    CASE WHEN $certain THEN r.claim_surely_from[i] <= $as_of <= r.claim_surely_to[i]
         ELSE r.claim_held_from[i] <= $as_of <= r.claim_held_to[i] END)
  AND ($known_by IS NULL OR CASE WHEN $certain THEN r.claim_surely_known_from[i] <= $known_by
                                 ELSE r.claim_known_from[i] <= $known_by END)"""

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

    def fits(self, types: Sequence[str], direction: Direction) -> bool:
        """Whether it is among the types (none given: all) and runs in that direction."""
        return (not types or self.type in types) and direction in ("both", self.direction)


@dataclass(frozen=True, slots=True)
class EntityTies:
    """A page of an entity's ties, the labels of their ends, and the totals by type and direction.

    `next_after` is the place to go on after, or None at the end and for a page of no ties.
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
    at: LiteralString = AT_ALL_TIMES if moment == Moment() else AT_THE_MOMENT
    matched: LiteralString = (
        "MATCH (e)-[r:" + TIE + "]-(:Entity) " + at + "WHERE origins >= $min_origins "
        "AND (size($statuses) = 0 OR status IN $statuses) "
        "WITH r, status, origins, type(r) AS type, "
        "CASE WHEN startNode(r) = e THEN 'out' ELSE 'in' END AS side "
    )
    cypher: LiteralString = (
        "MATCH (e:Entity {id: $id}) "
        "CALL (e) { " + matched + "WITH type, side, count(*) AS total ORDER BY type, side "
        "RETURN collect([type, side, total]) AS groups } "
        # Asked a second time, and not from a list of all of them: each row of a sort would carry
        # that list, and a hub of 600 ties took 190 MB.
        "CALL (e) { " + matched + "WHERE (size($types) = 0 OR type IN $types) "
        "AND ($direction = 'both' OR side = $direction) "
        "WITH r, startNode(r) AS a, endNode(r) AS b, status, origins, type "
        "WITH r, a, b, [-$ranks[status], -origins, type, a.id, b.id] AS place "
        "WHERE $after IS NULL OR place > $after "
        "WITH r, a, b, place ORDER BY place LIMIT $limit + 1 "
        "RETURN collect({place: place, tie: "
        + TIE_MAP
        + ", ends: [[a.id, a.name], [b.id, b.name]]}) AS page } "
        "RETURN groups, page"
    )

    def read(rows: Sequence[Row]) -> EntityTies | None:
        if not rows:
            return None
        row = rows[0]
        page, more = row["page"][:limit], len(row["page"]) > limit
        ties = (moment.of(tie_of(item["tie"])) for item in page)
        groups = tuple(TieGroup(*group) for group in row["groups"])
        return EntityTies(
            found=Found(
                items=tuple(t for t in ties if t is not None),
                total=sum(group.total for group in groups if group.fits(types, direction)),
                more=more,
            ),
            next_after=page[-1]["place"] if more and page else None,
            names=names_of(tuple(end) for item in page for end in item["ends"]),
            groups=groups,
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
