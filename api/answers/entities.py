"""Entities as the API shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.answers.common import Answer, Links
from api.http.public_address import address
from graph.model import Duplicate, Judgement
from graph.model.entity import EntityFields, Name
from graph.queries.entities import EntityCard
from graph.queries.search import Hit

How = Literal["exact", "prefix", "folded", "close"]


class EntityOut(EntityFields, Answer):
    """An entity, with how many ties it has of each type."""

    label: str = Field(examples=["Tiandy Technologies"])
    tie_counts: dict[str, int] = Field(description="Ties in either direction, by type.")
    canonical_id: str | None = Field(None, description="The entity that this id is merged into.")
    links: Links


class JudgementOut(Judgement, Answer):
    """A judgement on whether two ids mean one entity."""


class DuplicateOut(Answer):
    """An entity that is merged into another one, and the judgements that say so."""

    id: str
    label: str
    names: list[Name]
    judgements: list[JudgementOut] = Field(
        description="Those that name it, by their day. One may join it to another duplicate."
    )


class Matched(Answer):
    """Why a search found a record."""

    text: str
    lang: str
    script: str
    how: How


class EntityHit(EntityOut):
    """An entity that a search found."""

    matched: Matched | None = None


def entity_out(card: EntityCard, lang: str = "en") -> EntityOut:
    """Return an entity as the API shows it, with its label in a language."""
    entity = card.entity
    names = [name.text for name in entity.names if name.lang == lang]
    return EntityOut.of(
        entity,
        label=names[0] if names and lang != "en" else entity.label,
        tie_counts=card.tie_counts,
        canonical_id=card.canonical_id,
        links=Links(
            self=address(f"/v1/entities/{entity.id}"), page=address(f"/entity/{entity.id}")
        ),
    )


def duplicate_out(duplicate: Duplicate) -> DuplicateOut:
    """Return an entity that is merged into another as the API shows it."""
    entity = duplicate.entity
    return DuplicateOut(
        id=entity.id,
        label=entity.label,
        names=list(entity.names),
        judgements=[JudgementOut.of(judgement) for judgement in duplicate.judgements],
    )


def hit_out(entity: EntityOut, hit: Hit | None = None) -> EntityHit:
    """Return an entity of a list, with the reason where a search found it."""
    if hit is None:
        return EntityHit.of(entity)
    name = hit.matched
    matched = Matched(text=name.text, lang=name.lang, script=name.script, how=hit.how)
    return EntityHit.of(entity, matched=matched)
