"""Claims as the API shows them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api.answers.common import Answer, Citation, Label, Links, Match, Meta
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
