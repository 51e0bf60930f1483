"""The two connections to Neo4j: `Store` answers questions and is async; `Writer` loads and is not.

Neither connects when it is made; `verify` does. A session is never shared between two calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
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

from graph.errors import StoreUnreachable
from graph.question import Question, T
from graph.store.address import Address, check_version, translated

#: Options of both drivers. The timeouts, in seconds, cover a new connection and the wait for a free
#: one of the pool: a person is waiting, and learns within ten that nobody answers.
_OPTIONS: dict[str, Any] = {
    "connection_timeout": 5.0,
    "connection_acquisition_timeout": 8.0,
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
    """The store for reading: one per event loop. Use it as a context manager, or call `close`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with translated(address):
            self._driver: AsyncDriver = AsyncGraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                # A person is waiting, and can ask again.
                max_transaction_retry_time=2.0,
                **_OPTIONS,
            )
        self._down: tuple[float, str] = (float("-inf"), "")

    async def verify(self) -> None:
        """Connect. Raises a `StoreError` that names the obstacle."""
        with translated(self.address):
            info = await self._driver.get_server_info()
        check_version(info.agent, self.address.uri)
        await self.ask(_ALIVE)

    async def ask(self, question: Question[T]) -> T:
        """Return the answer; the driver repeats a read that failed for a passing reason.

        The first attempt is a statement by itself: one round trip, where a transaction that the
        driver can repeat takes three. Raises `StoreUnreachable` when the answer is overdue.
        """

        @unit_of_work(timeout=question.seconds)
        async def work(transaction: AsyncManagedTransaction) -> T:
            result = await transaction.run(question.cypher, dict(question.parameters))
            return question.read([record async for record in result])

        with self._errors():
            async with asyncio.timeout(max(question.seconds, OVERDUE) + GRACE):
                with _suppress_retryable():
                    async with self._session() as session:
                        query = Query(question.cypher, timeout=question.seconds)
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
            with translated(self.address):
                yield
        except StoreUnreachable as error:
            self._down = monotonic(), str(error)
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._driver.close()

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
    """The connection of a load, and of whatever else writes. A context manager, or call `close`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with translated(address):
            self._driver: Driver = GraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                max_transaction_retry_time=30.0,
                **_OPTIONS,
            )

    def verify(self) -> None:
        """Connect. Raises a `StoreError` that names the obstacle."""
        with translated(self.address):
            info = self._driver.get_server_info()
        check_version(info.agent, self.address.uri)
        self.run(_ALIVE.cypher)

    def run(
        self,
        cypher: LiteralString,
        parameters: Mapping[str, Any] | None = None,
        *,
        seconds: float | None = None,
    ) -> list[Record]:
        """Run one statement in a transaction of its own and return its rows.

        It is repeated where it met the lock of another transaction. Without `seconds` it may take
        as long as it likes.
        """

        @unit_of_work(timeout=seconds)
        def work(transaction: ManagedTransaction) -> list[Record]:
            return list(transaction.run(cypher, dict(parameters or {})))

        with translated(self.address), self.session() as session:
            return session.execute_write(work)

    def session(self) -> Session:
        """Return a session, which the caller closes; wrap its use in `translated`."""
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
