"""The pages: a piece of the graph from the store, drawn by `viz`."""

from __future__ import annotations

from collections.abc import Callable

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.context import Ask, Context
from api.problems import ProblemError
from graph.errors import NotFound, StoreError
from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from graph.passages import passages
from graph.queries import entities, graphs, search
from graph.question import Question
from graph.text import TextStore
from viz import Links, graph_page, message_page

router = APIRouter(include_in_schema=False)
LINKS = Links.server()
#: Beyond this a picture is no longer legible: page.md, "Layout and limits".
MOST_NODES = 150


@router.get("/")
async def home(ask: Ask) -> HTMLResponse:
    """The whole graph, or its best connected part."""
    return await _page(ask, graphs.whole(MOST_NODES), home_words)


@router.get("/entity/{entity_id}")
async def entity(entity_id: str, ask: Ask) -> HTMLResponse:
    """One entity and those around it."""
    try:
        return await _page(ask, graphs.neighbourhood(entity_id, limit=MOST_NODES), entity_words)
    except NotFound as error:
        near = await ask.services.store.ask(search.near_entities(entity_id))
        links = [(card.entity.label, LINKS.entity(card.entity.id)) for card in near]
        return HTMLResponse(message_page("Not found", str(error), links, links=LINKS), 404)


def home_words(_: Subgraph) -> tuple[str, str]:
    """Return the title and the lead of the home page."""
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


async def _page(
    ask: Context,
    question: Question[Subgraph | None],
    words: Callable[[Subgraph], tuple[str, str]],
) -> HTMLResponse:
    graph = await ask.ask(question)
    if graph is None:
        raise NotFound("entity", ask.request.path_params["entity_id"])
    # Layout and rendering take the processor for up to a second: off the event loop.
    html = await anyio.to_thread.run_sync(_draw, graph, words, ask.services.texts, ask.snapshot)
    return HTMLResponse(html, headers=dict(ask.response.headers))


def _draw(
    graph: Subgraph,
    words: Callable[[Subgraph], tuple[str, str]],
    texts: TextStore | None,
    snapshot: str | None,
) -> str:
    title, lead = words(graph)
    return graph_page(
        graph,
        title=title,
        lead=lead,
        links=LINKS,
        passages=passages(graph.claims.values(), graph.sources, texts),
        labels=graph.names,
        snapshot=snapshot,
    )


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
