"""Concurrency limits, by themselves."""

from __future__ import annotations

import asyncio

import pytest

from api.errors import ProblemError
from api.http.slots import Slots


def test_a_slot_is_free_again_when_the_work_has_ended() -> None:
    """Work that was given up may go on elsewhere: its slot is taken until that has ended."""

    async def run() -> None:
        slots, over = Slots(1, 0.01), asyncio.Event()

        async def ended() -> None:
            await over.wait()

        async def work(fails: bool) -> None:
            async with slots.acquire(ended):
                if fails:
                    raise RuntimeError

        await work(fails=False)
        assert slots.in_use == 0
        with pytest.raises(RuntimeError):
            await work(fails=True)
        assert slots.in_use == 1
        with pytest.raises(ProblemError) as error:
            await work(fails=False)
        assert error.value.code == "busy"
        over.set()
        while slots.in_use:
            await asyncio.sleep(0)
        await work(fails=False)

    asyncio.run(run())
