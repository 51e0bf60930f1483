"""graph/queries/ties.py: one tie and its docket, an entity's ties, and the same at a moment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.model import Claim, Tie, TieKey
from graph.projection import project
from graph.queries.ties import AT_THE_MOMENT, Direction, EntityTies, Moment, tie, ties_of_entity
from graph.store.connection import Store
from graph.store.loader import load
from tests.conftest import empty
from tests.strategies import (
    asked_days,
    claims,
    datasets,
    make_claim,
    make_dataset,
    make_source,
    sources,
    write,
)

WITH_STORE = settings(
    deadline=None,
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SUPPLY = TieKey("company-1", "SUPPLIES", "state-1")


@st.composite
def crowds(draw: st.DrawFn) -> Dataset:
    """Draw many claims of few ties, with each kind of date, by sources with each kind of date."""
    ids = [f"source-{n}" for n in range(8)]
    of = [claims(ids, predicate=name, retracted=None) for name in ("supplies", "allied_with")]
    told = draw(st.lists(st.one_of(of), min_size=60, max_size=90, unique_by=lambda claim: claim.id))
    return make_dataset([draw(sources(i)) for i in ids], claims=told)


moments = st.builds(Moment, asked_days, asked_days, st.booleans())


@WITH_STORE
@given(crowds(), st.lists(moments, min_size=60, max_size=60))
def test_the_store_and_the_projection_agree_on_every_moment(
    store: Store, tmp_path: Path, dataset: Dataset, asked: list[Moment]
) -> None:
    """Which ties are left, their status and their origins: decided in Cypher as in Python."""
    empty(store)
    load(store, [write(tmp_path / "data", dataset)])
    statement = (
        "MATCH (:Entity)-[r:!JUDGED]->(:Entity) "
        + AT_THE_MOMENT
        + "RETURN startNode(r).id, type(r), endNode(r).id, status, origins"
    )
    for moment in [*asked, Moment(), Moment(certain=True)]:
        _, rows, _ = store.read(statement, moment.parameters(), rows=10_000, seconds=10)
        found = project(
            dataset.claims, dataset.sources, dataset.types, dataset.judgements,
            as_of=moment.as_of, known_by=moment.known_by, certain=moment.certain,
        )  # fmt: skip
        assert sorted(rows) == [[*t.key, t.status, t.origins] for t in found]


def pages(store: Store, entity_id: str, **asked: object) -> list[EntityTies]:
    """Every page of an entity's ties, one after another."""
    found: list[EntityTies] = []
    after = None
    while not found or after is not None:
        page = store.ask(ties_of_entity(entity_id, after=after, **asked))  # type: ignore[arg-type]
        assert page is not None
        found.append(page)
        after = page.next_after
        assert page.found.more == (after is not None)
    return found


def place(tie_: Tie) -> tuple[object, ...]:
    """Where a tie stands in the order: the strongest first."""
    return (-tie_.rank, -tie_.origins, tie_.key.type, tie_.key.source, tie_.key.target)


@WITH_STORE
@given(crowds(), st.sampled_from(["company-1", "state-2"]), st.lists(moments, max_size=4))
def test_pages_cover_every_tie_once_in_order(
    store: Store, tmp_path: Path, dataset: Dataset, entity_id: str, asked: list[Moment]
) -> None:
    """Each filter, direction and moment gives what filtering all ties by hand gives."""
    empty(store)
    load(store, [write(tmp_path / "data", dataset)])
    for moment in [Moment(), *asked]:
        every = [
            t
            for t in project(
                dataset.claims, dataset.sources, dataset.types, as_of=moment.as_of,
                known_by=moment.known_by, certain=moment.certain,
            )
            if entity_id in t.key[::2]
        ]  # fmt: skip
        for direction in ("both", "out", "in"):
            wanted = [t for t in every if side(t, entity_id) == direction or direction == "both"]
            found = pages(store, entity_id, direction=direction, moment=moment, limit=3)
            assert [t for page in found for t in page.found.items] == sorted(wanted, key=place)
            assert {page.found.total for page in found} == {len(wanted)}
        one = pages(
            store, entity_id, types=["SUPPLIES"], statuses=["reported", "alleged"], min_origins=2,
            moment=moment,
        )[0]  # fmt: skip
        strong = [t for t in every if t.status in ("reported", "alleged") and t.origins >= 2]
        assert list(one.found.items) == sorted(
            (t for t in strong if t.key.type == "SUPPLIES"), key=place
        )
        # Groups count what the filters leave, but for the type and the direction themselves.
        assert {(g.type, g.direction): g.total for g in one.groups} == {
            group: sum((t.key.type, side(t, entity_id)) == group for t in strong)
            for group in {(t.key.type, side(t, entity_id)) for t in strong}
        }
        for t in one.found.items:
            assert {t.key.source, t.key.target} <= one.names.keys()


