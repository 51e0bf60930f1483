"""The pages of one tie and of one source."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.missing import moved_tie
from api.request import RequestDep, SnapshotRoute
from api.routes.pages.filters import narrowed
from api.routes.pages.shell import PageRead, TimedPage, cite, metadata, missing, page, quoted
from graph.citation import cite_source
from graph.model import TieKey
from graph.queries import whatif
from graph.queries.docket import docket as docket_of
from graph.queries.source_file import source_file
from graph.wording import cited_tie
from viz.source_page import source_page, source_view
from viz.tie_page import tie_page

router = APIRouter(route_class=SnapshotRoute)


@router.get("/tie/{start}/{tie_type}/{end}")
async def tie(
    start: str, tie_type: str, end: str, request: RequestDep, params: Annotated[TimedPage, Query()]
) -> Response:
    """One tie with its docket: who affirms it, who denies it, who only alleges it."""
    key = TieKey(start, tie_type, end)
    docket = await docket_of(request, key, params.moment)
    graph = docket.graph
    if not graph.ties:
        if there := await moved_tie(request, key):
            return there
        return await missing(request, "tie", str(key))
    what = cited_tie(graph.ties[0], graph.entities)
    return await page(
        request,
        tie_page,
        graph,
        not_found=docket.not_found,
        jointly=docket.jointly,
        withdrawn=docket.withdrawn,
        filters=narrowed(request, params, {}),
        passages=quoted(request, graph.claims, graph.sources),
        metadata=metadata(request, cite(request, what, str(key), graph)),
    )


@router.get("/source/{source_id}")
async def source(source_id: str, request: RequestDep, _: Annotated[PageRead, Query()]) -> Response:
    """One source: what it is, what it claims, and what falls if it falls."""
    file = await source_file(request, source_id)
    if file is None:
        return await missing(request, "source", source_id)
    fall = await whatif.what_if(request, sources=[source_id], speakers=[source_id])
    return await page(
        request,
        _source_page,
        file.source,
        file.graph,
        own=file.own,
        citing=file.citing,
        left_out=file.left_out,
        fall=fall.ties,
        withdrawn=file.withdrawn,
        names=fall.names,
        passages=quoted(request, file.graph.claims, file.graph.sources),
        metadata=metadata(request, {"": cite_source(file.source)}),
    )


def _source_page(*arguments: Any, **options: Any) -> str:
    return source_page(source_view(*arguments, **options))
