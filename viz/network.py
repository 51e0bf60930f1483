"""The picture as a pyvis network: nodes with size and position, edges with their bend."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping
from importlib.util import find_spec
from math import sqrt
from types import ModuleType
from typing import Any

from viz.curves import bends
from viz.layout import Box, Point, positions
from viz.view import GraphView, Row

#: Radii of nodes, in pixels at zoom 1.
SMALLEST, LARGEST = 8.0, 17.0
#: A label breaks into two lines of about this many letters; a letter's mean width and a line's
#: height are those of the page's label font (12 px).
LINE_LETTERS, LETTER_WIDTH, LINE_HEIGHT = 22, 6.4, 14.0


def _pyvis_network() -> Any:
    """Return the class `Network` of pyvis, which is imported without IPython where there is none.

    pyvis imports IPython for one class that shows a network in a notebook, and no page does that.
    IPython brings 17 packages and 35 MB with it, so `requirements.lock` leaves it out.
    """
    if find_spec("IPython"):
        from pyvis.network import Network

        return Network
    display = ModuleType("IPython.display")
    vars(display)["IFrame"] = None
    sys.modules[display.__name__] = display
    try:
        from pyvis.network import Network
    finally:
        del sys.modules[display.__name__]
    return Network


Network = _pyvis_network()


def positions_of(view: GraphView, before: Mapping[str, Point] | None = None) -> dict[str, Point]:
    """Return the positions of a view's entities; `before` is that of `positions`."""
    radii = _radii(view)
    boxes = {i: _box(e.label, radii[i]) for i, e in view.graph.entities.items()}
    return positions(boxes, [(t.key.source, t.key.target) for t in view.graph.ties], before)


def network(
    view: GraphView,
    before: Mapping[str, Point] | None = None,
    whole: Mapping[str, Point] | None = None,
) -> Any:
    """Return a pyvis network: directed, since an undirected one drops parallel edges silently.

    Its nodes are in the order of their ids and have only what the picture needs. `before` is that
    of `positions`. `whole` are the positions in a picture that this one is a part of: they stay,
    unless an entity is in none.
    """
    net = Network(directed=True)
    radii = _radii(view)
    if whole and whole.keys() >= view.graph.entities.keys():
        points = {i: whole[i] for i in view.graph.entities}
    else:
        points = positions_of(view, whole or before)
    for entity_id, point in sorted(points.items()):
        entity = view.graph.entities[entity_id]
        net.add_node(
            entity_id,
            type=entity.type,
            # Search looks at those of merged entities as well.
            names=[name.text for name in entity.names]
            + list(view.graph.merged_names.get(entity_id, ())),
            lang=entity.names[0].lang,
            size=round(radii[entity_id], 1),
            x=point.x,
            y=point.y,
        )
    curves = bends([row.key for row in view.rows], points, radii)
    for row in view.rows:
        net.add_edge(row.source.id, row.target.id, **_edge(row), bend=curves[row.key])
    return net


def _edge(row: Row) -> dict[str, Any]:
    return {
        "status": row.status,
        "disputed": row.disputed,
        "possibly": row.possibly,
        "reading": row.reading,
        "first": row.first,
        "last": row.last,
        "independent": row.independent,
    }


def _radii(view: GraphView) -> dict[str, float]:
    """Radii by the square root of the number of recorded ties, in a narrow range."""
    recorded = {
        i: max(view.graph.degrees.get(i, 0), view.degrees.get(i, 0)) for i in view.graph.entities
    }
    most = max(recorded.values(), default=0) or 1
    return {i: SMALLEST + (LARGEST - SMALLEST) * sqrt(n / most) for i, n in recorded.items()}


def _box(label: str, radius: float) -> Box:
    length = letters(label[:80])
    lines = 2 if length > LINE_LETTERS else 1
    width = min(length / lines + (2 if lines > 1 else 0), LINE_LETTERS + 2)
    return Box(radius, width * LETTER_WIDTH, lines * LINE_HEIGHT)


def letters(text: str) -> float:
    """Return the length of a text in letters; East Asian ones are about twice as wide."""
    return sum(1.9 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)
