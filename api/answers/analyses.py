"""Analyses as the API shows them."""

from __future__ import annotations

from pydantic import Field

from api.answers.common import Answer, Label, Meta, Page
from graph.model.fields import StatusName


class KindOut(Answer):
    """A kind of analysis, in words, with its bounds."""

    name: str = Field(examples=["brokers"])
    title: str
    shows: str
    does_not_show: str
    limit: int = Field(description="The most ties that it runs on here.")
    types: list[str] = Field(description="The types of tie that it looks at; none: all.")
    options: list[str] = Field(description="The parameters that it has beside the filters.")
    link: str


class TieFacts(Answer):
    """What is needed of a tie behind a figure: `links.self` of `/ties` has the rest."""

    source: str = Field(alias="from")
    type: str
    target: str = Field(alias="to")
    status: StatusName
    independent: int
    claim_ids: list[str]


class FigureOut(Answer):
    """One line of an analysis: what was found of some entities, with the ties behind it."""

    entities: list[Label]
    value: float
    unit: str
    words: str = Field(description="The same as a sentence.")
    ties: list[str] = Field(description="from/TYPE/to, as under `included.ties`.")
    pairs: list[list[Label]] = Field(description="Of a broker: the supplier and the user cut off.")
    weakest: list[str] = Field(description="Of a chain: the ties of its weakest hop.")


class Behind(Answer):
    """The ties that the figures name."""

    ties: dict[str, TieFacts] = Field(description="By from/TYPE/to.")


class AnalysisList(Page[FigureOut]):
    """An analysis: its figures in a total order, what they show, and what they do not."""

    kind: str
    title: str
    shows: str
    does_not_show: str
    over: int = Field(description="How many ties were looked at.")
    among: int = Field(description="How many entities those join.")
    included: Behind


class KindList(Answer):
    """Every kind of analysis."""

    results: list[KindOut]
    total: int
    next: None = None
    meta: Meta
