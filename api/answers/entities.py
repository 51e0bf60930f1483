"""Entities as the API shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.answers.common import Answer, Links
from graph.model.entity import EntityFields
from graph.queries.entities import EntityCard
from graph.queries.search import Hit

How = Literal["exact", "prefix", "folded", "close"]


class EntityOut(EntityFields, Answer):
    """An entity, with how many ties it has of each type."""

    label: str = Field(examples=["Tiandy Technologies"])
    tie_counts: dict[str, int] = Field(description="Ties in either direction, by type.")
    canonical_id: str | None = Field(None, description="The entity that this id is merged into.")
    links: Links


class Matched(Answer):
    """Why a search found a record."""

    text: str
    lang: str
    script: str
    how: How


class EntityHit(EntityOut):
    """An entity that a search found."""

    matched: Matched | None = None


def entity_out(card: EntityCard) -> EntityOut:
    """Return an entity as the API shows it."""
    entity = card.entity
    return EntityOut.of(
        entity,
        label=entity.label,
        tie_counts=card.tie_counts,
        canonical_id=card.canonical_id,
        links=Links(self=f"/v1/entities/{entity.id}", page=f"/entity/{entity.id}"),
    )


def hit_out(hit: Hit) -> EntityHit:
    """Return an entity that a search found, with the reason."""
    name = hit.matched
    matched = Matched(text=name.text, lang=name.lang, script=name.script, how=hit.how)
    return EntityHit.of(entity_out(hit.card), matched=matched)
