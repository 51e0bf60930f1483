"""Which ties pass something on, from who makes it to those it is used against.

The ontology says it, by the lanes of its roles: a type of tie between two roles on the way from
supplier to target passes things from the earlier lane to the later, whichever way the tie itself
points; between two of one lane, the way the tie points. So ACQUIRED (recipient to item) passes from
the item to the recipient. A tie between roles of which one has no such lane is no supply: ASSISTS
names help "with or without naming the means", and more than the source says would be made of it.
So is one of a predicate that names no item: a force that is sent against people uses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from graph.analyses.model import AnyTie
from graph.model import TieKey
from graph.ontology import ONTOLOGY, Ontology

#: The lanes on the way, in their order.
WAY = tuple(lane for lane in ONTOLOGY.lanes if lane != "place")
GIVER, BROKER, THING, USER, TARGET = range(len(WAY))


def passages(ontology: Ontology = ONTOLOGY) -> dict[str, tuple[int, int]]:
    """Return each type of tie that passes something on, with the positions of its ends in `WAY`."""
    return {
        name: (WAY.index(source), WAY.index(target))
        for name, (source, target) in ontology.tie_lanes.items()
        if source in WAY and target in WAY and _names_item(ontology, name)
    }


def _names_item(ontology: Ontology, tie_type: str) -> bool:
    return any(
        role.lane == WAY[THING]
        for predicate in ontology.tie_predicates[tie_type]
        for role in ontology.predicates[predicate].roles.values()
    )


PASSAGES = passages()
#: The types of tie by which something comes to a user, and those that say against whom it is used.
SUPPLY_TYPES = tuple(name for name, places in PASSAGES.items() if TARGET not in places)
AGAINST_TYPES = tuple(name for name, places in PASSAGES.items() if TARGET in places)


@dataclass(frozen=True, slots=True)
class Hop:
    """All ties that pass something from one entity straight to another.

    It is as strong as the strongest of them: by status, then by independent accounts.
    """

    keys: tuple[TieKey, ...]
    strength: tuple[int, int]


Hops = dict[str, dict[str, Hop]]


@dataclass(frozen=True, slots=True)
class Supply:
    """Ties that pass something on, as hops from entity to entity, all in the order of the ids.

    `hops` are of supply, `against` of use against somebody. `givers` make or supply, `users` are
    supplied or use; a thing is neither.
    """

    hops: Hops = field(default_factory=dict)
    against: Hops = field(default_factory=dict)
    givers: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    @classmethod
    def of(cls, ties: Iterable[AnyTie]) -> Supply:
        """Take the ties that pass something on; the others are left out."""
        passages = sorted((t for t in ties if t.key.type in PASSAGES), key=lambda tie: tie.key)
        roles: dict[int, set[str]] = {lane: set() for lane in range(len(WAY))}
        for tie in passages:
            source, target = PASSAGES[tie.key.type]
            roles[source].add(tie.key.source)
            roles[target].add(tie.key.target)
        return cls(
            hops=_hops(tie for tie in passages if tie.key.type in SUPPLY_TYPES),
            against=_hops(tie for tie in passages if tie.key.type in AGAINST_TYPES),
            givers=frozenset(roles[GIVER] | roles[BROKER]),
            users=frozenset(roles[USER]),
        )

    def route(self, entity_ids: tuple[str, ...]) -> Iterator[TieKey]:
        """Yield the ties of supply along a row of entities, hop by hop."""
        for source, target in pairwise(entity_ids):
            yield from self.hops[source][target].keys


def _hops(ties: Iterable[AnyTie]) -> Hops:
    gathered: dict[tuple[str, str], list[AnyTie]] = {}
    for tie in ties:
        source, target = PASSAGES[tie.key.type]
        ends = (tie.key.source, tie.key.target)
        gathered.setdefault(ends if source <= target else ends[::-1], []).append(tie)
    hops: Hops = {}
    for (source_id, target_id), members in sorted(gathered.items()):
        strength = max((tie.rank, tie.independent) for tie in members)
        hop = Hop(tuple(tie.key for tie in members), strength)
        hops.setdefault(source_id, {})[target_id] = hop
    return hops


def shortest(hops: Mapping[str, Mapping[str, Hop]], start: str) -> dict[str, str]:
    """Return the entity before each that is reached from `start`, on a shortest way.

    `start` itself stands before itself. Of ways of one length, the first in the order of the ids.
    """
    before = {start: start}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in hops.get(here, ()):
            if there not in before:
                before[there] = here
                waiting.append(there)
    return before
