"""The read-only server for statements from outside: a real one over the run's store."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from fastapi.testclient import TestClient
from neo4j import GraphDatabase, Query
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from api.app import create_app
from graph.errors import StoreStarting
from graph.store.address import Address
from graph.store.connection import Writer
from graph.store.loader import load
from graph.store.local import LocalServer, ReadOnlyServer, read_only_folder, status
from tests.conftest import LOCAL, load_alone
from tests.dumps import dump
from tests.sync_store import SyncStore

pytestmark = pytest.mark.timeout(1800)

#: Seconds that a start may take on a machine that is very busy.
START = 600.0
#: The priority of a server that has answered its first questions, the one below that of the tests.
PRIORITY = 1
#: Neo4j does not look at its clock while it computes this.
ENDLESS = "RETURN all(x IN range(1, 1000000000000) WHERE x > 0) AS x"

WRITES = (
    "CREATE (n:Entity {id: 'x'})",
    "MATCH (n:Claim) SET n.summary = 'x'",
    "MATCH (n) DETACH DELETE n",
    "MERGE (n:Entity {id: 'x'}) RETURN n",
    "MATCH (n:Entity) CALL (n) { SET n.a = 1 } IN TRANSACTIONS",
    "CREATE INDEX FOR (n:Claim) ON (n.summary)",
    "DROP CONSTRAINT entity_id",
    "CALL db.createLabel('New')",
    "CALL db.createProperty('new')",
)


@pytest.fixture(scope="module")
def data(neo4j_server: LocalServer) -> Path:
    """The data folder of the run's store."""
    return neo4j_server.password_file.parent.parent


@pytest.fixture(scope="module")
def server(data: Path, jars: Path, address: Address, belmora: Path) -> Iterator[ReadOnlyServer]:
    """The read-only server over the invented data set; not started before it is needed."""
    load_alone(address, belmora)
    one = ReadOnlyServer(data, jars, lambda: address, print, heap="256m")
    with pytest.MonkeyPatch.context() as patch:
        # A machine that is busy with tests would leave it no time at the priority of a product.
        patch.setattr("graph.store.local.child.PRIORITY", PRIORITY)
        yield one
        one.close()
    assert status(read_only_folder(data)) is None


@pytest.fixture(scope="module")
def api(server: ReadOnlyServer, address: Address) -> Iterator[TestClient]:
    """The API, which sends statements there."""
    app = create_app(address, statements=server.address, version="0", exposure=LOCAL)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def pid(data: Path) -> int | None:
    """The process of the read-only server, once it is ready."""
    state = status(read_only_folder(data))
    return state.pid if state is not None and state.ready else None


def wait_for(holds: Callable[[], bool]) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + START
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def is_replaced(data: Path, before: int | None) -> bool:
    """Wait until another process has taken the place of this one."""
    return wait_for(lambda: pid(data) not in (before, None)) and not psutil.pid_exists(before or 0)


def ask(api: TestClient, statement: str, timeout_ms: int = 30_000) -> tuple[int, str]:
    """POST a statement; return status and code."""
    answer = api.post("/v1/cypher", json={"statement": statement, "timeout_ms": timeout_ms})
    return answer.status_code, json.loads(answer.text).get("code", "")


def snapshot(api: TestClient) -> str | None:
    """The snapshot that statements are answered from; None while they are not."""
    answer = api.get("/v1/cypher", params={"statement": "RETURN 1 AS x", "timeout_ms": "30000"})
    return answer.json()["meta"]["snapshot"]["id"] if answer.status_code == 200 else None


def test_it_starts_with_the_first_statement(api: TestClient, data: Path) -> None:
    """Until then it takes no memory; the answer meanwhile says that it starts, and when to ask."""
    assert status(read_only_folder(data)) is None
    answer = api.post("/v1/cypher", json={"statement": "RETURN 1"})
    assert (answer.status_code, answer.json()["code"]) == (503, "cypher_starting")
    assert answer.headers["retry-after"] and answer.json()["retryable"]
    page = api.get("/cypher", params={"statement": "RETURN 1"}, headers={"Accept": "text/html"})
    if page.status_code == 503:
        assert page.headers["refresh"] and "is starting" in page.text
    assert wait_for(lambda: ask(api, "RETURN 1") == (200, ""))


