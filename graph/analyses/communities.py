"""Communities: groups with more ties inside than chance would put there."""

from __future__ import annotations

import networkx as nx

from graph.analyses.model import Figure, Findings
from graph.analyses.network import Network, Progress, number_of
from graph.model import TieKey

#: Louvain shuffles the entities before it starts: another seed can give other groups.
SEED = 7


def communities(network: Network, progress: Progress) -> Findings:
    """Return the groups that Louvain's method finds, the largest first; each entity is in one.

    An edge weighs as much as there are ties between its two ends.
    """
    groups = _partition(network, progress)
    inside = zip(groups, network.inside(groups), strict=True)
    return Findings([_figure(network, ids, keys) for ids, keys in inside])


def _partition(network: Network, progress: Progress) -> list[tuple[str, ...]]:
    # Numbers for ids: sets of texts come in another order in every process.
    ids = list(network.ties_of)
    numbered = nx.relabel_nodes(network.graph, {i: n for n, i in enumerate(ids)})
    groups: list[set[int]] = []
    for levels, level in enumerate(nx.community.louvain_partitions(numbered, seed=SEED), 1):
        groups = level
        progress(levels, 0)
    return sorted(
        (tuple(ids[n] for n in sorted(group)) for group in groups),
        key=lambda group: (-len(group), group),
    )


def _figure(network: Network, ids: tuple[str, ...], keys: tuple[TieKey, ...]) -> Figure:
    members = set(ids)
    leaving = sum(
        (key.source in members) != (key.target in members)
        for i in ids
        for key in network.ties_of[i]
    )
    return Figure(
        entities=ids,
        value=len(ids),
        unit="entities",
        ties=keys,
        words=f"{number_of(len(ids), 'entity', 'entities')} with {number_of(len(keys), 'tie')} "
        f"among them and {leaving:,} to others: {network.join_labels(ids)}.",
    )
