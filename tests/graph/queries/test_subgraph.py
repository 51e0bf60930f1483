"""graph/queries/subgraph.py: ties by their keys, with their evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from graph.dataset import Dataset
from graph.model import Claim, TieKey
from graph.projection import project
from graph.queries.moment import Moment
from graph.queries.subgraph import subgraph
from graph.store.loader import load
from tests.conftest import empty
from tests.graph.queries.expected import each
from tests.strategies import datasets, make_claim, make_dataset, make_source, write
from tests.sync_store import SyncStore

SUPPLY = TieKey("company-1", "SUPPLIES", "state-1")


@pytest.fixture
def disputed() -> list[Claim]:
    """One who says so, one who denies it, and one who speaks of something else."""
    return [
        make_claim("source-1", said_by=["source-1", "study", "person-1"]),
        make_claim("source-2", polarity="denied"),
        make_claim("source-3", roles={"supplier": "company-2", "recipient": "state-1"}),
    ]


def test_a_docket_holds_who_says_so_and_who_denies_it(
    store: SyncStore, tmp_path: Path, disputed: list[Claim]
) -> None:
    """The claims of the tie with their sources and speakers, and nobody else's."""
    cited = [make_source(f"source-{n}") for n in (1, 2, 3)] + [make_source("study", read_on=None)]
    dataset = make_dataset(cited, claims=disputed)
    load(store, [write(tmp_path / "data", dataset)])
    docket = store.ask(subgraph([SUPPLY]))
    assert docket.ties == (project(dataset.claims, dataset.sources, dataset.types)[0],)
    assert docket.claims == {c.id: c for c in disputed[:2]}
    assert docket.sources == {i: dataset.sources[i] for i in ("source-1", "source-2", "study")}
    assert docket.entities == {i: dataset.entities[i] for i in ("company-1", "state-1")}
    assert docket.names == {"person-1": "Person 1"}


def test_a_docket_at_a_moment_holds_what_was_known(store: SyncStore, tmp_path: Path) -> None:
    """Before the denial there was none; before the claim there was no tie."""
    pair = [make_claim("early"), make_claim("late", polarity="denied")]
    out = [
        make_source("early", published="2010-01-01"),
        make_source("late", published="2020-01-01"),
    ]
    load(store, [write(tmp_path / "data", make_dataset(out, claims=pair))])
    then = store.ask(subgraph([SUPPLY], moment=Moment(known_by=date(2015, 1, 1))))
    (tie,) = then.ties
    assert (list(then.claims), list(then.sources), tie.disputed) == ([pair[0].id], ["early"], False)
    before = store.ask(subgraph([SUPPLY], moment=Moment(known_by=date(2009, 1, 1))))
    assert (before.ties, before.claims, before.sources) == ((), {}, {})


@pytest.mark.parametrize(
    "key",
    [
        TieKey("state-1", "SUPPLIES", "company-1"),
        TieKey("company-1", "supplies", "state-1"),
        TieKey("company-1", "SUPPLIES|ACQUIRED", "state-1"),
        TieKey("company-1", "SUPPLIES]->() DELETE r //", "state-1"),
        TieKey("company-1", "JUDGED", "company-2"),
        TieKey("ghost", "SUPPLIES", "state-1"),
    ],
)
def test_what_is_no_tie_is_none(store: SyncStore, tmp_path: Path, key: TieKey) -> None:
    """Turned around, misspelt, made up or a judgement: the type is compared, never run."""
    load(store, [write(tmp_path / "data", make_dataset(claims=[make_claim()]))])
    assert store.ask(subgraph([key])).ties == ()


@each(4)
@given(datasets(max_claims=20))
def test_every_tie_there_is_can_be_asked_for(
    store: SyncStore, tmp_path: Path, dataset: Dataset
) -> None:
    """By its key, on merged entities too, with exactly the claims that it carries."""
    empty(store)
    load(store, [write(tmp_path / "data", dataset)])
    for expected in project(dataset.claims, dataset.sources, dataset.types, dataset.judgements):
        docket = store.ask(subgraph([expected.key]))
        assert docket.ties == (expected,)
        assert set(docket.claims) == {s.claim_id for s in expected.supports}
