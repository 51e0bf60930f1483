"""Sources: lists of them, and one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from api import lists
from api.answers.common import citation
from api.answers.lists import Listing
from api.answers.sources import SourceItemOut, SourceRecord, source_item_out, source_out
from api.include import IncludedRecords
from api.lists import TableFile, as_files, as_json
from api.missing import missing
from api.parameters import (
    DATASET,
    FACET,
    FIELDS,
    INCLUDE,
    SORT,
    Commas,
    Complete,
    DatasetIds,
    Negation,
    Part,
    Publishers,
    Read,
    SourceIds,
    either_way,
    shown_fields,
    vocabulary,
)
from api.request import RequestDep, SnapshotRoute
from api.responses import links_to
from graph.citation import cite_source
from graph.model.fields import SourceKindName
from graph.queries import sources
from graph.queries.sources import FACETS, KEYS, SourceFilters
from graph.tables import column_names

if TYPE_CHECKING:
    SourceSort = str
    SourceField = str
    SourceColumn = str
    SourceFacet = str
else:
    SourceSort = vocabulary("SourceSort", either_way(KEYS))
    SourceField = vocabulary("SourceField", shown_fields(SourceItemOut))
    SourceColumn = vocabulary("SourceColumn", column_names("sources"))
    SourceFacet = vocabulary("SourceFacet", FACETS)


class Sources(Negation):
    """Filters on sources. `known_by` leaves out those that were not out; `as_of` only counts."""

    id: SourceIds = Field([])
    kind: Annotated[list[SourceKindName], Commas] = Field([])
    publisher: Publishers = Field([], description="Names, as they are written, or ids.")
    dataset: DatasetIds = Field([], description=DATASET)
    q: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Words of title, publisher or authors, all of them.",
    )

    @property
    def filters(self) -> SourceFilters:
        """The filters as one value."""
        return SourceFilters(
            ids=self.id,
            kinds=self.kind,
            publishers=self.publisher,
            words=self.q,
            moment=self.moment,
            datasets=self.dataset,
            negations=[each.filters for each in self.negated()],
        )


class SourceList(Sources, Part):
    """The parameters of `/sources`."""

    sort: Annotated[list[SourceSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[SourceField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[SourceFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["claims"]], Commas] = Field([], description=INCLUDE)


class SourceFile(Sources, Complete):
    """The parameters of `/sources` as a file."""

    sort: Annotated[list[SourceSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[SourceColumn], Commas] = Field([], description="Only these columns.")


router = APIRouter(route_class=SnapshotRoute, tags=["evidence"])


@as_json(
    router,
    "/sources",
    response_model=Listing[SourceItemOut],
    responses=links_to("read_source", source_id="id"),
)
async def list_sources(request: RequestDep, params: Annotated[SourceList, Query()]) -> Response:
    """List sources. `known_by` leaves out those that were not out by then."""
    page = await sources.sources(
        request,
        params.filters,
        order=params.sort or sources.ORDER,
        after=request.after(params.cursor),
        limit=params.limit,
        facets=params.facet,
    )
    results = [source_item_out(item, request.holds_text(item.source)) for item in page.items]
    included = IncludedRecords(request, params) if params.include else None
    if included:
        await included.claims_from([item.source.id for item in page.items])
    answer = Listing[SourceItemOut](**await lists.listing(request, params, page, results, included))
    return lists.send(request, answer, params.fields)


@as_files(router, "/sources", whole={"sources": sources.source_table()})
async def file_sources(request: RequestDep, params: Annotated[SourceFile, Query()]) -> TableFile:
    """All sources that pass the filters, as a table."""
    table = sources.source_table(params.filters, params.sort or sources.ORDER)
    return TableFile("sources", table, params)


@router.get("/sources/{source_id}")
async def read_source(
    source_id: Annotated[str, Path(examples=["fdd-study"], max_length=120)],
    request: RequestDep,
    _: Annotated[Read, Query()],
) -> SourceRecord:
    """Read one source, with the ids of its claims and of those that cite it."""
    card = await request.ask(sources.source(source_id))
    if card is None:
        raise await missing(request, "source", source_id)
    answer = source_out(card, request.holds_text(card.source))
    cite = citation(cite_source(card.source))
    return SourceRecord.of(answer, cite=cite, meta=request.meta())
