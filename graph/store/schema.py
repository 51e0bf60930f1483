"""The constraints and indexes of the store, derived from the ontology."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString, cast

from graph.ontology import ONTOLOGY, Ontology
from graph.store.connection import Store

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


def statements(ontology: Ontology = ONTOLOGY) -> Iterator[LiteralString]:
    """Yield the statements that make the schema; each can be run again and again."""
    for label in ("Entity", "Source", "Claim", "Snapshot", "Change", "Sightlines"):
        name = checked(label.lower())
        yield (
            f"CREATE CONSTRAINT {name}_id IF NOT EXISTS "
            f"FOR (n:{checked(label)}) REQUIRE n.id IS UNIQUE"
        )
    yield "CREATE INDEX judged_id IF NOT EXISTS FOR ()-[r:JUDGED]-() ON (r.id)"
    yield "CREATE INDEX change_sequence IF NOT EXISTS FOR (n:Change) ON (n.sequence)"
    # Holds merged entities only, since no other has the property.
    yield "CREATE INDEX entity_canonical IF NOT EXISTS FOR (n:Entity) ON (n.canonical_id)"
    for label in ontology.types:
        name = checked(label.lower())
        yield f"CREATE INDEX {name}_name IF NOT EXISTS FOR (n:{checked(label)}) ON (n.name)"
    for label, index in TEXT_INDEXES.items():
        yield (
            f"CREATE FULLTEXT INDEX {checked(index)} IF NOT EXISTS "
            f"FOR (n:{checked(label)}) ON EACH [n.search_text] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}"
        )


def prepare(store: Store) -> None:
    """Make the schema and wait until every index answers."""
    for statement in statements():
        store.run(statement)
    store.run("CALL db.awaitIndexes(120)")
