"""Paths by their weakest hop: the rule that orders them, and listing them in a part of a graph.

Pure. See domain.md, "Strength of a path"; `graph.path_search` decides which part is read.

**The rule.** A path is a chain of entities, none twice; a hop holds all ties between two
neighbours, in either direction. A hop is as strong as the strongest of its ties, by rank and then
independent accounts. A path has the lowest rank of its hops, and the fewest accounts of its hops:
the two may be of different hops. Paths are compared by rank, accounts, fewer hops, and at last by
the ids of their entities in order, so that no two are equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

#: All ties of an entity that has no more than these are read at once.
WHOLE = 200
#: How many ties an entity may have that was not read yet.
_LIKELY = 10


class Strength(NamedTuple):
    """How well a tie, a hop or a path is supported; the higher, the stronger."""

    rank: int
    independent: int


def hop_strength(ties: Iterable[Strength]) -> Strength:
    """The strength of a hop is that of its strongest tie. There is at least one."""
    return max(ties)


def path_strength(hops: Iterable[Strength]) -> Strength:
    """The lowest rank and the fewest independent accounts of its hops, of which there is one."""
    ranks, independent = zip(*hops, strict=True)
    return Strength(min(ranks), min(independent))


def sort_key(strength: Strength, entities: Sequence[str]) -> tuple[int, int, int, tuple[str, ...]]:
    """The key that sorts paths, the best first; no two paths have the same."""
    return (-strength.rank, -strength.independent, len(entities), tuple(entities))


def weakest(hops: Sequence[Strength]) -> int:
    """The index of the weakest hop, by rank and then accounts; the first of equal ones."""
    return min(range(len(hops)), key=lambda index: hops[index])


@dataclass(frozen=True, slots=True)
class PathQuery:
    """The `most` best paths of at most `max_hops` hops between two entities, which differ.

    With `through`, that entity is on each path, inside or at an end.
    """

    start: str
    end: str
    max_hops: int = 4
    most: int = 5
    through: str | None = None


class NeighbourQuery(NamedTuple):
    """The entities whose ties are read next, and the lowest rank of these ties.

    Of an entity with more than `limit` ties only their number is read; of one with more than
    `WHOLE`, ties below `rank` may be left out: most ties of a hub are weak, and the search seldom
    comes down to them.
    """

    ids: tuple[str, ...]
    limit: int
    rank: int


class Neighbours(NamedTuple):
    """The neighbours of an entity: for each tie that passes the filters its other end and strength.

    `ties` is how many there are, which is the work. `rank` is the rank down to which all are here,
    0 if none is left out; `hops` is None if there are more ties than the limit.
    """

    id: str
    ties: int
    rank: int
    hops: Sequence[tuple[str, Strength]] | None


class Chain(NamedTuple):
    """A path without its evidence: its entities from start to end, and its strength."""

    entities: tuple[str, ...]
    strength: Strength


class SearchResult(NamedTuple):
    """The best chains, the best first, and what was searched for them.

    `entities` is the number of entities whose ties were read, and `ties` that of the ties, counted
    at each such end. Unless `complete`, the search met `MOST_TIES`, and there may be better chains
    and more.
    """

    chains: tuple[Chain, ...]
    entities: int
    ties: int
    complete: bool


@dataclass(slots=True)
class HopGraph:
    """The part of the graph that was read: a hop is in it once the ties of one end were read.

    `ranks` has the rank down to which all ties of an entity are here, 0 for all there are; `work`
    counts a tie each time that it was read, and `reads` the queries.
    """

    hops: dict[str, dict[str, Strength]] = field(default_factory=lambda: defaultdict(dict))
    ranks: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    work: int = 0
    reads: int = 0

    @property
    def ties(self) -> int:
        """How many ties were read, counted at each end that was read."""
        return sum(self.sizes.get(i, 0) for i in self.ranks)

    def add(self, query: NeighbourQuery, answers: Iterable[Neighbours]) -> None:
        """Add the neighbours of entities; one without an answer has gone, and has none."""
        self.reads += 1
        for neighbours in answers:
            self._add(neighbours)
        self.ranks.update((i, 0) for i in query.ids if i not in self.sizes)

    def _add(self, neighbours: Neighbours) -> None:
        i = neighbours.id
        size = self.sizes[i] = max(neighbours.ties, self.sizes.get(i, 0))
        if neighbours.hops is None or self.has(i, neighbours.rank):
            return
        self.ranks[i] = neighbours.rank
        self.work += size
        hops = self.hops[i]
        for other, strength in neighbours.hops:
            if other not in hops or hops[other] < strength:
                hops[other] = self.hops[other][i] = strength

    def has(self, entity: str, rank: int) -> bool:
        """Whether all ties of an entity that are of this rank or a higher one are here."""
        return entity in self.ranks and self.ranks[entity] <= rank

    def cost(self, ids: Iterable[str]) -> int:
        """How many ties it takes to read those of these entities."""
        return sum(self.sizes.get(i, _LIKELY) for i in ids)

    def most_independent(self, rank: int, ends: Iterable[str]) -> int:
        """The most independent that a path of this rank may have, after the hops of its ends."""
        tops = (
            max((o for r, o in self.hops[end].values() if r >= rank), default=0)
            for end in ends
            if self.has(end, rank)
        )
        return min(tops, default=0)


class Level:
    """The hops of a part of the graph that are at least so strong, for paths between two ends."""

    def __init__(self, graph: HopGraph, query: PathQuery, strength: Strength) -> None:
        self._graph, self._query, self._strength = graph, query, strength
        self._neighbours: dict[str, list[str]] = {}
        self.reads = graph.reads

    def neighbours(self, entity: str) -> list[str]:
        """The entities one hop further, without the start, and without dead ends."""
        if entity not in self._neighbours:
            hops, (rank, independent) = self._graph.hops, self._strength
            start, end = self._query.start, self._query.end
            self._neighbours[entity] = [
                other
                for other, hop in hops[entity].items()
                if hop[0] >= rank and hop[1] >= independent and other != start
                if other == end or len(hops[other]) > 1
            ]
        return self._neighbours[entity]

    def reach(self, root: str, other: str, hops: int) -> tuple[int, set[str]]:
        """The distance from an end up to which all is here, and the entities there to be read.

        All entities fewer hops away than that were read, so every hop that begins there is here.
        If no entity is left to be read, the distance is `hops`.
        """
        graph, (rank, independent) = self._graph, self._strength
        inner, layer = {other, root}, {root}
        for depth in range(hops):
            if unread := {i for i in layer if not graph.has(i, rank)}:
                return depth, unread
            layer = {
                neighbour
                for entity in layer
                for neighbour, hop in graph.hops[entity].items()
                if hop[0] >= rank and hop[1] >= independent
            } - inner
            inner |= layer
        return hops, set()

    def gap(self, hops: int) -> tuple[int, set[str], set[str]]:
        """How many hops in the middle of a path may be missing, and where: 0 is none.

        Take a path of so many hops. What begins nearer to the start than `reach` says is here, and
        what ends nearer to the end likewise. If that leaves one hop, it runs from an unread entity
        on the one side to one on the other, so it is here once one of the two is read.
        """
        query = self._query
        before, left = self.reach(query.start, query.end, hops)
        after, right = self.reach(query.end, query.start, hops)
        gap = max(0, hops - before - after)
        if not left or not right or (gap == 1 and len(left | right) < 2):
            return 0, set(), set()
        return gap, left, right

    @cached_property
    def _last(self) -> frozenset[str]:
        """The entities from which one hop leads to the end."""
        rank, independent = self._strength
        hops = self._graph.hops[self._query.end].items()
        return frozenset(i for i, hop in hops if hop[0] >= rank and hop[1] >= independent)

    def chains(self, length: int) -> Iterator[tuple[str, ...]]:
        """Yield every chain of so many hops, by the ids of its entities."""
        query = self._query
        through = None if query.through in (query.start, query.end) else query.through
        leads: dict[tuple[str, int, bool], bool] = {}

        def leads_on(entity: str, hops: int, due: bool) -> bool:
            """Whether a walk of `hops` hops leads to the end, by way of `through` if it is due."""
            if entity == query.end or hops == 0:
                return False
            due = due and entity != through
            if hops == 1:
                return not due and entity in self._last
            key = (entity, hops, due)
            if key not in leads:
                neighbours = self.neighbours(entity)
                if hops == 2 and not due:
                    leads[key] = not self._last.isdisjoint(neighbours)
                else:
                    leads[key] = any(leads_on(n, hops - 1, due) for n in neighbours)
            return leads[key]

        def walk(path: tuple[str, ...], hops: int, due: bool) -> Iterator[tuple[str, ...]]:
            if hops == 1:
                yield (*path, query.end)
                return
            further = (
                n for n in self.neighbours(path[-1]) if leads_on(n, hops - 1, due) and n not in path
            )
            for entity in sorted(further):
                yield from walk((*path, entity), hops - 1, due and entity != through)

        if leads_on(query.start, length, through is not None):
            yield from walk((query.start,), length, through is not None)
