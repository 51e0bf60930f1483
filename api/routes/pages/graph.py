"""The pages with the whole picture: the graph, and an entity with those around it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.context import Ask, Context
from api.parameters.pages import PageRead
from api.routes.pages.shell import MOST_NODES, cite, missing, page, quoted, visit
from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from graph.queries import graphs
from viz import graph_page

router = APIRouter()


@router.get("/graph")
async def graph(ask: Ask, _: Annotated[PageRead, Query()]) -> HTMLResponse:
    """The whole graph, or its best connected part."""
    found = await ask.ask(graphs.whole(MOST_NODES))
    return await _drawn(ask, found, *graph_words(), here="graph", record="graph")


@router.get("/entity/{entity_id}")
async def entity(entity_id: str, ask: Ask, _: Annotated[PageRead, Query()]) -> HTMLResponse:
    """One entity and those around it."""
    found = await ask.ask(graphs.neighbourhood(entity_id, limit=MOST_NODES))
    if found is None:
        return await missing(ask, "entity", entity_id)
    return await _drawn(ask, found, *entity_words(found), here="", record=entity_id)


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
    ask: Context, found: Subgraph, title: str, lead: str, *, here: str, record: str
) -> HTMLResponse:
    seen = visit(ask, cite(ask, title, record, found.sources.values()))
    return await page(
        ask,
        graph_page,
        found,
        title=title,
        lead=lead,
        passages=quoted(ask, found.claims, found.sources),
        labels=found.names,
        here=here,
        visit=seen,
    )
