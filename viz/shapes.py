"""The shapes of the types: one path each, the same on the canvas, in the legend and the panel.

A path is SVG path data around the origin, in a box from -12 to 12: small enough to stand in the
page as it is, and what a canvas takes as `Path2D`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin

#: The box that every path is drawn in, as SVG writes it.
VIEW_BOX = "-12 -12 24 24"


def _polygon(corners: int, radius: float, turn: float = 0.0) -> str:
    return _star(corners, radius, radius, turn, step=2)


def _star(points: int, outer: float, inner: float, turn: float = 0.0, step: int = 1) -> str:
    """A path over `points` tips and the notches between them; `step=2` leaves the notches out."""
    corners = []
    for i in range(0, 2 * points, step):
        angle = turn - pi / 2 + i * pi / points
        radius = inner if i % 2 else outer
        corners.append(f"{radius * cos(angle):.2f} {radius * sin(angle):.2f}")
    return "M" + "L".join(corners) + "Z"


def _circle(radius: float, sweep: int = 1) -> str:
    arc = f"A{radius} {radius} 0 1 {sweep}"
    return f"M{radius} 0{arc}-{radius} 0{arc} {radius} 0Z"


PATHS: Mapping[str, str] = {
    "dot": _circle(9.6),
    # The inner circle runs the other way round, so that it is a hole.
    "ring": _circle(10.2) + _circle(5.2, sweep=0),
    "square": "M-8.8-8.8H8.8V8.8H-8.8Z",
    "triangle": "M0-10.6L11 8.4H-11Z",
    "triangleDown": "M0 10.6L-11-8.4H11Z",
    "diamond": "M0-11.4L10.6 0L0 11.4L-10.6 0Z",
    "star": _star(5, 11.6, 5.2),
    "hexagon": _polygon(6, 10.6, turn=pi / 6),
    "pentagon": _polygon(5, 11),
    "bowtie": "M-10.6-8.6L0-3.4L10.6-8.6V8.6L0 3.4L-10.6 8.6Z",
    "plus": "M-3.6-10.4H3.6V-3.6H10.4V3.6H3.6V10.4H-3.6V3.6H-10.4V-3.6H-3.6Z",
    "bolt": "M3.6-11.6L-8.6 2.4H-1.6L-3.6 11.6L8.6-3.2H1.6Z",
    "house": "M0-11L10.8-1.6H7.8V9.4H-7.8V-1.6H-10.8Z",
}
