"""Where the nodes stand: computed here, so that a page opens at once and always looks the same.

Pure and deterministic: the same nodes and edges give the same positions, in whatever order they
come. Lengths are pixels at zoom 1; the picture is meant for a canvas of `WIDTH` by `HEIGHT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree  # type: ignore[import-untyped]  # has no types
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # has no types

#: The room for the graph on a desktop page of 1280 by 850, less its margins.
WIDTH, HEIGHT = 860.0, 580.0
#: How many steps lead to the least stress at most, and below which change of it there are no more.
STRESS_STEPS, STRESS_CHANGE = 400, 1e-4
#: The mean length of an edge before nodes are moved apart.
EDGE = 92.0
#: The least room between two shapes.
GAP = 10.0
#: How often labels are moved apart and the picture scaled back to its room.
LABEL_ROUNDS = 4
#: How firmly a node stays where it stood before, where the pull of all others together is 1.
HOLD = 2.0
#: So many pushes are made before it is looked up anew which boxes are so many pixels near, and it
#: is looked up so many times at most for labels, and in the end for shapes.
PUSHES, NEAR = 10, 20.0
LABEL_LOOKS, SHAPE_LOOKS = 6, 40
#: How many times the room that shapes cover a picture has at least.
SPACIOUS = 2.5
#: How much more one side of a picture may be stretched than the other, to fill its room.
MOST_STRETCH = 1.7
#: A small graph is not blown up beyond this.
MOST_ZOOM = 1.5
#: How far nodes that would stand on one spot are set aside, in steps of an edge, and how far round
#: each goes after the one before: never twice in one direction.
ASIDE, GOLDEN_ANGLE = 0.05, np.pi * (3 - 5**0.5)

Points = NDArray[np.float64]


class Box(NamedTuple):
    """The room that a node wants: the radius of its shape, and its label below."""

    radius: float
    label_width: float
    label_height: float


class Point(NamedTuple):
    """A position: pixels to the right of and below the middle of the picture."""

    x: float
    y: float


def positions(
    boxes: Mapping[str, Box],
    edges: Iterable[tuple[str, str]],
    before: Mapping[str, Point] | None = None,
) -> dict[str, Point]:
    """Return a position for every node, in whole pixels, around (0, 0). No two shapes overlap.

    An edge of a node to itself, or to a node that has no box, is left out. `before` says where
    nodes stood in an earlier picture: those of a piece that is mostly known stay about there.
    """
    kept = {(min(e), max(e)) for e in edges if e[0] != e[1] and boxes.keys() >= set(e)}
    known = sorted((i, point) for i, point in (before or {}).items() if i in boxes)
    return dict(_positions(tuple(sorted(boxes.items())), tuple(sorted(kept)), tuple(known)))


# A server draws the same pages again and again, and this is the slow part of a page.
@lru_cache(maxsize=128)
def _positions(
    sized: tuple[tuple[str, Box], ...],
    edges: tuple[tuple[str, str], ...],
    known: tuple[tuple[str, Point], ...],
) -> dict[str, Point]:
    if not sized:
        return {}
    boxes, before = dict(sized), dict(known)
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(boxes)
    network.add_edges_from(edges)
    pieces = sorted(map(sorted, nx.connected_components(network)), key=lambda ids: (-len(ids), ids))
    # More threads than one make products of small matrices several times as dear.
    with _threads().limit(limits=1, user_api="blas"):
        drawn = [(ids, _draw(network, ids, before)) for ids in pieces]
        ids = [i for piece, _ in drawn for i in piece]
        points = _labels_apart(_pack(drawn, boxes), [boxes[i] for i in ids])
        points = _apart(points, [boxes[i].radius for i in ids])
    points = np.round(points - _middle(points))
    return {i: Point(float(x), float(y)) for i, (x, y) in zip(ids, points, strict=True)}


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _draw(network: nx.Graph[str], ids: list[str], before: Mapping[str, Point]) -> Points:
    """One connected piece, around its middle: as it lay before, or its longest side lying flat."""
    if len(ids) == 1:
        return np.zeros((1, 2))
    piece: nx.Graph[str] = nx.Graph()
    piece.add_nodes_from(ids)
    piece.add_edges_from(sorted(network.edges(ids)))
    hops = _hops(piece)
    known = [i for i in ids if i in before]
    if len(ids) > 2 and len(known) > len(ids) / 2:
        held = np.array([HOLD * (i in before) for i in ids])
        points = _least_stress(hops, _start(piece, ids, before), held)
    else:
        points = _turned(_least_stress(hops, _scaled(hops)))
    rows = [ids.index(i) for e in piece.edges for i in e]
    ends = points[rows].reshape(-1, 2, 2)
    mean = float(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean())
    return points * (EDGE / mean)


def _scaled(hops: Points) -> Points:
    """The two coordinates that tell most of these distances: classical scaling (Torgerson 1952).

    Nearer to the least stress than a circle is, and so is what comes of it, in half the steps.
    Nodes that have all distances in common get one spot each, a little aside of one another.
    """
    count = len(hops)
    squares = (hops - np.eye(count)) ** 2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    values, axes = np.linalg.eigh(-centred / 2)
    turns = np.arange(count) * GOLDEN_ANGLE
    aside = ASIDE * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    scaled: Points = axes[:, -2:] * np.sqrt(np.maximum(values[-2:], 0)) + aside
    return scaled


def _start(piece: nx.Graph[str], ids: list[str], before: Mapping[str, Point]) -> Points:
    """Where nodes stood, in steps of an edge; a new one stands amid its neighbours."""
    middle = np.mean([before[i] for i in ids if i in before], axis=0)
    points = []
    for number, i in enumerate(ids):
        near = [before[other] for other in piece[i] if other in before]
        aside = (np.cos(number), np.sin(number))
        points.append(before.get(i) or np.mean(near or [middle], axis=0) + aside)
    found = np.array(points) - middle
    rows = [ids.index(i) for e in piece.edges for i in e]
    ends = found[rows].reshape(-1, 2, 2)
    scaled: Points = found / np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean()
    return scaled


def _least_stress(hops: Points, points: Points, held: Points | None = None) -> Points:
    """Move nodes until their distances are as near as can be to those along the edges.

    The measure is that of Kamada and Kawai; each step cannot but lessen it (Gansner, Koren and
    North 2004, "Graph drawing by stress majorization"). `held` is how firmly each node is held
    where it is, beside how firmly the others pull at it.
    """
    weight = hops**-2
    np.fill_diagonal(weight, 0)
    drawn = weight.sum(axis=1)
    held = np.zeros(len(points)) if held is None else held * drawn.mean()
    at = held[:, None] * points
    # Where nobody is held, all may move together: what is added fixes that, and nothing else.
    free = 0.0 if held.any() else 1 / len(points)
    inverse = np.linalg.inv(np.diag(drawn + held) - weight + free)
    pull, last = weight * hops, np.inf
    for _ in range(STRESS_STEPS):
        x, y = points.T
        away = np.sqrt((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2)
        stress = float((weight * (away - hops) ** 2).sum())
        if last - stress < STRESS_CHANGE * stress:
            break
        last = stress
        share = pull / np.maximum(away, 1e-9)
        points = inverse @ (share.sum(axis=1)[:, None] * points - share @ points + at)
    return points


def _hops(piece: nx.Graph[str]) -> Points:
    """How many edges lie between each two nodes of a connected piece; 1 from a node to itself."""
    near = nx.to_numpy_array(piece) + np.eye(len(piece))
    within, hops = near > 0, np.ones(near.shape)
    while not within.all():
        hops += ~within
        within = within @ near > 0
    return hops


def _turned(points: Points) -> Points:
    """The same picture with its longest side lying flat."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned: Points = centred @ axes[:, ::-1]
    # An axis has no direction of its own: the farthest node decides, so that noise in the last
    # digit does not mirror the picture.
    for side in (0, 1):
        far = np.argmax(np.abs(turned[:, side]))
        if turned[far, side] < 0:
            turned[:, side] *= -1
    return turned


