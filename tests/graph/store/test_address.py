"""graph/store/address.py: the driver's errors in our words, and passwords in none of them."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator

import pytest
from neo4j import exceptions

from graph.errors import (
    QueryFault,
    SightlinesError,
    StoreBusy,
    StoreError,
    StoreLogin,
    StoreTimeout,
    StoreUnreachable,
    StoreVersion,
)
from graph.question import Question
from graph.store.address import Address, check_version, translate
from graph.store.connection import Store
from tests.sync_store import SyncStore

SECRET = "correct-horse-battery"
ONE = Question("RETURN 1 AS one", lambda rows: rows[0]["one"])


def subclasses(parent: type[Exception]) -> Iterator[type[Exception]]:
    """Every class below one, at any depth."""
    for child in parent.__subclasses__():
        yield child
        yield from subclasses(child)


def error_of(kind: type[Exception]) -> Exception:
    """An error of the driver; some of its classes want what they are about first."""
    try:
        return kind("it happened")
    except TypeError:
        return kind(None, "it happened")


@pytest.mark.parametrize("kind", [exceptions.Neo4jError, *subclasses(exceptions.GqlError)])
def test_every_error_of_the_driver_is_one_of_ours(kind: type[Exception]) -> None:
    """Whatever class the driver has or gets, it becomes a SightlinesError with words of its own."""
    ours = translate(error_of(kind), "bolt://here")
    assert isinstance(ours, StoreError | QueryFault)
    assert str(ours)


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        (exceptions.AuthError, StoreLogin),
        (exceptions.TokenExpired, StoreLogin),
        (exceptions.ServiceUnavailable, StoreUnreachable),
        (exceptions.SessionExpired, StoreUnreachable),
        (exceptions.WriteServiceUnavailable, StoreUnreachable),
        (exceptions.ConnectionAcquisitionTimeoutError, StoreBusy),
        (exceptions.UnsupportedServerProduct, StoreVersion),
        (exceptions.ConfigurationError, StoreError),
        (exceptions.DatabaseError, StoreError),
        (exceptions.ResultConsumedError, StoreError),
        (exceptions.CypherSyntaxError, QueryFault),
        (exceptions.Forbidden, QueryFault),
        (ConnectionResetError, StoreUnreachable),
    ],
)
def test_each_class_means_what_it_says(kind: type[Exception], ours: type[Exception]) -> None:
    """The nearest of our classes, and not only some class."""
    assert type(translate(error_of(kind), "bolt://here")) is ours


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("Neo.ClientError.Security.Unauthorized", StoreLogin),
        ("Neo.ClientError.Security.AuthenticationRateLimit", StoreLogin),
        ("Neo.ClientError.Security.CredentialsExpired", StoreLogin),
        ("Neo.ClientError.Transaction.TransactionTimedOut", StoreTimeout),
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", StoreTimeout),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", StoreBusy),
        ("Neo.TransientError.Transaction.MaximumTransactionLimitReached", StoreBusy),
        ("Neo.TransientError.Transaction.DeadlockDetected", StoreUnreachable),
        ("Neo.TransientError.General.DatabaseUnavailable", StoreUnreachable),
        ("Neo.ClientError.Database.DatabaseNotFound", StoreError),
        ("Neo.ClientError.Cluster.NotALeader", StoreError),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", StoreError),
        ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", StoreError),
        ("Neo.DatabaseError.General.UnknownError", StoreError),
        ("Neo.ClientError.Statement.SyntaxError", QueryFault),
        ("Neo.ClientError.Statement.AccessMode", QueryFault),
        ("Neo.ClientError.Statement.ParameterMissing", QueryFault),
    ],
)
def test_each_code_of_the_server_means_what_it_says(code: str, ours: type[Exception]) -> None:
    """A code tells more than the class of the driver's error."""
    error = exceptions.Neo4jError._basic_hydrate(neo4j_code=code, message="it happened")
    error_ = translate(error, "bolt://here")
    assert type(error_) is ours
    assert "it happened" in str(error_) or "bolt://here" in str(error_)


def test_neo4js_own_database_is_refused() -> None:
    """`system` takes no graph, and says so itself only in words about administration."""
    with pytest.raises(StoreError, match="SIGHTLINES_NEO4J_DATABASE"):
        Address("bolt://here", database="system")


def test_what_is_no_error_of_the_driver_stays_what_it_is() -> None:
    """A defect of ours is not dressed up as the store's."""
    error = KeyError("x")
    assert translate(error, "bolt://here") is error


@pytest.mark.parametrize("agent", ["Neo4j/4.4.12", "Neo4j/5.25.1"])
def test_a_server_that_is_too_old_is_named(agent: str) -> None:
    """The version that is there, and the one that is needed."""
    with pytest.raises(StoreVersion, match=f"{agent}.*5.26 or newer"):
        check_version(agent, "bolt://here")


@pytest.mark.parametrize("agent", ["Neo4j/5.26.0", "Neo4j/2026.09.0", "Neo4j/dev", "Other"])
def test_a_server_that_is_new_enough_is_taken(agent: str) -> None:
    """So is one whose version cannot be read: its answers will tell."""
    check_version(agent, "bolt://here")


@pytest.mark.parametrize(
    "uri",
    ["http://localhost:7474", "localhost:7687", "", "bolt://localhost:port", "bolt:/x", "neo4j",
     "bolt://localhost:7687/neo4j", "bolt://two hosts:1", "bolt+x://localhost"],
)  # fmt: skip
def test_what_is_no_address_is_named(uri: str) -> None:
    """A wrong scheme or port is no server that does not answer."""
    with pytest.raises(StoreError, match="is not an address of a Neo4j server") as error:
        Address(uri, password=SECRET)
    assert type(error.value) is StoreError


