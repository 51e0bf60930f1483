"""Claims as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from api.answers.common import (
    Answer,
    Citation,
    Label,
    Labels,
    Links,
    Match,
    Meta,
    label_of,
    match_of,
)
from graph.model import Claim
from graph.model.fields import ModalityName, PolarityName, PredicateName, QualifierName


class QuantityOut(Answer):
    """A number with a unit; no number: only the unit is known."""

    number: float | None
    unit: str
    qualifier: QualifierName


class LocatorOut(Answer):
    """Where the passage stands in the source's text."""

    paragraph: int
    start: int
    end: int
    sha256: str


class RetractionOut(Answer):
    """Why and since when the claim no longer counts."""

    on: date
    reason: str


class ClaimOut(Answer):
    """One thing that one source says."""

    id: str
    predicate: PredicateName
    roles: dict[str, list[Label]]
    details: dict[str, str]
    when: str | None = Field(description="EDTF.", examples=["2010"])
    when_note: str | None
    modality: ModalityName
    polarity: PolarityName
    quantity: QuantityOut | None
    source: Label
    said_by: list[Label] = Field(description="The attribution chain, outermost first.")
    evidence: list[LocatorOut]
    passage: str | None = Field(None, description="The quoted passage, where the text is held.")
    summary: str
    note: str | None
    recorded_on: date
    recorded_by: str
    reviewed_by: str | None
    supersedes: str | None
    superseded_by: str | None = None
    match: Match = Field("yes", description="Whether it held and was known at the days asked for.")
    retracted: RetractionOut | None
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
    quantity, retracted = claim.quantity, claim.retracted
    return ClaimOut(
        id=claim.id,
        predicate=claim.predicate,
        roles={role: [label_of(i, labels) for i in ids] for role, ids in claim.roles.items()},
        details=claim.details,
        when=claim.when,
        when_note=claim.when_note,
        modality=claim.modality,
        polarity=claim.polarity,
        quantity=QuantityOut(
            number=quantity.number, unit=quantity.unit, qualifier=quantity.qualifier
        )
        if quantity
        else None,
        source=label_of(claim.source, labels),
        said_by=[label_of(link, labels) for link in claim.said_by],
        evidence=[
            LocatorOut(paragraph=e.paragraph, start=e.start, end=e.end, sha256=e.sha256)
            for e in claim.evidence
        ],
        passage=passages.get(claim.id),
        summary=claim.summary,
        note=claim.note,
        recorded_on=claim.recorded_on,
        recorded_by=claim.recorded_by,
        reviewed_by=claim.reviewed_by,
        supersedes=claim.supersedes,
        superseded_by=superseded_by,
        match=match_of(match),
        retracted=RetractionOut(on=retracted.on, reason=retracted.reason) if retracted else None,
        links=Links(self=f"/v1/claims/{claim.id}"),
    )
