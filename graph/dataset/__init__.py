"""Data sets: from the files that people write to checked records. See docs/data.md.

`check` reads a data set of any size without keeping its claims; `read` returns a small one whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.dataset.check import Check, Progress, Take
from graph.dataset.report import CheckResult
from graph.dataset.sets import Others, Sets
from graph.errors import DatasetFaults
from graph.model import Claim, Entity, Judgement, Source
from graph.model.entity import merge_entities
from graph.model.source import merge_sources
from graph.text import TextStore

__all__ = ["CheckResult", "Dataset", "Others", "Sets", "check", "read"]


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
    paths: Sequence[Path] | Sets,
    take: Take | None = None,
    *,
    texts: TextStore | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Check the data sets in files and folders, and report every fault at once.

    `take` is called with each well-formed record: all sources, entities and judgements before any
    claim, and an entity or a source once for each set that describes it. A fault may follow later,
    and a claim may be a duplicate, so a caller that keeps records looks at `ok` afterwards. `texts`
    lets the evidence of claims be verified. `progress` is called with the bytes read and all bytes
    to read; every file is read twice. The content of the files never raises an error.
    """
    sets = paths if isinstance(paths, Sets) else Sets(paths)
    return Check(sets, take, texts, progress).run()


def read(paths: Sequence[Path]) -> Dataset:
    """Return data sets that fit into memory, as one. Raises `DatasetFaults`."""
    sets = Sets(paths)
    sources: dict[str, Source] = {}
    entities: dict[str, Entity] = {}
    claims: list[Claim] = []
    judgements: list[Judgement] = []

    def take(record: Source | Entity | Judgement | Claim) -> None:
        match record:
            case Source():
                sources[record.id] = merge_sources(sources.get(record.id), record, sets.order)
            case Entity():
                entities[record.id] = merge_entities(entities.get(record.id), record, sets.order)
            case Claim():
                claims.append(record)
            case Judgement():
                judgements.append(record)

    result = check(sets, take)
    if not result.ok:
        raise DatasetFaults(result.faults)
    return Dataset(result.name, sources, entities, tuple(claims), tuple(judgements))
