"""Data sets: from the files that people write to checked records. See docs/data.md.

`check` reads a data set of any size without keeping its claims; `read` returns a small one whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.dataset.check import Check, Progress, Take
from graph.dataset.report import Checked
from graph.errors import DatasetFaults
from graph.model import Claim, Entity, Judgement, Source
from graph.text import TextStore

__all__ = ["Checked", "Dataset", "check", "read"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set without faults, whole in memory, in the order of its files."""

    name: str
    sources: Mapping[str, Source]
    entities: Mapping[str, Entity]
    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...]

    @property
    def types(self) -> dict[str, str]:
        """The type of each entity, by its id."""
        return {entity.id: entity.type for entity in self.entities.values()}


def check(
    paths: Sequence[Path],
    take: Take | None = None,
    *,
    texts: TextStore | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check the data set in files and folders, and report every fault at once.

    `take` is called with each well-formed record: all sources, entities and judgements before any
    claim. A fault may follow later, and a claim may be a duplicate, so a caller that keeps records
    looks at `ok` afterwards. `texts` lets the evidence of claims be verified. `progress` is called
    with the bytes read and all bytes to read; every file is read twice. The content of the files
    never raises an error.
    """
    return Check(paths, take, texts, progress).run()


def read(paths: Sequence[Path]) -> Dataset:
    """Return a data set that fits into memory. Raises `DatasetFaults`."""
    sources: dict[str, Source] = {}
    entities: dict[str, Entity] = {}
    claims: list[Claim] = []
    judgements: list[Judgement] = []

    def take(record: Source | Entity | Judgement | Claim) -> None:
        match record:
            case Source():
                sources[record.id] = record
            case Entity():
                entities[record.id] = record
            case Claim():
                claims.append(record)
            case Judgement():
                judgements.append(record)

    checked = check(paths, take)
    if not checked.ok:
        raise DatasetFaults(checked.faults)
    return Dataset(checked.name, sources, entities, tuple(claims), tuple(judgements))
