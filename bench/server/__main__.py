"""The command line: `python -m bench.server`. See README.md in the folder above."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench import generate, run
from bench.__main__ import machine
from bench.server import datasette, servers, tables
from bench.server.aims import AT_ONCE, Pair
from bench.server.compare import Bench, Line
from bench.server.questions import MEASURES, Measure
from bench.server.sample import draw
from bench.server.servers import Server
from graph.question import Reader, T
from graph.store import loader
from graph.store.address import Address
from graph.store.connection import Store, Writer

# A table that goes into a file is not to be folded to the 80 columns that Rich assumes then.
console = Console(width=None if sys.stdout.isatty() else 190)
SEEDS = run.HERE.parent / "seeds"
PARTS = ("table", "seeds", "growth", "memory")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    claims: int
    sizes: tuple[int, ...]
    seconds: float
    requests: int
    workers: tuple[int, ...]
    connections: tuple[int, ...]
    measures: tuple[Measure, ...]
    datasette: bool


def main(
    claims: Annotated[int, typer.Option(help="Claims in the data set.")] = 100_000,
    seconds: Annotated[float, typer.Option(help="Seconds that each measure takes.")] = 4.0,
    requests: Annotated[
        int, typer.Option(help="Requests that memory is looked at over.")
    ] = 100_000,
    only: Annotated[str, typer.Option(help="Of table, seeds, growth and memory.")] = "",
    rows: Annotated[str, typer.Option(help="Only these rows, such as card,paths.")] = "",
    big: Annotated[bool, typer.Option(help="Growth up to 1,000,000 claims.")] = False,
    quick: Annotated[bool, typer.Option(help="Whether it runs: a little of everything.")] = False,
    rival: Annotated[bool, typer.Option("--datasette/--no-datasette")] = True,
    output: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
) -> None:
    """Measure the API, the bare driver and Datasette in turn, and print tables."""
    parts = _of(only, ("table", "memory") if quick and not only else PARTS, "--only")
    names = _of(rows, [measure.name for measure in MEASURES], "--rows")
    plan = Plan(
        claims=claims,
        sizes=(10_000, claims) + ((1_000_000,) if big else ()),
        seconds=seconds,
        requests=requests,
        workers=(1, 2),
        connections=(1, AT_ONCE),
        measures=tuple(measure for measure in MEASURES if measure.name in names),
        datasette=rival,
    )
    if quick:
        plan = replace(plan, claims=1_000, sizes=(500, 1_000), seconds=0.2, requests=500)
        plan = replace(plan, workers=(1,), connections=(AT_ONCE,))
    facts = machine() | {"claims": plan.claims, "seconds": plan.seconds}
    console.print("  ".join(f"[dim]{name}[/] {value}" for name, value in facts.items()))
    report = facts | {"parts": _measure(plan, parts)}
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(report, indent=1))


def _of(text: str, names: Sequence[str], option: str) -> Sequence[str]:
    values = text.split(",") if text else names
    every = PARTS if option == "--only" else names
    if unknown := set(values) - set(every):
        raise typer.BadParameter(f"nothing is called {', '.join(unknown)}", param_hint=option)
    return values


def _measure(plan: Plan, parts: Sequence[str]) -> dict[str, Any]:
    """Go from store to store, and print each table as soon as it is whole."""
    report: dict[str, Any] = {}
    grown: defaultdict[str, dict[int, Pair]] = defaultdict(dict)
    sizes = set(plan.sizes) if "growth" in parts else set()
    whole = {"table", "memory"} & set(parts)
    for size in sorted(sizes | ({plan.claims} if whole else set())):
        with _bench(size, plan.seconds) as bench:
            if size in sizes:
                for name, pair in _small(plan, bench):
                    grown[name][size] = pair
            if size == plan.claims and "table" in parts:
                report["table"] = _table(f"{size:,} generated claims", plan, bench)
            if size == plan.claims and "memory" in parts:
                report["memory"] = bench.memory(plan.measures, plan.requests)
                console.print(tables.memory(plan.requests, report["memory"]))
    if "seeds" in parts:
        with _bench(0, plan.seconds) as bench:
            report["seeds"] = _table("the seeds", plan, bench)
    if grown:
        report["growth"] = {
            name: {size: asdict(pair) for size, pair in by_size.items()}
            for name, by_size in grown.items()
        }
        console.print(tables.growth(grown))
    return report


@contextmanager
def _bench(claims: int, seconds: float) -> Iterator[Bench]:
    """A local server with so many generated claims, or with the seeds for none."""
    with tempfile.TemporaryDirectory(prefix="sightlines-bench-") as name:
        folder = Path(name)
        data = generate.write(folder / "data", claims) if claims else SEEDS
        with run.server() as local_server:
            address = Address(local_server.uri, *local_server.auth)
            with console.status(f"loading {claims or 'seeds'}"):
                with Writer(address) as writer:
                    loader.load(writer, [data])
                sample = asyncio.run(_read(local_server, draw))
            yield Bench(local_server, sample, folder, seconds)


async def _read(local_server: Any, read: Callable[[Reader], Awaitable[T]]) -> T:
    async with Store(Address(local_server.uri, *local_server.auth)) as store:
        return await read(store)


def _small(plan: Plan, bench: Bench) -> Iterator[tuple[str, Pair]]:
    with servers.api(bench.store, bench.folder, 1) as server:
        for measure in plan.measures:
            if measure.small:
                bench.warm_up(server, measure, 1)
                limit = bench.limit(measure, 1, 1)
                yield measure.name, Pair(bench.ours(server, measure, 1), limit)


def _table(title: str, plan: Plan, bench: Bench) -> list[dict[str, Any]]:
    lines: list[Line] = []
    with ExitStack() as stack:
        rival = stack.enter_context(_datasette(bench)) if plan.datasette else None
        for workers in plan.workers:
            for line in bench.lines(plan.measures, workers, plan.connections, rival):
                console.print(f"[dim]{line.measure.title}: {line.pair.ours.rate:,.0f}/s")
                lines.append(line)
    console.print(tables.comparison(title, sorted(lines, key=_order)))
    return [_plain(line) for line in lines]


@contextmanager
def _datasette(bench: Bench) -> Iterator[Server]:
    arguments = asyncio.run(
        _read(bench.store, lambda reader: datasette.write(reader, bench.folder))
    )
    with servers.datasette(arguments) as server:
        yield server


def _order(line: Line) -> tuple[int, int, int]:
    return MEASURES.index(line.measure), line.workers, line.connections


def _plain(line: Line) -> dict[str, Any]:
    return {
        "row": line.measure.name,
        "connections": line.connections,
        "workers": line.workers,
        "rival": line.rival,
        **asdict(line.pair),
        "aims": line.aims,
    }


if __name__ == "__main__":
    typer.run(main)
