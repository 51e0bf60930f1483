"""What a check remembers of the sources and entities while it goes through the claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from graph.dataset.raw import Place
from graph.faults import did_you_mean
from graph.model import Entity, Source
from graph.ontology import ONTOLOGY

#: The types whose entities can speak: those that the ontology calls actors.
SPEAKERS = frozenset(ONTOLOGY.type_sets["actor"])


class Known(NamedTuple):
    """What claims need to know of a source."""

    out_by: date
    text_sha256: str | None


@dataclass(slots=True)
class Memory:
    """Entities and sources by id. A type or source that is None belongs to a faulty record.

    `used` are the ids that claims name, `unverified` the sources of evidence without a text's hash.
    `partial`: something could not be read, so that an id which is missing may stand there.
    """

    types: dict[str, str | None] = field(default_factory=dict)
    sources: dict[str, Known | None] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    speakers: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    unverified: set[str] = field(default_factory=set)
    partial: bool = False
    _hints: dict[tuple[str, bool], str] = field(default_factory=dict)

    def add_source(self, source: Source) -> None:
        """Remember a well-formed source."""
        self.sources[source.id] = Known(source.known[1], source.text_sha256)
        self.speakers.add(source.id)

    def add_entity(self, entity: Entity) -> None:
        """Remember a well-formed entity."""
        self.types[entity.id] = entity.type
        if entity.type in SPEAKERS:
            self.speakers.add(entity.id)

    def add_faulty(self, kind: str, record_id: str) -> None:
        """Remember that a faulty record has an id, so that nobody who names it is at fault."""
        if kind == "source":
            self.sources.setdefault(record_id, None)
            self.speakers.add(record_id)
        elif kind == "entity":
            self.types.setdefault(record_id, None)
            self.speakers.add(record_id)

    def hint(self, wanted: str, entities: bool) -> str:
        """Propose the nearest id of an entity or of a source; nothing if none is near."""
        key = (wanted, entities)
        if key not in self._hints:
            self._hints[key] = did_you_mean(wanted, self.types if entities else self.sources)
        return self._hints[key]
