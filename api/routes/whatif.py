"""What would become of ties if a source fell, or a speaker, or some claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.answers.common import Fault
from api.answers.ties import TieOut, tie_out
from api.answers.whatif import TiePair, WhatIfRecord, WhatIfTotals
from api.errors import ProblemError
from api.missing import missing, unknown_problem, unknown_values
from api.parameters import Commas, GraphRead, Nothing
from api.patterns import HASH
from api.request import GraphRequest, RequestDep, SnapshotRoute
from graph.model import Tie
from graph.queries import entities
from graph.queries.search import ReferenceKind
from graph.queries.sources import source
from graph.queries.whatif import WhatIfAnswer, what_if
from graph.whatif import Pair

#: Ids that one question may name, of all three kinds together.
MOST = 100

_Id = Annotated[str, Field(max_length=120)]
_ClaimId = Annotated[str, Field(pattern=HASH)]
WithoutIds = Annotated[list[_Id], Field(max_length=MOST), Commas]
WithoutPublishers = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST)]
WithoutClaims = Annotated[list[_ClaimId], Field(max_length=MOST), Commas]


class SourceWhatIf(GraphRead):
    """The parameters of `/sources/{id}/what-if`."""

    limit: int = Field(500, ge=0, le=5_000, description="Ties in each list; 0 gives the totals.")


class WhatIfRead(SourceWhatIf):
    """The parameters of `/what-if`: at least one id, and at most 100 in all."""

    without_source: WithoutIds = Field(
        [],
        description="Without the claims that were taken from it, and those that cite it.",
        examples=[["fdd-study"]],
    )
    without_speaker: WithoutIds = Field(
        [],
        description="Without the claims whose chain names it: a source or an entity, with all that "
        "it is merged with, and the documents that it published.",
    )
    without_publisher: WithoutPublishers = Field(
        [],
        description="Without the claims that were taken from a document of a publisher, or cite "
        "one; the name as it is written, or the id.",
    )
    without_claim: WithoutClaims = Field([], description="Without this claim.")

    def references(self) -> Iterator[tuple[str, ReferenceKind, str]]:
        """Yield the values: the parameter, what kind it names, and the id."""
        kinds: Mapping[str, ReferenceKind] = {
            "without_source": "source",
            "without_speaker": "speaker",
            "without_publisher": "publisher",
            "without_claim": "claim",
        }
        for name, kind in kinds.items():
            yield from ((name, kind, value) for value in getattr(self, name))


router = APIRouter(route_class=SnapshotRoute)

Labels = Mapping[str, str]


@router.get("/sources/{source_id}/what-if", tags=["evidence"])
async def source_what_if(
    source_id: Annotated[str, Path(examples=["fdd-study"], max_length=120)],
    request: RequestDep,
    params: Annotated[SourceWhatIf, Query()],
) -> WhatIfRecord:
    """Say what would become of the ties if a source fell: if it and all that cites it were gone.

    `claims` counts those of its own and those that cite it, `citing` the latter alone.
    """
    result = await what_if(request, sources=[source_id], moment=params.moment)
    if not result.claims and await request.ask(source(source_id)) is None:
        raise await missing(request, "source", source_id)
    return await _record(request, params, result)


@router.get("/what-if", tags=["evidence"])
async def read_what_if(request: RequestDep, params: Annotated[WhatIfRead, Query()]) -> WhatIfRecord:
    """Say what would become of the ties without several sources, speakers or claims at once."""
    return await _without(request, params)


@router.post("/what-if", tags=["evidence"])
async def post_what_if(
    request: RequestDep, params: WhatIfRead, _: Annotated[Nothing, Query()]
) -> WhatIfRecord:
    """The same, for a question that is too long for an address."""
    request.use_body(params)
    return await _without(request, params)


async def _without(request: GraphRequest, params: WhatIfRead) -> WhatIfRecord:
    values = list(params.references())
    if not 1 <= len(values) <= MOST:
        names = [name for name in type(params).model_fields if name.startswith("without_")]
        message = f"{', '.join(names)}: give 1 to {MOST} ids in all, not {len(values)}."
        faults = [Fault(parameter=name, message=message) for name in names]
        raise ProblemError(
            422, "bad_combination", "Values do not go together", message, errors=faults
        )
    result = await what_if(
        request,
        sources=params.without_source,
        speakers=params.without_speaker,
        claims=params.without_claim,
        publishers=params.without_publisher,
        moment=params.moment,
    )
    if unknown := await unknown_values(request, values):
        raise unknown_problem(unknown)
    return await _record(request, params, result)


async def _record(
    request: GraphRequest, params: SourceWhatIf, result: WhatIfAnswer
) -> WhatIfRecord:
    labels = await request.labels(result.names, params)
    plurals = await request.ask(entities.plurals(list(result.names)))
    ties, limit = result.ties, params.limit
    totals = {name: len(getattr(ties, name)) for name in ("fall", "weaken", "change", "appear")}
    cut = {name: total - limit for name, total in totals.items() if total > limit}
    notices = [
        f"{rest} further ties are left out of {name}; limit gets up to 5,000."
        for name, rest in cut.items()
    ]
    return WhatIfRecord(
        claims=result.claims,
        citing=result.citing,
        revived=list(result.revived),
        totals=WhatIfTotals(**totals),
        fall=_ties(ties.fall[:limit], labels, plurals),
        weaken=_pairs(ties.weaken[:limit], labels, plurals),
        change=_pairs(ties.change[:limit], labels, plurals),
        appear=_ties(ties.appear[:limit], labels, plurals),
        stand=ties.stand,
        meta=request.meta(params, notices),
    )


def _ties(ties: Iterable[Tie], labels: Labels, plurals: Collection[str]) -> list[TieOut]:
    return [tie_out(tie, labels, plurals) for tie in ties]


def _pairs(pairs: Iterable[Pair], labels: Labels, plurals: Collection[str]) -> list[TiePair]:
    return [
        TiePair(
            before=tie_out(pair.before, labels, plurals),
            after=tie_out(pair.after, labels, plurals),
        )
        for pair in pairs
    ]
