"""The report of a check: its faults and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.dataset.files import DataFile, FieldPath, Position, RawRecord, TextFault, UnusablePath
from graph.faults import Fault, shorten

#: The most faults that a report lists, and the most warnings. Further ones are counted.
MAX_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Checked:
    """The report on a data set. Faults and warnings are in the order of the files.

    `files`: path and size in bytes of each file. `counts`: the number of well-formed records of
    each kind. `more_faults` and `more_warnings`: the number of those beyond the lists. `digest`: a
    hash over the ids of all records, the same for any order.
    """

    name: str
    files: tuple[tuple[str, int], ...]
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    more_faults: int
    more_warnings: int
    digest: str

    @property
    def ok(self) -> bool:
        """Whether it can be loaded: it has no fault, though it may have warnings."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "ok": self.ok,
            "name": self.name,
            "files": [{"path": path, "bytes": size} for path, size in self.files],
            "counts": dict(self.counts),
            "faults": [fault.as_dict() for fault in self.faults],
            "more_faults": self.more_faults,
            "warnings": [warning.as_dict() for warning in self.warnings],
            "more_warnings": self.more_warnings,
            "digest": self.digest,
        }


class Problem(NamedTuple):
    """One problem of a record: what is wrong with the value at a path, and what would be right.

    `on_key`: the name of the field is wrong, not its value.
    """

    path: FieldPath
    value: str
    message: str
    hint: str = ""
    on_key: bool = False
    warning: bool = False


@dataclass(slots=True)
class FaultList:
    """The first faults (or warnings) of a check with the numbers of their files; `more` others."""

    items: list[tuple[int, Fault]] = field(default_factory=list)
    more: int = 0

    def __len__(self) -> int:
        return len(self.items) + self.more

    @property
    def is_full(self) -> bool:
        """Whether further ones are only counted, so that their positions are not needed."""
        return len(self.items) >= MAX_LISTED

    def ordered(self) -> tuple[Fault, ...]:
        """Return the listed ones in the order of files, lines and columns."""
        ordered = sorted(self.items, key=lambda i: (i[0], i[1].line or 0, i[1].column or 0))
        return tuple(fault for _, fault in ordered)


class Findings:
    """Collects the faults and warnings of a check."""

    def __init__(self) -> None:
        self.faults = FaultList()
        self.warnings = FaultList()
        #: Places with their messages: what claims share is wrong once.
        self._known: set[tuple[Position, str]] = set()

    def add_problem(self, raw: RawRecord, problem: Problem) -> None:
        """Add a problem of a record."""
        if (full := self._list(problem.warning)).is_full:
            full.more += 1
            return
        position = raw.position(problem.path, problem.on_key)
        if position.column is not None:
            if (position, problem.message) in self._known:
                return
            self._known.add((position, problem.message))
        text = TextFault(
            position.line,
            position.column,
            problem.message,
            problem.hint,
            problem.value,
            problem.warning,
        )
        self._add(raw.file, text, raw.label(), _field(problem.path))

    def add_text_fault(self, file: DataFile, text: TextFault, record: str = "") -> None:
        """Add a fault of a file's text; `record` names the unreadable record that it is in."""
        self._add(file, text, record)

    def add_warning(self, position: Position, record: str, message: str, hint: str = "") -> None:
        """Add a warning about a whole record."""
        text = TextFault(position.line, position.column, message, hint, warning=True)
        self._add(position.file, text, record)

    def add_path(self, path: UnusablePath) -> None:
        """Add a path from which nothing can be read."""
        self._append(-1, Fault(path.name, None, None, "", "", "", path.message, path.hint))

    def _add(self, file: DataFile, text: TextFault, record: str, field_name: str = "") -> None:
        fault = Fault(
            path=file.name,
            line=text.line,
            column=text.column,
            record=record,
            field=field_name,
            value=shorten(text.value),
            message=text.message,
            hint=text.hint,
            warning=text.warning,
        )
        self._append(file.number, fault)

    def _append(self, file_number: int, fault: Fault) -> None:
        faults = self._list(fault.warning)
        if faults.is_full:
            faults.more += 1
        else:
            faults.items.append((file_number, fault))

    def _list(self, warning: bool) -> FaultList:
        return self.warnings if warning else self.faults


def _field(path: FieldPath) -> str:
    """A path as faults print it: a role by its name alone, items of a list from 1."""
    if len(path) > 1 and path[0] in ("roles", "details"):
        return shorten(path[1])
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return shorten("".join(parts).removeprefix("."))
