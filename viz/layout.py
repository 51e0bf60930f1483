"""Positions of nodes, computed on the server so that a page opens fast and always looks the same.

Pure and deterministic: the same nodes and edges give the same positions, in any order. Lengths are
pixels at zoom 1; the picture is meant for a canvas of `WIDTH` by `HEIGHT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # has no types

#: The size of the canvas on a desktop page of 1280 by 850, less margins.
WIDTH, HEIGHT = 860.0, 580.0
#: The most steps of stress majorization, and the relative change of the stress that ends it.
STRESS_STEPS, STRESS_CHANGE = 400, 1e-4
#: The mean length of an edge before nodes are moved apart.
EDGE = 92.0
#: The least distance between two shapes.
GAP = 10.0
#: How often labels are moved apart and the picture is scaled back to its size.
LABEL_ROUNDS = 4
#: The pull of a node's former position, where the mean pull of all other nodes together is 1.
HOLD = 2.0
#: Pushes between the same pairs of boxes, and how close the boxes of a pair are, in pixels.
PUSHES, NEAR = 10, 20.0
#: How often the pairs are determined at most: for labels, and in the end for shapes.
LABEL_ROUNDS_OF_PAIRS, SHAPE_ROUNDS_OF_PAIRS = 6, 40
#: The least area of a picture, in multiples of the area of its shapes.
SPACIOUS = 2.5
#: How much more one side of a picture may be stretched than the other to fill the canvas.
MOST_STRETCH = 1.7
#: The most that a small graph is enlarged.
MOST_ZOOM = 1.5
#: Nodes that would have the same position are moved apart by this part of an edge, each in another
#: direction.
ASIDE, GOLDEN_ANGLE = 0.05, np.pi * (3 - 5**0.5)

Points = NDArray[np.float64]


class Box(NamedTuple):
    """The space that a node needs: the radius of its shape, and its label below."""

    radius: float
    label_width: float
    label_height: float


class Point(NamedTuple):
    """A position: pixels to the right of and below the centre of the picture."""

    x: float
    y: float


def positions(
    boxes: Mapping[str, Box],
    edges: Iterable[tuple[str, str]],
    before: Mapping[str, Point] | None = None,
) -> dict[str, Point]:
    """Return a position for every node, in whole pixels, around (0, 0). No two shapes overlap.

    Self-loops and edges to nodes without a box are ignored. `before` holds positions of an earlier
    picture: a component with more than half of its nodes in it stays about there.
    """
    pairs = {(min(e), max(e)) for e in edges if e[0] != e[1] and boxes.keys() >= set(e)}
    former = sorted((i, point) for i, point in (before or {}).items() if i in boxes)
    return dict(_positions(tuple(sorted(boxes.items())), tuple(sorted(pairs)), tuple(former)))


# A server draws the same pages again and again, and this is their slow part.
@lru_cache(maxsize=128)
def _positions(
    sized: tuple[tuple[str, Box], ...],
    edges: tuple[tuple[str, str], ...],
    former: tuple[tuple[str, Point], ...],
) -> dict[str, Point]:
    if not sized:
        return {}
    boxes, before = dict(sized), dict(former)
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(boxes)
    network.add_edges_from(edges)
    parts = sorted(map(sorted, nx.connected_components(network)), key=lambda ids: (-len(ids), ids))
    # More than one thread makes products of small matrices several times slower.
    with _threads().limit(limits=1, user_api="blas"):
        pictures = [(ids, _draw(network, ids, before)) for ids in parts]
        ids = [i for part, _ in pictures for i in part]
        points = _separate_labels(_pack(pictures, boxes), [boxes[i] for i in ids])
        points = _separate_shapes(points, [boxes[i].radius for i in ids])
    points = np.round(points - _centre(points))
    return {i: Point(float(x), float(y)) for i, (x, y) in zip(ids, points, strict=True)}


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _draw(network: nx.Graph[str], ids: list[str], before: Mapping[str, Point]) -> Points:
    """One connected component around its centre: near its former positions, or laid flat."""
    if len(ids) == 1:
        return np.zeros((1, 2))
    part: nx.Graph[str] = nx.Graph()
    part.add_nodes_from(ids)
    part.add_edges_from(sorted(network.edges(ids)))
    hops = _hops(part)
    if len(ids) > 2 and 2 * sum(i in before for i in ids) > len(ids):
        pull = np.array([HOLD * (i in before) for i in ids])
        points = _minimize_stress(hops, _start(part, ids, before), pull)
    else:
        points = _lay_flat(_minimize_stress(hops, _scale(hops)))
    return points * (EDGE / _mean_edge(part, ids, points))


def _mean_edge(part: nx.Graph[str], ids: list[str], points: Points) -> float:
    ends = points[[ids.index(i) for edge in part.edges for i in edge]].reshape(-1, 2, 2)
    return float(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean())


def _scale(hops: Points) -> Points:
    """Positions by classical scaling of the distances (Torgerson 1952).

    They are closer to the least stress than a circle, so that half the steps suffice. Nodes with
    the same distances to all others are moved a little apart.
    """
    count = len(hops)
    squares = (hops - np.eye(count)) ** 2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    values, axes = np.linalg.eigh(-centred / 2)
    turns = np.arange(count) * GOLDEN_ANGLE
    aside = ASIDE * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    points: Points = axes[:, -2:] * np.sqrt(np.maximum(values[-2:], 0)) + aside
    return points


def _start(part: nx.Graph[str], ids: list[str], before: Mapping[str, Point]) -> Points:
    """Former positions, in edge lengths; a new node starts between its neighbours."""
    former = {i: np.array(before[i]) for i in ids if i in before}
    centre = np.mean(list(former.values()), axis=0)
    points = np.zeros((len(ids), 2))
    for number, i in enumerate(ids):
        if i in former:
            points[number] = former[i]
            continue
        neighbours = [former[other] for other in part[i] if other in former] or [centre]
        points[number] = np.mean(neighbours, axis=0)
        points[number] += (np.cos(number), np.sin(number))
    points -= centre
    return points / _mean_edge(part, ids, points)


def _minimize_stress(hops: Points, points: Points, hold: Points | None = None) -> Points:
    """Move nodes until their distances are as close as possible to their distances in hops.

    The stress is that of Kamada and Kawai; no step increases it (Gansner, Koren and North 2004,
    "Graph drawing by stress majorization"). `hold` is the pull of each node's starting position, in
    multiples of the mean pull of the other nodes.
    """
    weight = hops**-2
    np.fill_diagonal(weight, 0)
    sums = weight.sum(axis=1)
    hold = np.zeros(len(points)) if hold is None else hold * sums.mean()
    anchors = hold[:, None] * points
    # Without a hold, the whole picture could move; this term fixes it, and nothing else.
    free = 0.0 if hold.any() else 1 / len(points)
    inverse = np.linalg.inv(np.diag(sums + hold) - weight + free)
    pull, last = weight * hops, np.inf
    for _ in range(STRESS_STEPS):
        x, y = points.T
        away = np.sqrt((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2)
        stress = float((weight * (away - hops) ** 2).sum())
        if last - stress < STRESS_CHANGE * stress:
            break
        last = stress
        share = pull / np.maximum(away, 1e-9)
        points = inverse @ (share.sum(axis=1)[:, None] * points - share @ points + anchors)
    return points


def _hops(part: nx.Graph[str]) -> Points:
    """The distance in edges between any two nodes of a component; 1 from a node to itself."""
    adjacent = nx.to_numpy_array(part) + np.eye(len(part))
    within, hops = adjacent > 0, np.ones(adjacent.shape)
    while not within.all():
        hops += ~within
        within = within @ adjacent > 0
    return hops


def _lay_flat(points: Points) -> Points:
    """Rotate the picture so that its longest side is horizontal."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    flat: Points = centred @ axes[:, ::-1]
    # An axis has no direction: the farthest node decides it, so that rounding errors do not mirror
    # the picture.
    for side in (0, 1):
        far = np.argmax(np.abs(flat[:, side]))
        if flat[far, side] < 0:
            flat[:, side] *= -1
    return flat


