"""Building pages: one page in memory, and a static site from a store, twice."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import generate, run
from graph.model import Subgraph
from graph.store import loader
from graph.store.address import Address
from graph.store.connection import Store, Writer
from sightlines.site import SiteCounts, write_site
from viz import layout

#: As `generate` makes them.
_CLAIMS_AN_ENTITY = 5


@dataclass(frozen=True, slots=True)
class Built:
    """A site: its pages, the seconds of the first run, and of one in which nothing had changed."""

    entities: int
    pages: int
    seconds: float
    again: float
    rewritten: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """How long a page takes to draw, in seconds of the clock and of the processor.

    `repeat` is the clock's time where the positions are known already, as on a server that has
    drawn the page before.
    """

    clock: float
    worked: float
    repeat: float


def page_seconds(draw: Callable[[Subgraph], str], graph: Subgraph, repeat: int) -> Drawing:
    """Draw a page so many times; return the medians."""
    draw(graph)  # templates are compiled once in a process
    fresh, again = [], []
    for _ in range(repeat):
        layout._positions.cache_clear()
        fresh.append(_timed(draw, graph))
        again.append(_timed(draw, graph))
    return Drawing(
        clock=median(clock for clock, _ in fresh),
        worked=median(worked for _, worked in fresh),
        repeat=median(clock for clock, _ in again),
    )


def _timed(draw: Callable[[Subgraph], str], graph: Subgraph) -> tuple[float, float]:
    clock, worked = time.perf_counter(), time.process_time()
    draw(graph)
    return time.perf_counter() - clock, time.process_time() - worked


def site(entities: int) -> Built:
    """Load a generated data set into a store of its own and write its site two times."""
    with tempfile.TemporaryDirectory(prefix="sightlines-bench-") as work, run.server() as started:
        data = generate.write(Path(work) / "data", entities * _CLAIMS_AN_ENTITY)
        address = Address(started.uri, *started.auth)
        with Writer(address) as writer:
            loader.load(writer, [data])
        start = time.perf_counter()
        first = asyncio.run(_write(address, Path(work) / "site"))
        middle = time.perf_counter()
        second = asyncio.run(_write(address, Path(work) / "site"))
        end = time.perf_counter()
    return Built(entities, first.pages, middle - start, end - middle, second.writes)


async def _write(address: Address, folder: Path) -> SiteCounts:
    async with Store(address) as store:
        return await write_site(store, folder)
