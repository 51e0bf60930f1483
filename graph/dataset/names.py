"""Entities of one type that share a name: perhaps one entity that was entered twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator

from graph.model import Entity


class SharedNames:
    """Remembers every name, whatever its case and width, and who bore it first."""

    def __init__(self) -> None:
        self._bearers: dict[str, dict[str, str]] = {}
        self._shared: dict[tuple[str, str], str] = {}

    def add(self, entity: Entity) -> None:
        """Take the names of an entity."""
        bearers = self._bearers.setdefault(entity.type, {})
        for name in entity.names:
            folded = unicodedata.normalize("NFKC", name.text).casefold()
            first = bearers.setdefault(folded, entity.id)
            if first != entity.id:
                self._shared.setdefault((first, entity.id), name.text)

    def unjudged(self, judged: Container[frozenset[str]]) -> Iterator[tuple[str, str, str]]:
        """Yield two ids and the name that they share, for each pair that nobody has judged."""
        for (first, second), name in self._shared.items():
            if frozenset((first, second)) not in judged:
                yield first, second, name
