"""Entities: a list of them, one of them, and its ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api import lists
from api.answers.common import Page
from api.answers.entities import EntityHit, entity_out, hit_out
from api.answers.lists import EntityRecord, Listing, TiePage
from api.answers.ties import Group, tie_row_out
from api.errors import ProblemError
from api.include import Brought, ends, sources_of
from api.lists import RowsAsked, as_files, as_json
from api.not_found import entity_missing
from api.parameters import (
    FACET,
    FIELDS,
    INCLUDE,
    SORT,
    Commas,
    Complete,
    GraphRead,
    Part,
    either_way,
    shown_fields,
    vocabulary,
)
from api.request import Ask, Context
from api.routes.ties import EntityTieFile, EntityTieList, beside_ties
from graph.model.fields import TypeName
from graph.queries import entities, entity_ties, search
from graph.queries.entities import FACETS, KEYS, EntityFilters
from graph.queries.tie_lists import ORDER
from graph.question import beside
from graph.tables import column_names

if TYPE_CHECKING:
    EntitySort = str
    EntityField = str
    EntityColumn = str
    EntityFacet = str
else:
    EntitySort = vocabulary("EntitySort", either_way(KEYS))
    EntityField = vocabulary("EntityField", shown_fields(EntityHit))
    EntityColumn = vocabulary("EntityColumn", column_names("entities"))
    EntityFacet = vocabulary("EntityFacet", FACETS)

IncludedKind = Literal["ties", "claims", "sources"]


class Entities(GraphRead):
    """Filters on entities. All stay at any moment; their ties and counts follow it."""

    id: list[str] = Field([], max_length=100)
    type: list[TypeName] = Field([])
    tag: list[str] = Field([], max_length=100)
    min_ties: int = Field(0, ge=0, description="The least number of ties, in either direction.")

    @property
    def filters(self) -> EntityFilters:
        """The filters as one value."""
        return EntityFilters(self.id, self.type, self.tag, self.min_ties, self.moment)


class EntityList(Entities, Part):
    """The parameters of `/entities`."""

    q: str | None = Field(None, min_length=1, max_length=200, description="Plain words of a name.")
    sort: Annotated[list[EntitySort], Commas] = Field([], description=SORT)
    fields: Annotated[list[EntityField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[EntityFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[IncludedKind], Commas] = Field([], description=INCLUDE)


class EntityFile(Entities, Complete):
    """The parameters of `/entities` as a file."""

    sort: Annotated[list[EntitySort], Commas] = Field([], description=SORT)
    fields: Annotated[list[EntityColumn], Commas] = Field([], description="Only these columns.")


class EntityRead(GraphRead):
    """The parameters of `/entities/{id}`."""

    include: Annotated[list[IncludedKind], Commas] = Field([], description=INCLUDE)


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
