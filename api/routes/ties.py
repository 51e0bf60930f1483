"""Ties: lists of them, and one with its docket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from api import lists
from api.answers.claims import ClaimOut, claim_out
from api.answers.common import citation, labels_of
from api.answers.lists import Listing, TieRecord
from api.answers.ties import TieOut, tie_out, tie_row_out
from api.include import Brought, ends, sources_of
from api.lists import RowsAsked, as_files, as_json
from api.not_found import tie_missing
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
from api.request import Ask, Context, seen
from graph.citation import cite_record
from graph.model import TieKey
from graph.model.fields import StatusName, TieTypeName
from graph.passages import passages
from graph.queries import tie_lists
from graph.queries.tie_lists import FACETS, KEYS, ORDER, TieFilters, TieRow
from graph.queries.ties import tie
from graph.tables import column_names

if TYPE_CHECKING:
    TieSort = str
    TieField = str
    TieColumn = str
    TieFacet = str
else:
    TieSort = vocabulary("TieSort", either_way(KEYS))
    TieField = vocabulary("TieField", shown_fields(TieOut))
    TieColumn = vocabulary("TieColumn", column_names("ties"))
    TieFacet = vocabulary("TieFacet", FACETS)


class OfTies(GraphRead):
    """Filters that fit the ties of one entity as well as all."""

    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([], description="At the moment asked for.")
    disputed: bool | None = Field(None, description="Whether a claim denies the tie.")
    min_origins: int = Field(0, ge=0, description="The least number of independent origins.")
    source: list[str] = Field(
        [], max_length=100, description="Ids of sources: ties that a claim of one bears on."
    )

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return TieFilters(
            types=self.type,
            statuses=self.status,
            disputed=[] if self.disputed is None else [self.disputed],
            min_origins=self.min_origins,
            sources=self.source,
            moment=self.moment,
        )


class Ties(OfTies):
    """Filters on all ties."""

    starts: list[str] = Field(
        [], alias="from", max_length=100, description="Ids of entities that ties run from."
    )
    ends: list[str] = Field(
        [], alias="to", max_length=100, description="Ids of entities that they run to."
    )
    entity: list[str] = Field([], max_length=100, description="Ids of entities at either end.")

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return replace(super().filters, starts=self.starts, ends=self.ends, entities=self.entity)


class _Listed(Part):
    sort: Annotated[list[TieSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[TieField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[TieFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["entities", "claims", "sources"]], Commas] = Field(
        [], description=INCLUDE
    )


class _Filed(Complete):
    sort: Annotated[list[TieSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[TieColumn], Commas] = Field([], description="Only these columns.")


class TieList(Ties, _Listed):
    """The parameters of `/ties`."""


class TieFile(Ties, _Filed):
    """The parameters of `/ties` as a file."""


class EntityTieList(OfTies, _Listed):
    """The parameters of `/entities/{id}/ties`."""

    direction: Literal["out", "in", "both"] = "both"


class EntityTieFile(OfTies, _Filed):
    """The parameters of `/entities/{id}/ties` as a file."""

    direction: Literal["out", "in", "both"] = "both"


class TieRead(GraphRead):
    """The parameters of one tie."""

    include: Annotated[list[Literal["claims", "sources"]], Commas] = Field([], description=INCLUDE)


router = APIRouter(tags=["ties"])
Kind = Literal["entities", "claims", "sources"]


@as_json(router, "/ties", response_model=Listing[TieOut])
async def list_ties(ask: Ask, asked: Annotated[TieList, Query()]) -> Response:
    """List ties, the strongest first. Status, origins and days are those of the moment."""
    found = await ask.ask(
        tie_lists.ties(
            asked.filters,
            order=asked.sort or ORDER,
            after=ask.after(asked.cursor),
            limit=asked.limit,
            facets=asked.facet,
        )
    )
    labels = await ask.labels(ends(found.items), asked)
    results = [tie_row_out(row, labels) for row in found.items]
    beside = await beside_ties(ask, asked, found.items, asked.include)
    answer = Listing[TieOut](**lists.listing(ask, asked, found, results, beside))
    return lists.send(ask, answer, asked.fields)


@as_files(router, "/ties")
async def file_ties(ask: Ask, asked: Annotated[TieFile, Query()]) -> RowsAsked:
    """All ties that pass the filters, as a table."""
    return RowsAsked("ties", tie_lists.tie_table(asked.filters, asked.sort or ORDER), asked)


async def beside_ties(
    ask: Context, asked: GraphRead, rows: Sequence[TieRow], kinds: Sequence[Kind]
) -> Brought | None:
    """Bring along what ties name; None where nothing is asked for."""
    if not kinds:
        return None
    brought = Brought(ask, asked)
    if "entities" in kinds:
        await brought.entities(ends(rows))
    if "claims" in kinds or "sources" in kinds:
        cards = await brought.claims(i for row in rows for i in (*row.claim_ids, *row.denial_ids))
        if "sources" in kinds:
            await brought.sources(sources_of(cards))
    return brought


@router.get("/ties/{source}/{tie_type}/{target}", response_model=TieRecord)
async def read_tie(
    source: Annotated[str, Path(examples=["tiandy"], max_length=120)],
    tie_type: Annotated[str, Path(examples=["SUPPLIES"], max_length=40)],
    target: Annotated[str, Path(examples=["irgc"], max_length=120)],
    ask: Ask,
    asked: Annotated[TieRead, Query()],
) -> Response:
    """Read one tie with its docket: the claims that affirm it, and those that deny it."""
    key = TieKey(source, tie_type, target)
    docket = await ask.ask(tie(key, asked.moment))
    if docket is None:
        raise await tie_missing(ask, key)
    ends = {i: entity.label for i, entity in docket.ends.items()}
    labels = labels_of(await ask.labels(docket.names | ends, asked), docket.sources)
    quoted = passages(docket.claims.values(), docket.sources, ask.texts)
    matches = {
        support.claim_id: support.match(asked.as_of, asked.known_by)
        for support in docket.tie.supports
    }

    def shown(ids: tuple[str, ...]) -> list[ClaimOut]:
        return [claim_out(docket.claims[i], labels, quoted, match=matches[i]) for i in ids]

    brought = Brought(ask, asked) if asked.include else None
    if brought and "claims" in asked.include:
        await brought.claims(docket.claims)
    if brought and "sources" in asked.include:
        await brought.sources(docket.sources)
    shape = tie_out(docket.tie, labels)
    support = f"{shape.status}, disputed" if shape.disputed else shape.status
    cited = cite_record(
        f"{shape.sentence} ({support}; independent origins: {shape.origins})",
        str(key),
        seen(ask),
        docket.sources.values(),
    )
    answer = TieRecord(
        **shape.model_dump(),
        cite=citation(cited),
        affirmed_by=shown(docket.tie.claim_ids),
        denied_by=shown(docket.tie.denial_ids),
        included=brought.found if brought else None,
        meta=ask.meta(asked, brought.notices if brought else None),
    )
    return lists.send(ask, answer)
