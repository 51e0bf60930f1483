"""Graphs for NetworkX."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from api.answers.graphs import GraphOut

if TYPE_CHECKING:
    import networkx as nx


def networkx_graph(graph: GraphOut) -> nx.MultiDiGraph[str]:
    """Return a graph as NetworkX has it: nodes are ids, the keys of edges are types of ties.

    All that the API says of a node or an edge is an attribute of it; days are text.
    """
    import networkx as nx

    content = graph.model_dump(mode="json", by_alias=True, exclude={"meta"})
    return cast("nx.MultiDiGraph[str]", nx.node_link_graph(content, edges="edges"))
