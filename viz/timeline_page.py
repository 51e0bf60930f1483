"""Claims on a time axis: solid where the date is certain, faded where it is only possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from graph import dates
from graph.dates import EVER, NEVER, PLAIN
from graph.language import gettext, mark
from graph.model import Claim, Subgraph
from graph.ontology import ONTOLOGY
from graph.projection import claim_window
from viz.active_filters import NO_FILTERS, Filters
from viz.frame import Frame
from viz.links import Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.view import Card, GraphView, Ref

TITLE = mark("Timeline")
LEAD = mark(
    "What the sources say happened or held, in order of date. Select a line to read its evidence."
)
#: The most ticks that fit on a small screen.
_TICKS = 8
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)


@dataclass(frozen=True, slots=True)
class Bar:
    """Part of an axis, in per cent from its left end; `sure` is drawn solid."""

    start: float
    width: float
    sure: bool


@dataclass(frozen=True, slots=True)
class DatedClaim:
    """A claim on the axis."""

    card: Card
    bars: tuple[Bar, ...]
    open_start: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole years from the first on, the last one included."""

    first: int
    last: int

    @classmethod
    def over(cls, claims: Sequence[Claim]) -> Axis:
        """The years that the dates of claims name; an open end adds none."""
        spans = [dates.parse(claim.when) for claim in claims if claim.when]
        years = [day.year for span in spans for day in (span.first, span.last) if day]
        return cls(min(years, default=0), max(years, default=0))

    def place(self, day: date) -> float:
        """The position of a day, in per cent; a day beyond an end is at that end."""
        start, end = date(self.first, 1, 1).toordinal(), date(self.last, 12, 31).toordinal() + 1
        part = (day.toordinal() - start) / (end - start)
        return round(100 * min(max(part, 0.0), 1.0), 2)

    @property
    def years(self) -> range:
        """Every year of the axis; none where no claim is dated."""
        return range(self.first, self.last + 1) if self.last else range(0)

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """The labelled years, each with the position of its first day."""
        step = next(s for s in _STEPS if (self.last - self.first) / s < _TICKS)
        years = (y for y in range(self.first, self.last + 1) if y % step == 0)
        return [(year, self.place(date(year, 1, 1))) for year in years]


@dataclass(frozen=True, slots=True)
class Years:
    """A span of whole years, both included; None is open."""

    first: int | None = None
    last: int | None = None

    @property
    def first_day(self) -> date | None:
        """The day on which it begins."""
        return date(self.first, 1, 1) if self.first else None

    @property
    def last_day(self) -> date | None:
        """The day on which it ends."""
        return date(self.last, 12, 31) if self.last else None


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """The filter of the list: an entity's id, a predicate's name, years; empty is all."""

    entity: str = ""
    predicate: str = ""
    years: Years = Years()

    @property
    def params(self) -> list[tuple[str, str]]:
        """The same filter on the claims of the API; those without a date pass no years."""
        values = {
            "entity": self.entity,
            "predicate": self.predicate,
            "first_from": str(self.years.first or ""),
            "last_to": str(self.years.last or ""),
        }
        return [(name, value) for name, value in values.items() if value]


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """The content of the page.

    `undated` are claims by document; `entities` are ids and labels to choose from.
    """

    axis: Axis
    dated: tuple[DatedClaim, ...]
    undated: tuple[tuple[Ref, list[Card]], ...]
    totals: tuple[int, int]
    about: TimelineFilter
    entities: tuple[tuple[str, str], ...]
    predicates: tuple[tuple[str, str], ...]
    graph_years: str


def timeline_page(
    graph: Subgraph,
    dated: Sequence[str],
    undated: Sequence[str],
    *,
    links: Links,
    totals: tuple[int, int] | None = None,
    about: TimelineFilter = TimelineFilter(),
    filters: Filters = NO_FILTERS,
    passages: Mapping[str, str] | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page; `dated` and `undated` are ids of claims in `graph.claims`, in order.

    `totals` are how many there are of both; by default, no more than these.
    """
    name = graph.names.get(about.entity, about.entity)
    title, lead = gettext(TITLE), gettext(LEAD)
    title = gettext("%(title)s: %(subject)s", title=title, subject=name) if name else title
    view = GraphView(graph, title, lead, links, passages or {}, graph.names, metadata.snapshot)
    claims = [graph.claims[i] for i in dated]
    axis = Axis.over(claims)
    content = TimelineWords(
        axis=axis,
        dated=tuple(_dated_claim(view, axis, claim) for claim in claims),
        undated=tuple(_by_source(view, undated)),
        totals=totals or (len(dated), len(undated)),
        about=about,
        entities=tuple(sorted(graph.names.items(), key=lambda item: item[1].casefold())),
        predicates=tuple((name, gettext(p.label)) for name, p in ONTOLOGY.predicates.items()),
        graph_years=_in_the_graph(links, about, axis),
    )
    frame = Frame(links, title, lead, here="timeline", snapshot=metadata.snapshot, basis=view.basis)
    return content_page(
        "timeline.html", frame, view=view, timeline=content, filters=filters, metadata=metadata
    )


def _by_source(view: GraphView, ids: Sequence[str]) -> Iterator[tuple[Ref, list[Card]]]:
    """Yield the documents at hand with their claims, in the order of their texts."""
    order = {
        i: (claim.source, min((it.paragraph for it in claim.evidence), default=0), i)
        for i in ids
        for claim in [view.graph.claims[i]]
    }
    for _, group in groupby(sorted(ids, key=order.__getitem__), lambda i: order[i][0]):
        cards = [view.cards[i] for i in group]
        yield cards[0].source, cards


def _in_the_graph(links: Links, about: TimelineFilter, axis: Axis) -> str:
    """The address of the graph with the same filters, and with the years of the axis."""
    ties = ONTOLOGY.predicates[about.predicate].ties if about.predicate else ()
    params = [("entity", about.entity)] if about.entity else []
    params += [("type", name) for name in dict.fromkeys(tie.type for tie in ties)]
    query = f"?{urlencode(params)}" if params else ""
    first, last = about.years.first or axis.first, about.years.last or axis.last
    return f"{links.graph}{query}#years={first}-{last}"


def _dated_claim(view: GraphView, axis: Axis, claim: Claim) -> DatedClaim:
    when = dates.parse(claim.when or "")
    possible = (when.first or EVER, when.last or NEVER)
    sure = possible if _plain(claim.when or "") else _surely(view, claim)
    spans = [(possible, False), (sure, True)] if sure != possible else [(possible, True)]
    return DatedClaim(
        card=view.cards[claim.id],
        bars=tuple(_bar(axis, span, solid) for span, solid in spans if span),
        open_start=when.first is None,
        open_end=when.last is None,
    )


def _plain(edtf: str) -> bool:
    """Whether a date, or both sides of an interval, are written without a qualifier."""
    return all(PLAIN.fullmatch(side) for side in edtf.split("/"))


def _surely(view: GraphView, claim: Claim) -> tuple[date, date] | None:
    """The days on which a state certainly held; an open end ends on the day of the source."""
    source = view.graph.sources.get(claim.source)
    if source is None or ONTOLOGY.predicates[claim.predicate].kind == "event":
        return None
    window, _, _ = claim_window(claim, source)
    if window.surely_from > window.surely_to:
        return None
    return window.surely_from, window.surely_to


def _bar(axis: Axis, span: tuple[date, date], sure: bool) -> Bar:
    start, end = axis.place(span[0]), axis.place(span[1])
    # A day would be too narrow to see.
    width = max(round(end - start, 2), 0.6)
    return Bar(min(start, 100 - width), width, sure)
