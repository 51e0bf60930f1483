"""The parameters of `/analyses`."""

from __future__ import annotations

from pydantic import Field

from api.parameters.common import GraphRead
from api.parameters.lists import CursorText, Limit
from graph.model.fields import StatusName, TieTypeName


class AnalysisRead(GraphRead):
    """Over which ties, and which part of the figures."""

    type: list[TieTypeName] = Field([], description="Only ties of these types.")
    status: list[StatusName] = Field([], description="Only ties of these statuses.")
    min_origins: int = Field(0, ge=0, description="Only ties with so many independent origins.")
    around: list[str] = Field([], max_length=100, description="Only ties around these entities.")
    hops: int = Field(1, ge=0, le=3, description="How far around them.")
    start: str | None = Field(
        None, alias="from", max_length=120, description="Where supply chains begin."
    )
    max_hops: int | None = Field(None, ge=1, le=8, description="How long supply chains are; 6.")
    most: int | None = Field(None, ge=1, le=1_000, description="How many supply chains; 1,000.")
    limit: Limit = 50
    cursor: CursorText | None = None
