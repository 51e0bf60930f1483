"""The parameters of pages. What a page does not know it ignores: links get tails on their way."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.parameters.common import GraphRead, Read
from api.parameters.ties import Ties
from graph.model.fields import PredicateName, StatusName, TieTypeName
from graph.queries.paths import MAX_HOPS, MAX_PATHS

#: Beyond this a picture is no longer legible: page.md, "Layout and limits".
MOST_NODES = 150


class _Page(BaseModel):
    """How every page reads its address. Stands last among the bases: its configuration holds."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, given: Any) -> Any:
        """A form sends its empty fields too: they ask for nothing."""
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value not in ("", [""])}


class PageRead(Read, _Page):
    """What every page takes."""


class TimedPage(GraphRead, _Page):
    """What a page about a moment takes."""


class GraphAsked(Ties, _Page):
    """`/graph`: the filters of `/v1/ties`. `limit` counts entities, the best connected stay."""

    limit: int = Field(MOST_NODES, ge=1, le=MOST_NODES)


class EntityAsked(TimedPage):
    """`/entity/{id}`: what is around it. Of more than `limit` entities the nearer ones stay."""

    depth: int = Field(1, ge=1, le=2)
    limit: int = Field(MOST_NODES, ge=1, le=MOST_NODES)
    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([])


class SearchAsked(PageRead):
    """`/search`: plain words, in any script."""

    q: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=500)


class PathAsked(TimedPage):
    """`/path`: two entities, by id or by name, and one that may be on each path."""

    start: str = Field("", alias="from", max_length=200)
    end: str = Field("", alias="to", max_length=200)
    through: str = Field("", max_length=200)
    type: list[TieTypeName] = Field([])
    max_hops: int = Field(4, ge=1, le=MAX_HOPS)
    k: int = Field(5, ge=1, le=MAX_PATHS)


class TimelineAsked(PageRead):
    """`/timeline`: of one entity, of one predicate, of some years; nothing given is all."""

    entity: str = Field("", max_length=120)
    predicate: PredicateName | None = None
    first: int | None = Field(None, ge=1, le=9999)
    last: int | None = Field(None, ge=1, le=9999)


class CompareAsked(PageRead):
    """`/compare`: days as they were typed, so that a wrong one is answered beside its field."""

    left: str = Field("", max_length=64)
    right: str = Field("", max_length=64)
    left_known_by: str = Field("", max_length=64)
    right_known_by: str = Field("", max_length=64)
    certain: bool = False
    entity: str = Field("", max_length=120)
