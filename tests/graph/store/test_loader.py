"""graph/store/loader.py: what a load writes, all of it or nothing, and what it refuses."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from graph.dataset import Dataset
from graph.errors import DatasetFaults, StoreBusy, StoreError, StoreForeign
from graph.model import Claim, Entity
from graph.projection import merged, project
from graph.queries import claims as claim_questions
from graph.queries import records
from graph.queries import sources as source_questions
from graph.queries.whole_graph import whole_graph
from graph.question import Question
from graph.store.address import Address
from graph.store.loader import load
from graph.store.state import STATE, State, with_state
from tests.conftest import empty
from tests.dumps import count, dump
from tests.graph.store.conftest import LoadSet, interrupt
from tests.strategies import (
    CAST,
    DAY,
    datasets,
    make_claim,
    make_dataset,
    make_judgement,
    make_source,
    with_publisher,
    write,
)
from tests.sync_store import SyncStore

#: With a real store, and without shrinking: that would take minutes.
FEW = settings(
    deadline=None,
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def many(claims: int) -> list[Claim]:
    """So many claims of one source, all of one tie."""
    return [make_claim(when=f"{1000 + n}") for n in range(claims)]


def entities(**changes: Entity) -> dict[str, Entity]:
    """The cast, with some others."""
    return {**CAST, **{entity.id: entity for entity in changes.values()}}


# The store holds what was loaded


@FEW
@given(datasets(max_claims=30), datasets(max_claims=30))
def test_a_load_over_another_is_a_load_into_nothing(
    store: SyncStore, tmp_path: Path, first: Dataset, second: Dataset
) -> None:
    """Whatever was held before, the store holds the data set: records, edges and ties."""
    folders = [
        write(tmp_path / name, data) for name, data in (("first", first), ("second", second))
    ]
    empty(store)
    load(store, folders[1:])
    expected = dump(store)
    empty(store)
    load(store, folders[:1])
    result = load(store, folders[1:])
    store.run("MATCH (n:Snapshot) WHERE n.id <> $id DELETE n", {"id": result.snapshot})
    store.run("MATCH (n:Change) DELETE n")
    assert dump(store) == expected
    holds(store, second)


def holds(store: SyncStore, dataset: Dataset) -> None:
    """Check that the store answers with the records that were loaded, and with their ties."""
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    assert list(store.read(lambda reader: whole_graph(reader, limit=1_000)).ties) == ties
    for claim in dataset.claims:
        card = store.ask(claim_questions.claim(claim.id))
        assert card is not None
        assert card.claim == claim
    for source in dataset.sources.values():
        answer = store.ask(source_questions.source(source.id))
        assert answer is not None
        assert answer.source == with_publisher(source, dataset)
    for merged_id, canonical_id in merged(dataset.judgements).items():
        pair = f"(:Entity {{id: '{merged_id}', canonical_id: '{canonical_id}'}})"
        assert count(store, pair) == 1


def test_deleting_every_tie_and_loading_projects_them_again(
    load_set: LoadSet, store: SyncStore
) -> None:
    """Ties are no data: they come back from the claims, the same."""
    claims = [make_claim(), make_claim("source-2", polarity="denied")]
    load_set(claims)
    before = dump(store)
    store.run("MATCH (:Entity)-[r:SUPPLIES]->(:Entity) DELETE r")
    store.run("MATCH (n:Snapshot) DETACH DELETE n")
    result = load_set(claims)
    assert result.writes == {"tie": 1}
    assert dump(store) == before


def test_loading_twice_changes_nothing(load_set: LoadSet, store: SyncStore) -> None:
    """The same files once more write and remove nothing, and the snapshot stays the one it was."""
    first = load_set(many(3))
    before = dump(store)
    again = load_set(many(3))
    assert (again.writes, again.removals, again.staged) == ({}, {}, False)
    assert again.snapshot == first.snapshot
    assert dump(store) == before
    assert first.counts == {
        "source": 1, "entity": 24, "claim": 3, "judgement": 0, "tie": 1,
    }  # fmt: skip


def test_a_changed_summary_writes_one_claim(load_set: LoadSet) -> None:
    """What no tie depends on touches no tie."""
    first, *others = many(3)
    load_set([first, *others])
    result = load_set([first.model_copy(update={"summary": "In better words."}), *others])
    assert (result.writes, result.removals) == ({"claim": 1}, {})


def test_a_changed_claim_writes_the_ties_that_it_touches(load_set: LoadSet) -> None:
    """Of two supplies one gets another date: it is another claim, and one tie is written anew."""
    far = {"supplier": ["company-2"], "recipient": ["state-2"], "item": ["technology-1"]}
    other = make_claim(roles=far)
    load_set([make_claim(when="2010"), other])
    result = load_set([make_claim(when="2011"), other])
    assert (result.writes, result.removals) == ({"claim": 1, "tie": 1}, {"claim": 1})


def test_the_order_in_a_role_is_written(load_set: LoadSet, store: SyncStore) -> None:
    """Who stands first in a role is no other claim, and yet the store follows the file."""
    suppliers = ["company-1", "company-2"]
    load_set([make_claim(roles={"supplier": suppliers, "recipient": ["state-1"]})])
    reverse = make_claim(roles={"supplier": suppliers[::-1], "recipient": ["state-1"]})
    assert load_set([reverse]).writes == {"claim": 1}
    card = store.ask(claim_questions.claim(reverse.id))
    assert card is not None
    assert card.claim.roles["supplier"] == ("company-2", "company-1")


def test_a_changed_type_changes_the_label(load_set: LoadSet, store: SyncStore) -> None:
    """An entity has the label of its type alone, also where the ontology has lost the old one."""
    load_set([make_claim()])
    store.run("MATCH (n:Entity {id: 'company-1'}) SET n:Firm")
    changed = CAST["company-1"].model_copy(update={"type": "Person"})
    load_set(make_dataset(claims=[make_claim()], entities=entities(it=changed)))
    labels = "MATCH (n:Entity {id: 'company-1'}) RETURN labels(n)"
    assert store.rows(labels) == [[["Entity", "Person"]]]
    assert count(store, "(:Person)-[:SUPPLIES]->(:State)") == 1


def test_who_spoke_may_turn_from_a_source_into_an_entity(
    load_set: LoadSet, store: SyncStore
) -> None:
    """The claim stays the same, and its edge leads to the other record."""
    claim = make_claim(said_by=["source-1", "the-bureau"])
    sources = [make_source(), make_source("the-bureau", read_on=None)]
    load_set(make_dataset(sources, claims=[claim]))
    assert count(store, "(:Claim)-[:SAID_BY {position: 1}]->(:Source {id: 'the-bureau'})") == 1
    bureau = Entity(id="the-bureau", type="Group", names="The bureau")  # type: ignore[arg-type]
    result = load_set(make_dataset(sources[:1], claims=[claim], entities=entities(it=bureau)))
    assert result.writes == {"dataset": 1, "entity": 1, "claim": 1, "tie": 1}
    assert count(store, "(:Claim)-[:SAID_BY {position: 1}]->(:Entity {id: 'the-bureau'})") == 1
    assert count(store, "(:Claim)-[:SAID_BY]->()") == 2


def test_successions_are_drawn_and_taken_back(load_set: LoadSet, store: SyncStore) -> None:
    """A claim points at the one that it supersedes, and a retracted one lets it stand again."""
    old = make_claim(when="2010")
    new = make_claim(when="2011", supersedes=old.id)
    load_set([old, new])
    edge = "(:Claim {when: '2011'})-[:SUPERSEDES]->(:Claim {when: '2010'})"
    assert count(store, edge) == 1
    assert [t.claim_ids for t in store.read(whole_graph).ties] == [(new.id,)]
    withdrawn = {"on": DAY, "reason": "It erred."}
    load_set([old, make_claim(when="2011", supersedes=old.id, retracted=withdrawn)])
    assert [t.claim_ids for t in store.read(whole_graph).ties] == [(old.id,)]
    assert count(store, edge) == 1
    load_set([old, make_claim(when="2011")])
    assert count(store, "(:Claim)-[:SUPERSEDES]->()") == 0


def test_judgements_are_drawn_turned_and_taken_back(load_set: LoadSet, store: SyncStore) -> None:
    """One edge for each, in the order of the file; without it the graph is what it was before."""
    claims = [make_claim(roles={"supplier": "company-2", "recipient": "state-1"})]
    load_set(claims)
    before = records_of(dump(store))
    for pair in (("company-1", "company-2"), ("company-2", "company-1")):
        load_set(make_dataset(claims=claims, judgements=[make_judgement(*pair)]))
        assert count(store, f"({{id: '{pair[0]}'}})-[:JUDGED]->({{id: '{pair[1]}'}})") == 1
        assert count(store, "()-[:JUDGED]->()") == 1
        assert count(store, f"({{id: '{pair[0]}'}})-[:SUPPLIES]->({{id: 'state-1'}})") == 1
    load_set(claims)
    assert records_of(dump(store)) == before


def records_of(lines: list[str]) -> list[str]:
    """A dump without what is told of loads."""
    return [line for line in lines if '"Snapshot"' not in line and '"Change"' not in line]


# Snapshots


def test_a_snapshot_is_what_was_loaded(load_set: LoadSet, store: SyncStore, tmp_path: Path) -> None:
    """Neither the order of records nor the files that they stand in make another snapshot."""
    claims = many(3)
    first = load_set(claims)
    parted = tmp_path / "parted"
    write(parted, make_dataset(claims=[], sources=[make_source()]), "z.jsonl")
    only_claims = make_dataset(claims=claims[::-1], entities={})
    write(parted, Dataset("tests", {}, {}, only_claims.claims, ()), "a.jsonl")
    again = load(store, [parted])
    assert (again.snapshot, again.writes) == (first.snapshot, {})
    assert count(store, "(:Snapshot)") == 1


def test_going_back_gives_the_old_snapshot(load_set: LoadSet, store: SyncStore) -> None:
    """It has the id that it had, and is the current one again."""
    one, two = load_set(many(1)), load_set(many(2))
    assert one.snapshot != two.snapshot
    back = load_set(many(1))
    assert back.snapshot == one.snapshot == store.ask(STATE).snapshot
    snapshots = store.ask(records.snapshots())
    assert [s.id for s in snapshots.items] == [one.snapshot, two.snapshot]
    assert snapshots.items[0].counts == {
        "sources": 1, "entities": 24, "claims": 1, "judgements": 0, "ties": 1,
    }  # fmt: skip
    assert snapshots.items[0].datasets == ("tests",)


def test_a_set_under_another_id_is_another_set(load_set: LoadSet, store: SyncStore) -> None:
    """It takes the place of the first one only where that one goes."""
    first = load_set(many(1))
    renamed = make_dataset(claims=many(1), name="renamed")
    with pytest.raises(DatasetFaults):
        load_set(renamed)
    result = load_set(renamed, replace=True)
    assert (first.data_sets, result.data_sets) == (("tests",), ("renamed",))
    assert [dataset.id for dataset in store.ask(STATE).datasets] == ["renamed"]
    assert result.writes["claim"] == 1


# All or nothing


#: One look at the claims, and at the one tie there is.
LOOK = Question(
    "MATCH (c:Claim)\nWITH count(c) AS claims\nMATCH (:Entity)-[tie:SUPPLIES]->(:Entity)\n"
    "RETURN [claims, tie.claims, size(tie.claim_ids), size(tie.claim_last_days)] AS counts",
    lambda rows: rows[0]["counts"],
)


def test_readers_see_the_old_graph_or_the_new_one(
    load_set: LoadSet, store: SyncStore, address: Address
) -> None:
    """An answer that does not say `loading` is that of the snapshot that it names.

    Neo4j shows a commit to readers in part for some milliseconds.
    """
    sizes = (20, 21)
    ids = {load_set(many(size)).snapshot: size for size in sizes}
    looks: list[tuple[int, list[int]]] = []
    done = threading.Event()

    def watch() -> None:
        with SyncStore(address) as reader:
            while not done.is_set():
                answer = reader.ask(with_state(LOOK, reader.ask(STATE)))
                if answer is not None and not answer.state.loading:
                    looks.append((ids[answer.state.snapshot or ""], answer.answer))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        assert not any(load_set(many(size)).staged for size in sizes * 6)
    finally:
        done.set()
        watcher.join()
    assert {size for size, _ in looks} == set(sizes)
    assert [look for look in looks if set(look[1]) != {look[0]}] == []


def test_rows_of_two_snapshots_are_not_read() -> None:
    """The lists of a tie may differ in length there: no answer is made of them."""
    state = State("a", completed_on=datetime(1970, 1, 1, microsecond=2_500, tzinfo=UTC))
    rows = [{"counts": [1], "version": [["b", 2, None]]}]
    assert with_state(LOOK, state).read(rows) is None
    rows[0]["version"] = [["a", 2, True]]
    assert with_state(LOOK, state).read(rows) is None
    rows[0]["version"] = [["a", 2, None]]
    answer = with_state(LOOK, state).read(rows)
    assert answer is not None
    assert answer.answer == [1]


def test_a_load_that_was_killed_at_its_end_needs_no_repair(
    load_set: LoadSet, store: SyncStore
) -> None:
    """All of it is there but for the mark: any load takes it away, also one of the same files."""
    first = load_set(many(3))
    store.run("MATCH (s:Sightlines) SET s.loading = true, s.loading_sets = []")
    again = load_set(many(3))
    assert (again.snapshot, again.writes, again.removals) == (first.snapshot, {}, {})
    assert not store.ask(STATE).loading


def test_a_large_load_is_staged_and_says_so(load_set: LoadSet, store: SyncStore) -> None:
    """Beyond one transaction the store is `loading`, of the old snapshot, until all is written."""
    first = load_set(many(5))
    states: list[tuple[str, bool, str | None]] = []

    def watch(phase: str, done: int, of: int) -> None:
        state = store.ask(STATE)
        states.append((phase, state.loading, state.snapshot))

    result = load_set(many(100), at_once=50, batch=30, progress=watch)
    assert result.staged
    assert result.writes == {"dataset": 1, "claim": 95, "tie": 1}
    batches = [item for item in states if item[0] in ("claims", "ties")]
    assert len(batches) == 5
    assert set(batches) == {("claims", True, first.snapshot), ("ties", True, first.snapshot)}
    state = store.ask(STATE)
    assert (state.loading, state.snapshot) == (False, result.snapshot)
    assert not load_set(many(101), at_once=50).staged


def test_a_staged_load_gives_the_same_graph(load_set: LoadSet, store: SyncStore) -> None:
    """In steps or at once, the store holds the same."""
    load_set(many(60))
    at_once = dump(store)
    empty(store)
    load_set(many(60), at_once=0, batch=7)
    assert dump(store) == at_once


def test_a_load_that_memory_cannot_hold_at_once_is_staged(load_set: LoadSet) -> None:
    """What one transaction of the server has no memory for is written in steps instead."""
    long = dict.fromkeys(("summary", "note", "when_note"), "x" * 5_000)
    result = load_set([claim.model_copy(update=long) for claim in many(2_200)])
    assert result.staged
    assert result.writes["claim"] == 2_200


def test_a_data_set_with_a_fault_loads_nothing(load_set: LoadSet, store: SyncStore) -> None:
    """Every fault is told, and the store is as it was."""
    load_set(many(1))
    before = dump(store)
    ghosts = {"supplier": "ghost", "recipient": "spectre"}
    with pytest.raises(DatasetFaults) as error:
        load_set([*many(2), make_claim(roles=ghosts)])
    assert len(error.value.faults) == 2
    assert dump(store) == before


def test_counts_are_read_back(load_set: LoadSet, store: SyncStore) -> None:
    """A store that lacks what it should hold is an error, and nothing of the load stays."""
    load_set(many(2))
    store.run("MATCH (:Claim {when: '1000'})-[r:SUPPLIER]->() DELETE r")
    before = dump(store)
    with pytest.raises(StoreError, match="holds 11 edges instead of 12"):
        load_set(many(3))
    assert dump(store) == before


# What a load refuses


def test_somebody_elses_graph_is_left_alone(load_set: LoadSet, store: SyncStore) -> None:
    """Not a node, an edge, a constraint or an index of it changes."""
    store.run("CREATE (:Movie {id: 'x', title: 'Brazil'})-[:STARS {as: 'Sam'}]->(:Actor {n: 1})")
    schema = "SHOW INDEXES YIELD name, labelsOrTypes, properties ORDER BY name"
    before = (dump(store), store.rows(schema))
    with pytest.raises(StoreForeign, match=r"2 nodes.*Actor|2 nodes.*Movie"):
        load_set(many(1))
    assert (dump(store), store.rows(schema)) == before


@pytest.mark.parametrize("at_once", [20_000, 0])
def test_of_two_loads_the_second_is_refused(
    load_set: LoadSet, store: SyncStore, address: Address, tmp_path: Path, at_once: int
) -> None:
    """It is told who is at work, soon, and the first one ends as if it had been alone."""
    refused: list[str] = []
    second = write(tmp_path / "second", make_dataset(claims=many(4)))

    def meddle(phase: str, done: int, of: int) -> None:
        if phase == "claims" and not refused:
            with SyncStore(address) as other, pytest.raises(StoreBusy) as error:
                load(other, [second])
            refused.append(str(error.value))

    result = load_set(many(3), progress=meddle, at_once=at_once)
    assert "Another load is running (process" in refused[0]
    assert store.ask(STATE).snapshot == result.snapshot
    assert count(store, "(:Claim)") == 3


def test_a_load_that_lost_its_lease_stops(
    load_set: LoadSet, store: SyncStore, address: Address
) -> None:
    """A load that slept while another took over writes nothing more."""
    load_set(many(1))
    before = dump(store)

    def take_over(phase: str, done: int, of: int) -> None:
        if phase == "claims":
            with SyncStore(address) as other:
                other.run("MATCH (s:Sightlines {id: 'store'}) SET s.lease_pid = 1")

    with pytest.raises(StoreBusy, match="has taken over"):
        load_set(many(3), progress=take_over)
    assert dump(store) == before
    assert count(store, "(:Sightlines {lease_pid: 1})") == 1


def test_a_load_that_fails_gives_its_lease_back(load_set: LoadSet, store: SyncStore) -> None:
    """Whatever stops a load, the next one can start."""

    with suppress(KeyboardInterrupt):
        load_set(many(3), progress=interrupt)
    assert count(store, "(n:Sightlines) WHERE n.lease_pid IS NOT NULL") == 0
    assert load_set(many(3)).writes["claim"] == 3
