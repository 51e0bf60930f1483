"""The pages with the whole picture: the graph, and an entity with those around it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.missing import moved
from api.parameters import GraphRead
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.filters import TIMES, names_in, narrowed, pairs
from api.routes.pages.shell import (
    MOST_NODES,
    TimedPage,
    _Page,
    cite,
    cite_ties,
    metadata,
    missing,
    page,
    quoted,
)
from api.routes.ties import Ties
from graph.language import gettext
from graph.model import Subgraph
from graph.model.fields import StatusName, TieTypeName
from graph.ontology import ONTOLOGY
from graph.queries.neighbourhood import neighbourhood_graph
from graph.queries.tie_lists import TieFilters
from graph.queries.whole_graph import entity_total, whole_graph
from viz.explore_page import explore_page

#: The most entities whose neighbours a page adds: each costs a statement.
MOST_EXPANDED = 12


class GraphParams(Ties, _Page):
    """`/graph`: the filters of `/v1/ties`. `limit` counts entities, the best connected stay."""

    limit: int = Field(MOST_NODES, ge=1, le=MOST_NODES)


class EntityParams(TimedPage):
    """`/entity/{id}`: what is around it. Of more than `limit` entities the nearer ones stay.

    `expand` names entities of the picture: it has those around them as well.
    """

    depth: int = Field(1, ge=1, le=2)
    limit: int = Field(MOST_NODES, ge=1, le=MOST_NODES)
    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([])
    inferred: bool | None = None
    expand: list[str] = Field([], max_length=MOST_EXPANDED)


router = APIRouter(route_class=SnapshotRoute)


@router.get("/graph")
async def graph(request: RequestDep, params: Annotated[GraphParams, Query()]) -> Response:
    """The whole graph, or its best connected part, or what filters leave of it."""
    subgraph = await whole_graph(request, params.filters, params.limit)
    whole = await whole_graph(request, limit=MOST_NODES) if _narrower(params) else None
    return await _draw(
        request, params, subgraph, *graph_words(), here="graph", record="graph", whole=whole
    )


@router.get("/entity/{entity_id}")
async def entity(
    entity_id: str, request: RequestDep, params: Annotated[EntityParams, Query()]
) -> Response:
    """One entity and those around it. An id that is merged into another leads there: 308."""
    filters = TieFilters(
        types=params.type,
        statuses=params.status,
        inferred=[] if params.inferred is None else [params.inferred],
        moment=params.moment,
    )
    read = partial(neighbourhood_graph, request, entity_id, depth=params.depth, limit=params.limit)
    subgraph, total = await asyncio.gather(
        read(filters, expand=params.expand), request.ask(entity_total())
    )
    if subgraph is None:
        return await missing(request, "entity", entity_id)
    if subgraph.focus != entity_id:
        return moved(request, entity_id, str(subgraph.focus))
    whole = None
    # Where the whole graph fits one page, all neighbourhoods have its positions.
    if total <= MOST_NODES:
        whole = await whole_graph(request, limit=MOST_NODES)
    elif _narrower(params):
        whole = await read(TieFilters())
    return await _draw(
        request, params, subgraph, *entity_words(subgraph), here="", record=entity_id, whole=whole
    )


def _narrower(params: GraphParams | EntityParams) -> bool:
    """Whether a filter is set, so that the picture is a part of that of the page without one."""
    return any(name not in ("limit", "depth", "expand") for name, _ in pairs(params))


def graph_words() -> tuple[str, str]:
    """Return the title and the lead of the page of the whole graph."""
    return (
        gettext("Who supplies surveillance technology to whom"),
        gettext(
            "Every line is a claim that somebody made. Select a line to read what is claimed, who "
            "says so, and where it was published."
        ),
    )


def entity_words(graph: Subgraph) -> tuple[str, str]:
    """Return the title and the lead of the page of the entity that the graph is about."""
    assert graph.focus is not None
    entity = graph.entities[graph.focus]
    return entity.label, entity.description or gettext(ONTOLOGY.types[entity.type].label)


async def _draw(
    request: GraphRequest,
    params: GraphRead,
    subgraph: Subgraph,
    title: str,
    lead: str,
    *,
    here: str,
    record: str,
    whole: Subgraph | None,
) -> Response:
    filters = narrowed(request, params, names_in(subgraph))
    only = "; ".join(item.text for item in filters.active)
    what = gettext("%(title)s: %(subject)s", title=title, subject=only) if only else title
    cited = cite(request, what, record, subgraph)
    each = cite_ties(request, subgraph, [pair for pair in filters.params if pair[0] in TIMES])
    return await page(
        request,
        explore_page,
        subgraph,
        title=title,
        lead=lead,
        filters=filters,
        passages=quoted(request, subgraph.claims, subgraph.sources),
        labels=subgraph.names,
        here=here,
        whole=whole,
        metadata=metadata(request, {**each, **cited}),
    )
