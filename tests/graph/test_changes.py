"""graph/changes.py: what changed between two states, and how changes add up."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given

from graph.changes import Change, RecordKey, between, change_row, fold, read_change, then
from graph.dataset import Dataset
from tests.histories import differences, histories
from tests.strategies import examples

#: The same histories in each run: to draw one takes longer than to test it.
few = examples(25, derandomize=True)
TIE = RecordKey("tie", "a/SUPPLIES/b")
CLAIM = RecordKey("claim", "c")


@few
@given(histories())
def test_changes_add_up_to_the_direct_difference(versions: list[Dataset]) -> None:
    """Over any number of loads: first `before` with last `after`; nothing that came to nought."""
    for first in range(len(versions)):
        steps = [c for pair in pairwise(versions[first:]) for c in differences(*pair)]
        assert fold(steps) == differences(versions[first], versions[-1])


@few
@given(histories(versions=2))
def test_a_change_is_read_as_it_was_written(versions: list[Dataset]) -> None:
    """The properties of a node hold all of it; its texts are JSON."""
    for change in differences(*versions):
        row = change_row(change, 2)
        assert read_change(row) == change
        assert row["before"] is None or json.loads(row["before"]) == change.before


@few
@given(histories(versions=2))
def test_a_changed_record_tells_only_what_differs(versions: list[Dataset]) -> None:
    """Both sides name the same facts, and no fact has the same value on both."""
    for change in differences(*versions):
        if change.before is not None and change.after is not None:
            assert change.before.keys() == change.after.keys() != set()
            assert all(change.before[name] != change.after[name] for name in change.before)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, {"status": "planned"}, "added"),
        ({"status": "planned"}, None, "removed"),
        (
            {"status": "alleged", "independent": 3},
            {"status": "reported", "independent": 1},
            "rose",
        ),
        (
            {"status": "reported", "independent": 3},
            {"status": "reported", "independent": 2},
            "fell",
        ),
        ({"status": "reported", "independent": 1}, {"status": "alleged", "independent": 2}, "fell"),
        ({"independent": 1, "disputed": False}, {"independent": 1, "disputed": True}, "changed"),
    ],
)
def test_a_tie_rises_or_falls_by_status_and_then_by_origins(
    before: dict[str, object] | None, after: dict[str, object] | None, expected: str
) -> None:
    """A dispute is a change that is neither."""
    change = between(TIE, before, after)
    assert change is not None
    assert change.change == expected


def test_a_claim_is_retracted_and_restored() -> None:
    """Named for what happened; another reason for a retraction is a change like any other."""
    live, dead = (
        {"note": "?"},
        {"note": "?", "retracted_on": "2024-01-01", "retracted_reason": "x"},
    )
    other = {**dead, "retracted_reason": "y", "retracted_on": "2024-01-02"}
    pairs = [
        (live, dead, "retracted"),
        (dead, live, "restored"),
        (dead, other, "changed"),
    ]
    for before, after, expected in pairs:
        change = between(CLAIM, before, after)
        assert change is not None
        assert change.change == expected


def test_what_comes_to_nothing_is_none() -> None:
    """Added and removed, removed and added the same, changed and changed back."""
    one, two = {"note": "one"}, {"note": "two"}
    for states in ([None, one, None], [one, None, one], [one, two, one]):
        steps = [between(CLAIM, *pair) for pair in pairwise(states)]
        assert fold(step for step in steps if step is not None) == []


def test_a_tie_names_the_claims_that_it_lost() -> None:
    """Not those that lend it something else, and not those that it gained."""
    before = {"claims": {"a": "reported", "b": "reported", "c": "reported"}}
    after = {"claims": {"b": "alleged", "c": "reported", "d": "reported"}}
    change = between(TIE, before, after)
    assert change == Change(
        TIE,
        {"claims": {"a": "reported", "b": "reported", "d": None}},
        {"claims": {"a": None, "b": "alleged", "d": "reported"}},
    )
    assert change.lost == ["a"]
    back = between(TIE, after, before)
    assert back is not None
    assert then(change, back) is None
