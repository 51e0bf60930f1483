"""Entities: one, a list, and what they are called in a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from graph.model import Entity
from graph.queries.lists import Asking, Filter, Key, Listed, Listing, Table, listed
from graph.queries.parts import TIE, degree
from graph.queries.ties import COUNTS, Moment
from graph.question import Question, Row
from graph.store.mapping import read_entity

ORDER = ("id",)
KEYS = ("label", "type", "ties", "id")
FACETS: Mapping[str, LiteralString] = {
    "type": "WITH e.type AS value, null AS label",
    "tag": "UNWIND coalesce(e.tags, []) AS value WITH value, null AS label",
}


@dataclass(frozen=True, slots=True)
class EntityCard:
    """An entity with the number of its ties by type, and the id that it is merged into, if any.

    `also` are the ids that are merged into it; only `entity` tells them.
    """

    entity: Entity
    tie_counts: dict[str, int]
    canonical_id: str | None
    also: tuple[str, ...] = ()


#: What a statement returns of an entity `e`; `read_card` reads it.
CARD: LiteralString = (
    "{entity: properties(e), tie_counts: COLLECT { MATCH (e)-[r:"
    + TIE
    + "]-(:Entity) WITH type(r) AS type, count(r) AS ties RETURN [type, ties] }}"
)


def entity(entity_id: str) -> Question[EntityCard | None]:
    """Ask for one entity; None if there is no such id."""
    cypher: LiteralString = (
        "MATCH (e:Entity {id: $id}) RETURN " + CARD + " AS card, COLLECT { "
        "MATCH (e)((:Entity)-[j:JUDGED WHERE j.verdict = 'same']-(:Entity))+(m:Entity) "
        "WHERE m.canonical_id = e.id WITH DISTINCT m RETURN m.id ORDER BY m.id } AS also"
    )

    def read(rows: Sequence[Row]) -> EntityCard | None:
        return replace(read_card(rows[0]["card"]), also=tuple(rows[0]["also"])) if rows else None

    return Question(cypher, read, {"id": entity_id})


def names(ids: Sequence[str]) -> Question[dict[str, str]]:
    """Ask what entities are usually called, by id; ids that no entity has are left out."""
    return Question(
        "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN e.id AS id, e.name AS name",
        lambda rows: {row["id"]: row["name"] for row in rows},
        {"ids": list(ids)},
    )


def labels(ids: Sequence[str], lang: str) -> Question[dict[str, str]]:
    """Ask what entities are called in a language (ISO 639), by id; those without such a name lack.

    Of several names in it the first one counts.
    """
    return Question(
        "UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE $lang IN e.name_langs "
        "RETURN e.id AS id, head([i IN range(0, size(e.names) - 1) "
        "WHERE e.name_langs[i] = $lang | e.names[i]]) AS label",
        lambda rows: {row["id"]: row["label"] for row in rows},
        {"ids": list(ids), "lang": lang},
    )


@dataclass(frozen=True, slots=True)
class EntityFilters:
    """Which entities are asked for. Several values of one mean any of them; nothing passes all.

    All stay at any moment; `min_ties` and the counts are of the ties that are there then.
    """

    ids: Sequence[str] = ()
    types: Sequence[str] = ()
    tags: Sequence[str] = ()
    min_ties: int = 0
    moment: Moment = Moment()  # noqa: RUF009  a value that nobody can change

    @property
    def ties(self) -> LiteralString:
        """The clause for the ties `r` of an entity `e` that are there at the moment."""
        every: LiteralString = "MATCH (e)-[r:" + TIE + "]-(:Entity) "
        if self.moment == Moment():
            return every
        return every + "WHERE any(i IN range(0, coalesce(r.claims, 0) - 1) WHERE " + COUNTS + ") "

    @property
    def degree(self) -> LiteralString:
        """The expression for how many they are."""
        return degree("e") if self.moment == Moment() else "COUNT { " + self.ties + "}"

    def asking(self, order: Sequence[str] = ORDER) -> Asking:
        """The list in an order."""
        conditions: list[tuple[str, LiteralString, Any]] = [
            ("id", "e.id IN $id", list(self.ids)),
            ("type", "e.type IN $type", list(self.types)),
            ("tag", "any(tag IN e.tags WHERE tag IN $tag)", list(self.tags)),
            ("min_ties", self.degree + " >= $min_ties", self.min_ties),
        ]
        filters = [Filter(*condition) for condition in conditions if condition[2]]
        keys = (Key("e.name"), Key("e.type"), Key(self.degree, "number"), Key("e.id", indexed=True))
        by_name = dict(zip(KEYS, keys, strict=True))
        listing = Listing("MATCH (e:Entity)", by_name, ("id",), FACETS)
        return Asking(listing, filters, "", self.moment.parameters(), order)


def entities(
    filters: EntityFilters = EntityFilters(),
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> Question[Listed[EntityCard]]:
    """Ask for entities, by default in the order of their ids."""
    item: LiteralString = (
        "{entity: properties(e), tie_counts: COLLECT { " + filters.ties
        + "WITH type(r) AS type, count(r) AS ties RETURN [type, ties] }}"
    )  # fmt: skip
    asking = filters.asking(order)
    return listed(asking, item, read_card, after=after, limit=limit, facets=facets)


def entity_table(
    filters: EntityFilters = EntityFilters(),
    order: Sequence[str] = ORDER,
) -> Table:
    """Return the table `entities`."""
    cells: LiteralString = (
        "[e.id, e.type, e.name, e.names, e.description, coalesce(e.tags, []), e.canonical_id, "
        + filters.degree
        + "]"
    )
    return Table(filters.asking(order), cells, _row)


def _row(cells: list[Any]) -> list[Any]:
    """Put names and tags into one text each."""
    entity_id, kind, label, names, description, tags, *rest = cells
    return [entity_id, kind, label, "; ".join(names), description, " ".join(tags) or None, *rest]


def read_card(row: Row) -> EntityCard:
    """Return the entity that `CARD` described."""
    return EntityCard(
        entity=read_entity(row["entity"]),
        tie_counts=dict(sorted(row["tie_counts"])),
        canonical_id=row["entity"].get("canonical_id"),
    )
