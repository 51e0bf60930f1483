"""graph/queries/changes.py: the records that answers hold; tests/graph/store has the rest."""

from __future__ import annotations

import pytest

from graph.changes import RecordKey
from graph.model import TieKey
from graph.queries import claims, entities, graphs, records, sources, ties
from graph.queries.changes import records_in
from graph.queries.tie_graphs import around
from graph.queries.tie_lists import TieFilters
from graph.question import Question
from tests.sync_store import SyncStore

TIE = TieKey("tiandy", "SUPPLIES", "irgc")
ENTITY, SOURCE = RecordKey("entity", "tiandy"), RecordKey("source", "fdd-study")


@pytest.mark.parametrize(
    ("question", "expected", "kinds"),
    [
        (entities.entity("tiandy"), ENTITY, {"entity"}),
        (sources.source("fdd-study"), SOURCE, {"source"}),
        (ties.tie(TIE), RecordKey("tie", str(TIE)), {"tie", "entity", "claim", "source"}),
        (graphs.neighbourhood("tiandy"), ENTITY, {"tie", "entity", "claim", "source"}),
        (around("tiandy", 1, 150, TieFilters()), ENTITY, {"tie", "entity"}),
        (records.snapshots(), None, set()),
    ],
)
def test_the_records_of_an_answer_are_found(
    question: Question[object], expected: RecordKey | None, kinds: set[str], seeded: SyncStore
) -> None:
    """Wherever they stand in it; an answer of other things has none."""
    found = set(records_in(seeded.ask(question)))
    assert {key.kind for key in found} == kinds
    assert expected is None or expected in found


def test_a_claim_is_found_with_its_sources(seeded: SyncStore) -> None:
    """Of a claim's card."""
    docket = seeded.ask(ties.tie(TIE))
    assert docket is not None
    (claim_id,) = docket.tie.claim_ids
    found = set(records_in(seeded.ask(claims.claim(claim_id))))
    assert RecordKey("claim", claim_id) in found
    assert {key.kind for key in found} >= {"claim", "source"}
