"""The pages about time: claims on an axis, and two days side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.request import RequestDep, SnapshotRoute
from api.routes.pages.filters import names_in, narrowed
from api.routes.pages.shell import (
    PageRead,
    TabledPage,
    cite,
    metadata,
    missing,
    page,
    quoted,
    table_file,
)
from graph.dates import parse_day
from graph.errors import BadDate
from graph.language import gettext
from graph.model.fields import PredicateName
from graph.queries import comparison as comparisons
from graph.queries import timeline as timelines
from graph.queries.moment import Moment
from graph.queries.paths import canonical
from viz.compare_page import CompareForm, Side, compare_page, compare_table
from viz.timeline_page import Axis, TimelineFilter, Years, timeline_page


class TimelineParams(PageRead):
    """`/timeline`: of one entity, of one predicate, of some years; nothing given is all."""

    entity: str = Field("", max_length=120)
    predicate: PredicateName | None = None
    first: int | None = Field(None, ge=1, le=9999)
    last: int | None = Field(None, ge=1, le=9999)


class CompareParams(PageRead, TabledPage):
    """`/compare`: days as they were typed, so that a wrong one is answered beside its field."""

    left: str = Field("", max_length=64)
    right: str = Field("", max_length=64)
    left_known_by: str = Field("", max_length=64)
    right_known_by: str = Field("", max_length=64)
    certain: bool = False
    entity: str = Field("", max_length=120)


router = APIRouter(route_class=SnapshotRoute)


@router.get("/timeline")
async def timeline(request: RequestDep, params: Annotated[TimelineParams, Query()]) -> Response:
    """The claims on an axis of time, those without a date in a list of their own."""
    if params.entity and not await request.ask(canonical([params.entity])):
        return await missing(request, "entity", params.entity)
    span = Years(params.first, params.last)
    result = await timelines.timeline(
        request,
        params.entity or None,
        params.predicate,
        start=span.first_day,
        end=span.last_day,
    )
    names = names_in(result.graph)
    return await page(
        request,
        timeline_page,
        result.graph,
        result.dated,
        result.undated,
        totals=result.totals,
        about=TimelineFilter(params.entity, params.predicate or "", span),
        filters=narrowed(request, params, names),
        passages=quoted(request, result.graph.claims, result.graph.sources),
        metadata=metadata(request, cite(request, _title(names, params), "timeline", result.graph)),
    )


def _title(names: Mapping[str, str], params: TimelineParams) -> str:
    title = gettext("Timeline")
    if not params.entity:
        return title
    name = names.get(params.entity, params.entity)
    return gettext("%(title)s: %(subject)s", title=title, subject=name)


@router.get("/compare")
async def compare(request: RequestDep, params: Annotated[CompareParams, Query()]) -> Response:
    """Which ties appeared, went and changed between two moments."""
    form = CompareForm(**params.model_dump(exclude={"snapshot", "seen_in", "lang", "table"}))
    if not (params.left and params.right):
        dated = await timelines.timeline(request)
        years = Axis.over([dated.graph.claims[i] for i in dated.dated]).years
        return await page(request, compare_page, form, years=years, metadata=metadata(request))
    try:
        sides = (
            _side(params.left, params.left_known_by),
            _side(params.right, params.right_known_by),
        )
    except BadDate as error:
        await request.state()
        problem = gettext(
            "“%(text)s” is not a date. Use 2010, 2010-03 or 2010-03-14.", text=error.value
        )
        return await page(
            request, compare_page, form, problem=problem, status=422, metadata=metadata(request)
        )
    left, right = (Moment(side.as_of, side.known_by, params.certain) for side in sides)
    comparison = await comparisons.compare(request, left, right, params.entity or None)
    if params.table:
        pairs = comparison.pairs
        return await table_file(request, params.table, compare_table, pairs, comparison.graph)
    what = gettext(
        "What differs between the world %(first)s and %(last)s",
        first=sides[0].words,
        last=sides[1].words,
    )
    return await page(
        request,
        compare_page,
        form,
        sides=sides,
        pairs=comparison.pairs,
        graph=comparison.graph,
        alike=comparison.alike,
        left_out=comparison.left_out,
        metadata=metadata(request, cite(request, what, "compare", comparison.graph), is_table=True),
    )


def _side(as_of: str, known_by: str) -> Side:
    return Side(parse_day(as_of), parse_day(known_by) if known_by else None)
