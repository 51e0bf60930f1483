"""The pages with the whole picture: the graph, and an entity with those around it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field
from starlette.responses import Response

from api.parameters import GraphRead
from api.request import Ask, Context
from api.routes.pages.filters import TIMES, names_in, narrowed
from api.routes.pages.shell import (
    MOST_NODES,
    TimedPage,
    _Page,
    cite,
    cite_ties,
    missing,
    page,
    quoted,
    visit,
)
from api.routes.ties import Ties
from graph.model import Subgraph
from graph.model.fields import StatusName, TieTypeName
from graph.ontology import ONTOLOGY
from graph.queries import graphs
from graph.queries.filtered import ALWAYS, filtered, filtered_around
from graph.queries.tie_lists import TieFilters
from viz.explore_page import explore_page


class GraphAsked(Ties, _Page):
    """`/graph`: the filters of `/v1/ties`. `limit` counts entities, the best connected stay."""

    limit: int = Field(MOST_NODES, ge=1, le=MOST_NODES)


class EntityAsked(TimedPage):
    """`/entity/{id}`: what is around it. Of more than `limit` entities the nearer ones stay."""

    depth: int = Field(1, ge=1, le=2)
    limit: int = Field(MOST_NODES, ge=1, le=MOST_NODES)
    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([])


router = APIRouter()


@router.get("/graph")
async def graph(ask: Ask, asked: Annotated[GraphAsked, Query()]) -> HTMLResponse:
    """The whole graph, or its best connected part, or what filters leave of it."""
    some = bool(asked.filters.given()) or asked.moment != ALWAYS
    found = await ask.ask(
        filtered(asked.filters, asked.limit) if some else graphs.whole(asked.limit)
    )
    return await _drawn(ask, asked, found, *graph_words(), here="graph", record="graph")


@router.get("/entity/{entity_id}")
async def entity(entity_id: str, ask: Ask, asked: Annotated[EntityAsked, Query()]) -> Response:
    """One entity and those around it. An id that is merged into another leads there: 308."""
    found = await _around(ask, entity_id, asked)
    if found is None:
        return await missing(ask, "entity", entity_id)
    if found.focus not in (None, entity_id):
        url = ask.request.url
        there = url.replace(path=url.path.removesuffix(entity_id) + str(found.focus))
        return RedirectResponse(str(there), 308, headers=dict(ask.response.headers))
    return await _drawn(ask, asked, found, *entity_words(found), here="", record=entity_id)


async def _around(ask: Context, entity_id: str, asked: EntityAsked) -> Subgraph | None:
    filters = TieFilters(types=asked.type, statuses=asked.status, moment=asked.moment)
    depth, limit = asked.depth, asked.limit
    if not filters.given() and filters.moment == ALWAYS:
        return await ask.ask(graphs.neighbourhood(entity_id, depth, limit))
    return await filtered_around(ask, entity_id, filters, depth=depth, limit=limit)


def graph_words() -> tuple[str, str]:
    """Return the title and the lead of the page of the whole graph."""
    return (
        "Who supplies surveillance technology to whom",
        "Every line is a claim that somebody made. Select a line to read what is claimed, who "
        "says so, and where it was published.",
    )


def entity_words(graph: Subgraph) -> tuple[str, str]:
    """Return the title and the lead of the page of the entity that the graph is about."""
    assert graph.focus is not None
    found = graph.entities[graph.focus]
    return found.label, found.description or ONTOLOGY.types[found.type].label


async def _drawn(
    ask: Context,
    asked: GraphRead,
    found: Subgraph,
    title: str,
    lead: str,
    *,
    here: str,
    record: str,
) -> HTMLResponse:
    filters = narrowed(ask, asked, names_in(found))
    only = "; ".join(kept.text for kept in filters.kept)
    what = f"{title}: {only}" if only else title
    cited = cite(ask, what, record, found.sources.values())
    each = cite_ties(ask, found, [pair for pair in filters.given if pair[0] in TIMES])
    return await page(
        ask,
        explore_page,
        found,
        title=title,
        lead=lead,
        filters=filters,
        passages=quoted(ask, found.claims, found.sources),
        labels=found.names,
        here=here,
        visit=visit(ask, {**each, **cited}),
    )
