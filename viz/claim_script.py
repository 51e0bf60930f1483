"""The scripts of a static site that hold the cards of claims, which several of its pages show.

A page from a folder cannot read another file but as a script. A script adds its own address, which
the links in its cards are relative to, and the cards as HTML by the ids of their claims, to a list
that `static/lazy.js` reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from graph.model import Subgraph
from viz.links import Links
from viz.page import render
from viz.view import GraphView


def claim_script(
    graph: Subgraph, *, links: Links, passages: Mapping[str, str] | None = None
) -> str:
    """Return the script with the cards of the claims of a graph; `links` are those of the script.

    `passages` is that of `graph_page`.
    """
    view = GraphView(graph, "", "", links, passages or {}, graph.names, None)
    cards = {i: render("claim_card.html", view=view, it=it) for i, it in view.cards.items()}
    texts = json.dumps(cards, ensure_ascii=False, indent=0, separators=(",", ":"))
    return f"(window.claimCards ??= []).push([document.currentScript.src, {texts}]);\n"
