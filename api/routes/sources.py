"""Sources: lists of them, and one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api import lists
from api.answers.lists import Listing
from api.answers.sources import SourceItemOut, SourceRecord
from api.citing import citation
from api.include import Brought
from api.listroutes import RowsAsked, as_files, as_json
from api.not_found import source_missing
from api.parameters.common import Read
from api.parameters.sources import SourceFile, SourceList
from api.request import Ask
from api.shape import source_item_out, source_out
from graph.citation import cite_source
from graph.queries import sources

router = APIRouter(tags=["evidence"])


@as_json(router, "/sources", response_model=Listing[SourceItemOut])
async def list_sources(ask: Ask, asked: Annotated[SourceList, Query()]) -> Response:
    """List sources. `known_by` leaves out those that were not out by then."""
    found = await ask.ask(
        sources.sources(
            asked.filters,
            order=asked.sort or sources.ORDER,
            after=ask.after(asked.cursor),
            limit=asked.limit,
            facets=asked.facet,
        )
    )
    results = [source_item_out(item, ask.holds_text(item.source)) for item in found.items]
    beside = Brought(ask, asked) if asked.include else None
    if beside:
        await beside.claims_from([item.source.id for item in found.items])
    answer = Listing[SourceItemOut](**lists.listing(ask, asked, found, results, beside))
    return lists.send(ask, answer, asked.fields)


@as_files(router, "/sources")
async def file_sources(ask: Ask, asked: Annotated[SourceFile, Query()]) -> RowsAsked:
    """All sources that pass the filters, as a table."""
    table = sources.source_table(asked.filters, asked.sort or sources.ORDER)
    return RowsAsked("sources", table, asked)


@router.get("/sources/{source_id}")
async def read_source(
    source_id: Annotated[str, Path(examples=["fdd-study"], max_length=120)],
    ask: Ask,
    _: Annotated[Read, Query()],
) -> SourceRecord:
    """Read one source, with the ids of its claims and of those that cite it."""
    card = await ask.ask(sources.source(source_id))
    if card is None:
        raise await source_missing(ask, source_id)
    shown = source_out(card, ask.holds_text(card.source))
    cite = citation(cite_source(card.source))
    return SourceRecord(**shown.model_dump(), cite=cite, meta=ask.meta())
