"""Three counts of where an entity stands among the recorded ties. None of them is importance."""

from __future__ import annotations

from collections import Counter

import networkx as nx

from graph.analyses.model import Figure, Findings
from graph.analyses.network import Network, Progress, number_of

#: From how many entities at once shortest ways are counted: between two words of progress.
_BATCH = 50


def connections(network: Network, progress: Progress) -> Findings:
    """Return how many ties each entity has, the most first."""
    figures = [
        Figure(
            entities=(i,),
            value=len(keys),
            unit="ties",
            ties=keys,
            words=f"{network.label(i)} has {number_of(len(keys), 'recorded tie')}, with "
            f"{number_of(network.graph.degree(i), 'other entity', 'other entities')}.",
        )
        for i, keys in network.ties_of.items()
    ]
    return _in_order(figures)


def betweenness(network: Network, progress: Progress) -> Findings:
    """Return for how many pairs of others each entity stands on their shortest ways.

    A pair with several shortest ways counts by the share of them that run through the entity, and
    direction counts nothing. Who stands on none is left out. The ties are the entity's own.
    """
    graph, ids = network.graph, list(network.ties_of)
    sums: Counter[str] = Counter()
    for done in range(0, len(ids), _BATCH):
        progress(done, len(ids))
        batch = ids[done : done + _BATCH]
        # Halved already: each pair is met from both of its ends.
        sums.update(nx.betweenness_centrality_subset(graph, batch, ids))
    # The sum of many shares is a hair off from one order of adding to another.
    values = {i: round(sums[i], 4) for i in ids}
    figures = [
        Figure(
            entities=(i,),
            value=value,
            unit="pairs",
            ties=network.ties_of[i],
            words=f"{network.label(i)} stands on the shortest ways between "
            f"{value:,.10g} pairs of other entities.",
        )
        for i, value in values.items()
        if value
    ]
    return _in_order(figures)


def closeness(network: Network, progress: Progress) -> Findings:
    """Return how few hops each entity is from the others, from 0 (none reached) to 1 (one hop).

    It is the share of the others that it reaches, divided by the mean number of hops to those: the
    formula of Wasserman and Faust, which holds for a graph in several pieces too. Direction
    counts nothing. The ties are the entity's own.
    """
    figures = []
    ids = list(network.ties_of)
    for done, i in enumerate(ids):
        progress(done, len(ids))
        lengths = nx.single_source_shortest_path_length(network.graph, i)
        reached, others = len(lengths) - 1, len(ids) - 1
        mean = sum(lengths.values()) / reached
        figures.append(
            Figure(
                entities=(i,),
                value=round(reached / others / mean, 4),
                unit="closeness, 0 to 1",
                ties=network.ties_of[i],
                words=f"{network.label(i)} reaches {reached:,} of {others:,} other entities, "
                f"in {mean:.2f} hops on average.",
            )
        )
    return _in_order(figures)


def _in_order(figures: list[Figure]) -> Findings:
    return Findings(sorted(figures, key=lambda figure: (-figure.value, figure.entities)))
