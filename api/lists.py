"""Lists: what they share on their way out, and their routes in JSON and as files.

A list is declared with two decorators: `as_json` over the function that answers a part of it, and
`as_files` over the one that says which rows a whole file has.

    @as_json(router, "/ties")
    async def list_ties(request: RequestDep, params: Annotated[TieList, Query()]) -> Response: ...

    @as_files(router, "/ties")
    async def file_ties(request: RequestDep, params: Annotated[TieFile, Query()]) -> TableFile: ...

This gives `/ties`, `/ties.json`, `/ties.csv` and so on, each an operation of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Annotated, Any, TypeVar, get_args, get_type_hints

from fastapi import APIRouter, Query
from pydantic import BaseModel, create_model
from starlette.responses import Response

from api import files
from api.answers.common import Item
from api.answers.lists import Beside, FacetOut, FacetValue
from api.errors import ProblemError
from api.files import CSV, FORMATS, Format, content_types, format_of, not_acceptable, suffixes
from api.http.public_address import address
from api.include import IncludedRecords
from api.missing import unknown_notices
from api.parameters import LONGEST_FILE, Complete, Excel, GraphRead, Negation
from api.request import GraphRequest, about
from graph.ontology import ONTOLOGY
from graph.queries.lists import CHUNK, Facet, ListPage, Table
from graph.question import Reader
from graph.tables import TABLES, TableName

#: The words of the ontology, by the facet that counts them.
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "type": {**ONTOLOGY.types, **ONTOLOGY.tie_types},
    "from_type": ONTOLOGY.types,
    "to_type": ONTOLOGY.types,
    "status": ONTOLOGY.statuses,
    "predicate": ONTOLOGY.predicates,
    "modality": ONTOLOGY.modalities,
    "polarity": ONTOLOGY.polarities,
    "kind": ONTOLOGY.source_kinds,
}


def time_notices(page: ListPage[Any], params: GraphRead) -> list[str]:
    """Return the notice of how many records match only possibly, and are undated."""
    if not page.possibly:
        return []
    # Whether something was known then is a question of its source's date, not of its own.
    undated = f", {page.undated:,} of them without a date" if page.undated and params.as_of else ""
    what = "held or were known" if params.as_of and params.known_by else "held"
    what = "were known" if params.known_by and not params.as_of else what
    return [
        f"Of {page.total:,} records, {page.possibly:,} only possibly {what} then{undated}; "
        "certain=true leaves them out."
    ]


def facets_out(facets: Mapping[str, Facet]) -> dict[str, FacetOut] | None:
    """Return facets as the API shows them, or None where none was asked for."""
    return {name: _facet(name, facet) for name, facet in facets.items()} or None


def _facet(name: str, facet: Facet) -> FacetOut:
    words = _WORDS.get(name, {})
    values = [
        FacetValue(value=value, label=_label(words, value, label), count=count)
        for value, label, count in facet.values
    ]
    return FacetOut(values=values, other=facet.other)


def _label(words: Mapping[str, Any], value: str | None, label: str | None) -> str:
    if value is None:
        return "not told"
    return label or (words[value].label if value in words else value)


async def listing(
    request: GraphRequest,
    params: Negation,
    page: ListPage[Any],
    results: Sequence[Item],
    included: IncludedRecords | None = None,
    sources: Collection[str] | None = None,
    notices: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the fields of a `Listing`; `sources` are the documents that its ties rest on.

    `notices` come before those of the time and of values that name nothing.
    """
    texts = [
        *notices,
        *await unknown_notices(request, params, page.total),
        *time_notices(page, params),
        *(included.notices if included else []),
    ]
    return {
        "results": list(results),
        "total": page.total,
        "next": request.next(page.next_after),
        "facets": facets_out(page.facets),
        "included": included.records if included else None,
        "meta": request.meta(params, texts, sources),
    }


def send(request: GraphRequest, answer: BaseModel, fields: Sequence[str] = ()) -> Response:
    """Return the response with an answer, each of its records with some fields only.

    The model is turned into text at once: FastAPI would validate it a second time.
    """
    body = answer.model_dump_json(
        by_alias=True, include=_included_fields(answer, fields), exclude=_bare(answer)
    )
    return Response(body, headers=dict(request.response.headers), media_type="application/json")


def _included_fields(answer: BaseModel, fields: Sequence[str]) -> Any:
    """Return what pydantic is to include, by field names of the models; None is everything."""
    if not fields:
        return None
    (model,) = get_args(type(answer).model_fields["results"].annotation)
    names = {f.alias or name: name for name, f in model.model_fields.items()}
    whole: dict[str, Any] = dict.fromkeys(type(answer).model_fields, True)
    return whole | {"results": {"__all__": {names[field] for field in fields}}}


def _bare(answer: BaseModel) -> Any:
    """Return what pydantic is to leave out: the parts that were not asked for."""
    absent: dict[str, Any] = {
        name: True for name in ("facets", "included") if getattr(answer, name, None) is None
    }
    included = getattr(answer, "included", None)
    if isinstance(included, Beside):
        absent["included"] = {kind for kind, records in included if records is None}
    return absent


FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

#: The paths that have files, and the whole tables of the exports: `as_files` registers both.
FILE_PATHS: list[str] = []
WHOLE_TABLES: dict[TableName, Table] = {}