def _labels_apart(points: Points, boxes: list[Box]) -> Points:
    """Move nodes apart until their labels have room, as far as the picture can show them all.

    Boxes that are moved apart need more room, and a picture that is scaled back to its room brings
    them together again: a few rounds of both leave the labels where there is space.
    """
    label = np.array([(b.label_width, b.label_height) for b in boxes])
    shape = np.array([2 * b.radius for b in boxes])
    sizes = np.stack([np.maximum(shape, label[:, 0]), shape + label[:, 1]], axis=1) + GAP
    below = np.stack([np.zeros(len(boxes)), label[:, 1] / 2], axis=1)
    room = _room(shape)
    for _ in range(LABEL_ROUNDS):
        points = _pushed(_filling(points, room) + below, sizes, LABEL_LOOKS) - below
    return _filling(points, room)


def _room(shapes: Points) -> Points:
    """The picture's width and height: more than the canvas where so many shapes need it."""
    wanted = SPACIOUS * float(((shapes + GAP) ** 2).sum())
    room: Points = np.array((WIDTH, HEIGHT)) * max(1.0, (wanted / (WIDTH * HEIGHT)) ** 0.5)
    return room


def _pushed(points: Points, sizes: Points, looks: int) -> Points:
    """Move boxes apart, each pair along the side on which they overlap least.

    It is looked up so many times which boxes are near one another.
    """
    half = sizes / 2
    for _ in range(looks):
        one, other = _near(points, sizes)
        room = half[one] + half[other]
        if not (room - np.abs(points[one] - points[other]) > 0.5).all(axis=1).any():
            break
        points = _pushes(points, one, other, room)
    return points


