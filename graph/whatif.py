"""What if some claims were gone: which ties would fall, weaken or stand.

Pure, and no rule of its own: each tie is projected with and without those claims, and the two are
compared. So it is what really removing them would give. See domain.md, "Withdrawal".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graph.model import Support, Tie, TieKey
from graph.projection import tie

Supports = Mapping[TieKey, Collection[Support]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A tie as it is, and as it would be."""

    before: Tie
    after: Tie


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would become of the ties that the claims bear on; each list has the strongest first.

    `fall` would be gone. `weaken` would have a lower status or fewer independent accounts. `change`
    would be as strong or stronger, and differ otherwise: in whether they are disputed, inferred by
    the editors, by way of others, or surely held at the moment of the query; or they rise, by a
    claim that comes back to life.
    `appear` are not there now and would come back so. `stand` counts those that would be as they
    are, on less.
    """

    fall: tuple[Tie, ...]
    weaken: tuple[Pair, ...]
    change: tuple[Pair, ...]
    appear: tuple[Tie, ...]
    stand: int


def what_if(
    supports: Supports,
    withdrawn: Collection[str],
    revived: Supports,
    as_of: date | None = None,
    known_by: date | None = None,
    certain: bool = False,
) -> WhatIf:
    """Say what becomes of ties if the claims with the ids in `withdrawn` had never been recorded.

    `supports` has all that bears on each tie now, and `revived` what claims would lend it that are
    superseded by none but those. Ties that nothing is taken from or given to are passed over, also
    where that counts for nothing at the moment; the three times are those of `projection.tie`.
    """
    pairs = []
    for key in sorted({*supports, *revived}):
        now = supports.get(key, ())
        then = {s for s in now if s.claim_id not in withdrawn} | set(revived.get(key, ()))
        pairs.append(
            (
                tie(key, now, as_of, known_by, certain),
                tie(key, then, as_of, known_by, certain),
            )
        )
    both = [Pair(before, after) for before, after in pairs if before and after]
    touched = [pair for pair in both if pair.before.supports != pair.after.supports]
    weaken = [pair for pair in touched if _weaker(pair)]
    change = [pair for pair in touched if not _weaker(pair) and _differs(pair.before, pair.after)]
    return WhatIf(
        fall=_ordered(before for before, after in pairs if before and not after),
        weaken=tuple(sorted(weaken, key=lambda pair: _strength(pair.before))),
        change=tuple(sorted(change, key=lambda pair: _strength(pair.before))),
        appear=_ordered(after for before, after in pairs if after and not before),
        stand=len(touched) - len(weaken) - len(change),
    )


def _weaker(pair: Pair) -> bool:
    return pair.after.rank < pair.before.rank or pair.after.independent < pair.before.independent


def _differs(before: Tie, after: Tie) -> bool:
    """Whether a reader would see a difference in what a tie says of itself."""
    return _summary(before) != _summary(after)


def _summary(tie: Tie) -> tuple[object, ...]:
    marks = tie.inferred, tie.intermediary, tie.past
    return tie.rank, tie.independent, tie.disputed, tie.match, marks


def _strength(tie: Tie) -> tuple[int, int, TieKey]:
    return -tie.rank, -tie.independent, tie.key


def _ordered(ties: Iterable[Tie]) -> tuple[Tie, ...]:
    return tuple(sorted(ties, key=_strength))
