"""Paths between two entities, with the evidence of every hop. See domain.md, "Strength of a path".

What the strength of a hop and of a path is, and how paths are compared, is decided in graph.paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model.claim import Claim
from graph.model.entity import Entity
from graph.model.source import Source
from graph.model.tie import Tie

#: What is to be said wherever a path is shown.
CAUTION = (
    "A path is no proof of a relationship between its two ends: "
    "each hop says only what its claims say, and the path is as strong as its weakest hop."
)


@dataclass(frozen=True, slots=True)
class Hop:
    """From one entity to the next: all ties between the two, in either direction.

    The strongest tie comes first; `rank` and `independent` are those of it.
    """

    source: str
    target: str
    ties: tuple[Tie, ...]

    @property
    def rank(self) -> int:
        """The rank of its strongest tie."""
        return self.ties[0].rank

    @property
    def independent(self) -> int:
        """How many independent accounts its strongest tie has."""
        return self.ties[0].independent


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of entities, none twice. `weakest` is the index of its weakest hop.

    `rank` is the lowest of its hops, and `independent` too, which may be another hop's.
    """

    hops: tuple[Hop, ...]
    rank: int
    independent: int
    weakest: int

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of its entities, from start to end."""
        return (self.hops[0].source, *(hop.target for hop in self.hops))


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked at for an answer: how many entities, and how many ties around them.

    A tie counts at each end that was looked at. Unless `complete`, a bound was met, and there may
    be better paths and more.
    """

    entities: int = 0
    ties: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """The best paths between two entities, the best first, and the records that they name.

    `start`, `end` and `through` are the canonical ids of those asked for. `unknown` are the ids
    that no entity has, and `same` says that both ends are one entity: then nothing was searched.
    `jointly` are the ids of claims, in `claims` too, that name both ends among several and say
    nothing of just these two. `names` are the labels of entities that claims mention and that are
    on no path, and those of the two ends where there is none.
    """

    start: str
    end: str
    through: str | None = None
    paths: tuple[Path, ...] = ()
    searched: Searched = Searched()
    unknown: tuple[str, ...] = ()
    same: bool = False
    jointly: tuple[str, ...] = ()
    entities: Mapping[str, Entity] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
