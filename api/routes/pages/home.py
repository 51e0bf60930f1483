"""The first page, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.changed_since import change_out
from api.request import Ask
from api.routes.pages.shell import PageRead, page, visit
from graph.model import Name, Story
from graph.queries import entities, pages
from graph.queries import search as searching
from graph.queries.changes import Listed
from graph.queries.news import News, news
from graph.queries.search import Kind, RecordHit
from viz.home_page import Lost, home_page
from viz.search_page import Match, Record, Records, search_page


class SearchAsked(PageRead):
    """`/search`: plain words, in any script."""

    q: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=500)


router = APIRouter()
#: What is found besides entities.
_BESIDE: tuple[Kind, ...] = ("claim", "source")


@router.get("/")
async def home(ask: Ask, _: Annotated[PageRead, Query()]) -> HTMLResponse:
    """What this is, the stories, what is newest, and how to read a line."""
    stories = ask.services.stories.values()
    found = await news(ask, [i for story in stories for i in story.entities])
    return await page(ask, home_page, visit=visit(ask), **home_words(stories, found))


def home_words(stories: Iterable[Story], found: News) -> dict[str, Any]:
    """Return what `home_page` takes of what is new."""
    return {
        "stories": pages.tellable(stories, found.newest.known),
        "newest": found.newest.graph,
        "corrected": found.newest.corrected,
        "since": found.since,
        "order": found.order,
        "totals": found.totals,
        "lost": [_lost(listed) for listed in found.lost],
    }


def _lost(listed: Listed) -> Lost:
    told = change_out(listed)
    return Lost(told.id, told.label, told.change, told.reason or "")


@router.get("/search")
async def search(
    ask: Ask, request: Request, asked: Annotated[SearchAsked, Query()]
) -> HTMLResponse:
    """Entities, claims and sources; names that come near where nothing matches."""
    if not (query := asked.q.strip()):
        await ask.state()
        return await page(ask, search_page, "", [], visit=visit(ask))
    found = await ask.ask(searching.search(query, limit=asked.limit))
    claims, sources = [
        await ask.ask(searching.search_records(query, kinds=[kind], limit=asked.limit))
        for kind in _BESIDE
    ]
    nothing = not (found.items or claims.items or sources.items)
    near = await ask.ask(searching.near_entities(query)) if nothing else ()
    return await page(
        ask,
        search_page,
        query,
        [_match(hit.card, hit.matched, hit.how) for hit in found.items],
        total=found.total,
        claims=Records([_record(hit) for hit in claims.items], claims.total),
        sources=Records([_record(hit) for hit in sources.items], sources.total),
        near=_near(near),
        more=str(request.url.include_query_params(limit=500)) if asked.limit < 500 else "",
        visit=visit(ask),
    )


def _record(hit: RecordHit) -> Record:
    return Record(hit.id, hit.label, hit.type, hit.matched.text, hit.matched.lang, hit.matched.how)


def _near(cards: Iterable[entities.EntityCard]) -> list[Match]:
    return [_match(card, card.entity.names[0], "exact") for card in cards]


def _match(card: entities.EntityCard, name: Name, how: str) -> Match:
    return Match(card.entity, name, how, sum(card.tie_counts.values()))
