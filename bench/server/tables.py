"""The tables: what stands beside what, and whether an aim is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from bench.server.aims import Pair
from bench.server.compare import PARTS, Line
from bench.server.figures import Figures
from bench.server.questions import MEASURES

#: How much more a small answer may take in the largest store than in the smallest.
GROWTH = 1.5
#: How much more memory the second half of the requests may leave behind.
FLAT = 1.05

#: The middle in ms of ours and of the limit, by the name of a measure and the claims in the store.
Growth = Mapping[str, Mapping[int, Pair]]


def comparison(title: str, lines: Sequence[Line]) -> Table:
    """The table of answers: p50 and p99 in milliseconds, answers or rows a second."""
    table = Table("", "asked by", "ours", "rival", "", "ours ÷ rival", "aim", title=title)
    for line in lines:
        pair = line.pair
        table.add_row(
            line.measure.title,
            f"{line.connections}, {_workers(line.workers)}",
            _figures(pair.ours, line),
            line.rival,
            _figures(pair.rival, line),
            f"{pair.time:.2f} × time, {pair.rate:.2f} × rate",
            "\n".join(line.aims),
        )
    return table


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _figures(outcome: Figures, line: Line) -> str:
    unit = " rows/s" if line.measure.counts_rows else "/s"
    text = f"{outcome.p50:.2f} ms ({outcome.p99:.2f}), {outcome.rate * line.pair.amount:,.0f}{unit}"
    refusals = f"; {outcome.refusals:,} refused" if outcome.refusals else ""
    # The limit of a search for paths finds none where there is none: that is an answer.
    late = f"; {outcome.empty:,} too late" if outcome.empty and outcome is line.pair.ours else ""
    return text + refusals + late


def growth(pairs: Growth) -> Table:
    """The table of growth: the middle of each small answer by the number of claims."""
    sizes = sorted({size for by_size in pairs.values() for size in by_size})
    titles = {measure.name: measure.title for measure in MEASURES}
    table = Table(
        "p50 at 1 connection", *(f"{n:,} claims" for n in sizes), "", "bare driver", "aim"
    )
    for name, by_size in pairs.items():
        smallest, largest = by_size[sizes[0]], by_size[sizes[-1]]
        ratio = largest.ours.p50 / smallest.ours.p50
        table.add_row(
            titles[name],
            *(f"{by_size[size].ours.p50:.2f} ms" for size in sizes),
            f"{ratio:.2f} ×",
            f"{largest.rival.p50 / smallest.rival.p50:.2f} ×",
            f"at most {GROWTH} ×: {'met' if ratio <= GROWTH else 'missed'}",
        )
    return table


def memory(requests: int, samples: Sequence[float]) -> Table:
    """The table of memory: what one worker holds, after each tenth of the requests."""
    table = Table("requests", "MB of the API")
    for part, megabytes in enumerate(samples):
        table.add_row(f"{requests * part // PARTS:,}", f"{megabytes:.0f}")
    ratio = samples[-1] / samples[len(samples) // 2]
    table.add_row(
        "the end beside the middle",
        f"{ratio:.2f} ×, at most {FLAT}: {'met' if ratio <= FLAT else 'missed'}",
    )
    return table
