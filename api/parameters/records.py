"""The parameters of plain lists."""

from __future__ import annotations

from pydantic import Field

from api.parameters.common import Read


class SnapshotList(Read):
    """The parameters of `/snapshots`."""

    limit: int = Field(50, ge=1, le=500)
