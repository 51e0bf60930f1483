"""graph/queries/analyses.py on the seeds, and what the analyses find in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from graph import dataset, projection
from graph.analyses import KINDS, AnyTie, EntityLabel, Options, run
from graph.dataset import Dataset
from graph.model import Tie, TieKey
from graph.queries.analyses import TieGraph, tie_graph
from graph.queries.moment import Moment
from graph.store.loader import load
from tests.strategies import make_claim, make_dataset, make_judgement, write
from tests.sync_store import SyncStore

ALWAYS = Moment()
THEN = Moment(date(2022, 6, 1), date(2023, 6, 1))


@pytest.fixture(scope="module")
def seed_set(seeds: Path) -> Dataset:
    """The seeds as their files say them."""
    return dataset.read([seeds])


def ties_without_store(records: Dataset, moment: Moment = ALWAYS) -> list[Tie]:
    """All ties, projected without a store."""
    return projection.project(
        records.claims,
        records.sources,
        records.types,
        records.judgements,
        as_of=moment.as_of,
        known_by=moment.known_by,
        certain=moment.certain,
    )


def facts(ties: Sequence[AnyTie]) -> list[tuple[object, ...]]:
    """What an analysis looks at."""
    return [(t.key, t.status, t.independent, t.match, t.claim_ids) for t in ties]


@pytest.fixture
def whole(seed_store: SyncStore) -> TieGraph:
    """All ties of the seeds."""
    return seed_store.ask(tie_graph())


def test_all_ties_come_with_their_ends(whole: TieGraph, seed_set: Dataset) -> None:
    """Nothing asked gives every tie as it is projected, and the label and type of each end."""
    assert facts(whole.ties) == facts(ties_without_store(seed_set))
    ends = {end for t in whole.ties for end in (t.key.source, t.key.target)}
    assert whole.entities == {
        i: EntityLabel(seed_set.entities[i].label, seed_set.entities[i].type) for i in sorted(ends)
    }
    assert whole.canonical == {}


@pytest.mark.parametrize("moment", [THEN, Moment(date(2012, 1, 1)), Moment(certain=True)])
def test_ties_of_a_moment(seed_store: SyncStore, seed_set: Dataset, moment: Moment) -> None:
    """At a moment the ties are those that are projected from the claims that pass."""
    answer = seed_store.ask(tie_graph(moment=moment))
    assert facts(answer.ties) == facts(ties_without_store(seed_set, moment))


@pytest.mark.parametrize("moment", [Moment(), THEN])
def test_filters_are_those_of_the_moment(
    seed_store: SyncStore, seed_set: Dataset, moment: Moment
) -> None:
    """Types, statuses and origins each leave out what does not pass, as it was then."""
    every = ties_without_store(seed_set, moment)
    kinds = ["SUPPLIES", "USES"]
    answer = seed_store.ask(tie_graph(types=kinds, moment=moment))
    assert facts(answer.ties) == facts([t for t in every if t.key.type in kinds]) != []
    answer = seed_store.ask(tie_graph(statuses=["reported"], min_independent=2, moment=moment))
    expected = [t for t in every if t.status == "reported" and t.independent >= 2]
    assert facts(answer.ties) == facts(expected) != []


@pytest.mark.parametrize("hops", [0, 1, 2, 3])
def test_a_neighbourhood(seed_store: SyncStore, whole: TieGraph, hops: int) -> None:
    """`around` keeps the ties among some entities and all within so many hops of one of them."""
    inside = {"tiandy", "mahsa-amini"}
    for _ in range(hops):
        near = [t.key for t in whole.ties if {t.key.source, t.key.target} & inside]
        inside |= {end for key in near for end in (key.source, key.target)}
    answer = seed_store.ask(tie_graph(around=["tiandy", "mahsa-amini", "nobody"], hops=hops))
    expected = [t for t in whole.ties if {t.key.source, t.key.target} <= inside]
    assert list(answer.ties) == expected and answer.canonical.keys() == {"tiandy", "mahsa-amini"}


def test_a_limit_still_shows_that_there_are_more(seed_store: SyncStore) -> None:
    """Of more ties than the limit, at least as many come."""
    assert 5 <= len(seed_store.ask(tie_graph(limit=5)).ties) < 105


def test_a_merged_id_means_the_canonical_one(store: SyncStore, tmp_path: Path) -> None:
    """An id that was merged leads to the ties of the other."""
    merged = make_dataset(
        claims=[make_claim(roles={"supplier": "company-2", "recipient": "state-1"})],
        judgements=[make_judgement("company-1", "company-2")],
    )
    load(store, [write(tmp_path / "data", merged)])
    answer = store.ask(tie_graph(around=["company-2"], ids=["state-1"]))
    assert answer.canonical == {"company-2": "company-1", "state-1": "state-1"}
    assert [t.key for t in answer.ties] == [TieKey("company-1", "SUPPLIES", "state-1")]


def chains(graph: TieGraph, start: str) -> list[tuple[str, ...]]:
    """The supply chains from an entity."""
    answer = run("supply-chains", graph.ties, graph.entities, Options(start))
    return [figure.entities for figure in answer.figures]


def test_chains_of_the_seeds(whole: TieGraph) -> None:
    """ZTE supplied Iran, itself and with its technology; Iran used such against four groups."""
    groups = {"iran-agitators", "iran-dissenters", "iran-political-opposition", "iran-protesters"}
    straight = {("zte", "iran", group) for group in groups}
    by_thing = {("zte", "monitoring-technology", "iran", group) for group in groups}
    assert set(chains(whole, "zte")) == straight | by_thing
    # Against dissenters it is only planned: those chains stand last.
    assert {chain[-1] for chain in chains(whole, "zte")[-2:]} == {"iran-dissenters"}


def test_a_chain_of_the_seeds_over_china(whole: TieGraph) -> None:
    """Tiandy makes a technology that China used, and China used such against the Uyghurs."""
    answer = run("supply-chains", whole.ties, whole.entities, Options("tiandy"))
    to_uyghurs = [f for f in answer.figures if f.entities[-1] == "uyghurs"]
    assert [f.entities for f in to_uyghurs] == [("tiandy", "tiandy-technology", "china", "uyghurs")]
    assert list(map(str, to_uyghurs[0].ties)) == [
        "tiandy/MAKES/tiandy-technology",
        "china/USES/tiandy-technology",
        "china/USES_AGAINST/uyghurs",
    ]
    assert list(map(str, to_uyghurs[0].weakest)) == ["tiandy/MAKES/tiandy-technology"]


def test_brokers_of_the_seeds(whole: TieGraph) -> None:
    """None is told: without China, Tiandy's technology is still used by Iran. Without that use,
    China alone leads from Tiandy to Iran."""
    assert run("brokers", whole.ties, whole.entities).figures == ()
    use = TieKey("iran", "USES", "tiandy-technology")
    ties = [tie for tie in whole.ties if tie.key != use]
    (figure,) = run("brokers", ties, whole.entities).figures
    assert figure.entities == ("china",) and figure.pairs == (("tiandy", "iran"),)


def test_every_kind_runs_on_the_seeds(whole: TieGraph) -> None:
    """Each names whom it speaks of; most ties are Iran's."""
    for kind in KINDS:
        answer = run(kind, whole.ties, whole.entities)
        assert all(set(f.entities) <= answer.entities.keys() for f in answer.figures)
    first = run("connections", whole.ties, whole.entities).figures[0]
    assert first.entities == ("iran",) and "recorded ties" in first.words
