"""Ties as the API shows them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from api.answers.common import Answer, Label, Links, Match
from graph.model.fields import StatusName


class TieOut(Answer):
    """A tie: an edge between two entities, computed from the claims that bear on it."""

    source: Label = Field(alias="from")
    type: str = Field(examples=["SUPPLIES"])
    target: Label = Field(alias="to")
    sentence: str = Field(
        examples=["Tiandy Technologies supplied Islamic Revolutionary Guard Corps"]
    )
    status: StatusName
    disputed: bool
    origins: int = Field(description="How many independent origins affirm it.")
    origin_ids: list[str]
    first: date | None
    last: date | None
    match: Match = Field(description="Whether it held and was known at the days asked for.")
    claim_ids: list[str] = Field(description="The claims that affirm it, the strongest first.")
    denial_ids: list[str]
    links: Links


class Group(Answer):
    """How many ties of one type and direction an entity has, whatever types are asked for."""

    type: str
    direction: Literal["out", "in"]
    total: int
