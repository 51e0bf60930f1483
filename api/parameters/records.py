"""The parameters of single records and of plain lists."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.parameters.common import GraphRead, Read
from graph.model.fields import StatusName, TieTypeName, TypeName


class EntityList(Read):
    """The parameters of `/entities`."""

    q: str | None = Field(None, min_length=1, max_length=200, description="Plain words of a name.")
    type: list[TypeName] = Field([])
    limit: int = Field(50, ge=0, le=500)
    cursor: str | None = Field(None, max_length=1_000)


class TieList(GraphRead):
    """The parameters of `/entities/{id}/ties`."""

    direction: Literal["out", "in", "both"] = "both"
    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([])
    min_origins: int = Field(0, ge=0)
    limit: int = Field(50, ge=0, le=500)
    cursor: str | None = Field(None, max_length=1_000)


class ClaimRead(Read):
    """The parameters of `/claims/{id}`."""

    retracted: Literal["exclude", "include"] = Field(
        "exclude", description="`include` shows a claim that was withdrawn or superseded."
    )


class SnapshotList(Read):
    """The parameters of `/snapshots`."""

    limit: int = Field(50, ge=1, le=500)
