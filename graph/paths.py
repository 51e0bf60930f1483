"""Paths by their weakest hop: the rule that orders them, and listing them in a known graph.

Pure. See domain.md, "Strength of a path"; `graph.path_search` makes known what has to be.

**The rule.** A path is a chain of entities, none twice; a hop holds all ties between two
neighbours, in either direction. A hop is as strong as the strongest of its ties, by rank and then
origins. A path has the lowest rank of its hops, and the lowest number of origins of its hops: the
two may be of different hops. Paths are compared by rank, origins, fewer hops, and at last by the
ids of their entities in order, so that no two are equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

#: An entity with no more ties than these tells of all of them at once.
WHOLE = 200
#: How many ties an entity may have of which nothing is known yet.
_LIKELY = 10


class Strength(NamedTuple):
    """How well a tie, a hop or a path is supported; the higher, the stronger."""

    rank: int
    origins: int


def hop_strength(ties: Iterable[Strength]) -> Strength:
    """The strength of a hop is that of its strongest tie. There is at least one."""
    return max(ties)


def path_strength(hops: Iterable[Strength]) -> Strength:
    """The lowest rank and the lowest number of origins of its hops, of which there is one."""
    ranks, origins = zip(*hops, strict=True)
    return Strength(min(ranks), min(origins))


def place(strength: Strength, entities: Sequence[str]) -> tuple[int, int, int, tuple[str, ...]]:
    """Where a path stands among others, the best first; no two paths share a place."""
    return (-strength.rank, -strength.origins, len(entities), tuple(entities))


def weakest(hops: Sequence[Strength]) -> int:
    """The index of the weakest hop, by rank and then origins; the first of equal ones."""
    return min(range(len(hops)), key=lambda index: hops[index])


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the `most` best paths of at most `max_hops` hops between two entities.

    The two differ. With `through`, that entity is on each path, inside or at an end.
    """

    start: str
    end: str
    max_hops: int = 4
    most: int = 5
    through: str | None = None


class Look(NamedTuple):
    """Which entities to look around, and how far down.

    Those with more than `limit` ties only say how many. Those with more than `WHOLE` need not tell
    of ties below `rank`: most ties of a hub are weak, and the search seldom comes down to them.
    """

    ids: tuple[str, ...]
    limit: int
    rank: int


class Around(NamedTuple):
    """What is around an entity: for each tie that passes the filters its other end and strength.

    `ties` is how many there are, which is the work. `rank` says down to which rank all are here, 0
    if none is left out; `near` is None if there are more than the limit.
    """

    id: str
    ties: int
    rank: int
    near: Sequence[tuple[str, Strength]] | None


class Path(NamedTuple):
    """A path that was found: its entities from start to end, and its strength."""

    entities: tuple[str, ...]
    strength: Strength


class Found(NamedTuple):
    """The best paths, the best first, and what was searched for them.

    `looked_at` is the number of entities whose ties were looked at, and `ties` that of the ties,
    counted at each such end. Unless `complete`, the search met `MOST_TIES`, and there may be
    better paths and more.
    """

    paths: tuple[Path, ...]
    looked_at: int
    ties: int
    complete: bool


@dataclass(slots=True)
class Known:
    """What was seen of the graph: a hop is known once one of its ends was looked around.

    `seen` has the rank down to which all ties of an entity are known, 0 for all there are; `work`
    counts a tie each time that it was looked at, and `looks` the looks.
    """

    hops: dict[str, dict[str, Strength]] = field(default_factory=lambda: defaultdict(dict))
    seen: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    work: int = 0
    looks: int = 0

    @property
    def ties(self) -> int:
        """How many ties were looked at, counted at each end that was looked around."""
        return sum(self.sizes.get(i, 0) for i in self.seen)

    def take(self, look: Look, answers: Iterable[Around]) -> None:
        """Take in what is around entities; one without an answer has gone, and has nothing."""
        self.looks += 1
        for around in answers:
            self._add(around)
        self.seen.update((i, 0) for i in look.ids if i not in self.sizes)

    def _add(self, around: Around) -> None:
        size = self.sizes[around.id] = max(around.ties, self.sizes.get(around.id, 0))
        if around.near is None or self.sees(around.id, around.rank):
            return
        self.seen[around.id] = around.rank
        self.work += size
        mine = self.hops[around.id]
        for other, strength in around.near:
            if other not in mine or mine[other] < strength:
                mine[other] = self.hops[other][around.id] = strength

    def sees(self, entity: str, rank: int) -> bool:
        """Whether all ties of an entity that are of this rank or a higher one are known."""
        return entity in self.seen and self.seen[entity] <= rank

    def cost(self, ids: Iterable[str]) -> int:
        """How many ties it takes to look around these."""
        return sum(self.sizes.get(i, _LIKELY) for i in ids)

    def most_origins(self, rank: int, ends: Iterable[str]) -> int:
        """The most origins that a path of this rank may have, after the hops of its ends."""
        tops = (
            max((o for r, o in self.hops[end].values() if r >= rank), default=0)
            for end in ends
            if self.sees(end, rank)
        )
        return min(tops, default=0)


