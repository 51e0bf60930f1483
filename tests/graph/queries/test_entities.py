"""graph/queries/entities.py: one entity."""

from __future__ import annotations

from pathlib import Path

from graph.model import Entity
from graph.queries.entities import duplicates, entity
from graph.store.loader import load
from tests.strategies import make_claim, make_dataset, make_judgement, write
from tests.sync_store import SyncStore


def test_an_entity_counts_its_ties_and_knows_its_canonical_id(
    store: SyncStore, tmp_path: Path
) -> None:
    """Counts are by type and over both directions; a merged id has none and says whose they are."""
    claims = [
        make_claim(roles={"supplier": "company-2", "recipient": ["state-1", "state-2"]}),
        make_claim(roles={"supplier": "state-1", "recipient": "company-1"}),
    ]
    merged = make_dataset(claims=claims, judgements=[make_judgement("company-1", "company-2")])
    load(store, [write(tmp_path / "data", merged)])
    one, other = store.ask(entity("company-1")), store.ask(entity("company-2"))
    assert one is not None
    assert other is not None
    assert (one.tie_counts, one.canonical_id) == ({"SUPPLIES": 3}, None)
    assert (other.tie_counts, other.canonical_id) == ({}, "company-1")
    assert other.entity.id == "company-2"
    assert [duplicate.entity.id for duplicate in one.duplicates] == ["company-2"]
    assert other.duplicates == ()
    assert store.ask(entity("ghost")) is None


def test_a_duplicate_has_the_judgements_that_name_it(store: SyncStore, tmp_path: Path) -> None:
    """In a chain each has its own; one that keeps entities apart merges nothing."""
    judgements = [
        make_judgement("company-1", "company-2"),
        make_judgement("company-2", "company-3"),
        make_judgement("company-1", "company-4", "different"),
    ]
    cast = {
        f"company-{n}": Entity(id=f"company-{n}", type="Company", names=[f"Firm {n}"])
        for n in range(1, 5)
    }
    load(store, [write(tmp_path / "data", make_dataset(entities=cast, judgements=judgements))])
    first, second, _ = judgements
    cards = store.ask(duplicates("company-1"))
    assert [duplicate.entity.label for duplicate in cards] == ["Firm 2", "Firm 3"]
    assert {j.id for j in cards[0].judgements} == {first.id, second.id}
    assert cards[1].judgements == (second,)
    one = store.ask(entity("company-1"))
    assert one is not None and one.duplicates == cards
    assert store.ask(duplicates("company-4")) == store.ask(duplicates("ghost")) == ()
