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
class SiteTimes:
    """A site: its pages, the seconds of the first run, and of one in which nothing had changed.

    `size` is the sum of its files, in bytes.
    """

    entities: int
    pages: int
    size: int
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
    cpu: float
    repeat: float


def page_seconds(draw: Callable[[Subgraph], str], graph: Subgraph, repeat: int) -> Drawing:
    """Draw a page so many times; return the medians."""
    draw(graph)  # templates are compiled once in a process
    fresh, again = [], []
    for _ in range(repeat):
        layout._positions.cache_clear()
        fresh.append(_times(draw, graph))
        again.append(_times(draw, graph))
    return Drawing(
        clock=median(clock for clock, _ in fresh),
        cpu=median(cpu for _, cpu in fresh),
        repeat=median(clock for clock, _ in again),
    )


def _times(draw: Callable[[Subgraph], str], graph: Subgraph) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), time.process_time()
    draw(graph)
    return time.perf_counter() - clock, time.process_time() - cpu


def site(entities: int) -> SiteTimes:
    """Load a generated data set into a store of its own and write its site two times."""
    with tempfile.TemporaryDirectory(prefix="sightlines-bench-") as work, run.server() as server:
        data = generate.write(Path(work) / "data", entities * _CLAIMS_AN_ENTITY)
        address = Address(server.uri, *server.auth)
        with Writer(address) as writer:
            loader.load(writer, [data])
        start = time.perf_counter()
        first = asyncio.run(_write(address, Path(work) / "site"))
        middle = time.perf_counter()
        second = asyncio.run(_write(address, Path(work) / "site"))
        end = time.perf_counter()
        files = Path(work, "site").rglob("*")
        size = sum(file.stat().st_size for file in files if file.is_file())
    return SiteTimes(entities, first.pages, size, middle - start, end - middle, second.writes)


async def _write(address: Address, folder: Path) -> SiteCounts:
    async with Store(address) as store:
        return await write_site(store, folder)
