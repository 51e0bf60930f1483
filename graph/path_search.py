"""The search for the best paths between two entities, in a graph that it gets to see bit by bit.

Pure. The search is a generator: it says which entities it must see the neighbours of (`Look`), is
sent what is around them (`Around`), and returns what it found (`Found`). So the same search runs
on a store, through either door, and on a graph in memory.

**Why nothing is missed.** Strengths are gone through from the strongest down, and for each the
lengths from one hop up. Before the paths of one strength and length are listed, the search looks
around enough entities that every hop of every path so strong and so short is known (`View.gap`).
An entity with many ties tells of those of one rank and above it, and is looked around once more
when the search comes down to the next. A path is listed only there, so whatever is listed later is
weaker, longer, or behind by its ids.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence, Set
from itertools import islice, pairwise

from graph.paths import Around, Found, Known, Look, Path, Strength, View, Wish, path_strength

#: A hub whose ties are more than these is looked around only where there is no cheaper way.
HUB = 2_000
#: So many ties (a tie counts at each end that is looked around) and no more are looked at.
MOST_TIES = 250_000
#: So many entities are asked about in one go.
_AT_ONCE = 2_000
#: Levels are looked for at once from one of these numbers of origins to the next.
_STEPS = (8, 4, 3, 2, 1)
#: Looking at so many ties takes about as long as asking once more.
_ROUND_TRIP = 400
#: So few neighbours of the ends are looked around before it is known which of them matter.
_NEIGHBOURS = 40

Search = Generator[Look, Sequence[Around], Found]


def search(wish: Wish, ranks: Sequence[int], most_ties: int = MOST_TIES) -> Search:
    """Find the best paths; `ranks` are those that ties have, the highest first."""
    known = Known()
    found: list[Path] = []
    complete = True
    yield from _begin(known, wish, ranks[0], most_ties)
    for rank in ranks:
        # The ends tell how many origins a path of this rank may have at most.
        complete = complete and (yield from _reveal(known, wish, Strength(rank, 1), 1, most_ties))
        for origins in range(known.most_origins(rank, (wish.start, wish.end)), 0, -1):
            level = Strength(rank, origins)
            view = View(known, wish, level)
            ahead = Strength(rank, _ahead(origins))
            for length in range(1, wish.max_hops + 1):
                complete = complete and (yield from _reveal(known, wish, ahead, length, most_ties))
                if view.of != known.looks:
                    view = View(known, wish, level)
                found += islice(_listed(known, view, level, length), wish.most - len(found))
                if len(found) == wish.most:
                    return Found(tuple(found), len(known.seen), known.ties, complete)
    return Found(tuple(found), len(known.seen), known.ties, complete)


def _begin(
    known: Known, wish: Wish, rank: int, most_ties: int
) -> Generator[Look, Sequence[Around], None]:
    """Look around those ends that are no hubs, and then around their few neighbours."""
    look = Look((wish.start, wish.end), HUB, rank)
    known.take(look, (yield look))
    near = (known.hops[wish.start].keys() | known.hops[wish.end].keys()) - known.sizes.keys()
    if wish.max_hops > 2 and 0 < len(near) <= _NEIGHBOURS and known.work <= _ROUND_TRIP < most_ties:
        look = Look(tuple(sorted(near)), _ROUND_TRIP, rank)
        known.take(look, (yield look))


def _ahead(origins: int) -> int:
    """Down to how many origins is looked for at once: there are few ties with many."""
    return next(step for step in _STEPS if step <= origins)


def _listed(known: Known, view: View, level: Strength, length: int) -> Iterator[Path]:
    """The known paths of exactly this strength and length, in their order."""
    for entities in view.paths(length):
        hops = (known.hops[a][b] for a, b in pairwise(entities))
        # Whatever is stronger was listed before, and is less than what is asked for.
        if path_strength(hops) == level:
            yield Path(entities, level)


def _reveal(
    known: Known, wish: Wish, level: Strength, length: int, most_ties: int
) -> Generator[Look, Sequence[Around], bool]:
    """Look around until every path so strong and so short is known; False if that is too much."""
    while True:
        gap, left, right = View(known, wish, level).gap(length)
        if gap == 0:
            return True
        ids = sorted(_next(known, gap, left, right))
        if known.work + known.cost(ids) > most_ties:
            return False
        ids = ids[:_AT_ONCE]
        look = Look(tuple(ids), max(HUB, *(known.sizes.get(i, 0) for i in ids)), level.rank)
        known.take(look, (yield look))


def _next(known: Known, gap: int, left: Set[str], right: Set[str]) -> Set[str]:
    """Whom to look around next: the side that costs less."""
    cheap, dear = sorted((left, right), key=known.cost)
    if gap == 1:
        # All but the greatest hub: one end of a hop is enough to know it.
        both = sorted(left | right, key=lambda i: (known.cost([i]), i))[:-1]
        return min((cheap, set(both)), key=known.cost)
    return left | right if known.cost(dear) <= _ROUND_TRIP else cheap