def _near(points: Points, sizes: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of boxes that overlap or are no more than `NEAR` pixels apart, by their places."""
    reach = sizes.max(axis=0) + NEAR
    pairs = cKDTree(points / reach).query_pairs(1.0, p=np.inf, output_type="ndarray")
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    one, other = pairs.T
    gaps = np.abs(points[one] - points[other]) - (sizes[one] + sizes[other]) / 2
    near = (gaps < NEAR).all(axis=1)
    return one[near], other[near]


def _pushes(points: Points, one: NDArray[np.intp], other: NDArray[np.intp], room: Points) -> Points:
    """A few pushes between these pairs."""
    (x, y), (wide, high) = points.T, room.T
    for _ in range(PUSHES):
        right, down = x[one] - x[other], y[one] - y[other]
        across, along = wide - np.abs(right), high - np.abs(down)
        both = (across > 0.5) & (along > 0.5)
        # By share of the box: boxes are wide and low, and would otherwise pile up into a tower.
        flat = across * high < along * wide
        # Two that stand on one spot go apart in the order of their ids.
        aside = np.where(both & flat, np.where(right > 0, across, -across), 0)
        apart = np.where(both & ~flat, np.where(down > 0, along, -along), 0)
        x = x + 0.35 * (np.bincount(one, aside, len(x)) - np.bincount(other, aside, len(x)))
        y = y + 0.35 * (np.bincount(one, apart, len(y)) - np.bincount(other, apart, len(y)))
    return np.stack([x, y], axis=1)


def _filling(points: Points, room: Points) -> Points:
    """Scaled to fill the picture; a side may grow or shrink more than the other, within bounds."""
    across, down = room / np.maximum(np.ptp(points, axis=0), 1.0)
    across = float(np.clip(across, down / MOST_STRETCH, down * MOST_STRETCH))
    down = float(np.clip(down, across / MOST_STRETCH, across * MOST_STRETCH))
    filling: Points = points * np.minimum((across, down), MOST_ZOOM)
    return filling


def _apart(points: Points, radii: list[float]) -> Points:
    """The promise that no two shapes overlap: push, and if that does not do, widen the picture."""
    sizes = np.array([(2 * r + GAP, 2 * r + GAP) for r in radii])
    points = _pushed(points, sizes, SHAPE_LOOKS)
    away = np.abs(points[:, None] - points[None, :]).max(axis=2)
    room = (sizes[:, None, 0] + sizes[None, :, 0]) / 2
    np.fill_diagonal(away, np.inf)
    if (away < 1).any():
        points = points + np.arange(len(points))[:, None] * [2.0, 0.0]
        away = np.abs(points[:, None] - points[None, :]).max(axis=2)
        np.fill_diagonal(away, np.inf)
    return points * max(1.0, float((room / away).max())) if len(points) > 1 else points


def _pack(drawn: list[tuple[list[str], Points]], boxes: Mapping[str, Box]) -> Points:
    """Set the pieces beside one another in rows, the largest first."""
    placed: list[Points] = []
    frames = [_frame(points, [boxes[i] for i in ids]) for ids, points in drawn]
    widest = max(float(f[1][0] - f[0][0]) for f in frames)
    limit = max(widest, WIDTH)
    x = y = row = 0.0
    for (_, points), (low, high) in zip(drawn, frames, strict=True):
        width, height = (high - low) + 2 * GAP
        if x and x + width > limit:
            x, y, row = 0.0, y + row, 0.0
        placed.append(points - low + (x, y))
        x, row = x + float(width), max(row, float(height))
    return np.concatenate(placed)


def _frame(points: Points, boxes: list[Box]) -> tuple[Points, Points]:
    half = np.array([max(b.radius, b.label_width / 2) for b in boxes])
    up = np.array([b.radius for b in boxes])
    down = up + [b.label_height for b in boxes]
    low = np.stack([points[:, 0] - half, points[:, 1] - up], axis=1).min(axis=0)
    high = np.stack([points[:, 0] + half, points[:, 1] + down], axis=1).max(axis=0)
    return low, high


def _middle(points: Points) -> Points:
    middle: Points = (points.min(axis=0) + points.max(axis=0)) / 2
    return middle
