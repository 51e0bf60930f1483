"""Lists as routes: in JSON part by part, and whole as a file of any format.

A list is declared with two decorators: `as_json` over the function that answers a part of it, and
`as_files` over the one that says which rows a whole file has.

    @as_json(router, "/ties")
    async def list_ties(ask: Ask, asked: Annotated[TieList, Query()]) -> Response: ...

    @as_files(router, "/ties")
    async def file_ties(ask: Ask, asked: Annotated[TieFile, Query()]) -> RowsAsked: ...

This gives `/ties`, `/ties.json`, `/ties.csv` and so on, each an operation of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_type_hints

from fastapi import APIRouter, Query
from pydantic import BaseModel, create_model
from starlette.responses import Response

from api import files
from api.errors import ProblemError
from api.formats import CSV, FORMATS, Format, not_acceptable, suffixes, written
from api.parameters.lists import LONGEST_FILE, Complete, Excel
from api.request import Context
from graph.queries.lists import CHUNK, Table
from graph.tables import TABLES, TableName

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

#: The paths that have files, as `as_files` was told of them.
FILED: list[str] = []


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """The rows of a file, and how it was asked for."""

    name: TableName
    table: Table
    asked: Complete


def as_json(
    router: APIRouter, path: str, *suffixes: str, **options: Any
) -> Callable[[FunctionT], FunctionT]:
    """Answer at a path, and at the same with `.json` or other suffixes behind it."""

    def register(function: FunctionT) -> FunctionT:
        for suffix in ("", ".json", *suffixes):
            name = function.__name__ + suffix.replace(".", "_")
            router.add_api_route(path + suffix, function, name=name, **options)
        return function

    return register


def as_files(router: APIRouter, path: str, **options: Any) -> Callable[[FunctionT], FunctionT]:
    """Answer with files at a path, with a suffix for each format; 406 at any other suffix."""

    def register(function: FunctionT) -> FunctionT:
        for one in FORMATS:
            router.add_api_route(
                f"{path}.{one.suffix}",
                _file_route(function, one),
                name=f"{function.__name__}_{one.suffix}",
                response_class=Response,
                responses={
                    200: {
                        "content": {one.media_type.partition(";")[0]: {}},
                        "description": "All rows; Sightlines-Rows says how many.",
                    }
                },
                **options,
            )
        refuse_others(router, path, [".json", *suffixes()])
        FILED.append(path)
        return function

    return register


def refuse_others(router: APIRouter, path: str, offered: Sequence[str]) -> None:
    """Answer 406 at every further suffix of a path."""

    async def refuse(suffix: str) -> Response:
        raise not_acceptable(f".{suffix}", offered)

    router.add_api_route(path + ".{suffix}", refuse, include_in_schema=False)


def _file_route(function: Callable[..., Awaitable[RowsAsked]], one: Format) -> Callable[..., Any]:
    """Return the endpoint: it takes what the function takes, and sends the rows that it names."""
    hints = get_type_hints(function, include_extras=True)
    if one is CSV:
        hints["asked"] = Annotated[_for_spreadsheets(hints["asked"].__origin__), Query()]

    async def endpoint(ask: Context, **given: Any) -> Response:
        written(one.suffix)  # raises where it cannot be
        return await send_rows(ask, await function(ask=ask, **given), one)

    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hints[name])
            for name in inspect.signature(function).parameters
        ]
    )
    endpoint.__doc__ = function.__doc__
    return endpoint


def _for_spreadsheets(model: type[BaseModel]) -> Any:
    return create_model(f"{model.__name__}Csv", __base__=(model, Excel))


async def send_rows(ask: Context, rows: RowsAsked, one: Format) -> Response:
    """Return the response with a file of rows."""
    columns = TABLES[rows.name]
    found = _parts(ask, rows)
    picked: Sequence[str] = getattr(rows.asked, "fields", ())
    if picked:
        names = [column.name for column in columns]
        places = [names.index(name) for name in picked]
        columns = tuple(columns[place] for place in places)
        found = _picked(found, places)
    excel = getattr(rows.asked, "excel", False)
    kind = files.ExcelWriter if excel else one.writer
    file, count = await files.spool(kind, columns, found)
    return files.send(file, count, one.media_type, ask.response.headers)


async def _picked(
    parts: AsyncIterator[list[list[Any]]], places: Sequence[int]
) -> AsyncIterator[list[list[Any]]]:
    async for rows in parts:
        yield [[row[place] for place in places] for row in rows]


async def _parts(ask: Context, rows: RowsAsked) -> AsyncIterator[list[list[Any]]]:
    """Ask for the rows part by part. Raises a problem if there are too many for one file."""
    limit = rows.asked.limit
    count = 0
    async for part, more in parts(ask, rows.table, limit):
        if limit is None and more and not count:
            total = await ask.ask(rows.table.count())
            if total > LONGEST_FILE:
                raise _too_large(rows.name, total)
        count += len(part)
        yield part


async def parts(
    ask: Context, table: Table, limit: int | None = None
) -> AsyncIterator[tuple[list[list[Any]], bool]]:
    """Yield the rows of a table part by part, each with whether more follow; all of one snapshot.

    `limit` None is all rows.
    """
    after: Sequence[Any] | None = None
    count, more = 0, True
    while more:
        part = CHUNK if limit is None else min(CHUNK, limit - count)
        found = await ask.ask(table.rows(after, part))
        count, after = count + len(found.rows), found.next_after
        more = after is not None and (limit is None or count < limit)
        yield found.rows, more


def _too_large(name: TableName, total: int) -> ProblemError:
    ready = f"/v1/export/{name}.csv"
    return ProblemError(
        422,
        "export_too_large",
        "Too many rows for one file",
        f"These are {total:,} rows, and a file that is made on demand holds {LONGEST_FILE:,}. Ask "
        f"for less, take the first ones with limit, or take the whole table, which is ready-made: "
        f"{ready}",
        near=[{"id": name, "link": ready}],
    )
