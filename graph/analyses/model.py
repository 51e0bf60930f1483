"""What an analysis is asked over, and the one shape of its answer, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graph.dates import Match
from graph.model import Tie, TieKey
from graph.ontology import ONTOLOGY


class EntityLabel(NamedTuple):
    """An entity's label and type, as an answer shows them."""

    label: str
    type: str


class LightTie(NamedTuple):
    """What an analysis needs of a tie: a store reads these four times as fast as whole ones."""

    key: TieKey
    status: str
    independent: int
    match: Match
    claim_ids: tuple[str, ...]

    @property
    def rank(self) -> int:
        """The rank of its status: 4 is documented, 1 is planned."""
        return ONTOLOGY.ranks[self.status]


AnyTie = Tie | LightTie


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of an answer: what was found of some entities, with the ties behind it.

    `entities` are sorted, except in a chain, where they stand in its order. `value` counts in
    `unit`. `ties` are in the order of their keys, in a chain in that of its hops. `words` say the
    same as a sentence. Only some kinds fill the rest: `pairs` are the supplier and the user that
    a broker stands between, `weakest` the ties of the hop that a chain is no stronger than.
    """

    entities: tuple[str, ...]
    value: float
    unit: str
    ties: tuple[TieKey, ...]
    words: str
    pairs: tuple[tuple[str, str], ...] = ()
    weakest: tuple[TieKey, ...] = ()


class Findings(NamedTuple):
    """The figures of one kind, in their order, and what is to be said of those left out."""

    figures: list[Figure]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What some kinds can be asked beside the ties: `Kind.options` says which.

    `start` is where chains begin (None: at everybody who makes or supplies), `max_hops` how long
    they are, `most` how many are told.
    """

    start: str | None = None
    max_hops: int = 6
    most: int = 1_000


USUAL = Options()


@dataclass(frozen=True, slots=True)
class Analysis:
    """An answer: its figures in a total order, what they show, and what they do not.

    `entities` names all that the figures speak of, by id, and `ties` holds those behind them.
    `over` counts the ties that were looked at, `among` the entities that they join. `notices` say
    what was left out and how to get it.
    """

    kind: str
    title: str
    shows: str
    does_not_show: str
    figures: tuple[Figure, ...]
    entities: Mapping[str, EntityLabel]
    ties: Mapping[TieKey, AnyTie]
    over: int
    among: int
    notices: tuple[str, ...] = ()