def side(tie_: Tie, entity_id: str) -> Direction:
    """Whether a tie leaves an entity or comes to it."""
    return "out" if tie_.key.source == entity_id else "in"


def test_filters_are_of_the_moment(store: Store, tmp_path: Path) -> None:
    """A tie that was alleged at the time is found as alleged, whatever became of it."""
    told = [make_claim("early", modality="alleged"), make_claim("late")]
    out = [
        make_source("early", published="2010-01-01"),
        make_source("late", published="2020-01-01"),
    ]
    load(store, [write(tmp_path / "data", make_dataset(out, claims=told))])
    then = Moment(known_by=date(2015, 1, 1))
    for status, moment, count in (
        ("reported", Moment(), 1),
        ("alleged", Moment(), 0),
        ("reported", then, 0),
        ("alleged", then, 1),
    ):
        found = store.ask(ties_of_entity("company-1", statuses=[status], moment=moment))
        assert found is not None
        assert [t.status for t in found.found.items] == [status] * count
        assert found.found.total == count


def test_an_entity_without_ties_and_none_at_all(store: Store, tmp_path: Path) -> None:
    """No ties is an empty list; no entity is none."""
    load(store, [write(tmp_path / "data", make_dataset(claims=[make_claim()]))])
    lonely = store.ask(ties_of_entity("person-1"))
    assert lonely is not None
    assert (lonely.found.items, lonely.found.total, lonely.groups) == ((), 0, ())
    assert store.ask(ties_of_entity("ghost")) is None
    counted = store.ask(ties_of_entity("company-1", limit=0))
    assert counted is not None
    assert (counted.found.items, counted.found.total) == ((), 1)


@pytest.fixture
def disputed() -> list[Claim]:
    """One who says so, one who denies it, and one who speaks of something else."""
    return [
        make_claim("source-1", said_by=["source-1", "study", "person-1"]),
        make_claim("source-2", polarity="denied"),
        make_claim("source-3", roles={"supplier": "company-2", "recipient": "state-1"}),
    ]


def test_a_docket_holds_who_says_so_and_who_denies_it(
    store: Store, tmp_path: Path, disputed: list[Claim]
) -> None:
    """The claims of the tie with their sources and speakers, and nobody else's."""
    cited = [make_source(f"source-{n}") for n in (1, 2, 3)] + [make_source("study", read_on=None)]
    dataset = make_dataset(cited, claims=disputed)
    load(store, [write(tmp_path / "data", dataset)])
    docket = store.ask(tie(SUPPLY))
    assert docket is not None
    assert docket.tie == project(dataset.claims, dataset.sources, dataset.types)[0]
    assert docket.claims == {c.id: c for c in disputed[:2]}
    assert docket.sources == {i: dataset.sources[i] for i in ("source-1", "source-2", "study")}
    assert docket.ends == {i: dataset.entities[i] for i in ("company-1", "state-1")}
    assert docket.names == {
        "company-1": "Company 1", "person-1": "Person 1", "state-1": "State 1",
    }  # fmt: skip


def test_a_docket_at_a_moment_holds_what_was_known(store: Store, tmp_path: Path) -> None:
    """Before the denial there was none; before the claim there was no tie."""
    told = [make_claim("early"), make_claim("late", polarity="denied")]
    out = [
        make_source("early", published="2010-01-01"),
        make_source("late", published="2020-01-01"),
    ]
    load(store, [write(tmp_path / "data", make_dataset(out, claims=told))])
    then = store.ask(tie(SUPPLY, Moment(known_by=date(2015, 1, 1))))
    assert then is not None
    assert (list(then.claims), then.tie.disputed) == ([told[0].id], False)
    assert store.ask(tie(SUPPLY, Moment(known_by=date(2009, 1, 1)))) is None


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
def test_what_is_no_tie_is_none(store: Store, tmp_path: Path, key: TieKey) -> None:
    """Turned around, misspelt, made up or a judgement: the type is compared, never run."""
    load(store, [write(tmp_path / "data", make_dataset(claims=[make_claim()]))])
    assert store.ask(tie(key)) is None


@WITH_STORE
@given(datasets(max_claims=20))
def test_every_tie_there_is_can_be_asked_for(
    store: Store, tmp_path: Path, dataset: Dataset
) -> None:
    """By its key, on merged entities too, with exactly the claims that it carries."""
    empty(store)
    load(store, [write(tmp_path / "data", dataset)])
    for expected in project(dataset.claims, dataset.sources, dataset.types, dataset.judgements):
        docket = store.ask(tie(expected.key))
        assert docket is not None
        assert docket.tie == expected
        assert set(docket.claims) == {s.claim_id for s in expected.supports}
