"""Concurrency limits for expensive work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.errors import ProblemError


class Slots:
    """At most `count` holders at once; a further one waits `patience` seconds for a free slot.

    `in_use` is the number of slots in use.
    """

    def __init__(self, count: int, patience: float) -> None:
        self._free = asyncio.Semaphore(count)
        self.in_use = 0
        self._patience = patience

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        """Hold a slot while the block runs. Raises the problem `busy` if none is free in time."""
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
        finally:
            self.in_use -= 1
            self._free.release()
