"""Claims: lists of them, and one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api import lists
from api.answers.claims import ClaimOut, ClaimRecord
from api.answers.lists import Listing
from api.citing import citation, seen
from api.errors import ProblemError
from api.include import Brought, claims_out, sources_of
from api.listroutes import RowsAsked, as_files, as_json
from api.not_found import claim_missing
from api.parameters.claims import ClaimFile, ClaimList, ClaimRead
from api.request import Ask
from api.shape import claim_out, labels_of
from graph.citation import cite_record
from graph.model import Claim
from graph.passages import passages
from graph.queries import claims

router = APIRouter(tags=["evidence"])


@as_json(router, "/claims", response_model=Listing[ClaimOut])
async def list_claims(ask: Ask, asked: Annotated[ClaimList, Query()]) -> Response:
    """List claims, whole: who plays which part, who says so, and where it stands in the text."""
    found = await ask.ask(
        claims.claims(
            asked.filters,
            order=asked.sort or claims.ORDER,
            after=ask.after(asked.cursor),
            limit=asked.limit,
            facets=asked.facet,
        )
    )
    results = await claims_out(ask, asked, found.items)
    beside = None
    if asked.include:
        beside = Brought(ask, asked)
        if "entities" in asked.include:
            await beside.entities(i for card in found.items for i in card.names)
        if "sources" in asked.include:
            await beside.sources(sources_of(found.items))
    answer = Listing[ClaimOut](**lists.listing(ask, asked, found, results, beside))
    return lists.send(ask, answer, asked.fields)


@as_files(router, "/claims")
async def file_claims(ask: Ask, asked: Annotated[ClaimFile, Query()]) -> RowsAsked:
    """All claims that pass the filters, as a table with one column for each role."""
    return RowsAsked("claims", claims.claim_table(asked.filters, asked.sort or claims.ORDER), asked)


@router.get("/claims/{claim_id}")
async def read_claim(
    claim_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],
    ask: Ask,
    asked: Annotated[ClaimRead, Query()],
) -> ClaimRecord:
    """Read one claim. One that was withdrawn or superseded answers 410, unless it is asked for."""
    card = await ask.ask(claims.claim(claim_id))
    if card is None:
        raise await claim_missing(ask, claim_id)
    if asked.retracted == "exclude":
        _refuse_withdrawn(card.claim, card.superseded_by)
    labels = labels_of(await ask.labels(card.names, asked), card.sources)
    quoted = passages([card.claim], card.sources, ask.texts)
    shown = claim_out(card.claim, labels, quoted, card.superseded_by)
    cited = cite_record(
        f"{card.claim.summary} ({', '.join(speaker.label for speaker in shown.said_by)})",
        f"claims/{claim_id}",
        seen(ask),
        card.sources.values(),
    )
    return ClaimRecord(**shown.model_dump(), cite=citation(cited), meta=ask.meta(asked))


def _refuse_withdrawn(claim: Claim, superseded_by: str | None) -> None:
    see = "retracted=include shows it."
    if claim.retracted is not None:
        detail = f"It was retracted on {claim.retracted.on}: {claim.retracted.reason} {see}"
        raise ProblemError(410, "retracted", "Retracted", detail)
    if superseded_by is not None:
        detail = f"The claim {superseded_by} stands in its place; {see}"
        near = [{"id": superseded_by, "link": f"/v1/claims/{superseded_by}"}]
        raise ProblemError(410, "superseded", "Superseded", detail, near=near)