@pytest.mark.parametrize(
    "uri",
    ["neo4j://localhost", "bolt+ssc://10.0.0.1:7687", "neo4j+s://x.example.org:7687?policy=eu",
     "bolt://[::1]:7687", "neo4j+ssc://a-b.local"],
)  # fmt: skip
def test_what_is_an_address_is_taken(uri: str) -> None:
    """Bolt with and without encryption and routing; opening a store does not connect."""
    with SyncStore(Address(uri)) as store:
        assert store.address.uri == uri


def test_a_uri_with_a_password_is_refused_without_showing_it() -> None:
    """A URI stands in messages and in logs, so it may hold no secret."""
    with pytest.raises(StoreError, match="holds a user or a password") as error:
        Address(f"neo4j://me:{SECRET}@localhost:7687")
    assert SECRET not in str(error.value)


def test_a_password_is_never_shown() -> None:
    """Neither an address nor a store prints it."""
    address = Address("bolt://localhost:1", "me", SECRET)
    with SyncStore(address) as store:
        text = f"{address} {address!r} {store!r} {vars(store)}"
    assert "me" in text
    assert SECRET not in text


@pytest.fixture
def nobody() -> Address:
    """An address of this machine at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return Address(f"bolt://127.0.0.1:{port}", password=SECRET)


@pytest.fixture
def silent() -> Iterator[Address]:
    """An address at which something takes the call and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield Address(f"bolt://127.0.0.1:{listener.getsockname()[1]}", password=SECRET)


def verify(address: Address) -> None:
    """Connect, as the command line does first."""
    with SyncStore(address) as store:
        store.verify()


def ask(address: Address) -> None:
    """Ask, as the API does."""

    async def once() -> None:
        async with Store(address) as store:
            await store.ask(ONE)

    asyncio.run(once())


@pytest.mark.long
@pytest.mark.parametrize("attempt", [verify, ask])
def test_nobody_there_is_told(
    attempt: Callable[[Address], None], nobody: Address, caplog: pytest.LogCaptureFixture
) -> None:
    """The address is named, and no secret in a message or a log."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreUnreachable, match=f"No server answers at {nobody.uri}") as error:
        attempt(nobody)
    assert SECRET not in f"{error.value!r} {error.value} {caplog.text}"


def test_a_silent_listener_is_given_up(silent: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that accepts the connection and says nothing cannot be reached."""
    monkeypatch.setattr("graph.store.connection.LOGIN", 0.5)
    with pytest.raises(StoreUnreachable):
        verify(silent)


def test_a_wrong_login_is_told(address: Address, caplog: pytest.LogCaptureFixture) -> None:
    """A wrong password, a wrong user, and a server that has had enough of them."""
    caplog.set_level(logging.DEBUG)
    # The real user once only: after three wrong passwords the server locks a user for a while.
    for user in (address.user, *["somebody"] * 5):
        with (
            SyncStore(Address(address.uri, user, SECRET)) as store,
            pytest.raises(StoreLogin, match="refuses") as error,
        ):
            store.verify()
        assert SECRET not in str(error.value)
    assert "LOGON" in caplog.text
    assert SECRET not in caplog.text


def test_a_database_that_is_not_there_is_told(address: Address) -> None:
    """The database's name is in the message."""
    other = Address(address.uri, address.user, address.password, "elsewhere")
    with SyncStore(other) as store, pytest.raises(StoreError, match=r"no such database.*elsewhere"):
        store.ask(ONE)


def test_a_question_may_not_take_too_long(store: SyncStore) -> None:
    """The store gives up for us, for a question and a statement; the next one is answered."""
    slow = Question("UNWIND range(1, 1000000000) AS n RETURN max(n * n) AS m", list, seconds=0.3)
    with pytest.raises(StoreTimeout):
        store.ask(slow)
    store.ask(ONE)
    with pytest.raises(StoreTimeout):
        store.run(slow.cypher, seconds=0.3)
    store.run(ONE.cypher)


def test_a_command_waits_for_a_statement_that_the_api_gives_up(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow machine is no error: with `patience` the limit of the question does not count."""
    monkeypatch.setattr("graph.store.connection.OVERDUE", 0.0)
    monkeypatch.setattr("graph.store.connection.DOWN", 0.0)
    # More than the half second that remains at a limit of nothing, on any machine.
    count = "UNWIND range(1, 50000000) AS n RETURN count(n * n) AS count"
    slow: Question[int] = Question(count, lambda rows: int(rows[0]["count"]), seconds=0.01)

    async def ask(patience: float) -> int:
        async with Store(address, patience=patience) as store:
            return await store.ask(slow)

    with pytest.raises((StoreTimeout, StoreUnreachable)):
        asyncio.run(ask(0.0))
    assert asyncio.run(ask(600.0)) == 50_000_000


def test_a_store_asks_again_where_the_server_is(
    address: Address, nobody: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a server that could not be reached; not as long as it answers."""
    monkeypatch.setattr("graph.store.connection.DOWN", 0.0)
    addresses = iter([nobody, address])

    async def ask() -> None:
        async with Store(lambda: next(addresses)) as store:
            with pytest.raises(StoreUnreachable):
                await store.ask(ONE)
            for _ in range(3):
                assert await store.ask(ONE) == 1

    asyncio.run(ask())


def test_an_error_of_ours_goes_through(store: SyncStore) -> None:
    """What a reader raises is not taken for the store's."""

    def fail(rows: object) -> None:
        raise SightlinesError("mine")

    with pytest.raises(SightlinesError, match="mine"):
        store.ask(Question("RETURN 1", fail))
