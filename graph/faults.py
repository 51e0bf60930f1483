"""Faults of a data set: what is wrong, where it stands, and what would be right.

A fault is a value. Whoever checks collects them all; `DatasetFaults` carries them to the border.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process, utils

#: What a terminal would act on, or what would turn the line around that a fault is shown in.
_UNSHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SHOWN = 80
#: How alike (0 to 100) two names must be for one to be proposed for the other.
_ALIKE = 65


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a data set, or (`warning`) that somebody should look at.

    `line` and `column` count from 1, the column in characters; None: the whole file. `record` reads
    as `claim 3 (supplies)` or `entity tiandy`; it is empty where no record is at fault, and so are
    `field`, `value` and `hint`. `value` is at most 80 characters long and safe to print.
    """

    path: str
    line: int | None
    column: int | None
    record: str
    field: str
    value: str
    message: str
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        subject = ", ".join(part for part in (self.record, self.field) if part)
        text = f"{self.message}. {self.hint}".rstrip()
        return ": ".join(part for part in (place, subject, text) if part)

    def as_dict(self) -> dict[str, Any]:
        """The fault for a machine: every field under its name."""
        return {name: getattr(self, name) for name in self.__slots__}


def printable(text: str) -> str:
    """Return a text with everything that a terminal would act on written as its code point."""
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shorten(value: object) -> str:
    """Return a value as a fault shows it: printable, on one line, at most 80 characters."""
    text = printable(str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return `Did you mean 'irgc'?` for the nearest of the known names, or nothing."""
    near = nearest(value, known)
    return f"Did you mean {near!r}?" if near else ""


def nearest(value: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like a value, or None when none is like it.

    Neither case nor punctuation counts.
    """
    best = process.extractOne(
        value[:200],
        list(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
    )
    return best[0] if best else None
