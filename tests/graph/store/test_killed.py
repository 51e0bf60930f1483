"""A load that is killed at any moment, and the load after it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bench import generate
from graph.store.address import Address
from graph.store.loader import load
from graph.store.state import STATE
from tests.commands import FORKS
from tests.conftest import empty
from tests.dumps import dump
from tests.sync_store import SyncStore

#: Small steps, so that there are many moments to be killed at.
STEPS = {"at_once": 20, "batch": 40}


def tells(address: Address, folder: Path, steps: dict[str, int], line: Connection) -> None:
    """Load, tell each phase that is come to, and wait each time to hear whether to go on."""

    def tell(phase: str, done: int, of: int) -> None:
        line.send(phase)
        line.recv()

    with SyncStore(address) as store:
        load(store, [folder], progress=tell, **steps)
    line.send("done")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two data sets of the same name that share records and differ in others."""
    paths = []
    for claims in (60, 100):
        paths.append(generate.write(tmp_path_factory.mktemp("data") / str(claims), claims))
    return paths[0], paths[1]


#: A load (by its place in `folders`) and the one before it.
Loads = tuple[int | None, int]


@pytest.fixture(scope="module")
def clean_dumps(address: Address, folders: tuple[Path, Path]) -> dict[Loads, list[str]]:
    """What the store holds after loads that nobody disturbed, their changes included."""
    dumps: dict[Loads, list[str]] = {}
    with SyncStore(address) as store:
        for first, second in ((0, 1), (1, 0)):
            empty(store)
            for before, after in ((None, first), (first, second)):
                result = load(store, [folders[after]])
                dumps[before, after] = without_older(dump(store), result.snapshot)
    return dumps


def kill_load(address: Address, folder: Path, steps: dict[str, int], reports: int) -> str:
    """Load in a process of its own and kill it after so many reports; return the phase.

    `done` if it had ended before. The process gets no chance to tidy up: SIGKILL.
    """
    ours, theirs = FORKS.Pipe()
    child = FORKS.Process(target=tells, args=(address, folder, steps, theirs))
    child.start()
    theirs.close()
    for _ in range(reports):
        ours.send(None)
    phase = ""
    for count in range(reports + 1):
        phase = ours.recv()
        if phase == "done":
            break
        if count == reports:
            # Not at the mark alone, but a little after it, in the midst of the next step.
            ours.send(None)
            time.sleep(0.01 * (reports % 4))
    child.kill()
    child.join()
    ours.close()
    return phase


def without_older(lines: list[str], snapshot: str | None) -> list[str]:
    """A dump without the snapshots of other loads."""
    return [line for line in lines if '["Snapshot"]' not in line or str(snapshot) in line]


def moments(first: int, step: int) -> Iterator[int]:
    """Count on and on."""
    while True:
        yield first
        first += step


@pytest.mark.parametrize(("before", "after"), [(None, 1), (0, 1), (1, 0)])
def test_a_killed_load_is_made_good_by_the_next(
    before: int | None,
    after: int,
    store: SyncStore,
    address: Address,
    folders: tuple[Path, Path],
    clean_dumps: dict[Loads, list[str]],
) -> None:
    """Killed anywhere, the next load gives exactly the graph of one that nobody disturbed.

    That goes for what it says has changed, too.
    """
    phases: list[str] = []
    for reports in moments(1, 8):
        empty(store)
        if before is not None:
            load(store, [folders[before]])
        phase = kill_load(address, folders[after], STEPS, reports)
        phases.append(phase)
        # Without the other load's snapshot the store would not know that it is incomplete.
        result = load(store, [folders[after]], **STEPS)
        state = store.ask(STATE)
        assert (state.snapshot, state.loading) == (result.snapshot, False)
        assert without_older(dump(store), result.snapshot) == clean_dumps[before, after]
        if phase == "done":
            break
    assert phases[-1] == "done"
    assert len(phases) > 2


def test_another_load_than_the_killed_one_tells_its_own_changes(
    store: SyncStore,
    address: Address,
    folders: tuple[Path, Path],
    clean_dumps: dict[Loads, list[str]],
) -> None:
    """Killed twice on the way to one data set, the store is loaded with another, or goes back."""
    first = load(store, [folders[0]])
    before = without_older(dump(store), first.snapshot)
    for reports in (9, 7):
        assert kill_load(address, folders[1], STEPS, reports) != "done"
    load(store, [folders[0]], **STEPS)
    assert without_older(dump(store), first.snapshot) == before
    assert kill_load(address, folders[1], STEPS, 8) != "done"
    result = load(store, [folders[1]], **STEPS)
    lines = without_older(dump(store), result.snapshot)
    assert renumbered(lines) == clean_dumps[0, 1]


def renumbered(lines: list[str]) -> list[str]:
    """A dump in which the changes of a third load are those of a second one."""
    return sorted(line.replace("/000000003", "/000000002") for line in lines)


def test_a_load_of_one_transaction_that_is_killed_leaves_no_trace(
    store: SyncStore,
    address: Address,
    folders: tuple[Path, Path],
    clean_dumps: dict[Loads, list[str]],
) -> None:
    """Until its one transaction ends, the old graph stands, and the next load finds it so."""
    steps = {"at_once": 20_000, "batch": 60}
    load(store, [folders[0]])
    before = [line for line in dump(store) if '["Sightlines"]' not in line]
    for reports in (7, 10):
        assert kill_load(address, folders[1], steps, reports) != "done"
        time.sleep(0.2)
        assert [line for line in dump(store) if '["Sightlines"]' not in line] == before
    result = load(store, [folders[1]])
    assert not result.staged
    assert without_older(dump(store), result.snapshot) == clean_dumps[0, 1]