def test_it_holds_what_the_store_holds(server: ReadOnlyServer, address: Address) -> None:
    """Every node and edge, though the store was copied while it was served; indexes are usable."""
    with SyncStore(address) as store, SyncStore(server.wait()) as copy:
        assert dump(copy) == dump(store)
        states = copy.rows("SHOW INDEXES YIELD state RETURN DISTINCT state")
        assert [list(row) for row in states] == [["ONLINE"]]


def test_nobody_can_write_to_the_graph_through_it(server: ReadOnlyServer) -> None:
    """Not with its password, over Bolt and in write mode; the store's password is another one."""
    address = server.wait()
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for statement in WRITES:
            with driver.session() as session, pytest.raises(ClientError) as error:
                session.run(statement).consume()
            assert "read" in str(error.value).lower(), (statement, error.value)


def test_its_password_is_its_own(
    server: ReadOnlyServer, neo4j_server: LocalServer, data: Path
) -> None:
    """Neither works for the other, and only their owner can read it."""
    address = server.wait()
    file = read_only_folder(data) / "neo4j" / "password"
    assert file.stat().st_mode & 0o777 == 0o600
    for uri, auth in (
        (neo4j_server.uri, (address.user, address.password)),
        (address.uri, neo4j_server.auth),
    ):
        with GraphDatabase.driver(uri, auth=auth) as driver:
            assert not driver.verify_authentication()


def test_it_follows_a_load(
    api: TestClient, address: Address, belmora: Path, tmp_path: Path
) -> None:
    """Answers name the snapshot that they are from: the old one, and then the new one."""
    before = snapshot(api)
    text = belmora.read_text("utf-8")
    first = next(line for line in text.splitlines() if "summary:" in line)
    (tmp_path / "belmora.yaml").write_text(text.replace(first, f"{first[:-1]} indeed{first[-1]}"))
    with Writer(address) as writer:
        after = load(writer, [tmp_path]).snapshot
    assert after != before
    snapshots = {snapshot(api)}
    assert wait_for(lambda: snapshots.add(snapshot(api)) or after in snapshots)
    assert snapshots <= {before, after, None}


def test_a_statement_that_goes_on_ends_with_the_server(
    api: TestClient, server: ReadOnlyServer, data: Path
) -> None:
    """Whoever sent it is told in time; another one in flight may be asked again; nobody helps.

    A user that somebody made is gone with the process.
    """
    address = server.wait()
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query("CREATE USER eve SET PASSWORD 'abcdefgh'", database_="system")
    before = pid(data)
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(ask, api, ENDLESS, 30_000)
        assert ask(api, ENDLESS, 200) == (504, "query_timeout")
        # On a machine that is slow its own time may end before the server does.
        assert other.result() in {
            (503, "cypher_restarted"), (503, "busy"), (504, "query_timeout"),
        }  # fmt: skip
    assert is_replaced(data, before)
    assert wait_for(lambda: ask(api, "RETURN 1") == (200, ""))
    with SyncStore(server.wait()) as copy:
        assert [list(row) for row in copy.rows("SHOW USERS YIELD user RETURN user")] == [["neo4j"]]


def test_one_that_goes_on_over_bolt_ends_with_the_server_too(
    server: ReadOnlyServer, data: Path
) -> None:
    """The watch looks at the server's transactions, whoever sent them."""
    address, before = server.wait(), pid(data)
    with (
        GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session() as session,
        pytest.raises((DriverError, Neo4jError)),
    ):
        session.run(Query(ENDLESS, timeout=0.5)).consume()
    assert is_replaced(data, before)


@pytest.mark.parametrize("how", ["suspend", "kill"])
def test_one_that_hangs_or_dies_is_replaced(server: ReadOnlyServer, data: Path, how: str) -> None:
    """By itself, at the same address."""
    address, before = server.wait(), pid(data)
    assert before is not None
    # It has two minutes for its first answers. After them its priority is lowered.
    assert wait_for(lambda: psutil.Process(before).nice() == PRIORITY)
    with pytest.MonkeyPatch.context() as patch:
        # The run's own patience would be waited for in full.
        patch.setattr("graph.store.connection.OVERDUE", 10.0)
        getattr(psutil.Process(before), how)()
        assert is_replaced(data, before)
    assert server.wait() == address


def test_without_a_copy_it_says_so(tmp_path: Path, jars: Path) -> None:
    """There is no store to copy."""
    (tmp_path / "neo4j" / "data" / "transactions" / "neo4j").mkdir(parents=True)
    one = ReadOnlyServer(tmp_path, jars, lambda: Address("bolt://127.0.0.1:1"), print)
    with pytest.raises(StoreStarting):
        one.address()
    one.close()
