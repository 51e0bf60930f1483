"""What an import of a list is asked to do, and what comes of it: records, counts and faults."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from graph.dataset.messages import problems
from graph.dataset.report import MAX_LISTED
from graph.exchange.mapping import Table
from graph.exchange.row_values import RowFault
from graph.faults import Fault
from graph.model import Claim, Entity

#: Rows with faults that were left out; no data file by its name.
FAULTY_ROWS = "faulty-rows.ndjson"
_SAMPLES = 5

#: Called with the number of rows read.
Progress = Callable[[int], None]


class Input(NamedTuple):
    """A table of a mapping and its file."""

    table: Table
    path: Path


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chooses for one import.

    `published`: when the edition came out, in EDTF. `on`, `by`: who writes the claims down, and
    when. `take`: which of the rows that the mapping leaves out are taken nevertheless. `only`: the
    values that rows must have in columns; the others are as if they were not there.
    """

    on: date
    by: str
    published: str | None = None
    take: frozenset[str] = frozenset()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    skip_faulty: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class ImportResult:
    """What an import read and made.

    `rows`: by table, how many there are. `left_out`: rows, by what they are. `faulty_rows`: those
    with a fault. `unused`: columns that nothing is made of and that are not ignored, with the
    number of rows that have a value there. `entities`: by type; `claims`: by predicate, of this
    edition. `dropped`: claims that name what was left out, what is not there, or that stand twice.
    `changes`: by kind of record and of change. `samples`: some records. `written`: names of files.
    """

    rows: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    faulty_rows: int = 0
    more_faults: int = 0
    unused: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: list[dict[str, Any]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


class Place(NamedTuple):
    """A row: the number of its table, its own number, and its paragraph in the text."""

    table: int
    row: int
    paragraph: int

    def __str__(self) -> str:
        return ":".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> Place:
        """Return the place that `str` has written."""
        return cls(*map(int, text.split(":")))


class ImportLog:
    """The result of an import as it comes, and the rows with a fault."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self.result = ImportResult()
        self._inputs = inputs
        self._faulty: dict[tuple[int, int], list[Fault]] = {}
        self._faulty_values: dict[tuple[int, int], Mapping[str, Any]] = {}

    def is_faulty(self, place: Place) -> bool:
        """Whether a row has a fault."""
        return (place.table, place.row) in self._faulty

    def add_entity(self, entity: Entity) -> None:
        """Count an entity, and show the first ones."""
        self.result.entities[entity.type] += 1
        if self.result.entities.total() <= _SAMPLES:
            self._sample("entity", entity)

    def add_claim(self, claim: Claim) -> None:
        """Count a claim, and show the first two of each predicate."""
        self.result.claims[claim.predicate] += 1
        if self.result.claims[claim.predicate] <= 2:
            self._sample("claim", claim)

    def _sample(self, kind: str, record: Entity | Claim) -> None:
        if len(self.result.samples) < 2 * _SAMPLES:
            fields = record.model_dump(mode="json", exclude_defaults=True)
            self.result.samples.append({kind: fields})

    def add_fault(
        self, place: Place, fault: RowFault, values: Mapping[str, Any] | None = None
    ) -> None:
        """Add what is wrong with a row; `values` are its cells."""
        table, path = self._inputs[place.table] if place.table >= 0 else (None, Path("mapping"))
        where = (
            f"row {place.row}" if not (table and table.records) else f"{table.records} {place.row}"
        )
        key = (place.table, place.row)
        if key not in self._faulty:
            self.result.faulty_rows += 1
        faults = self._faulty.setdefault(key, [])
        if len(self.result.faults) >= MAX_LISTED:
            self.result.more_faults += 1
            return
        item = Fault(
            str(path), None, None, where, fault.column, fault.value, fault.message, fault.hint
        )
        faults.append(item)
        self.result.faults.append(item)
        if values is not None:
            self._faulty_values[key] = values

    def write_faulty_rows(self, folder: Path) -> None:
        """Write the rows that were skipped, each with what is wrong, or remove the file."""
        path = folder / FAULTY_ROWS
        if not self._faulty:
            path.unlink(missing_ok=True)
            return
        with path.open("w", encoding="utf-8") as file:
            for key, faults in sorted(self._faulty.items()):
                row = {
                    "file": str(self._inputs[key[0]].path),
                    "row": key[1],
                    "faults": [str(fault) for fault in faults],
                    "values": self._faulty_values.get(key),
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def validate(model: type[Any], fields: Mapping[str, Any]) -> Any:
    """Return a record. Raises `RowFault` with the first thing that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        problem = next(problems(error, model))
        path = ".".join(str(p + 1 if isinstance(p, int) else p) for p in problem.path)
        raise RowFault(path, problem.value, problem.message, problem.hint) from error
