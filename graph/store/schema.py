"""The constraints and indexes of the store, derived from the ontology."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString, cast

from graph.ontology import ONTOLOGY, Ontology
from graph.store.connection import Writer

#: The indexes of search, each over the `search_text` of its label. One analyzer serves all scripts
#: because the text is folded before (graph.fold), Chinese into single characters; no word is left
#: out, as one that is common in English may be a name elsewhere.
TEXT_INDEXES = {"Entity": "entity_names", "Claim": "claim_summaries", "Source": "source_titles"}


def checked(name: str) -> LiteralString:
    """Vouch for a label, an edge type or an index name that the validated ontology gave.

    They cannot be parameters in Cypher. Never give it anything that comes from a request.
    """
    if not name.replace("_", "a").isalnum():
        raise ValueError(f"{name!r} is no name that Cypher takes as it stands")
    # mypy takes LiteralString as str, pyright does not: the cast is for the latter.
    return cast(LiteralString, name)  # type: ignore[redundant-cast]


def statements(ontology: Ontology = ONTOLOGY) -> dict[str, LiteralString]:
    """Return the statement that makes each constraint and index, by its name."""
    return dict(_statements(ontology))


def _statements(ontology: Ontology) -> Iterator[tuple[str, LiteralString]]:
    for label in ("Entity", "Source", "Claim", "Snapshot", "Change", "Sightlines"):
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
    # Holds merged entities only, since no other has the property.
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


def prepare(store: Writer) -> None:
    """Make what is missing of the schema and wait until every index answers."""
    # Every constraint that is made here has an index of its own name. Neo4j plans every statement
    # of a schema anew: asking once costs less than 24 that do nothing.
    held = {row["name"] for row in store.run("SHOW INDEXES YIELD name RETURN name")}
    for name, statement in statements().items():
        if name not in held:
            store.run(statement)
    store.run("CALL db.awaitIndexes(120)")
