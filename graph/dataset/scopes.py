"""What each data set may refer to: its own sources and entities, and those of sets that it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from graph.dataset.files import FieldPath, Position, RawRecord
from graph.dataset.report import Problem
from graph.dataset.sets import Sets
from graph.faults import did_you_mean
from graph.model import Entity, Source
from graph.ontology import ONTOLOGY

#: The entity types that can speak: those that the ontology calls actors.
SPEAKERS = frozenset(ONTOLOGY.type_sets["actor"])
#: The kinds of record that have ids of their own, in words.
ARTICLES = {"source": "a source", "entity": "an entity"}


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
        return type_ is None or type_ in SPEAKERS

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
        facts = SourceFacts(source.known_days[1], source.text_sha256)
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
