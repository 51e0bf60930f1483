"""Entities as the API shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.answers.common import Answer, Links
from graph.model.fields import NameKindName, TypeName
from graph.queries.entities import EntityCard
from graph.queries.search import Hit

How = Literal["exact", "prefix", "folded", "close"]


class NameOut(Answer):
    """One name of an entity."""

    text: str
    lang: str
    script: str
    kind: NameKindName


class EntityOut(Answer):
    """An entity, with how many ties it has of each type."""

    id: str = Field(examples=["tiandy"])
    type: TypeName
    label: str = Field(examples=["Tiandy Technologies"])
    names: list[NameOut]
    description: str | None
    tags: list[str]
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
    return EntityOut(
        id=entity.id,
        type=entity.type,
        label=entity.label,
        names=[
            NameOut(text=n.text, lang=n.lang, script=n.script, kind=n.kind) for n in entity.names
        ],
        description=entity.description,
        tags=list(entity.tags),
        tie_counts=card.tie_counts,
        canonical_id=card.canonical_id,
        links=Links(self=f"/v1/entities/{entity.id}", page=f"/entity/{entity.id}"),
    )


def hit_out(hit: Hit) -> EntityHit:
    """Return an entity that a search found, with the reason."""
    name = hit.matched
    matched = Matched(text=name.text, lang=name.lang, script=name.script, how=hit.how)
    return EntityHit(**entity_out(hit.card).model_dump(), matched=matched)
