"""Entities that names in a table may mean: many names, or many identifiers, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from graph.matching import Form, forms, lucene
from graph.queries.clauses import lines
from graph.question import Question, Row
from graph.reconciliation import MergedEntity
from graph.store.mapping import read_entity

#: Entities that are compared with each name, and those that are looked at to choose them.
COMPARED, _MOST = 30, 200
#: Words of a name by which it is looked up: an index takes no more than some hundred at once.
_MOST_WORDS = 20

_ENTITY: LiteralString = """properties(e) AS entity,
  COLLECT { MATCH (m:Entity {canonical_id: e.id}) RETURN properties(m) ORDER BY m.id } AS merged"""


@dataclass(frozen=True, slots=True)
class NameHits:
    """The entities whose names come nearest to a name.

    `complete` says that an entity with that very name is among them, if there is one.
    """

    entities: tuple[MergedEntity, ...] = ()
    complete: bool = True


#: Every word of a name has to be there for it to be the same; any may be, for it to be like it.
_BY_NAMES: LiteralString = (
    """UNWIND range(0, size($queries) - 1) AS place
WITH place, $queries[place] AS name
CALL (name) {
  CALL (name) {
    UNWIND name.every AS query
    CALL db.index.fulltext.queryNodes('entity_names', query, {limit: $most})
    YIELD node, score
    RETURN node AS n, score, true AS every
  UNION ALL
    UNWIND name.some AS query
    CALL db.index.fulltext.queryNodes('entity_names', query, {limit: $most})
    YIELD node, score
    RETURN node AS n, score, false AS every
  }
  WITH collect({n: n, score: score, every: every}) AS hits
  WITH hits, size([hit IN hits WHERE hit.every]) < $most AS complete
  UNWIND hits AS hit
  WITH complete, hit.n AS n, hit.score AS score
  OPTIONAL MATCH (canonical:Entity {id: n.canonical_id})
  WITH complete, coalesce(canonical, n) AS e, score,
    any(line IN name.lines WHERE '\\n' + n.search_text + '\\n' CONTAINS '\\n' + line + '\\n')
      AS exact
  WHERE size(name.types) = 0 OR e.type IN name.types
  WITH complete, e, max(exact) AS exact, max(score) AS score
  ORDER BY exact DESC, score DESC, e.id
  LIMIT $compared
  RETURN complete, e, exact, score
}
RETURN place, complete, """
    + _ENTITY
    + "\nORDER BY place, exact DESC, score DESC, e.id"
)


def by_names(names: Sequence[tuple[str, Sequence[str]]]) -> Question[tuple[NameHits, ...]]:
    """Ask for the entities of some types whose names come nearest to each name, in their order.

    No types are all types. A name without a letter or a digit has no entities.
    """

    def read(rows: Sequence[Row]) -> tuple[NameHits, ...]:
        hits: list[NameHits] = [NameHits() for _ in names]
        for row in rows:
            entities = (*hits[row["place"]].entities, _entity(row))
            hits[row["place"]] = NameHits(entities, row["complete"])
        return tuple(hits)

    queries = [_parameters(name, types) for name, types in names]
    return Question(_BY_NAMES, read, {"queries": queries, "most": _MOST, "compared": COMPARED})


def _parameters(name: str, types: Sequence[str]) -> Mapping[str, Any]:
    spellings = [Form(form.line, form.words[:_MOST_WORDS]) for form in forms(name)]

    def queries(*, every: bool) -> list[str]:
        query = " OR ".join(f"({lucene(form.words, every=every)})" for form in spellings)
        return [query] if query else []

    return {
        "lines": [form.line for form in spellings],
        "every": queries(every=True),
        "some": queries(every=False),
        "types": list(types),
    }


def by_identifiers(values: Sequence[str]) -> Question[tuple[MergedEntity, ...]]:
    """Ask for the entities that a register calls by one of some values, in the order of their ids.

    Case is left aside. A value may have the name of the register before it.
    """
    cypher = lines(
        "MATCH (n:Entity WHERE n.identifier_values IS NOT NULL)",
        "WHERE any(i IN range(0, size(n.identifier_values) - 1)",
        "  WHERE toLower(n.identifier_values[i]) IN $values",
        "  OR toLower(n.identifier_schemes[i] + ' ' + n.identifier_values[i]) IN $values",
        "  OR toLower(n.identifier_schemes[i] + ':' + n.identifier_values[i]) IN $values)",
        "OPTIONAL MATCH (canonical:Entity {id: n.canonical_id})",
        "WITH DISTINCT coalesce(canonical, n) AS e ORDER BY e.id LIMIT $most",
        "RETURN " + _ENTITY,
        "ORDER BY e.id",
    )
    parameters = {"values": [value.lower() for value in values], "most": _MOST * COMPARED}
    return Question(cypher, lambda rows: tuple(_entity(row) for row in rows), parameters)


def _entity(row: Row) -> MergedEntity:
    entity = read_entity(row["entity"])
    bearers = [entity, *map(read_entity, row["merged"])]
    names = {name: None for each in bearers for name in each.names}
    identifiers = {i: None for each in bearers for i in each.identifiers}
    return MergedEntity(entity, tuple(names), tuple(identifiers))
