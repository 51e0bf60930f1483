"""The curve of each edge: straight, unless it shares both ends with others or would cross a shape.

The curves are those of vis-network 9.1.2 for `curvedCW` and `curvedCCW`: quadratic, with one
control point whose place depends on the roundness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.model import TieKey
from viz.layout import Point

#: How far apart edges with the same two ends are, and the curves that are tried to pass a shape.
STEP = 0.22
TRIED = (
    0.0,
    *(sign * size for size in (0.1, 0.18, 0.26, 0.36, 0.48, 0.62, 0.8) for sign in (1, -1)),
)
#: The distance that a line keeps from the shapes of others, in pixels.
CLEAR = 5.0
#: The parts of a curve at which its distance to shapes is measured.
PARTS = np.linspace(0, 1, 81)[1:-1, None]
#: What both ends and the point between them weigh at each of these.
_WEIGHTS = (1 - PARTS) ** 2, 2 * PARTS * (1 - PARTS), PARTS**2

Points = NDArray[np.float64]


def bends(
    keys: Sequence[str], points: Mapping[str, Point], radii: Mapping[str, float]
) -> dict[str, float]:
    """Return how far each edge bends, by its key: 0 is straight, positive is clockwise.

    Edges that share both ends fan out; where an edge would pass through the shape of a third node,
    it has the least bend that does not, or the one that keeps farthest from shapes.
    """
    ids = sorted(points)
    rows = {i: row for row, i in enumerate(ids)}
    centres = np.array([points[i] for i in ids], dtype=float).reshape(-1, 2)
    sizes = np.array([radii[i] for i in ids])
    result: dict[str, float] = {}
    for parallel in _parallel(keys):
        taken: list[float] = []
        for slot, key in zip(_slots(len(parallel)), parallel, strict=True):
            # A bend is seen from where the edge starts; slots are the same from both ends.
            turn = 1 if key.source <= key.target else -1
            third = np.ones(len(ids), dtype=bool)
            third[[rows[key.source], rows[key.target]]] = False
            ends = np.array([points[key.source], points[key.target]], dtype=float)
            tried = [slot + part for part in TRIED]
            free = [b for b in tried if all(abs(b - other) > STEP / 3 for other in taken)]
            room: dict[float, float] = {}
            for bend in free or tried:
                room[bend] = _room(ends, bend * turn, centres[third], sizes[third])
                if room[bend] >= CLEAR:
                    break
            bend = max(room, key=lambda each: (min(room[each], CLEAR), -abs(each)))
            taken.append(bend)
            result[str(key)] = round(bend * turn, 3)
    return result


def _parallel(keys: Sequence[str]) -> Iterator[list[TieKey]]:
    """The edges that share both ends, for each pair of ends."""
    pairs: defaultdict[tuple[str, str], list[TieKey]] = defaultdict(list)
    for text in sorted(keys):
        key = TieKey(*text.split("/"))
        pairs[min(key.source, key.target), max(key.source, key.target)].append(key)
    yield from pairs.values()


def _slots(number: int) -> list[float]:
    return [(position - (number - 1) / 2) * STEP for position in range(number)]


def _room(ends: Points, bend: float, centres: Points, sizes: Points) -> float:
    """The least distance between a curve and the shapes of others; infinite without any."""
    if not len(centres):
        return float("inf")
    # `np.linalg.norm` of an array of pairs gives the same, and takes several times as long.
    points = curve(ends, bend)
    x = np.subtract.outer(points[:, 0], centres[:, 0])
    y = np.subtract.outer(points[:, 1], centres[:, 1])
    return float((np.sqrt(x * x + y * y) - sizes).min())


def curve(ends: Points, bend: float) -> Points:
    """Return points of the curve between two centres, without its ends."""
    (x, y), (to_x, to_y) = ends
    turn = np.arctan2(y - to_y, to_x - x) + (bend / 2 + 0.5) * np.pi
    reach = (abs(bend) / 2 + 0.5) * np.hypot(to_x - x, y - to_y)
    via = np.array([x + reach * np.sin(turn), y + reach * np.cos(turn)])
    from_start, from_via, from_end = _WEIGHTS
    points: Points = from_start * ends[0] + from_via * via + from_end * ends[1]
    return points
