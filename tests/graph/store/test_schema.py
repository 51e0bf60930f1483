"""graph/store/schema.py: constraints and indexes, derived from the ontology."""

from __future__ import annotations

from typing import Any

import pytest

from graph.ontology import ONTOLOGY
from graph.store.schema import TEXT_INDEXES, literal, prepare, statements
from tests.sync_store import SyncStore

_CONSTRAINTS = (
    "SHOW CONSTRAINTS YIELD labelsOrTypes AS labels, properties RETURN labels, properties"
)
_INDEXES = (
    "SHOW INDEXES YIELD name, state, type, labelsOrTypes AS labels, properties "
    "RETURN name, state, type, labels, properties"
)


def schema_rows(store: SyncStore, statement: str) -> list[list[Any]]:
    """The rows of a SHOW statement."""
    return store.rows(statement)


def test_the_schema_is_made_and_made_again(store: SyncStore) -> None:
    """Ids are unique; each type's names and all names together are indexed; all is online."""
    prepare(store)
    # Neo4j creates neither ours beside one of another name.
    for name, label, key in (("claim_id", "Claim", "id"), ("claim_origin", "Claim", "origin_id")):
        store.run(f"DROP {'CONSTRAINT' if key == 'id' else 'INDEX'} {name}")
        store.run(f"CREATE INDEX other_{name} FOR (n:{label}) ON (n.{key})")
    prepare(store)
    unique = {
        labels[0] for labels, properties in schema_rows(store, _CONSTRAINTS) if properties == ["id"]
    }
    assert unique == {
        "Entity", "Source", "Claim", "Dataset", "Snapshot", "Change", "Sightlines"
    }  # fmt: skip
    indexes = schema_rows(store, _INDEXES)
    columns = {name: (kind, labels, properties) for name, _, kind, labels, properties in indexes}
    for name in ONTOLOGY.types:
        assert columns[f"{name.lower()}_name"] == ("RANGE", [name], ["name"])
    for label, index in TEXT_INDEXES.items():
        assert columns[index] == ("FULLTEXT", [label], ["search_text"])
    assert columns["claim_origin"] == ("RANGE", ["Claim"], ["origin_id"])
    assert not [name for name in columns if name.startswith("other_")]
    assert columns["judged_id"] == ("RANGE", ["JUDGED"], ["id"])
    assert {state for _, state, *_ in indexes} == {"ONLINE"}


def test_a_type_more_is_an_index_more() -> None:
    """The schema names no type by itself."""
    more = ONTOLOGY.model_copy(update={"types": {**ONTOLOGY.types, "Ship": None}})
    (added,) = statements(more).items() - statements().items()
    assert added == ("ship_name", "CREATE INDEX ship_name IF NOT EXISTS FOR (n:Ship) ON (n.name)")


@pytest.mark.parametrize("name", ["a b", "a)", "`a`", "a-b", ""])
def test_only_names_go_into_a_statement(name: str) -> None:
    """Whatever is not made of letters, digits and underscores is refused."""
    with pytest.raises(ValueError, match="is not a name that Cypher accepts"):
        literal(name)
