"""The two doors to the store: `Store` for the command line and loads, `AsyncStore` for the API.

Both ask the same questions (graph.question). A session lives inside one `ask` and is never shared.
Opening a store does not connect; `verify` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from time import monotonic
from types import TracebackType
from typing import Any, LiteralString, Self, cast

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
    Session,
    unit_of_work,
)
from neo4j.exceptions import DriverError, Neo4jError

from graph.cypher import run as statements
from graph.cypher.guard import Statement
from graph.cypher.result import Answer
from graph.cypher.run import Bounds
from graph.errors import StoreUnreachable
from graph.question import Question, T
from graph.store.address import Address, check_version, translated
from graph.store.values import plain

#: Seconds for a connection to be made and for a free one of the pool, a greeting included: a person
#: is waiting, and hears within ten that nobody answers.
_PATIENCE: dict[str, Any] = {
    "connection_timeout": 5.0,
    "connection_acquisition_timeout": 8.0,
    # Our own questions are tested; the notes on them ("no such label yet") are for nobody.
    "notifications_min_severity": NotificationMinimumSeverity.OFF,
}

#: Seconds after which a store counts as hanging: it keeps no time then, and the driver would wait
#: without end. A question that may take longer has its own time.
PATIENT = 10.0
#: Seconds for which a store that did not answer counts as down: a request that asks it a few times
#: waits for it once.
DOWN = 0.5

#: Asked on the way in: a connection alone does not show that the database is there.
_ALIVE: Question[None] = Question("RETURN 1", lambda rows: None)


@contextmanager
def _passing_over() -> Iterator[None]:
    """Let an error of the driver pass that may be gone at the next try."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        if not error.is_retryable():
            raise


class Store:
    """A store for code that waits. Use it as a context manager, or call `close`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with translated(address):
            self._driver: Driver = GraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                max_transaction_retry_time=30.0,
                **_PATIENCE,
            )

    def verify(self) -> None:
        """Connect. Raises a `StoreError` that says what stands in the way."""
        with translated(self.address):
            info = self._driver.get_server_info()
        check_version(info.agent, self.address.uri)
        self.ask(_ALIVE)

    def ask(self, question: Question[T]) -> T:
        """Return the answer; a read that fails in passing is tried again by the driver.

        The first try is a statement by itself: one trip over the wire, where the transaction that
        the driver tries again takes three.
        """

        @unit_of_work(timeout=question.seconds)
        def work(transaction: ManagedTransaction) -> T:
            result = transaction.run(question.cypher, dict(question.parameters))
            return question.read(list(result))

        with translated(self.address):
            with _passing_over(), self._session(default_access_mode=READ_ACCESS) as session:
                query = Query(question.cypher, timeout=question.seconds)
                return question.read(list(session.run(query, dict(question.parameters))))
            with self._session(default_access_mode=READ_ACCESS) as session:
                return session.execute_read(work)

    def read(
        self, statement: str, parameters: Mapping[str, Any], *, rows: int, seconds: float
    ) -> tuple[list[str], list[list[Any]], bool]:
        """Run a person's own statement, which may only read.

        Returns the columns, at most `rows` rows as plain JSON values, and whether rows were left
        out. Raises `QueryFault` with Neo4j's own words for a statement that it refuses.
        """
        # mypy takes LiteralString as str, pyright does not: the cast is for the latter.
        text = cast(LiteralString, statement)  # type: ignore[redundant-cast]
        query = Query(text, timeout=seconds)
        with translated(self.address), self._session(default_access_mode=READ_ACCESS) as session:
            result = session.run(query, dict(parameters))
            found = [[plain(value) for value in row.values()] for row in islice(result, rows)]
            return list(result.keys()), found, result.peek() is not None

    def run(self, cypher: LiteralString, parameters: Mapping[str, Any] | None = None) -> None:
        """Run one statement in a transaction of its own, again if it met another's lock."""

        def work(transaction: ManagedTransaction) -> None:
            transaction.run(cypher, dict(parameters or {})).consume()

        with translated(self.address), self._session() as session:
            session.execute_write(work)

    def session(self) -> Session:
        """Return a session for the loader, which ends it; wrap its use in `translated`."""
        return self._session()

    def _session(self, **options: Any) -> Session:
        return self._driver.session(database=self.address.database, **options)

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


class AsyncStore:
    """A store for the API: one per event loop, opened and closed with it."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with translated(address):
            self._driver: AsyncDriver = AsyncGraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                # A person waits at the other end, and can ask again.
                max_transaction_retry_time=2.0,
                **_PATIENCE,
            )
        self._down: tuple[float, str] = (float("-inf"), "")

    async def ask(self, question: Question[T]) -> T:
        """Return the answer, as `Store.ask` does; raises `StoreUnreachable` when it is overdue."""

        @unit_of_work(timeout=question.seconds)
        async def work(transaction: AsyncManagedTransaction) -> T:
            result = await transaction.run(question.cypher, dict(question.parameters))
            return question.read([record async for record in result])

        with self._reached():
            async with asyncio.timeout(max(question.seconds, PATIENT) + statements.GRACE):
                with _passing_over():
                    async with self._reading() as session:
                        query = Query(question.cypher, timeout=question.seconds)
                        result = await session.run(query, dict(question.parameters))
                        return question.read([record async for record in result])
                async with self._reading() as session:
                    return await session.execute_read(work)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn the driver's errors into ours, at once where the store has just been found down."""
        since, told = self._down
        if monotonic() - since < DOWN:
            raise StoreUnreachable(told)
        try:
            with translated(self.address):
                yield
        except StoreUnreachable as error:
            self._down = monotonic(), str(error)
            raise

    def _reading(self) -> AsyncSession:
        return self._driver.session(database=self.address.database, default_access_mode=READ_ACCESS)

    async def answer(
        self, statement: Statement, parameters: Mapping[str, Any], bounds: Bounds
    ) -> Answer:
        """Run a person's own statement, which may only read: see `graph.cypher.run`."""
        database = self.address.database
        with self._reached():
            async with self._driver.session(
                database=database,
                default_access_mode=READ_ACCESS,
                fetch_size=bounds.fetch,
                notifications_min_severity=NotificationMinimumSeverity.INFORMATION,
            ) as session:
                return await statements.run(session, statement, parameters, bounds, database)

    async def close(self) -> None:
        """Close every connection."""
        await self._driver.close()
