"""What would become of ties if a source fell, or a speaker, or some claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.answers.common import Fault
from api.answers.ties import TieOut, tie_out
from api.answers.whatif import TiePair, WhatIfRecord, WhatIfTotals
from api.errors import ProblemError, not_found
from api.parameters import GraphRead
from api.request import Ask, Context
from graph.model import Tie
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


router = APIRouter()

Labels = Mapping[str, str]


@router.get("/sources/{source_id}/what-if", tags=["evidence"])
async def source_what_if(
    source_id: Annotated[str, Path(examples=["fdd-study"], max_length=120)],
    ask: Ask,
    asked: Annotated[SourceWhatIf, Query()],
) -> WhatIfRecord:
    """Say what would become of the ties if a source fell: if its claims were not there.

    The answer is what removing them would give. What only cites the source stays: `/what-if` with
    `without_speaker` takes that away, too.
    """
    found = await ask.ask(what_if(sources=[source_id], moment=asked.moment))
    if found.unknown:
        raise not_found("source", source_id)
    return await _record(ask, asked, found)


@router.get("/what-if", tags=["evidence"])
async def read_what_if(ask: Ask, asked: Annotated[WhatIfRead, Query()]) -> WhatIfRecord:
    """Say what would become of the ties without several sources, speakers or claims at once."""
    _refuse_wrong_number(asked)
    found = await ask.ask(
        what_if(
            sources=asked.without_source,
            speakers=asked.without_speaker,
            claims=asked.without_claim,
            moment=asked.moment,
        )
    )
    if found.unknown:
        raise _unknown(asked, found.unknown)
    return await _record(ask, asked, found)


def _given(asked: WhatIfRead) -> dict[str, list[str]]:
    return {
        "without_source": asked.without_source,
        "without_speaker": asked.without_speaker,
        "without_claim": asked.without_claim,
    }


def _refuse_wrong_number(asked: WhatIfRead) -> None:
    given = _given(asked)
    count = sum(map(len, given.values()))
    if not 1 <= count <= MOST:
        message = f"{', '.join(given)}: give 1 to {MOST} ids in all, not {count}."
        faults = [Fault(parameter=name, message=message) for name in given]
        raise ProblemError(422, "bad_value", "A parameter is wrong", message, errors=faults)


def _unknown(asked: WhatIfRead, unknown: Iterable[str]) -> ProblemError:
    """Return the problem for ids that no record has, each under the parameter that it stands in."""
    missing = set(unknown)
    faults = [
        Fault(parameter=name, value=i, message=f"{name}: there is no {i!r}.")
        for name, ids in _given(asked).items()
        for i in dict.fromkeys(ids)
        if i in missing
    ]
    detail = " ".join(fault.message for fault in faults)
    return ProblemError(404, "not_found", "Not found", detail, errors=faults)


async def _record(ask: Context, asked: SourceWhatIf, found: WhatIfAnswer) -> WhatIfRecord:
    labels = await ask.labels(found.names, asked)
    ties, limit = found.ties, asked.limit
    totals = {name: len(getattr(ties, name)) for name in ("fall", "weaken", "change", "appear")}
    cut = {name: total - limit for name, total in totals.items() if total > limit}
    notices = [
        f"{left} further ties are left out of {name}; limit gets up to 5,000."
        for name, left in cut.items()
    ]
    return WhatIfRecord(
        claims=found.gone,
        revived=list(found.revived),
        totals=WhatIfTotals(**totals),
        fall=_ties(ties.fall[:limit], labels),
        weaken=_pairs(ties.weaken[:limit], labels),
        change=_pairs(ties.change[:limit], labels),
        appear=_ties(ties.appear[:limit], labels),
        stand=ties.stand,
        meta=ask.meta(asked, notices),
    )


def _ties(ties: Iterable[Tie], labels: Labels) -> list[TieOut]:
    return [tie_out(tie, labels) for tie in ties]


def _pairs(pairs: Iterable[Pair], labels: Labels) -> list[TiePair]:
    return [
        TiePair(before=tie_out(pair.before, labels), after=tie_out(pair.after, labels))
        for pair in pairs
    ]
