"""Positions: no overlap, always the same, whatever the order."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations, pairwise
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import examples
from viz.layout import HEIGHT, WIDTH, Box, Point, positions

IDS = [f"n{i:03}" for i in range(40)]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Box], list[tuple[str, str]]]:
    """Up to 40 nodes with boxes of any sensible size, and any edges between them."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=40))
    sizes = st.builds(Box, st.floats(8, 17), st.floats(6, 155), st.sampled_from([14.0, 28.0]))
    boxes = {i: draw(sizes) for i in ids}
    if not ids:
        return boxes, []
    ends = st.sampled_from(ids)
    return boxes, draw(st.lists(st.tuples(ends, ends), max_size=60))


def apart(places: dict[str, Point], boxes: dict[str, Box]) -> bool:
    """Whether no shape overlaps another."""
    return all(
        max(abs(places[a].x - places[b].x), abs(places[a].y - places[b].y))
        >= boxes[a].radius + boxes[b].radius
        for a, b in combinations(places, 2)
    )


@examples(60)
@given(graphs())
def test_no_two_shapes_overlap(graph: tuple[dict[str, Box], list[tuple[str, str]]]) -> None:
    """Every node has a place of its own, in whole pixels."""
    boxes, edges = graph
    places = positions(boxes, edges)
    assert places.keys() == boxes.keys()
    assert apart(places, boxes)
    assert all(isinstance(v, float) and v == round(v) for p in places.values() for v in p)


@examples(30)
@given(graphs(), st.randoms())
def test_order_does_not_matter(graph: tuple[dict[str, Box], list[tuple[str, str]]], random) -> None:
    """Nodes and edges in another order, and edges the other way round, give the same picture."""
    boxes, edges = graph
    shuffled = random.sample(list(boxes), len(boxes))
    turned = [e[::-1] for e in random.sample(edges, len(edges))]
    assert positions({i: boxes[i] for i in shuffled}, turned) == positions(boxes, edges)


def test_every_run_draws_the_same() -> None:
    """Two processes, whose sets and hashes have another order, agree to the pixel."""
    program = (
        "from viz.layout import Box, positions\n"
        "ids = [f'n{i}' for i in range(30)]\n"
        "edges = {(i, ids[int(i[1:]) * 7 % 30]) for i in ids}\n"
        "print(sorted(positions({i: Box(9, 80, 14) for i in set(ids)}, edges).items()))\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    one, other = (run.communicate()[0] for run in runs)
    assert one == other != b""


@pytest.mark.parametrize("new", [[], ["n999"]], ids=["two ties", "two ties to a new node"])
def test_a_picture_stays_when_a_little_is_added(new: list[str]) -> None:
    """Two ties more: the other nodes stay about where they stood, and overlap nothing."""
    boxes = {i: Box(9, 80, 14) for i in IDS}
    edges = [(IDS[n], IDS[n * 7 % 40]) for n in range(40)] + list(pairwise(IDS))
    before = positions(boxes, edges)
    boxes |= dict.fromkeys(new, Box(9, 80, 14))
    end = new[0] if new else IDS[33]
    after = positions(boxes, [*edges, (IDS[3], end), (IDS[20], end)], before)
    distances = [dist(before[i], after[i]) for i in before]
    assert sum(distances) / len(distances) < 30
    assert apart(after, boxes)


def test_where_nodes_stood_says_nothing_of_another_picture() -> None:
    """Former positions of nodes that are not there, or of few of a piece, change nothing."""
    boxes = {i: Box(9, 80, 14) for i in IDS[:6]}
    edges = list(pairwise(boxes))
    before = {"n000": Point(5, 5), "gone": Point(0, 0)}
    assert positions(boxes, edges, before) == positions(boxes, edges)


def test_star_fills_its_room() -> None:
    """One hub with 60 leaves: whole on a desktop page at nearly full size."""
    boxes = {f"n{i}": Box(10, 90, 14) for i in range(61)}
    places = positions(boxes, [("n0", i) for i in boxes])
    width = max(p.x for p in places.values()) - min(p.x for p in places.values())
    height = max(p.y for p in places.values()) - min(p.y for p in places.values())
    assert 0.6 * WIDTH < width < 1.2 * WIDTH
    assert 0.6 * HEIGHT < height < 1.2 * HEIGHT


def test_large_graphs_have_a_layout_of_their_own() -> None:
    """Beyond what stress can do, positions still keep the promise."""
    boxes = {f"n{i}": Box(8, 80, 14) for i in range(260)}
    edges = [(f"n{i}", f"n{i * 7 % 260}") for i in range(260)]
    chain = [(f"n{i}", f"n{i + 1}") for i in range(259)]
    places = positions(boxes, edges + chain)
    assert apart(places, boxes)
    assert places == positions(boxes, chain + edges)


def test_edges_to_nowhere_are_left_out() -> None:
    """An edge to a node that has no box, or to itself, moves nothing."""
    boxes = {"a": Box(8, 40, 14), "b": Box(8, 40, 14)}
    assert positions(boxes, [("a", "b"), ("a", "x"), ("b", "b")]) == positions(boxes, [("a", "b")])


def test_nothing_has_no_position() -> None:
    """An empty graph has an empty picture."""
    assert positions({}, []) == {}
