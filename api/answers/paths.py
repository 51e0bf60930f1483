"""Paths as the API shows them."""

from __future__ import annotations

from pydantic import Field

from api.answers.common import Answer, Citation, Label, Meta
from api.answers.lists import Beside
from api.answers.ties import TieOut
from graph.model.fields import StatusName


class HopOut(Answer):
    """From one entity to the next: all ties between the two, in either direction."""

    source: Label = Field(alias="from")
    target: Label = Field(alias="to")
    status: StatusName = Field(description="That of the strongest tie.")
    independent: int = Field(description="Those of the strongest tie.")
    weakest: bool = Field(description="Whether the path is no stronger than this hop.")
    ties: list[TieOut] = Field(description="The strongest first.")


class PathOut(Answer):
    """A chain of entities, none twice, as strong as its weakest hop."""

    entities: list[Label] = Field(description="From start to end.")
    status: StatusName = Field(description="The lowest of its hops.")
    independent: int = Field(description="The lowest number of independent accounts of its hops.")
    hops: list[HopOut]


class Searched(Answer):
    """What was looked at for an answer."""

    entities: int = Field(description="Entities whose ties were looked at.")
    ties: int = Field(description="Ties around them, counted at each such end.")
    max_hops: int
    complete: bool = Field(description="False: a bound was met, there may be more and better ones.")


class PathList(Answer):
    """The best paths between two entities, the best first; with none, what was searched."""

    source: Label = Field(alias="from")
    target: Label = Field(alias="to")
    caution: str = Field(description="To be said wherever a path is shown.")
    results: list[PathOut]
    total: int = Field(description="How many are here; `k` asks for more.")
    next: None = None
    searched: Searched
    jointly: list[str] = Field(
        description="Ids of claims that name both ends among several: they say nothing of just "
        "these two, and are no path."
    )
    included: Beside = Field(
        description="The claims of all ties and those of `jointly`, and their sources."
    )
    cite: Citation
    meta: Meta
