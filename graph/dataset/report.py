"""The report of a check: its faults and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.dataset.files import DataFile, FieldPath, Position, RawRecord, TextFault, UnusablePath
from graph.faults import WARNING_KINDS, Fault, WarningKind, shorten

#: The most faults that a report lists, and the most warnings of each kind. Others are counted.
MAX_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The report on a data set. Faults and warnings are in the order of the files.

    `files`: path and size in bytes of each file. `counts`: the number of well-formed records of
    each kind. `more_faults`: the number of those beyond the list. `warning_counts`: the number of
    warnings of each kind, listed or not. `digest`: a hash over the ids of all records, the same for
    any order.
    """

    name: str
    files: tuple[tuple[str, int], ...]
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    more_faults: int
    warning_counts: Mapping[WarningKind, int]
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
            "warning_counts": dict(self.warning_counts),
            "digest": self.digest,
        }


class Problem(NamedTuple):
    """One problem of a record: what is wrong with the value at a path, and what would be right.

    `on_key`: the name of the field is wrong, not its value. One with a `kind` is a warning.
    """

    path: FieldPath
    value: str
    message: str
    hint: str = ""
    on_key: bool = False
    kind: WarningKind | None = None


class Findings:
    """Collects the faults and warnings of a check.

    `counts` has how many there are of each kind of warning and, under None, of faults. The first
    ones of each are listed.
    """

    def __init__(self) -> None:
        self.counts: Counter[WarningKind | None] = Counter()
        self._faults: dict[WarningKind | None, list[tuple[int, Fault]]] = {}
        #: Places and fields with their messages: what claims share is wrong once.
        self._reports: set[tuple[Position, FieldPath, str]] = set()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The first faults, in the order of files, lines and columns."""
        return _in_order(self._faults.get(None, []))

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The first warnings of each kind, in the order of the kinds and then of the files."""
        return tuple(w for kind in WARNING_KINDS for w in _in_order(self._faults.get(kind, [])))

    def is_full(self, kind: WarningKind | None = None) -> bool:
        """Whether further ones of a kind are only counted: their positions are not needed."""
        return self.counts[kind] >= MAX_LISTED

    def add_problem(self, raw: RawRecord, problem: Problem) -> None:
        """Add a problem of a record."""
        if self.is_full(problem.kind):
            self.counts[problem.kind] += 1
            return
        position = raw.position(problem.path, problem.on_key)
        if position.column is not None:
            report = position, problem.path, problem.message
            if report in self._reports:
                return
            self._reports.add(report)
        text = TextFault(
            position.line,
            position.column,
            problem.message,
            problem.hint,
            problem.value,
            problem.kind,
        )
        self._add(raw.file, text, raw.label(), _field(problem.path))

    def add_text_fault(self, file: DataFile, text: TextFault, record: str = "") -> None:
        """Add a fault of a file's text; `record` names the unreadable record that it is in."""
        self._add(file, text, record)

    def add_warning(
        self, position: Position, record: str, kind: WarningKind, message: str, hint: str = ""
    ) -> None:
        """Add a warning about a whole record."""
        text = TextFault(position.line, position.column, message, hint, kind=kind)
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
            kind=text.kind,
        )
        self._append(file.number, fault)

    def _append(self, file_number: int, fault: Fault) -> None:
        if not self.is_full(fault.kind):
            self._faults.setdefault(fault.kind, []).append((file_number, fault))
        self.counts[fault.kind] += 1


def _in_order(items: list[tuple[int, Fault]]) -> tuple[Fault, ...]:
    items.sort(key=lambda i: (i[0], i[1].line or 0, i[1].column or 0))
    return tuple(fault for _, fault in items)


def _field(path: FieldPath) -> str:
    """A path as faults print it: a role by its name alone, items of a list from 1."""
    if len(path) > 1 and path[0] in ("roles", "details"):
        return shorten(path[1])
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return shorten("".join(parts).removeprefix("."))
