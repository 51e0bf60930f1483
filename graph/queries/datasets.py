"""Data sets: who made each, what it holds, and when and from where it was loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.model import DatasetRecord
from graph.question import Question, Row
from graph.store.mapping import read_dataset


@dataclass(frozen=True, slots=True)
class LoadedDataset:
    """A data set with its numbers of records, and the end of its last load (UTC).

    `used_by` are the ids of the sets that use it. `loaded_at` and `path` are None until its load is
    complete.
    """

    record: DatasetRecord
    counts: dict[str, int]
    used_by: tuple[str, ...]
    loaded_at: datetime | None
    path: str | None


_COUNTS = ("entities", "sources", "claims", "judgements")
#: All data sets, in the order of their ids.
DATASETS: Question[tuple[LoadedDataset, ...]] = Question(
    "MATCH (d:Dataset WHERE d.content_hash IS NOT NULL)\n"
    "RETURN properties(d) AS row, COLLECT {\n"
    "  MATCH (u:Dataset) WHERE d.id IN u.uses\n"
    "  RETURN u.id ORDER BY u.id\n"
    "} AS used_by ORDER BY d.id",
    lambda rows: _read(rows),
)


def _read(rows: Sequence[Row]) -> tuple[LoadedDataset, ...]:
    return tuple(_dataset(row["row"], row["used_by"]) for row in rows)


def _dataset(row: Row, used_by: Sequence[str]) -> LoadedDataset:
    loaded_at = row.get("loaded_at")
    return LoadedDataset(
        record=read_dataset(row),
        counts={name: row[name] for name in _COUNTS},
        used_by=tuple(used_by),
        loaded_at=loaded_at.to_native() if loaded_at is not None else None,
        path=row.get("path"),
    )
