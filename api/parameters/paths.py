"""The parameters of `/paths`."""

from __future__ import annotations

from pydantic import Field

from api.parameters.common import GraphRead
from graph.model.fields import TieTypeName
from graph.queries.paths import MAX_HOPS, MAX_PATHS

_ENDS = "The id of an entity; a merged one stands for its canonical one."


class PathRead(GraphRead):
    """Between whom, and how far."""

    source: str = Field(alias="from", max_length=120, description=_ENDS, examples=["tiandy"])
    target: str = Field(alias="to", max_length=120, description=_ENDS, examples=["irgc"])
    max_hops: int = Field(4, ge=1, le=MAX_HOPS)
    k: int = Field(5, ge=1, le=MAX_PATHS, description="How many paths at most.")
    type: list[TieTypeName] = Field([], description="Only ties of these types; none given: all.")
    through: str | None = Field(None, max_length=120, description="An entity that is on each path.")
