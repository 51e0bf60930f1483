"""The card of a page: the picture that sites and messengers show of a link to it (Open Graph)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape, unescape
from importlib.resources import files

import resvg_py

from graph.language import gettext
from graph.ontology import ONTOLOGY
from viz.network import letters

#: What the large networks ask for, in pixels.
WIDTH, HEIGHT = 1200, 630
_MARGIN = 56
#: Where the words begin and where the picture ends, from the top.
_TOP, _BOTTOM = 40.0, HEIGHT - 92.0
#: The sizes of the title and of the text, the largest first: the first that leaves room is taken.
_SIZES = ((64, 34), (54, 30), (46, 26), (40, 24), (34, 22), (28, 20), (24, 17), (20, 14))
#: The height that supply lines take at the most, and the least scale at which they can be read.
_MOST_HEIGHT, _LEAST_SCALE = 330, 0.6
#: How wide a letter is on average, in parts of its size.
_LETTER = 0.52
#: The page's own words and picture. Its template writes no quotation mark into them.
_TITLE = re.compile(r'<meta property="og:title" content="([^"]*)">')
_TEXT = re.compile(r'<meta name="description" property="og:description" content="([^"]*)">')
_LINES = re.compile(
    r'<svg class="supply side-by-side" viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>(.*?)</svg>', re.DOTALL
)
_FONT = "Open Sans"
_STYLE = """
text { font-family: 'Open Sans', sans-serif; fill: #14171c }
.address, .lane, .words { fill: #4f5763 }
.name, .lane, .thread text { font-weight: 600 }
.supply text { font-size: 13px }
.words { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
.words .verb { fill: #14171c }
.owner rect { fill: none; stroke: #d3d7dd; stroke-dasharray: 3 3 }
.solid, .dashed, .dotted, .twin { fill: none; stroke: #7d8591 }
.dashed { stroke-dasharray: 7 4 }
.dotted { stroke-dasharray: 2 4 }
.twin { stroke-dasharray: 1 4 }
.faint { opacity: 0.5 }
.wide-target { fill: none }
.head { fill: #7d8591 }
.thread .solid, .thread .dashed, .thread .dotted { stroke: #b3261e }
.thread .head { fill: #b3261e }
.read { fill: #ffffff; stroke: #14171c }
.described text { font-style: italic }
.described path { fill-opacity: 0.15 }
"""


def card(page: str, address: str) -> bytes:
    """Return the card of a page as a PNG of `WIDTH` by `HEIGHT` pixels: see `card_picture`."""
    return resvg_py.svg_to_bytes(
        svg_string=card_picture(page, address),
        style_sheet=_style(),
        font_files=_fonts(),
        font_family=_FONT,
    )


def card_picture(page: str, address: str) -> str:
    """Return the card of a page of this package, as SVG that needs the style of `card`.

    It has the title, the description with the documents that the page rests on, the supply lines,
    where there is room to read them, and the address. A text is not cut, since its caution stands
    at its end: what is too long for a card is left out, title and all.
    """
    title, text = (_content(pattern, page) for pattern in (_TITLE, _TEXT))
    parts = [*_words(title, text, page), _line(HEIGHT - 36, 20, address, "address")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f'<rect width="{WIDTH}" height="10" fill="#0072b2"/>{"".join(parts)}</svg>'
    )


def _content(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    return unescape(match[1]) if match else ""


def _words(title: str, text: str, page: str) -> Iterator[str]:
    """Yield title, text and picture in the largest size that has room for all three, or for two."""
    drawing = _LINES.search(page)
    for lines in (drawing, None) if drawing else (None,):
        for size, small in _SIZES:
            titles, texts = _wrapped(title, size), _wrapped(text, small)
            end = _TOP + size * 1.25 * len(titles) + 14 + small * 1.4 * len(texts)
            picture = _picture(lines, end + 24) if lines else ""
            if end <= _BOTTOM and bool(picture) == bool(lines):
                yield from _lines(_TOP, size * 1.25, size, titles, "name")
                yield from _lines(end - small * 1.4 * len(texts), small * 1.4, small, texts)
                yield picture
                if 'class="read"' in picture:
                    yield from _legend()
                return
    yield from _lines(_TOP, 40, 30, ["Sightlines"], "name")


def _legend() -> Iterator[str]:
    """Yield what the ring on a line means: without it the line says more than its source."""
    y = HEIGHT - 66
    yield f'<circle class="read" cx="{_MARGIN + 5}" cy="{y - 6}" r="5"/>'
    words = gettext("Who is meant on this side is a reading of the editors.")
    yield f'<g transform="translate(18 0)">{_line(y, 18, words, "address")}</g>'


def _lines(
    y: float, height: float, size: float, texts: Sequence[str], kind: str = ""
) -> Iterator[str]:
    for number, text in enumerate(texts, 1):
        yield _line(y + number * height, size, text, kind)


def _picture(lines: re.Match[str], top: float) -> str:
    """Return supply lines (`_LINES`) below a height; empty if they cannot be read there."""
    width, height, drawing = float(lines[1]), float(lines[2]), lines[3]
    room = min(_BOTTOM - top, _MOST_HEIGHT)
    scale = min((WIDTH - 2 * _MARGIN) / width, room / height)
    if scale < _LEAST_SCALE:
        return ""
    return (
        f'<svg class="supply" x="{_MARGIN}" y="{top:.0f}" width="{width * scale:.0f}" '
        f'height="{height * scale:.0f}" viewBox="0 0 {lines[1]} {lines[2]}">{drawing}</svg>'
    )


def _wrapped(text: str, size: float) -> list[str]:
    wide = letters(text) / (len(text) or 1)
    return textwrap.wrap(text, int((WIDTH - 2 * _MARGIN) / (size * _LETTER * wide or 1)))


def _line(y: float, size: float, text: str, kind: str = "") -> str:
    return (
        f'<text class="{kind}" x="{_MARGIN}" y="{y:.0f}" font-size="{size}">{escape(text)}</text>'
    )


@cache
def _style() -> str:
    colours = (f".type-{name} {{ fill: {t.colour} }}\n" for name, t in ONTOLOGY.types.items())
    return _STYLE + "".join(colours)


@cache
def _fonts() -> list[str]:
    """The files of the font; for scripts that it lacks, the system's own fonts serve."""
    folder = files("ttf_opensans") / "ttf"
    names = ("Regular", "SemiBold", "Italic", "SemiBoldItalic")
    return [str(folder / f"OpenSans-{name}.ttf") for name in names]
