"""Rows as files: written whole before the first byte is sent, so that none ends half-way.

A writer takes rows part by part. Cells are None, text, numbers, booleans and days as text; only a
column of the kind `json` holds anything else.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import anyio.to_thread
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from api.errors import ProblemError
from graph.tables import Column

#: Bytes that wait in memory; what is larger lies in a file without a name.
IN_MEMORY = 1_000_000
_CHUNK = 64 * 1024
#: The header of every file: where the data sets are, each with its author and its licence.
LICENCES = {"Link": '</v1/datasets>; rel="license"'}
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
        self._writer = self.opened(file, self._schema)

    def opened(self, file: IO[bytes], schema: Any) -> Any:
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

    def opened(self, file: IO[bytes], schema: Any) -> Any:
        """Return pyarrow's writer."""
        import pyarrow as pa
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        return pq.ParquetWriter(pa.PythonFile(file, mode="w"), schema, compression="zstd")


async def spool(
    kind: type[Writer],
    columns: Sequence[Column],
    parts: AsyncIterable[Rows],
    about: Mapping[str, str] | None = None,
) -> tuple[IO[bytes], int]:
    """Write rows to a scratch file; return it, at its beginning, and how many rows it has."""
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        rows = await write_all(kind(file, columns, about), parts)
        file.seek(0)
        stack.pop_all()  # `send` closes it
        return file, rows


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


def send(
    file: IO[bytes], rows: int, media_type: str, headers: Mapping[str, str]
) -> StreamingResponse:
    """Return the response with a scratch file, which is gone when it has been sent."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    headers = {**headers, **LICENCES, "Content-Length": str(size), "Sightlines-Rows": str(rows)}
    return StreamingResponse(_chunks(file), media_type=media_type, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: its suffix without the dot, and who writes it."""

    suffix: str
    media_type: str
    writer: type[Writer]
    extra: bool = False


CSV = Format("csv", "text/csv; charset=utf-8", CsvWriter)
JSONL = Format("jsonl", "application/jsonl", JsonlWriter)
FORMATS = (
    CSV,
    JSONL,
    Format("parquet", "application/vnd.apache.parquet", ParquetWriter, extra=True),
    Format("arrow", "application/vnd.apache.arrow.file", ArrowWriter, extra=True),
)
JSON = "application/json"


def format_of(suffix: str) -> Format:
    """Return the format of a suffix. Raises a problem where it is not written here."""
    match = next((one for one in FORMATS if one.suffix == suffix), None)
    if match is None or (match.extra and not _has_pyarrow()):
        raise not_acceptable(f".{suffix}", suffixes())
    return match


def suffixes() -> list[str]:
    """Return the suffixes of the formats that are written here."""
    return [f".{one.suffix}" for one in FORMATS if not one.extra or _has_pyarrow()]


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
