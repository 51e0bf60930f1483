"""The data sets of a check: which file belongs to which, and what each of them may refer to.

The record of a data set, `dataset: {…}` in a file, is for the folder of the file and for all that
is in it, as far as no folder further in has a record of its own. Files without one belong to a data
set that has the name of the path that they were read from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from graph.dataset.files import DataFile, Position, RawRecord, find_files
from graph.dataset.messages import validate
from graph.dataset.read_jsonl import dataset_lines
from graph.dataset.read_yaml import read_yaml
from graph.dataset.report import Findings, Problem
from graph.faults import did_you_mean
from graph.fold import fold
from graph.model import Claim, DatasetRecord, Entity, Judgement, Source

_Key = TypeVar("_Key", Path, str)
#: What a data set that is more than an id should say of itself.
_EXPECTED = ("title", "author", "licence")


class Others(Protocol):
    """Data sets that stand beside those in the files, such as those that the store holds."""

    #: Whether `claims` yields all claims, or only those that may matter.
    complete: bool

    @property
    def records(self) -> Sequence[DatasetRecord]:
        """The records of the sets."""

    def entries(self) -> Iterator[Source | Entity | Judgement]:
        """Yield what they have besides claims: an entity or a source once for each set."""

    def claims(self) -> Iterator[Claim]:
        """Yield their claims, after those of the files have been checked."""


@dataclass(slots=True)
class DatasetFiles:
    """A data set in files: its record, where the record is (if it is written), path and files."""

    record: DatasetRecord
    raw: RawRecord | None
    path: Path
    files: list[DataFile] = field(default_factory=list)


class Sets:
    """The data sets in some paths, beside others; `findings` has what is wrong with them."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.findings = Findings()
        files, self.unusable = find_files(paths)
        self.in_files = {s.record.id: s for s in self._sets(files)}
        self.beside(None)

    def beside(self, others: Others | None) -> None:
        """Put other sets beside those in the files."""
        self._others = others
        self._names = {f.number: i for i, s in self.in_files.items() for f in s.files}
        self.records = {r.id: r for r in others.records} if others else {}
        self.records |= {i: s.record for i, s in self.in_files.items()}
        self._scopes = {i: frozenset(self._reach(i)) for i in self.records}

    def keep(self, ids: Collection[str]) -> None:
        """Leave out the sets in the files that are not among the ids."""
        self.in_files = {i: s for i, s in self.in_files.items() if i in ids}
        self.beside(self._others)

    def check(self) -> None:
        """Add what is wrong with the records of the sets to `findings`."""
        for dataset in self.in_files.values():
            self._check_uses(dataset)
            self._warn(dataset)

    @property
    def files(self) -> list[DataFile]:
        """The files of all sets, in their order."""
        files = (file for dataset in self.in_files.values() for file in dataset.files)
        return sorted(files, key=lambda file: file.number)

    @property
    def order(self) -> list[str]:
        """The ids of all sets: each after those that it uses, and then by id."""
        return sorted(self.records, key=lambda i: (len(self._scopes[i]), i))

    @property
    def alone(self) -> bool:
        """Whether there is one set, so that nothing can be between sets."""
        return len(self.records) == 1

    @property
    def complete(self) -> bool:
        """Whether all claims of the other sets are read."""
        return self._others is None or self._others.complete

    def of_file(self, file: DataFile) -> str:
        """Return the id of the set that a file belongs to."""
        return self._names[file.number]

    def scope(self, dataset: str) -> frozenset[str]:
        """Return the ids of the sets whose records a set may refer to, its own among them."""
        return self._scopes[dataset]

    def related(self, first: str, second: str, holders: Iterable[str]) -> bool:
        """Whether two sets may describe one id, which the `holders` describe as well.

        They may if one uses the other, or if both use one of the holders.
        """
        a, b = self._scopes[first], self._scopes[second]
        return second in a or first in b or any(h in a and h in b for h in holders)

    def other_entries(self) -> Iterator[Source | Entity | Judgement]:
        """Yield what the other sets have besides claims."""
        return self._others.entries() if self._others else iter(())

    def other_claims(self) -> Iterator[Claim]:
        """Yield the claims of the other sets."""
        return self._others.claims() if self._others else iter(())

    def _sets(self, files: Sequence[DataFile]) -> list[DatasetFiles]:
        """Return the sets in the files, each with its files."""
        by_folder: dict[Path, DatasetFiles] = {}
        by_id: dict[str, DatasetFiles] = {}
        for file in files:
            for raw in _raw_records(file):
                record = validate(raw, DatasetRecord, self.findings)
                # A record with a fault names its folder nevertheless, so that no other does.
                record = record or DatasetRecord(id=default_id(file.folder))
                self._add(DatasetFiles(record, raw, file.folder), by_folder, file.folder)
        for dataset in by_folder.values():
            self._add(dataset, by_id, dataset.record.id)
        for file in files:
            folder = _nearest(file, by_folder)
            if folder is None:
                record = DatasetRecord(id=default_id(file.root))
                by_id.setdefault(record.id, DatasetFiles(record, None, file.root)).files.append(
                    file
                )
            else:
                by_id[by_folder[folder].record.id].files.append(file)
        return [dataset for dataset in by_id.values() if dataset.files]

    def _add(self, new: DatasetFiles, sets: dict[_Key, DatasetFiles], key: _Key) -> None:
        """Add a set under a key, unless another one is there, which says the same or is a fault."""
        first = sets.setdefault(key, new)
        if first is new or first.record == new.record or _is_bare(new.record, first.record):
            return
        if _is_bare(first.record, new.record):
            sets[key] = new
        elif new.raw and first.raw:
            what = "folder" if first.path == new.path else "data set"
            message = f"the {what} has another record of its data set, {first.record.id!r}"
            hint = f"It is at {first.raw.position()}: keep one of the two."
            self.findings.add_problem(new.raw, Problem((), new.record.id, message, hint))

    def _reach(self, dataset: str) -> Iterator[str]:
        ids = [dataset]
        for i in ids:
            ids += [u for u in self.records[i].uses if u in self.records and u not in ids]
        return iter(ids)

    def _check_uses(self, dataset: DatasetFiles) -> None:
        record = dataset.record
        for number, use in enumerate(record.uses):
            if use not in self.records:
                message = f"there is no data set {use!r}"
                hint = did_you_mean(use, self.records) or "Load it first, or together with this."
            elif use == record.id or record.id in self._scopes[use]:
                message, hint = "the data sets use one another in a ring", "Leave one out."
            else:
                continue
            assert dataset.raw is not None
            self.findings.add_problem(dataset.raw, Problem(("uses", number), use, message, hint))

    def _warn(self, dataset: DatasetFiles) -> None:
        """Warn of what a record leaves open, unless it is an id alone."""
        record = dataset.record
        if dataset.raw and not _is_bare(record, record):
            for name in _EXPECTED:
                if getattr(record, name) is None:
                    problem = Problem((), "", f"the data set has no {name!r}", kind="data-set")
                    self.findings.add_problem(dataset.raw, problem)