def _separate_labels(points: Points, boxes: list[Box]) -> Points:
    """Move nodes apart until their labels do not overlap, as far as the canvas allows.

    Moving boxes apart enlarges the picture, and scaling it back moves them together: a few rounds
    of both leave the labels where there is space.
    """
    label = np.array([(b.label_width, b.label_height) for b in boxes])
    shape = np.array([2 * b.radius for b in boxes])
    sizes = np.stack([np.maximum(shape, label[:, 0]), shape + label[:, 1]], axis=1) + GAP
    below = np.stack([np.zeros(len(boxes)), label[:, 1] / 2], axis=1)
    size = _picture_size(shape)
    for _ in range(LABEL_ROUNDS):
        points = _separate(_fill(points, size) + below, sizes, LABEL_ROUNDS_OF_PAIRS) - below
    return _fill(points, size)


def _picture_size(shapes: Points) -> Points:
    """The picture's width and height: those of the canvas, or more where the shapes need it."""
    area = SPACIOUS * float(((shapes + GAP) ** 2).sum())
    size: Points = np.array((WIDTH, HEIGHT)) * max(1.0, (area / (WIDTH * HEIGHT)) ** 0.5)
    return size


def _separate(points: Points, sizes: Points, rounds: int) -> Points:
    """Move boxes apart, each pair along the side on which they overlap least.

    The pairs of close boxes are determined once per round.
    """
    half = sizes / 2
    for _ in range(rounds):
        one, other = _close_pairs(points, half)
        reach = half[one] + half[other]
        if not (reach - np.abs(points[one] - points[other]) > 0.5).all(axis=1).any():
            break
        points = _push(points, one, other, reach)
    return points


