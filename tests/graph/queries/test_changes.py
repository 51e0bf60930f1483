"""graph/queries/changes.py: the records that answers hold; tests/graph/store has the rest."""

from __future__ import annotations

import pytest

from graph.changes import RecordKey
from graph.model import TieKey
from graph.queries import claims, entities, records, sources
from graph.queries.changes import records_in
from graph.queries.neighbourhood import neighbourhood
from graph.queries.subgraph import subgraph
from graph.question import Question
from tests.sync_store import SyncStore

TIE = TieKey("tiandy", "SUPPLIES", "irgc")
ENTITY, SOURCE = RecordKey("entity", "tiandy"), RecordKey("source", "fdd-study")


@pytest.mark.parametrize(
    ("question", "expected", "kinds"),
    [
        (entities.entity("tiandy"), ENTITY, {"entity"}),
        (sources.source("fdd-study"), SOURCE, {"source"}),
        (subgraph([TIE]), RecordKey("tie", str(TIE)), {"tie", "entity", "claim", "source"}),
        (records.snapshots(), None, set()),
    ],
)
def test_the_records_of_an_answer_are_found(
    question: Question[object], expected: RecordKey | None, kinds: set[str], seed_store: SyncStore
) -> None:
    """Wherever they stand in it; an answer of other things has none."""
    keys = set(records_in(seed_store.ask(question)))
    assert {key.kind for key in keys} == kinds
    assert expected is None or expected in keys


def test_the_records_of_a_neighbourhood_are_found(seed_store: SyncStore) -> None:
    """Its nodes and its ties."""
    keys = set(records_in(seed_store.read(lambda reader: neighbourhood(reader, "tiandy"))))
    assert ENTITY in keys and {key.kind for key in keys} == {"tie", "entity"}


def test_a_claim_is_found_with_its_sources(seed_store: SyncStore) -> None:
    """Of a claim's card."""
    (tie,) = seed_store.ask(subgraph([TIE])).ties
    claim_id = tie.claim_ids[0]
    keys = set(records_in(seed_store.ask(claims.claim(claim_id))))
    assert RecordKey("claim", claim_id) in keys
    assert {key.kind for key in keys} >= {"claim", "source"}
