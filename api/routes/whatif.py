"""What would become of ties if a source fell, or a speaker, or some claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.answers.common import Fault
from api.answers.ties import TieOut, tie_out
from api.answers.whatif import TiePair, WhatIfRecord, WhatIfTotals
from api.errors import ProblemError, not_found
from api.parameters import GraphRead
from api.request import GraphRequest, RequestDep, SnapshotRoute
from graph.model import Tie
from graph.queries import entities
from graph.queries.whatif import WhatIfAnswer, what_if
from graph.whatif import Pair

#: Ids that one question may name, of all three kinds together.
MOST = 100

_Id = Annotated[str, Field(max_length=120)]
_ClaimId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class SourceWhatIf(GraphRead):
    """The parameters of `/sources/{id}/what-if`."""

    limit: int = Field(500, ge=0, le=5_000, description="Ties in each list; 0 gives the totals.")


class WhatIfRead(SourceWhatIf):
    """The parameters of `/what-if`: at least one id, and at most 100 in all."""

    without_source: list[_Id] = Field(
        [],
        max_length=MOST,
        description="Without the claims that were taken from it.",
        examples=[["fdd-study"]],
    )
    without_speaker: list[_Id] = Field(
        [],
        max_length=MOST,
        description="Without the claims whose chain names it: a source or an entity, with all that "
        "it is merged with.",
    )
    without_claim: list[_ClaimId] = Field([], max_length=MOST, description="Without this claim.")


router = APIRouter(route_class=SnapshotRoute)

Labels = Mapping[str, str]


@router.get("/sources/{source_id}/what-if", tags=["evidence"])
async def source_what_if(
    source_id: Annotated[str, Path(examples=["fdd-study"], max_length=120)],
    request: RequestDep,
    params: Annotated[SourceWhatIf, Query()],
) -> WhatIfRecord:
    """Say what would become of the ties if a source fell: if its claims were not there.

    The answer is what removing them would give. What only cites the source stays: `/what-if` with
    `without_speaker` takes that away, too.
    """
    result = await what_if(request, sources=[source_id], moment=params.moment)
    if result.unknown:
        raise not_found("source", source_id)
    return await _record(request, params, result)


@router.get("/what-if", tags=["evidence"])
async def read_what_if(request: RequestDep, params: Annotated[WhatIfRead, Query()]) -> WhatIfRecord:
    """Say what would become of the ties without several sources, speakers or claims at once."""
    _refuse_wrong_number(params)
    result = await what_if(
        request,
        sources=params.without_source,
        speakers=params.without_speaker,
        claims=params.without_claim,
        moment=params.moment,
    )
    if result.unknown:
        raise _unknown(params, result.unknown)
    return await _record(request, params, result)


def _ids(params: WhatIfRead) -> dict[str, list[str]]:
    return {
        "without_source": params.without_source,
        "without_speaker": params.without_speaker,
        "without_claim": params.without_claim,
    }


def _refuse_wrong_number(params: WhatIfRead) -> None:
    ids = _ids(params)
    count = sum(map(len, ids.values()))
    if not 1 <= count <= MOST:
        message = f"{', '.join(ids)}: give 1 to {MOST} ids in all, not {count}."
        faults = [Fault(parameter=name, message=message) for name in ids]
        raise ProblemError(422, "bad_value", "A parameter is wrong", message, errors=faults)


def _unknown(params: WhatIfRead, unknown: Iterable[str]) -> ProblemError:
    """Return the problem for ids that no record has, each under the parameter that it stands in."""
    missing = set(unknown)
    faults = [
        Fault(parameter=name, value=i, message=f"{name}: there is no {i!r}.")
        for name, ids in _ids(params).items()
        for i in dict.fromkeys(ids)
        if i in missing
    ]
    detail = " ".join(fault.message for fault in faults)
    return ProblemError(404, "not_found", "Not found", detail, errors=faults)


async def _record(
    request: GraphRequest, params: SourceWhatIf, result: WhatIfAnswer
) -> WhatIfRecord:
    labels = await request.labels(result.names, params)
    plurals = await request.ask(entities.plurals(list(result.names)))
    ties, limit = result.ties, params.limit
    totals = {name: len(getattr(ties, name)) for name in ("fall", "weaken", "change", "appear")}
    cut = {name: total - limit for name, total in totals.items() if total > limit}
    notices = [
        f"{left} further ties are left out of {name}; limit gets up to 5,000."
        for name, left in cut.items()
    ]
    return WhatIfRecord(
        claims=result.claims,
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
