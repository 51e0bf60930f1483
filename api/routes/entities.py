"""Entities and their ties."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.context import Ask, Context
from api.models.common import Page
from api.models.entities import EntityHit, EntityRecord
from api.models.ties import Group, TiePage
from api.parameters.common import Read
from api.parameters.records import EntityList, TieList
from api.problems import ProblemError, not_found
from api.shape import entity_out, hit_out, tie_out
from graph.queries import entities, search, ties

router = APIRouter(tags=["entities"])
EntityId = Annotated[str, Path(examples=["tiandy"], max_length=120)]


@router.get("/entities")
async def list_entities(ask: Ask, asked: Annotated[EntityList, Query()]) -> Page[EntityHit]:
    """List entities in the order of their ids, or, with `q`, those whose names match best."""
    if asked.q is not None:
        return await _search(ask, asked)
    after = ask.after(asked.cursor)
    start = str(after[0]) if after else ""
    found = await ask.ask(entities.entities(types=asked.type, after=start, limit=asked.limit))
    last = [found.items[-1].entity.id] if found.more and found.items else None
    return Page(
        results=[EntityHit(**entity_out(card).model_dump()) for card in found.items],
        total=found.total,
        next=ask.next(last),
        meta=ask.meta(),
    )


async def _search(ask: Context, asked: EntityList) -> Page[EntityHit]:
    if asked.cursor is not None:
        raise ProblemError(
            422, "bad_value", "A value is wrong", "A search has no further parts: raise the limit."
        )
    assert asked.q is not None
    found = await ask.ask(search.search(asked.q, types=asked.type, limit=asked.limit))
    left_out = found.total - len(found.items)
    notices = [f"{left_out} further hits are left out; limit gets up to 500."] if left_out else []
    return Page(
        results=[hit_out(hit) for hit in found.items],
        total=found.total,
        next=None,
        meta=ask.meta(notices=notices),
    )


@router.get("/entities/{entity_id}")
async def read_entity(entity_id: EntityId, ask: Ask, _: Annotated[Read, Query()]) -> EntityRecord:
    """Read one entity. A merged id answers with its own record, which names the canonical one."""
    card = await ask.ask(entities.entity(entity_id))
    if card is None:
        raise await entity_missing(ask, entity_id)
    return EntityRecord(**entity_out(card).model_dump(), meta=ask.meta())


@router.get("/entities/{entity_id}/ties")
async def list_entity_ties(
    entity_id: EntityId, ask: Ask, asked: Annotated[TieList, Query()]
) -> TiePage:
    """List an entity's ties, the strongest first, with totals by type and direction."""
    after = ask.after(asked.cursor)
    found = await ask.ask(
        ties.ties_of_entity(
            entity_id,
            direction=asked.direction,
            types=asked.type,
            statuses=asked.status,
            min_origins=asked.min_origins,
            moment=asked.moment,
            after=after,
            limit=asked.limit,
        )
    )
    if found is None:
        raise await entity_missing(ask, entity_id)
    possibly = sum(tie.match == "possibly" for tie in found.found.items)
    notices = [f"{possibly} of these ties only possibly held."] if possibly else []
    return TiePage(
        results=[tie_out(tie, found.names) for tie in found.found.items],
        total=found.found.total,
        groups=[
            Group(type=g.type, direction="out" if g.direction == "out" else "in", total=g.total)
            for g in found.groups
        ],
        next=ask.next(found.next_after),
        meta=ask.meta(asked, notices),
    )


async def entity_missing(ask: Context, entity_id: str) -> ProblemError:
    """Return the problem for an id that no entity has, with those that come near."""
    near = await ask.services.store.ask(search.near_entities(entity_id))
    return not_found(
        "entity",
        entity_id,
        [
            {
                "id": card.entity.id,
                "label": card.entity.label,
                "type": card.entity.type,
                "link": f"/v1/entities/{card.entity.id}",
            }
            for card in near
        ],
    )
