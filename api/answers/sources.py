"""Sources as the API shows them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api.answers.common import Answer, Citation, Links, Match, Meta
from graph.model.fields import SourceKindName


class SourceFacts(Answer):
    """A document that claims are taken from, or that such a document cites."""

    id: str
    kind: SourceKindName
    title: str
    publisher: str | None
    authors: list[str]
    published: str | None = Field(description="EDTF.")
    published_note: str | None
    url: str | None
    lang: str
    read_on: date | None
    cited_only: bool = Field(description="Whether it is known only from those who cite it.")
    text_held: bool
    links: Links


class SourceItemOut(SourceFacts):
    """A document in a list."""

    claim_counts: dict[str, int] = Field(
        description="How many of its claims count at the moment asked for, by predicate."
    )
    match: Match = Field(description="Whether it was out by the day asked for.")


class SourceOut(SourceFacts):
    """A document, with the claims that it has a part in."""

    claims: dict[str, list[str]] = Field(description="Ids of its claims, by predicate.")
    cited_by: list[str] = Field(description="Ids of claims whose chain runs through it.")


class SourceRecord(SourceOut):
    """One source, and what the answer is a function of."""

    cite: Citation
    meta: Meta
