"""The scripts of a static site that hold what several of its pages show of the same claims.

A page from a folder cannot read another file but as a script. A script adds its own address, which
its links are relative to, and its parts as HTML to a list that `static/lazy.js` reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from graph.model import Subgraph
from viz.links import Links
from viz.page import render
from viz.view import GraphView


def part_script(
    graph: Subgraph,
    claims: Sequence[str],
    *,
    links: Links,
    passages: Mapping[str, str] | None = None,
) -> str:
    """Return the script with the cards of some claims, and the last cells of ties in the table.

    A tie is in the script of its first claim. `claims` are their ids in `graph`, which has all
    evidence of the ties; `links` are those of the script, `passages` is that of `graph_page`.
    """
    view = GraphView(graph, "", "", links, passages or {}, graph.names, None)
    parts = {i: render("part_card.html", view=view, it=view.cards[i]) for i in claims}
    rows = (row for row in view.rows if row.cards and row.cards[0].id in parts)
    parts |= {row.key: render("part_cells.html", view=view, row=row) for row in rows}
    texts = json.dumps(parts, ensure_ascii=False, indent=0, separators=(",", ":"))
    return f"(window.siteParts ??= []).push([document.currentScript.src, {texts}]);\n"
