"""Ties: lists of them, and one with its docket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from api import lists
from api.answers.claims import ClaimOut, claim_out, withdrawal_out
from api.answers.common import citation, labels_by_id
from api.answers.lists import Listing, TieRecord
from api.answers.ties import TieOut, accounts_out, tie_out, tie_row_out
from api.include import IncludedRecords, documents, ends, sources_of
from api.lists import TableFile, as_files, as_json
from api.missing import missing, moved_tie
from api.parameters import (
    FACET,
    FIELDS,
    FIRST_FROM,
    INCLUDE,
    INFERRED,
    LAST_TO,
    SORT,
    Commas,
    Complete,
    Countries,
    DatasetIds,
    Day,
    EntityIds,
    FirstDay,
    GraphRead,
    Least,
    Negation,
    Part,
    SourceIds,
    SpeakerIds,
    either_way,
    shown_fields,
    vocabulary,
)
from api.patterns import PAIR
from api.request import GraphRequest, RequestDep, SnapshotRoute, retrieval
from api.responses import links_to
from graph.citation import cite_record
from graph.model import TieKey
from graph.model.fields import StatusName, TieTypeName, TypeName
from graph.passages import passages
from graph.projection import accounts, claim_match
from graph.queries import tie_lists
from graph.queries.docket import docket as docket_of
from graph.queries.search import ReferenceKind
from graph.queries.tie_lists import FACETS, KEYS, ORDER, TieFilters, TieRow
from graph.tables import column_names
from graph.wording import naming, plural_ids, shared_in_words, support_in_brackets

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

#: Two ids with a comma between them.
PairOfIds = Annotated[str, Field(pattern=PAIR, max_length=250)]


class OfTies(Negation):
    """Filters that fit the ties of one entity as well as all."""

    type: Annotated[list[TieTypeName], Commas] = Field([])
    status: Annotated[list[StatusName], Commas] = Field([], description="At the moment asked for.")
    disputed: bool | None = Field(None, description="Whether a claim denies the tie.")
    inferred: bool | None = Field(None, description=INFERRED)
    min_independent: Least = Field(0, description="The least number of independent accounts.")
    max_independent: Least | None = Field(None, description="The most independent accounts.")
    source: SourceIds = Field(
        [], description="Ids of sources: ties that a claim bears on which is from one, or cites it."
    )
    speaker: SpeakerIds = Field(
        [], description="Ids of sources or entities in the attribution chain of such a claim."
    )
    origin: SpeakerIds = Field([], description="Ids of sources or entities in `origin_ids`.")
    dataset: DatasetIds = Field(
        [],
        description="Ids of data sets: ties that a claim of one bears on, at whatever moment.",
    )
    first_from: FirstDay | None = Field(None, description=FIRST_FROM)
    last_to: Day | None = Field(None, description=LAST_TO)
    recorded_since: FirstDay | None = Field(
        None, description="Ties that a claim bears on which was recorded on that day or later."
    )

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return TieFilters(
            types=self.type,
            statuses=self.status,
            disputed=[] if self.disputed is None else [self.disputed],
            inferred=[] if self.inferred is None else [self.inferred],
            min_independent=self.min_independent,
            sources=self.source,
            datasets=self.dataset,
            moment=self.moment,
            max_independent=self.max_independent,
            speakers=self.speaker,
            origins=self.origin,
            first_from=self.first_from,
            last_to=self.last_to,
            recorded_since=self.recorded_since,
            negations=[replace(each.filters, moment=self.moment) for each in self.negated()],
        )


class Ties(OfTies):
    """Filters on all ties."""

    starts: EntityIds = Field(
        [],
        alias="from",
        description="Ids of entities that ties run from; one without direction runs both ways.",
    )
    ends: EntityIds = Field([], alias="to", description="Ids of entities that they run to.")
    entity: EntityIds = Field([], description="Ids of entities at either end.")
    between: list[PairOfIds] = Field(
        [],
        max_length=100,
        description="Two ids with a comma between them: ties between the two, either way.",
        examples=["china,iran"],
    )
    from_type: Annotated[list[TypeName], Commas] = Field([], description="Types of their starts.")
    to_type: Annotated[list[TypeName], Commas] = Field([], description="Types of their ends.")
    from_country: Countries = Field([], description="Countries (ISO 3166-1) of their starts.")
    to_country: Countries = Field([], description="Countries (ISO 3166-1) of their ends.")

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return replace(
            super().filters,
            starts=self.starts,
            ends=self.ends,
            entities=self.entity,
            between=[(one, other) for one, _, other in (p.partition(",") for p in self.between)],
            start_types=self.from_type,
            end_types=self.to_type,
            start_countries=self.from_country,
            end_countries=self.to_country,
        )

    def references(self) -> Iterator[tuple[str, ReferenceKind | Literal["dataset"], str]]:
        """Yield the values that name something, both of each pair among them."""
        yield from super().references()
        for pair in self.between:
            yield from (("between", "entity", one) for one in pair.split(","))


class _ListParams(Part):
    sort: Annotated[list[TieSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[TieField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[TieFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["entities", "claims", "sources"]], Commas] = Field(
        [], description=INCLUDE
    )


class _FileParams(Complete):
    sort: Annotated[list[TieSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[TieColumn], Commas] = Field([], description="Only these columns.")


class TieList(Ties, _ListParams):
    """The parameters of `/ties`."""


class TieFile(Ties, _FileParams):
    """The parameters of `/ties` as a file."""


class EntityTieList(OfTies, _ListParams):
    """The parameters of `/entities/{id}/ties`."""

    direction: Literal["out", "in", "both"] = "both"


class EntityTieFile(OfTies, _FileParams):
    """The parameters of `/entities/{id}/ties` as a file."""

    direction: Literal["out", "in", "both"] = "both"


class TieRead(GraphRead):
    """The parameters of one tie."""

    include: Annotated[list[Literal["claims", "sources"]], Commas] = Field([], description=INCLUDE)


router = APIRouter(route_class=SnapshotRoute, tags=["ties"])
#: How a tie of a list is read by itself.
TIE_LINKS = links_to("read_tie", source="from/id", tie_type="type", target="to/id")
Kind = Literal["entities", "claims", "sources"]


@as_json(router, "/ties", response_model=Listing[TieOut], responses=TIE_LINKS)
async def list_ties(request: RequestDep, params: Annotated[TieList, Query()]) -> Response:
    """List ties, the strongest first. Status, accounts and days are those of the moment."""
    page = await tie_lists.ties(
        request,
        params.filters,
        order=params.sort or ORDER,
        after=request.after(params.cursor),
        limit=params.limit,
        facets=params.facet,
    )
    labels = await request.labels(ends(page.items), params)
    results = [tie_row_out(row, labels) for row in page.items]
    included = await included_with_ties(request, params, page.items, params.include)
    sources = await documents(request, page.items)
    answer = Listing[TieOut](
        **await lists.listing(request, params, page, results, included, sources)
    )
    return lists.send(request, answer, params.fields)


@as_files(router, "/ties", whole={"ties": tie_lists.tie_table()})
async def file_ties(request: RequestDep, params: Annotated[TieFile, Query()]) -> TableFile:
    """All ties that pass the filters, as a table."""
    table = tie_lists.tie_table(params.filters, params.sort or ORDER, params.lang)
    return TableFile("ties", table, params)


async def included_with_ties(
    request: GraphRequest, params: GraphRead, rows: Sequence[TieRow], kinds: Sequence[Kind]
) -> IncludedRecords | None:
    """Bring along what ties name; None where nothing is asked for."""
    if not kinds:
        return None
    included = IncludedRecords(request, params)
    if "entities" in kinds:
        await included.entities(ends(rows))
    if "claims" in kinds or "sources" in kinds:
        cards = await included.claims(i for row in rows for i in (*row.claim_ids, *row.denial_ids))
        if "sources" in kinds:
            await included.sources(sources_of(cards))
    return included


@router.get(
    "/ties/{source}/{tie_type}/{target}",
    response_model=TieRecord,
    responses={308: {"description": "An end is merged into another entity, whose tie is there."}},
)
async def read_tie(
    source: Annotated[str, Path(examples=["tiandy"], max_length=120)],
    tie_type: Annotated[str, Path(examples=["SUPPLIES"], max_length=40)],
    target: Annotated[str, Path(examples=["irgc"], max_length=120)],
    request: RequestDep,
    params: Annotated[TieRead, Query()],
) -> Response:
    """Read one tie with its docket: the claims that affirm it, and those that deny it.

    A tie whose claims were all withdrawn answers 410, with the reasons.
    """
    key = TieKey(source, tie_type, target)
    whole = await docket_of(request, key, params.moment)
    docket = whole.graph
    if not docket.ties:
        if there := await moved_tie(request, key):
            return there
        raise await missing(request, "tie", str(key))
    (tie,) = docket.ties
    names = {**docket.names, **{i: entity.label for i, entity in docket.entities.items()}}
    labels = labels_by_id(await request.labels(names, params), docket.sources)
    quoted = passages(docket.claims.values(), docket.sources, request.texts)

    def claims_of(ids: Sequence[str]) -> list[ClaimOut]:
        claims = [docket.claims[i] for i in ids if i in docket.claims]
        return [
            claim_out(
                claim,
                labels,
                quoted,
                match=claim_match(
                    claim, docket.sources[claim.source], params.as_of, params.known_by
                ),
            )
            for claim in claims
        ]

    included = IncludedRecords(request, params) if params.include else None
    if included and "claims" in params.include:
        await included.claims(docket.claims)
    if included and "sources" in params.include:
        await included.sources(docket.sources)
    name = naming(labels, docket.sources)
    shape = tie_out(tie, labels, plural_ids(docket.entities))
    cited = cite_record(
        f"{shape.sentence} {support_in_brackets(tie)}",
        str(key),
        retrieval(request, docket.claims.values()),
        docket.sources.values(),
    )
    answer = TieRecord(
        **shape.model_dump(),
        cite=citation(cited),
        affirmed_by=claims_of(tie.claim_ids),
        denied_by=claims_of(tie.denial_ids),
        not_found_by=claims_of(whole.not_found),
        jointly_by=claims_of(whole.jointly),
        withdrawn=[withdrawal_out(each) for each in whole.withdrawn],
        accounts=accounts_out(tie, docket.claims, name),
        shared=shared_in_words(accounts(tie), name),
        included=included.records if included else None,
        meta=request.meta(
            params,
            included.notices if included else None,
            {docket.claims[i].source for i in tie.basis_ids},
        ),
    )
    return lists.send(request, answer)
