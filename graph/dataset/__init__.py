"""Data sets: from the files that people write to checked records. See docs/data.md.

`check` goes through a data set of any size and keeps none of its claims; `read` keeps a small one.
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
    """Check the data set that stands in files and folders, and report every fault at once.

    `take` is given each well-formed record: all sources, entities and judgements before any claim.
    It is given them although a fault may be found later, also a claim that stands twice; whoever
    keeps them asks `ok` afterwards.
    `texts` lets the evidence of claims be verified. `progress` is told the bytes read, and all
    bytes to read; every file is read twice. Never raises for what stands in the files.
    """
    return Check(paths, take, texts, progress).run()


def read(paths: Sequence[Path]) -> Dataset:
    """Return a data set whole. Raises `DatasetFaults`. For sets that fit into memory."""
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
