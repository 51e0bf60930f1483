"""The pages about time: claims on an axis, and two days side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.request import Ask
from api.routes.pages.filters import names_in, narrowed
from api.routes.pages.shell import PageRead, cite, missing, page, quoted, visit
from graph.dates import parse_day
from graph.errors import BadDate
from graph.model.fields import PredicateName
from graph.queries import pages
from graph.queries.paths import canonical
from graph.queries.ties import Moment
from viz.compare_page import Asked, Side, compare_page
from viz.timeline_page import About, Years, timeline_page


class TimelineAsked(PageRead):
    """`/timeline`: of one entity, of one predicate, of some years; nothing given is all."""

    entity: str = Field("", max_length=120)
    predicate: PredicateName | None = None
    first: int | None = Field(None, ge=1, le=9999)
    last: int | None = Field(None, ge=1, le=9999)


class CompareAsked(PageRead):
    """`/compare`: days as they were typed, so that a wrong one is answered beside its field."""

    left: str = Field("", max_length=64)
    right: str = Field("", max_length=64)
    left_known_by: str = Field("", max_length=64)
    right_known_by: str = Field("", max_length=64)
    certain: bool = False
    entity: str = Field("", max_length=120)


router = APIRouter()


@router.get("/timeline")
async def timeline(ask: Ask, asked: Annotated[TimelineAsked, Query()]) -> HTMLResponse:
    """The claims on an axis of time, those without a date in a list of their own."""
    if asked.entity and not await ask.ask(canonical([asked.entity])):
        return await missing(ask, "entity", asked.entity)
    span = Years(asked.first, asked.last)
    found = await ask.ask(
        pages.timeline(
            asked.entity or None, asked.predicate, start=span.first_day, end=span.last_day
        )
    )
    names = names_in(found.graph)
    return await page(
        ask,
        timeline_page,
        found.graph,
        found.dated,
        found.undated,
        left_out=found.left_out,
        about=About(asked.entity, asked.predicate or "", span),
        filters=narrowed(ask, asked, names),
        passages=quoted(ask, found.graph.claims, found.graph.sources),
        visit=visit(ask, cite(ask, _title(names, asked), "timeline", found.graph.sources.values())),
    )


def _title(names: Mapping[str, str], asked: TimelineAsked) -> str:
    return f"Timeline: {names.get(asked.entity, asked.entity)}" if asked.entity else "Timeline"


@router.get("/compare")
async def compare(ask: Ask, asked: Annotated[CompareAsked, Query()]) -> HTMLResponse:
    """Which ties appeared, went and changed between two moments."""
    form = Asked(**asked.model_dump(exclude={"snapshot", "seen_in", "lang"}))
    if not (asked.left and asked.right):
        await ask.state()
        return await page(ask, compare_page, form, visit=visit(ask))
    try:
        sides = (_side(asked.left, asked.left_known_by), _side(asked.right, asked.right_known_by))
    except BadDate as error:
        await ask.state()
        problem = f"{error.value}: {error.reason}"
        return await page(ask, compare_page, form, problem=problem, status=422, visit=visit(ask))
    left, right = (Moment(side.as_of, side.known_by, asked.certain) for side in sides)
    found = await ask.ask(pages.compare(left, right, asked.entity or None))
    what = f"What differs between the world {sides[0].words} and {sides[1].words}"
    return await page(
        ask,
        compare_page,
        form,
        sides=sides,
        pairs=found.pairs,
        graph=found.graph,
        alike=found.alike,
        left_out=found.left_out,
        visit=visit(ask, cite(ask, what, "compare", found.graph.sources.values())),
    )


def _side(as_of: str, known_by: str) -> Side:
    return Side(parse_day(as_of), parse_day(known_by) if known_by else None)
