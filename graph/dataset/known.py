"""What a check remembers of the sources and entities while it goes through the claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from graph.dataset.raw import Place
from graph.faults import did_you_mean
from graph.model import Entity, Source
from graph.ontology import ONTOLOGY

#: The types whose entities can speak: those that the ontology calls actors.
SPEAKERS = frozenset(ONTOLOGY.type_sets["actor"])
#: A faulty record may be meant to have one of them.
_MAY_SPEAK = SPEAKERS | {None}


class Known(NamedTuple):
    """What claims need to know of a source."""

    out_by: date
    text_sha256: str | None


@dataclass(slots=True)
class Memory:
    """Entities and sources by id. A type or source that is None belongs to a faulty record.

    `unused` are the ids that no claim has named yet, `unverified` the sources of evidence without a
    text's hash. `places` tells by kind where the well-formed records begin.
    `partial`: something could not be read, so that an id which is missing may stand there.
    """

    types: dict[str, str | None] = field(default_factory=dict)
    sources: dict[str, Known | None] = field(default_factory=dict)
    places: Mapping[str, dict[str, Place]] = field(
        default_factory=lambda: {"source": {}, "entity": {}}
    )
    unused: set[str] = field(default_factory=set)
    unverified: set[str] = field(default_factory=set)
    partial: bool = False
    _hints: dict[tuple[str, bool], str] = field(default_factory=dict)

    def add_source(self, source: Source) -> None:
        """Remember a well-formed source."""
        self.sources[source.id] = Known(source.known[1], source.text_sha256)
        self.unused.add(source.id)

    def add_entity(self, entity: Entity) -> None:
        """Remember a well-formed entity."""
        self.types[entity.id] = entity.type
        self.unused.add(entity.id)

    def add_faulty(self, kind: str, record_id: str) -> None:
        """Remember that a faulty record has an id, so that nobody who names it is at fault."""
        if kind == "source":
            self.sources.setdefault(record_id, None)
        elif kind == "entity":
            self.types.setdefault(record_id, None)

    def speaks(self, record_id: str) -> bool:
        """Whether a source, or an entity that can speak, has the id."""
        return record_id in self.sources or self.types.get(record_id, "") in _MAY_SPEAK

    def speakers(self) -> Iterator[str]:
        """Yield the ids of everything that can speak."""
        yield from self.sources
        yield from (entity_id for entity_id, type_ in self.types.items() if type_ in _MAY_SPEAK)

    def hint(self, wanted: str, entities: bool) -> str:
        """Propose the nearest id of an entity or of a source; nothing if none is near."""
        key = (wanted, entities)
        if key not in self._hints:
            self._hints[key] = did_you_mean(wanted, self.types if entities else self.sources)
        return self._hints[key]
