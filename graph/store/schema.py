"""The constraints and indexes of the store, derived from the ontology."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString, cast

from graph.ontology import ONTOLOGY, Ontology
from graph.store.connection import Writer

#: The full-text indexes of search, each over the `search_text` of its label. One analyzer serves
#: all scripts because the text is folded beforehand (graph.fold), Chinese into single characters.
#: There are no stop words: a common word of English may be a name elsewhere.
TEXT_INDEXES = {"Entity": "entity_names", "Claim": "claim_summaries", "Source": "source_titles"}


def checked(name: str) -> LiteralString:
    """Return a label, an edge type or an index name of the validated ontology, for a statement.

    Cypher cannot take such names as parameters. Never pass a value of a request. Raises
    `ValueError` for a name that would need quoting.
    """
    if not name.replace("_", "a").isalnum():
        raise ValueError(f"{name!r} is not a name that Cypher accepts unquoted")
    return cast(LiteralString, name)  # type: ignore[redundant-cast]


def statements(ontology: Ontology = ONTOLOGY) -> dict[str, LiteralString]:
    """Return the statement that creates each constraint and index, by its name."""
    return dict(_statements(ontology))


def _statements(ontology: Ontology) -> Iterator[tuple[str, LiteralString]]:
    for label in ("Entity", "Source", "Claim", "Dataset", "Snapshot", "Change", "Sightlines"):
        name = checked(f"{label.lower()}_id")
        yield (
            name,
            f"CREATE CONSTRAINT {name} IF NOT EXISTS "
            f"FOR (n:{checked(label)}) REQUIRE n.id IS UNIQUE",
        )
    yield "judged_id", "CREATE INDEX judged_id IF NOT EXISTS FOR ()-[r:JUDGED]-() ON (r.id)"
    yield (
        "change_sequence",
        "CREATE INDEX change_sequence IF NOT EXISTS FOR (n:Change) ON (n.sequence)",
    )
    # Contains merged entities only: no other entity has the property.
    yield (
        "entity_canonical",
        "CREATE INDEX entity_canonical IF NOT EXISTS FOR (n:Entity) ON (n.canonical_id)",
    )
    for label in ontology.types:
        name = checked(f"{label.lower()}_name")
        yield name, f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{checked(label)}) ON (n.name)"
    for label, index in TEXT_INDEXES.items():
        yield (
            index,
            f"CREATE FULLTEXT INDEX {checked(index)} IF NOT EXISTS "
            f"FOR (n:{checked(label)}) ON EACH [n.search_text] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}",
        )


def prepare(writer: Writer) -> None:
    """Create missing constraints and indexes, and wait until every index is online."""
    # Each constraint has an index of its own name. Neo4j plans each schema statement again: reading
    # the names once costs less than 24 statements that do nothing.
    existing = {row["name"] for row in writer.run("SHOW INDEXES YIELD name RETURN name")}
    for name, statement in statements().items():
        if name not in existing:
            writer.run(statement)
    writer.run("CALL db.awaitIndexes(120)")
