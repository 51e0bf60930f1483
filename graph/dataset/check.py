"""The check of a whole data set. See domain.md, "Bad input".

Every file is read twice: for sources, entities and judgements first, and then for claims. No claim
stays in memory. Where two claims are the same, or supersede each other wrongly, the files are read
once more to find the positions of those claims.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from graph import dates
from graph.dataset.files import (
    MODELS,
    DataFile,
    FieldPath,
    Position,
    Quotation,
    RawRecord,
    TextFault,
    reason,
)
from graph.dataset.judgements import SharedNames, contradictions
from graph.dataset.messages import validate
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.read_yaml import read_yaml
from graph.dataset.report import Checked, Findings, Problem
from graph.dataset.sets import Sets, position_of
from graph.errors import BadText
from graph.faults import WARNING_KINDS, WarningKind, did_you_mean
from graph.model import Claim, Entity, Judgement, Locator, Record, Source
from graph.model.dataset import WHOSE
from graph.model.fields import SLUG
from graph.ontology import ONTOLOGY
from graph.scratch import scratch
from graph.text import Text, TextStore, digest, passage

RecordT = TypeVar("RecordT", bound=Record)
Take = Callable[[Source | Entity | Judgement | Claim], None]
#: Called with the number of bytes read, and of all bytes to read: every file, twice.
Progress = Callable[[int, int], None]

#: Bytes between two calls of the progress.
_STEP = 1_000_000
#: The entity types that can speak: those that the ontology calls actors.
_SPEAKERS = frozenset(ONTOLOGY.type_sets["actor"])
#: The types that can fill a role, by predicate and role.
_FILLERS = {
    name: {role: ONTOLOGY.fillers[name, role] for role in predicate.roles}
    for name, predicate in ONTOLOGY.predicates.items()
}
#: Claims of these modalities may be about a day after the one on which their source appeared.
_ABOUT_THE_FUTURE = frozenset(("planned", "predicted", "recommended"))
#: Texts in memory. Claims of one source are mostly together; a text may have megabytes.
_MAX_TEXTS = 8
_ARTICLES = {"source": "a source", "entity": "an entity"}


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

    def run(self) -> Checked:
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
            for other in self._sets.other_claims():
                for problem in self._claims.problems_of_links(other, self._scope(other)):
                    self._findings.add_problem(_raw_of(other), problem)
                history.add(other)
                self._hand_over(other)
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
        self._index.partial |= fault.lost and fault.kind is None
        self._findings.add_text_fault(file, fault)

    def _report(self) -> Checked:
        findings = self._findings
        faults, counts = findings.faults, findings.counts
        return Checked(
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


class SourceFacts(NamedTuple):
    """The facts of a source that claims are checked against."""

    out_by: date
    text_sha256: str | None


@dataclass(slots=True)
class Scope:
    """The entities and sources that a data set may refer to, by id: its own, and of those it uses.

    The type, or the facts, of a faulty record is None.
    """

    index: Index
    dataset: str
    types: dict[str, str | None] = field(default_factory=dict)
    sources: dict[str, SourceFacts | None] = field(default_factory=dict)

    def can_speak(self, record_id: str) -> bool:
        """Whether a source, or an entity that can speak, has the id."""
        if record_id in self.sources:
            return True
        type_ = self.types.get(record_id, "")
        return type_ is None or type_ in _SPEAKERS

    def missing(self, path: FieldPath, record_id: str, kind: str) -> Iterator[Problem]:
        """Yield the problem that no `entity`, `source` or `speaker` has an id, unless partial."""
        index = self.index
        if index.partial:
            return
        key = (self.dataset, record_id, kind)
        if key not in index.hints:
            ids: dict[str, Iterable[str]] = {
                "entity": self.types,
                "source": self.sources,
                "speaker": [*self.sources, *filter(self.can_speak, self.types)],
            }
            elsewhere = index.holders(record_id, self.dataset)
            index.hints[key] = (
                f"The data set {elsewhere[0]!r} has it: write `uses: [{elsewhere[0]}]`."
                if elsewhere
                else did_you_mean(record_id, ids[kind])
            )
        what = "source and no entity" if kind == "speaker" else kind
        message = f"no {what} has the id {record_id!r}"
        if index.holders(record_id, self.dataset):
            message += " in this data set or in those that it uses"
        yield Problem(path, record_id, message, index.hints[key])


@dataclass(slots=True)
class Index:
    """Entities and sources of all sets.

    `unused` are the ids that no claim has named yet, `unverifiable` the sources of evidence without
    a hash of their text. `positions` are those of the well-formed records, by kind and id.
    `partial`: something cannot be read, so that a missing id may be there.
    """

    sets: Sets
    positions: Mapping[str, dict[str, Position]] = field(
        default_factory=lambda: {"source": {}, "entity": {}}
    )
    unused: set[str] = field(default_factory=set)
    unverifiable: set[str] = field(default_factory=set)
    partial: bool = False
    hints: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _own: dict[str, Scope] = field(default_factory=dict)
    _scopes: dict[str, Scope] = field(default_factory=dict)

    def own(self, dataset: str) -> Scope:
        """Return the entities and sources that a set has itself."""
        if dataset not in self._own:
            self._own[dataset] = Scope(self, dataset)
        return self._own[dataset]

    def scope(self, dataset: str) -> Scope:
        """Return what a set may refer to, once all entities and sources are there."""
        if self.sets.alone:
            return self.own(dataset)
        if dataset not in self._scopes:
            scope = self._scopes[dataset] = Scope(self, dataset)
            for part in map(self.own, self.sets.scope(dataset)):
                scope.types |= part.types
                scope.sources |= part.sources
        return self._scopes[dataset]

    def holders(self, record_id: str, dataset: str) -> list[str]:
        """Return the sets, other than those in the scope of a set, that have an id."""
        return [
            i
            for i, part in sorted(self._own.items())
            if i not in self.sets.scope(dataset)
            and (record_id in part.types or record_id in part.sources)
        ]

    def add_source(self, source: Source) -> None:
        """Add a well-formed source."""
        facts = SourceFacts(source.known[1], source.text_sha256)
        self.own(source.datasets[0]).sources[source.id] = facts
        self.unused.add(source.id)

    def add_entity(self, entity: Entity) -> None:
        """Add a well-formed entity."""
        self.own(entity.datasets[0]).types[entity.id] = entity.type
        self.unused.add(entity.id)

    def add_faulty(self, raw: RawRecord, dataset: str) -> None:
        """Add the id of a faulty record, so that records that name it are not at fault."""
        record_id = raw.values().get("id")
        if isinstance(record_id, str) and raw.kind == "source":
            self.own(dataset).sources.setdefault(record_id, None)
        elif isinstance(record_id, str) and raw.kind == "entity":
            self.own(dataset).types.setdefault(record_id, None)


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
                message = f"the id {record.id!r} belongs to {_ARTICLES[other.kind]} already"
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
            message = "the publisher is a text, and not the id of an entity"
            hint = did_you_mean(str(source.publisher_key), filter(scope.can_speak, types))
            hint = hint or "What an entity publishes counts as one account with what it says."
            yield Problem(("publisher",), publisher, message, hint, kind="publisher")
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


class ClaimCheck:
    """Checks claims one by one against the entities, the sources and the texts."""

    def __init__(self, evidence: EvidenceCheck | None) -> None:
        self._evidence = evidence

    def problems(
        self, claim: Claim, scope: Scope, quotations: Sequence[Quotation] = ()
    ) -> list[Problem]:
        """Return everything in which a claim disagrees with the other records.

        `quotations` are the words of its source that no locator pins yet.
        """
        problems = self.problems_of_links(claim, scope)
        if not (claim.evidence or quotations):
            message = "no evidence: nobody can look up where the source says so"
            problems.append(Problem((), "", message, kind="no-evidence"))
        for quotation in quotations:
            path, message = (
                ("evidence", quotation.number),
                "the words are not pinned to their place",
            )
            hint = "`sightlines text pin FILE` does that; until then the claim has no evidence."
            problems.append(Problem(path, quotation.words, message, hint, kind="unpinned"))
        source = scope.sources.get(claim.source)
        if source is not None:
            if claim.when is not None and _is_after(claim, source):
                message = f"the date is later than the source, which was out by {source.out_by}"
                hint = "Check the year, or the modality if the source speaks of the future."
                problems.append(Problem(("when",), claim.when, message, hint, kind="late-date"))
            if claim.evidence and source.text_sha256 is None:
                scope.index.unverifiable.add(claim.source)
            elif self._evidence is not None and source.text_sha256 is not None:
                problems += self._evidence.problems(claim, source.text_sha256)
        return problems

    def problems_of_links(self, claim: Claim, scope: Scope) -> list[Problem]:
        """Return the problems of the ids in a claim."""
        return self._links(claim.source, claim.predicate, claim.roles, claim.said_by, scope)

    def problems_of_faulty(self, raw: RawRecord, scope: Scope) -> list[Problem]:
        """Return the problems of the ids in a faulty claim, as far as they have the form of ids."""
        values = raw.values()
        source, roles = _ids(values.get("source")), values.get("roles")
        return self._links(
            source[0] if source else "",
            str(values.get("predicate")),
            {role: _ids(ids) for role, ids in roles.items()} if isinstance(roles, dict) else {},
            _ids(values.get("said_by")),
            scope,
        )

    def _links(
        self,
        source: str,
        predicate: str,
        roles: Mapping[str, Sequence[str]],
        said_by: Sequence[str],
        scope: Scope,
    ) -> list[Problem]:
        """Return a problem for each id that no record has, or one of the wrong kind."""
        problems: list[Problem] = []
        types, unused = scope.types, scope.index.unused
        unused.discard(source)
        if source and source not in scope.sources:
            problems += _missing(scope, ("source",), source, "source")
        fillers = _FILLERS.get(predicate, {})
        for role, ids in roles.items():
            allowed = fillers.get(role)
            for number, entity_id in enumerate(ids):
                unused.discard(entity_id)
                type_ = types.get(entity_id)
                if allowed is not None and type_ in allowed:
                    continue
                path = ("roles", role, number)
                if type_ is not None:
                    if allowed is not None:
                        message = f"{entity_id!r} is of type {type_}, which cannot be {role!r} here"
                        hint = f"It takes {_list_types(allowed)}."
                        problems.append(Problem(path, entity_id, message, hint))
                elif entity_id not in types:
                    problems += _missing(scope, path, entity_id, "entity")
        # The first link is the source.
        for number in range(1, len(said_by)):
            link = said_by[number]
            unused.discard(link)
            if not scope.can_speak(link):
                problems += _mute(scope, ("said_by", number), link)
        return problems


def _missing(scope: Scope, path: FieldPath, record_id: str, kind: str) -> Iterator[Problem]:
    other = "source" if kind == "entity" else "entity"
    others = scope.sources if kind == "entity" else scope.types
    if record_id in others:
        yield Problem(
            path, record_id, f"{record_id!r} is {_ARTICLES[other]}, not {_ARTICLES[kind]}"
        )
    else:
        yield from scope.missing(path, record_id, kind)


def _mute(scope: Scope, path: FieldPath, link: str) -> Iterator[Problem]:
    type_ = scope.types.get(link)
    if type_:
        message = f"{link!r} is of type {type_}, which cannot say anything"
        hint = f"A chain takes sources and {_list_types(_SPEAKERS, 'and')}."
        yield Problem(path, link, message, hint)
    else:
        yield from scope.missing(path, link, "speaker")


def _is_after(claim: Claim, source: SourceFacts) -> bool:
    """Whether a claim is surely about a day after its source appeared, without being meant to."""
    if claim.when is None or claim.modality in _ABOUT_THE_FUTURE:
        return False
    first = dates.parse(claim.when).first
    return first is not None and first > source.out_by


def _ids(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and re.match(SLUG, item)]


def _list_types(types: Sequence[str] | frozenset[str], word: str = "or") -> str:
    """Types in the order of the ontology: `State, Company or Person`."""
    ordered = [name for name in ONTOLOGY.types if name in types]
    return f" {word} ".join(filter(None, (", ".join(ordered[:-1]), ordered[-1])))


class EvidenceCheck:
    """Checks locators against a text store. Texts that the store does not have are ignored."""

    def __init__(self, texts: TextStore) -> None:
        self._texts = texts
        self._get = lru_cache(_MAX_TEXTS)(self._read)

    def _read(self, sha256: str) -> Text | str | None:
        """Return a text, None if the store does not have it, or what is wrong with its file."""
        try:
            return self._texts.get(sha256)
        except BadText as error:
            return str(error)

    def problems(self, claim: Claim, text_sha256: str) -> Iterator[Problem]:
        """Yield each locator that does not fit the text of the claim's source."""
        text = self._get(text_sha256)
        if isinstance(text, str):
            yield Problem(("evidence",), "", "the text of the source cannot be used", text)
        elif text is not None:
            for number, locator in enumerate(claim.evidence):
                yield from _passage_problems(text, locator, number)