def _close_pairs(points: Points, half: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of boxes that overlap or are less than `NEAR` pixels apart, by their indexes."""
    (x, y), (wide, high) = points.T, half.T
    beside = np.abs(x[:, None] - x) < wide[:, None] + wide + NEAR
    one, other = np.nonzero(np.triu(beside, 1))
    close = np.abs(y[one] - y[other]) < high[one] + high[other] + NEAR
    return one[close], other[close]


def _push(points: Points, one: NDArray[np.intp], other: NDArray[np.intp], reach: Points) -> Points:
    """A few pushes between these pairs; `reach` is the distance at which they no longer overlap."""
    (x, y), (wide, high) = points.T, reach.T
    for _ in range(PUSHES):
        right, down = x[one] - x[other], y[one] - y[other]
        across, along = wide - np.abs(right), high - np.abs(down)
        both = (across > 0.5) & (along > 0.5)
        # In parts of the box: boxes are wide and low, and would otherwise pile up into a tower.
        flat = across * high < along * wide
        # Two boxes at the same position move apart in the order of their ids.
        aside = np.where(both & flat, np.where(right > 0, across, -across), 0)
        apart = np.where(both & ~flat, np.where(down > 0, along, -along), 0)
        x = x + 0.35 * (np.bincount(one, aside, len(x)) - np.bincount(other, aside, len(x)))
        y = y + 0.35 * (np.bincount(one, apart, len(y)) - np.bincount(other, apart, len(y)))
    return np.stack([x, y], axis=1)


def _fill(points: Points, size: Points) -> Points:
    """Scale to fill the picture; one side may be scaled more than the other, within bounds."""
    across, down = size / np.maximum(np.ptp(points, axis=0), 1.0)
    across = float(np.clip(across, down / MOST_STRETCH, down * MOST_STRETCH))
    down = float(np.clip(down, across / MOST_STRETCH, across * MOST_STRETCH))
    filling: Points = points * np.minimum((across, down), MOST_ZOOM)
    return filling


def _separate_shapes(points: Points, radii: list[float]) -> Points:
    """Ensure that no two shapes overlap: push, and if that is not enough, enlarge the picture."""
    sizes = np.array([(2 * r + GAP, 2 * r + GAP) for r in radii])
    points = _separate(points, sizes, SHAPE_ROUNDS_OF_PAIRS)
    away = np.abs(points[:, None] - points[None, :]).max(axis=2)
    reach = (sizes[:, None, 0] + sizes[None, :, 0]) / 2
    np.fill_diagonal(away, np.inf)
    if (away < 1).any():
        points = points + np.arange(len(points))[:, None] * [2.0, 0.0]
        away = np.abs(points[:, None] - points[None, :]).max(axis=2)
        np.fill_diagonal(away, np.inf)
    return points * max(1.0, float((reach / away).max())) if len(points) > 1 else points


def _pack(pictures: list[tuple[list[str], Points]], boxes: Mapping[str, Box]) -> Points:
    """Arrange the components in rows, the largest first."""
    result: list[Points] = []
    frames = [_frame(points, [boxes[i] for i in ids]) for ids, points in pictures]
    widest = max(float(f[1][0] - f[0][0]) for f in frames)
    limit = max(widest, WIDTH)
    x = y = row = 0.0
    for (_, points), (low, high) in zip(pictures, frames, strict=True):
        width, height = (high - low) + 2 * GAP
        if x and x + width > limit:
            x, y, row = 0.0, y + row, 0.0
        result.append(points - low + (x, y))
        x, row = x + float(width), max(row, float(height))
    return np.concatenate(result)


def _frame(points: Points, boxes: list[Box]) -> tuple[Points, Points]:
    half = np.array([max(b.radius, b.label_width / 2) for b in boxes])
    up = np.array([b.radius for b in boxes])
    down = up + [b.label_height for b in boxes]
    low = np.stack([points[:, 0] - half, points[:, 1] - up], axis=1).min(axis=0)
    high = np.stack([points[:, 0] + half, points[:, 1] + down], axis=1).max(axis=0)
    return low, high


def _centre(points: Points) -> Points:
    centre: Points = (points.min(axis=0) + points.max(axis=0)) / 2
    return centre
