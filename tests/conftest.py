"""What tests share: Neo4j's jars, and one real server for the whole run.

Each test that needs the server (or its jars) carries the mark `neo4j`, by its fixtures and not
by hand. The jars come from SIGHTLINES_TEST_CACHE or the user's cache folder and are fetched if
they are missing; without a network that is a failure, not a skip.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import LiteralString

import platformdirs
import psutil
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from neo4j import Query

from api.app import create_app
from api.config import Exposure
from graph.store.address import Address
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.loader import load
from graph.store.local import LocalServer, fetch, jars_folder, read_lock
from graph.store.local.home import Home
from graph.store.local.process import Launch
from graph.store.state import STATE
from graph.stories import read_stories
from graph.text import Text, TextStore, read
from scripts.browser import ADVICE
from scripts.browser import find as find_browser
from tests import commands
from tests.sync_store import PatientStore, SyncStore

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
STORIES = read_stories(ROOT / "stories")
#: How the app of a test stands in the world: for one person, by the name that test clients give.
LOCAL = Exposure(hosts=("testserver",))
#: An invented data set, and the text of the article that its claims cite.
INVENTED = ROOT / "tests" / "data"
# `--hypothesis-profile=long` asks for an hour of what a run asks for a minute.
settings.register_profile("long", deadline=None, suppress_health_check=list(HealthCheck))
# No example is timed: a busy machine, or a clock that is set, would fail it.
settings.register_profile("run", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# `make check` draws a tenth: the whole run has the rest (`tests.strategies.examples`).
settings.register_profile("check", parent=settings.get_profile("run"), max_examples=10)
settings.load_profile("run")
#: The files that take longest come first, so that processes that share the tests end together.
LONG = (
    "test_up",
    "test_killed",
    "test_local_server",
    "test_schemathesis",
    "test_plans",
    "test_restart",
    "test_browser",
    "test_generated",
    "test_lists",
    "test_change_log",
)


#: A test starts a process if one of these is named in its code, or in a function that it calls.
STARTS = frozenset({"subprocess", "Popen", "Child", "commands"})
#: The marks that fixtures put on tests: `make check` leaves these tests out.
MARKS = {"jars": "neo4j", "browser": "browser", "offline": "process", "command": "process"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their fixtures, and leave out those in a browser where there is none."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
    for item in items:
        for fixture in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])
        if isinstance(item, pytest.Function) and STARTS & names(item.function):
            item.add_marker("process")
    if not find_browser():
        without = [item for item in items if item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


def names(function: FunctionType) -> set[str]:
    """The names in a function, in what it defines, and in functions of its module that it names."""
    scope, pending = function.__globals__, [function.__code__]
    result: set[str] = set()
    while pending:
        code = pending.pop()
        pending += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
        new = {*code.co_names} - result
        result |= new
        helpers = [scope[name] for name in new if isinstance(scope.get(name), FunctionType)]
        pending += [f.__code__ for f in helpers if f.__module__ == scope["__name__"]]
    return result


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out for want of a browser, unless it was not selected anyway."""
    if not find_browser() and "browser" not in config.option.markexpr:
        terminalreporter.write_line(f"Left out: what needs a browser. {ADVICE}.")


@pytest.fixture(scope="session")
def jars() -> Path:
    """The folder with Neo4j's jars, all of them whole."""
    cache = os.environ.get("SIGHTLINES_TEST_CACHE") or platformdirs.user_cache_dir("sightlines")
    folder = jars_folder(Path(cache).absolute())
    fetch(read_lock(), folder, lambda done, total: None)
    return folder