def _passage_problems(text: Text, locator: Locator, number: int) -> Iterator[Problem]:
    path = ("evidence", number)
    try:
        actual = digest(passage(text, locator.paragraph, locator.start, locator.end))
    except BadText as error:
        yield Problem(path, "", "the passage lies outside the text", str(error))
        return
    if actual != locator.sha256:
        message = "the passage has another hash: the text differs, or the locator is wrong"
        yield Problem((*path, "sha256"), locator.sha256, message, f"Its hash is {actual}.")


class ClaimHistory:
    """Checks all claims for duplicates, and for what they supersede. Close it after use.

    It keeps only ids, and those on disk. After `problems`, `distinct` is the number of different
    ids, and `total` their sum.
    """

    _BATCH = 5_000
    #: Of the database's cache, and of the sort that finds duplicates.
    _MEGABYTES = 8

    def __init__(self, sets: Sets) -> None:
        tables = (
            "CREATE TABLE claim (id, dataset); CREATE TABLE succession (id, replaced, dataset); "
            "CREATE TABLE scope (dataset, part)"
        )
        self._db = scratch(tables, self._MEGABYTES)
        scopes = [(i, part) for i in sets.records for part in sets.scope(i)]
        self._db.executemany("INSERT INTO scope VALUES (?, ?)", scopes)
        self._in_files = sets.in_files.keys()
        self._ids: list[tuple[str, str | None]] = []
        self._successions: list[tuple[str, str, str | None]] = []
        self.distinct = self.total = 0

    def add(self, claim: Claim) -> None:
        """Add a well-formed claim."""
        claim_id, dataset = claim.id, claim.dataset
        if dataset in self._in_files:
            self.total += int(claim_id, 16)
            self.distinct += 1
        self._ids.append((claim_id, dataset))
        if claim.supersedes is not None:
            self._successions.append((claim_id, claim.supersedes, dataset))
        if len(self._ids) >= self._BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO claim VALUES (?, ?)", self._ids)
        self._db.executemany("INSERT INTO succession VALUES (?, ?, ?)", self._successions)
        self._ids.clear()
        self._successions.clear()

    def problems(
        self, again: Iterator[tuple[RawRecord, Claim]], complete: bool
    ) -> Iterator[tuple[RawRecord, Problem]]:
        """Yield every problem with its record; `again` reads all claims, only if there are any.

        Unless the data set is `complete`, a missing claim may be among those that are faulty.
        """
        self._flush()
        duplicates = self._duplicates()
        dangling = self._dangling() if complete else set()
        rings = {ring[0]: ring for ring in cycles(self._chains())}
        if not (rings or dangling or duplicates):
            return
        first: dict[str, Position] = {}
        for raw, claim in again:
            if claim.id in first:
                hint = f"The first one is at {first[claim.id]}."
                yield raw, Problem((), claim.id, "duplicate claim", hint)
                continue
            if claim.id in duplicates:
                first[claim.id] = raw.position()
            if claim.id in rings:
                yield raw, _ring_problem(rings[claim.id])
            if claim.id in dangling and claim.supersedes:
                message = f"no claim has the id {claim.supersedes!r}"
                yield raw, Problem(("supersedes",), claim.supersedes, message)

    def _duplicates(self) -> set[str]:
        """Return the ids that several claims have, and take them out of the sums."""
        rows = self._db.execute(
            "SELECT id, count(*) - 1 FROM claim GROUP BY id HAVING count(*) > 1"
        ).fetchall()
        self.distinct -= sum(more for _, more in rows)
        self.total -= sum(more * int(claim_id, 16) for claim_id, more in rows)
        return {claim_id for claim_id, _ in rows}

    def _dangling(self) -> set[str]:
        """Return the claims that supersede one that does not exist."""
        rows = self._db.execute(
            "SELECT id FROM succession WHERE (dataset, replaced) IN "
            "(SELECT dataset, replaced FROM succession EXCEPT "
            "SELECT s.dataset, c.id FROM claim c JOIN scope s ON s.part = c.dataset)"
        )
        return {claim_id for (claim_id,) in rows}

    def _chains(self) -> dict[str, str]:
        """Return the claims that supersede one that supersedes another: rings are among them."""
        return dict(
            self._db.execute(
                "SELECT id, replaced FROM succession WHERE replaced IN (SELECT id FROM succession)"
            )
        )

    def close(self) -> None:
        """Remove the ids."""
        self._db.close()


def _ring_problem(ring: list[str]) -> Problem:
    if len(ring) == 1:
        return Problem(("supersedes",), ring[0], "the claim supersedes itself", "Remove the field.")
    chain = " > ".join((*ring[:5], *(["…"] if len(ring) > 5 else []), ring[0]))
    return Problem(("supersedes",), ring[0], f"claims supersede one another in a ring: {chain}")


def cycles(supersedes: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield each ring of claims that supersede one another, beginning with its lowest id.

    `supersedes` maps a claim to the one that it supersedes, so a claim is in one ring at most; a
    ring of one claim supersedes itself.
    """
    visited: set[str] = set()
    for start in supersedes:
        path: dict[str, None] = {}
        node: str | None = start
        while node is not None and node not in visited and node not in path:
            path[node] = None
            node = supersedes.get(node)
        if node in path:
            steps = list(path)
            ring = steps[steps.index(node) :]
            lowest = ring.index(min(ring))
            yield ring[lowest:] + ring[:lowest]
        visited.update(path)
