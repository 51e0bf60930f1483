"""Components: which entities hang together at all."""

from __future__ import annotations

import networkx as nx

from graph.analyses.model import Figure, Findings
from graph.analyses.network import Network, Progress, number_of


def components(network: Network, progress: Progress) -> Findings:
    """Return each set of entities that ties join, whatever their direction, the largest first."""
    groups = sorted(
        (tuple(sorted(ids)) for ids in nx.connected_components(network.graph)),
        key=lambda ids: (-len(ids), ids),
    )
    figures = [
        Figure(
            entities=ids,
            value=len(ids),
            unit="entities",
            ties=keys,
            words=f"{number_of(len(keys), 'tie joins', 'ties join')} "
            f"{number_of(len(ids), 'entity', 'entities')}: {network.join_labels(ids)}.",
        )
        for ids, keys in zip(groups, network.inside(groups), strict=True)
    ]
    return Findings(figures)
