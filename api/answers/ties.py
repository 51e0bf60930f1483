"""Ties as the API shows them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.answers.common import Answer, Label, Labels, Links, Match, label_of, match_of
from api.http.public_address import address
from graph.model import Claim, Tie
from graph.model.fields import StatusName
from graph.projection import accounts
from graph.queries.tie_lists import TieRow
from graph.wording import sentence, speaker_of, tie_when


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
    independent: int = Field(
        description="How many independent accounts affirm as much as its status says."
    )
    inferred: list[str] = Field(
        description="Roles of its ends that every claim of `basis_ids` leaves to a reading of the "
        "editors."
    )
    intermediary: bool = Field(description="Whether its first entity only stands between others.")
    symmetric: bool = Field(
        description="Whether it has no direction; its ends are in the order of their ids then."
    )
    origin_ids: list[str] = Field(
        description="The deepest named speaker of each claim that affirms it."
    )
    speaker_inferred: bool = Field(
        description="Whether every claim of `basis_ids` leaves to a reading who says so."
    )
    when: str = Field(
        description="When it was so, in words, by the claims of `basis_ids`.",
        examples=["possibly 2021, by 1 of 3 claims"],
    )
    date_inferred: bool = Field(
        description="Whether every date among those is a reading of the editors."
    )
    first: date | None = Field(
        description="The earliest day that `when` may mean: `possibly 2010` begins in 2009."
    )
    last: date | None = Field(description="The latest day that it may mean.")
    match: Match = Field(description="Whether it held and was known at the days asked for.")
    claim_ids: list[str] = Field(description="The claims that affirm it, the strongest first.")
    basis_ids: list[str] = Field(
        description="Those of them that its status, dates and accounts rest on; others say less."
    )
    denial_ids: list[str] = Field(
        description="The claims that deny it. One that denies a plan disputes what is only planned."
    )
    past: bool = Field(
        description="Whether it was over when the claims of `basis_ids` were recorded, a state "
        "after its last day or a plan for a day that had come: `sentence` is in the past then."
    )
    links: Links


class Shared(Answer):
    """What an account has in common with one that was counted before it."""

    claim: str
    ids: list[Label] = Field(description="Documents, works, named speakers and publishers.")


class AccountOut(Answer):
    """One affirming claim as an account of a tie."""

    claim: str
    status: StatusName
    independent: bool = Field(
        description="Whether it counts: it says as much as the tie's status does, and shares "
        "nothing with those counted before."
    )
    shares: list[Shared]
    speaker: str = Field(
        description="Who speaks at the end of its chain, in words, and whether that is a reading."
    )


class Group(Answer):
    """How many ties of one type and direction an entity has, whatever types are asked for."""

    type: str
    direction: Literal["out", "in", "both"] = Field(description="`both`: it has no direction.")
    total: int


def tie_out(tie: Tie, labels: Labels, plurals: Collection[str]) -> TieOut:
    """Return a tie as the API shows it; `labels` are those of its ends.

    `plurals` has the ids of entities whose names are in the plural.
    """
    source, target = label_of(tie.key.source, labels), label_of(tie.key.target, labels)
    return _tie(tie, source, target, tie.key.source in plurals)


def accounts_out(
    tie: Tie, claims: Mapping[str, Claim], names: Callable[[str], str]
) -> list[AccountOut]:
    """Return the accounts of a tie as the API shows them; `names` gives the labels of ids."""
    return [
        AccountOut(
            claim=account.support.claim_id,
            status=account.support.status,
            independent=account.independent,
            shares=[
                Shared(claim=claim, ids=[Label(id=i, label=names(i)) for i in ids])
                for claim, ids in account.shares
            ],
            speaker=speaker_of(account.support, claims[account.support.claim_id], names),
        )
        for account in accounts(tie)
    ]


def tie_row_out(row: TieRow, labels: Labels) -> TieOut:
    """Return a tie of a list as the API shows it; `labels` go before those of the row."""
    source = Label(id=row.source, label=labels.get(row.source, row.source_label))
    target = Label(id=row.target, label=labels.get(row.target, row.target_label))
    return _tie(row, source, target, row.source_plural)


def _tie(tie: Tie | TieRow, source: Label, target: Label, plural: bool) -> TieOut:
    words = sentence(tie, source.label, target.label, plural=plural)
    fields = tie_fields(tie, words)
    return TieOut(source=source, target=target, origin_ids=list(tie.origin_ids), **fields)


def tie_fields(tie: Tie | TieRow, words: str) -> dict[str, Any]:
    """What a tie says in a list and in a graph, beside its `words`."""
    key = tie.key
    return {
        "type": key.type,
        "sentence": words,
        "status": tie.status,
        "disputed": tie.disputed,
        "independent": tie.independent,
        "inferred": list(tie.inferred),
        "intermediary": tie.intermediary,
        "symmetric": key.symmetric,
        "speaker_inferred": tie.speaker_inferred,
        "when": tie.when if isinstance(tie, TieRow) else tie_when(tie),
        "date_inferred": tie.date_inferred,
        "first": _day(tie.first),
        "last": _day(tie.last),
        "match": match_of(tie.match),
        "claim_ids": list(tie.claim_ids),
        "basis_ids": list(tie.basis_ids),
        "denial_ids": list(tie.denial_ids),
        "past": tie.past,
        "links": Links(
            self=address(f"/v1/ties/{key}"),
            page=address(f"/entity/{key.source}"),
            claims=[address(f"/v1/claims/{i}") for i in (*tie.claim_ids, *tie.denial_ids)],
        ),
    }


def _day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
