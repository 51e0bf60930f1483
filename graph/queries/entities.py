"""Entities: one, a list, and what they are called in a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from graph.model import Entity
from graph.queries.parts import TIE, Found
from graph.question import Question, Row
from graph.rows import read_entity


@dataclass(frozen=True, slots=True)
class EntityCard:
    """An entity with the number of its ties by type, and the id that it is merged into, if any."""

    entity: Entity
    tie_counts: dict[str, int]
    canonical_id: str | None


#: What a statement returns of an entity `e`; `read_card` reads it.
CARD: LiteralString = (
    "{entity: properties(e), tie_counts: COLLECT { MATCH (e)-[r:"
    + TIE
    + "]-(:Entity) WITH type(r) AS type, count(r) AS ties RETURN [type, ties] }}"
)


def entity(entity_id: str) -> Question[EntityCard | None]:
    """Ask for one entity; None if there is no such id."""
    return Question(
        "MATCH (e:Entity {id: $id}) RETURN " + CARD + " AS card",
        lambda rows: read_card(rows[0]["card"]) if rows else None,
        {"id": entity_id},
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


def entities(
    *, types: Sequence[str] = (), after: str = "", limit: int = 50
) -> Question[Found[EntityCard]]:
    """Ask for the entities of some types (none given: all), in the order of their ids after one."""
    cypher: LiteralString = (
        "RETURN COUNT { MATCH (e:Entity) WHERE size($types) = 0 OR e.type IN $types } AS total, "
        "COLLECT { MATCH (e:Entity) WHERE e.id > $after AND (size($types) = 0 OR e.type IN $types) "
        "WITH e ORDER BY e.id LIMIT $limit + 1 RETURN " + CARD + " } AS cards"
    )

    def read(rows: Sequence[Row]) -> Found[EntityCard]:
        cards = [read_card(card) for card in rows[0]["cards"]]
        return Found(tuple(cards[:limit]), rows[0]["total"], len(cards) > limit)

    return Question(cypher, read, {"types": list(types), "after": after, "limit": limit})


def read_card(row: Row) -> EntityCard:
    """Return the entity that `CARD` described."""
    return EntityCard(
        entity=read_entity(row["entity"]),
        tie_counts=dict(sorted(row["tie_counts"])),
        canonical_id=row["entity"].get("canonical_id"),
    )