@dataclass(frozen=True, slots=True)
class TableFile:
    """The rows of a file: the table and the parameters of the request."""

    name: TableName
    table: Table
    params: Complete


def as_json(
    router: APIRouter, path: str, *suffixes: str, **options: Any
) -> Callable[[FunctionT], FunctionT]:
    """Route a path, and the same path with `.json` or other suffixes."""

    def register(function: FunctionT) -> FunctionT:
        for suffix in ("", ".json", *suffixes):
            name = function.__name__ + suffix.replace(".", "_")
            router.add_api_route(path + suffix, function, name=name, **options)
        return function

    return register


def as_files(
    router: APIRouter, path: str, *, whole: Mapping[TableName, Table] | None = None, **options: Any
) -> Callable[[FunctionT], FunctionT]:
    """Answer with files at a path, with a suffix for each format; 406 at any other suffix.

    `whole` are the tables without filters that `/export` offers, by name.
    """

    def register(function: FunctionT) -> FunctionT:
        for one in FORMATS:
            router.add_api_route(
                f"{path}.{one.suffix}",
                _file_route(function, one),
                name=f"{function.__name__}_{one.suffix}",
                response_class=Response,
                responses={
                    200: {
                        "content": content_types(one),
                        "description": "All rows; Sightlines-Rows says how many.",
                    }
                },
                **options,
            )
        refuse_others(router, path, [".json", *suffixes()])
        FILE_PATHS.append(path)
        WHOLE_TABLES.update(whole or {})
        return function

    return register


def refuse_others(router: APIRouter, path: str, offered: Sequence[str]) -> None:
    """Answer 406 at every other suffix of a path."""

    async def refuse(suffix: str) -> Response:
        raise not_acceptable(f".{suffix}", offered)

    router.add_api_route(path + ".{suffix}", refuse, include_in_schema=False)


def _file_route(function: Callable[..., Awaitable[TableFile]], one: Format) -> Callable[..., Any]:
    """Return the endpoint: it takes what the function takes, and sends the rows of its table."""
    hints = get_type_hints(function, include_extras=True)
    if one is CSV:
        hints["params"] = Annotated[_for_spreadsheets(hints["params"].__origin__), Query()]

    async def endpoint(request: GraphRequest, **values: Any) -> Response:
        format_of(one.suffix)  # raises where it cannot be
        return await send_rows(request, await function(request=request, **values), one)

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


async def send_rows(request: GraphRequest, rows: TableFile, one: Format) -> Response:
    """Return the response with a file of rows."""
    columns = TABLES[rows.name]
    parts = _parts(request, rows, one.most or LONGEST_FILE)
    fields: Sequence[str] = getattr(rows.params, "fields", ())
    if fields:
        names = [column.name for column in columns]
        indexes = [names.index(name) for name in fields]
        columns = tuple(columns[i] for i in indexes)
        parts = _pick(parts, indexes)
    excel = getattr(rows.params, "excel", False)
    kind = files.ExcelWriter if excel else one.writer
    # The file says of what snapshot it is, and is looked up by it.
    if request.snapshot is None:
        await request.begin()
        await request.state()

    async def write(file: IO[bytes]) -> int:
        return await files.write_all(kind(file, columns, about(request.settled)), parts)

    file = await request.file(write)
    if isinstance(rows.params, Negation) and (
        texts := await unknown_notices(request, rows.params, file.rows)
    ):
        # A file has no place for notices, and a header takes ASCII.
        text = " ".join(texts).encode("ascii", "backslashreplace").decode()
        request.response.headers["Sightlines-Notice"] = text
    return request.send(file, one.media_type)


async def _pick(
    parts: AsyncIterator[list[list[Any]]], indexes: Sequence[int]
) -> AsyncIterator[list[list[Any]]]:
    """Yield the rows of each part with the columns at some indexes only."""
    async for rows in parts:
        yield [[row[i] for i in indexes] for row in rows]


async def _parts(
    request: GraphRequest, rows: TableFile, most: int
) -> AsyncIterator[list[list[Any]]]:
    """Ask for the rows part by part. Raises a problem if there are more than `most`."""
    limit = rows.params.limit
    count = 0
    async for part, more in parts(request, rows.table, limit):
        if (limit is None or limit > most) and more and not count:
            total = (await request.ask(rows.table.count())).total
            if min(total, limit or total) > most:
                raise _too_large(rows.name, total, most)
        count += len(part)
        yield part


async def parts(
    reader: Reader, table: Table, limit: int | None = None
) -> AsyncIterator[tuple[list[list[Any]], bool]]:
    """Yield the rows of a table part by part, each with whether more follow; all of one snapshot.

    `limit` None is all rows.
    """
    after: Sequence[Any] | None = None
    count, more = 0, True
    while more:
        part = CHUNK if limit is None else min(CHUNK, limit - count)
        page = await reader.ask(table.rows(after, part))
        count, after = count + len(page.items), page.next_after
        more = after is not None and (limit is None or count < limit)
        yield list(page.items), more


def _too_large(name: TableName, total: int, most: int) -> ProblemError:
    ready = address(f"/v1/export/{name}.csv")
    return ProblemError(
        422,
        "export_too_large",
        "Too many rows for one file",
        f"These are {total:,} rows, and a file that is made on demand holds {most:,}. Ask "
        f"for less, take the first ones with limit, or take the whole table, which is ready-made: "
        f"{ready}",
        near=[{"id": name, "link": ready}],
    )
