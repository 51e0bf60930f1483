"""The bench's command line: `python -m bench`. See README.md here."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.table import Table

from bench import generate, run
from bench.plan import ROWS, Row, Series, growth, verdict
from graph.store.local import VERSION

# A table that goes into a file is not to be folded to the 80 columns that Rich assumes then.
console = Console(width=None if sys.stdout.isatty() else 150)
GROUPS = ("check", "project", "load", "memory")


def main(
    claims: Annotated[int, typer.Option(help="Claims in the data set.")] = 100_000,
    neontology_claims: Annotated[
        int, typer.Option(help="Claims of the smaller set for neontology.")
    ] = 5_000,
    repeat: Annotated[int, typer.Option(help="Runs of each measure.")] = 3,
    only: Annotated[str, typer.Option(help="Of check, project, load and memory.")] = "",
    big: Annotated[bool, typer.Option(help="Measure the memory of 500,000 claims too.")] = False,
    output: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
) -> None:
    """Measure ours and its rivals in turn, on generated data, and print a table."""
    groups = only.split(",") if only else GROUPS
    if unknown := set(groups) - set(GROUPS):
        raise typer.BadParameter(f"no group is called {', '.join(unknown)}", param_hint="--only")
    facts = machine() | {"claims": claims, "neontology_claims": neontology_claims}
    console.print("  ".join(f"[dim]{name}[/] {value}" for name, value in facts.items()))
    with tempfile.TemporaryDirectory(prefix="sightlines-bench-") as folder:
        bench = Bench(Path(folder), claims, neontology_claims)
        rows = [row for row in ROWS if row.group in groups]
        series = bench.compare(rows, repeat)
        if rows:
            console.print(comparison(rows, series))
        sizes = [20_000, 100_000] + ([500_000] if big else [])
        peaks = bench.peaks(sizes) if "memory" in groups else []
    if peaks:
        console.print(memory(peaks))
    if output is not None:
        runs = {name: figures.runs for name, figures in series.items()}
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps({"facts": facts, "runs": runs, "peaks": peaks}, indent=1))


class Bench:
    """Generated data in a folder, and measures on it."""

    def __init__(self, folder: Path, claims: int, neontology_claims: int) -> None:
        self._folder, self._claims, self._fewer = folder, claims, neontology_claims

    def compare(self, rows: list[Row], repeat: int) -> dict[str, Series]:
        """Run everything that the rows name so many times, ours and rivals in turn."""
        names = {name: row.server for row in rows for name in (row.ours, row.rival)}
        series: defaultdict[str, Series] = defaultdict(Series)
        for round_ in range(repeat):
            for name, needs_server in names.items():
                with console.status(f"{name}, {round_ + 1} of {repeat}"):
                    series[name].runs.append(self._measure(name, needs_server))
                console.print(f"[dim]{name} {round_ + 1}/{repeat}: {series[name].rates[-1]:,.0f}/s")
        _agree(series)
        return series

    def peaks(self, sizes: list[int]) -> list[tuple[int, float]]:
        """Load data sets of several sizes; return each with the loader's peak of memory in MB."""
        sizes_and_peaks = []
        for claims in sizes:
            with console.status(f"load of {claims:,} claims"):
                data = self._data(claims)
                run_ = run.measure("load", data, Path(), needs_server=True)
                sizes_and_peaks.append((claims, float(run_["peak"])))
        return sizes_and_peaks

    def _measure(self, name: str, needs_server: bool) -> dict[str, Any]:
        claims = self._fewer if name == "neontology" else self._claims
        rows = self._rows(claims) if name in ("load_driver", "neontology") else Path()
        return run.measure(name, self._data(claims), rows, needs_server=needs_server)

    def _data(self, claims: int) -> Path:
        data = self._folder / f"claims-{claims}"
        return data if data.exists() else generate.write(data, claims)

    def _rows(self, claims: int) -> Path:
        rows = self._folder / f"rows-{claims}"
        if not rows.exists():
            run.write_rows(self._data(claims), rows)
        return rows


def _agree(series: dict[str, Series]) -> None:
    """Ours and the bare driver must have written the same; otherwise no figure means anything."""
    counts = [r["counts"] for name in ("load", "load_driver") for r in series[name].runs]
    if any(count != counts[0] for count in counts):
        raise SystemExit(f"Ours and the bare driver did not write the same: {counts}")


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "python": platform.python_version(),
        "neo4j": VERSION,
        **{name: version(name) for name in ("neo4j-rust-ext", "pydantic", "networkx")},
    }


def comparison(rows: list[Row], series: dict[str, Series]) -> Table:
    """The table of rates: median, and lowest to highest in brackets."""
    table = Table("", "ours", "rival", "", "ours ÷ rival", "peak MB", "aim")
    for row in rows:
        ours, rival = series[row.ours], series[row.rival]
        table.add_row(
            f"{row.title}, {row.unit} a second",
            spread(ours),
            row.rival_title,
            spread(rival),
            f"{ours.rate / rival.rate:.2f}",
            f"{ours.peak:.0f} and {rival.peak:.0f}",
            verdict(row, ours, rival),
        )
    return table


def spread(series: Series) -> str:
    """A median with its lowest and highest."""
    return f"{series.rate:,.0f} ({min(series.rates):,.0f}–{max(series.rates):,.0f})"


def memory(peaks: list[tuple[int, float]]) -> Table:
    """The table of the loader's memory."""
    table = Table("claims loaded", "peak MB of the loader")
    for claims, megabytes in peaks:
        table.add_row(f"{claims:,}", f"{megabytes:.0f}")
    table.add_row("each further claim", f"{growth(peaks):,.0f} bytes")
    return table


if __name__ == "__main__":
    typer.run(main)
