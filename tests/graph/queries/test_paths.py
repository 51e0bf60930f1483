"""graph/queries/paths.py: the best paths in a real store, with the evidence of each hop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from neo4j import Query

from graph.dataset import Dataset
from graph.model import Tie
from graph.model.path import PathAnswer
from graph.paths import Strength, path_strength, sort_key, weakest
from graph.projection import project
from graph.queries.entity_ties import ties_of_entity
from graph.queries.moment import Moment
from graph.queries.neighbourhood import neighbourhood
from graph.queries.paths import paths
from graph.question import Question, Reader
from graph.store.connection import WRITE_SECONDS
from graph.store.loader import load
from tests.conftest import empty
from tests.recorder import Recorder
from tests.strategies import (
    asked_days,
    canonical,
    claims,
    judgements,
    make_claim,
    make_dataset,
    make_judgement,
    sources,
    write,
)
from tests.sync_store import SyncStore

WITH_STORE = settings(
    deadline=None,
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Hops = dict[frozenset[str], list[Tie]]


@st.composite
def tangles(draw: st.DrawFn) -> Dataset:
    """Draw claims that tie a dozen entities to each other, some of them merged."""
    ids = [f"source-{n}" for n in range(4)]
    names = ("supplies", "allied_with", "assists", "owns", "part_of", "makes")
    of = [claims(ids, predicate=name, retracted=None) for name in names]
    some = draw(st.lists(st.one_of(of), min_size=30, max_size=45, unique_by=lambda claim: claim.id))
    return make_dataset([draw(sources(i)) for i in ids], claims=some, judgements=draw(judgements()))


def hops_of(dataset: Dataset, types: Sequence[str], moment: Moment) -> Hops:
    """All ties between two entities that pass the filters, projected from the claims."""
    hops: Hops = {}
    for tie in project(
        dataset.claims, dataset.sources, dataset.types, dataset.judgements,
        as_of=moment.as_of, known_by=moment.known_by, certain=moment.certain,
    ):  # fmt: skip
        if not types or tie.key.type in types:
            hops.setdefault(frozenset(tie.key[::2]), []).append(tie)
    return hops


def best(
    hops: Hops, start: str, end: str, max_hops: int, most: int, through: str | None
) -> list[tuple[tuple[str, ...], Strength]]:
    """The best of all simple paths, after all of them were walked."""
    strengths = {
        pair: max(Strength(t.rank, t.independent) for t in ties) for pair, ties in hops.items()
    }
    ranking: list[tuple[tuple[str, ...], Strength]] = []
    open_: list[tuple[str, ...]] = [(start,)]
    while open_:
        walk = open_.pop()
        if walk[-1] == end:
            if through is None or through in walk:
                hop_strengths = (strengths[frozenset(pair)] for pair in pairwise(walk))
                ranking.append((walk, path_strength(hop_strengths)))
        elif len(walk) <= max_hops:
            further = {i for pair in hops if walk[-1] in pair for i in pair} - set(walk)
            open_.extend((*walk, i) for i in further)
    return sorted(ranking, key=lambda path: sort_key(path[1], path[0]))[:most]


@WITH_STORE
@given(tangles(), st.integers(0, 2**32), st.lists(asked_days, min_size=8, max_size=8))
def test_paths_are_those_of_the_projected_claims(
    store: SyncStore, tmp_path: Path, dataset: Dataset, seed: int, days: list[date | None]
) -> None:
    """Ends, hops, types, both times, certainty and merged ids: as if every path were looked at."""
    empty(store)
    load(store, [write(tmp_path / "data", dataset)])
    random, ids, canonical_ids = Random(seed), sorted(dataset.entities), canonical(dataset)
    tied = sorted({i for pair in hops_of(dataset, (), Moment()) for i in pair}) or ids
    for _ in range(25):
        moment = Moment(random.choice(days), random.choice(days), random.random() < 0.3)
        moment = moment if random.random() < 0.7 else Moment()
        types = random.choice([(), (), ("SUPPLIES", "OWNS"), ("ALLIED_WITH", "PART_OF", "ASSISTS")])
        start, end, through = (random.choice(random.choice([ids, tied, tied])) for _ in range(3))
        options: dict[str, Any] = {
            "max_hops": random.randint(1, 6),
            "most": random.choice([1, 5, 20]),
            "through": random.choice([None, None, through]),
        }
        answer = store.read(
            partial(paths, start=start, end=end, types=types, moment=moment, **options)
        )
        assert answer.same == (canonical_ids[start] == canonical_ids[end])
        if answer.same:
            continue
        on_it = options["through"] and canonical_ids[options["through"]]
        hops = hops_of(dataset, types, moment)
        expected = best(
            hops, canonical_ids[start], canonical_ids[end], *list(options.values())[:2], on_it
        )
        assert [(p.entities, Strength(p.rank, p.independent)) for p in answer.paths] == expected
        assert answer.searched.complete
        check(answer, hops)


def check(answer: PathAnswer, hops: Hops) -> None:
    """Each hop has all its ties as they are at the moment, and every record that they name."""
    claim_ids = {*answer.jointly}
    for path in answer.paths:
        for hop in path.hops:
            ties = sorted(hop.ties, key=lambda tie: tie.key)
            assert ties == hops[frozenset((hop.source, hop.target))]
            assert Strength(hop.rank, hop.independent) == max((t.rank, t.independent) for t in ties)
            claim_ids |= {support.claim_id for tie in ties for support in tie.supports}
        assert path.weakest == weakest([Strength(h.rank, h.independent) for h in path.hops])
    assert answer.claims.keys() == claim_ids
    assert answer.entities.keys() == {i for path in answer.paths for i in path.entities}
    assert {claim.source for claim in answer.claims.values()} <= answer.sources.keys()
    role_ids = {i for claim in answer.claims.values() for ids in claim.roles.values() for i in ids}
    assert role_ids <= answer.entities.keys() | answer.names.keys()


def test_no_path_unknown_ends_and_one_end_are_told_apart(store: SyncStore, tmp_path: Path) -> None:
    """None found says what was searched; without two ends that exist nothing is."""
    verdicts = [make_judgement("state-1", "state-2")]
    load(
        store, [write(tmp_path / "data", make_dataset(claims=[make_claim()], judgements=verdicts))]
    )
    none = store.read(lambda reader: paths(reader, "company-1", "company-2"))
    assert (none.paths, none.unknown, none.same) == ((), (), False)
    assert none.searched.complete and none.searched.entities > 0
    assert none.names == {"company-1": "Company 1", "company-2": "Company 2"}
    unknown = store.read(lambda reader: paths(reader, "company-1", "nobody", through="no-one"))
    assert (unknown.unknown, unknown.searched.entities) == (("nobody", "no-one"), 0)
    same = store.read(lambda reader: paths(reader, "state-1", "state-2"))
    assert (same.same, same.start, same.end) == (True, "state-1", "state-1")
    assert same.names == {"state-1": "State 1"}
    merged = store.read(lambda reader: paths(reader, "state-2", "company-1"))
    assert [path.entities for path in merged.paths] == [("state-1", "company-1")]


@pytest.mark.parametrize("numbers", [{"max_hops": 0}, {"max_hops": 7}, {"most": 0}, {"most": 21}])
def test_numbers_out_of_bounds_are_refused(numbers: dict[str, int]) -> None:
    """Before the store is asked."""
    with pytest.raises(ValueError, match="1 to 6 hops and 1 to 20 paths"):
        asyncio.run(paths(Recorder(None), "a", "b", **numbers))  # type: ignore[arg-type]


def test_every_question_has_a_time_limit(seed_store: SyncStore) -> None:
    """None of the questions may take longer than the whole answer may."""

    async def ask(store: Reader) -> list[Question[Any]]:
        recorder = Recorder(store)
        await paths(recorder, "zte", "uyghurs")
        return recorder.questions

    questions = seed_store.read(ask)
    assert len(questions) >= 3 and all(question.seconds <= 10 for question in questions)


#: 50,000 entities with a tie to one in the middle, made without a load, which would take minutes.
_CROWD = """
MATCH (hub:Entity {id: 'state-1'})-[r:ALLIED_WITH]-(:Entity {id: 'company-1'})
WITH hub, properties(r) AS told
UNWIND range(1, 20000) AS n
CALL (hub, told, n) {
  CREATE (e:Entity {id: 'leaf-' + n, content_hash: ''})
  CREATE (e)-[r:ALLIED_WITH]->(hub)
  SET r = told, r.id = e.id + '/ALLIED_WITH/' + hub.id
} IN TRANSACTIONS OF 5000 ROWS
"""


def test_a_hub_of_20_000_ties_is_searched_whole(store: SyncStore, tmp_path: Path) -> None:
    """Between the ends, at an end, or a hop further: no question takes longer than it may.

    And those beside it know how many ties it has, as it does itself.
    """
    pairs = [("company-1", "state-1"), ("state-1", "company-2"), ("company-2", "person-1")]
    claims = [make_claim(predicate="allied_with", roles={"party": sorted(pair)}) for pair in pairs]
    load(store, [write(tmp_path / "data", make_dataset(claims=claims))])
    with store.session() as session:
        session.run(Query(_CROWD, timeout=WRITE_SECONDS)).consume()
    for ends in (("company-1", "company-2"), ("state-1", "person-1"), ("company-1", "person-1")):
        answer = store.read(partial(paths, start=ends[0], end=ends[1]))
        assert len(answer.paths) == 1
        assert answer.searched.complete
    near = store.read(lambda reader: neighbourhood(reader, "company-1"))
    ties = store.read(lambda reader: ties_of_entity(reader, "state-1"))
    assert near is not None and ties is not None
    assert {node.id: node.degree for node in near.nodes} == {"company-1": 1, "state-1": 20_002}
    assert ties.page.total == 20_002
