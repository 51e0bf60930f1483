"""The pages of stories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.request import RequestDep, SnapshotRoute
from api.routes.pages.shell import (
    PageRead,
    TabledPage,
    cite,
    metadata,
    nothing,
    page,
    page_links,
    quoted,
    table_file,
)
from graph.language import gettext
from graph.queries.subgraph import among, has_records
from viz.story_page import story_page, story_table


class StoryParams(PageRead, TabledPage):
    """What the page of a story takes."""


router = APIRouter(route_class=SnapshotRoute)


@router.get("/story/{story_id}")
async def story(
    story_id: str, request: RequestDep, params: Annotated[StoryParams, Query()]
) -> Response:
    """A narrated walk through a part of the graph."""
    narrative = request.services.stories.get(story_id)
    if narrative is None:
        every = request.services.stories.values()
        links = [(other.title, page_links().story(other.id)) for other in every]
        return nothing(gettext("There is no story with the id %(id)s.", id=repr(story_id)), links)
    if not await request.ask(has_records(narrative)):
        return nothing(
            gettext(
                "Claims of the story %(title)s are withdrawn, or not in the store.",
                title=repr(narrative.title),
            )
        )
    subgraph = await among(request, narrative.entities, narrative.claims)
    if params.table:
        return await table_file(request, params.table, story_table, narrative, subgraph)
    return await page(
        request,
        story_page,
        narrative,
        subgraph,
        passages=quoted(request, subgraph.claims, subgraph.sources),
        metadata=metadata(
            request,
            cite(request, narrative.title, f"story/{narrative.id}", subgraph),
            is_table=True,
        ),
    )
