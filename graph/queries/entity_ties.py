"""The ties of one entity, with totals by type and direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from graph.queries.lists import FACET_VALUES, Asking, Filter, Listed, Table, read_facets
from graph.queries.parts import TIE_TYPES
from graph.queries.tie_lists import EVERY, ORDER, TieFilters, TieRow, joined, listing_of
from graph.queries.ties import Direction
from graph.question import Question, Row

#: The claims of the sources asked for that bear on a tie, as `tie_lists` names them.
_TOLD: LiteralString = (
    "COLLECT { MATCH (c:Claim)-[:FROM]->(s:Source) "
    "WHERE c.id IN r.claim_ids + coalesce(r.denial_claim_ids, []) AND s.id IN $source "
    "RETURN c.id } AS told"
)


@dataclass(frozen=True, slots=True)
class TieGroup:
    """How many ties of one type and direction an entity has; how many of them are possibly so."""

    type: str
    direction: Direction
    total: int
    possibly: int
    undated: int

    def fits(self, types: Sequence[str], direction: Direction) -> bool:
        """Whether it is among the types (none given: all) and runs in that direction."""
        return (not types or self.type in types) and direction in ("both", self.direction)


@dataclass(frozen=True, slots=True)
class EntityTies:
    """A part of an entity's ties, and the totals by type and direction.

    The groups count what the filters leave, but for the type and the direction themselves.
    """

    found: Listed[TieRow]
    groups: tuple[TieGroup, ...]


def ties_of_entity(
    entity_id: str,
    *,
    direction: Direction = "both",
    filters: TieFilters = EVERY,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> Question[EntityTies | None]:
    """Ask for an entity's ties, the strongest first; None if there is no such entity.

    A merged id gives the ties of the canonical one.
    """
    asking = _of_one(entity_id, direction, filters, order)
    free = [f for f in asking.filters if f.name not in ("type", "direction")]
    listing = asking.listing
    cypher = (
        asking.given
        + "RETURN " + asking.page(filters.cells, after) + " AS page, COLLECT { "
        + listing.rows(free)
        + " WITH type(r) AS type, CASE WHEN a = e THEN 'out' ELSE 'in' END AS side, "
        "count(*) AS n, count(CASE WHEN " + listing.possibly + " THEN 1 END) AS possibly, "
        "count(CASE WHEN " + listing.possibly + " AND " + listing.undated + " THEN 1 END) "
        "AS undated ORDER BY type, side RETURN [type, side, n, possibly, undated] } AS groups, ["
        + ", ".join(asking.facet(name) for name in facets) + "] AS facets"
    )  # fmt: skip
    parameters = {**asking.values(after, limit), "facet_values": FACET_VALUES}
    read = _entity_ties(filters.types, direction, limit, facets)
    return Question(cypher, read, parameters)


def entity_tie_table(
    entity_id: str, direction: Direction, filters: TieFilters, order: Sequence[str]
) -> Table:
    """Return the part of the table `ties` that is about an entity; no rows if there is no such."""
    asking = _of_one(entity_id, direction, filters, order)
    return Table(asking, filters.cells, joined)


def _of_one(
    entity_id: str, direction: Direction, filters: TieFilters, order: Sequence[str]
) -> Asking:
    whole = filters.asking(order)
    start: LiteralString = (
        "MATCH (e)-[r:" + TIE_TYPES + "]-() WITH e, startNode(r) AS a, r, endNode(r) AS b"
    )
    carried: LiteralString = "e, a, r, b"
    if filters.sources:
        start += " WITH e, a, r, b, " + _TOLD
        carried += ", told"
    side = Filter("direction", "(a = e) = ($direction = 'out')", direction)
    return replace(
        whole,
        listing=listing_of(filters.terms, start, carried),
        filters=[*whole.filters, *([side] if direction != "both" else [])],
        given="MATCH (asked:Entity {id: $id}) "
        "MATCH (e:Entity {id: coalesce(asked.canonical_id, asked.id)}) " + whole.given,
        parameters={**whole.parameters, "id": entity_id},
    )


def _entity_ties(
    types: Sequence[str], direction: Direction, limit: int, facets: Sequence[str]
) -> Callable[[Sequence[Row]], EntityTies | None]:
    def read(rows: Sequence[Row]) -> EntityTies | None:
        if not rows:
            return None
        row = rows[0]
        groups = tuple(TieGroup(*group) for group in row["groups"])
        fitting = [group for group in groups if group.fits(types, direction)]
        page = row["page"]
        found = Listed(
            items=tuple(TieRow._make(cells) for cells, _ in page[:limit]),
            total=sum(group.total for group in fitting),
            next_after=page[limit - 1][1] if len(page) > limit > 0 else None,
            possibly=sum(group.possibly for group in fitting),
            undated=sum(group.undated for group in fitting),
            facets=read_facets(facets, row["facets"]),
        )
        return EntityTies(found, groups)

    return read
