"""The geometry of supply lines: the lanes from left to right, and from top to bottom on a phone.

Lengths are in pixels. Heights in a lane are as near to the means of the neighbours as their order
and their sizes let them be: isotonic regression by pooling adjacent violators (Barlow and others
1972). Widths of texts are estimates, since the server knows no font.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, pairwise
from statistics import fmean

from graph.language import gettext
from graph.ontology import ONTOLOGY
from viz.network import letters
from viz.supply_lines import (
    LANES,
    ROUNDS,
    Cell,
    Column,
    Grid,
    Label,
    Line,
    Pass,
    Place,
    grid,
    group,
    supply_lines,
)
from viz.view import GraphView, Ref

#: The widths of a letter in a name and in a label, the height of a line of text, the margin.
LETTER, SMALL, LINE, MARGIN = 6.8, 6.1, 16.0, 10.0
#: The widths of a lane and of the room between two.
LANE, ROOM = 184.0, 290.0
#: What a line needs to rise or fall to its label.
BEND = 44.0
#: On a phone: the width of the picture, of a track beside the names, and the height of a line of a
#: label. A name keeps 24 pixels, which a finger needs.
NARROW, TRACK, DENSE = 344.0, 8.0, 14.0
#: From a place's edge to its name, behind the shape.
SHAPE = 26.0


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of text around a point: names begin there, labels are centred above it."""

    x: float
    y: float
    lines: tuple[str, ...]
    detail: tuple[str, ...] = ()
    letter: float = LETTER
    margin: float = 12.0
    line: float = LINE

    @property
    def width(self) -> float:
        """The width of the longest line."""
        return max((_width(text, self.letter) for text in (*self.lines, *self.detail)), default=0.0)

    @property
    def height(self) -> float:
        """The height of all lines, with a margin."""
        return self.line * (len(self.lines) + len(self.detail)) + self.margin


