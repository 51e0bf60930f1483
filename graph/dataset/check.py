"""The check of a whole data set.

Every file is read twice: for sources, entities and judgements first, and for claims once all of
those are known. No claim is kept. See domain.md, "Bad input".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from graph.dataset.claims import ClaimCheck
from graph.dataset.entries import EntryCheck
from graph.dataset.evidence import EvidenceCheck
from graph.dataset.files import DataFile, find_files, set_name
from graph.dataset.history import History
from graph.dataset.known import Memory
from graph.dataset.node import Broken
from graph.dataset.raw import MODELS, Place, Raw, Stray
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.read_yaml import read_yaml
from graph.dataset.report import Checked, Findings
from graph.dataset.validate import links, validate
from graph.faults import shorten
from graph.model import Claim, Entity, Judgement, Source
from graph.model.fields import SLUG
from graph.text import TextStore

Take = Callable[[Source | Entity | Judgement | Claim], None]
#: Told how many bytes were read, and how many there are to read: all files, twice.
Progress = Callable[[int, int], None]

_TICK = 1_000_000
_SLUG_HINT = "It has lower-case letters, digits and single hyphens."


class Check:
    """One check of one data set; `run` it once."""

    def __init__(
        self,
        paths: Sequence[Path],
        take: Take | None,
        texts: TextStore | None,
        progress: Progress | None,
    ) -> None:
        self._files, self._misplaced = find_files(paths)
        self._names: dict[str, Place] = {}
        self._default_name = set_name(paths)
        self._take = take
        self._meter = Meter(2 * sum(file.size for file in self._files), progress)
        self._counts = dict.fromkeys(MODELS, 0)
        self._findings, self._memory = Findings(), Memory()
        self._entries = EntryCheck(self._memory, self._findings)
        self._claims = ClaimCheck(self._memory, EvidenceCheck(texts) if texts else None)
        self._claim_ids = self._faulty_claims = 0

    def run(self) -> Checked:
        """Read everything and return the report."""
        for misplaced in self._misplaced:
            self._memory.partial = True
            self._findings.misplaced(misplaced)
        self._read_entries()
        with History() as history:
            self._read_claims(history)
        self._meter.finish()
        if self._files and not self._findings.faults and not any(self._counts.values()):
            stray = Stray(Broken(1, 1, "the data set holds no record"))
            self._findings.stray(self._files[0], stray)
        if not self._findings.faults:
            # A claim with a fault may be the one that names them.
            self._entries.warn_of_unused()
        return self._report()

    def _read_entries(self) -> None:
        for raw in self._raws(claims=False, tell=True):
            record = validate(raw, MODELS[raw.kind], self._findings)
            if record is None:
                self._entries.take_faulty(raw)
            else:
                self._entries.take(raw, record)
                self._hand_over(raw.kind, record)
        self._entries.finish()

    def _read_claims(self, history: History) -> None:
        check, take = self._claims, self._take
        for raw in self._raws(claims=True, tell=False):
            claim = validate(raw, Claim, self._findings)
            if claim is None:
                self._faulty_claims += 1
                for problem in check.references(*links(raw)):
                    self._findings.problem(raw, problem)
                continue
            if not check.fits(claim):
                for problem in check.problems(claim):
                    self._findings.problem(raw, problem)
            history.take(claim)
            if take is not None:
                take(claim)
        complete = not self._memory.partial and not self._faulty_claims
        history.tell(self._claims_again(), self._findings, complete)
        self._counts["claim"] = history.distinct
        self._claim_ids = history.total

    def _claims_again(self) -> Iterator[tuple[Raw, Claim]]:
        unheard = Findings()
        for raw in self._raws(claims=True, tell=False):
            claim = validate(raw, Claim, unheard)
            if claim is not None:
                yield raw, claim

    def _hand_over(self, kind: str, record: Any) -> None:
        self._counts[kind] += 1
        if self._take is not None:
            self._take(record)

    def _raws(self, claims: bool, tell: bool) -> Iterator[Raw]:
        """Read all files, and `tell` (or not, if it is not the first time) what is no record."""
        for file in self._files:
            stray = partial(self._stray, file) if tell else _ignore
            named = partial(self._named, file) if tell else _ignore
            try:
                if file.is_yaml:
                    yield from (r for r in read_yaml(file, stray, named) if r.is_claim is claims)
                    self._meter.add(file.size)
                else:
                    yield from read_jsonl(file, claims, stray, named, self._meter.add)
            except OSError as error:
                stray(Stray(Broken(1, 1, f"the file cannot be read: {error.strerror}")))

    def _stray(self, file: DataFile, stray: Stray) -> None:
        self._memory.partial |= stray.lost and not stray.warning
        self._findings.stray(file, stray)

    def _named(self, file: DataFile, name: str, line: int, column: int) -> None:
        others = [(other, place) for other, place in self._names.items() if other != name]
        message = hint = ""
        if not re.match(SLUG, name):
            message, hint = f"'{shorten(name)}' is no name of a data set", _SLUG_HINT
        elif others:
            message = f"the data set has the name {others[0][0]!r} already"
            hint = f"It has it from {others[0][1]}: keep one of the two."
        else:
            self._names[name] = Place(file, line, column)
        if message:
            self._findings.stray(file, Stray(Broken(line, column, message, hint), name))

    def _report(self) -> Checked:
        faults, warnings = self._findings.faults, self._findings.warnings
        return Checked(
            name=next(iter(self._names), self._default_name),
            files=tuple((file.shown, file.size) for file in self._files),
            counts=self._counts,
            faults=faults.ordered(),
            warnings=warnings.ordered(),
            more_faults=faults.more,
            more_warnings=warnings.more,
            digest=self._digest(),
        )

    def _digest(self) -> str:
        """A sum of hashes, so that no order matters and nothing has to be sorted."""
        total = self._claim_ids
        for kind, record_id in self._entries.ids():
            total += int.from_bytes(hashlib.sha256(f"{kind} {record_id}".encode()).digest())
        return f"{total % 2**256:064x}"


class Meter:
    """Tells `progress` from time to time how many bytes were read, of how many."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._progress = total, progress
        self._done = self._told = 0

    def add(self, size: int) -> None:
        """Count bytes."""
        self._done += size
        if self._progress is not None and self._done - self._told >= _TICK:
            self._told = self._done
            self._progress(self._done, self._total)

    def finish(self) -> None:
        """Tell that everything was read."""
        if self._progress is not None:
            self._progress(self._total, self._total)


def _ignore(*_: object) -> None:
    """Hear of something a second time."""
