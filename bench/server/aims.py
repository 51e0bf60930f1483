"""What we aim at: a wish for the figures at so many connections and workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.server.figures import Figures

#: How many connections ask at once, where more than one does.
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and the limit beside it, with what is counted in each answer."""

    ours: Figures
    rival: Figures
    amount: int = 1

    @property
    def time(self) -> float:
        """Our time in the rival's times, in the middle."""
        return self.ours.p50 / self.rival.p50

    @property
    def rate(self) -> float:
        """Our rate in the rival's rates."""
        return self.ours.rate / self.rival.rate


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted, in words, and whether a pair of figures has it. `workers` 0 is any number."""

    words: str
    holds: Callable[[Pair], bool]
    connections: int = 1
    workers: int = 1

    def concerns(self, connections: int, workers: int) -> bool:
        """Whether it is about figures with so many connections and workers."""
        return self.connections == connections and self.workers in (0, workers)

    def verdict(self, pair: Pair) -> str:
        """The aim, and whether it is met."""
        return f"{self.words}: {'met' if self.holds(pair) else 'missed'}"


def cheap(more: float) -> Aim:
    """At most so many milliseconds more than the rival."""
    words = f"at most {more} ms more"
    return Aim(words, lambda pair: pair.ours.p50 - pair.rival.p50 <= more)


def rate_of_rival() -> Aim:
    """With two workers as many answers a second as the rival, or more."""
    return Aim("at least its rate", lambda pair: pair.rate >= 1, AT_ONCE, workers=2)


def at_most(milliseconds: float) -> Aim:
    """At most so many milliseconds."""
    return Aim(f"at most {milliseconds} ms", lambda pair: pair.ours.p50 <= milliseconds)


def soon(milliseconds: float) -> Aim:
    """Less than so many milliseconds, with any number of workers."""
    words = f"under {milliseconds} ms"
    return Aim(words, lambda pair: pair.ours.p50 < milliseconds, workers=0)


def times(most: float) -> Aim:
    """At most so many times as long as the rival."""
    return Aim(f"at most {most} × its time", lambda pair: pair.time <= most)


def fast(least: int) -> Aim:
    """So many answers a second or more, with any number of workers."""
    words = f"at least {least:,}/s"
    return Aim(words, lambda pair: pair.ours.rate >= least, AT_ONCE, workers=0)


def rows(least: int) -> Aim:
    """So many rows a second or more."""
    words = f"at least {least:,} rows/s"
    return Aim(words, lambda pair: pair.ours.rate * pair.amount >= least)
