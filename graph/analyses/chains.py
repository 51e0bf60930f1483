"""Supply chains: from who makes or supplies, over others, to those it is used against."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from graph.analyses.model import Figure, Findings, Options
from graph.analyses.network import Network, Progress, number_of
from graph.analyses.supply import Hop, Hops, Supply
from graph.ontology import ONTOLOGY

#: The most beginnings of chains that a search looks at: a few seconds, and 200 MB.
STEPS = 300_000
_STATUSES = {rank: status for status, rank in ONTOLOGY.ranks.items()}


class _Way(NamedTuple):
    """A chain or the beginning of one, in the order in which chains are told: strongest first.

    The weakest status, the fewest independent accounts, fewest hops, then the ids. No way grows
    stronger or shorter by going on, so taking the first of all ways finds chains in their order.
    """

    weakness: tuple[int, int]
    hops: int
    entities: tuple[str, ...]
    done: bool

    def on(self, entity_id: str, hop: Hop, *, done: bool = False) -> _Way:
        rank, independent = hop.strength
        weakness = (max(self.weakness[0], -rank), max(self.weakness[1], -independent))
        return _Way(weakness, self.hops + 1, (*self.entities, entity_id), done)


@dataclass(slots=True)
class Search:
    """The chains of a supply from some starts, strongest first; a chain passes nobody twice.

    After a walk, `stopped` says whether it ended at `STEPS`, with more chains to find.
    """

    supply: Supply
    starts: Iterable[str]
    max_hops: int
    stopped: bool = False
    _hops_to_end: dict[str, int] = field(default_factory=dict)

    def walk(self) -> Iterator[tuple[str, ...]]:
        """Yield the entities of each chain; the last is the one that something is used against."""
        self._hops_to_end = _hops_to_end(self.supply)
        ways = [
            _Way((-len(_STATUSES), -(2**31)), 0, (i,), False)
            for i in self.starts
            if self._hops_to_end.get(i, self.max_hops + 1) <= self.max_hops
        ]
        heapq.heapify(ways)
        steps = len(ways)
        while ways and not self.stopped:
            way = heapq.heappop(ways)
            if way.done:
                yield way.entities
                continue
            for longer in self._longer(way):
                heapq.heappush(ways, longer)
                steps += 1
            self.stopped = steps > STEPS

    def _longer(self, way: _Way) -> Iterator[_Way]:
        here = way.entities[-1]
        if way.hops:
            for target, hop in self.supply.against.get(here, {}).items():
                if target not in way.entities:
                    yield way.on(target, hop, done=True)
        for there, hop in self.supply.hops.get(here, {}).items():
            rest = self._hops_to_end.get(there)
            short = rest is not None and way.hops + 1 + rest <= self.max_hops
            if short and there not in way.entities:
                yield way.on(there, hop)


def _hops_to_end(supply: Supply) -> dict[str, int]:
    """Return how many hops at least lead from each entity to one that something is used against."""
    back: dict[str, list[str]] = {}
    for source, targets in supply.hops.items():
        for target in targets:
            back.setdefault(target, []).append(source)
    hops = dict.fromkeys(supply.against, 1)
    waiting = list(hops)
    for here in waiting:
        for source in back.get(here, ()):
            if source not in hops:
                hops[source] = hops[here] + 1
                waiting.append(source)
    return hops


def supply_chains(network: Network, progress: Progress, options: Options) -> Findings:
    """Return the strongest chains, and what to say of those left out.

    A chain has a hop of supply or more and, last, one of use against somebody. `value` counts its
    hops, the ties are in their order, and one hop can have several.
    """
    supply = Supply.of(network.ties)
    starts = supply.givers if options.start is None else {options.start}
    search = Search(supply, starts, options.max_hops)
    figures: list[Figure] = []
    more = 0
    for entities in search.walk():
        progress(len(figures) + more, 0)
        if len(figures) < options.most:
            figures.append(_figure(network, supply, entities))
        else:
            more += 1
    return Findings(figures, tuple(_notices(search, more, options.most)))


def _notices(search: Search, more: int, most: int) -> Iterator[str]:
    if more:
        bound = "At least " if search.stopped else ""
        yield (
            f"{bound}{number_of(more, 'weaker chain is', 'weaker chains are')} left out: most "
            f"(now {most:,}) sets how many are told, and from where they begin."
        )
    elif search.stopped:
        yield (
            f"The search ended after {STEPS:,} steps, and weaker chains may be left out: from "
            "(where they begin) or a smaller max_hops narrows it."
        )


def _figure(network: Network, supply: Supply, entities: tuple[str, ...]) -> Figure:
    hops = _along(supply.hops, entities[:-1])
    hops.append(supply.against[entities[-2]][entities[-1]])
    # The first of several weakest hops: all of them are as weak.
    weakest = min(hops, key=lambda hop: hop.strength)
    rank, independent = weakest.strength
    return Figure(
        entities=entities,
        value=len(hops),
        unit="hops",
        ties=tuple(key for hop in hops for key in hop.keys),
        words=f"{' > '.join(network.label(i) for i in entities)}. Weakest hop: "
        f"{_STATUSES[rank]}, {number_of(independent, 'independent account')}.",
        weakest=weakest.keys,
    )


def _along(hops: Hops, entities: tuple[str, ...]) -> list[Hop]:
    return [hops[a][b] for a, b in pairwise(entities)]
