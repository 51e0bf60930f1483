"""The pages of one tie and of one source."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.filters import narrowed
from api.routes.pages.shell import LINKS, PageRead, TimedPage, cite, metadata, nothing, page, quoted
from graph.citation import cite_source
from graph.model import TieKey
from graph.queries import search, whatif
from graph.queries.docket import docket as docket_of
from graph.queries.source_file import source_file
from graph.queries.subgraph import among
from graph.wording import cited_tie, sentence_between
from viz.source_page import source_page, source_view
from viz.tie_page import tie_page

router = APIRouter(route_class=SnapshotRoute)


@router.get("/tie/{start}/{tie_type}/{end}")
async def tie(
    start: str, tie_type: str, end: str, request: RequestDep, params: Annotated[TimedPage, Query()]
) -> HTMLResponse:
    """One tie with its docket: who affirms it, who denies it, who only alleges it."""
    key = TieKey(start, tie_type, end)
    docket, not_found = await docket_of(request, key, params.moment)
    if not docket.ties:
        return await _no_tie(request, key, then=not params.moment.timeless)
    what = cited_tie(docket.ties[0], docket.entities)
    return await page(
        request,
        tie_page,
        docket,
        not_found=not_found,
        filters=narrowed(request, params, {}),
        passages=quoted(request, docket.claims, docket.sources),
        metadata=metadata(request, cite(request, what, str(key), docket.sources.values())),
    )


async def _no_tie(request: GraphRequest, key: TieKey, *, then: bool) -> HTMLResponse:
    """Say that there is no such tie, with the ties between the two and names that come near."""
    graph = await among(request, [key.source, key.target])
    links = [(sentence_between(tie, graph.entities), LINKS.tie(tie.key)) for tie in graph.ties]
    for end in (key.source, key.target):
        if end in graph.entities:
            links.append((graph.entities[end].label, LINKS.entity(end)))
        else:
            cards = await request.services.store.ask(search.near_entities(end))
            links += [(card.entity.label, LINKS.entity(card.entity.id)) for card in cards]
    when = " at the time that was asked for" if then else ""
    return nothing(f"There is no connection {key}{when}.", links)


@router.get("/source/{source_id}")
async def source(
    source_id: str, request: RequestDep, _: Annotated[PageRead, Query()]
) -> HTMLResponse:
    """One source: what it is, what it claims, and what falls if it falls."""
    file = await source_file(request, source_id)
    if file is None:
        return await _no_source(request, source_id)
    fall = await whatif.what_if(request, sources=[source_id], speakers=[source_id])
    view = source_view(
        file.source,
        file.graph,
        links=LINKS,
        own=file.own,
        citing=file.citing,
        left_out=file.left_out,
        fall=fall.ties,
        names=fall.names,
        passages=quoted(request, file.graph.claims, file.graph.sources),
        metadata=metadata(request, {"": cite_source(file.source)}),
    )
    return await page(request, lambda *, links: source_page(view))


async def _no_source(request: GraphRequest, source_id: str) -> HTMLResponse:
    near = await request.services.store.ask(search.near_sources(source_id))
    links = [(item.label, LINKS.source(item.id)) for item in near]
    return nothing(f"There is no source with the id {source_id!r}.", links)
