"""What a check found: the faults and warnings so far, and the finished report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.dataset.files import DataFile, Misplaced
from graph.dataset.node import Broken, Path, Problem
from graph.dataset.raw import Place, Raw, Stray
from graph.faults import Fault, shorten

#: So many faults, and as many warnings, are listed; the others are counted.
LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Checked:
    """The report on a data set. Faults and warnings stand in the order of the files.

    `files` are path and size in bytes of each file read. `counts` are the well-formed records of
    each kind. `more_faults` and `more_warnings` were found beyond those listed. `digest` tells
    which records there are, by their ids, whatever their order.
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
        """The report for a machine."""
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


class Listing:
    """Faults, or warnings, as they are found. The first of them are kept."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, Fault]] = []
        self.more = 0

    def __len__(self) -> int:
        return len(self._kept) + self.more

    @property
    def full(self) -> bool:
        """Whether the next one is only counted, so that nobody need find out where it stands."""
        return len(self._kept) >= LISTED

    def add(self, fault: Fault, file_number: int) -> None:
        """Keep one; `file_number` is that of its file."""
        self._kept.append((file_number, fault))

    def ordered(self) -> tuple[Fault, ...]:
        """Return those that were kept in the order of the files, lines and columns."""
        kept = sorted(self._kept, key=lambda k: (k[0], k[1].line or 0, k[1].column or 0))
        return tuple(fault for _, fault in kept)


class Findings:
    """Everything that a check has found so far."""

    def __init__(self) -> None:
        self.faults = Listing()
        self.warnings = Listing()

    def problem(self, raw: Raw, problem: Problem) -> None:
        """Take a problem of a record."""
        listing = self._listing(problem.warning)
        if listing.full:
            listing.more += 1
            return
        line, column = raw.place(problem.at, problem.on_key)
        self._add(
            raw.file,
            Broken(line, column, problem.message, problem.hint),
            raw.label(),
            _field(problem.at),
            problem.value,
            problem.warning,
        )

    def stray(self, file: DataFile, stray: Stray) -> None:
        """Take something in a file that is no record."""
        self._add(file, stray.broken, "", "", stray.value, stray.warning)

    def broken(self, raw: Raw, broken: Broken) -> None:
        """Take something in a record that cannot be read."""
        self._add(raw.file, broken, f"{raw.kind} {raw.number}", "", "", False)

    def at(self, place: Place, record: str, message: str, hint: str = "") -> None:
        """Take a warning about a whole record."""
        broken = Broken(place.line, place.column, message, hint)
        self._add(place.file, broken, record, "", "", True)

    def misplaced(self, misplaced: Misplaced) -> None:
        """Take a path that nothing can be read from."""
        fault = Fault(misplaced.shown, None, None, "", "", "", misplaced.message, misplaced.hint)
        self._list(fault, -1)

    def _add(
        self, file: DataFile, broken: Broken, record: str, field: str, value: str, warning: bool
    ) -> None:
        fault = Fault(
            path=file.shown,
            line=broken.line,
            column=broken.column,
            record=record,
            field=field,
            value=shorten(value),
            message=broken.message,
            hint=broken.hint,
            warning=warning,
        )
        self._list(fault, file.number)

    def _list(self, fault: Fault, file_number: int) -> None:
        listing = self._listing(fault.warning)
        if listing.full:
            listing.more += 1
        else:
            listing.add(fault, file_number)

    def _listing(self, warning: bool) -> Listing:
        return self.warnings if warning else self.faults


def _field(path: Path) -> str:
    """A path as a fault names it: a role by its name alone, items of a list from 1."""
    if len(path) > 1 and path[0] in ("roles", "details"):
        return shorten(path[1])
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return shorten("".join(parts).removeprefix("."))