class View:
    """The known hops that are at least so strong, as paths between two ends may use them."""

    def __init__(self, known: Known, wish: Wish, level: Strength) -> None:
        self._known, self._wish, self._level = known, wish, level
        self._near: dict[str, list[str]] = {}
        self.of = known.looks

    def near(self, entity: str) -> list[str]:
        """The entities one hop further, without the start, and without dead ends."""
        if entity not in self._near:
            hops, (rank, origins) = self._known.hops, self._level
            start, end = self._wish.start, self._wish.end
            self._near[entity] = [
                other
                for other, hop in hops[entity].items()
                if hop[0] >= rank and hop[1] >= origins and other != start
                if other == end or len(hops[other]) > 1
            ]
        return self._near[entity]

    def reach(self, root: str, other: str, hops: int) -> tuple[int, set[str]]:
        """How far from an end all is known, and who there was not looked around yet.

        All entities fewer hops away than that number were, so every hop that begins there is
        known. If nobody is left to look around, the number is `hops`.
        """
        known, (rank, origins) = self._known, self._level
        passed, layer = {other, root}, {root}
        for depth in range(hops):
            if blank := {i for i in layer if not known.sees(i, rank)}:
                return depth, blank
            layer = {
                near
                for entity in layer
                for near, hop in known.hops[entity].items()
                if hop[0] >= rank and hop[1] >= origins
            } - passed
            passed |= layer
        return hops, set()

    def gap(self, hops: int) -> tuple[int, set[str], set[str]]:
        """How many hops in the middle of a path may be unknown, and where: 0 is none.

        Take a path of so many hops. What begins nearer to the start than `reach` says is known,
        and what ends nearer to the end likewise. If that leaves one hop, it runs from a blank
        entity on the one side to one on the other, so it is known once one of the two is seen.
        """
        wish = self._wish
        before, left = self.reach(wish.start, wish.end, hops)
        after, right = self.reach(wish.end, wish.start, hops)
        gap = max(0, hops - before - after)
        if not left or not right or (gap == 1 and len(left | right) < 2):
            return 0, set(), set()
        return gap, left, right

    @cached_property
    def _last(self) -> frozenset[str]:
        """The entities from which one hop leads to the end."""
        rank, origins = self._level
        known = self._known.hops[self._wish.end].items()
        return frozenset(i for i, hop in known if hop[0] >= rank and hop[1] >= origins)

    def paths(self, length: int) -> Iterator[tuple[str, ...]]:
        """Yield every path of so many hops, by the ids of its entities."""
        wish = self._wish
        through = None if wish.through in (wish.start, wish.end) else wish.through
        leads: dict[tuple[str, int, bool], bool] = {}

        def leads_on(entity: str, left: int, wanted: bool) -> bool:
            """Whether some walk of `left` hops leads to the end, by way of what is wanted."""
            if entity == wish.end or left == 0:
                return False
            wanted = wanted and entity != through
            if left == 1:
                return not wanted and entity in self._last
            key = (entity, left, wanted)
            if key not in leads:
                near = self.near(entity)
                if left == 2 and not wanted:
                    leads[key] = not self._last.isdisjoint(near)
                else:
                    leads[key] = any(leads_on(n, left - 1, wanted) for n in near)
            return leads[key]

        def walk(path: tuple[str, ...], left: int, wanted: bool) -> Iterator[tuple[str, ...]]:
            if left == 1:
                yield (*path, wish.end)
                return
            further = (
                n for n in self.near(path[-1]) if leads_on(n, left - 1, wanted) and n not in path
            )
            for entity in sorted(further):
                yield from walk((*path, entity), left - 1, wanted and entity != through)

        if leads_on(wish.start, length, through is not None):
            yield from walk((wish.start,), length, through is not None)
