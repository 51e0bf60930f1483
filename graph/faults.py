"""Faults of a data set: what is wrong, where, and what would be right.

A fault is a value. Checks collect all of them; `DatasetFaults` is the exception that has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from rapidfuzz import fuzz, process, utils

#: Characters that a terminal would act on, or that would reverse the direction of a line.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_MAX_LENGTH = 80
#: The least similarity (0 to 100) of two names for one to be proposed for the other.
_MIN_SIMILARITY = 65

#: What warnings are about, from what a person should look at first to what is least urgent.
WarningKind = Literal[
    "encoding", "late-date", "calendar", "unsure", "shared-name", "merge", "publisher", "unpinned",
    "source", "no-text", "data-set", "unused", "empty", "no-evidence",
]  # fmt: skip
WARNING_KINDS: tuple[WarningKind, ...] = get_args(WarningKind)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a data set, or that somebody should look at: a warning.

    `line` and `column` count from 1, the column in characters. Both are None for a whole file, and
    the column is None for a record of JSON lines. `record` is like `claim 3 (supplies)` or
    `entity tiandy`; it is empty where no record is at fault, and so are `field`, `value` and
    `hint`. `value` has at most 80 characters and is safe to print. A warning has a `kind`.
    """

    path: str
    line: int | None
    column: int | None
    record: str
    field: str
    value: str
    message: str
    hint: str = ""
    kind: WarningKind | None = None

    @property
    def warning(self) -> bool:
        """Whether it keeps nothing from being loaded."""
        return self.kind is not None

    def __str__(self) -> str:
        position = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        subject = ", ".join(part for part in (self.record, self.field) if part)
        text = f"{self.message}. {self.hint}".rstrip()
        return ": ".join(part for part in (position, subject, text) if part)

    def as_dict(self) -> dict[str, Any]:
        """The fault as JSON values: every field under its name."""
        return {name: getattr(self, name) for name in (*self.__slots__, "warning")}


def printable(text: str) -> str:
    """Return a text in which each character that a terminal would act on is an escape."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def shorten(value: object) -> str:
    """Return a value as text: printable, on one line, at most 80 characters."""
    text = printable(str(value)[: _MAX_LENGTH + 1])
    return text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 1] + "…"


def did_you_mean(value: str, names: Iterable[str]) -> str:
    """Return `Did you mean 'irgc'?` for the nearest of the names, or nothing."""
    near = nearest(value, names)
    return f"Did you mean {near!r}?" if near else ""


def nearest(value: str, names: Iterable[str]) -> str | None:
    """Return the name that is most similar to a value, or None if none is similar.

    Case and punctuation are ignored.
    """
    best = process.extractOne(
        value[:200],
        list(names),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_MIN_SIMILARITY,
    )
    return best[0] if best else None
