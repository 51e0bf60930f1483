"""Entities: a list of them, one of them, and its ties."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from api import lists
from api.answers.common import Fault
from api.answers.entities import EntityHit, duplicate_out, entity_out, hit_out
from api.answers.lists import EntityRecord, Listing, TiePage
from api.answers.ties import Group, tie_row_out
from api.errors import ProblemError
from api.include import IncludedRecords, documents, ends, sources_of
from api.lists import TableFile, as_files, as_json
from api.missing import missing, moved
from api.parameters import (
    DATASET,
    FACET,
    FIELDS,
    INCLUDE,
    SORT,
    Commas,
    Complete,
    Countries,
    DatasetIds,
    EntityIds,
    GraphRead,
    Identifiers,
    Least,
    Names,
    Negation,
    Part,
    either_way,
    shown_fields,
    vocabulary,
)
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.responses import links_to
from api.routes.ties import TIE_LINKS, EntityTieFile, EntityTieList, included_with_ties
from graph.model.fields import TypeName
from graph.queries import entities, entity_ties, search
from graph.queries.entities import FACETS, KEYS, EntityFilters
from graph.queries.search import Hit
from graph.queries.tie_lists import ORDER
from graph.tables import column_names

if TYPE_CHECKING:
    EntitySort = str
    EntityField = str
    EntityColumn = str
    EntityFacet = str
else:
    EntitySort = vocabulary("EntitySort", either_way([*KEYS, "relevance"]))
    EntityField = vocabulary("EntityField", shown_fields(EntityHit))
    EntityColumn = vocabulary("EntityColumn", column_names("entities"))
    EntityFacet = vocabulary("EntityFacet", FACETS)

IncludedKind = Literal["ties", "claims", "sources"]


class Entities(Negation):
    """Filters on entities. All stay at any moment; their ties and counts follow it."""

    id: EntityIds = Field([])
    type: Annotated[list[TypeName], Commas] = Field([])
    tag: Annotated[list[str], Field(max_length=100), Commas, Names("tag")] = Field([])
    dataset: DatasetIds = Field([], description=DATASET)
    country: Countries = Field([], description="ISO 3166-1, where a source says it of the entity.")
    identifier: Identifiers = Field(
        [], description="What a register calls it, whatever the register."
    )
    min_ties: Least = Field(0, description="The least number of ties, in either direction.")
    q: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Plain words of a name; the best match comes first unless `sort` is given.",
    )

    @property
    def filters(self) -> EntityFilters:
        """The filters as one value, without the words."""
        return EntityFilters(
            ids=self.id,
            types=self.type,
            tags=self.tag,
            min_ties=self.min_ties,
            moment=self.moment,
            datasets=self.dataset,
            countries=self.country,
            identifiers=self.identifier,
            negations=[each.filters for each in self.negated()],
        )


class EntityList(Entities, Part):
    """The parameters of `/entities`."""

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


router = APIRouter(route_class=SnapshotRoute, tags=["entities"])
EntityId = Annotated[str, Path(examples=["tiandy"], max_length=120)]


@as_json(
    router,
    "/entities",
    response_model=Listing[EntityHit],
    responses=links_to("read_entity", entity_id="id"),
)
async def list_entities(request: RequestDep, params: Annotated[EntityList, Query()]) -> Response:
    """List entities in the order of their ids, or, with `q`, those whose names match best."""
    after = request.after(params.cursor)
    words = await _words(request, params)
    page = await entities.entities(
        request,
        words.filters,
        order=words.order,
        after=after,
        limit=params.limit,
        facets=params.facet,
    )
    results = [
        hit_out(entity_out(card, params.lang), words.matched.get(card.entity.id))
        for card in page.items
    ]
    ids = [card.entity.id for card in page.items]
    included = await _included(request, params, ids, params.include)
    answer = Listing[EntityHit](
        **await lists.listing(request, params, page, results, included, notices=words.notices)
    )
    return lists.send(request, answer, params.fields)


@as_files(router, "/entities", whole={"entities": entities.entity_table()})
async def file_entities(request: RequestDep, params: Annotated[EntityFile, Query()]) -> TableFile:
    """All entities that pass the filters, as a table."""
    words = await _words(request, params)
    return TableFile(
        "entities", entities.entity_table(words.filters, words.order, params.lang), params
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What the words of a question come to: filters and an order, and what matched, by id."""

    filters: EntityFilters
    order: Sequence[str]
    matched: Mapping[str, Hit] = field(default_factory=dict)
    notices: Sequence[str] = ()


