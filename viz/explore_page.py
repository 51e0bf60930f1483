"""The pages that explore: the graph, or an entity with those around it, as filters leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model import Subgraph
from viz.kept import NO_FILTERS, Filters
from viz.links import Links
from viz.page import draw
from viz.view import View
from viz.visit import NO_VISIT, Visit


@dataclass(frozen=True)
class ExploreView(View):
    """A graph page, and what its address narrows it to."""

    filters: Filters = field(default=NO_FILTERS, kw_only=True)


def explore_page(
    graph: Subgraph,
    *,
    title: str,
    lead: str,
    links: Links,
    filters: Filters = NO_FILTERS,
    passages: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    here: str = "",
    visit: Visit = NO_VISIT,
) -> str:
    """Return the page; all but `filters` is as for `viz.graph_page`."""
    given = (graph, title, lead, links, passages or {}, labels or {}, visit.snapshot)
    return draw(ExploreView(*given, here=here, visit=visit, filters=filters), "explore.html")