@dataclass(frozen=True, slots=True)
class Box:
    """The frame around a state and what belongs to it; `ref` is the state where it has no place."""

    ref: Ref | None
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line as path data, where it arrives, and the points on either side of its label."""

    line: Line
    path: str
    end: tuple[float, float]
    sides: tuple[tuple[float, float], tuple[float, float]]

    @property
    def marks(self) -> Iterator[tuple[float, float]]:
        """The points on the sides of those ends that are a reading of the editors."""
        return compress(self.sides, self.line.inferred)


@dataclass(frozen=True)
class Picture:
    """One form of the picture; `wide` has the lanes side by side."""

    lines: Sequence[Line]
    wide: bool

    @cached_property
    def grid(self) -> Grid:
        """Lanes, and labels between them, in their order."""
        return grid(self.lines, narrow=not self.wide)

    @cached_property
    def texts(self) -> Mapping[Cell, Text]:
        """Names and labels where they stand."""
        return self._side_by_side() if self.wide else self._one_below_another()

    @property
    def labels(self) -> Iterator[tuple[Label, Text]]:
        """The words of the lines."""
        for label in self.grid.labels:
            yield label, self.texts[label]

    @property
    def width(self) -> float:
        """The width of the picture."""
        lanes = (len(self.grid.columns) + 1) // 2
        return 2 * MARGIN + lanes * LANE + (lanes - 1) * ROOM if self.wide else NARROW

    @property
    def height(self) -> float:
        """The height of the picture."""
        below = 20 if self.wide else 6
        return max(text.y + text.height / 2 for text in self.texts.values()) + below

    @property
    def heads(self) -> Iterator[Text]:
        """The titles of the lanes."""
        for column in self.grid.columns[::2]:
            lane = next(it.lane for it in column if isinstance(it, Place))
            title = gettext(ONTOLOGY.lanes[LANES[lane]].label)
            above = min(self.texts[it].y - self.texts[it].height / 2 for it in column)
            framed = isinstance(column[0], Place) and column[0].owner
            y = 18 if self.wide else above - (26 if framed else 6)
            yield Text(self.texts[column[0]].x, y, (title,))

    @property
    def places(self) -> Iterator[tuple[Place, Text]]:
        """The places with their names."""
        for it, text in self.texts.items():
            if isinstance(it, Place):
                yield it, text

    @property
    def boxes(self) -> Iterator[Box]:
        """The frames, each around what stands together and belongs to one entity."""
        for column in self.grid.columns[::2]:
            run: list[Place] = []
            for it in [*column, None]:
                if run and (not isinstance(it, Place) or group(it) != group(run[0])):
                    if run[-1].owner:
                        yield self._box(run[-1].owner, run)
                    run = []
                if isinstance(it, Place):
                    run.append(it)

    def _box(self, owner: Ref, run: Sequence[Place]) -> Box:
        texts = [self.texts[place] for place in run]
        top = texts[0].y - texts[0].height / 2 - (24 if run[0].owner else 2)
        left = texts[0].x - 8
        width = LANE + 12 if self.wide else NARROW - left - 4
        head = owner if run[0].owner else None
        return Box(head, left, top, width, texts[-1].y + texts[-1].height / 2 + 4 - top)

    @property
    def strokes(self) -> Iterator[Stroke]:
        """The lines."""
        draw = self._across if self.wide else self._beside
        for label in self.grid.labels:
            for line in label.lines:
                yield draw(label, line)

    @property
    def twins(self) -> Iterator[str]:
        """Path data of the thin lines between two places of one entity; none on a phone."""
        first: dict[str, Text] = {}
        for place, text in self.places if self.wide else ():
            if place.ref.id and place.ref.id in first:
                start = first[place.ref.id]
                yield _curve(start.x + SHAPE + start.width + 4, start.y, text.x - 4, text.y)
            first.setdefault(place.ref.id, text)

    def _side_by_side(self) -> dict[Cell, Text]:
        texts = {}
        for number, column in enumerate(self.grid.columns):
            x = MARGIN + number // 2 * (LANE + ROOM)
            for it in column:
                at = x + LANE + ROOM / 2 if isinstance(it, Label) else x
                texts[it] = _text(it, at, 0, LANE - SHAPE, ROOM - BEND)
        beside = self.grid.beside
        heights = {it: 0.0 for it in texts}
        for column in self.grid.columns:
            heights |= zip(column, _apart([0.0] * len(column), _gaps(column, texts)), strict=True)
        for turn in range(ROUNDS):
            for column in self.grid.columns if turn % 2 == 0 else self.grid.columns[::-1]:
                wishes = [fmean(heights[each] for each in beside[it]) for it in column]
                heights |= zip(column, _apart(wishes, _gaps(column, texts)), strict=True)
        top = min(heights[it] - texts[it].height / 2 for it in texts)
        down = 44 - top
        return {it: replace(text, y=round(heights[it] + down, 1)) for it, text in texts.items()}

    def _one_below_another(self) -> dict[Cell, Text]:
        x = 2 * MARGIN + TRACK * (max(self._tracks.values(), default=0) + 1)
        texts, y = {}, 0.0
        for number, column in enumerate(self.grid.columns):
            y += 2 if number % 2 else 22
            before: Cell | None = None
            for it in column:
                if before is None or group(it) != group(before):
                    framed = isinstance(it, Place) and it.owner
                    after = isinstance(before, Place) and before.owner
                    y += 22 if framed else 6 if after else 0
                before = it
                text = _text(it, x, y, NARROW - x - SHAPE - 6, NARROW - x - 6, narrow=True)
                texts[it] = replace(text, y=y + text.height / 2)
                y += text.height
        return texts

    @cached_property
    def _tracks(self) -> Mapping[Label, int]:
        """The track of each label: no two on one track overlap."""
        order = {it: n for n, it in enumerate(it for column in self.grid.columns for it in column)}
        spans = {
            label: sorted(order[place] for place in label.places) for label in self.grid.labels
        }
        ends: list[int] = []
        tracks = {}
        for label in sorted(spans, key=lambda each: (spans[each], order[each])):
            first, *_, last = spans[label]
            track = next((n for n, end in enumerate(ends) if end < first), len(ends))
            ends[track : track + 1] = [last]
            tracks[label] = track
        return tracks

    def _across(self, label: Label, line: Line) -> Stroke:
        source, words, target = (self.texts[it] for it in (line.source, label, line.target))
        points = [(source.x + SHAPE + source.width + 4, source.y)]
        y = words.y + words.height / 2 - 4
        level = min(words.width, ROOM - 2 * BEND) / 2
        points += [(words.x - level, y), (words.x + level, y)]
        for cell in self.grid.passes[label]:
            at = self.texts[cell]
            points += [(at.x, at.y), (at.x + LANE, at.y)]
        points.append((target.x - 4, target.y))
        path = "".join(_curve(*one, *other) for one, other in pairwise(points))
        return Stroke(line, path, points[-1], (points[1], points[2]))

    def _beside(self, label: Label, line: Line) -> Stroke:
        source, words, target = (self.texts[it] for it in (line.source, label, line.target))
        start, end = (source.x - 4, source.y), (target.x - 4, target.y)
        x = source.x - TRACK * (self._tracks[label] + 1.6)
        path = (
            f"M{start[0]:.1f} {start[1]:.1f}H{x + 5:.1f}q-5 0 -5 5"
            f"V{end[1] - 5:.1f}q0 5 5 5H{end[0]:.1f}"
            f"M{x:.1f} {words.y:.1f}H{words.x - 4:.1f}"
        )
        return Stroke(line, path, end, ((x, words.y - 10), (x, words.y + 10)))


def _text(it: Cell, x: float, y: float, name: float, words: float, *, narrow: bool = False) -> Text:
    """The words of a name or a label, broken to a width; none where lines only pass."""
    match it:
        case Place():
            return Text(x, y, _wrap(it.ref.text, name), margin=8 if narrow else 12)
        case Label() if narrow:
            # The whole is in the title of each line, and behind it.
            texts = _wrap(" ".join(filter(None, (it.verb, it.things))), words, SMALL, most=2)
            detail = _wrap(it.brief, words, SMALL)
            return Text(x, y, texts, detail, SMALL, margin=6, line=DENSE)
        case Label():
            parts = [t for text in (it.verb, it.things) for t in _wrap(text, words, SMALL)]
            return Text(x, y, tuple(parts), _wrap(it.detail, words, SMALL), SMALL)
        case Pass():
            return Text(x, y, (), margin=2 if narrow else 12)


def _wrap(text: str, width: float, letter: float = LETTER, most: int = 3) -> tuple[str, ...]:
    """A text in as few lines as it needs, about equally long; no line begins with a dot."""
    text = text.replace(" · ", "\u00a0· ")
    mean = _width(text, letter) / max(len(text), 1)
    longest = max(int(width / max(mean, 1.0)), 8)
    lines = _lines(text, longest, most)
    shorter = range(longest * 2 // 3, longest) if len(lines) > 1 else ()
    each = (_lines(text, length, most) for length in shorter)
    return next((other for other in each if _same(other, lines)), lines)


def _lines(text: str, letters_a_line: int, most: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, letters_a_line, max_lines=most, placeholder=" …"))


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two ways to break a text have as many lines and say as much."""
    return len(one) == len(other) and " ".join(one) == " ".join(other)


