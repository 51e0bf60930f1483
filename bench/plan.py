"""The rows of the table: ours, its rival, what is counted, and what we aim at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `aim` is in times the rival's rate, or a rate of its own (`aim_rate`)."""

    group: str
    title: str
    ours: str
    rival: str
    rival_title: str
    unit: str
    aim: float | None = None
    aim_rate: float | None = None
    server: bool = False


ROWS = (
    Row("check", "Check", "check", "check_pydantic", "bare Pydantic model", "claims",
        aim_rate=50_000),
    Row("project", "Project", "project", "project_networkx", "NetworkX, edges alone", "claims"),
    Row("load", "Load", "load", "load_driver", "bare driver, finished rows", "rows",
        aim=1 / 1.5, server=True),
    Row("load", "Load", "load", "neontology", "neontology, entities and ties", "rows",
        aim=20, server=True),
)  # fmt: skip


@dataclass(slots=True)
class Series:
    """What one measure gave, run after run."""

    runs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        """How much was done in a second of the clock, in each run."""
        return [run["amount"] / run["seconds"] for run in self.runs]

    @property
    def rate(self) -> float:
        """The median of the rates."""
        return median(self.rates)

    @property
    def peak(self) -> float:
        """The most memory that any run held, in MB."""
        return max(float(run["peak"]) for run in self.runs)


def verdict(row: Row, ours: Series, rival: Series) -> str:
    """What the aim is about, the aim, and whether it was met; nothing without an aim."""
    ratio = ours.rate / rival.rate
    if row.aim is not None and row.aim < 1:
        share = f"{1 / ratio:.2f} × its time, at most {1 / row.aim:.1f}"
        return f"{share}: {_verdict(ratio >= row.aim)}"
    if row.aim is not None:
        return f"{ratio:.0f} × as fast, at least {row.aim:.0f}: {_verdict(ratio >= row.aim)}"
    if row.aim_rate is not None:
        return f"at least {row.aim_rate:,.0f}: {_verdict(ours.rate >= row.aim_rate)}"
    return ""


def _verdict(meets_aim: bool) -> str:
    return "met" if meets_aim else "missed"


def growth(peaks: Sequence[tuple[int, float]]) -> float:
    """How many bytes each further claim adds to the peak, from the smallest set to the largest."""
    (fewer, low), (more, high) = min(peaks), max(peaks)
    return (high - low) * 1e6 / (more - fewer)
