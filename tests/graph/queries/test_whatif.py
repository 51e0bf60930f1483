"""graph/queries/whatif.py: the store's answer, against really taking claims out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.model import Retraction
from graph.projection import merged, superseded
from graph.queries.moment import Moment
from graph.queries.whatif import what_if
from graph.queries.whole_graph import whole_graph
from graph.store.loader import load
from tests.conftest import empty
from tests.graph.store.test_loader import FEW
from tests.removal import comparison, expected, without
from tests.strategies import (
    DAY,
    asked_days,
    datasets,
    make_claim,
    make_dataset,
    make_judgement,
    make_source,
    write,
)
from tests.sync_store import SyncStore


def speaks(dataset: Dataset, speaker: str) -> set[str]:
    """The claims whose chain names a speaker, or a document that it published.

    Judgements say who is the same.
    """
    one = merged(dataset.judgements)
    same = one.get(speaker, speaker)

    def names(link: str) -> set[str]:
        publisher = dataset.sources[link].publisher if link in dataset.sources else None
        return {one.get(i, i) for i in (link, publisher) if i}

    return {c.id for c in dataset.claims if any(same in names(link) for link in c.said_by)}


@FEW
@given(datasets(max_claims=30), asked_days, asked_days, st.booleans(), st.data())
def test_it_equals_taking_the_claims_out_and_loading(
    store: SyncStore,
    tmp_path: Path,
    dataset: Dataset,
    as_of: date | None,
    known_by: date | None,
    certain: bool,
    data: st.DataObject,
) -> None:
    """Without a source, a speaker, some claims, or all of that: as an empty store would have it."""
    empty(store)
    load(store, [write(tmp_path / "whole", dataset)])
    speakers = [link for claim in dataset.claims for link in claim.said_by]
    speaker = data.draw(st.sampled_from(speakers))
    some = data.draw(st.sets(st.sampled_from([c.id for c in dataset.claims]), max_size=5))
    moment = Moment(as_of, known_by, certain)
    source = {c.id for c in dataset.claims if "source-1" in c.said_by}
    of_speaker = speaks(dataset, speaker)
    live = {c.id for c in dataset.claims if not c.retracted} - superseded(dataset.claims)
    for choice, claim_ids in (
        ({"sources": ["source-1"]}, source),
        ({"speakers": [speaker]}, of_speaker),
        ({"claims": sorted(some)}, some),
        ({"sources": ["source-1"], "speakers": [speaker], "claims": sorted(some)},
         source | of_speaker | some),
    ):  # fmt: skip
        answer = store.read(lambda reader, choice=choice: what_if(reader, **choice, moment=moment))
        after = without(dataset, claim_ids)
        assert answer.ties == expected(dataset, after, as_of, known_by, certain)
        assert answer.claims == len(claim_ids & live)
    answer_at_all_times = store.read(lambda reader: what_if(reader, **choice)).ties
    before = {
        tie.key: tie for tie in store.read(lambda reader: whole_graph(reader, limit=1_000)).ties
    }
    empty(store)
    load(store, [write(tmp_path / "rest", after)])
    rest = {
        tie.key: tie for tie in store.read(lambda reader: whole_graph(reader, limit=1_000)).ties
    }
    assert comparison(before, rest) == answer_at_all_times


def test_merged_speakers_are_one(store: SyncStore, tmp_path: Path) -> None:
    """Who speaks through either id speaks."""
    claims = [make_claim(said_by=["source-1", f"person-{n}"], when=f"201{n}") for n in (1, 2)]
    judgements = [make_judgement("person-1", "person-2")]
    load(store, [write(tmp_path, make_dataset(claims=claims, judgements=judgements))])
    for speaker in ("person-1", "person-2"):
        answer = store.read(lambda reader, i=speaker: what_if(reader, speakers=[i]))
        assert (answer.claims, len(answer.ties.fall)) == (2, 1)
        assert answer.names == {"company-1": "Company 1", "state-1": "State 1"}


def test_claims_that_cite_a_source_are_counted(store: SyncStore, tmp_path: Path) -> None:
    """Beside its own; one that was withdrawn is counted nowhere. A publisher has its sources."""
    withdrawn = Retraction(on=DAY, reason="A mistake.")
    claims = [
        make_claim("source-1"),
        make_claim("source-2", said_by=["source-2", "source-1"]),
        make_claim("source-1", when="2010", retracted=withdrawn),
    ]
    documents = [make_source("source-1", publisher="A House"), make_source("source-2")]
    load(store, [write(tmp_path, make_dataset(documents, claims=claims))])
    answer = store.read(lambda reader: what_if(reader, sources=["source-1"]))
    assert (answer.claims, answer.citing, len(answer.ties.fall)) == (2, 1, 1)
    answer = store.read(lambda reader: what_if(reader, publishers=["A House"]))
    assert (answer.claims, answer.citing, len(answer.ties.fall)) == (2, 0, 1)
