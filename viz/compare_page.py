"""Two dates side by side: which ties are new, gone and different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from graph.dates import Match
from graph.language import count, gettext, mark
from graph.model import Subgraph, Tie, TieKey
from graph.ontology import ONTOLOGY
from graph.tables import Kind
from graph.wording import day_in_words
from viz import words
from viz.frame import Frame
from viz.links import Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.page_table import PageTable, tie_table
from viz.view import SUPPLY_TYPES, GraphView, Row

TITLE = mark("Compare two dates")
LEAD = mark("What changed between two dates: new, gone, different.")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two moments: a day, and the day by which it was known; None is any."""

    as_of: date | None = None
    known_by: date | None = None

    @property
    def words(self) -> str:
        """`at the end of 31 December 2010, as known by 1 March 2023`."""
        day = _day(self.as_of)
        text = gettext("at the end of %(day)s", day=day) if day else gettext("at any time")
        known_by = _day(self.known_by)
        if not known_by:
            return text
        return gettext("%(time)s, as known by %(day)s", time=text, day=known_by)


@dataclass(frozen=True, slots=True)
class TieState:
    """A tie at one moment; `line` is empty where the tie is absent."""

    line: str
    status: str
    support: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A tie in words, with its state on either side; `also` are ties that its claims draw too."""

    row: Row
    left: TieState
    right: TieState
    also: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class DifferenceSection:
    """Ties with the same kind of difference."""

    id: str
    title: str
    items: tuple[Difference, ...]
    graph_page: str

    @property
    def number(self) -> int:
        """The number of ties."""
        return sum(1 + len(item.also) for item in self.items)


@dataclass(frozen=True, slots=True)
class CompareForm:
    """The values of the form, as typed."""

    left: str = ""
    right: str = ""
    left_known_by: str = ""
    right_known_by: str = ""
    certain: bool = False
    entity: str = ""


@dataclass(frozen=True)
class CompareWords:
    """The content of the page; without `sides` the form has not been sent."""

    form: CompareForm
    problem: str = ""
    sides: tuple[Side, Side] | None = None
    sections: tuple[DifferenceSection, ...] = ()
    alike: str = ""
    left_out: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[tuple[str, str], ...] = ()


Pairs = Sequence[tuple[Tie | None, Tie | None]]


def compare_page(
    form: CompareForm,
    *,
    links: Links,
    sides: tuple[Side, Side] | None = None,
    pairs: Pairs = (),
    graph: Subgraph | None = None,
    alike: int = 0,
    left_out: int = 0,
    problem: str = "",
    years: Sequence[int] = (),
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page. `pairs` are ties that differ, as they are on either side (None: absent).

    `years` are those of the dates in the data, in order: a page without sides offers two of them.
    """
    graph = graph or Subgraph({}, ())
    title, lead = gettext(TITLE), gettext(LEAD)
    view = GraphView(graph, title, lead, links, {}, graph.names, metadata.snapshot)
    comparison = CompareWords(
        form=form,
        problem=problem,
        sides=sides,
        sections=_sections(view, pairs),
        alike=count(
            alike,
            "%(num)s connection is the same on both dates; most of those have no date, "
            "so they may have held on either.",
            "%(num)s connections are the same on both dates; most of those have no date, "
            "so they may have held on either.",
        ),
        left_out=count(
            left_out,
            "%(num)s more that differs is not shown, the weakest first: open an entity’s page to "
            "compare its connections.",
            "%(num)s more that differ are not shown, the weakest first: open an entity’s page to "
            "compare its connections.",
        )
        if left_out
        else "",
        names={i: entity.label for i, entity in graph.entities.items()},
        offers=_offers(years),
    )
    frame = Frame(links, title, lead, here="compare", snapshot=metadata.snapshot, basis=view.basis)
    return content_page("compare.html", frame, view=view, comparison=comparison, metadata=metadata)


def compare_table(pairs: Pairs, graph: Subgraph, *, links: Links) -> PageTable:
    """Return the connections that differ, each with its state on either date."""
    view = GraphView(graph, "", "", links, {}, graph.names, None)
    rows, states = [], []
    for section in _sections(view, pairs):
        for item in section.items:
            for row in (item.row, *item.also):
                rows.append(((section.id,), row))
                states.append(
                    (item.left.status, item.left.support, item.right.status, item.right.support)
                )
    columns: list[tuple[str, Kind]] = [
        (f"{side}_{name}", "text") for side in ("left", "right") for name in ("status", "support")
    ]
    return tie_table([("difference", "text")], rows, columns, states)


def _offers(years: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """The first and the last year, and the last two."""
    pairs = [(years[0], years[-1]), tuple(years[-2:])] if len(years) > 1 else []
    return tuple(dict.fromkeys((str(left), str(right)) for left, right in pairs))


def _sections(view: GraphView, pairs: Pairs) -> tuple[DifferenceSection, ...]:
    sections: dict[str, list[Difference]] = {"appeared": [], "went": [], "changed": []}
    for left, right in pairs:
        tie = right or left
        if tie is None:
            continue
        name = "appeared" if left is None else "went" if right is None else "changed"
        sections[name].append(Difference(view.row(tie), _tie_state(left), _tie_state(right)))
    return tuple(
        DifferenceSection(
            name,
            gettext(_TITLES[name]),
            tuple(_by_claims(sorted(items, key=_order))),
            view.links.graph_of(TieKey(*item.row.key.split("/")) for item in items),
        )
        for name, items in sections.items()
    )


def _by_claims(items: Iterable[Difference]) -> list[Difference]:
    """Fold a tie into one before it whose claims draw it too, and that differs in the same way."""
    folded: list[Difference] = []
    for item in items:
        ids = {card.id for card in item.row.cards}
        for number, other in enumerate(folded):
            same = (item.left, item.right) == (other.left, other.right)
            if same and ids <= {card.id for card in other.row.cards}:
                folded[number] = replace(other, also=(*other.also, item.row))
                break
        else:
            folded.append(item)
    return folded


_TITLES = {"appeared": mark("New"), "went": mark("Gone"), "changed": mark("Different")}


def _order(it: Difference) -> tuple[int, str, str, str]:
    """Who supplies whom and what it is used for come first, as in every list of ties."""
    first = SUPPLY_TYPES.index(it.row.type) if it.row.type in SUPPLY_TYPES else len(SUPPLY_TYPES)
    return first, it.row.source.text, it.row.relation, it.row.target.text


def _tie_state(tie: Tie | None) -> TieState:
    if tie is None:
        return TieState("", gettext("not recorded"), "")
    status = ONTOLOGY.statuses[tie.status]
    marks = [gettext("disputed")] * tie.disputed
    marks += [gettext("possibly")] * (tie.match is Match.POSSIBLY)
    return TieState(
        line="struck" if tie.disputed else status.line,
        status=", ".join([gettext(status.label), *marks]),
        support=words.independent_accounts(tie.independent),
    )


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""
