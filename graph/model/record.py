"""What all records share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """What all records share: frozen, and closed to fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
