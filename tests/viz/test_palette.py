"""The whole palette by computation: every text on every ground, and types told apart by everybody.

Colours of types and variables of the style sheets: contrast in both themes, and for every pair of
types what its shapes and colours share, to every kind of colour vision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

import viz
from graph.ontology import ONTOLOGY
from viz.shapes import PATHS
from viz.view import LEADING

STATIC = Path(viz.__file__).parent / "static"
SHEETS = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sorted(STATIC.glob("*.css")))
#: The variables of `light-dark(…)`: a colour in light, and one in dark.
VARIABLES = dict(
    (name, (light, dark))
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", SHEETS)
)
THEMES = {"light": 0, "dark": 1}
GROUNDS = ("paper", "raised")
TEXTS = ("ink", "soft", "link", "marked", "keyword", "literal")
#: Text that stands on a ground of its own: a pressed button.
PAIRS = [("on-ink", "on")]
#: Tints of a ground: the colour, how many per cent of it, and the ground.
MIXED = re.findall(r"color-mix\(in srgb, var\(--(\w+)\) (\d+)%, var\(--(\w+)\)\)", SHEETS)
#: What is seen and not read: outlines of controls, lines, bars, marks (WCAG 2.2, 1.4.11).
GRAPHICS = ("border", "edge", "quiet", "focus", "link", "marked", "on")
#: What only parts what is told apart without it; no one needs to see it.
DECORATION = ("rule",)
#: Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
#: Deficiency" (IEEE TVCG 15(6)), at severity 1.0, for linear RGB.
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
#: Shapes that share this part of their joint area are alike at a glance. A circle and a hexagon
#: share 0.93; a circle and a square share 0.84, and nobody takes one for the other.
ALIKE = 0.85
#: Shapes that are alike at a glance: here the colour has to do it.
ALIKE_TO_A_PERSON = [("Company", "Organization"), ("Company", "Agreement"), ("PublicBody", "Place"),
         ("State", "Place"), ("Technology", "Asset")]  # fmt: skip
#: Told apart side by side (CIE 1976).
APART = 10.0


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


def test_colours_of_types_stand_out() -> None:
    """4.8 to 1 or better on white, 7.9 to 1 on the dark paper; on raised grounds 3 to 1."""
    for theme, least in (("light", 4.8), ("dark", 7.9)):
        paper, card = (VARIABLES[ground][THEMES[theme]] for ground in GROUNDS)
        colours = {
            name: (kind.colour, kind.dark)[THEMES[theme]] for name, kind in ONTOLOGY.types.items()
        }
        assert {name: c for name, c in colours.items() if contrast(c, paper) < least} == {}
        assert {name: c for name, c in colours.items() if contrast(c, card) < 3} == {}


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
    looks = {colour: lab(linear(colour)) for colour in colours}
    close = [(a, b) for a, b in combinations(colours, 2) if np.linalg.norm(looks[a] - looks[b]) < 8]
    assert close == []


def faint(pairs: Iterable[tuple[str, str]], least: float) -> list[tuple[str, str, str]]:
    """The pairs of variables, with the theme, whose contrast is less."""
    return [
        (front, ground, theme)
        for (front, ground), (theme, side) in product(pairs, THEMES.items())
        if contrast(VARIABLES[front][side], VARIABLES[ground][side]) < least
    ]


def test_texts_are_legible() -> None:
    """4.5 to 1 for every text on every ground that it may stand on (WCAG 2.2, 1.4.3)."""
    assert faint([*product(TEXTS, GROUNDS), *PAIRS], 4.5) == []


def test_texts_are_legible_on_mixed_grounds() -> None:
    """So are those on a tint: a row that is selected is a little red."""
    assert MIXED
    for (tint, percent, ground), text, side in product(MIXED, TEXTS, THEMES.values()):
        parts = [int(percent) / 100, 1 - int(percent) / 100]
        pair = zip(parts, (VARIABLES[tint][side], VARIABLES[ground][side]), strict=True)
        rgb = sum(part * np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for part, c in pair)
        colour = "#" + "".join(f"{round(value):02x}" for value in rgb)
        assert contrast(VARIABLES[text][side], colour) >= 4.5, (text, tint, ground, side)


def test_graphics_are_visible() -> None:
    """3 to 1 for what has to be seen (WCAG 2.2, 1.4.11)."""
    assert faint(product(GRAPHICS, GROUNDS), 3) == []


def test_every_colour_of_the_sheets_is_checked() -> None:
    """A colour that is none of these variables would escape the tests above."""
    names = {*GROUNDS, *TEXTS, *GRAPHICS, *DECORATION, *(name for pair in PAIRS for name in pair)}
    assert VARIABLES.keys() == names
    used = re.findall(r"[\s;{]color: ([^;}]+)", SHEETS)
    grounds = re.findall(r"background(?:-color)?: ([^;}]+)", SHEETS)
    texts = {f"var(--{name})" for name in (*TEXTS, *(text for text, _ in PAIRS))}
    assert {value for value in used if not value.startswith("light-dark")} <= texts
    plain = {f"var(--{name})" for name in (*GROUNDS, *GRAPHICS, *DECORATION)} | {"none"}
    # A gradient is a control's track, what is mixed is tested above, what lets through is paper.
    mixed = ("linear-gradient(", "color-mix(in srgb, var(--")
    assert {v for v in grounds if not v.startswith(mixed)} <= plain
    # Beside these there are shadows alone; the colours of the types come from the ontology.
    rules = re.sub(r":root \{.*?\}", "", SHEETS, count=1, flags=re.DOTALL)
    assert not re.findall(r"[\w-]+:[^;{}]*#[0-9a-fA-F]{3,8}\b", rules)


def corners(path: str) -> list[np.ndarray]:
    """The outlines of a path of `shapes.PATHS`, as points; an arc is half a circle."""
    outlines: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, text in re.findall(r"([MLHVAZ])([^MLHVAZ]*)", path):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", text)]
        if command == "A":
            turn = np.linspace(0, np.pi, 24) + (0 if x > 0 else np.pi)
            way = 1 if numbers[4] else -1
            outlines[-1] += [
                (numbers[0] * np.cos(a), way * numbers[0] * np.sin(a)) for a in turn.tolist()
            ]
            x, y = numbers[5], numbers[6]
        elif command in "HV":
            x, y = (numbers[0], y) if command == "H" else (x, numbers[0])
            outlines[-1].append((x, y))
        elif command in "ML":
            outlines += [[]] if command == "M" else []
            for x, y in zip(numbers[::2], numbers[1::2], strict=True):
                outlines[-1].append((x, y))
    return [np.array(outline) for outline in outlines]


def fill(path: str) -> np.ndarray:
    """Which points of a grid over the box lie within a path, by the even-odd rule."""
    grid = np.linspace(-12, 12, 97) + 0.001
    x, y = np.meshgrid(grid, grid)
    inside = np.zeros(x.shape, dtype=bool)
    for outline in corners(path):
        for (ax, ay), (bx, by) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
            if ay != by:
                crosses = (ay > y) != (by > y)
                inside ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return inside


FILLS = {name: fill(path) for name, path in PATHS.items()}


def shared(one: str, other: str) -> float:
    """Which part of their joint area two shapes share."""
    a, b = FILLS[one], FILLS[other]
    return float((a & b).sum() / (a | b).sum())


def test_shapes_are_read_as_they_are_drawn() -> None:
    """The grid finds the areas that geometry says: a circle's, a square's, a ring's."""
    step = (24 / 96) ** 2
    assert FILLS["dot"].sum() * step == pytest.approx(np.pi * 9.6**2, rel=0.02)
    assert FILLS["square"].sum() * step == pytest.approx(17.6**2, rel=0.03)
    assert FILLS["ring"].sum() * step == pytest.approx(np.pi * (10.2**2 - 5.2**2), rel=0.03)


