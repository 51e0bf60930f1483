"""What changed between two snapshots."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.answers.changes import ChangeGroup, ChangePage
from api.changed_since import change_out
from api.errors import ProblemError
from api.parameters import Read, SnapshotId
from api.request import RequestDep, SnapshotRoute
from graph.changes import ChangeName, Kind
from graph.queries import changes
from graph.queries.changes import UnknownSnapshot


class ChangeList(Read):
    """The parameters of `/changes`."""

    since: SnapshotId = Field(description="The snapshot from which on changes are told.")
    kind: list[Kind] = Field([], description="Of these kinds of record only.")
    change: list[ChangeName] = Field([], description="Only what this happened to.")
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
    page = await request.ask(
        changes.changes(
            params.since,
            kinds=params.kind,
            names=params.change,
            after=request.after(params.cursor),
            limit=params.limit,
        )
    )
    if isinstance(page, UnknownSnapshot):
        raise _unknown(params.since, page.newest)
    return ChangePage(
        results=[change_out(item) for item in page.items],
        total=page.total,
        next=request.next(page.next_after),
        since=params.since,
        groups=[ChangeGroup(kind=g.kind, change=g.change, total=g.total) for g in page.groups],
        meta=request.meta(params),
    )


def _unknown(since: str, newest: tuple[str, ...]) -> ProblemError:
    detail = f"There is no snapshot {since!r}. `near` has the newest ones, the newest first."
    near = [{"id": i, "link": f"/v1/changes?since={i}"} for i in newest]
    return ProblemError(404, "not_found", "Not found", detail, near=near)
