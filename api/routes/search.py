"""Search over names, claims and sources, and names while they are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from api.answers.common import Links, Page
from api.answers.search import MatchedText, SearchHit, Suggestion, Suggestions
from api.http.public_address import address
from api.parameters import Commas, Read
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.responses import links_to
from graph.errors import StoreTimeout
from graph.model.fields import TypeName
from graph.queries import search as searching
from graph.queries.search import MOST, SUGGEST_SECONDS, Hits, Kind, RecordHit

#: Where words are sought, and which records that finds.
Within = Literal["names", "claims", "sources"]


class Search(Read):
    """The parameters of `/search`."""

    q: str = Field(
        min_length=1, max_length=200, description="Plain words.", examples=["tiandy", "海康"]
    )
    within: Annotated[list[Within], Commas] = Field(
        [],
        alias="in",
        description="In the names of entities, the summaries of claims, or the titles, publishers "
        "and authors of sources. None given: in all, or in names alone where `type` is given.",
    )
    type: Annotated[list[TypeName], Commas] = Field([], description="Only entities of these types.")
    limit: int = Field(50, ge=0, le=500)


class Suggest(Read):
    """The parameters of `/suggest`."""

    q: str = Field(
        min_length=1, max_length=100, description="What is typed so far.", examples=["tia"]
    )
    type: Annotated[list[TypeName], Commas] = Field([], description="Only entities of these types.")
    limit: int = Field(10, ge=1, le=20)


router = APIRouter(route_class=SnapshotRoute, tags=["search"])

_KINDS: Mapping[Within, Kind] = {"names": "entity", "claims": "claim", "sources": "source"}
_PLACES: Mapping[Kind, str] = {"entity": "entities", "claim": "claims", "source": "sources"}
#: The server looks at its clock now and then only, so the limit is kept here too, with this much
#: for the way there and back.
_PATIENCE = SUGGEST_SECONDS + 0.1


@router.get("/search")
async def search(request: RequestDep, params: Annotated[Search, Query()]) -> Page[SearchHit]:
    """Find entities by their names, claims by their summaries, and sources by their titles.

    Every word must be there, the last one may be unfinished, and a Latin word of four letters or
    more may have a typo. Chinese is found by any part. Nothing that is typed is an operator. Exact
    matches come first; what matches alike comes in the order of entities, sources, claims.
    """
    within = params.within or (["names"] if params.type else list(_KINDS))
    hits = await request.ask(
        searching.search_records(
            params.q,
            kinds=[_KINDS[place] for place in within],
            types=params.type,
            limit=params.limit,
        )
    )
    labels = await _labels(request, params, hits.items)
    return Page(
        results=[_hit(hit, labels) for hit in hits.items],
        total=hits.total,
        next=None,
        meta=request.meta(params, _left_out(hits)),
    )


@router.get("/suggest", responses=links_to("read_entity", entity_id="id"))
async def suggest(request: RequestDep, params: Annotated[Suggest, Query()]) -> Suggestions:
    """Find entities by the beginnings of their names, while these are typed.

    The store has 100 milliseconds; where that is too little, a notice says so.
    """
    question = searching.suggest(params.q, types=params.type, limit=params.limit)
    try:
        async with asyncio.timeout(_PATIENCE):
            hits = await request.ask(question)
    except (StoreTimeout, TimeoutError):
        return await _too_late(request, params)
    labels = await _labels(request, params, hits.items)
    more = f"More names match; type on, or ask {address('/v1/search')}."
    return Suggestions(
        results=[_suggestion(hit, labels) for hit in hits.items],
        meta=request.meta(params, [more] if hits.more else []),
    )


async def _too_late(request: GraphRequest, params: Suggest) -> Suggestions:
    """Answer with nothing, and let nobody keep that: a moment later there may be more."""
    await request.state()
    del request.response.headers["ETag"]
    request.response.headers["Cache-Control"] = "no-store"
    notice = (
        "The store found nothing in 100 ms. Type on, or ask "
        f"{address('/v1/search')}, which waits longer."
    )
    return Suggestions(results=[], meta=request.meta(params, [notice]))


async def _labels(
    request: GraphRequest, params: Read, hits: Sequence[RecordHit]
) -> Mapping[str, str]:
    """What the entities that were found are called in the language asked for, by id."""
    return await request.labels({hit.id: hit.label for hit in hits if hit.kind == "entity"}, params)


def _left_out(hits: Hits[RecordHit]) -> list[str]:
    if hits.capped:
        return [
            f"Only the best {MOST:,} matches of each kind were looked at, and `total` counts "
            "those. More words narrow a search; limit gets up to 500."
        ]
    left_out = hits.total - len(hits.items)
    return [f"{left_out} further hits are left out; limit gets up to 500."] if left_out else []


def _hit(hit: RecordHit, labels: Mapping[str, str]) -> SearchHit:
    return SearchHit(
        kind=hit.kind,
        id=hit.id,
        label=_label(hit, labels),
        type=hit.type,
        matched=_matched(hit),
        links=Links(
            self=address(f"/v1/{_PLACES[hit.kind]}/{hit.id}"),
            page=address(f"/entity/{hit.id}") if hit.kind == "entity" else None,
        ),
    )


def _suggestion(hit: RecordHit, labels: Mapping[str, str]) -> Suggestion:
    return Suggestion(id=hit.id, label=_label(hit, labels), type=hit.type, matched=_matched(hit))


def _label(hit: RecordHit, labels: Mapping[str, str]) -> str:
    return labels.get(hit.id, hit.label) if hit.kind == "entity" else hit.label


def _matched(hit: RecordHit) -> MatchedText:
    matched = hit.matched
    return MatchedText(text=matched.text, lang=matched.lang, script=matched.script, how=matched.how)
