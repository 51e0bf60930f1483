"""Rows as files: written whole before the first byte is sent, so that none ends half-way."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from starlette.responses import StreamingResponse

from graph.store.answers import Answer

#: Bytes that wait in memory; what is larger lies in a file without a name.
IN_MEMORY = 1_000_000
_CHUNK = 64 * 1024
#: What a spreadsheet would take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Write = Callable[[Answer, IO[bytes]], None]


def csv_table(answer: Answer, file: IO[bytes]) -> None:
    """Write the rows as RFC 4180 wants them: UTF-8, no BOM; lists and maps as JSON."""
    _csv(answer, file, str)


def excel_table(answer: Answer, file: IO[bytes]) -> None:
    """Write the same for spreadsheets: with a BOM, and no text that would be run."""
    file.write("\ufeff".encode())
    _csv(answer, file, disarmed)


def _csv(answer: Answer, file: IO[bytes], text: Callable[[str], str]) -> None:
    table = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(table)
    writer.writerow([text(column) for column in answer.columns])
    for row in answer.plain_rows():
        writer.writerow([_cell(value, text) for value in row])
    table.detach()


def _cell(value: Any, text: Callable[[str], str]) -> str:
    if value is None:
        return ""
    return text(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def disarmed(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def jsonl(answer: Answer, file: IO[bytes]) -> None:
    """Write each row as an object on a line of its own."""
    for row in answer.plain_rows():
        line = dict(zip(answer.columns, row, strict=True))
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def spool(answer: Answer, write: Write) -> tuple[IO[bytes], int]:
    """Write the rows to a scratch file; return it, at its beginning, and its size in bytes."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by `send`
    write(answer, file)
    size = file.tell()
    file.seek(0)
    return file, size


def send(
    file: IO[bytes], size: int, rows: int, media_type: str, headers: Mapping[str, str]
) -> StreamingResponse:
    """Return the response with a scratch file, which is gone when it has been sent."""
    headers = {**headers, "Content-Length": str(size), "Sightlines-Rows": str(rows)}
    return StreamingResponse(_chunks(file), media_type=media_type, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
