"""graph/store/recorder.py: what each load leaves of what it changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given

from graph.changes import Change, RecordKey, forgotten
from graph.dataset import Dataset
from graph.queries.changes import Changes, UnknownSnapshot, changes, later_changes
from graph.store.loader import load
from tests.conftest import empty
from tests.dumps import count, dump
from tests.graph.store.conftest import LoadSet
from tests.graph.store.test_loader import FEW
from tests.histories import differences, histories, kinds
from tests.strategies import DAY, make_claim, make_dataset, make_source, write
from tests.sync_store import SyncStore


def since(store: SyncStore, snapshot: str, **options: Any) -> list[Change]:
    """All that changed since a snapshot, as the store answers."""
    answer = store.ask(changes(snapshot, limit=10_000, **options))
    assert isinstance(answer, Changes)
    return [item.change for item in answer.items]


@FEW
@given(histories(versions=4, max_claims=20))
def test_changes_are_the_difference_of_the_data_sets(
    store: SyncStore, tmp_path: Path, versions: list[Dataset]
) -> None:
    """From any snapshot to the current one, over all loads between, record by record."""
    empty(store)
    folders = [write(tmp_path / str(n), version) for n, version in enumerate(versions)]
    # Every other load in small steps: what they leave must be the same.
    loads = [load(store, [f], at_once=9 * (n % 2), batch=3) for n, f in enumerate(folders)]
    for number, (version, earlier) in enumerate(zip(versions, loads, strict=True)):
        differ = differences(version, versions[-1])
        log = since(store, earlier.snapshot)
        expected = [as_logged(change, log) for change in differ]
        keys = [change.key for change in expected]
        # Of what came back as it had been, the log may no longer know that it is the same.
        back = [change for change in log if change.key not in keys]
        assert [change for change in log if change.key in keys] == expected
        removal_keys = {
            change.key
            for between in versions[number + 1 : -1]
            for change in differences(version, between)
            if change.after is None
        }
        assert all(
            change == Change(change.key, {}, {}) and change.key in removal_keys for change in back
        )
        later = store.ask(later_changes(earlier.snapshot, keys))
        assert later is not None
        items = [item.change for item in later.changes]
        assert [change for change in items if change.key in keys] == expected
        assert all(change in back for change in items if change.key not in keys)


def as_logged(change: Change, log: list[Change]) -> Change:
    """What the log keeps of a change: of a record that was removed, or was for a while, no text.

    A tie may have gone before its claims did, and they are told then.
    """
    unknown = Change(change.key, {}, None if change.after is None else {})
    if unknown in log:
        return unknown
    if change.after is not None or (change.key.kind == "tie" and change in log):
        return change
    return forgotten(change)


def test_the_first_load_leaves_no_change(load_set: LoadSet, store: SyncStore) -> None:
    """Nor does one that changes nothing."""
    load_set([make_claim()])
    load_set([make_claim()])
    assert count(store, "(:Change)") == 0


def test_what_goes_and_comes_back_is_forgotten(load_set: LoadSet, store: SyncStore) -> None:
    """From the older snapshot nothing has changed; the newer one tells the way back."""
    first = load_set([make_claim()])
    second = load_set([make_claim(), make_claim(when="2010", note="More.")])
    load_set([make_claim()])
    assert since(store, first.snapshot) == []
    assert kinds(since(store, second.snapshot)) == {("claim", "removed"), ("tie", "changed")}


def test_a_claim_that_takes_anothers_place_says_so(load_set: LoadSet, store: SyncStore) -> None:
    """What it supersedes is a fact of the claim, whichever way it changes."""
    one, two, three = (make_claim(when=f"201{n}") for n in range(3))
    first = load_set([one, two, three.model_copy(update={"supersedes": one.id})])
    load_set([one, two, three.model_copy(update={"supersedes": two.id})])
    claim, tie = since(store, first.snapshot)
    assert claim.before == {"supersedes": {one.id: True, two.id: None}}
    assert claim.after == {"supersedes": {one.id: None, two.id: True}}
    assert tie.lost == [two.id]


def test_a_retraction_comes_with_its_reason(load_set: LoadSet, store: SyncStore) -> None:
    """A tie that rests on another source falls, and names the claim that it lost."""
    claim, other = make_claim(), make_claim("source-2")
    first = load_set([claim, other])
    load_set([make_claim(retracted={"on": DAY, "reason": "It erred."}), other])
    retracted, tie = since(store, first.snapshot)
    assert retracted.change == "retracted"
    assert retracted.after == {"retracted_on": "2024-03-31", "retracted_reason": "It erred."}
    assert (tie.change, tie.lost) == ("fell", [claim.id])
    later = store.ask(later_changes(first.snapshot, [tie.key]))
    assert later is not None
    assert [item.change for item in later.changes] == [retracted, tie]
    assert later.changes[1].names == {"company-1": "Company 1", "state-1": "State 1"}


def test_what_goes_twice_leaves_no_fact(load_set: LoadSet, store: SyncStore) -> None:
    """First with a retraction, which is still told, and then with the claim: of both no fact."""
    roles = {"supplier": "company-2", "recipient": "state-2"}
    other, claim = make_claim(roles=roles), make_claim()
    first = load_set([other, claim])
    load_set([other, make_claim(retracted={"on": DAY, "reason": "It erred."})])
    load_set([make_claim(roles=roles, note="Another snapshot."), claim])
    load_set([other])
    removals = [change for change in since(store, first.snapshot) if change.key.kind == "tie"]
    assert removals == [Change(RecordKey("tie", "company-1/SUPPLIES/state-1"), {}, None)]
    assert "reported" not in "".join(json.dumps(line) for line in logged(store, removals[0].key))


def logged(store: SyncStore, key: RecordKey) -> list[object]:
    """All that the log has of a record."""
    return store.rows("MATCH (n:Change {record: $id}) RETURN properties(n)", id=key.id)


def test_a_superseded_claim_names_the_one_in_its_place(load_set: LoadSet, store: SyncStore) -> None:
    """The tie lost it, and the claim itself is as it was."""
    old = make_claim(when="2010")
    first = load_set([old])
    new = make_claim(when="2011", supersedes=old.id)
    load_set([old, new])
    later = store.ask(
        later_changes(first.snapshot, [RecordKey("tie", "company-1/SUPPLIES/state-1")])
    )
    assert later is not None
    assert [item.change.change for item in later.changes] == ["changed"]
    assert later.superseded == {old.id: new.id}


def test_pages_follow_one_another(load_set: LoadSet, store: SyncStore) -> None:
    """In the order of kind and id, each record once, with the total and groups of all."""
    first = load_set([make_claim(when=f"20{n}") for n in range(10, 16)])
    load_set([make_claim(when=f"20{n}", note="x") for n in range(13, 19)])
    load_set([make_claim(when=f"20{n}", note="x") for n in range(14, 20)])
    whole = since(store, first.snapshot)
    pages: list[Change] = []
    after: list[str] | None = None
    while True:
        page = store.ask(changes(first.snapshot, after=after, limit=2))
        assert isinstance(page, Changes)
        assert page.total == len(whole) == 11
        pages += [item.change for item in page.items]
        if (after := page.next_after) is None:
            break
    assert pages == whole
    totals = {(g.kind, g.change): g.total for g in page.groups}
    assert totals == {
        ("claim", "added"): 4, ("claim", "removed"): 4, ("claim", "changed"): 2,
        ("tie", "changed"): 1,
    }  # fmt: skip
    assert [c.key.kind for c in since(store, first.snapshot, kinds=["tie"])] == ["tie"]
    assert len(since(store, first.snapshot, names=["added"])) == 4


def test_an_unknown_snapshot_is_told_the_newest_ones(load_set: LoadSet, store: SyncStore) -> None:
    """The newest first."""
    one, two = load_set([make_claim()]), load_set([make_claim(when="2010")])
    answer = store.ask(changes("0" * 32))
    assert answer == UnknownSnapshot((two.snapshot, one.snapshot))
    assert store.ask(later_changes("0" * 32, [])) is None


def test_a_record_of_a_type_that_the_ontology_lost_is_recorded(
    load_set: LoadSet, store: SyncStore
) -> None:
    """What an older ontology called things is read as it stands."""
    load_set(make_dataset([make_source("source-2")], claims=[]))
    store.run("MATCH (n:Entity {id: 'state-1'}) SET n.type = 'Ship', n.content_hash = 'x'")
    store.run("MATCH (n:Snapshot) SET n.id = 'older', n.program = 'older'")
    load_set(make_dataset([make_source("source-2")], claims=[]))
    (changed,) = since(store, "older")
    assert changed == Change(RecordKey("entity", "state-1"), {"type": "Ship"}, {"type": "State"})


def test_a_large_load_leaves_the_same_changes(load_set: LoadSet, store: SyncStore) -> None:
    """In steps or at once."""
    claims = [make_claim(when=f"{1000 + n}") for n in range(60)]
    dumps = []
    for steps in ({}, {"at_once": 0, "batch": 7}):
        empty(store)
        load_set(claims[:30])
        load_set(claims[20:], **steps)
        dumps.append(dump(store))
    assert dumps[0] == dumps[1]
