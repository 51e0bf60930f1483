"""Entities as the API shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.answers.common import Answer, Links
from graph.model.fields import NameKindName, TypeName

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
