"""Small networks of ties for tests of analyses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from graph.analyses import EntityLabel, LightTie
from graph.analyses.supply import AGAINST_TYPES, SUPPLY_TYPES
from graph.dates import Match
from graph.model import TieKey
from graph.ontology import ONTOLOGY

IDS = "abcdefg"
ENTITIES = {i: EntityLabel(i.upper(), "Company") for i in IDS}
#: Twice as many ties pass something on as do not.
TYPES = (*SUPPLY_TYPES, *AGAINST_TYPES, "ALLIED_WITH", "PART_OF", "ASSISTS")


def make_tie(
    text: str, status: str = "reported", independent: int = 1, match: Match = Match.YES
) -> LightTie:
    """Return the tie that `a/TYPE/b` names."""
    return LightTie(TieKey(*text.split("/")), status, independent, match, (f"claim of {text}",))


def make_ties(*texts: str) -> list[LightTie]:
    """Return the ties that are named, all alike."""
    return [make_tie(text) for text in texts]


@st.composite
def networks(draw: st.DrawFn, types: Sequence[str] = TYPES, max_size: int = 16) -> list[LightTie]:
    """Draw ties of some types between seven entities, each tie once, in any order."""
    ends = st.tuples(st.sampled_from(IDS), st.sampled_from(types), st.sampled_from(IDS))
    keys = ends.filter(lambda key: key[0] != key[2])
    triples = draw(st.lists(keys, min_size=1, max_size=max_size, unique=True))
    statuses, independent = st.sampled_from(list(ONTOLOGY.statuses)), st.integers(1, 3)
    return [
        LightTie(TieKey(*key), draw(statuses), draw(independent), Match.YES, ("c",))
        for key in triples
    ]


def ends_of(ties: Iterable[LightTie]) -> set[str]:
    """Every entity that has a tie."""
    return {end for tie in ties for end in (tie.key.source, tie.key.target)}
