"""A picture of the nodes and edges in the rows of a query, whatever they are, as SVG.

It stands in the page without a script: claims and their roles, sources and lone entities as well as
ties. The ties alone have the picture of the other pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from graph.model import TieKey
from graph.ontology import ONTOLOGY
from viz import shapes
from viz.layout import Box, Point, positions
from viz.links import Links
from viz.network import LETTER_WIDTH, LINE_HEIGHT, letters

#: The most nodes of a picture, and the most letters of a label.
MOST, LETTERS = 80, 26
#: The radius of a node, and the space around the picture.
RADIUS, MARGIN = 11.0, 40.0


@dataclass(frozen=True, slots=True)
class PictureNode:
    """A node: its shape, its label, where it is, and its page."""

    x: float
    y: float
    path: str
    style: str
    label: str
    title: str
    href: str | None


@dataclass(frozen=True, slots=True)
class PictureEdge:
    """A line between the borders of two nodes, with the types of all edges in that direction."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str
    href: str | None

    @property
    def middle(self) -> tuple[float, float]:
        """Where the label stands: nearer to the end, so that two directions do not meet."""
        return self.x1 + 0.56 * (self.x2 - self.x1), self.y1 + 0.56 * (self.y2 - self.y1)


@dataclass(frozen=True, slots=True)
class RowPicture:
    """The picture and its box; `left_out` counts nodes beyond `MOST`."""

    nodes: tuple[PictureNode, ...]
    edges: tuple[PictureEdge, ...]
    box: str
    left_out: int


def row_picture(
    nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]], links: Links
) -> RowPicture | None:
    """Return the picture of node-link JSON; None if it has nothing beyond ties and their ends.

    Nodes have `id`, `labels` and `name`; edges `source`, `target`, `type` and `properties`.
    """
    named = {str(node["id"]): node for node in nodes if node["id"] is not None}
    linked = {end for edge in edges for end in (edge["source"], edge["target"])}
    plain = all("Entity" in node["labels"] and i in linked for i, node in named.items())
    if not named or (plain and all("claim_ids" in edge["properties"] for edge in edges)):
        return None
    chosen = dict(list(named.items())[:MOST])
    between: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for edge in edges:
        if edge["source"] in chosen and edge["target"] in chosen:
            between[edge["source"], edge["target"]].append(edge)
    labels = {i: _short(str(node["name"] or i)) for i, node in chosen.items()}
    boxes = {i: Box(RADIUS, letters(t) * LETTER_WIDTH, LINE_HEIGHT) for i, t in labels.items()}
    places = positions(boxes, between)
    return RowPicture(
        tuple(_node(i, chosen[i], labels[i], places[i], links) for i in chosen),
        tuple(
            _edge(places[start], places[end], parallel, links)
            for (start, end), parallel in between.items()
            if start != end
        ),
        _box(places.values(), boxes.values()),
        len(named) - len(chosen),
    )


def _short(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1].rstrip()}…"


def _node(
    node_id: str, node: Mapping[str, Any], label: str, place: Point, links: Links
) -> PictureNode:
    names = node["labels"]
    kind = next((name for name in names if name in ONTOLOGY.types), "")
    shape = ONTOLOGY.types[kind].shape if kind else "square"
    style = f"type-{kind}" if kind else "of-claim" if "Claim" in names else "of-source"
    title = f"{node['name'] or node_id} ({', '.join(names)})"
    href = record_page(node_id, names, links)
    return PictureNode(place.x, place.y, shapes.PATHS[shape], style, label, title, href)


def record_page(record_id: str, labels: Sequence[Any], links: Links) -> str | None:
    """Return the page of a record of the store, by its labels; None if it has none."""
    if "Entity" in labels:
        return links.entity(record_id)
    if "Claim" in labels:
        return links.claim_record(record_id)
    return links.source(record_id) if "Source" in labels else None


def _edge(
    start: Point, end: Point, parallel: Sequence[Mapping[str, Any]], links: Links
) -> PictureEdge:
    length = hypot(end.x - start.x, end.y - start.y) or 1.0
    dx, dy = (end.x - start.x) / length * RADIUS, (end.y - start.y) / length * RADIUS
    ties = [edge for edge in parallel if "claim_ids" in edge["properties"]]
    key = TieKey(ties[0]["source"], ties[0]["type"], ties[0]["target"]) if ties else None
    label = ", ".join(dict.fromkeys(str(edge["type"]) for edge in parallel))
    href = links.tie(key) if key else None
    return PictureEdge(start.x + dx, start.y + dy, end.x - 1.4 * dx, end.y - 1.4 * dy, label, href)


def _box(places: Any, boxes: Any) -> str:
    pairs = list(zip(places, boxes, strict=True))
    left = min(p.x - max(b.label_width / 2, RADIUS) for p, b in pairs) - MARGIN
    right = max(p.x + max(b.label_width / 2, RADIUS) for p, b in pairs) + MARGIN
    top = min(p.y for p, _ in pairs) - RADIUS - MARGIN
    bottom = max(p.y for p, _ in pairs) + RADIUS + LINE_HEIGHT + MARGIN
    return f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
