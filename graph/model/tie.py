"""Ties: the edges that claims project, and the piece of the graph that they make up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from graph import dates
from graph.dates import Match, Window
from graph.model.claim import Claim
from graph.model.entity import Entity
from graph.model.judgement import Duplicate
from graph.model.source import Source
from graph.model.withdrawal import Withdrawal
from graph.ontology import ONTOLOGY

#: The status of a support that speaks against its tie.
DENIED = "denied"
#: The status of one that speaks against a plan alone: see `Tie.disputed`.
DENIED_PLAN = "denied_plan"
#: Beside the roles of its ends: the fields of a claim that a support names if they are readings.
WHEN, SAID_BY = "when", "said_by"


def equal_statuses(status: str) -> tuple[str, ...]:
    """Return the statuses of the claims that say as much as a tie of this status does.

    A report asserts the same as a primary document; an allegation and a plan say less.
    """
    return ("documented", "reported") if status == "documented" else (status,)


def date_inferred(whens: Iterable[str], readings: Iterable[str]) -> bool:
    """Return whether every claim of a basis that has a date leaves it to a reading.

    `whens` and `readings` have `Support.when` and `Support.inferred` of each.
    """
    dated = [reading for when, reading in zip(whens, readings, strict=True) if when]
    return bool(dated) and all(WHEN in reading.split() for reading in dated)


def speaker_inferred(readings: Iterable[str]) -> bool:
    """Return whether every claim of a basis leaves to a reading who says so: `date_inferred`."""
    return all(SAID_BY in reading.split() for reading in readings)


class TieKey(NamedTuple):
    """What a tie is known by: it runs from `source` to `target`, both ids of entities."""

    source: str
    type: str
    target: str

    def __str__(self) -> str:
        return "/".join(self)

    @property
    def symmetric(self) -> bool:
        """Whether it has no direction; its ends then stand in the order of their ids."""
        tie_type = ONTOLOGY.tie_types.get(self.type)
        return tie_type is not None and tie_type.symmetric


class Support(NamedTuple):
    """What one claim lends to one tie: a status or a denial, an account, and when it holds.

    `rests_on` has the ids that the account hangs on (`projection.rests_on`), in their order with
    spaces between them; `links` is the length of its chain. `inferred` names the roles of the tie's
    ends that are a reading of the editors, then `when` and `said_by` if the date or the speaker is
    one; `intermediary` says whether the tie's source only stands between a supplier and its target.
    `past` says whether it was over when the claim was recorded: a state after its last day, or a
    plan for a day that had come.
    `when` is the claim's EDTF text, empty where it has none. The six days are those of
    `graph.dates`: the possible and the certain window, and the days from which it was possibly and
    surely known. `first` and `last` are the fact's own days.
    """

    claim_id: str
    status: str
    origin: str
    rests_on: str
    links: int
    inferred: str
    intermediary: bool
    past: bool
    when: str
    held_from: date
    held_to: date
    surely_from: date
    surely_to: date
    known_from: date
    surely_known_from: date
    first: date | None
    last: date | None

    @property
    def denies(self) -> bool:
        """Whether it speaks against its tie, or against a plan of it."""
        return self.status in (DENIED, DENIED_PLAN)

    def match(self, as_of: date | None, known_by: date | None) -> Match:
        """Whether it held on `as_of` and was known by `known_by`; None asks nothing."""
        window = Window(self.held_from, self.held_to, self.surely_from, self.surely_to)
        return dates.weaker(
            dates.holds_on(window, as_of),
            dates.known_by(self.known_from, self.surely_known_from, known_by),
        )


@dataclass(frozen=True, slots=True)
class Tie:
    """An edge between two entities, computed from the claims that bear on it.

    `independent` counts the independent accounts among the claims of its `basis`. `inferred` names
    the roles of its ends that every one of them leaves to a reading of the editors, and
    `intermediary` says whether its source only stands between others in all of them; `first` and
    `last` are the days of them too. It is `past`, and told as such, if all of them are, and no day
    is asked for on which they were so. `supports` has the affirming claims first, the strongest in
    front, then the denying ones. `basis` are those that affirm as much as its status says; at a
    moment at which one of that status counts for certain, those alone that do.
    """

    key: TieKey
    status: str
    independent: int
    inferred: tuple[str, ...]
    intermediary: bool
    past: bool
    origin_ids: tuple[str, ...]
    first: date | None
    last: date | None
    match: Match
    supports: tuple[Support, ...]
    basis: tuple[Support, ...]

    @property
    def rank(self) -> int:
        """The rank of its status: 4 is documented, 1 is planned."""
        return ONTOLOGY.ranks[self.status]

    @property
    def claim_ids(self) -> tuple[str, ...]:
        """The claims that affirm it, the strongest first."""
        return tuple(s.claim_id for s in self.supports if not s.denies)

    @property
    def date_inferred(self) -> bool:
        """Whether every claim of its basis that has a date leaves it to a reading."""
        return date_inferred((s.when for s in self.basis), (s.inferred for s in self.basis))

    @property
    def basis_ids(self) -> tuple[str, ...]:
        """The claims of its basis, the strongest first."""
        return tuple(s.claim_id for s in self.basis)

    @property
    def speaker_inferred(self) -> bool:
        """Whether every claim of its basis leaves to a reading who says so."""
        return speaker_inferred(s.inferred for s in self.basis)

    @property
    def disputes(self) -> tuple[Support, ...]:
        """Those that dispute it. One that denies a plan disputes what is only planned, rank 1."""
        return tuple(
            s
            for s in self.supports
            if s.status == DENIED or (s.status == DENIED_PLAN and self.rank == 1)
        )

    @property
    def disputed(self) -> bool:
        """Whether a claim disputes it."""
        return bool(self.disputes)

    @property
    def denial_ids(self) -> tuple[str, ...]:
        """The claims that deny it, or a plan of it."""
        return tuple(s.claim_id for s in self.supports if s.denies)


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A piece of the graph that can be shown: whole ties between entities that are all there.

    `claims` and `sources` hold the evidence of the ties, by id; `names` the labels of entities that
    claims mention and that are not shown; `degrees` counts all recorded ties of an entity, shown or
    not; `merged_names` has the names of the entities that are merged into one; `duplicates` are
    those that are merged into the `focus`, and `withdrawn` claims about it that no longer count;
    `left_out` counts the entities that a limit kept away.
    """

    entities: Mapping[str, Entity]
    ties: tuple[Tie, ...]
    claims: Mapping[str, Claim] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    degrees: Mapping[str, int] = field(default_factory=dict)
    merged_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    focus: str | None = None
    duplicates: tuple[Duplicate, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    left_out: int = 0
