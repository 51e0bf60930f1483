"""The pages: a piece of the graph from the store, drawn by `viz`."""

from __future__ import annotations

from functools import partial

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.context import Ask, Context
from api.problems import ProblemError
from graph.errors import StoreError
from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from graph.passages import passages
from graph.queries import entities, graphs
from viz import Links, graph_page, message_page

router = APIRouter(include_in_schema=False)
LINKS = Links.server()
#: Beyond this a picture is no longer legible: page.md, "Layout and limits".
MOST_NODES = 150


@router.get("/")
async def home(ask: Ask) -> HTMLResponse:
    """The whole graph, or its best connected part."""
    graph = await ask.ask(graphs.whole(MOST_NODES))
    return await _page(ask, graph, title=HOME_TITLE, lead=HOME_LEAD)


HOME_TITLE = "Who supplies surveillance technology to whom"
HOME_LEAD = (
    "Every line is a claim that somebody made. Select a line to read what is claimed, who says so, "
    "and where it was published."
)


@router.get("/entity/{entity_id}")
async def entity(entity_id: str, ask: Ask) -> HTMLResponse:
    """One entity and those around it."""
    graph = await ask.ask(graphs.neighbourhood(entity_id, limit=MOST_NODES))
    if graph is None:
        near = await ask.services.store.ask(entities.near_entities(entity_id))
        text = f"No entity has the id “{entity_id}”."
        links = [(card.entity.label, LINKS.entity(card.entity.id)) for card in near]
        return HTMLResponse(message_page("Not found", text, links, links=LINKS), 404)
    found = graph.entities[graph.focus or entity_id]
    lead = found.description or ONTOLOGY.types[found.type].label
    return await _page(ask, graph, title=found.label, lead=lead)


async def _page(ask: Context, graph: Subgraph, *, title: str, lead: str) -> HTMLResponse:
    quoted = passages(graph.claims.values(), graph.sources, ask.services.texts)
    snapshot = ask.meta().snapshot
    draw = partial(
        graph_page,
        graph,
        title=title,
        lead=lead,
        links=LINKS,
        passages=quoted,
        labels=graph.names,
        snapshot=snapshot.id if snapshot else None,
    )
    # Layout takes tens of milliseconds of the processor: off the event loop.
    html = await anyio.to_thread.run_sync(draw)
    return HTMLResponse(html, headers=dict(ask.response.headers))


def is_page(request: Request) -> bool:
    """Whether a person asked for a page, who should read a message and no JSON."""
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get(
        "accept", ""
    )


def message(error: ProblemError | StoreError) -> HTMLResponse:
    """Return the page for a problem."""
    if isinstance(error, ProblemError):
        return HTMLResponse(message_page(error.title, error.detail, links=LINKS), error.status)
    text = "The store does not answer. Try again in a moment."
    return HTMLResponse(message_page("The store is down", text, links=LINKS), 503)
