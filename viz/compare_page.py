"""Two moments side by side: which ties appeared, which went, and which changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graph.dates import Match
from graph.model import Subgraph, Tie
from graph.ontology import ONTOLOGY
from viz import words
from viz.frame import Frame
from viz.links import Links
from viz.page import content_page
from viz.view import Row, View
from viz.visit import NO_VISIT, Visit

TITLE = "Compare two dates"
LEAD = "What changed between two dates: new, gone, different."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two moments: the world on a day, as it could be known by another; None is any."""

    as_of: date | None = None
    known_by: date | None = None

    @property
    def words(self) -> str:
        """`at the end of 31 December 2010, as known by 1 March 2023`."""
        day = _day(self.as_of)
        said = f"at the end of {day}" if day else "at any time"
        known = _day(self.known_by)
        return f"{said}, as known by {known}" if known else said


@dataclass(frozen=True, slots=True)
class State:
    """How a tie is at one moment; `line` is empty where it is not there."""

    line: str
    status: str
    support: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A tie in words, and how it is on either side."""

    row: Row
    left: State
    right: State


@dataclass(frozen=True, slots=True)
class Section:
    """Ties that the same happened to."""

    id: str
    title: str
    items: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was filled in: texts, for whatever was typed."""

    left: str = ""
    right: str = ""
    left_known_by: str = ""
    right_known_by: str = ""
    certain: bool = False
    entity: str = ""


@dataclass(frozen=True)
class CompareWords:
    """What stands on the page; without `sides` nobody has asked yet."""

    asked: Asked
    problem: str = ""
    sides: tuple[Side, Side] | None = None
    sections: tuple[Section, ...] = ()
    alike: str = ""
    left_out: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


Pairs = Sequence[tuple[Tie | None, Tie | None]]


def compare_page(
    asked: Asked,
    *,
    links: Links,
    sides: tuple[Side, Side] | None = None,
    pairs: Pairs = (),
    graph: Subgraph | None = None,
    alike: int = 0,
    left_out: int = 0,
    problem: str = "",
    visit: Visit = NO_VISIT,
) -> str:
    """Return the page. `pairs` are ties that differ, as they are on either side (None: absent)."""
    graph = graph or Subgraph({}, ())
    view = View(graph, TITLE, LEAD, links, {}, graph.names, visit.snapshot)
    told = CompareWords(
        asked=asked,
        problem=problem,
        sides=sides,
        sections=_sections(view, pairs),
        alike=words.count(alike, "connection is", "connections are"),
        left_out=words.count(left_out, "more") if left_out else "",
        names={i: entity.label for i, entity in graph.entities.items()},
    )
    frame = Frame(links, TITLE, LEAD, here="compare", snapshot=visit.snapshot)
    return content_page("compare.html", frame, view=view, told=told, visit=visit)


def _sections(view: View, pairs: Pairs) -> tuple[Section, ...]:
    rows = {row.key: row for row in view.rows}
    found: dict[str, list[Difference]] = {"appeared": [], "went": [], "changed": []}
    for left, right in pairs:
        tie = right or left
        if tie is None:
            continue
        name = "appeared" if left is None else "went" if right is None else "changed"
        found[name].append(Difference(rows[str(tie.key)], _state(left), _state(right)))
    return tuple(
        Section(name, _TITLES[name], tuple(sorted(items, key=_order)))
        for name, items in found.items()
    )


_TITLES = {"appeared": "New", "went": "Gone", "changed": "Different"}


def _order(found: Difference) -> tuple[str, str, str]:
    return found.row.source.text, found.row.relation, found.row.target.text


def _state(tie: Tie | None) -> State:
    if tie is None:
        return State("", "not recorded", "")
    status = ONTOLOGY.statuses[tie.status]
    marks = ["disputed"] * tie.disputed + ["possibly"] * (tie.match is Match.POSSIBLY)
    return State(
        line="struck" if tie.disputed else status.line,
        status=", ".join([status.label, *marks]),
        support=words.count(tie.origins, "independent origin"),
    )


def _day(day: date | None) -> str:
    return words.edtf(day.isoformat()) if day else ""
