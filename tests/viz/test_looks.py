"""Shapes and colours: told apart by everybody, on light and dark and in print."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from graph.ontology import ONTOLOGY
from viz.shapes import PATHS

LIGHT, DARK = "#FFFFFF", "#12151A"
#: How three kinds of colour blindness see linear RGB: Viénot, Brettel and Mollon 1999 (the first
#: two), and the same construction for the third.
BLINDNESS = {
    "protan": [[0.112, 0.888, 0.0], [0.112, 0.888, 0.0], [0.004, -0.004, 1.0]],
    "deutan": [[0.293, 0.707, 0.0], [0.293, 0.707, 0.0], [-0.022, 0.022, 1.0]],
    "tritan": [[1.0, 0.145, -0.145], [0.0, 0.859, 0.141], [0.0, 0.859, 0.141]],
}
#: Shapes that are alike at a glance: here the colour has to do it.
ALIKE = [("Company", "Organization"), ("Company", "Agreement"), ("PublicBody", "Place"),
         ("Programme", "Event"), ("State", "Place"), ("Technology", "Asset")]  # fmt: skip


def linear(colour: str) -> np.ndarray:
    """A colour as linear RGB, each from 0 to 1 (IEC 61966-2-1)."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    weights = [0.2126, 0.7152, 0.0722]
    low, high = sorted(float(linear(c) @ weights) + 0.05 for c in (one, other))
    return high / low


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB as CIE L*a*b* (D65)."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.clip(np.array(to_xyz) @ rgb, 0, None) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, blindness: str | None = None) -> float:
    """How far apart two colours look (CIE 1976); about 10 is told apart side by side."""
    seen = np.array(BLINDNESS[blindness]) if blindness else np.eye(3)
    return float(np.linalg.norm(lab(seen @ linear(one)) - lab(seen @ linear(other))))


@pytest.mark.parametrize("name", ONTOLOGY.types)
def test_colours_stand_out(name: str) -> None:
    """4.8 to 1 or better on white, 7.9 to 1 on the dark paper."""
    entity_type = ONTOLOGY.types[name]
    assert contrast(entity_type.colour, LIGHT) >= 4.8
    assert contrast(entity_type.dark, DARK) >= 7.9


def test_every_type_has_a_shape_of_its_own() -> None:
    """No two types share a shape, and every shape can be drawn."""
    shapes = [t.shape for t in ONTOLOGY.types.values()]
    assert len(set(shapes)) == len(shapes)
    assert set(shapes) <= PATHS.keys()
    assert len(set(PATHS.values())) == len(PATHS)


@pytest.mark.parametrize("theme", ["colour", "dark"])
def test_no_two_types_share_a_colour(theme: str) -> None:
    """Full colour vision tells all of them apart."""
    colours = [getattr(t, theme) for t in ONTOLOGY.types.values()]
    close = [(a, b) for a, b in combinations(colours, 2) if difference(a, b) < 8]
    assert close == []


@pytest.mark.parametrize("theme", ["colour", "dark"])
@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("pair", ALIKE)
def test_alike_shapes_differ_in_colour(pair: tuple[str, str], blindness: str, theme: str) -> None:
    """Where shapes are alike, the colours differ to every kind of colour vision."""
    one, other = (getattr(ONTOLOGY.types[name], theme) for name in pair)
    assert difference(one, other, blindness) >= 10
