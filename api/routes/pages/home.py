"""The first page, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.context import Ask
from api.parameters.pages import PageRead, SearchAsked
from api.routes.pages.shell import page, visit
from graph.model import Name
from graph.queries import entities, pages
from graph.queries import search as searching
from viz.home_page import home_page
from viz.search_page import Match, search_page

router = APIRouter()


@router.get("/")
async def home(ask: Ask, _: Annotated[PageRead, Query()]) -> HTMLResponse:
    """What this is, the stories, what is newest, and how to read a line."""
    stories = ask.services.stories.values()
    newest = await ask.ask(pages.newest([i for story in stories for i in story.entities]))
    return await page(
        ask,
        home_page,
        pages.tellable(stories, newest.known),
        newest.graph,
        corrected=newest.corrected,
        visit=visit(ask),
    )


@router.get("/search")
async def search(
    ask: Ask, request: Request, asked: Annotated[SearchAsked, Query()]
) -> HTMLResponse:
    """Entities by their names; names that come near where none matches."""
    if not (query := asked.q.strip()):
        await ask.state()
        return await page(ask, search_page, "", [], visit=visit(ask))
    found = await ask.ask(searching.search(query, limit=asked.limit))
    near = () if found.items else await ask.ask(searching.near_entities(query))
    return await page(
        ask,
        search_page,
        query,
        [_match(hit.card, hit.matched, hit.how) for hit in found.items],
        total=found.total,
        near=_near(near),
        more=str(request.url.include_query_params(limit=500)) if asked.limit < 500 else "",
        visit=visit(ask),
    )


def _near(cards: Iterable[entities.EntityCard]) -> list[Match]:
    return [_match(card, card.entity.names[0], "exact") for card in cards]


def _match(card: entities.EntityCard, name: Name, how: str) -> Match:
    return Match(card.entity, name, how, sum(card.tie_counts.values()))
