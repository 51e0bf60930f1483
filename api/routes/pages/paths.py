"""The page of the chains between two entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.filters import narrowed, pairs
from api.routes.pages.shell import (
    TabledPage,
    TimedPage,
    cite,
    metadata,
    page,
    page_links,
    quoted,
    table_file,
)
from graph.citation import Citation
from graph.language import gettext
from graph.model.fields import TieTypeName
from graph.model.path import PathAnswer
from graph.ontology import ONTOLOGY
from graph.queries import entities, paths, search
from graph.queries.entities import EntityCard
from graph.queries.paths import MAX_HOPS, MAX_PATHS
from viz.active_filters import Pair
from viz.path_page import End, path_page, path_table


class PathParams(TimedPage, TabledPage):
    """`/path`: two entities, by id or by name, and one that may be on each path."""

    start: str = Field("", alias="from", max_length=200)
    end: str = Field("", alias="to", max_length=200)
    through: str = Field("", max_length=200)
    type: list[TieTypeName] = Field([])
    inferred: bool | None = None
    max_hops: int = Field(4, ge=1, le=MAX_HOPS)
    k: int = Field(5, ge=1, le=MAX_PATHS)


router = APIRouter(route_class=SnapshotRoute)
#: So many entities are offered where a name may mean several.
_CHOICES = 8


@router.get("/path")
async def path(request: RequestDep, params: Annotated[PathParams, Query()]) -> Response:
    """Chains hop by hop between two entities, which may be given by name."""
    await request.state()
    start, end, through = [await _end(request, params, name) for name in ("from", "to", "through")]
    answer = None
    if start.id and end.id and bool(through.id) == bool(through.typed):
        answer = await paths.paths(
            request,
            start.id,
            end.id,
            max_hops=params.max_hops,
            most=params.k,
            types=params.type,
            through=through.id or None,
            moment=params.moment,
            reading=params.inferred,
        )
    if answer and params.table:
        return await table_file(request, params.table, path_table, answer)
    return await page(
        request,
        path_page,
        start,
        end,
        answer,
        through=through,
        filters=narrowed(request, params, {through.typed: through.label}, ends=True),
        max_hops=params.max_hops,
        most_hops=paths.MAX_HOPS,
        passages=quoted(request, answer.claims, answer.sources) if answer else {},
        metadata=metadata(
            request, _cited(request, answer) if answer and answer.paths else {}, is_table=True
        ),
    )


def _cited(request: GraphRequest, answer: PathAnswer) -> Mapping[str, Citation]:
    ends = [answer.entities[i].label for i in (answer.start, answer.end)]
    what = gettext("Chains between %(first)s and %(last)s", first=ends[0], last=ends[1])
    return cite(request, what, f"path/{answer.start}/{answer.end}", answer)


async def _end(request: GraphRequest, params: PathParams, side: str) -> End:
    """Return who is meant: by an id, by a name that only one has, or else whom to choose from."""
    values = pairs(params)
    typed = dict(values).get(side, "").strip()
    if not typed:
        return End()
    canonical_ids = await request.ask(paths.canonical([typed]))
    if typed in canonical_ids:
        card = await request.ask(entities.entity(canonical_ids[typed]))
        return End(typed, canonical_ids[typed], card.entity.label if card else typed)
    hits = await request.ask(search.search(typed, limit=_CHOICES))
    exact = [hit for hit in hits.items if hit.how == "exact"]
    if len(exact) == 1:
        entity = exact[0].card.entity
        return End(typed, entity.id, entity.label)
    cards: Sequence[EntityCard] = [hit.card for hit in hits.items]
    if not cards:
        cards = await request.ask(search.near_entities(typed))
    choices = [
        (
            card.entity.label,
            gettext(ONTOLOGY.types[card.entity.type].label),
            _with_entity(card.entity.id, side, values),
        )
        for card in cards
    ]
    return End(typed, choices=choices)


def _with_entity(entity_id: str, side: str, values: Sequence[Pair]) -> str:
    """The address that asks the same of a certain entity."""
    query = [(name, entity_id if name == side else value) for name, value in values]
    return f"{page_links().path()}?{urlencode(query)}"
