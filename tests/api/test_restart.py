"""The database restarts or hangs while the API serves: what that costs, and that nobody helps."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import psutil
import pytest

from api.app import create_app
from graph.errors import StoreUnreachable
from graph.question import Question
from graph.store.address import Address, store_errors
from graph.store.connection import GRACE, Store, Writer
from graph.store.loader import load
from graph.store.local import start
from graph.store.local.child import Child
from graph.store.local.home import Home
from graph.store.local.java import server_command
from graph.store.local.process import DEADLINE
from tests.http_server import listening

PATHS = ("/v1/entities", "/v1/entities/tiandy/ties", "/readyz")
CLIENTS = 4
#: Seconds that no request takes, were it to ask the store a few times on a machine that is busy.
HANG = 60.0
#: Seconds within which all is well again: two on a quiet machine, ten on a busy one.
SOON = 300.0
OUTAGE = (503, "database_down", "application/problem+json", True)
#: What a question may come to that a server is asked first, on a machine where planning takes long.
COLD = (504, "query_timeout", "application/problem+json", False)


class Database:
    """A server of the test's own that can be ended and started again on the same port."""

    def __init__(self, data: Path, jars: Path) -> None:
        self.home, self.jars = Home(data), jars
        # The driver gives a connection up after twice this time without a sign of life.
        keep_alive = {"server.bolt.connection_keep_alive": "1s"}
        first = start(data, jars, profile="test", settings=keep_alive)
        user, password = first.auth
        self.address = Address(first.uri, user, password)
        self.pid = first.pid
        self._stop: Callable[[], None] = first.stop

    def stop(self) -> None:
        """End it in order."""
        self._stop()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        psutil.Process(self.pid).kill()
        self._stop()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it take connections and do nothing while the block runs."""
        process = psutil.Process(self.pid)
        process.suspend()
        try:
            while process.status() != psutil.STATUS_STOPPED:
                time.sleep(0.01)
            time.sleep(0.2)  # its other threads stop a moment later
            yield
        finally:
            process.resume()

    def start(self) -> None:
        """Start it with the configuration that it had, and wait until it takes connections."""
        command = server_command(self.jars, self.home.folder, self.home.conf, "test")
        child = Child(command, self.home.console_log)
        self.pid, self._stop = child.pid, child.stop
        child.wait_until_started(DEADLINE)


@pytest.fixture(scope="module")
def database(
    jars: Path, tmp_path_factory: pytest.TempPathFactory, seeds: Path
) -> Iterator[Database]:
    """The server, with the seeds."""
    db = Database(tmp_path_factory.mktemp("restart"), jars)
    try:
        with Writer(db.address) as store:
            load(store, [seeds])
        yield db
    finally:
        db.stop()


@pytest.fixture(scope="module")
def base(database: Database) -> Iterator[str]:
    """The API over it, as `serve` runs it, but in a thread; one process for both restarts."""
    app = create_app(database.address, version="0.0.0")
    with listening(app) as base:
        yield base


@dataclass(frozen=True)
class Outcome:
    """One request: when it began and ended, and what came of it."""

    client: int
    path: str
    start: float
    end: float
    status: int
    type: str
    code: str | None
    retry: bool


def ask(client: httpx2.Client, number: int, path: str) -> Outcome:
    """Ask once, and note what came of it; no answer at all is status 0."""
    start = time.monotonic()
    try:
        answer = client.get(path)
    except httpx2.HTTPError as error:
        return Outcome(number, path, start, time.monotonic(), 0, repr(error), None, False)
    code = None if answer.status_code == 200 else answer.json().get("code")
    kind = answer.headers["content-type"]
    retry = "retry-after" in answer.headers
    return Outcome(number, path, start, time.monotonic(), answer.status_code, kind, code, retry)


@contextmanager
def load_of(base: str) -> Iterator[list[Outcome]]:
    """Ask from a few clients at once, each again and again, until the block ends."""
    answers: list[Outcome] = []
    over = threading.Event()

    def work(number: int) -> None:
        with httpx2.Client(base_url=base, timeout=HANG) as client:
            for path in itertools.cycle(PATHS):
                if over.wait(0.02):
                    return
                answers.append(ask(client, number, path))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join(HANG + 1)
    assert not any(thread.is_alive() for thread in threads)


def test_a_restart_costs_the_requests_of_the_outage_alone(database: Database, base: str) -> None:
    """They get 503 and may ask again; nothing hangs, and the API recovers by itself."""
    with load_of(base) as answers:
        time.sleep(1.0)
        down = time.monotonic()
        database.kill()
        time.sleep(0.5)
        database.start()
        up = time.monotonic()
        assert all_well(answers, up), "the API did not recover by itself"
    failures = [one for one in answers if one.status != 200]
    tell(answers, failures, down, up)
    forms = {(one.status, one.code, one.type, one.retry) for one in failures}
    assert OUTAGE in forms and forms <= {OUTAGE, COLD}
    assert all(down < one.end for one in failures)
    assert all(one.start < up + SOON for one in failures)
    assert max(one.end - one.start for one in answers) < HANG


def test_who_asks_a_database_that_hangs_hears_of_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps no time limit itself, and the driver would wait without end.

    Who asks again at once, as a request does that has several questions, does not wait again.
    """
    question = Question("RETURN 1", lambda rows: None)
    patient, down = 0.5, 2.0

    async def overdue(store: Store) -> float:
        start = time.monotonic()
        with pytest.raises(StoreUnreachable, match="did not answer in time"):
            await store.ask(replace(question, seconds=patient))
        return time.monotonic() - start

    async def ask() -> None:
        async with Store(database.address) as store:
            await store.ask(question)
            with database.hanging(), monkeypatch.context() as patch:
                patch.setattr("graph.store.connection.OVERDUE", patient)
                patch.setattr("graph.store.connection.DOWN", down)
                # Over the connection that is there, and then over one that cannot be made.
                for _ in range(2):
                    assert patient + GRACE <= await overdue(store) < HANG
                    assert await overdue(store) < patient + GRACE
                    await asyncio.sleep(down + 0.1)
            await store.ask(question)

    asyncio.run(ask())


def test_a_load_gives_up_a_database_that_hangs(database: Database) -> None:
    """Neo4j's signs of life end; without them the driver would wait forever."""
    with Writer(database.address) as writer:

        def ask() -> None:
            with store_errors(database.address), writer.session() as session:
                session.run("RETURN 1").consume()

        ask()
        with database.hanging(), pytest.raises(StoreUnreachable):
            ask()
        ask()


def all_well(answers: list[Outcome], up: float) -> bool:
    """Whether every client gets every answer again, soon."""
    while time.monotonic() < up + SOON:
        well = {(g.client, g.path) for g in answers if g.status == 200 and g.start > up}
        if len(well) == CLIENTS * len(PATHS):
            return True
        time.sleep(0.1)
    return False


def tell(answers: list[Outcome], failures: list[Outcome], down: float, up: float) -> None:
    """Print the figures, for whoever runs the test with -s."""
    well = [one.end for one in answers if one.status == 200 and one.end > up]
    print(
        f"{len(answers)} requests, {len(failures)} failed; down for {up - down:.1f} s, and the "
        f"first answer {min(well, default=up) - up:.1f} s later; slowest request "
        f"{max(one.end - one.start for one in answers):.1f} s"
    )
