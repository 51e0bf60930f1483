"""How long lists take, and how much memory: `python -m bench.lists OFAC-FOLDER [--rows 10000]`.

Ours: `import` of OFAC's SDN list end to end, from the files to a checked data set on disk, with its
sources' texts and the locators of its evidence. Beside it, in the same run: pandas reads the same
files, and a bare Pydantic model takes each row; nothing is looked up, joined or written.
With `--entities`: a file of FollowTheMoney, beside what `ftm validate` does with it.
With `--rows`: made-up lists of edges, each in a process of its own, and its peak of memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
from pydantic import BaseModel

from bench.run import HERE, environment
from graph.exchange.import_log import Choices
from graph.exchange.list_import import import_list, inputs_of
from graph.exchange.mapping import read_mapping
from graph.text import TextStore

FILES = ("sdn.csv", "add.csv", "alt.csv")
_TWICE = 2


class Row(BaseModel):
    """A row of any of the files: as many cells as it has."""

    cells: list[str]


def main() -> None:
    """Print seconds, rates, and peaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--entities", type=Path, help="A file of entities of FollowTheMoney.")
    parser.add_argument("--rows", default="", help="Sizes of made-up lists, with commas.")
    parser.add_argument("--one", type=Path, help="Import this list of edges, and print the peak.")
    options = parser.parse_args()
    if options.one:
        take("edge-list", [str(options.one)])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    if options.folder:
        files = [str(options.folder / name) for name in FILES]
        ours, theirs = [], []
        for _ in range(_TWICE):
            ours.append(timed(take, "ofac", files))
            theirs.append(timed(bare, files))
        rows, _ = ours[0]
        mine, other = (min(seconds for _, seconds in runs) for runs in (ours, theirs))
        print(f"OFAC, {rows:,} rows: import {mine:.1f} s ({rows / mine:,.0f} rows/s),", end=" ")
        print(f"pandas and Pydantic {other:.2f} s, {mine / other:.0f} times as long", flush=True)
    if options.entities:
        rows, mine = min(
            (
                timed(take, "followthemoney", [f"entities={options.entities}"])
                for _ in range(_TWICE)
            ),
            key=lambda run: run[1],
        )
        python = environment(HERE / "followthemoney.lock")
        command = [python, str(HERE / "followthemoney_rival.py"), "validate", str(options.entities)]
        other = min(json.loads(subprocess.check_output(command))["seconds"] for _ in range(_TWICE))
        print(f"FollowTheMoney, {rows:,} entities: import {mine:.2f} s,", end=" ")
        print(f"ftm validate {other:.2f} s, {mine / other:.1f} times as long", flush=True)
    for size in map(int, filter(None, options.rows.split(","))):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name, "edges.csv")
            write_edges(path, size)
            start = time.perf_counter()
            command = [sys.executable, "-m", "bench.lists", "--one", str(path)]
            peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds = time.perf_counter() - start
            print(
                f"{size:,} edges: {size / seconds:,.0f} rows/s, peak {int(peak):,} MB", flush=True
            )


def timed(function: Any, *arguments: Any) -> tuple[int, float]:
    """Return what a function counts, and its seconds."""
    start = time.perf_counter()
    return function(*arguments), time.perf_counter() - start


def take(mapping: str, files: list[str]) -> int:
    """Import files by a shipped mapping into a folder that goes; return the number of rows."""
    with tempfile.TemporaryDirectory() as name:
        record = read_mapping(mapping)
        choices = Choices(on=date(2026, 1, 1), by="bench", published="2021")
        result = import_list(
            record, inputs_of(record, files), Path(name, "set"), choices, TextStore(Path(name, "t"))
        )
    return sum(result.rows.values())


def bare(files: list[str]) -> int:
    """Read files with pandas, and take each row into a model."""
    count = 0
    for file in files:
        frame = pd.read_csv(file, header=None, dtype=str, encoding="latin-1", keep_default_na=False)
        count += len([Row(cells=list(row)) for row in frame.itertuples(index=False)])
    return count


def write_edges(path: Path, size: int) -> None:
    """Write a list of edges, with a fifth as many ends."""
    ends = max(size // 5, 10)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["from", "to", "predicate", "from_type", "to_type"])
        for number in range(size):
            other = (number * 7919 + 1) % ends
            first = number % ends
            writer.writerow([f"Firm {first}", f"Body {other}", "supplies", "Company", "PublicBody"])


if __name__ == "__main__":
    main()
