"""The read-only server: a second Neo4j over a copy of the store, for statements from outside.

Neo4j does not interrupt its planner, nor functions such as `reduce`, and does not count lists of
texts, so a statement can take a server down. This one nobody else needs: it takes no writes, has a
heap of its own and a low priority, and is killed and started again over its copy when a
statement goes on after its end or when it does not answer.

The copy is taken while the store is served. It is what a kill of the store would leave, which Neo4j
recovers at its start: the transaction logs are copied before the files of the database, and the
copy counts only if no log was written from before the first byte to after the last, so nothing was
committed and no checkpoint made meanwhile. That blocks no load. The copy waits for the checkpoint
that follows a load, since a server that is read-only does not build an index that was never
written (`db.checkpoint.interval.time`).
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import LiteralString

from graph.disk import FREE_BYTES, check_space
from graph.errors import LocalServerError, StoreBusy, StoreError, StoreStarting, StoreUnreachable
from graph.question import Question, Row
from graph.store.address import Address
from graph.store.local import health, process
from graph.store.local.child import POLL_SECONDS
from graph.store.local.health import BlockingStore
from graph.store.local.home import Home
from graph.store.local.process import ANY_PORT, Launch, Port

#: Seconds between two looks at the store for a newer snapshot.
INTERVAL = 1.0
#: Seconds that the first answers of a new server may take on a slow machine.
FIRST = 120.0
#: Attempts to copy while the store is written, and seconds between two of them.
TRIES, PAUSE = 60, 0.5
#: The folders of a database, in the order in which they are copied.
_PARTS = ("transactions", "databases")
_DATABASE = "neo4j"

_SETTINGS = {
    "server.databases.default_to_read_only": "true",
    "db.transaction.monitor.check.interval": "500ms",
    "server.memory.pagecache.size": "64m",
}
_BYTES = {"m": 2**20, "g": 2**30}


@dataclass(frozen=True, slots=True)
class Version:
    """What tells a copy that is outdated, or wrong, from the store."""

    snapshot: str | None
    nodes: int
    edges: int
    loading: bool


_VERSION: LiteralString = """CALL () { MATCH (n) RETURN count(n) AS nodes }
CALL () { MATCH ()-[r]->() RETURN count(r) AS edges }
OPTIONAL MATCH (s:Sightlines {id: 'store'})
OPTIONAL MATCH (s)-[:CURRENT]->(c)
RETURN c.id AS snapshot, nodes, edges, coalesce(s.loading, false) AS loading"""


def _version(rows: Sequence[Row]) -> Version:
    (row,) = rows
    return Version(row["snapshot"], row["nodes"], row["edges"], row["loading"])


VERSION: Question[Version] = Question(_VERSION, _version, seconds=5.0)


def read_only_folder(data: Path) -> Path:
    """The data folder of the read-only server of a data folder."""
    return data / "read-only"


class ReadOnlyServer:
    """The read-only server of a data folder, started when its address is needed.

    `heap` is in Java's notation. `store` returns the address of the store or raises a `StoreError`.
    `report` receives a sentence about each event.
    """

    def __init__(
        self,
        data: Path,
        jars: Path,
        store: Callable[[], Address],
        report: Callable[[str], None],
        *,
        heap: str = "512m",
        port: Port = ANY_PORT,
    ) -> None:
        self._source = Home(data).database
        self._home = Home(read_only_folder(data))
        self._copy = self._home.data / "copy"
        self._draft = self._home.data / f"copy.{os.getpid()}"
        self._store = store
        self._report = report
        self._launch = Launch(
            self._home,
            jars,
            "read-only",
            settings=_settings(heap),
            port=port,
            options=("-Xms64m", f"-Xmx{heap}"),
            prepare=self._prepare,
            name="Neo4j for statements",
        )
        #: What the copy holds; None before its server has told.
        self._version: Version | None = None
        self._next = 0.0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._failure: StoreError | None = None
        self._cancel = threading.Event()

    def address(self) -> Address:
        """Return the address. Raises `StoreStarting` while the server starts, which this causes."""
        try:
            return process.address(self._home.data)
        except StoreUnreachable:
            self.begin()
            raise StoreStarting("The server for statements is starting.") from None

    def begin(self) -> None:
        """Start the server in a thread, if this has not been done; it is supervised there."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._failure = None
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def wait(self) -> Address:
        """Return the address once the server runs. Raises a `StoreError` if it cannot start."""
        while True:
            with suppress(StoreStarting):
                return self.address()
            if self._failure is not None:
                raise self._failure
            self._cancel.wait(POLL_SECONDS)

    def close(self) -> None:
        """End a server that was started here."""
        self._cancel.set()
        with self._lock:
            if self._thread is not None:
                self._thread.join()

    def run(self) -> bool:
        """Start the server and supervise it until `close`, or until another command stops it.

        Returns false at once if one is running that another process supervises.
        """
        self._version = None
        with self._launch.start(self._cancel) as server:
            if not server.owned:
                return False
            self._report(f"Neo4j for statements runs at {server.uri}.")
            check = partial(self._check, server)
            with BlockingStore(self._store) as store:
                with suppress(StoreError):  # it is seen again below, and the server replaced
                    check(server.address)
                server.supervise(
                    self._report,
                    check,
                    health.READ_ONLY,
                    self._cancel,
                    partial(self._outdated, store),
                )
            return True

    def _check(self, server: process.LocalServer, address: Address) -> None:
        """Ask a new server what it holds. Raises a `StoreError` if it cannot open its copy.

        Its priority is lowered then: at a low one its first plans would take minutes on a machine
        that is busy.
        """
        with BlockingStore(address, patience=FIRST) as store:
            version = store.ask(VERSION)
            store.ask(health.ENDED)
        server.lower_priority()
        self._version = version

    def _run(self) -> None:
        try:
            self.run()
        except StoreError as error:
            self._failure = error
            self._report(str(error))

    def _outdated(self, store: BlockingStore) -> str | None:
        """Return why the copy has to be replaced, once there is a better one; else None."""
        if time.monotonic() < self._next:
            return None
        self._next = time.monotonic() + INTERVAL
        try:
            current = store.ask(VERSION)
            if current.loading or current == self._version or not self._copy_once():
                return None
        except StoreError:
            return None
        self._version = None
        return f"follows the store to snapshot {current.snapshot}"

    def _prepare(self) -> None:
        """Put a new copy in its place, if there is one or none has answered yet.

        Users that were made in the system database are gone with it: Neo4j makes it anew. Raises
        `StoreBusy` if the store is being written all the time.
        """
        if self._version is None and not self._copy.exists():
            for _ in range(TRIES):
                if self._copy_once():
                    break
                if self._cancel.wait(PAUSE):
                    raise LocalServerError("The server for statements is no longer needed.")
            else:
                raise StoreBusy("The store is being written: its copy for statements has to wait.")
        for part in _PARTS:
            shutil.rmtree(self._home.database / part / "system", ignore_errors=True)
        if self._copy.exists():
            for part in _PARTS:
                target = self._home.database / part / _DATABASE
                shutil.rmtree(target, ignore_errors=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._copy / part).rename(target)
            shutil.rmtree(self._copy)

    def _copy_once(self) -> bool:
        """Copy the store; return false if it was written meanwhile, or has no checkpoint yet.

        Raises `LocalServerError` if the disk has no room for a copy.
        """
        shutil.rmtree(self._draft, ignore_errors=True)
        logs = self._source / _PARTS[0] / _DATABASE
        try:
            before = _stamps(logs)
            if not _is_settled(before):
                return False
            files = [*logs.iterdir(), *(self._source / _PARTS[1] / _DATABASE).rglob("*")]
            check_space(self._home.data, FREE_BYTES + sum(file.stat().st_size for file in files))
            for part in _PARTS:
                shutil.copytree(
                    self._source / part / _DATABASE,
                    self._draft / part,
                    ignore=shutil.ignore_patterns("database_lock"),
                )
            if _stamps(logs) != before:
                return False
        except (FileNotFoundError, shutil.Error):  # Neo4j removed a file meanwhile
            return False
        shutil.rmtree(self._copy, ignore_errors=True)
        self._draft.rename(self._copy)
        return True


def _settings(heap: str) -> dict[str, str]:
    size = int(heap[:-1]) * _BYTES[heap[-1]]
    return _SETTINGS | {
        "db.memory.transaction.max": str(size * 2 // 5),
        "dbms.memory.transaction.total.max": str(size * 3 // 5),
    }


def _stamps(logs: Path) -> dict[str, tuple[int, int]]:
    """Return when each file of a transaction log was written, and its size."""
    stats = {path.name: path.stat() for path in logs.iterdir()}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}


def _is_settled(stamps: Mapping[str, tuple[int, int]]) -> bool:
    """Whether a checkpoint is the last that was written."""
    last = {kind: max((t for name, (t, _) in stamps.items() if name.startswith(kind)), default=0)
            for kind in ("checkpoint", "neostore")}  # fmt: skip
    return last["checkpoint"] >= last["neostore"]
