"""Rows as files: written whole before the first byte is sent, so that none ends half-way.

A file stays for a while, so that its parts can be asked for one after the other (`Range`).

A writer takes rows part by part. Cells are None, text, numbers, booleans and days as text; only a
column of the kind `json` holds anything else.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
from collections import OrderedDict
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from weakref import WeakValueDictionary

import anyio.to_thread
from pydantic_core import to_json
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from api.errors import ProblemError
from api.http.cache import holds
from api.http.public_address import address
from api.workbook import Sheet
from graph.tables import Column

#: Bytes of the files that stay; the folder may be one in memory.
ON_DISK = 100_000_000
#: What a spreadsheet would take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = Sequence[Sequence[Any]]
Convert = Callable[[Any], Any]


class Writer:
    """Writes rows of some columns to a file that somebody else opens and closes.

    `about` is what the file says of itself, where its format has a place for that.
    """

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], about: Mapping[str, str] | None = None
    ) -> None:
        self.file = file
        self.columns = columns
        self.about = about

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        raise NotImplementedError

    def finish(self) -> None:
        """Write what stands at the end."""


class CsvWriter(Writer):
    """RFC 4180 in UTF-8 without a BOM; what is no single value is written as JSON."""

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], about: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(file, columns, about)
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._csv = csv.writer(self._text)
        self._converts = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := self.converter(column)) is not None
        ]
        self._csv.writerow([self.heading(column.name) for column in columns])

    def heading(self, name: str) -> str:
        """Return the heading of a column."""
        return name

    def converter(self, column: Column) -> Convert | None:
        """Return what turns a cell of a column into text, None where `csv` does it by itself."""
        return {"json": _json_cell, "boolean": _boolean_cell}.get(column.type)

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        self._csv.writerows(map(self._cells, rows) if self._converts else rows)

    def _cells(self, row: Sequence[Any]) -> Sequence[Any]:
        cells = list(row)
        for place, convert in self._converts:
            cells[place] = convert(cells[place])
        return cells

    def finish(self) -> None:
        """Let go of the file."""
        self._text.detach()


class ExcelWriter(CsvWriter):
    """The same for spreadsheets: with a BOM, and no text that would be run."""

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], about: Mapping[str, str] | None = None
    ) -> None:
        file.write("\ufeff".encode())
        super().__init__(file, columns, about)

    def heading(self, name: str) -> str:
        """Return the heading of a column."""
        return disarmed(name)

    def converter(self, column: Column) -> Convert | None:
        """Return what turns a cell into text that is not run."""
        plain = super().converter(column)
        if column.type not in ("json", "text"):
            return plain
        return lambda value: disarmed(value) if isinstance(value, str) else _json_cell(value)


def _json_cell(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _boolean_cell(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def disarmed(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


class JsonlWriter(Writer):
    """Each row as an object on a line of its own."""

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        names = [column.name for column in self.columns]
        lines = (to_json(dict(zip(names, row, strict=True))) for row in rows)
        self.file.write(b"".join(line + b"\n" for line in lines))


class ArrowWriter(Writer):
    """An Arrow file (Feather 2). pyarrow is imported here, as it is an extra and takes its time."""

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], about: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(file, columns, about)
        import pyarrow as pa  # type: ignore[import-untyped]

        kinds = {
            "text": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
            "day": pa.date32(),
        }
        fields = [(column.name, kinds[column.type]) for column in columns]
        self._schema = pa.schema(fields, metadata=about)
        self._writer = self.open_writer(file, self._schema)

    def open_writer(self, file: IO[bytes], schema: Any) -> Any:
        """Return pyarrow's writer."""
        import pyarrow as pa

        return pa.ipc.new_file(pa.PythonFile(file, mode="w"), schema)

    def write(self, rows: Rows) -> None:
        """Write some rows, as a batch."""
        import pyarrow as pa

        if not rows:
            return
        arrays = [
            pa.array(cells, pa.string()).cast(kind)
            if pa.types.is_date(kind)
            else pa.array(cells, kind)
            for cells, kind in zip(zip(*rows, strict=True), self._schema.types, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def finish(self) -> None:
        """Write the footer."""
        self._writer.close()


class ParquetWriter(ArrowWriter):
    """Parquet, compressed with Zstandard; a part of the rows is a row group."""

    def open_writer(self, file: IO[bytes], schema: Any) -> Any:
        """Return pyarrow's writer."""
        import pyarrow as pa
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        return pq.ParquetWriter(pa.PythonFile(file, mode="w"), schema, compression="zstd")


class XlsxWriter(Writer):
    """An Excel workbook; what is no single value is written as JSON."""

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], about: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(file, columns, about)
        self._sheet = Sheet([column.name for column in columns])

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        for row in rows:
            self._sheet.append(
                [
                    _json_cell(cell) if column.type == "json" else cell
                    for cell, column in zip(row, self.columns, strict=True)
                ]
            )

    def finish(self) -> None:
        """Write the workbook."""
        self._sheet.save(self.file)


async def write_all(writer: Writer, parts: AsyncIterable[Rows]) -> int:
    """Write all parts, off the event loop; return how many rows they are."""
    count = 0
    try:
        async for rows in parts:
            count += len(rows)
            await anyio.to_thread.run_sync(writer.write, rows)
    finally:  # Whatever happened: pyarrow closes late what is left open, after the file itself.
        await anyio.to_thread.run_sync(writer.finish)
    return count


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A file of rows that is there: where, and how many rows it has."""

    path: Path
    rows: int


class FileCache:
    """The most recently used files, at most `limit` bytes beside the newest one.

    Its folder is its own, and goes with the process. For one event loop.
    """

    def __init__(self, folder: Path, limit: int = ON_DISK) -> None:
        self._folder = folder
        self._limit = limit
        self._files: OrderedDict[str, CachedFile] = OrderedDict()
        self._making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get_or_make(
        self, key: str, write: Callable[[IO[bytes]], Awaitable[int]], modified: datetime | None
    ) -> CachedFile:
        """Return the file of a key; the first who asks has it written.

        `write` returns how many rows it wrote. `modified` is when what it wrote was last changed.
        """
        async with self._making.setdefault(key, asyncio.Lock()):
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
            with NamedTemporaryFile(dir=self._folder, delete=False) as file:
                try:
                    cached = CachedFile(Path(file.name), await write(file))
                except BaseException:  # whatever it was: nothing half-made stays
                    os.unlink(file.name)
                    raise
            set_time(cached.path, modified)
            self._files[key] = cached
            self._evict()
            return cached

    def _evict(self) -> None:
        sizes = {key: file.path.stat().st_size for key, file in self._files.items()}
        *older, _ = self._files
        for key in older:
            if sum(sizes.values()) <= self._limit:
                break
            sizes.pop(key)
            self._files.pop(key).path.unlink()


def set_time(path: Path, modified: datetime | None) -> None:
    """Date a file by what it holds: `Last-Modified` is its time."""
    if modified is not None:
        os.utime(path, (modified.timestamp(), modified.timestamp()))


def send(
    scope: Scope, path: Path, rows: int, etag: str | None, media_type: str, headers: dict[str, str]
) -> Response:
    """Return the response with a file, a part of it, or 304; `etag` is a strong one."""
    tag = {"ETag": etag} if etag else {}
    # Where the data sets are, each with its author and its licence.
    licences = {"Link": f'<{address("/v1/datasets")}>; rel="license"'}
    headers = {**headers, **tag, **licences, "Sightlines-Rows": str(rows)}
    if scope.get("sightlines.bytes"):
        media_type = BYTES
    response = _RangeOfBytes(path, headers=headers, media_type=media_type, stat_result=path.stat())
    if not etag:
        del response.headers["ETag"]
    if holds(scope, response.headers):
        return Response(status_code=304, headers=_without_body(response.headers))
    if scope.get("sightlines.head"):  # The file is not read for its length.
        return Response(headers=dict(response.headers))
    return response


class _RangeOfBytes(FileResponse):
    """A file, or the bytes of it that `Range` names; another unit is ignored (RFC 9110, 14.2)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not Headers(scope=scope).get("range", "").startswith("bytes"):
            headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
            scope = {**scope, "headers": headers}
        await super().__call__(scope, receive, send)


def _without_body(headers: Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith("content-")}


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: its suffix without the dot, and who writes it.

    `extra`: it needs pyarrow. `most` is how many rows a file has at most; None is any number.
    """

    suffix: str
    media_type: str
    writer: type[Writer]
    extra: bool = False
    most: int | None = None


CSV = Format("csv", "text/csv; charset=utf-8", CsvWriter)
JSONL = Format("jsonl", "application/jsonl", JsonlWriter)
#: Those in which there are whole tables.
WHOLE_FORMATS = (
    CSV,
    JSONL,
    Format("parquet", "application/vnd.apache.parquet", ParquetWriter, extra=True),
    Format("arrow", "application/vnd.apache.arrow.file", ArrowWriter, extra=True),
)
#: openpyxl takes a tenth of a second for a thousand rows, and a workbook is for people.
XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    XlsxWriter,
    most=20_000,
)
FORMATS = (*WHOLE_FORMATS, XLSX)
JSON = "application/json"
#: What any file is as well, for clients that know no type of tables and ask for bytes.
BYTES = "application/octet-stream"


def content_types(*formats: Format) -> dict[str, Any]:
    """Return what a route that sends files of these formats declares as their content."""
    content: dict[str, Any] = {one.media_type.partition(";")[0]: {} for one in formats}
    if formats != (CSV,):
        content[BYTES] = {"schema": {"type": "string", "format": "binary"}}
    return content


def format_of(suffix: str, formats: Sequence[Format] = FORMATS) -> Format:
    """Return the format of a suffix. Raises a problem where it is not written here."""
    match = next((one for one in formats if one.suffix == suffix), None)
    if match is None or (match.extra and not _has_pyarrow()):
        raise not_acceptable(f".{suffix}", suffixes(formats))
    return match


def suffixes(formats: Sequence[Format] = FORMATS) -> list[str]:
    """Return the suffixes of the formats that are written here."""
    return [f".{one.suffix}" for one in formats if not one.extra or _has_pyarrow()]


@cache
def _has_pyarrow() -> bool:
    return find_spec("pyarrow") is not None


def not_acceptable(name: str, offered: Sequence[str]) -> ProblemError:
    """Return the problem for a format that is not written; `offered` are those that are."""
    extra = "" if _has_pyarrow() else " Parquet and Arrow need pyarrow, which this server lacks."
    return ProblemError(
        406,
        "not_acceptable",
        "No such format",
        f"{name[:100]} is not written here; there are {', '.join(offered)}.{extra}",
    )
