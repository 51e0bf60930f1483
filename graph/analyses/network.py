"""Ties as a network: the same whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from graph.analyses.model import AnyTie, EntityLabel
from graph.model import TieKey

#: Told how much of the work is done, and how much there is in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Network:
    """Ties in the order of their keys, and the label and type of each entity by its id."""

    ties: tuple[AnyTie, ...]
    entities: Mapping[str, EntityLabel]

    @classmethod
    def of(cls, ties: Iterable[AnyTie], entities: Mapping[str, EntityLabel]) -> Network:
        """Put ties in order."""
        return cls(tuple(sorted(ties, key=lambda tie: tie.key)), entities)

    @cached_property
    def ties_of(self) -> Mapping[str, tuple[TieKey, ...]]:
        """The ties of each entity that has some, by its id, in the order of the ids."""
        keys_of: dict[str, list[TieKey]] = {}
        for tie in self.ties:
            keys_of.setdefault(tie.key.source, []).append(tie.key)
            keys_of.setdefault(tie.key.target, []).append(tie.key)
        return {i: tuple(keys) for i, keys in sorted(keys_of.items())}

    @cached_property
    def graph(self) -> nx.Graph[str]:
        """Who has a tie with whom, in either direction; `weight` is how many ties.

        Nodes and edges are put in in order: what NetworkX then counts comes in one order too.
        """
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.ties_of)
        for source, _, target in (tie.key for tie in self.ties):
            if graph.has_edge(source, target):
                graph[source][target]["weight"] += 1
            else:
                graph.add_edge(source, target, weight=1)
        return graph

    def inside(self, groups: Sequence[Iterable[str]]) -> list[tuple[TieKey, ...]]:
        """Return the ties that run within each of some groups that share no entity."""
        group_of = {i: number for number, group in enumerate(groups) for i in group}
        keys_of_group: list[list[TieKey]] = [[] for _ in groups]
        for key in (tie.key for tie in self.ties):
            number = group_of.get(key.source)
            if number is not None and number == group_of.get(key.target):
                keys_of_group[number].append(key)
        return [tuple(keys) for keys in keys_of_group]

    def label(self, entity_id: str) -> str:
        """What an entity is called; its id if nobody said."""
        entity = self.entities.get(entity_id)
        return entity.label if entity else entity_id

    def join_labels(self, entity_ids: Iterable[str], most: int = 5) -> str:
        """Name entities in a sentence, the first few of many."""
        ids = list(entity_ids)
        names = [self.label(i) for i in ids[:most]]
        if len(ids) > most:
            names.append(f"{len(ids) - most:,} more")
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def number_of(number: int, noun: str, plural: str | None = None) -> str:
    """Say how many: `1 tie`, `2,000 ties`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
