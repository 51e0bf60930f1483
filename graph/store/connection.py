"""The two connections to Neo4j: `Store` answers questions and is async; `Writer` loads and is not.

Neither connects when it is made; `verify` does. A session is never shared between two calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from types import TracebackType
from typing import Any, LiteralString, Self

from neo4j import (
    READ_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    AsyncSession,
    Driver,
    GraphDatabase,
    ManagedTransaction,
    NotificationMinimumSeverity,
    Query,
    Record,
    Session,
    unit_of_work,
)
from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import StoreError, StoreLogin, StoreUnreachable
from graph.question import Question, T
from graph.store.address import Address, check_version, store_errors

#: Seconds that the start of a server may take, and each of its first statements: on a slow machine
#: a cold Neo4j takes ten for `RETURN 1`, and a retry is as cold.
COLD_START = 300.0
#: Seconds that a command waits for a connection and its login.
LOGIN = 60.0

_OPTIONS: dict[str, Any] = {
    # Our own statements are tested: notifications on them ("no such label yet") help nobody.
    "notifications_min_severity": NotificationMinimumSeverity.OFF,
}

#: Seconds that the server has, beyond a statement's time limit, to end it itself.
GRACE = 0.5
#: Seconds after which a store counts as hanging: it ignores its own timeouts then, and the driver
#: would wait without end. A question may ask for more time than this.
OVERDUE = 10.0
#: Seconds for which a store that did not answer counts as down, so that a request with several
#: questions waits for it once.
DOWN = 0.5

#: Seconds that one transaction of a load may take: longer than the server's own default.
WRITE_SECONDS = 900.0

#: What `verify` asks: a connection alone does not show that the database exists.
_ALIVE: Question[None] = Question("RETURN 1", lambda rows: None)


@contextmanager
def _suppress_retryable() -> Iterator[None]:
    """Suppress errors of the driver that may be gone at the next attempt."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        if not error.is_retryable():
            raise


class Store:
    """The store for reading: one per event loop. Use it as a context manager, or call `close`.

    The address may be a function. It is called for the first statement, and again after the server
    could not be reached: a local server that was started again may have another port. Each
    statement may take at least `patience` seconds.
    """

    def __init__(self, address: Address | Callable[[], Address], *, patience: float = 0.0) -> None:
        self._locate = address
        self._address: Address | None = None
        self._patience = patience
        self._drivers: dict[Address, AsyncDriver] = {}
        self._down: tuple[float, str] = (float("-inf"), "")

    @property
    def address(self) -> Address:
        """The current address. Raises `StoreUnreachable` if no server is running there."""
        if self._address is None:
            locate = self._locate
            self._address = locate if isinstance(locate, Address) else locate()
        return self._address

    def begin(self) -> None:
        """Let a server that is started for its first question start before it."""
        with suppress(StoreError):
            _ = self.address

    @property
    def _driver(self) -> AsyncDriver:
        address = self.address
        if address not in self._drivers:
            # A user is waiting, and learns within ten seconds that the server does not answer.
            self._drivers[address] = AsyncGraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                connection_timeout=5.0,
                connection_acquisition_timeout=LOGIN if self._patience else 8.0,
                # The user can ask again.
                max_transaction_retry_time=2.0,
                **_OPTIONS,
            )
        return self._drivers[address]

    async def verify(self) -> None:
        """Connect. Raises a `StoreError` that names the obstacle."""
        with store_errors(self.address):
            info = await self._driver.get_server_info()
        check_version(info.agent, self.address.uri)
        await self.ask(_ALIVE)

    async def ask(self, question: Question[T]) -> T:
        """Return the answer; the driver repeats a read that failed for a passing reason.

        The first attempt is a statement by itself: one round trip, where a transaction that the
        driver can repeat takes three. Raises `StoreUnreachable` when the answer is overdue.
        """

        seconds = max(question.seconds, self._patience)

        @unit_of_work(timeout=seconds)
        async def work(transaction: AsyncManagedTransaction) -> T:
            result = await transaction.run(question.cypher, dict(question.parameters))
            return question.read([record async for record in result])

        with self._errors():
            async with asyncio.timeout(max(seconds, OVERDUE) + GRACE):
                with _suppress_retryable():
                    async with self._session() as session:
                        query = Query(question.cypher, timeout=seconds)
                        result = await session.run(query, dict(question.parameters))
                        return question.read([record async for record in result])
                async with self._session() as session:
                    return await session.execute_read(work)

    @asynccontextmanager
    async def session(self, **options: Any) -> AsyncIterator[AsyncSession]:
        """Yield a session that only reads. Raises `StoreUnreachable` as `ask` does."""
        with self._errors():
            async with self._session(**options) as session:
                yield session

    def _session(self, **options: Any) -> AsyncSession:
        return self._driver.session(
            database=self.address.database, default_access_mode=READ_ACCESS, **options
        )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the driver's errors into ours; raise at once if the store was down a moment ago."""
        since, reason = self._down
        if monotonic() - since < DOWN:
            raise StoreUnreachable(reason)
        try:
            with store_errors(self.address):
                yield
        except StoreUnreachable as error:
            self._down = monotonic(), str(error)
            self._address = None
            raise
        except StoreLogin:
            # Another server may have the port of a local one by now.
            self._address = None
            raise

    async def close(self) -> None:
        """Close every connection."""
        for driver in self._drivers.values():
            await driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


class Writer:
    """The connection of a load, and of whatever else writes. A context manager, or call `close`.

    Its statements take their time. If a server hangs, Neo4j's keep-alive messages stop, and the
    driver gives the connection up after two minutes (`server.bolt.connection_keep_alive`).
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        with store_errors(address):
            self._driver: Driver = GraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                connection_timeout=5.0,
                connection_acquisition_timeout=LOGIN,
                max_transaction_retry_time=30.0,
                **_OPTIONS,
            )

    def verify(self) -> None:
        """Connect. Raises a `StoreError` that names the obstacle."""
        with store_errors(self.address):
            info = self._driver.get_server_info()
        check_version(info.agent, self.address.uri)
        self.run(_ALIVE.cypher, seconds=COLD_START)

    def run(
        self,
        cypher: LiteralString,
        parameters: Mapping[str, Any] | None = None,
        *,
        seconds: float = WRITE_SECONDS,
    ) -> list[Record]:
        """Run one statement in a transaction of its own and return its rows.

        The driver repeats it after a transient error, such as another transaction's lock.
        """

        @unit_of_work(timeout=seconds)
        def work(transaction: ManagedTransaction) -> list[Record]:
            return list(transaction.run(cypher, dict(parameters or {})))

        with store_errors(self.address), self.session() as session:
            return session.execute_write(work)

    def session(self) -> Session:
        """Return a session, which the caller closes; wrap its use in `store_errors`."""
        return self._driver.session(database=self.address.database)

    def close(self) -> None:
        """Close every connection."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
