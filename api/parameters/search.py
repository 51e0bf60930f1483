"""The parameters of search, and of names while they are typed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.parameters.common import Read
from graph.model.fields import TypeName

#: Where words are sought, and which records that finds.
Within = Literal["names", "claims", "sources"]


class Search(Read):
    """The parameters of `/search`."""

    q: str = Field(
        min_length=1, max_length=200, description="Plain words.", examples=["tiandy", "海康"]
    )
    within: list[Within] = Field(
        [],
        alias="in",
        description="In the names of entities, the summaries of claims, or the titles, publishers "
        "and authors of sources. None given: in all, or in names alone where `type` is given.",
    )
    type: list[TypeName] = Field([], description="Only entities of these types.")
    limit: int = Field(50, ge=0, le=500)


class Suggest(Read):
    """The parameters of `/suggest`."""

    q: str = Field(
        min_length=1, max_length=100, description="What is typed so far.", examples=["tia"]
    )
    type: list[TypeName] = Field([], description="Only entities of these types.")
    limit: int = Field(10, ge=1, le=20)
