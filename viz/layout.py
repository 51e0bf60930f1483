"""Where the nodes stand: computed here, so that a page opens at once and always looks the same.

Pure and deterministic: the same nodes and edges give the same positions, in whatever order they
come. Lengths are pixels at zoom 1; the picture is meant for a canvas of `WIDTH` by `HEIGHT`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

#: The room for the graph on a desktop page of 1280 by 850, less its margins.
WIDTH, HEIGHT = 860.0, 580.0
#: Kamada-Kawai compares every pair of nodes: good pictures, and slow beyond this many.
KAMADA_KAWAI_LIMIT = 150
#: The mean length of an edge before nodes are moved apart.
EDGE = 92.0
#: The least room between two shapes.
GAP = 10.0
#: How often labels are moved apart and the picture scaled back to its room.
LABEL_ROUNDS = 10
#: About how many pairs of boxes a push may look at: what bounds the time of a large graph.
PAIRS = 3_000_000
#: How much more one side of a picture may be stretched than the other, to fill its room.
MOST_STRETCH = 1.7
#: A small graph is not blown up beyond this.
MOST_ZOOM = 1.5
SEED = 7

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


def positions(boxes: Mapping[str, Box], edges: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """Return a position for every node, in whole pixels, around (0, 0). No two shapes overlap.

    An edge of a node to itself, or to a node that has no box, is left out.
    """
    kept = {(min(e), max(e)) for e in edges if e[0] != e[1] and boxes.keys() >= set(e)}
    return dict(_positions(tuple(sorted(boxes.items())), tuple(sorted(kept))))


# A server draws the same pages again and again, and this is the slow part of a page.
@lru_cache(maxsize=128)
def _positions(
    sized: tuple[tuple[str, Box], ...], edges: tuple[tuple[str, str], ...]
) -> dict[str, Point]:
    if not sized:
        return {}
    boxes = dict(sized)
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(boxes)
    network.add_edges_from(edges)
    pieces = sorted(map(sorted, nx.connected_components(network)), key=lambda ids: (-len(ids), ids))
    drawn = [(ids, _draw(network, ids)) for ids in pieces]
    ids = [i for piece, _ in drawn for i in piece]
    points = _labels_apart(_pack(drawn, boxes), [boxes[i] for i in ids])
    points = _apart(points, [boxes[i].radius for i in ids])
    points = np.round(points - _middle(points))
    return {i: Point(float(x), float(y)) for i, (x, y) in zip(ids, points, strict=True)}


def _draw(network: nx.Graph[str], ids: list[str]) -> Points:
    """One connected piece, around its middle, with its longest side lying flat."""
    if len(ids) == 1:
        return np.zeros((1, 2))
    piece: nx.Graph[str] = nx.Graph()
    piece.add_nodes_from(ids)
    piece.add_edges_from(sorted(network.edges(ids)))
    points = _turned(_raw(piece, ids))
    rows = [ids.index(i) for e in piece.edges for i in e]
    ends = points[rows].reshape(-1, 2, 2)
    mean = float(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean())
    return points * (EDGE / mean)


def _raw(piece: nx.Graph[str], ids: Collection[str]) -> Points:
    if len(ids) <= KAMADA_KAWAI_LIMIT:
        found = nx.kamada_kawai_layout(piece)
    else:
        found = nx.spring_layout(piece, seed=SEED, iterations=150, k=2.2 / len(ids) ** 0.5)
    return np.array([found[i] for i in ids], dtype=np.float64)


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
    for _ in range(LABEL_ROUNDS):
        points = _pushed(_filling(points) + below, sizes) - below
    return _filling(points)


def _pushed(points: Points, sizes: Points) -> Points:
    """Move boxes apart, each pair along the side on which they overlap least."""
    rounds = int(np.clip(PAIRS / len(points) ** 2, 12, 120))
    room = (sizes[:, None] + sizes[None, :]) / 2
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None, :])
    for _ in range(rounds):
        away = points[:, None] - points[None, :]
        overlap = room - np.abs(away)
        np.einsum("iik->ik", overlap)[:] = 0
        both = (overlap[..., 0] > 0.5) & (overlap[..., 1] > 0.5)
        if not both.any():
            break
        # By share of the box: boxes are wide and low, and would otherwise pile up into a tower.
        share = overlap / room
        flat = share[..., 0] < share[..., 1]
        # Two that stand on one spot go apart in the order of their ids.
        side = np.where(away == 0, order[..., None], np.sign(away))
        push = np.where(both[..., None], overlap * side, 0)
        push[..., 0] *= flat
        push[..., 1] *= ~flat
        points = points + 0.35 * push.sum(axis=1)
    return points


def _filling(points: Points) -> Points:
    """Scaled to fill the picture; a side may grow or shrink more than the other, within bounds."""
    across, down = np.array((WIDTH, HEIGHT)) / np.maximum(np.ptp(points, axis=0), 1.0)
    across = float(np.clip(across, down / MOST_STRETCH, down * MOST_STRETCH))
    down = float(np.clip(down, across / MOST_STRETCH, across * MOST_STRETCH))
    filling: Points = points * np.minimum((across, down), MOST_ZOOM)
    return filling


def _apart(points: Points, radii: list[float]) -> Points:
    """The promise that no two shapes overlap: push, and if that does not do, widen the picture."""
    sizes = np.array([(2 * r + GAP, 2 * r + GAP) for r in radii])
    points = _pushed(points, sizes)
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
