"""Analyses: counts over many ties at once, each with what it does not show.

Pure: they take ties and labels, and know no store. The same ties give the same answer in whatever
order they come. `KINDS` is the registry that the command line, the API and the client read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

from graph.analyses.kinds import KINDS, Kind
from graph.analyses.model import USUAL, Analysis, AnyTie, EntityLabel, Figure, LightTie, Options
from graph.analyses.network import Network, Progress
from graph.dates import Match
from graph.errors import BadCombination, TooLarge
from graph.model import TieKey

__all__ = [
    "KINDS",
    "USUAL",
    "Analysis",
    "AnyTie",
    "EntityLabel",
    "Figure",
    "Kind",
    "LightTie",
    "Options",
    "Progress",
    "asked_types",
    "run",
]


def asked_types(kind: str, types: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the types of tie to read for a kind: those asked for that it looks at.

    None asked are all that it looks at; an empty answer is every type. Raises `BadCombination` if
    it looks at none of those asked for.
    """
    looked_at = KINDS[kind].types
    selected = (
        tuple(t for t in types if t in looked_at) if types and looked_at else types or looked_at
    )
    if types and not selected:
        reason = (
            f"The analysis {kind} looks at {', '.join(looked_at)} and at none of the types asked "
            f"for: {', '.join(types)}."
        )
        raise BadCombination("type", reason)
    return tuple(selected)


def run(
    kind: str,
    ties: Iterable[AnyTie],
    entities: Mapping[str, EntityLabel],
    options: Options = USUAL,
    progress: Progress = lambda done, of: None,
) -> Analysis:
    """Return one kind of analysis of some ties; ties of other types are ignored.

    `entities` gives labels and types by id. Raises `TooLarge` beyond the limit of the kind, and
    `BadCombination` for an option that it does not have.
    """
    spec = KINDS[kind]
    _refuse_options(spec, options)
    network = Network.of((t for t in ties if not spec.types or t.key.type in spec.types), entities)
    if len(network.ties) > spec.limit:
        raise TooLarge(kind, spec.limit)
    figures, notices = spec.find(network, progress, options)
    return Analysis(
        kind=kind,
        title=spec.title,
        shows=spec.shows,
        does_not_show=spec.does_not_show,
        figures=tuple(figures),
        entities=_labels(figures, entities),
        ties=_behind(figures, network),
        over=len(network.ties),
        among=len(network.ties_of),
        notices=(*_uncertain(network), *notices),
    )


def _refuse_options(kind: Kind, options: Options) -> None:
    for name in (field.name for field in fields(Options)):
        if getattr(options, name) != getattr(USUAL, name) and name not in kind.options:
            # As the command line and the API call it: `from` is no name in Python.
            called = "from" if name == "start" else name
            raise BadCombination(called, f"The analysis {kind.name} has no option {called}.")


def _labels(
    figures: Sequence[Figure], entities: Mapping[str, EntityLabel]
) -> dict[str, EntityLabel]:
    ids = {i for f in figures for i in (*f.entities, *(e for pair in f.pairs for e in pair))}
    ids |= {end for f in figures for key in f.ties for end in (key.source, key.target)}
    return {i: entities[i] for i in sorted(ids) if i in entities}


def _behind(figures: Sequence[Figure], network: Network) -> dict[TieKey, AnyTie]:
    keys = {key for figure in figures for key in figure.ties}
    return {tie.key: tie for tie in network.ties if tie.key in keys}


def _uncertain(network: Network) -> list[str]:
    count = sum(tie.match is not Match.YES for tie in network.ties)
    if not count:
        return []
    return [
        f"{count:,} of {len(network.ties):,} ties only possibly held or were known at that time: "
        "certain leaves them out."
    ]
