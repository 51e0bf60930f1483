"""The explore pages: the graph, or an entity and its neighbours, with the active filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model import Subgraph
from viz.active_filters import NO_FILTERS, Filters
from viz.links import Links, TableFiles
from viz.metadata import NO_METADATA, PageMetadata
from viz.network import positions_of
from viz.page import draw
from viz.view import GraphView


@dataclass(frozen=True)
class ExploreView(GraphView):
    """A graph page with the filters in its address."""

    filters: Filters = field(default=NO_FILTERS, kw_only=True)

    @property
    def table(self) -> TableFiles | None:
        """The address of the ties as a file: of all that pass, not only of those that are drawn."""
        focus = [("entity", self.graph.focus)] if self.graph.focus else []
        expanded = [("entity", value) for name, value in self.filters.params if name == "expand"]
        others = self.filters.except_for("limit", "depth", "expand")
        return self.links.table("ties", [*focus, *expanded, *others])

    def expansion(self, entity_id: str) -> str:
        """The address of the page with those around an entity; empty where it has them all."""
        left_out = self.graph.degrees.get(entity_id, 0) > self.degrees.get(entity_id, 0)
        narrower = any(self.filters.value(name) for name in ("type", "status", "inferred"))
        if not left_out or narrower or not self.graph.focus:
            return ""
        return self.filters.adding("expand", entity_id)

    @property
    def day(self) -> str:
        """The day that the picture is of; empty where none is chosen."""
        return self.filters.value("as_of")


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
    whole: Subgraph | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page; all but `filters` and `whole` is as for `viz.graph_page`.

    `whole` is the graph of the page without filters: what is left of it stays where it was.
    """
    args = (title, lead, links, passages or {}, labels or {}, metadata.snapshot)
    view = ExploreView(graph, *args, here=here, metadata=metadata, filters=filters)
    stay = positions_of(GraphView(whole, *args)) if whole else None
    return draw(view, "explore.html", whole=stay)
