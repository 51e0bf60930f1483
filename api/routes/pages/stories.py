"""The pages of stories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.request import Ask
from api.routes.pages.shell import LINKS, PageRead, cite, nothing, page, quoted, visit
from graph.queries import pages
from viz.story_page import story_page

router = APIRouter()


@router.get("/story/{story_id}")
async def story(story_id: str, ask: Ask, _: Annotated[PageRead, Query()]) -> HTMLResponse:
    """A narrated walk through a part of the graph."""
    told = ask.services.stories.get(story_id)
    if told is None:
        every = ask.services.stories.values()
        links = [(other.title, LINKS.story(other.id)) for other in every]
        return nothing(f"There is no story with the id {story_id!r}.", links)
    found = await ask.ask(pages.among(told.entities, told.claims))
    return await page(
        ask,
        story_page,
        told,
        found,
        passages=quoted(ask, found.claims, found.sources),
        visit=visit(ask, cite(ask, told.title, f"story/{told.id}", found.sources.values())),
    )
