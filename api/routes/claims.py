"""Claims: lists of them, and one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from api import lists
from api.answers.claims import ClaimOut, ClaimRecord, claim_out
from api.answers.common import citation, labels_by_id
from api.answers.lists import Listing
from api.errors import ProblemError
from api.http.public_address import address
from api.include import IncludedRecords, claims_out, sources_of
from api.lists import TableFile, as_files, as_json
from api.missing import missing
from api.parameters import (
    DATASET,
    FACET,
    FIELDS,
    FIRST_FROM,
    INCLUDE,
    LAST_TO,
    RECORDED_SINCE,
    SORT,
    ClaimIds,
    Commas,
    Complete,
    DatasetIds,
    Day,
    EntityIds,
    FirstDay,
    Names,
    Negation,
    Part,
    Read,
    SourceIds,
    SpeakerIds,
    either_way,
    shown_fields,
    vocabulary,
)
from api.patterns import HASH
from api.request import GraphRequest, RequestDep, SnapshotRoute, retrieval
from api.responses import links_to
from graph.citation import cite_record
from graph.model import Withdrawal
from graph.model.fields import ModalityName, PolarityName, PredicateName
from graph.ontology import ONTOLOGY
from graph.passages import passages
from graph.queries import claims
from graph.queries.claims import FACETS, KEYS, ClaimCard, ClaimFilters
from graph.queries.lists import ListPage
from graph.queries.withdrawals import claim_withdrawals
from graph.tables import column_names
from graph.wording import withdrawal_in_words

if TYPE_CHECKING:
    ClaimSort = str
    ClaimField = str
    ClaimColumn = str
    ClaimFacet = str
else:
    ClaimSort = vocabulary("ClaimSort", either_way(KEYS))
    ClaimField = vocabulary("ClaimField", shown_fields(ClaimOut))
    ClaimColumn = vocabulary("ClaimColumn", column_names("claims"))
    ClaimFacet = vocabulary("ClaimFacet", FACETS)


def _filled_role(value: object) -> object:
    """Check `supplier:tiandy`: a role that some predicate has, and an id."""
    role, _, entity_id = str(value).partition(":")
    if role in ONTOLOGY.role_names and entity_id:
        return value
    raise PydanticCustomError(
        "role",
        "it is written role:entity, such as supplier:tiandy; the roles are {roles}",
        {"roles": ", ".join(ONTOLOGY.role_names)},
    )


_FILLED = {"type": "string", "pattern": f"^({'|'.join(sorted(ONTOLOGY.role_names))}):[^,]+$"}
FilledRole = Annotated[
    str, BeforeValidator(_filled_role), WithJsonSchema(_FILLED, mode="validation")
]


class ClaimRead(Read):
    """The parameters of `/claims/{id}`."""

    retracted: Literal["exclude", "include"] = Field(
        "exclude", description="`include` shows a claim that was withdrawn or superseded."
    )


class Claims(Negation):
    """Filters on claims."""

    id: ClaimIds = Field([])
    predicate: Annotated[list[PredicateName], Commas] = Field([])
    role: Annotated[list[FilledRole], Commas, Names("entity", after_colon=True)] = Field(
        [], max_length=100, description="An entity in a role, such as `supplier:tiandy`."
    )
    entity: EntityIds = Field([], description="Ids of entities in any role.")
    source: SourceIds = Field([], description="Ids of sources that claims are taken from.")
    speaker: SpeakerIds = Field(
        [],
        description="Ids of sources or entities in the attribution chain, the source at hand or "
        "what it cites.",
    )
    origin: SpeakerIds = Field([], description="Ids of sources or entities that are the origin.")
    modality: Annotated[list[ModalityName], Commas] = Field([])
    polarity: Annotated[list[PolarityName], Commas] = Field([])
    dataset: DatasetIds = Field([], description=DATASET)
    first_from: FirstDay | None = Field(None, description=FIRST_FROM)
    last_to: Day | None = Field(None, description=LAST_TO)
    recorded_since: FirstDay | None = Field(None, description=RECORDED_SINCE)
    q: str | None = Field(
        None, min_length=1, max_length=200, description="Words that the summary has, all of them."
    )
    retracted: Literal["exclude", "include", "only"] = Field(
        "exclude", description="Claims that were withdrawn or superseded."
    )

    @property
    def filters(self) -> ClaimFilters:
        """The filters as one value."""
        roles = [(role, i) for role, _, i in (value.partition(":") for value in self.role)]
        return ClaimFilters(
            ids=self.id,
            predicates=self.predicate,
            roles=roles,
            entities=self.entity,
            sources=self.source,
            speakers=self.speaker,
            modalities=self.modality,
            polarities=self.polarity,
            words=self.q,
            retracted=self.retracted,
            moment=self.moment,
            datasets=self.dataset,
            origins=self.origin,
            first_from=self.first_from,
            last_to=self.last_to,
            recorded_since=self.recorded_since,
            negations=[each.filters for each in self.negated()],
        )


class ClaimList(Claims, Part):
    """The parameters of `/claims`."""

    sort: Annotated[list[ClaimSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[ClaimField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[ClaimFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["entities", "sources"]], Commas] = Field(
        [], description=INCLUDE
    )


class ClaimFile(Claims, Complete):
    """The parameters of `/claims` as a file."""

    sort: Annotated[list[ClaimSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[ClaimColumn], Commas] = Field([], description="Only these columns.")


router = APIRouter(route_class=SnapshotRoute, tags=["evidence"])


@as_json(
    router,
    "/claims",
    response_model=Listing[ClaimOut],
    responses=links_to("read_claim", claim_id="id"),
)
async def list_claims(request: RequestDep, params: Annotated[ClaimList, Query()]) -> Response:
    """List claims, whole: who plays which part, who says so, and where it stands in the text."""
    page = await claims.claims(
        request,
        params.filters,
        order=params.sort or claims.ORDER,
        after=request.after(params.cursor),
        limit=params.limit,
        facets=params.facet,
    )
    results = await claims_out(request, params, page.items)
    included = None
    if params.include:
        included = IncludedRecords(request, params)
        if "entities" in params.include:
            await included.entities(i for card in page.items for i in card.names)
        if "sources" in params.include:
            await included.sources(sources_of(page.items))
    answer = Listing[ClaimOut](
        **await lists.listing(
            request, params, page, results, included, notices=await _citing(request, params, page)
        )
    )
    return lists.send(request, answer, params.fields)


async def _citing(request: GraphRequest, params: ClaimList, page: ListPage[ClaimCard]) -> list[str]:
    """Return the notice of claims that only cite a source from which none is taken."""
    if page.total or not params.source:
        return []
    filters = replace(params.filters, sources=(), speakers=params.source)
    count = (await request.ask(filters.query().totals())).total
    if not count or params.speaker:
        return []
    ids = "&".join(f"speaker={i}" for i in params.source)
    return [f"None of these claims is taken from the source; {count:,} cite it: {ids}."]


@as_files(
    router, "/claims", whole={"claims": claims.claim_table(), "claim_roles": claims.role_table()}
)
async def file_claims(request: RequestDep, params: Annotated[ClaimFile, Query()]) -> TableFile:
    """All claims that pass the filters, as a table with one column for each role."""
    return TableFile(
        "claims", claims.claim_table(params.filters, params.sort or claims.ORDER), params
    )


@router.get("/claims/{claim_id}")
async def read_claim(
    claim_id: Annotated[str, Path(pattern=HASH)],
    request: RequestDep,
    params: Annotated[ClaimRead, Query()],
) -> ClaimRecord:
    """Read one claim. One that was withdrawn or superseded answers 410, unless it is asked for."""
    card = await request.ask(claims.claim(claim_id))
    if card is None:
        raise await missing(request, "claim", claim_id)
    if params.retracted == "exclude" and (card.claim.retracted or card.superseded_by):
        for withdrawal in await request.ask(claim_withdrawals([claim_id])):
            raise _withdrawn(withdrawal)
    labels = labels_by_id(await request.labels(card.names, params), card.sources)
    quoted = passages([card.claim], card.sources, request.texts)
    answer = claim_out(card.claim, labels, quoted, card.superseded_by)
    cited = cite_record(
        f"{card.claim.summary} ({', '.join(speaker.label for speaker in answer.said_by)})",
        f"claims/{claim_id}",
        retrieval(request, [card.claim]),
        card.sources.values(),
    )
    return ClaimRecord.of(answer, cite=citation(cited), meta=request.meta(params))


def _withdrawn(claim: Withdrawal) -> ProblemError:
    detail = f"{withdrawal_in_words(claim)} retracted=include shows it."
    instead = claim.superseded_by
    if instead is None or claim.reason is not None:
        return ProblemError(410, "retracted", "Retracted", detail)
    near = [{"id": instead, "link": address(f"/v1/claims/{instead}")}]
    return ProblemError(410, "superseded", "Superseded", detail, near=near)