def _is_bare(record: DatasetRecord, other: DatasetRecord) -> bool:
    """Whether a record only repeats the id of another."""
    return record == DatasetRecord(id=other.id)


def _raw_records(file: DataFile) -> Iterator[RawRecord]:
    """Yield the records of data sets in a file. What else is wrong with it is for others to say."""
    try:
        if not file.is_yaml:
            yield from dataset_lines(file)
        elif b"dataset" in file.path.read_bytes():
            for item in read_yaml(file):
                if isinstance(item, RawRecord) and item.kind == "dataset":
                    yield item
    except OSError:
        return


def _nearest(file: DataFile, by_folder: Collection[Path]) -> Path | None:
    """Return the folder of the record that a file belongs to."""
    folder = file.folder
    while folder not in by_folder:
        if folder in (file.root, folder.parent):
            return None
        folder = folder.parent
    return folder


def default_id(path: Path) -> str:
    """Return the id of a data set whose files give none: the name of its path, as a slug."""
    path = path.absolute()
    return slug(path.stem if path.is_file() else path.name)


def slug(name: str) -> str:
    """Return a name in the form of an id."""
    text = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:120].strip("-")
    return text or "data"


def position_of(dataset: str) -> Position:
    """Return the place of the records of a data set that is not in the files, for messages."""
    return Position(DataFile(Path(), f"data set {dataset}", 0, -1, Path()), 0, None)
