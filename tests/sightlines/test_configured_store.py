"""A server that somebody configured: every way of naming it, and what is said of a wrong one."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store.address import Address
from graph.store.loader import load
from graph.store.local.child import free_port
from tests.conftest import LOCAL
from tests.sync_store import SyncStore

Run = Callable[..., CompletedProcess[str]]
SECRET = "correct-horse-battery"
RETURN = ("cypher", "RETURN 6 * 7 AS answer")


def fails(result: CompletedProcess[str], code: int, *words: str) -> None:
    """It ended with that code and said all of the words: no trace, and no password."""
    output = result.stdout + result.stderr
    assert result.returncode == code, output
    assert not [word for word in words if word not in output], output
    assert "Traceback" not in output and SECRET not in output


@pytest.fixture
def place(address: Address) -> str:
    """Host and port of the session's server."""
    return address.uri.partition("://")[2]


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_both_schemes_load_and_answer(
    command: Run, store: SyncStore, place: str, scheme: str
) -> None:
    """With routing and without; a newline at the end of the password file is no part of it."""
    here = {"SIGHTLINES_NEO4J_URI": f"{scheme}://{place}"}
    assert command("load", "seeds", **here).returncode == 0
    assert "42" in command(*RETURN, **here).stdout


def test_a_store_that_another_version_loaded(command: Run, store: SyncStore, seeds: Path) -> None:
    """It is not served before it is loaded again, which writes what this version reads."""
    load(store, [seeds])
    store.run("MATCH ()-[r]->() REMOVE r.claim_past SET r.content_hash = 'another'")
    store.run("MATCH (n:Snapshot) SET n.program = 'another', n.id = 'another'")
    fails(command("serve", "--port", free_port()), 3, "another version", "sightlines load FOLDER")
    assert command("load", "seeds").returncode == 0
    assert store.rows("MATCH ()-[r]->() WHERE r.claims > 0 AND r.claim_past IS NULL RETURN 1") == []


def test_a_newline_ends_the_password_file(command: Run, address: Address, tmp_path: Path) -> None:
    """As editors and `echo` write it."""
    file = tmp_path / "with-newline"
    file.write_text(f"{address.password}\n", "ascii")
    result = command(*RETURN, SIGHTLINES_NEO4J_PASSWORD_FILE=str(file))
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"])
def test_encryption_that_the_server_does_not_speak(command: Run, place: str, scheme: str) -> None:
    """The address is named with its scheme, soon."""
    uri = f"{scheme}://{place}"
    fails(command(*RETURN, SIGHTLINES_NEO4J_URI=uri), 3, f"No server answers at {uri}")


@pytest.mark.parametrize("arguments", [RETURN, ("load", "seeds"), ("serve", "--port", "{port}")])
@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_answers(
    offline: Run, tmp_path: Path, arguments: tuple[str, ...], scheme: str
) -> None:
    """Every command says so, and starts no server of its own instead."""
    uri = f"{scheme}://127.0.0.1:{free_port()}"
    result = offline(
        *(argument.format(port=free_port()) for argument in arguments),
        SIGHTLINES_NEO4J_URI=uri,
        SIGHTLINES_NEO4J_PASSWORD=SECRET,
    )
    fails(result, 3, f"No server answers at {uri}")
    assert not (tmp_path / "home" / "neo4j").exists()


def test_a_wrong_password(command: Run, address: Address) -> None:
    """Who refuses it is said, before anything is read or served."""
    result = command(
        "up", "--port", free_port(),
        SIGHTLINES_NEO4J_PASSWORD=SECRET,
    )  # fmt: skip
    fails(result, 3, f"{address.uri} refuses this user and password")
    assert "Checking" not in result.stderr


def test_a_wrong_user(command: Run, address: Address) -> None:
    """The same words: which of the two is wrong is not told."""
    result = command(*RETURN, SIGHTLINES_NEO4J_USER="somebody")
    fails(result, 3, f"{address.uri} refuses this user and password")


def test_no_password(offline: Run) -> None:
    """The setting to give is named."""
    result = offline(*RETURN, SIGHTLINES_NEO4J_URI="bolt://127.0.0.1:1")
    fails(result, 1, "SIGHTLINES_NEO4J_PASSWORD_FILE")


def test_an_empty_password_file(offline: Run, tmp_path: Path) -> None:
    """A file that was made and never filled is named: Neo4j would only say that it refuses."""
    file = tmp_path / "empty"
    file.write_text("\n", encoding="ascii")
    server = {"SIGHTLINES_NEO4J_URI": "bolt://127.0.0.1:1"}
    result = offline(*RETURN, **server, SIGHTLINES_NEO4J_PASSWORD_FILE=str(file))
    fails(result, 1, f"{file} is empty")


