"""Ties as the API shows them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.answers.common import Answer, Label, Labels, Links, Match, label_of, match_of
from graph.model import Tie
from graph.model.fields import StatusName
from graph.ontology import ONTOLOGY
from graph.queries.tie_lists import TieRow


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


def tie_out(tie: Tie, labels: Labels) -> TieOut:
    """Return a tie as the API shows it; `labels` are those of its ends."""
    return _tie(tie, label_of(tie.key.source, labels), label_of(tie.key.target, labels))


def tie_row_out(row: TieRow, labels: Labels) -> TieOut:
    """Return a tie of a list as the API shows it; `labels` go before those of the row."""
    source = Label(id=row.source, label=labels.get(row.source, row.source_label))
    target = Label(id=row.target, label=labels.get(row.target, row.target_label))
    return _tie(row, source, target)


def _tie(tie: Tie | TieRow, source: Label, target: Label) -> TieOut:
    fields = tie_fields(tie, source.label, target.label)
    return TieOut(source=source, target=target, origin_ids=list(tie.origin_ids), **fields)


def tie_fields(tie: Tie | TieRow, source: str, target: str) -> dict[str, Any]:
    """What a tie says in a list and in a graph; `source` and `target` are its ends' labels."""
    key = tie.key
    return {
        "type": key.type,
        "sentence": f"{source} {ONTOLOGY.tie_types[key.type].label} {target}",
        "status": tie.status,
        "disputed": tie.disputed,
        "origins": tie.origins,
        "first": _day(tie.first),
        "last": _day(tie.last),
        "match": match_of(tie.match),
        "claim_ids": list(tie.claim_ids),
        "denial_ids": list(tie.denial_ids),
        "links": Links(
            self=f"/v1/ties/{key}",
            page=f"/entity/{key.source}",
            claims=[f"/v1/claims/{i}" for i in (*tie.claim_ids, *tie.denial_ids)],
        ),
    }


def _day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
