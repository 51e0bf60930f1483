"""Graphs of a given size, and the pages of them that are measured: ours and stock pyvis."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from pyvis.network import Network

from bench import generate
from graph.model import Claim, Entity, Source, Subgraph
from graph.projection import project
from viz import Links, graph_page

#: So many claims for each entity leave enough of them with a tie.
_CLAIMS_EACH = 6


def subgraph(nodes: int, seed: int = 1) -> Subgraph:
    """Return so many entities of a generated data set, the best connected, with their evidence."""
    records = list(generate.generate(_CLAIMS_EACH * nodes, seed))
    entities = [Entity.model_validate(r) for kind, r in records if kind == "entity"]
    sources = {r["id"]: Source.model_validate(r) for kind, r in records if kind == "source"}
    claims = {c.id: c for c in (Claim.model_validate(r) for kind, r in records if kind == "claim")}
    ties = project(list(claims.values()), sources, {e.id: e.type for e in entities})
    degrees = Counter(end for tie in ties for end in (tie.key.source, tie.key.target))
    best = {i for i, _ in degrees.most_common(nodes)}
    inner = tuple(tie for tie in ties if best >= {tie.key.source, tie.key.target})
    bearing = {support.claim_id: claims[support.claim_id] for t in inner for support in t.supports}
    return Subgraph(
        {e.id: e for e in entities if e.id in best},
        inner,
        bearing,
        sources,
        {e.id: e.label for e in entities},
    )


def ours(graph: Subgraph) -> str:
    """Our page: the picture, all evidence, and the same as a table."""
    return graph_page(graph, title="Bench", lead="A generated graph.", links=Links.server())


def stock(graph: Subgraph, file: Path, *, barnes_hut: bool) -> None:
    """Write pyvis's own page of the same nodes and edges, with the claims' words as tooltips.

    In line, as far as pyvis goes: it still asks others for two files.
    """
    net: Any = Network(directed=True, cdn_resources="in_line")
    if barnes_hut:
        net.barnes_hut()
    for entity in graph.entities.values():
        net.add_node(entity.id, label=entity.label, title=entity.description or entity.label)
    for tie in graph.ties:
        tooltip = "\n".join(graph.claims[support.claim_id].summary for support in tie.supports)
        net.add_edge(tie.key.source, tie.key.target, title=tooltip)
    net.write_html(str(file))
