"""The check of a whole data set. See domain.md, "Bad input".

Every file is read twice: for sources, entities and judgements first, and then for claims. No claim
stays in memory. Where two claims are the same, or supersede each other wrongly, the files are read
once more to find the positions of those claims.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any, NamedTuple, TypeVar

from graph.dataset.claim_check import ClaimCheck, EvidenceCheck
from graph.dataset.claim_history import ClaimHistory
from graph.dataset.days import source_days
from graph.dataset.files import (
    MODELS,
    DataFile,
    Position,
    RawRecord,
    TextFault,
    reason,
)
from graph.dataset.judgements import SharedNames, contradictions
from graph.dataset.messages import validate
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.read_yaml import read_yaml
from graph.dataset.report import CheckResult, Findings, Problem
from graph.dataset.scopes import ARTICLES, SPEAKERS, Index, Scope
from graph.dataset.sets import Sets, position_of
from graph.faults import WARNING_KINDS, WarningKind, did_you_mean
from graph.model import Claim, Entity, Judgement, Record, Source
from graph.model.dataset import WHOSE
from graph.projection import merged_groups
from graph.text import TextStore

RecordT = TypeVar("RecordT", bound=Record)
Take = Callable[[Source | Entity | Judgement | Claim], None]
#: Called with the number of bytes read, and of all bytes to read: every file, twice.
Progress = Callable[[int, int], None]

#: Bytes between two calls of the progress.
_STEP = 1_000_000


class Check:
    """One check of some data sets; `run` it once.

    Of the sets that are not in files only what may have changed is checked: whether what they refer
    to is there, and what they say beside the sets in the files.
    """

    def __init__(
        self,
        sets: Sets,
        take: Take | None,
        texts: TextStore | None,
        progress: Progress | None,
    ) -> None:
        self._sets, self._files = sets, sets.files
        self._take = take
        self._meter = Meter(2 * sum(file.size for file in self._files), progress)
        self._counts = dict.fromkeys(MODELS, 0)
        self._with_records: set[str] = set()
        self._findings, self._index = sets.findings, Index(sets)
        self._entries = EntryCheck(self._index, self._findings)
        self._claims = ClaimCheck(EvidenceCheck(texts) if texts else None)
        self._claim_ids = 0

    def run(self) -> CheckResult:
        """Read everything and return the report."""
        self._sets.check()
        for path in self._sets.unusable:
            self._index.partial = True
            self._findings.add_path(path)
        self._check_entries()
        self._check_claims()
        self._meter.finish()
        if not self._findings.counts[None]:
            self._refuse_empty()
        if not self._findings.counts[None]:
            # A claim with a fault may be the one that names them.
            self._entries.warn_of_unused()
        return self._report()

    def _refuse_empty(self) -> None:
        empty = TextFault(1, 1, "the data set has no records")
        for dataset, its in self._sets.in_files.items():
            if dataset not in self._with_records:
                self._findings.add_text_fault(its.files[0], empty)

    def _check_entries(self) -> None:
        for other in self._sets.other_entries():
            self._entries.add(_raw_of(other), other)
            self._hand_over(other)
        for raw in self._raw_records(claims=False):
            record = validate(raw, MODELS[raw.kind], self._findings)
            dataset = self._sets.of_file(raw.file)
            self._with_records.add(dataset)
            if record is None:
                self._index.add_faulty(raw, dataset)
            else:
                record = self._belonging(raw, record, dataset)
                self._entries.add(raw, record)
                self._counts[raw.kind] += 1
                self._hand_over(record)
        self._entries.finish()

    def _belonging(self, raw: RawRecord, record: RecordT, dataset: str) -> RecordT:
        """Return a record with the id of its data set. That a file says it is a fault."""
        for name in COMPUTED:
            if getattr(record, name, None):
                message = "the program derives this field"
                problem = Problem((name,), "", message, "Leave it out.", on_key=True)
                self._findings.add_problem(raw, problem)
        many = isinstance(record, Entity | Source)
        return record.model_copy(update={"datasets": (dataset,)} if many else {"dataset": dataset})

    def _check_claims(self) -> None:
        complete = not self._index.partial
        with closing(ClaimHistory(self._sets)) as history:
            for raw in self._raw_records(claims=True):
                claim = validate(raw, Claim, self._findings)
                dataset = self._sets.of_file(raw.file)
                self._with_records.add(dataset)
                if claim is None:
                    complete = False
                    index = self._index.scope(dataset)
                    problems = self._claims.problems_of_faulty(raw, index)
                else:
                    claim = self._belonging(raw, claim, dataset)
                    scope = self._index.scope(dataset)
                    problems = self._claims.problems(claim, scope, raw.quotations)
                    history.add(claim)
                    self._hand_over(claim)
                for problem in problems:
                    self._findings.add_problem(raw, problem)
            for other in self._sets.other_claims():
                for problem in self._claims.problems_of_links(other, self._scope(other)):
                    self._findings.add_problem(_raw_of(other), problem)
                history.add(other)
                self._hand_over(other)
            for raw, problem in history.problems(self._claims_again(), complete):
                self._findings.add_problem(raw, problem)
            self._counts["claim"], self._claim_ids = history.distinct, history.total

    def _scope(self, claim: Claim) -> Scope:
        assert claim.dataset is not None
        return self._index.scope(claim.dataset)

    def _claims_again(self) -> Iterator[tuple[RawRecord, Claim]]:
        findings = Findings()
        for other in self._sets.other_claims():
            yield _raw_of(other), other
        for raw in self._raw_records(claims=True):
            claim = validate(raw, Claim, findings)
            if claim is not None:
                yield raw, claim

    def _hand_over(self, record: Any) -> None:
        if self._take is not None:
            self._take(record)

    def _raw_records(self, claims: bool) -> Iterator[RawRecord]:
        """Read all files for their claims, or for all other records.

        Faults of the text are noted with the latter, once.
        """
        for file in self._files:
            try:
                for item in self._read(file, claims):
                    if not isinstance(item, RawRecord):
                        if not claims:
                            self._note_fault(file, item)
                    elif item.kind != "dataset":
                        yield item
            except OSError as error:
                if not claims:
                    self._note_fault(file, TextFault(1, 1, *reason(error)))

    def _read(self, file: DataFile, claims: bool) -> Iterator[RawRecord | TextFault]:
        if not file.is_yaml:
            yield from read_jsonl(file, claims, self._meter.add)
            return
        for item in read_yaml(file):
            if not isinstance(item, RawRecord) or (item.kind == "claim") is claims:
                yield item
        self._meter.add(file.size)

    def _note_fault(self, file: DataFile, fault: TextFault) -> None:
        self._index.partial |= fault.hides_records and fault.kind is None
        self._findings.add_text_fault(file, fault)

    def _report(self) -> CheckResult:
        findings = self._findings
        faults, counts = findings.faults, findings.counts
        return CheckResult(
            name=", ".join(self._sets.in_files),
            files=tuple((file.name, file.size) for file in self._files),
            counts=self._counts,
            faults=faults,
            warnings=findings.warnings,
            more_faults=counts[None] - len(faults),
            warning_counts={kind: counts[kind] for kind in WARNING_KINDS if counts[kind]},
            digest=self._digest(),
        )

    def _digest(self) -> str:
        """A sum of hashes: it does not depend on the order, so that nothing has to be sorted."""
        total = self._claim_ids
        for kind, record_id in self._entries.ids():
            total += int.from_bytes(hashlib.sha256(f"{kind} {record_id}".encode()).digest())
        return f"{total % 2**256:064x}"


#: What the program fills in: a file that has it would say what is not for it to say.
COMPUTED = (*WHOSE, "publisher_id")
#: What an entity has of every data set that describes it.
_OF_EACH = ("names", "identifiers", "urls")


def _raw_of(record: Source | Entity | Judgement | Claim) -> RawRecord:
    """Return what stands for a record that is not in the files, for faults about it."""
    dataset = record.dataset if isinstance(record, Claim | Judgement) else record.datasets[0]
    kind = next(kind for kind, model in MODELS.items() if isinstance(record, model))
    data = json.dumps({"id": record.id}).encode()
    position = position_of(str(dataset))
    return RawRecord(position.file, kind, 0, 0, data)


class Meter:
    """Reports from time to time how many bytes have been read, of how many."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._progress = total, progress
        self._count = self._reported = 0

    def add(self, size: int) -> None:
        """Count bytes."""
        self._count += size
        if self._progress is not None and self._count - self._reported >= _STEP:
            self._reported = self._count
            self._progress(self._count, self._total)

    def finish(self) -> None:
        """Report that everything has been read."""
        if self._progress is not None:
            self._progress(self._total, self._total)