def test_a_password_in_the_address(offline: Run) -> None:
    """It is refused, and not shown."""
    uri = f"bolt://neo4j:{SECRET}@127.0.0.1:1"
    result = offline(*RETURN, SIGHTLINES_NEO4J_URI=uri, SIGHTLINES_NEO4J_PASSWORD="x")
    fails(result, 3, "holds a user or a password")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
@pytest.mark.parametrize("arguments", [("load", "seeds"), ("up", "--port", "{port}")])
def test_a_database_that_is_not_there(
    command: Run, place: str, arguments: tuple[str, ...], scheme: str
) -> None:
    """Both the server and the database are named."""
    uri = f"{scheme}://{place}"
    result = command(
        *(argument.format(port=free_port()) for argument in arguments),
        SIGHTLINES_NEO4J_URI=uri,
        SIGHTLINES_NEO4J_DATABASE="elsewhere",
    )
    fails(result, 3, f"{uri} has no such database", "elsewhere")


def test_statements_go_to_the_server_that_is_named_for_them(
    command: Run, store: SyncStore, address: Address, place: str, tmp_path: Path
) -> None:
    """SIGHTLINES_CYPHER_URI has a user and a password of its own, and takes statements alone."""
    server = {"SIGHTLINES_CYPHER_URI": "bolt://127.0.0.1:1", "SIGHTLINES_CYPHER_PASSWORD": SECRET}
    fails(command(*RETURN, **server), 3, "127.0.0.1:1")
    assert command("data", "list", **server).returncode == 0
    fails(command(*RETURN, SIGHTLINES_CYPHER_URI=address.uri), 1, "SIGHTLINES_CYPHER_PASSWORD_FILE")
    file = tmp_path / "statements"
    file.write_text(address.password, encoding="ascii")
    named = {"SIGHTLINES_CYPHER_URI": address.uri, "SIGHTLINES_CYPHER_PASSWORD_FILE": str(file)}
    assert "42" in command(*RETURN, **named).stdout
    app = create_app(address, statements=Address("bolt://127.0.0.1:1"), version="0", exposure=LOCAL)
    with TestClient(app) as client:
        body = client.post("/v1/cypher", json={"statement": "RETURN 1"}).json()
        assert body["code"] in ("cypher_restarted", "query_timeout") and body["retryable"]
        assert client.get("/v1/datasets").json().get("code") in (None, "not_loaded")


def test_a_database_with_somebody_elses_data(command: Run, store: SyncStore) -> None:
    """It is left alone, and nothing of it is taken for ours."""
    store.run("CREATE (:Person {name: 'Somebody'})")
    result = command("load", "seeds")
    fails(result, 3, "holds the graph of another program (1 nodes, labels such as Person)")
    assert "1" in command("cypher", "MATCH (n) RETURN count(n) AS n").stdout


def text(value: str) -> bytes:
    """A short text in PackStream, Bolt's encoding."""
    return bytes([0x80 + len(value)]) + value.encode("ascii")


def success(**facts: str) -> bytes:
    """A SUCCESS message of Bolt in one chunk; its 70 is the message's number."""
    pairs = b"".join(text(name) + text(value) for name, value in facts.items())
    body = b"\xb1\x70" + bytes([0xA0 + len(facts)]) + pairs
    return len(body).to_bytes(2, "big") + body + b"\0\0"


def messages(call: socket.socket) -> Iterator[None]:
    """Yield at the end of each message: it comes in chunks, of which the last is empty."""
    while size := call.recv(2, socket.MSG_WAITALL):
        length = int.from_bytes(size, "big")
        if length:
            call.recv(length, socket.MSG_WAITALL)
        else:
            yield


def greet(listener: socket.socket) -> None:
    """Take one call as a Neo4j 5.20 does, and succeed at whatever is asked until it is hung up."""
    call, _ = listener.accept()
    with call, contextlib.suppress(ConnectionError):
        call.recv(20, socket.MSG_WAITALL)  # the magic number and the versions that it takes
        call.sendall(bytes([0, 0, 4, 5]))
        for _ in messages(call):
            call.sendall(success(server="Neo4j/5.20.0", connection_id="bolt-1"))


@pytest.fixture
def old_server() -> Iterator[str]:
    """The address of a server that says it is Neo4j 5.20."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=greet, args=(listener,))
        thread.start()
        yield f"bolt://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


def test_a_server_that_is_too_old(offline: Run, old_server: str) -> None:
    """Its version and the one that is needed are told, before any statement is sent."""
    result = offline(
        "load", "seeds", SIGHTLINES_NEO4J_URI=old_server, SIGHTLINES_NEO4J_PASSWORD=SECRET
    )
    fails(result, 3, f"{old_server} runs Neo4j/5.20.0", "5.26 or newer")
