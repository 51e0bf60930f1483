"""Whether a server still works, for the one who supervises it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from types import TracebackType
from typing import LiteralString, Self

from graph.errors import StoreError, StoreLogin, StoreTimeout
from graph.question import Question, T
from graph.store.address import Address
from graph.store.connection import Store

#: Seconds between two questions to a server that works.
INTERVAL = 1.0
#: Questions in a row that a server may fail to answer.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a server may be silent, and a transaction go on after it was ended, in seconds."""

    silence: float
    overrun: float = float("inf")


#: The store: a machine that is very busy takes long for an answer, and a load must not be lost.
STORE = Limits(silence=60.0)
#: A server for statements from outside: no answer is worth waiting for, and nothing is lost.
READ_ONLY = Limits(silence=15.0, overrun=4.0)

#: Transactions that were ended, by the clock or with their connection, and are still there. Neo4j
#: ends one when it looks for that, and neither its planner nor functions such as `reduce` look.
_ENDED: LiteralString = """SHOW TRANSACTIONS YIELD transactionId, status
WHERE status STARTS WITH 'Terminated'
RETURN transactionId AS id"""
ENDED: Question[list[str]] = Question(_ENDED, lambda rows: [row["id"] for row in rows])


class BlockingStore:
    """A `Store` for one thread that has no event loop. A context manager, or call `close`."""

    def __init__(self, address: Address | Callable[[], Address], *, patience: float = 0.0) -> None:
        self._runner = asyncio.Runner()
        self._store = Store(address, patience=patience)
        self._patience = patience

    def ask(self, question: Question[T]) -> T:
        """Return the answer, within the time of the question. Raises a `StoreError`."""
        seconds = max(question.seconds, self._patience)

        async def ask() -> T:
            try:
                async with asyncio.timeout(seconds):
                    return await self._store.ask(question)
            except TimeoutError as error:
                raise StoreTimeout(f"The server did not answer in {seconds:g} seconds.") from error

        return self._runner.run(ask())

    def close(self) -> None:
        """Close every connection."""
        with suppress(StoreError, OSError):  # the server may have ended, and they with it
            self._runner.run(self._store.close())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Health(BlockingStore):
    """Asks a server at intervals whether it works."""

    def __init__(self, address: Address, limits: Limits) -> None:
        super().__init__(address)
        self._limits = limits
        self._question = replace(ENDED, seconds=limits.silence / TRIES)
        self._next = self._answered = monotonic()
        self._failed = 0
        self._ended: dict[str, float] = {}

    def fault(self) -> str | None:
        """Return what is wrong with the server, such as `does not answer`; None if it works."""
        if monotonic() < self._next:
            return None
        try:
            ids = self.ask(self._question)
        except StoreLogin:
            return "no longer accepts its password"
        except StoreError:
            self._failed += 1
            silent = monotonic() - self._answered > self._limits.silence
            return "does not answer" if silent and self._failed >= TRIES else None
        finally:
            self._next = monotonic() + INTERVAL
        now = self._answered = monotonic()
        self._failed = 0
        self._ended = {i: self._ended.get(i, now) for i in ids}
        if any(now - since > self._limits.overrun for since in self._ended.values()):
            return "goes on with a statement that was ended"
        return None
