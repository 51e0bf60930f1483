"""The parameters of `/what-if` and of `/sources/{id}/what-if`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.parameters.common import GraphRead

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
