"""The parameters of `/changes`."""

from __future__ import annotations

from pydantic import Field

from api.parameters.common import Read, SnapshotId
from graph.changes import ChangeName, Kind


class ChangeList(Read):
    """The parameters of `/changes`."""

    since: SnapshotId = Field(description="The snapshot from which on changes are told.")
    kind: list[Kind] = Field([], description="Of these kinds of record only.")
    change: list[ChangeName] = Field([], description="Only what this happened to.")
    limit: int = Field(50, ge=0, le=500)
    cursor: str | None = Field(None, max_length=2_000)
