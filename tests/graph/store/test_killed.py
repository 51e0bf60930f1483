"""A load that is killed at any moment, and the load after it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load
from graph.store.state import STATE
from tests.conftest import ROOT, empty
from tests.stored import dump

#: Small steps, so that there are many moments to be killed at.
STEPS = {"at_once": 50, "batch": 100}

# Tells each phase that it comes to, waits to hear whether to go on, and is killed then or not.
CHILD = """
import sys
from pathlib import Path
from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load

def tell(phase, done, of):
    print(phase, flush=True)
    sys.stdin.readline()

uri, user, folder, at_once, batch = sys.argv[1:]
with Store(Address(uri, user, sys.stdin.readline().rstrip())) as store:
    steps = {"at_once": int(at_once), "batch": int(batch)}
    load(store, [Path(folder)], progress=tell, **steps)
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two data sets of the same name that share records and differ in others."""
    found = []
    for claims in (250, 400):
        folder = tmp_path_factory.mktemp("data") / str(claims)
        command = [sys.executable, "-m", "bench.generate", str(folder), "--claims", str(claims)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        found.append(folder)
    return found[0], found[1]


#: A load (by its place in `folders`) and the one before it.
Loads = tuple[int | None, int]


@pytest.fixture(scope="module")
def undisturbed(address: Address, folders: tuple[Path, Path]) -> dict[Loads, list[str]]:
    """What the store holds after loads that nobody disturbed, their changes included."""
    found: dict[Loads, list[str]] = {}
    with Store(address) as store:
        for first, second in ((0, 1), (1, 0)):
            empty(store)
            for before, after in ((None, first), (first, second)):
                loaded = load(store, [folders[after]])
                found[before, after] = without_older(dump(store), loaded.snapshot)
    return found


def killed(address: Address, folder: Path, steps: dict[str, int], told: int) -> str:
    """Load in a process of its own and kill it when it tells the `told`th time; return the phase.

    `done` if it had ended before. The process gets no chance to tidy up: SIGKILL.
    """
    numbers = [str(steps["at_once"]), str(steps["batch"])]
    command = [sys.executable, "-c", CHILD, address.uri, address.user, str(folder), *numbers]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(address.password + "\n" + "\n" * told)
        child.stdin.flush()
        phase = ""
        for count, line in enumerate(child.stdout):
            phase = line.strip()
            if count == told:
                # Not at the mark alone, but a little after it, in the midst of the next step.
                child.stdin.write("\n")
                child.stdin.flush()
                time.sleep(0.01 * (told % 4))
                child.kill()
                break
        child.kill()
    return phase


def without_older(lines: list[str], snapshot: str | None) -> list[str]:
    """A dump without the snapshots of other loads."""
    return [line for line in lines if '["Snapshot"]' not in line or str(snapshot) in line]


def moments(first: int, step: int) -> Iterator[int]:
    """Count on and on."""
    while True:
        yield first
        first += step


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("before", "after"), [(None, 1), (0, 1), (1, 0)])
def test_a_killed_load_is_made_good_by_the_next(
    before: int | None,
    after: int,
    store: Store,
    address: Address,
    folders: tuple[Path, Path],
    undisturbed: dict[Loads, list[str]],
) -> None:
    """Killed anywhere, the next load gives exactly the graph of one that nobody disturbed.

    That goes for what it says has changed, too.
    """
    phases: list[str] = []
    for told in moments(1, 8):
        empty(store)
        if before is not None:
            load(store, [folders[before]])
        phase = killed(address, folders[after], STEPS, told)
        phases.append(phase)
        # Without the other load's snapshot the store would not know that it is incomplete.
        loaded = load(store, [folders[after]], **STEPS)
        state = store.ask(STATE)
        assert (state.snapshot, state.loading) == (loaded.snapshot, False)
        assert without_older(dump(store), loaded.snapshot) == undisturbed[before, after]
        if phase == "done":
            break
    assert phases[-1] == "done"
    assert len(phases) > 2


@pytest.mark.timeout(120)
def test_another_load_than_the_killed_one_tells_its_own_changes(
    store: Store, address: Address, folders: tuple[Path, Path], undisturbed: dict[Loads, list[str]]
) -> None:
    """Killed twice on the way to one data set, the store is loaded with another, or goes back."""
    first = load(store, [folders[0]])
    before = without_older(dump(store), first.snapshot)
    for told in (13, 10):
        assert killed(address, folders[1], STEPS, told) != "done"
    load(store, [folders[0]], **STEPS)
    assert without_older(dump(store), first.snapshot) == before
    assert killed(address, folders[1], STEPS, 11) != "done"
    loaded = load(store, [folders[1]], **STEPS)
    found = without_older(dump(store), loaded.snapshot)
    assert renumbered(found) == undisturbed[0, 1]


def renumbered(lines: list[str]) -> list[str]:
    """A dump in which the changes of a third load are those of a second one."""
    return sorted(line.replace("/000000003", "/000000002") for line in lines)


def test_a_load_of_one_transaction_that_is_killed_leaves_no_trace(
    store: Store, address: Address, folders: tuple[Path, Path], undisturbed: dict[Loads, list[str]]
) -> None:
    """Until its one transaction ends, the old graph stands, and the next load finds it so."""
    steps = {"at_once": 20_000, "batch": 150}
    load(store, [folders[0]])
    held = [line for line in dump(store) if '["Sightlines"]' not in line]
    for told in (7, 10):
        assert killed(address, folders[1], steps, told) != "done"
        time.sleep(0.2)
        assert [line for line in dump(store) if '["Sightlines"]' not in line] == held
    loaded = load(store, [folders[1]])
    assert not loaded.staged
    assert without_older(dump(store), loaded.snapshot) == undisturbed[0, 1]
