"""graph/queries/records.py: claims, sources and snapshots by their ids."""

from __future__ import annotations

from pathlib import Path

from graph.ontology import ONTOLOGY
from graph.queries.claims import claim
from graph.queries.records import snapshot, snapshots
from graph.queries.sources import source
from graph.store.loader import load
from tests.strategies import DAY, make_claim, make_dataset, make_source, write
from tests.sync_store import SyncStore


def test_a_claim_comes_with_its_chain_and_what_became_of_it(
    store: SyncStore, tmp_path: Path
) -> None:
    """Whole, live or not; by which claim it was superseded; with sources and labels."""
    old = make_claim(when="2010", said_by=["source-1", "study", "person-1"])
    new = make_claim(when="2011", supersedes=old.id)
    withdrawn = make_claim(when="2012", supersedes=new.id, retracted={"on": DAY, "reason": "x"})
    documents = [make_source(), make_source("study", read_on=None)]
    dataset = make_dataset(documents, claims=[old, new, withdrawn])
    load(store, [write(tmp_path / "data", dataset)])
    cards = [store.ask(claim(c.id)) for c in dataset.claims]
    assert [card and card.claim for card in cards] == list(dataset.claims)
    # What a retracted claim superseded stands again.
    assert [card and card.superseded_by for card in cards] == [new.id, None, None]
    first = cards[0]
    assert first is not None
    assert first.sources == dataset.sources
    assert first.names == {"company-1": "Company 1", "person-1": "Person 1", "state-1": "State 1"}
    assert store.ask(claim("0" * 32)) is None


def test_a_source_lists_its_claims_and_who_cites_it(store: SyncStore, tmp_path: Path) -> None:
    """By predicate; and apart from them the claims of others that name it in their chains."""
    own = make_claim("study")
    citing = make_claim("article", said_by=["article", "study"])
    documents = [make_source("study"), make_source("article")]
    load(store, [write(tmp_path / "data", make_dataset(documents, claims=[own, citing]))])
    card = store.ask(source("study"))
    assert card is not None
    assert card.source == documents[0]
    assert (card.claims, card.cited_by) == ({"supplies": [own.id]}, (citing.id,))
    other = store.ask(source("article"))
    assert other is not None
    assert (other.claims, other.cited_by) == ({"supplies": [citing.id]}, ())
    assert store.ask(source("ghost")) is None


def test_snapshots_come_newest_first(store: SyncStore, tmp_path: Path) -> None:
    """With their counts, their ontology and the day and time in UTC."""
    ids = []
    for number in (1, 2, 3):
        records_ = [make_claim(when=f"{2000 + n}") for n in range(number)]
        ids.append(load(store, [write(tmp_path / "data", make_dataset(claims=records_))]).snapshot)
    page = store.ask(snapshots(limit=2))
    assert ([s.id for s in page.items], page.total) == (ids[:0:-1], 3)
    newest = page.items[0]
    assert newest.ontology == ONTOLOGY.digest
    assert newest.counts["claims"] == 3
    assert newest.completed_on.utcoffset() is not None
    assert [store.ask(snapshot(i)) for i in (newest.id, "0" * 32)] == [newest, None]


def test_an_empty_store_has_no_snapshot(store: SyncStore) -> None:
    """An empty list, and no error."""
    assert store.ask(snapshots()).items == ()