def _width(text: str, letter: float) -> float:
    """An estimate: capitals are wider than the mean letter."""
    return letter * (letters(text) + 0.3 * sum(c.isupper() for c in text))


def _gaps(column: Column, texts: Mapping[Cell, Text]) -> list[float]:
    """The least distances between the centres of neighbours in a column."""
    gaps = []
    for one, other in pairwise(column):
        gap = (texts[one].height + texts[other].height) / 2
        if isinstance(one, Place) and isinstance(other, Place) and group(one) != group(other):
            gap += 14 + (28 if other.owner else 0)
        gaps.append(gap)
    return gaps


def _apart(wishes: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The values nearest to the wishes, by squares, that keep their order and these distances."""
    offsets = [0.0] if wishes else []
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, size = wish - offset, 1
        while pools and pools[-1][0] > mean:
            before, number = pools.pop()
            mean = (before * number + mean * size) / (number + size)
            size += number
        pools.append((mean, size))
    values = [mean for mean, size in pools for _ in range(size)]
    return [value + offset for value, offset in zip(values, offsets, strict=True)]


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """A curve that leaves and arrives level."""
    half = (x + to_x) / 2
    return f"M{x:.1f} {y:.1f}C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


@dataclass(frozen=True)
class Supply:
    """The supply lines of a graph page, in both forms; falsy where it has none.

    `thread` has the ids of the entities of a sentence: the lines between them are marked.
    """

    view: GraphView
    thread: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The lines, the best supported first."""
        return supply_lines(self.view)

    def marked(self, line: Line) -> bool:
        """Whether a line is one of those that the sentence is about."""
        return {line.source.ref.id, line.target.ref.id} <= self.thread

    def strokes(self, picture: Picture) -> list[Stroke]:
        """The lines of a picture, those that the sentence is about above the others."""
        return sorted(picture.strokes, key=lambda stroke: self.marked(stroke.line))

    @property
    def threaded(self) -> bool:
        """Whether any is."""
        return any(self.marked(line) for line in self.lines)

    @property
    def wide(self) -> Picture:
        """The lanes from left to right."""
        return Picture(self.lines, wide=True)

    @property
    def narrow(self) -> Picture:
        """The lanes from top to bottom."""
        return Picture(self.lines, wide=False)

    @property
    def styles(self) -> dict[str, str]:
        """The labels of the statuses that have a line of their own here, by its style."""
        used = {line.row.status for line in self.lines}
        statuses = {name: status for name, status in ONTOLOGY.statuses.items() if name in used}
        return {status.line: gettext(status.label) for status in statuses.values()}

    @property
    def inferred(self) -> bool:
        """Whether an end of a line is a reading of the editors."""
        return any(any(line.inferred) for line in self.lines)

    @property
    def described(self) -> bool:
        """Whether a place has a description and no name."""
        return any(end.ref.described for line in self.lines for end in (line.source, line.target))

    @property
    def gathered(self) -> int:
        """The number of entities that share a place with others."""
        places = {place for line in self.lines for place in (line.source, line.target)}
        return sum(len(place.gathered) for place in places)
