"""The ties of one entity, with totals by type and direction."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, LiteralString

from graph.queries.clauses import call, lines, record
from graph.queries.lists import Filter, Items, ListPage, ListQuery, Table, read_facets, read_items
from graph.queries.parts import SYMMETRIC, TIE_TYPES, is_tie
from graph.queries.tie_lists import (
    EVERY,
    ORDER,
    TieFilters,
    TieRow,
    table_of,
    tie_spec,
)
from graph.question import Question, Reader, Row

Direction = Literal["out", "in", "both"]

#: The entity that an id stands for: a merged one gives the canonical one.
_SCOPE: LiteralString = """MATCH (k:Entity {id: $id})
MATCH (e:Entity {id: coalesce(k.canonical_id, k.id)})"""
_MATCH: LiteralString = (
    "MATCH (e)-[r:"
    + TIE_TYPES
    + " WHERE "
    + is_tie("r")
    + "]-()\nWITH *, startNode(r) AS a, endNode(r) AS b"
)


@dataclass(frozen=True, slots=True)
class TieGroup:
    """How many ties of one type and direction an entity has; how many of them are possibly so.

    Ties of a type without direction run in `both`.
    """

    type: str
    direction: Direction
    total: int
    possibly: int = 0
    undated: int = 0

    def fits(self, types: Sequence[str], direction: Direction) -> bool:
        """Whether it is among the types (none: all) and runs in that direction, or in none."""
        runs = "both" in (direction, self.direction) or direction == self.direction
        return (not types or self.type in types) and runs


@dataclass(frozen=True, slots=True)
class EntityTies:
    """A part of an entity's ties, and the totals by type and direction.

    The groups count what the filters leave, but for the type and the direction themselves.
    """

    page: ListPage[TieRow]
    groups: tuple[TieGroup, ...]


async def ties_of_entity(
    reader: Reader,
    entity_id: str,
    *,
    direction: Direction = "both",
    filters: TieFilters = EVERY,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> EntityTies | None:
    """Read an entity's ties, the strongest first; None if there is no such entity.

    A merged id gives the ties of the canonical one.
    """
    query = entity_tie_query(entity_id, direction, filters, order)
    groups: tuple[TieGroup, ...] | None
    if after is None and direction == "both" and not filters.types and filters.moment.timeless:
        # Most entities have few ties: a page that has them all tells the totals as well.
        page, counts = await asyncio.gather(
            read_items(reader, query, after, limit), read_facets(reader, query, facets)
        )
        groups = _groups_of(page, entity_id) or await reader.ask(tie_groups(entity_id, filters))
    else:
        page, groups, counts = await asyncio.gather(
            read_items(reader, query, after, limit),
            reader.ask(tie_groups(entity_id, filters)),
            read_facets(reader, query, facets),
        )
    if groups is None:
        return None
    fitting = [group for group in groups if group.fits(filters.types, direction)]
    total = sum(group.total for group in fitting)
    possibly = sum(group.possibly for group in fitting)
    undated = sum(group.undated for group in fitting)
    return EntityTies(
        ListPage(page.items, page.next_after, total, possibly, undated, counts), groups
    )


def _groups_of(page: Items[TieRow], entity_id: str) -> tuple[TieGroup, ...]:
    """Count the ties of a page that has all ties of an entity; empty where it may not have them."""
    rows = page.items
    if page.next_after is not None or any(entity_id not in (r.source, r.target) for r in rows):
        return ()
    sides: Counter[tuple[str, Direction]] = Counter()
    for row in rows:
        side: Direction = "out" if row.source == entity_id else "in"
        sides[row.type, "both" if row.key.symmetric else side] += 1
    return tuple(TieGroup(*group, total) for group, total in sorted(sides.items()))


def tie_groups(
    entity_id: str, filters: TieFilters = EVERY
) -> Question[tuple[TieGroup, ...] | None]:
    """Ask how many ties of each type and direction an entity has; None if there is no such.

    The filter on the type is ignored.
    """
    query = entity_tie_query(entity_id, "both", filters, ())
    rest = [f for f in query.filters if f.name != "type"]
    columns: dict[LiteralString, LiteralString] = {
        "type": "type(r)",
        "direction": "CASE WHEN " + SYMMETRIC + " THEN 'both' WHEN a = e THEN 'out' ELSE 'in' END",
        **query.spec.totals(),
    }
    names: list[LiteralString] = [value + " AS " + name for name, value in columns.items()]
    cypher = lines(
        _SCOPE,
        call(
            "e",
            query.spec.rows(rest),
            "WITH " + ",\n  ".join(names),
            "ORDER BY type, direction",
            "RETURN collect(" + record({name: name for name in columns}) + ") AS groups",
        ),
        "RETURN groups",
    )

    def read(rows: Sequence[Row]) -> tuple[TieGroup, ...] | None:
        return tuple(TieGroup(**group) for group in rows[0]["groups"]) if rows else None

    return Question(cypher, read, query.values(rest))


def entity_tie_table(
    entity_id: str,
    direction: Direction,
    filters: TieFilters,
    order: Sequence[str],
    lang: str = "en",
) -> Table:
    """Return the part of the table `ties` that is about an entity; empty if there is no such."""
    return table_of(entity_tie_query(entity_id, direction, filters, order), lang)


_SIDES: dict[Direction, list[Filter]] = {
    "both": [],
    "out": [Filter("direction", "(a = e OR " + SYMMETRIC + ")")],
    "in": [Filter("direction", "(b = e OR " + SYMMETRIC + ")")],
}


def entity_tie_query(
    entity_id: str,
    direction: Direction = "both",
    filters: TieFilters = EVERY,
    order: Sequence[str] = ORDER,
) -> ListQuery[TieRow]:
    """Return the list of an entity's ties that pass filters, in an order."""
    query = filters.query(order)
    return replace(
        query,
        spec=tie_spec(filters.moment, _MATCH, _SCOPE),
        filters=[*query.filters, *_SIDES[direction]],
        parameters={**query.parameters, "id": entity_id},
    )
