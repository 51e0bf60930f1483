"""Entities: one, a list, and what they are called in a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from graph.model import Duplicate, Entity
from graph.queries.clauses import collect, lines, record, where
from graph.queries.lists import (
    Filter,
    ListPage,
    ListQuery,
    ListSpec,
    SortKey,
    Table,
    in_datasets,
    negated,
    read_page,
)
from graph.queries.moment import ALWAYS, Moment, counts
from graph.queries.parts import TIE, degree, label, own_columns
from graph.question import Question, Reader, Row
from graph.store.mapping import read_entity, read_judgement
from graph.tables import cells

ORDER = ("id",)
KEYS = ("label", "type", "ties", "id")
FACETS: Mapping[str, LiteralString] = {
    "type": "WITH e.type AS value, null AS label",
    "tag": "UNWIND coalesce(e.tags, []) AS value\nWITH value, null AS label",
    "dataset": "UNWIND e.datasets AS value\nWITH value, null AS label",
    "country": "WITH e.country AS value, null AS label",
}


@dataclass(frozen=True, slots=True)
class EntityCard:
    """An entity with the number of its ties by type, and the id that it is merged into, if any.

    `duplicates` are the entities that are merged into it; only `entity` reads them.
    """

    entity: Entity
    tie_counts: dict[str, int]
    canonical_id: str | None
    duplicates: tuple[Duplicate, ...] = ()


def ties_at(moment: Moment) -> LiteralString:
    """Return the clauses for the ties `r` of an entity `e` that are there at a moment."""
    match: LiteralString = "MATCH (e)-[r:" + TIE + "]-(:Entity)"
    if moment.timeless:
        return match
    condition = counts(moment, "r.claim_", "[i]")
    return lines(
        match, where("any(i IN range(0, coalesce(r.claims, 0) - 1) WHERE " + condition + ")")
    )


def degree_at(moment: Moment) -> LiteralString:
    """Return the expression for how many ties an entity `e` has at a moment."""
    return degree("e") if moment.timeless else "COUNT { " + ties_at(moment) + " }"


def _card_columns(moment: Moment) -> dict[LiteralString, LiteralString]:
    tie_counts = collect(
        ties_at(moment),
        "WITH type(r) AS type, count(r) AS ties",
        "RETURN [type, ties]",
    )
    return {"entity": "properties(e)", "tie_counts": tie_counts}


#: What a statement returns of an entity `e`; `read_card` reads it.
CARD = record(_card_columns(ALWAYS))
#: The entities that are merged into an entity `e`; `_duplicates` reads them.
_DUPLICATES: LiteralString = collect(
    "MATCH (m:Entity {canonical_id: e.id})",
    "WITH m ORDER BY m.id",
    "RETURN {entity: properties(m), judgements: COLLECT {",
    "  MATCH (m)-[j:JUDGED {verdict: 'same'}]-(:Entity)",
    "  WITH DISTINCT j ORDER BY j.on, j.id",
    "  RETURN {row: j {.*, on: toString(j.on)}, left: startNode(j).id, right: endNode(j).id}",
    "}}",
)


def entity(entity_id: str, moment: Moment = ALWAYS) -> Question[EntityCard | None]:
    """Ask for one entity with its ties at a moment; None if there is no such id."""
    cypher = lines(
        "MATCH (e:Entity {id: $id} WHERE e.content_hash IS NOT NULL)",
        "RETURN " + record(_card_columns(moment)) + " AS card,",
        _DUPLICATES + " AS duplicates",
    )

    def read(rows: Sequence[Row]) -> EntityCard | None:
        if not rows:
            return None
        return replace(read_card(rows[0]["card"]), duplicates=_duplicates(rows[0]))

    return Question(cypher, read, {"id": entity_id, **moment.parameters()})


def duplicates(entity_id: str) -> Question[tuple[Duplicate, ...]]:
    """Ask for the entities that are merged into one, in the order of their ids."""
    return Question(
        lines("MATCH (e:Entity {id: $id})", "RETURN " + _DUPLICATES + " AS duplicates"),
        lambda rows: _duplicates(rows[0]) if rows else (),
        {"id": entity_id},
    )


def _duplicates(row: Row) -> tuple[Duplicate, ...]:
    return tuple(
        Duplicate(
            read_entity(duplicate["entity"]),
            tuple(read_judgement(**judgement) for judgement in duplicate["judgements"]),
        )
        for duplicate in row["duplicates"]
    )


def names(ids: Sequence[str]) -> Question[dict[str, str]]:
    """Ask what entities are usually called, by id; unknown ids are omitted."""
    return Question(
        lines(
            "UNWIND $ids AS id",
            "MATCH (e:Entity {id: id})",
            "RETURN e.id AS id, e.name AS name",
        ),
        lambda rows: {row["id"]: row["name"] for row in rows},
        {"ids": list(ids)},
    )


def plurals(ids: Sequence[str]) -> Question[frozenset[str]]:
    """Ask which of some entities have a name in the plural."""
    return Question(
        "MATCH (e:Entity) WHERE e.id IN $ids AND e.plural RETURN collect(e.id) AS ids",
        lambda rows: frozenset(rows[0]["ids"]),
        {"ids": list(ids)},
    )


def labels(ids: Sequence[str], lang: str) -> Question[dict[str, str]]:
    """Ask what entities are called in a language (ISO 639), by id.

    Of several names in it the first one counts; entities without one are omitted.
    """
    return Question(
        lines(
            "UNWIND $ids AS id",
            "MATCH (e:Entity {id: id}) WHERE $lang IN e.name_langs",
            "RETURN e.id AS id, head([i IN range(0, size(e.names) - 1)",
            "  WHERE e.name_langs[i] = $lang | e.names[i]]) AS label",
        ),
        lambda rows: {row["id"]: row["label"] for row in rows},
        {"ids": list(ids), "lang": lang},
    )


@dataclass(frozen=True, slots=True)
class EntityFilters:
    """Conditions on entities. Several values of one mean any of them; one without passes all.

    No moment leaves an entity out; `min_ties` and the counts are of the ties that are there then.
    `hits` are the ids that a search has found, the best first, `identifiers` values of any scheme.
    Entities that pass one of `negations`, each of which has one condition, are left out.
    """

    ids: Sequence[str] = ()
    types: Sequence[str] = ()
    tags: Sequence[str] = ()
    min_ties: int = 0
    moment: Moment = ALWAYS
    datasets: Sequence[str] = ()
    countries: Sequence[str] = ()
    identifiers: Sequence[str] = ()
    hits: Sequence[str] | None = None
    negations: Sequence[EntityFilters] = ()

    def conditions(self) -> Iterator[Filter]:
        """Yield the conditions."""
        yield from self._conditions("")
        for negation in self.negations:
            yield from negated(negation._conditions("not_"))
        if self.hits is not None:
            yield Filter("q", "e.id IN $hits", {"hits": list(self.hits)})
        if self.min_ties:
            condition = degree_at(self.moment) + " >= $min_ties"
            yield Filter("min_ties", condition, {"min_ties": self.min_ties})

    def _conditions(self, prefix: LiteralString) -> Iterator[Filter]:
        """Yield the conditions with several values; the names of these begin with `prefix`."""
        if self.datasets:
            yield in_datasets("e", self.datasets, prefix + "datasets")
        identifiers: LiteralString = "any(value IN e.identifier_values WHERE value IN $"
        tests: list[tuple[str, LiteralString, LiteralString, LiteralString, Sequence[str]]] = [
            ("id", "e.id IN $", "ids", "", self.ids),
            ("type", "e.type IN $", "types", "", self.types),
            ("tag", "any(tag IN e.tags WHERE tag IN $", "tags", ")", self.tags),
            ("country", "e.country IN $", "countries", "", self.countries),
            ("identifier", identifiers, "identifiers", ")", self.identifiers),
        ]
        for name, test, parameter, end, values in tests:
            if values:
                condition = test + prefix + parameter + end
                yield Filter(name, condition, {prefix + parameter: list(values)})

    def query(self, order: Sequence[str] = ORDER) -> ListQuery[EntityCard]:
        """Return the list of the entities that pass, in an order.

        By `relevance`, which they have only where there are `hits`, the best hit comes first.
        """
        keys: dict[LiteralString, SortKey] = {
            "label": SortKey("e.name"),
            "type": SortKey("e.type"),
            "ties": SortKey(degree_at(self.moment), "number"),
            "id": SortKey("e.id", indexed=True),
        }
        values: dict[str, Any] = {**self.moment.parameters()}
        if self.hits is not None:
            keys["relevance"] = SortKey("$places[e.id]", "number")
            values["places"] = {hit: place for place, hit in enumerate(self.hits)}
        spec = ListSpec("MATCH (e:Entity WHERE e.content_hash IS NOT NULL)", keys, ("id",), FACETS)
        columns = _card_columns(self.moment)
        return ListQuery(spec, list(self.conditions()), columns, read_card, order, values)


async def entities(
    reader: Reader,
    filters: EntityFilters = EntityFilters(),
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> ListPage[EntityCard]:
    """Read entities, by default in the order of their ids."""
    query = filters.query(order)
    return await read_page(reader, query, after=after, limit=limit, facets=facets)


def entity_table(
    filters: EntityFilters = EntityFilters(), order: Sequence[str] = ORDER, lang: str = "en"
) -> Table:
    """Return the table `entities`, with labels in a language."""
    columns: dict[LiteralString, LiteralString] = {
        "entity": own_columns(
            "e", Entity, ".canonical_id", ".identifier_schemes", ".identifier_values"
        ),
        "label": label("e", lang),
        "ties": degree_at(filters.moment),
    }
    query = filters.query(order)
    query = replace(query, parameters={**query.parameters, "lang": lang})
    return Table("entities", query.read_as(columns, _table_row))


def _table_row(row: Row) -> dict[str, Any]:
    """Return the cells of the table `entities`, in which `; ` stands between names."""
    entity = row["entity"]
    identifiers = zip(
        entity["identifier_schemes"] or (), entity["identifier_values"] or (), strict=True
    )
    return {
        **cells(Entity, entity),
        "canonical_id": entity["canonical_id"],
        "label": row["label"],
        "names": "; ".join(entity["names"]),
        "ties": row["ties"],
        "plural": bool(entity["plural"]),
        "identifiers": "; ".join(map(" ".join, identifiers)) or None,
    }


def read_card(row: Row) -> EntityCard:
    """Read the columns of `CARD`."""
    return EntityCard(
        entity=read_entity(row["entity"]),
        tie_counts=dict(sorted(row["tie_counts"])),
        canonical_id=row["entity"].get("canonical_id"),
    )