def alike() -> list[tuple[str, str]]:
    """The pairs of types whose shapes are alike, by their area or to a person."""
    shapes = {name: t.shape for name, t in ONTOLOGY.types.items()}
    pairs = [(a, b) for a, b in combinations(shapes, 2) if shared(shapes[a], shapes[b]) >= ALIKE]
    return sorted({*pairs, *ALIKE_TO_A_PERSON})


def test_what_a_picture_has_in_grey_is_told_apart_by_shape() -> None:
    """However a shape is turned: a cross is a plus to whoever sees it for a moment."""
    grey = [t.shape for name, t in ONTOLOGY.types.items() if name not in LEADING]
    x, y = np.meshgrid(np.linspace(-12, 12, 97), np.linspace(-12, 12, 97))
    for one, other in combinations(grey, 2):
        for turn in np.linspace(0, np.pi, 8, endpoint=False):
            # Each point of the grid is looked up where the turn takes it.
            columns = (np.cos(turn) * x - np.sin(turn) * y + 12) * 4
            rows = (np.sin(turn) * x + np.cos(turn) * y + 12) * 4
            within = (columns >= 0) & (columns <= 96) & (rows >= 0) & (rows <= 96)
            at = (np.clip(rows, 0, 96).astype(int), np.clip(columns, 0, 96).astype(int))
            turned = FILLS[other][at] & within
            both, either = FILLS[one] & turned, FILLS[one] | turned
            assert both.sum() / either.sum() < ALIKE, (one, other, turn)


@pytest.mark.parametrize("theme", ["colour", "dark"])
@pytest.mark.parametrize("blindness", MACHADO)
def test_any_two_types_differ_in_shape_or_in_colour(blindness: str, theme: str) -> None:
    """To every kind of colour vision: another outline, or a colour that is told apart."""
    matrix = np.array(MACHADO[blindness])
    looks = {
        name: lab(np.clip(matrix @ linear(getattr(t, theme)), 0, 1))
        for name, t in ONTOLOGY.types.items()
    }
    apart = {pair: float(np.linalg.norm(looks[pair[0]] - looks[pair[1]])) for pair in alike()}
    assert {pair: round(d, 1) for pair, d in apart.items() if d < APART} == {}
