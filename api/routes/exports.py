"""Snapshots, and whole tables as files that are made once for each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from api import files
from api.answers.common import Page
from api.answers.service import FileOut, SnapshotOut, SnapshotRecord, snapshot_out
from api.errors import ProblemError, not_found, snapshot_not_current
from api.exports import Export, Exports
from api.files import JSONL, WHOLE_FORMATS, Format, format_of
from api.http.public_address import address
from api.lists import WHOLE_TABLES, parts
from api.parameters import Nothing, Read
from api.patterns import HASH
from api.request import GraphRequest, RequestDep, SnapshotRoute, about
from api.responses import links_to
from graph.errors import StoreBusy
from graph.queries import records
from graph.queries.lists import Table
from graph.queries.records import Snapshot
from graph.question import Question, Reader, T
from graph.store.connection import Store
from graph.store.state import STATE, State, with_state
from graph.tables import TABLES, TableName

#: Seconds that a statement may take where nobody waits for an answer.
_SECONDS = 120.0


class SnapshotList(Read):
    """The parameters of `/snapshots`."""

    limit: int = Field(50, ge=1, le=500)


router = APIRouter(route_class=SnapshotRoute, tags=["snapshots"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": files.content_types(*WHOLE_FORMATS),
        "description": "The whole table; Sightlines-Rows says how many rows. Ranges are answered.",
    },
    206: {"description": "The part of the file that was asked for."},
    409: {"description": "A file of an older snapshot that was not kept."},
}
SnapshotPath = Annotated[str, Path(pattern=HASH)]
TablePath = Annotated[
    str, Path(examples=["ties"], json_schema_extra={"enum": list(TABLES)}, max_length=40)
]
SuffixPath = Annotated[
    str,
    Path(
        examples=["csv"],
        json_schema_extra={"enum": [one.suffix for one in WHOLE_FORMATS]},
        max_length=40,
    ),
]


@router.get("/snapshots", responses=links_to("read_snapshot", snapshot_id="id"))
async def list_snapshots(
    request: RequestDep, params: Annotated[SnapshotList, Query()]
) -> Page[SnapshotOut]:
    """List the completed loads, the newest first: the first one is the current one."""
    page = await request.ask(records.snapshots(params.limit))
    left_out = page.total - len(page.items)
    notices = [f"{left_out:,} older ones are left out; limit gets up to 500."] if left_out else []
    return Page(
        results=[snapshot_out(snapshot) for snapshot in page.items],
        total=page.total,
        next=None,
        meta=request.meta(params, notices),
    )


@router.get("/snapshots/{snapshot_id}")
async def read_snapshot(
    snapshot_id: SnapshotPath, request: RequestDep, params: Annotated[Read, Query()]
) -> SnapshotRecord:
    """Read one load, with the files of its tables: those that were made, with their hashes."""
    snapshot = await request.ask(records.snapshot(snapshot_id))
    if snapshot is None:
        raise not_found("snapshot", snapshot_id)
    # Which files are there changes while the snapshot stays.
    request.response.headers["Cache-Control"] = "no-store"
    del request.response.headers["ETag"]
    return SnapshotRecord(
        **snapshot_out(snapshot).model_dump(),
        current=snapshot_id == request.snapshot,
        files=[] if _removed_since(request, snapshot) else _files(request, snapshot_id),
        meta=request.meta(params),
    )


def _files(request: GraphRequest, snapshot_id: str) -> list[FileOut]:
    """All files of the current snapshot, and of an older one those that are there or can be made.

    Each table that there is in JSON lines can be made in all formats.
    """
    existing = {export.name: export for export in request.services.exports.existing(snapshot_id)}
    tables = {export.table for export in existing.values() if export.format == JSONL.suffix}
    return [
        FileOut(
            name=name,
            link=address(f"/v1/snapshots/{snapshot_id}/{name}"),
            rows=existing[name].rows if name in existing else None,
            size=existing[name].size if name in existing else None,
            sha256=existing[name].sha256 if name in existing else None,
        )
        for table in TABLES
        for name in (f"{table}.{one.suffix}" for one in WHOLE_FORMATS)
        if name in existing or table in tables or snapshot_id == request.snapshot
    ]


@router.get("/export/{table}.{suffix}", response_class=Response, responses=_FILE)
async def export_table(
    table: TablePath, suffix: SuffixPath, request: RequestDep, _: Annotated[Nothing, Query()]
) -> Response:
    """A whole table of the current snapshot, made once; it takes no parameter."""
    name, one = _table_name(table), format_of(suffix, WHOLE_FORMATS)
    snapshot = await _settled(request)
    export = await _export(request, snapshot, name, one)
    return _response(request, snapshot, export, one)


@router.get("/snapshots/{snapshot_id}/{table}.{suffix}", response_class=Response, responses=_FILE)
async def export_snapshot_table(
    snapshot_id: SnapshotPath,
    table: TablePath,
    suffix: SuffixPath,
    request: RequestDep,
    _: Annotated[Nothing, Query()],
) -> Response:
    """The same of one snapshot: what is there never changes.

    The files of a snapshot with a data set that was removed since are gone: caches ask each time.
    """
    name, one = _table_name(table), format_of(suffix, WHOLE_FORMATS)
    await _check_removals(request, snapshot_id)
    exports = request.services.exports
    there = exports.find(snapshot_id, name, one) or exports.find(snapshot_id, name, JSONL)
    if there is None and await _settled(request) != snapshot_id:
        raise await _missing_files(request, snapshot_id)
    export = await _export(request, snapshot_id, name, one)
    return _response(request, snapshot_id, export, one)


async def _check_removals(request: GraphRequest, snapshot_id: str) -> None:
    """Raise a problem where the files of a snapshot are gone with one of its data sets."""
    if (await request.services.state_cache.current()).snapshot == snapshot_id:
        return
    snapshot = await request.ask(records.snapshot(snapshot_id))
    if snapshot and (dataset_ids := _removed_since(request, snapshot)):
        detail = f"Since then the data set {dataset_ids[0]!r} was removed, and these files with it."
        raise ProblemError(410, "removed", "Removed", detail)


def _removed_since(request: GraphRequest, snapshot: Snapshot) -> list[str]:
    """Return the ids of the data sets of a snapshot that the store no longer holds."""
    current = {dataset.id for dataset in request.settled.datasets}
    return [i for i in snapshot.datasets if i not in current]


def _table_name(table: str) -> TableName:
    match = next((name for name in TABLES if name == table), None)
    if match is None:
        near = [{"id": name, "link": address(f"/v1/export/{name}.csv")} for name in TABLES]
        raise not_found("table", table, near)
    return match


async def _settled(request: GraphRequest) -> str:
    """Return the current snapshot. Raises a problem while a load is under way."""
    state = await request.state()
    assert state.snapshot is not None
    if state.loading:
        raise ProblemError(
            503,
            "busy",
            "A load is under way",
            "Whole tables are made between loads. Try again in a moment.",
            headers={"Retry-After": "5"},
            retryable=True,
        )
    return state.snapshot


async def _export(request: GraphRequest, snapshot: str, name: TableName, one: Format) -> Export:
    async def rows() -> AsyncIterator[list[list[Any]]]:
        async for part in _rows(request, WHOLE_TABLES[name]):
            yield part
        # A load that has begun meanwhile may have taken records away already.
        await _settled(request)

    state = request.settled
    return await request.services.exports.get_or_make(
        snapshot, name, one, rows, about(state), state.completed_on
    )


async def keep_tables(store: Store, exports: Exports) -> None:
    """Write the tables of the current snapshot, each in the format that all others are made from.

    What is there already is not read again. The files of snapshots with a data set that was removed
    since go. Raises a `StoreError`, and `StoreBusy` where a load begins meanwhile.
    """
    state = await store.ask(STATE)
    if state.loading:
        return
    exports.remove(await store.ask(records.WITH_REMOVED_SETS))
    if state.snapshot is None:
        return
    reader = _OneSnapshot(store, state)
    for name, table in WHOLE_TABLES.items():
        await exports.get_or_make(
            state.snapshot,
            name,
            JSONL,
            partial(_rows, reader, table),
            about(state),
            state.completed_on,
        )


@dataclass(frozen=True, slots=True)
class _OneSnapshot:
    """Reads one snapshot and no other."""

    store: Store
    state: State

    async def ask(self, question: Question[T]) -> T:
        patient = replace(question, seconds=_SECONDS)
        result = await self.store.ask(with_state(patient, self.state))
        if result is None:
            raise StoreBusy("A load began meanwhile.")
        return result.answer


async def _rows(reader: Reader, table: Table) -> AsyncIterator[list[list[Any]]]:
    async for part, _ in parts(reader, table):
        yield part


async def _missing_files(request: GraphRequest, snapshot_id: str) -> ProblemError:
    if await request.ask(records.snapshot(snapshot_id)) is None:
        return not_found("snapshot", snapshot_id)
    files = [{"id": f.name, "link": f.link} for f in _files(request, snapshot_id)]
    return snapshot_not_current(snapshot_id, request.snapshot, files)


def _response(request: GraphRequest, snapshot: str, export: Export, one: Format) -> Response:
    """Return the response with a file, or with its headers where only those were asked for."""
    path = request.services.exports.path(snapshot, export.name)
    headers = {"Cache-Control": "public, no-cache, no-transform"}
    tag = f'"{export.sha256}"'
    return files.send(request.http.scope, path, export.rows, tag, one.media_type, headers)
