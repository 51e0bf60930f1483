"""What one measure gives: how long answers took, and how many there were in a second."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

#: So many answers at least are waited for, whatever the time, but not for longer than so many
#: seconds: some take long.
LEAST, LONGEST = 5, 60.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds in the middle and of the slowest hundredth, answers a second, and how many.

    `refusals` were refused for want of a place or of time (503, 504) and are in none of the other
    figures; `empty` are answers, but the server gave up for want of time and found nothing.
    """

    p50: float
    p99: float
    rate: float
    answers: int
    refusals: int = 0
    empty: int = 0


@dataclass(slots=True)
class Stopwatch:
    """Counts what begins after the first `warm` seconds and ends within `seconds` after that.

    With a `count`, it is over after so many, however long they take.
    """

    warm: float
    seconds: float
    count: int = 0
    refusals: int = 0
    empty: int = 0
    _start: float = field(default_factory=time.perf_counter)
    _done: int = 0
    _first: float = float("inf")
    _last: float = 0.0
    _times: list[float] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be begun."""
        if self.count:
            return self._done >= self.count
        spent = time.perf_counter() - self._start - self.warm
        return spent > self.seconds and (len(self._times) >= LEAST or spent > LONGEST)

    def note(self, began: float, *, refusal: bool = False, empty: bool = False) -> None:
        """Take note of an answer that was asked for at `began` and is there now."""
        self._done += 1
        now = time.perf_counter()
        if began < self._start + self.warm:
            return
        self.refusals += refusal
        self.empty += empty
        if not refusal:
            self._times.append(now - began)
            self._first, self._last = min(self._first, began), now

    def figures(self) -> Figures:
        """Return what was counted. Raises `SystemExit` if nothing was."""
        if not self._times:
            raise SystemExit(f"Nothing was answered; {self.refusals} were refused.")
        times = sorted(self._times)
        rate = len(times) / (self._last - self._first)
        return Figures(
            _at(times, 0.5),
            _at(times, 0.99),
            rate,
            len(times),
            refusals=self.refusals,
            empty=self.empty,
        )


def _at(times: Sequence[float], share: float) -> float:
    """The milliseconds that this share of the answers did not take longer than."""
    return times[min(len(times) - 1, int(len(times) * share))] * 1e3
