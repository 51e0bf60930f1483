"""Concurrency limits for expensive work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from api.errors import ProblemError


class Slots:
    """At most `count` holders at once; a further one waits `patience` seconds for a free slot.

    `in_use` is the number of slots in use.
    """

    def __init__(self, count: int, patience: float) -> None:
        self._free = asyncio.Semaphore(count)
        self.in_use = 0
        self._patience = patience
        self._ending: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """Wait no longer for work that was given up."""
        for task in self._ending:
            task.cancel()

    @asynccontextmanager
    async def acquire(
        self, ended: Callable[[], Coroutine[Any, Any, None]] | None = None
    ) -> AsyncIterator[None]:
        """Hold a slot while the block runs, and if that fails until `ended` has returned.

        Raises the problem `busy` if none is free in time.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError as error:
            raise ProblemError(
                503,
                "busy",
                "All places are taken",
                "All places for costly questions are taken. Try again in a moment.",
                headers={"Retry-After": "5"},
                retryable=True,
            ) from error
        self.in_use += 1
        try:
            yield
        except BaseException:
            if ended is None:
                self._release()
            else:
                task = asyncio.create_task(ended())
                self._ending.add(task)
                task.add_done_callback(self._release_after)
            raise
        self._release()

    def _release_after(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        self._release()

    def _release(self) -> None:
        self.in_use -= 1
        self._free.release()
