"""The store as tests use it: plain functions that load as the product does and read as it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Any, LiteralString, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from graph.question import Question
from graph.store.address import Address
from graph.store.connection import Store, Writer
from graph.store.values import plain

T = TypeVar("T")


#: Seconds that a question may take where a busy machine has just started its server.
PATIENCE = 120.0


class PatientStore(Store):
    """A store that gives the product's questions more time: not those that must fail in time."""

    async def ask(self, question: Question[T]) -> T:
        seconds = question.seconds if question.seconds < 1 else max(question.seconds, PATIENCE)
        return await super().ask(replace(question, seconds=seconds))


class SyncStore(Writer):
    """A `Writer` that also answers questions, by way of a `Store` in an event loop of its own."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self._loop = ExitStack()

    @cached_property
    def _portal(self) -> BlockingPortal:
        return self._loop.enter_context(start_blocking_portal())

    @cached_property
    def _store(self) -> Store:
        async def make() -> Store:
            return PatientStore(self.address)

        return self._loop.enter_context(
            self._portal.wrap_async_context_manager(self._portal.call(make))
        )

    def ask(self, question: Question[T]) -> T:
        """Return the answer to one question."""
        return self.read(lambda store: store.ask(question))

    def read(self, function: Callable[[Store], Awaitable[T]]) -> T:
        """Return what an `async` function makes of the store: `store.read(news)`."""
        return self._portal.call(function, self._store)

    def rows(self, cypher: LiteralString, **parameters: Any) -> list[list[Any]]:
        """Return the rows of a statement as plain values."""
        return [[plain(value) for value in row.values()] for row in self.run(cypher, parameters)]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.close()
        super().__exit__(kind, error, trace)
