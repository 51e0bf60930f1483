"""The constraints and indexes of the store, derived from the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, LiteralString, NamedTuple, cast

from neo4j import Record

from graph.ontology import ONTOLOGY, Ontology, claim_label
from graph.properties import edges, properties
from graph.store.connection import Writer

#: The full-text indexes of search, each over the `search_text` of its label. One analyzer serves
#: all scripts because the text is folded beforehand (graph.fold), Chinese into single characters.
#: There are no stop words: a common word of English may be a name elsewhere.
ANALYZER: LiteralString = "standard-no-stop-words"
TEXT_INDEXES = {"Entity": "entity_names", "Claim": "claim_summaries", "Source": "source_titles"}


def literal(name: str) -> LiteralString:
    """Return a label, an edge type or an index name of the validated ontology, for a statement.

    Cypher cannot take such names as parameters. Never pass a value of a request. Raises
    `ValueError` for a name that would need quoting.
    """
    if not name.replace("_", "a").isalnum():
        raise ValueError(f"{name!r} is not a name that Cypher accepts unquoted")
    # mypy takes LiteralString as str, pyright does not: the cast is for the latter.
    return cast(LiteralString, name)  # type: ignore[redundant-cast]


class Index(NamedTuple):
    """A constraint or an index: its kind as `SHOW INDEXES` has it, its label and its property."""

    name: str
    kind: Literal["UNIQUENESS", "RANGE", "FULLTEXT"]
    label: str
    key: str

    @property
    def statement(self) -> LiteralString:
        """The statement that creates it unless it exists."""
        name, label, key = literal(self.name), literal(self.label), literal(self.key)
        if self.kind == "UNIQUENESS":
            return (
                f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
            )
        if self.kind == "FULLTEXT":
            return (
                f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [n.{key}] "
                "OPTIONS {indexConfig: {`fulltext.analyzer`: '" + ANALYZER + "'}}"
            )
        item: LiteralString = f"()-[n:{label}]-()" if self.label.isupper() else f"(n:{label})"
        return f"CREATE INDEX {name} IF NOT EXISTS FOR {item} ON (n.{key})"

    def is_hindered_by(self, row: Record) -> bool:
        """Whether Neo4j does not create it beside an index of another name, as `_INDEXES` tells."""
        kind = "RANGE" if self.kind == "UNIQUENESS" else self.kind
        parts = ([self.label], [self.key], kind)
        return row["name"] != self.name and parts == (row["labels"], row["properties"], row["kind"])


def indexes(ontology: Ontology = ONTOLOGY) -> dict[str, Index]:
    """Return each constraint and index by its name."""
    return {index.name: index for index in _indexes(ontology)}


def statements(ontology: Ontology = ONTOLOGY) -> dict[str, LiteralString]:
    """Return the statement that creates each constraint and index, by its name."""
    return {name: index.statement for name, index in indexes(ontology).items()}


def _indexes(ontology: Ontology) -> Iterator[Index]:
    for label in properties().nodes:
        yield Index(f"{label.lower()}_id", "UNIQUENESS", label, "id")
    yield Index("judged_id", "RANGE", "JUDGED", "id")
    yield Index("change_sequence", "RANGE", "Change", "sequence")
    # Contains merged entities only: no other entity has the property.
    yield Index("entity_canonical", "RANGE", "Entity", "canonical_id")
    yield Index("claim_origin", "RANGE", "Claim", "origin_id")
    # Contains retracted claims only. `predicate`, `first` and `known_from` have none: Neo4j would
    # read all that are in a range where an entity or a source leads to a few (8 ms became 1,700).
    # Ties have none: an index holds one type of edge, of some 40.
    yield Index("claim_retracted", "RANGE", "Claim", "retracted_on")
    for label in ontology.types:
        yield Index(f"{label.lower()}_name", "RANGE", label, "name")
    for label, name in TEXT_INDEXES.items():
        yield Index(name, "FULLTEXT", label, "search_text")


def tokens(ontology: Ontology = ONTOLOGY) -> dict[TokenKind, frozenset[str]]:
    """Return every label, type and property that docs/graph.md names.

    Neo4j warns of a name that no token has: with all of them there, it warns of misspelt ones only.
    """
    documented = properties()
    names = {name for label in documented.nodes for name in documented.of_node(label, ontology)}
    names |= {name for kind in documented.edges for name in documented.of_edge(kind)}
    labels = {*documented.nodes, *ontology.types, *map(claim_label, ontology.predicates)}
    return {
        "label": frozenset(labels),
        "type": frozenset(edge.type for edge in edges(ontology)),
        "property": frozenset(names),
    }


TokenKind = Literal["label", "type", "property"]
#: What creates a token. `db.labels` and the like list only those that are in use.
_CREATE_TOKEN: Mapping[TokenKind, LiteralString] = {
    "label": "CALL db.createLabel(name)",
    "type": "CALL db.createRelationshipType(name)",
    "property": "CALL db.createProperty(name)",
}
_TOKENS: LiteralString = """CALL db.stats.retrieve('TOKENS') YIELD data
RETURN data.labels AS label, data.relationshipTypes AS type, data.propertyKeys AS property"""
#: Constraints on our labels, and all indexes. The index of a constraint has its name.
_INDEXES: LiteralString = """SHOW INDEXES
YIELD name, type, labelsOrTypes, properties, state, owningConstraint, options
RETURN name, CASE WHEN owningConstraint IS NULL THEN type ELSE 'UNIQUENESS' END AS kind,
  labelsOrTypes AS labels, properties, state,
  options.indexConfig['fulltext.analyzer'] AS analyzer"""
_CONSTRAINTS: LiteralString = """SHOW CONSTRAINTS YIELD name, labelsOrTypes
RETURN name, labelsOrTypes AS labels"""


class SchemaDifference(NamedTuple):
    """What is not as the schema says: the kind of object, its name, its definition there and ours.

    A definition is a text, and None where the object is missing. A constraint of somebody else may
    refuse what a load writes, and an index may be in the place of one of ours: ours for it is None.
    Other indexes of somebody else are harmless.
    """

    kind: Literal["index", "constraint", TokenKind]
    name: str
    current: str | None
    expected: str | None


def differences(writer: Writer) -> Iterator[SchemaDifference]:
    """Yield the constraints, indexes and tokens of a store that differ from the schema."""
    current = {row["name"]: row for row in writer.run(_INDEXES)}
    expected = indexes()
    for name, index in expected.items():
        row = current.get(name)
        text = None if row is None else _definition(row)
        ours = f"{index.kind} ON {index.label} ({index.key})"
        if text != ours:
            yield SchemaDifference(
                "constraint" if index.kind == "UNIQUENESS" else "index", name, text, ours
            )
    for row in current.values():
        if any(index.is_hindered_by(row) for index in expected.values()):
            yield SchemaDifference("index", row["name"], _definition(row), None)
    labels = tokens()["label"] | tokens()["type"]
    for row in writer.run(_CONSTRAINTS):
        if row["name"] not in expected and labels & set(row["labels"]):
            yield SchemaDifference("constraint", row["name"], f"ON {row['labels'][0]}", None)
    for token, names in _missing_tokens(writer):
        for name in names:
            yield SchemaDifference(token, name, None, name)


def _definition(row: Record) -> str:
    """Return what `SHOW INDEXES` tells of an index in the words of `differences`."""
    text = (
        f"{row['kind']} ON {'|'.join(row['labels'] or ())} ({', '.join(row['properties'] or ())})"
    )
    if row["kind"] == "FULLTEXT" and row["analyzer"] != ANALYZER:
        text += f" with the analyzer {row['analyzer']}"
    return text if row["state"] == "ONLINE" else f"{text}, {row['state']}"


def _missing_tokens(writer: Writer) -> Iterator[tuple[TokenKind, list[str]]]:
    (row,) = writer.run(_TOKENS)
    for kind, names in tokens().items():
        yield kind, sorted(names.difference(row[kind]))


def drop_others(writer: Writer) -> None:
    """Drop what has the name of one of ours and is another, and other constraints on our labels."""
    for difference in differences(writer):
        if difference.kind in ("index", "constraint") and difference.current is not None:
            for kind in _DROP:
                writer.run(kind, {"name": difference.name})


#: What has the name of a constraint of ours may be an index.
_DROP: tuple[LiteralString, ...] = (
    "DROP CONSTRAINT $name IF EXISTS",
    "DROP INDEX $name IF EXISTS",
)


def prepare(writer: Writer) -> None:
    """Create missing constraints, indexes and tokens, and wait until every index is online."""
    # Each constraint has an index of its own name. Neo4j plans each schema statement again: reading
    # the names once costs less than 24 statements that do nothing.
    existing = {row["name"]: row for row in writer.run(_INDEXES)}
    for name, index in indexes().items():
        if name not in existing:
            for row in filter(index.is_hindered_by, existing.values()):
                writer.run("DROP INDEX $name IF EXISTS", {"name": row["name"]})
            writer.run(index.statement)
    for kind, names in _missing_tokens(writer):
        if names:
            writer.run("UNWIND $names AS name " + _CREATE_TOKEN[kind], {"names": names})
    writer.run("CALL db.awaitIndexes(120)")
