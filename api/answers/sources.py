"""Sources as the API shows them."""

from __future__ import annotations

from pydantic import Field

from api.answers.common import Answer, Citation, Links, Match, Meta, match_of
from api.http.public_address import address
from graph.model import Source
from graph.model.source import SourceFields
from graph.queries.sources import SourceCard, SourceItem


class SourceFacts(SourceFields, Answer):
    """A document that claims are taken from, or that such a document cites."""

    cited_only: bool = Field(description="Whether it is known only from documents that cite it.")
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


def source_facts(source: Source, text_held: bool) -> SourceFacts:
    """Return what is recorded of a document itself."""
    return SourceFacts.of(
        source,
        cited_only=source.cited_only,
        text_held=text_held,
        links=Links(self=address(f"/v1/sources/{source.id}")),
    )


def source_item_out(item: SourceItem, text_held: bool) -> SourceItemOut:
    """Return a source of a list as the API shows it."""
    facts = source_facts(item.source, text_held)
    return SourceItemOut.of(facts, claim_counts=item.claim_counts, match=match_of(item.match))


def source_out(card: SourceCard, text_held: bool) -> SourceOut:
    """Return a source as the API shows it."""
    facts = source_facts(card.source, text_held)
    return SourceOut.of(facts, claims=card.claims, cited_by=list(card.cited_by))