@pytest.fixture(scope="session")
def neo4j_server(jars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """The server of this run: its store is empty at first; each test leaves it as it likes.

    It plans some thousand statements, so that both of Java's compilers pay off, which the AOT cache
    of short runs would hold back: a plan takes half the time then.
    """
    home = Home(tmp_path_factory.mktemp("neo4j"))
    options = ("-XX:TieredStopAtLevel=4", "-XX:AOTMode=off")
    with Launch(home, jars, "test", options=options).start() as server:
        yield server
        # Nobody reads its store again, and a statement that a test gave up may still run in it.
        psutil.Process(server.pid).kill()


@pytest.fixture(scope="session")
def neo4j_uri(neo4j_server: LocalServer) -> str:
    """The address of the run's server."""
    return neo4j_server.uri


@pytest.fixture(scope="session")
def neo4j_auth(neo4j_server: LocalServer) -> tuple[str, str]:
    """User and password of the run's server."""
    return neo4j_server.auth


@pytest.fixture(scope="session")
def address(neo4j_server: LocalServer) -> Address:
    """Where the store of this run is, with its password."""
    user, password = neo4j_server.auth
    return Address(neo4j_server.uri, user, password)


@pytest.fixture
def store(address: Address) -> Iterator[SyncStore]:
    """An empty store; constraints and indexes of earlier tests stay."""
    with SyncStore(address) as empty_store:
        empty(empty_store)
        yield empty_store
        empty(empty_store)


def load_alone(address: Address, path: Path) -> str:
    """Leave a data set alone in the store, without a past, and return its snapshot.

    Where the store holds the seeds so, and they are wanted, nothing is loaded.
    """
    with SyncStore(address) as store:
        state, snapshots = store.ask(STATE), store.rows("MATCH (s:Snapshot) RETURN s.id")
        if path == SEEDS and snapshots == [[_seeds.get(address.uri)]] and not state.loading:
            return _seeds[address.uri]
        empty(store)
        snapshot = load(store, [path]).snapshot
        if path == SEEDS:
            _seeds[address.uri] = snapshot
        return snapshot


#: The snapshot of the seeds in each server that has loaded them.
_seeds: dict[str, str] = {}


def empty(writer: Writer) -> None:
    """Take every edge and every node out, in batches that the memory of a small server holds.

    The edges first: one node may have more of them than one transaction can delete.
    """
    with writer.session() as session:
        for statement in _EMPTY:
            session.run(Query(statement, timeout=WRITE_SECONDS)).consume()


_EMPTY: tuple[LiteralString, ...] = (
    "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 1000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 1000 ROWS",
)


@pytest.fixture(scope="session", autouse=True)
def long_timeouts() -> Iterator[None]:
    """Give the store, and suggestions, which have 100 ms, the time that a busy machine may need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.store.connection.OVERDUE", 120.0)
        patch.setitem(create_app.__kwdefaults__ or {}, "store_class", PatientStore)
        patch.setattr("graph.queries.search.SUGGEST_SECONDS", 10.0)
        patch.setattr("api.routes.search._PATIENCE", 10.1)
        yield


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the data set that the repository brings."""
    return SEEDS


@pytest.fixture(scope="module")
def seeds_in_store(address: Address, seeds: Path) -> None:
    """The seeds, alone in the store of this run."""
    load_alone(address, seeds)


@pytest.fixture(scope="session")
def belmora() -> Path:
    """The invented data set."""
    return INVENTED / "belmora.yaml"


@pytest.fixture(scope="session")
def article_file() -> Path:
    """The file of the invented article, as an editor saves it."""
    return INVENTED / "gazette.txt"


@pytest.fixture(scope="session")
def article(article_file: Path) -> Text:
    """The text of the invented article."""
    return read(article_file)


Serve = Callable[..., AbstractContextManager[TestClient]]


@pytest.fixture(scope="session")
def texts(article: Text, tmp_path_factory: pytest.TempPathFactory) -> TextStore:
    """A text store that holds the invented article."""
    store = TextStore(tmp_path_factory.mktemp("texts"))
    store.add(article)
    return store


@pytest.fixture(scope="session")
def serve(address: Address, texts: TextStore) -> Serve:
    """Serve the API over a data set; with `past`, what the store held before is its past."""

    @contextmanager
    def api_over(path: Path, *, past: bool = False) -> Iterator[TestClient]:
        if past:
            with Writer(address) as writer:
                load(writer, [path], replace=True)
        else:
            load_alone(address, path)
        app = create_app(address, version="0.0.0", texts=texts, stories=STORIES, exposure=LOCAL)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    return api_over


@pytest.fixture(scope="module")
def api(serve: Serve, seeds: Path) -> Iterator[TestClient]:
    """The API over the seeds; a module that uses it leaves the store as it is."""
    with serve(seeds) as client:
        yield client


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def offline(tmp_path: Path) -> Run:
    """Run `sightlines` as a person does, on a data folder of the test's own, without a store."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTLINES_")}
    home = {"SIGHTLINES_HOME": str(tmp_path / "home"), "COLUMNS": "200"}

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return commands.run([*map(str, arguments)], {**environment, **home, **settings}, tmp_path)

    return run


@pytest.fixture
def command(offline: Run, address: Address, tmp_path: Path) -> Run:
    """Run `sightlines` on the session's server, as if it were a configured one."""
    password = tmp_path / "password"
    password.write_text(address.password, encoding="ascii")
    server = {
        "SIGHTLINES_NEO4J_URI": address.uri,
        "SIGHTLINES_NEO4J_PASSWORD_FILE": str(password),
    }

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return offline(*arguments, **{**server, **settings})

    return run
