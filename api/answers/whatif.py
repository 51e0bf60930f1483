"""What would become of ties without some claims, as the API shows it."""

from __future__ import annotations

from pydantic import Field

from api.answers.common import Answer, Meta
from api.answers.ties import TieOut


class TiePair(Answer):
    """A tie as it is, and as it would be."""

    before: TieOut
    after: TieOut


class WhatIfTotals(Answer):
    """How many ties each list has in all."""

    fall: int
    weaken: int
    change: int
    appear: int


class WhatIfRecord(Answer):
    """What would become of the ties that some claims bear on, if those had never been recorded."""

    claims: int = Field(description="How many claims that count now are thought away.")
    citing: int = Field(
        description="How many of them are taken from none of the sources, and only cite one."
    )
    revived: list[str] = Field(
        description="Claims that come back to life: nothing else supersedes them."
    )
    totals: WhatIfTotals
    fall: list[TieOut] = Field(description="Ties that would be gone, the strongest first.")
    weaken: list[TiePair] = Field(
        description="Ties with a lower status or fewer independent accounts."
    )
    change: list[TiePair] = Field(
        description="Ties that would be as strong or stronger, and differ otherwise: in whether "
        "they are disputed, inferred, by way of others, or surely held at the moment asked for."
    )
    appear: list[TieOut] = Field(
        description="Ties that are not there now, by claims that come back to life."
    )
    stand: int = Field(description="How many would be as they are, resting on fewer claims.")
    meta: Meta
