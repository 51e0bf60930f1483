"""A claim that no longer counts, as far as others need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A claim that was retracted for a `reason`, or else superseded by another one; `on` a day."""

    claim_id: str
    summary: str
    on: date
    reason: str | None = None
    superseded_by: str | None = None
