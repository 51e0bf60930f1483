"""The search for the best paths between two entities, in a graph that is read part by part.

Pure: a function answers which neighbours entities have, so that the same search runs on a store and
on a graph in memory.

**Why nothing is missed.** Strengths are gone through from the strongest down, and for each the
lengths from one hop up. Before the paths of one strength and length are listed, the search reads
the ties of enough entities that every hop of every path so strong and so short is here
(`Level.gap`). Of an entity with many ties those of one rank and above it are read, and once more
when the search comes down to the next. A path is listed only then, so whatever is listed later is
weaker, longer, or behind by its ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from itertools import islice, pairwise

from graph.paths import (
    Chain,
    HopGraph,
    Level,
    NeighbourQuery,
    Neighbours,
    PathQuery,
    SearchResult,
    Strength,
    path_strength,
)

#: A hub with more ties than these is read only where there is no cheaper way.
HUB = 2_000
#: So many ties (a tie counts at each end that is read) and no more are read.
MOST_TIES = 250_000
#: So many entities are asked about in one go.
_AT_ONCE = 2_000
#: Levels are searched at once from one of these numbers of independent to the next.
_STEPS = (8, 4, 3, 2, 1)
#: Reading so many ties takes about as long as one more query.
_ROUND_TRIP = 400
#: So few neighbours of the ends are read before it is clear which of them matter.
_NEIGHBOURS = 40

Read = Callable[[NeighbourQuery], Sequence[Neighbours]]


def search(
    query: PathQuery, ranks: Sequence[int], read: Read, most_ties: int = MOST_TIES
) -> SearchResult:
    """Return the best paths; `ranks` are those that ties have, the highest first."""
    return _Search(query, read, most_ties).run(ranks)


class _Search:
    """One search, and the part of the graph that it has read."""

    def __init__(self, query: PathQuery, read: Read, most_ties: int) -> None:
        self.query, self.read, self.most_ties, self.graph = query, read, most_ties, HopGraph()

    def run(self, ranks: Sequence[int]) -> SearchResult:
        query, graph = self.query, self.graph
        chains: list[Chain] = []
        complete = True
        self._begin(ranks[0])
        for rank in ranks:
            # The ends tell how many independent a path of this rank may have at most.
            complete = complete and self._complete(Strength(rank, 1), 1)
            for independent in range(graph.most_independent(rank, (query.start, query.end)), 0, -1):
                strength = Strength(rank, independent)
                level = Level(graph, query, strength)
                ahead = Strength(rank, _ahead(independent))
                for length in range(1, query.max_hops + 1):
                    complete = complete and self._complete(ahead, length)
                    if level.reads != graph.reads:
                        level = Level(graph, query, strength)
                    chains += islice(
                        self._listing(level, strength, length), query.most - len(chains)
                    )
                    if len(chains) == query.most:
                        return self._result(chains, complete)
        return self._result(chains, complete)

    def _result(self, chains: Sequence[Chain], complete: bool) -> SearchResult:
        return SearchResult(tuple(chains), len(self.graph.ranks), self.graph.ties, complete)

    def _add(self, ids: Sequence[str], limit: int, rank: int) -> None:
        query = NeighbourQuery(tuple(ids), limit, rank)
        self.graph.add(query, self.read(query))

    def _begin(self, rank: int) -> None:
        """Read those ends that are no hubs, and then their few neighbours."""
        query, graph = self.query, self.graph
        self._add((query.start, query.end), HUB, rank)
        ids = (graph.hops[query.start].keys() | graph.hops[query.end].keys()) - graph.sizes.keys()
        few = 0 < len(ids) <= _NEIGHBOURS and graph.work <= _ROUND_TRIP < self.most_ties
        if query.max_hops > 2 and few:
            self._add(sorted(ids), _ROUND_TRIP, rank)

    def _complete(self, strength: Strength, length: int) -> bool:
        """Read until every path so strong and so short is here; False if that is too much."""
        graph = self.graph
        while True:
            gap, left, right = Level(graph, self.query, strength).gap(length)
            if gap == 0:
                return True
            ids = sorted(self._next(gap, left, right))
            if graph.work + graph.cost(ids) > self.most_ties:
                return False
            ids = ids[:_AT_ONCE]
            self._add(ids, max(HUB, *(graph.sizes.get(i, 0) for i in ids)), strength.rank)

    def _next(self, gap: int, left: Set[str], right: Set[str]) -> Set[str]:
        """The entities to read next: the side that costs less."""
        cost = self.graph.cost
        cheap, dear = sorted((left, right), key=cost)
        if gap == 1:
            # All but the greatest hub: one end of a hop is enough for it to be here.
            both = sorted(left | right, key=lambda i: (cost([i]), i))[:-1]
            return min((cheap, set(both)), key=cost)
        return left | right if cost(dear) <= _ROUND_TRIP else cheap

    def _listing(self, level: Level, strength: Strength, length: int) -> Iterator[Chain]:
        """Yield the paths of exactly this strength and length, in their order."""
        for entities in level.chains(length):
            hops = (self.graph.hops[a][b] for a, b in pairwise(entities))
            # Whatever is stronger was listed before, and is less than what is asked for.
            if path_strength(hops) == strength:
                yield Chain(entities, strength)


def _ahead(independent: int) -> int:
    """Down to how many independent is searched at once: there are few ties with many."""
    return next(step for step in _STEPS if step <= independent)
