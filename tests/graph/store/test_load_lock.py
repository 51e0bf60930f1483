"""graph/store/load_lock.py: whose graph it is, and who is loading."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import psutil
import pytest

from graph.errors import StoreBusy
from graph.store.load_lock import LEASE_SECONDS, load_lock
from graph.store.local.state import Mark
from graph.store.state import STATE, State
from tests.dumps import count
from tests.sync_store import SyncStore

SET_LEASE = (
    "MERGE (s:Sightlines {id: 'store'}) SET s.lease_host = coalesce($host, s.lease_host), "
    "s.lease_pid = $pid, s.lease_started = $started, "
    "s.lease_at = datetime() - duration({seconds: $age})"
)


def hold(store: SyncStore, **other: Any) -> None:
    """Put another load's lease into the store, by a process of this machine unless told."""
    with load_lock(store):
        mine = store.rows("MATCH (s:Sightlines) RETURN s.lease_host")
    lease = {"host": mine[0][0], "pid": 1, "started": 0.0, "age": 0}
    store.run(SET_LEASE, lease | other)


def test_a_lease_is_held_and_given_back(store: SyncStore) -> None:
    """Two cannot hold it at once, not even in one process, and then anybody can."""
    with (
        load_lock(store),
        pytest.raises(StoreBusy, match=r"process \d+ on .*wait until"),
        load_lock(store),
    ):
        pass
    with load_lock(store):
        assert count(store, "(:Sightlines)") == 1
    assert count(store, "(s:Sightlines WHERE s.lease_pid IS NOT NULL)") == 0


def test_the_lease_of_a_process_that_is_gone_is_taken_over(store: SyncStore) -> None:
    """A process that ended, and one whose number another process has now, hold nothing."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    for holder in ({"pid": process.pid}, {"pid": 1, "started": 5.0}):
        hold(store, **holder)
        with load_lock(store):
            pass


def test_a_killed_child_that_nobody_buried_holds_nothing(store: SyncStore) -> None:
    """A zombie is dead, although its number is still taken."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        process = psutil.Process(child.pid)
        hold(store, pid=child.pid, started=Mark.of(child.pid).created)
        with pytest.raises(StoreBusy), load_lock(store):
            pass
        child.kill()
        while process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        with load_lock(store):
            pass


def test_the_lease_of_another_machine_ages(store: SyncStore) -> None:
    """Nobody here can see its process: it counts until it has not been renewed for long."""
    hold(store, host="elsewhere", age=LEASE_SECONDS - 60)
    with pytest.raises(StoreBusy, match="process 1 on elsewhere"), load_lock(store):
        pass
    hold_forgotten = {"host": "elsewhere", "pid": 1, "started": 0.0, "age": LEASE_SECONDS + 60}
    store.run(SET_LEASE, hold_forgotten)
    with load_lock(store):
        pass


def test_a_lease_that_was_taken_over_is_not_given_back_by_its_first_holder(
    store: SyncStore,
) -> None:
    """The end of one load does not open the door to a third."""
    with load_lock(store):
        store.run(SET_LEASE, {"host": "elsewhere", "pid": 7, "started": 0.0, "age": 0})
    assert count(store, "(:Sightlines {lease_host: 'elsewhere', lease_pid: 7})") == 1


def test_an_empty_store_says_so(store: SyncStore) -> None:
    """No snapshot, no data set, and no load."""
    assert store.ask(STATE) == State()
    with load_lock(store):
        assert store.ask(STATE) == State()
