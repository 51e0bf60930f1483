"""Entities: a list of them, one of them, and its ties."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import RedirectResponse, Response

from api import lists
from api.answers.common import Page
from api.answers.entities import EntityHit
from api.answers.lists import EntityRecord, Listing, TiePage
from api.answers.ties import Group
from api.errors import ProblemError
from api.include import Brought, ends, sources_of
from api.listroutes import RowsAsked, as_files, as_json
from api.not_found import entity_missing
from api.parameters.entities import EntityFile, EntityList, EntityRead, IncludedKind
from api.parameters.ties import EntityTieFile, EntityTieList
from api.request import Ask, Context
from api.routes.ties import beside_ties
from api.shape import entity_out, hit_out, tie_row_out
from graph.queries import entities, entity_ties, search
from graph.queries.tie_lists import ORDER
from graph.question import beside

router = APIRouter(tags=["entities"])
EntityId = Annotated[str, Path(examples=["tiandy"], max_length=120)]


@as_json(router, "/entities", response_model=Listing[EntityHit])
async def list_entities(ask: Ask, asked: Annotated[EntityList, Query()]) -> Response:
    """List entities in the order of their ids, or, with `q`, those whose names match best."""
    if asked.q is not None:
        return await _search(ask, asked)
    found = await ask.ask(
        entities.entities(
            asked.filters,
            order=asked.sort or entities.ORDER,
            after=ask.after(asked.cursor),
            limit=asked.limit,
            facets=asked.facet,
        )
    )
    results = [EntityHit(**entity_out(card).model_dump()) for card in found.items]
    ids = [card.entity.id for card in found.items]
    brought = await _beside(ask, asked, ids, asked.include)
    answer = Listing[EntityHit](**lists.listing(ask, asked, found, results, brought))
    return lists.send(ask, answer, asked.fields)


@as_files(router, "/entities")
async def file_entities(ask: Ask, asked: Annotated[EntityFile, Query()]) -> RowsAsked:
    """All entities that pass the filters, as a table."""
    table = entities.entity_table(asked.filters, asked.sort or entities.ORDER)
    return RowsAsked("entities", table, asked)


async def _search(ask: Context, asked: EntityList) -> Response:
    if asked.cursor is not None:
        raise ProblemError(
            422, "bad_value", "A value is wrong", "A search has no further parts: raise the limit."
        )
    assert asked.q is not None
    found = await ask.ask(search.search(asked.q, types=asked.type, limit=asked.limit))
    left_out = found.total - len(found.items)
    notices = [f"{left_out} further hits are left out; limit gets up to 500."] if left_out else []
    answer = Page[EntityHit](
        results=[hit_out(hit) for hit in found.items],
        total=found.total,
        next=None,
        meta=ask.meta(notices=notices),
    )
    return lists.send(ask, answer, asked.fields)


async def _beside(
    ask: Context, asked: EntityList, ids: list[str], kinds: list[IncludedKind]
) -> Brought | None:
    if not kinds:
        return None
    brought = Brought(ask, asked)
    if "ties" in kinds:
        await brought.ties(await ask.ask(brought.ties_of(ids)))
    await _claims_beside(brought, ids, kinds)
    return brought


async def _claims_beside(brought: Brought, ids: list[str], kinds: list[IncludedKind]) -> None:
    if "claims" in kinds or "sources" in kinds:
        cards = await brought.claims_about(ids)
        if "sources" in kinds:
            await brought.sources(sources_of(cards))


@router.get(
    "/entities/{entity_id}",
    response_model=EntityRecord,
    responses={308: {"description": "The id is merged into another one, which is there."}},
)
async def read_entity(
    entity_id: EntityId, ask: Ask, asked: Annotated[EntityRead, Query()]
) -> Response:
    """Read one entity. An id that is merged into another leads there: 308."""
    kinds = asked.include
    brought = Brought(ask, asked) if kinds else None
    entity = entities.entity(entity_id)
    if brought is not None and "ties" in kinds:
        ties = brought.ties_of([entity_id])
        card, found = await ask.ask(beside(entity, "card", ties))
        await brought.ties(found)
    else:
        card = await ask.ask(entity)
    if card is None:
        raise await entity_missing(ask, entity_id)
    if card.canonical_id is not None:
        return _moved(ask, entity_id, card.canonical_id)
    if brought is not None:
        await _claims_beside(brought, [entity_id], kinds)
    answer = EntityRecord(
        **entity_out(card).model_dump(),
        also=list(card.also),
        included=brought.found if brought else None,
        meta=ask.meta(asked, brought.notices if brought else None),
    )
    return lists.send(ask, answer)


def _moved(ask: Context, entity_id: str, canonical_id: str) -> RedirectResponse:
    url = ask.request.url
    there = url.replace(path=url.path.removesuffix(entity_id) + canonical_id)
    return RedirectResponse(str(there), 308, headers=dict(ask.response.headers))


@as_json(router, "/entities/{entity_id}/ties", response_model=TiePage)
async def list_entity_ties(
    entity_id: EntityId, ask: Ask, asked: Annotated[EntityTieList, Query()]
) -> Response:
    """List an entity's ties, the strongest first, with totals by type and direction."""
    found = await ask.ask(
        entity_ties.ties_of_entity(
            entity_id,
            direction=asked.direction,
            filters=asked.filters,
            order=asked.sort or ORDER,
            after=ask.after(asked.cursor),
            limit=asked.limit,
            facets=asked.facet,
        )
    )
    if found is None:
        raise await entity_missing(ask, entity_id)
    rows = found.found.items
    labels = await ask.labels(ends(rows), asked)
    brought = await beside_ties(ask, asked, rows, asked.include)
    answer = TiePage(
        **lists.listing(
            ask, asked, found.found, [tie_row_out(row, labels) for row in rows], brought
        ),
        groups=[
            Group(type=g.type, direction="out" if g.direction == "out" else "in", total=g.total)
            for g in found.groups
        ],
    )
    return lists.send(ask, answer, asked.fields)


@as_files(router, "/entities/{entity_id}/ties")
async def file_entity_ties(
    entity_id: EntityId, ask: Ask, asked: Annotated[EntityTieFile, Query()]
) -> RowsAsked:
    """All ties of an entity that pass the filters, as a table."""
    if await ask.ask(entities.entity(entity_id)) is None:
        raise await entity_missing(ask, entity_id)
    order = asked.sort or ORDER
    table = entity_ties.entity_tie_table(entity_id, asked.direction, asked.filters, order)
    return RowsAsked("ties", table, asked)
