"""Claims as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from api.answers.common import (
    Answer,
    Citation,
    Identified,
    Label,
    Labels,
    Links,
    Match,
    Meta,
    label_of,
    match_of,
)
from api.http.public_address import address
from graph.model import Claim, Withdrawal
from graph.model.claim import ClaimFields


class ClaimOut(ClaimFields[Label], Identified):
    """One thing that one source says."""

    passage: str | None = Field(None, description="The quoted passage, where the text is held.")
    superseded_by: str | None = None
    match: Match = Field("yes", description="Whether it held and was known at the requested days.")
    links: Links


class ClaimRecord(ClaimOut):
    """One claim, and what the answer is a function of."""

    cite: Citation
    meta: Meta


def claim_out(
    claim: Claim,
    labels: Labels,
    passages: Mapping[str, str],
    superseded_by: str | None = None,
    match: str = "yes",
) -> ClaimOut:
    """Return a claim as the API shows it; `labels` are those of entities and sources."""
    return ClaimOut.of(
        claim,
        source=label_of(claim.source, labels),
        said_by=tuple(label_of(link, labels) for link in claim.said_by),
        roles={role: tuple(label_of(i, labels) for i in ids) for role, ids in claim.roles.items()},
        id=claim.id,
        passage=passages.get(claim.id),
        superseded_by=superseded_by,
        match=match_of(match),
        links=Links(self=address(f"/v1/claims/{claim.id}")),
    )


class WithdrawalOut(Answer):
    """A claim that no longer counts: retracted for a reason, or superseded by another claim."""

    id: str
    summary: str
    on: date = Field(description="The day from which it no longer counts.")
    reason: str | None = Field(description="Why it was retracted; null where it was superseded.")
    superseded_by: str | None
    link: str


def withdrawal_out(claim: Withdrawal) -> WithdrawalOut:
    """Return a withdrawn claim as the API shows it beside those that count."""
    return WithdrawalOut(
        id=claim.claim_id,
        summary=claim.summary,
        on=claim.on,
        reason=claim.reason,
        superseded_by=claim.superseded_by,
        link=address(f"/v1/claims/{claim.claim_id}?retracted=include"),
    )
