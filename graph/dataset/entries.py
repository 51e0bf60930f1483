"""Sources, entities and judgements: each against the others, before any claim is read."""

from __future__ import annotations

from collections.abc import Iterator

from graph.dataset.judgements import judgement_problems
from graph.dataset.known import Memory
from graph.dataset.names import SharedNames
from graph.dataset.node import Problem
from graph.dataset.raw import Place, Raw
from graph.dataset.report import Findings
from graph.model import Entity, Judgement, Record, Source


class EntryCheck:
    """Takes the records one by one; `finish` checks what needs all of them."""

    def __init__(self, memory: Memory, findings: Findings) -> None:
        self._memory, self._findings = memory, findings
        self._names = SharedNames()
        self._judged: list[tuple[Raw, Judgement]] = []
        self._judgements: dict[str, Place] = {}

    def take(self, raw: Raw, record: Record) -> None:
        """Remember a well-formed record and check it against those before it."""
        match record:
            case Entity():
                self._entity(raw, record)
            case Source():
                self._source(raw, record)
            case Judgement():
                self._judgement(raw, record)

    def take_faulty(self, raw: Raw) -> None:
        """Remember the id of a record with faults of its own."""
        record_id = raw.plain().get("id")
        if isinstance(record_id, str):
            self._memory.add_faulty(raw.kind, record_id)

    def finish(self) -> None:
        """Check the judgements, and warn of names that two entities share."""
        for raw, problem in judgement_problems(self._judged, self._memory):
            self._findings.problem(raw, problem)
        pairs = {frozenset((j.left, j.right)) for _, j in self._judged}
        for first, second, name in self._names.unjudged(pairs):
            message = f"it shares the name {name!r} and the type with {first!r}"
            hint = "If they are one, keep one of them or add a judgement."
            place = self._memory.places["entity"][second]
            self._findings.at(place, f"entity {second}", message, hint)

    def warn_of_unused(self) -> None:
        """Warn of what no claim names, and of sources whose evidence nobody can verify."""
        memory = self._memory
        for kind, places in memory.places.items():
            for record_id in filter(memory.unused.__contains__, places):
                record = f"{kind} {record_id}"
                self._findings.at(places[record_id], record, "no claim names it")
        for source_id in filter(memory.unverified.__contains__, memory.sources):
            message = "claims cite passages of it, and it has no 'text_sha256'"
            hint = "Without that nothing can verify them."
            place = memory.places["source"][source_id]
            self._findings.at(place, f"source {source_id}", message, hint)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Yield kind and id of every well-formed record, in no order that matters."""
        for kind, places in self._memory.places.items():
            yield from ((kind, record_id) for record_id in places)
        yield from (("judgement", judgement_id) for judgement_id in self._judgements)

    def _source(self, raw: Raw, source: Source) -> None:
        if self._is_new(raw, source.id, other="entity"):
            self._memory.add_source(source)
        for field, value in (("publisher", source.publisher), ("published", source.published)):
            if value is None:
                problem = Problem((), "", f"the source has no {field!r}", warning=True)
                self._findings.problem(raw, problem)

    def _entity(self, raw: Raw, entity: Entity) -> None:
        if self._is_new(raw, entity.id, other="source"):
            self._memory.add_entity(entity)
            self._names.add(entity)

    def _judgement(self, raw: Raw, judgement: Judgement) -> None:
        first = self._judgements.setdefault(judgement.id, raw.begin())
        if first != raw.begin():
            message = "the same judgement stands twice"
            self._findings.problem(raw, Problem((), "", message, f"The first is at {first}."))
        else:
            self._judged.append((raw, judgement))

    def _is_new(self, raw: Raw, record_id: str, other: str) -> bool:
        """Whether nothing else has the id. An id of both kinds would make a chain ambiguous."""
        places = self._memory.places
        for kind in (raw.kind, other):
            if record_id in places[kind]:
                message = f"the id {record_id!r} belongs to {_A[kind]} already"
                hint = f"The first is at {places[kind][record_id]}."
                self._findings.problem(raw, Problem(("id",), record_id, message, hint))
                return False
        places[raw.kind][record_id] = raw.begin()
        return True


_A = {"source": "a source", "entity": "an entity"}
