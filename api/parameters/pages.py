"""The parameters of pages. What a page does not know it ignores: links get tails on their way."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from api.parameters.common import GraphRead, Read


class PageRead(Read):
    """What every page takes."""

    model_config = ConfigDict(extra="ignore")


class TimedPage(GraphRead):
    """What a page about a moment takes."""

    model_config = ConfigDict(extra="ignore")


class SearchAsked(PageRead):
    """`/search`: plain words, in any script."""

    q: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=500)


class PathAsked(PageRead):
    """`/path`: two entities, by id or by name."""

    start: str = Field("", alias="from", max_length=200)
    end: str = Field("", alias="to", max_length=200)
    max_hops: int = Field(4, ge=1, le=6)


class TimelineAsked(PageRead):
    """`/timeline`: of one entity, of one predicate; empty is all."""

    entity: str = Field("", max_length=120)
    predicate: str = Field("", max_length=40)


class CompareAsked(PageRead):
    """`/compare`: days as they were typed, so that a wrong one is answered beside its field."""

    left: str = Field("", max_length=64)
    right: str = Field("", max_length=64)
    left_known_by: str = Field("", max_length=64)
    right_known_by: str = Field("", max_length=64)
    certain: bool = False
    entity: str = Field("", max_length=120)