async def _words(request: GraphRequest, params: EntityList | EntityFile) -> _Words:
    """Search for the words of a question. Raises a problem for an order that needs words."""
    if params.q is None:
        by_relevance = [key for key in params.sort if key.endswith("relevance")]
        if by_relevance:
            message = "sort: only what q finds has a relevance; give q, or another key."
            fault = Fault(parameter="sort", value=by_relevance[0], message=message)
            raise ProblemError(
                422, "bad_combination", "Values do not go together", message, errors=[fault]
            )
        return _Words(params.filters, params.sort or entities.ORDER)
    hits = await request.ask(search.search(params.q, limit=search.MOST))
    matched = {hit.card.entity.id: hit for hit in hits.items}
    notice = f"Only the best {search.MOST:,} matches of the words were looked at."
    return _Words(
        replace(params.filters, hits=list(matched)),
        params.sort or ["relevance"],
        matched,
        [notice] if hits.capped else [],
    )


async def _included(
    request: GraphRequest, params: EntityList, ids: list[str], kinds: list[IncludedKind]
) -> IncludedRecords | None:
    if not kinds:
        return None
    included = IncludedRecords(request, params)
    if "ties" in kinds:
        await included.ties(ids)
    await _include_claims(included, ids, kinds)
    return included


async def _include_claims(
    included: IncludedRecords, ids: list[str], kinds: list[IncludedKind]
) -> None:
    if "claims" in kinds or "sources" in kinds:
        cards = await included.claims_about(ids)
        if "sources" in kinds:
            await included.sources(sources_of(cards))


@router.get(
    "/entities/{entity_id}",
    response_model=EntityRecord,
    responses={308: {"description": "The id is merged into another one, which is there."}},
)
async def read_entity(
    entity_id: EntityId, request: RequestDep, params: Annotated[EntityRead, Query()]
) -> Response:
    """Read one entity. An id that is merged into another leads there: 308."""
    kinds = params.include
    included = IncludedRecords(request, params) if kinds else None
    entity = request.ask(entities.entity(entity_id, params.moment))
    if included is not None and "ties" in kinds:
        card, _ = await asyncio.gather(entity, included.ties([entity_id]))
    else:
        card = await entity
    if card is None:
        raise await missing(request, "entity", entity_id)
    if card.canonical_id is not None:
        return moved(request, entity_id, card.canonical_id)
    if included is not None:
        await _include_claims(included, [entity_id], kinds)
    answer = EntityRecord.of(
        entity_out(card, params.lang),
        also=[duplicate.entity.id for duplicate in card.duplicates],
        duplicates=[duplicate_out(duplicate) for duplicate in card.duplicates],
        included=included.records if included else None,
        meta=request.meta(params, included.notices if included else None),
    )
    return lists.send(request, answer)


@as_json(router, "/entities/{entity_id}/ties", response_model=TiePage, responses=TIE_LINKS)
async def list_entity_ties(
    entity_id: EntityId, request: RequestDep, params: Annotated[EntityTieList, Query()]
) -> Response:
    """List an entity's ties, the strongest first, with totals by type and direction."""
    listing = await entity_ties.ties_of_entity(
        request,
        entity_id,
        direction=params.direction,
        filters=params.filters,
        order=params.sort or ORDER,
        after=request.after(params.cursor),
        limit=params.limit,
        facets=params.facet,
    )
    if listing is None:
        raise await missing(request, "entity", entity_id)
    rows = listing.page.items
    labels = await request.labels(ends(rows), params)
    included = await included_with_ties(request, params, rows, params.include)
    answer = TiePage(
        **await lists.listing(
            request,
            params,
            listing.page,
            [tie_row_out(row, labels) for row in rows],
            included,
            await documents(request, rows),
        ),
        groups=[Group(type=g.type, direction=g.direction, total=g.total) for g in listing.groups],
    )
    return lists.send(request, answer, params.fields)


@as_files(router, "/entities/{entity_id}/ties")
async def file_entity_ties(
    entity_id: EntityId, request: RequestDep, params: Annotated[EntityTieFile, Query()]
) -> TableFile:
    """All ties of an entity that pass the filters, as a table."""
    if await request.ask(entities.entity(entity_id)) is None:
        raise await missing(request, "entity", entity_id)
    order = params.sort or ORDER
    table = entity_ties.entity_tie_table(
        entity_id, params.direction, params.filters, order, params.lang
    )
    return TableFile("ties", table, params)
