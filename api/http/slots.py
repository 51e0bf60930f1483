"""Places for costly work: so many at a time, and an answer at once where all are taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.errors import ProblemError


class Slots:
    """`count` places; whoever finds none within `patience` seconds is told to come again.

    `taken` says how many are in use.
    """

    def __init__(self, count: int, patience: float) -> None:
        self._free = asyncio.Semaphore(count)
        self.in_use = 0
        self._patience = patience

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        """Hold a place for as long as the block runs. Raises the problem `busy`."""
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