class Holder(NamedTuple):
    """A data set that describes an id, with the record and a hash of each field of it."""

    dataset: str
    raw: RawRecord | None
    kind: str
    position: Position
    facts: Mapping[str, int]


class EntryCheck:
    """Checks sources, entities and judgements one by one; `finish` checks what needs all."""

    def __init__(self, index: Index, findings: Findings) -> None:
        self._index, self._findings = index, findings
        self._names = SharedNames()
        self._sources: list[tuple[RawRecord, Source]] = []
        self._judgements: dict[str, tuple[RawRecord, Judgement]] = {}
        self._first: dict[str, Holder] = {}
        self._shared: dict[str, list[Holder]] = {}

    def add(self, raw: RawRecord, record: Record) -> None:
        """Add a well-formed record, and check it against those before it."""
        match record:
            case Entity():
                if self._is_new(raw, record):
                    self._index.add_entity(record)
                    self._names.add(record)
            case Source():
                if self._is_new(raw, record):
                    self._index.add_source(record)
                    self._sources.append((raw, record))
                for name in ("publisher", "published"):
                    if getattr(record, name) is None and raw.line:
                        problem = Problem((), "", f"the source has no {name!r}", kind="source")
                        self._findings.add_problem(raw, problem)
            case Judgement():
                first, _ = self._judgements.setdefault(record.id, (raw, record))
                if first is not raw:
                    hint = f"The first one is at {first.position()}."
                    problem = Problem((), "", "duplicate judgement", hint)
                    self._findings.add_problem(raw, problem)

    def _is_new(self, raw: RawRecord, record: Entity | Source) -> bool:
        """Whether its data set has no other record with the id.

        In a chain, sources and entities are mixed: no two of them may have one id.
        """
        (dataset,) = record.datasets
        facts = {} if self._index.sets.alone else _facts(record)
        holder = Holder(dataset, raw, raw.kind, raw.position(), facts)
        first = self._first.setdefault(record.id, holder._replace(raw=None))
        holders = self._shared.get(record.id, [first])
        for other in holders if first.position is not holder.position else ():
            if other.dataset == dataset or other.kind != raw.kind:
                message = f"the id {record.id!r} belongs to {ARTICLES[other.kind]} already"
                hint = f"The first one is at {other.position}."
                self._findings.add_problem(raw, Problem(("id",), record.id, message, hint))
                return False
        if first.position is holder.position:
            self._index.positions[raw.kind][record.id] = holder.position
        else:
            self._shared[record.id] = [*holders, holder]
        return True

    def finish(self) -> None:
        """Check what several sets describe, sources, judgements, and names of two entities."""
        for record_id, holders in self._shared.items():
            self._check_shared(record_id, holders)
        editions = {source.id: source.edition_of for _, source in self._sources}
        for raw, source in self._sources:
            for problem in self._source_problems(source, editions):
                if raw.line or problem.kind is None:
                    self._findings.add_problem(raw, problem)
        judgements = list(self._judgements.values())
        for raw, judgement in judgements:
            for problem in self._judgement_problems(judgement):
                self._findings.add_problem(raw, problem)
        for raw, problem in contradictions(judgements):
            self._findings.add_problem(raw, problem)
        for _, staying in merged_groups(judgement for _, judgement in judgements):
            message = f"judgements leave open which id stays: {' or '.join(staying)}"
            hint = f"Until one of them is on the left alone, {staying[0]!r} stays."
            if len(staying) > 1 and staying[0] in self._index.positions["entity"]:
                self._warn("entity", staying[0], "merge", message, hint)
        pairs = {frozenset((j.left, j.right)) for _, j in judgements}
        for first, second, name in self._names.without(pairs):
            message = f"it shares the name {name!r} and the type with {first!r}"
            hint = "If they are the same, keep one of them or add a judgement."
            self._warn("entity", second, "shared-name", message, hint)

    def _check_shared(self, record_id: str, holders: Sequence[Holder]) -> None:
        """Check that sets that describe one id know of each other and say the same."""
        sets = self._index.sets
        names = [holder.dataset for holder in holders]
        for number, holder in enumerate(holders[1:], 1):
            assert holder.raw is not None
            for other in holders[:number]:
                if not sets.related(holder.dataset, other.dataset, names):
                    message = f"the id {record_id!r} belongs to the data set {other.dataset!r} too"
                    hint = (
                        f"It is at {other.position}. Write `uses: [{other.dataset}]` in the record "
                        "of this data set if the two are one, or else give this one another id."
                    )
                    problem = Problem(("id",), record_id, message, hint)
                    self._findings.add_problem(holder.raw, problem)
                    break
            else:
                other = holders[0]
                for name, value in holder.facts.items():
                    if other.facts[name] != value:
                        message = f"the data set {other.dataset!r} says otherwise of {record_id!r}"
                        hint = f"It is at {other.position}: make the two alike, or leave one out."
                        self._findings.add_problem(holder.raw, Problem((name,), "", message, hint))

    def _source_problems(
        self, source: Source, editions: Mapping[str, str | None]
    ) -> Iterator[Problem]:
        publisher, scope = source.publisher, self._index.scope(source.datasets[0])
        types = scope.types
        if publisher in types:
            self._index.unused.discard(publisher)
            if not scope.can_speak(publisher):
                message = f"{publisher!r} is of type {types[publisher]}, which cannot publish"
                yield Problem(("publisher",), publisher, message)
        elif publisher is not None:
            entity = self._names.holder(publisher, SPEAKERS)
            if entity in types:
                message = f"{publisher!r} is the name of the entity {entity!r}"
                hint = f"Write {entity!r}: else its documents count as another publisher's."
                yield Problem(("publisher",), publisher, message, hint)
                return
            message = "the publisher is a text, and not the id of an entity"
            hint = did_you_mean(str(source.publisher_key), filter(scope.can_speak, types))
            hint = hint or "What an entity publishes counts as one account with what it says."
            yield Problem(("publisher",), publisher, message, hint, kind="publisher")
        yield from source_days(source, date.today())
        if (work := source.edition_of) is None:
            return
        if work == source.id:
            yield Problem(("edition_of",), work, f"{work!r} is an edition of itself")
        elif work not in scope.sources:
            yield from scope.missing(("edition_of",), work, "source")
        elif (first := editions.get(work)) is not None:
            message = f"{work!r} is itself an edition, of {first!r}"
            yield Problem(("edition_of",), work, message, f"Write {first!r}.")

    def _judgement_problems(self, judgement: Judgement) -> Iterator[Problem]:
        left, right = judgement.left, judgement.right
        if left == right:
            yield Problem(("right",), right, f"{left!r} is judged against itself")
            return
        scope = self._index.scope(str(judgement.dataset))
        types = scope.types
        for side, entity_id in (("left", left), ("right", right)):
            if entity_id not in types:
                yield from scope.missing((side,), entity_id, "entity")
        left_type, right_type = types.get(left), types.get(right)
        if judgement.verdict == "same" and left_type and right_type and left_type != right_type:
            message = f"{left!r} is of type {left_type} and {right!r} of type {right_type}"
            hint = "Only entities of one type can be the same."
            yield Problem(("verdict",), judgement.verdict, message, hint)

    def warn_of_unused(self) -> None:
        """Warn of records that no claim names, and of sources with evidence but without a text."""
        index = self._index
        for kind, positions in index.positions.items():
            for record_id in filter(index.unused.__contains__, positions):
                self._warn(kind, record_id, "unused", "no claim names it")
        for source_id in filter(index.unverifiable.__contains__, index.positions["source"]):
            message = "claims cite passages of it, and it has no 'text_sha256'"
            hint = "They cannot be verified without it."
            self._warn("source", source_id, "no-text", message, hint)

    def _warn(
        self, record: str, record_id: str, kind: WarningKind, message: str, hint: str = ""
    ) -> None:
        position = self._index.positions[record][record_id]
        if position.line:
            self._findings.add_warning(position, f"{record} {record_id}", kind, message, hint)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Yield kind and id of every well-formed record, in no particular order."""
        for kind, positions in self._index.positions.items():
            yield from ((kind, record_id) for record_id in positions)
        yield from (("judgement", judgement_id) for judgement_id in self._judgements)


def _facts(record: Entity | Source) -> Mapping[str, int]:
    """Return a hash of each field in which records of two sets must agree."""
    names = [n for n in type(record).model_fields if n not in ("id", *_OF_EACH, *COMPUTED)]
    return {name: hash(getattr(record, name)) for name in names}
