"""What changed between two snapshots."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.answers.changes import ChangeGroup, ChangePage
from api.changed_since import change_out, removal_in_words
from api.errors import ProblemError
from api.http.public_address import address
from api.parameters import DAYS, Commas, Read
from api.patterns import HASH
from api.request import GraphRequest, RequestDep, SnapshotRoute
from graph.changes import ChangeName, Kind
from graph.dates import parse_first_day
from graph.errors import BadDate
from graph.queries import changes
from graph.queries.changes import UnknownSnapshot
from graph.queries.withdrawals import removed_sets
from graph.store.state import State
from graph.wording import day_in_words

_SNAPSHOT = re.compile("[0-9a-f]{32}")


def _since(value: object) -> object:
    text = str(value)
    if not _SNAPSHOT.fullmatch(text):
        try:
            parse_first_day(text)
        except BadDate as error:
            reason = f"it is the id of a snapshot, or a day; {error.reason}"
            raise PydanticCustomError("date", "{reason}", {"reason": reason}) from error
    return value


Since = Annotated[
    str,
    BeforeValidator(_since),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": HASH}, *DAYS]}, mode="validation"),
]


class ChangeList(Read):
    """The parameters of `/changes`."""

    since: Since = Field(
        description="The snapshot from which on changes are told, or a day: as the store stood "
        "when it began, in UTC.",
        examples=["2026-11-28"],
    )
    kind: Annotated[list[Kind], Commas] = Field([], description="Of these kinds of record only.")
    change: Annotated[list[ChangeName], Commas] = Field(
        [], description="Only what this happened to."
    )
    limit: int = Field(50, ge=0, le=500)
    cursor: str | None = Field(None, max_length=2_000)


router = APIRouter(route_class=SnapshotRoute, tags=["snapshots"])


@router.get("/changes")
async def list_changes(request: RequestDep, params: Annotated[ChangeList, Query()]) -> ChangePage:
    """List what changed from a snapshot to the current one, record by record, over all loads.

    Records are added, removed or changed; claims also retracted or restored; ties rise or fall, by
    their status and then by their independent accounts. A record that is as it was then is not
    listed.
    """
    since, notices = params.since, list[str]()
    if not _SNAPSHOT.fullmatch(since):
        before: str | None = await request.ask(changes.snapshot_before(parse_first_day(since)))
        if before is None:
            raise await _too_early(request, since)
        if before == request.snapshot:
            notices.append(_nothing_since(since, request.settled))
        since = before
    page = await request.ask(
        changes.changes(
            since,
            kinds=params.kind,
            names=params.change,
            after=request.after(params.cursor),
            limit=params.limit,
        )
    )
    if isinstance(page, UnknownSnapshot):
        raise _unknown(since, page.newest)
    if removal := removal_in_words("then", await request.ask(removed_sets(since))):
        notices.append(removal)
    return ChangePage(
        results=[change_out(item) for item in page.items],
        total=page.total,
        next=request.next(page.next_after),
        since=since,
        groups=[ChangeGroup(kind=g.kind, change=g.change, total=g.total) for g in page.groups],
        meta=request.meta(params, notices),
    )


def _nothing_since(day: str, state: State) -> str:
    """Say of a day why nothing has changed since it began. No clock: an answer is a snapshot's."""
    assert state.completed_on is not None
    last = day_in_words(state.completed_on.date())
    return f"since: the last load ended on {last} (UTC), before {day} began."


async def _too_early(request: GraphRequest, day: str) -> ProblemError:
    """Return the problem for a day before which the store had no snapshot."""
    page = await request.ask(changes.changes(""))
    newest = page.newest if isinstance(page, UnknownSnapshot) else ()
    detail = f"No load had ended when {day} began. `near` has the newest snapshots."
    near = [{"id": i, "link": address(f"/v1/changes?since={i}")} for i in newest]
    return ProblemError(404, "not_found", "Not found", detail, near=near)


def _unknown(since: str, newest: tuple[str, ...]) -> ProblemError:
    detail = f"There is no snapshot {since!r}. `near` has the newest ones, the newest first."
    near = [{"id": i, "link": address(f"/v1/changes?since={i}")} for i in newest]
    return ProblemError(404, "not_found", "Not found", detail, near=near)
