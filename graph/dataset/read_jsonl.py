"""Files of JSON lines: one record per line, under a key that names its kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import BufferedReader, FileIO
from typing import Any

from graph.dataset.files import (
    EMPTY,
    MODELS,
    UTF8_MARK,
    DataFile,
    RawRecord,
    TextFault,
    encoding_fault,
)
from graph.faults import did_you_mean, printable, shorten

#: A record has a few hundred bytes. A longer line is a fault, and is not read into memory.
MAX_LINE_BYTES = 1_000_000

#: Bytes to read from the disk at once, and to count at once.
_BLOCK = 1 << 18
_HEAD = re.compile(rb'\s*\{\s*"([a-z]+)"\s*:\s*')
#: How a program begins a claim. Lines that begin so need no regular expression.
_CLAIM = b'{"claim":'
_HINT = 'One record, one line: {"claim": {…}}, and so for ' + ", ".join(MODELS) + "."

#: Messages of Python's JSON parser, then of pydantic's, and ours.
_MESSAGES = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name": "a name in double quotes is missing",
    "Expecting value": "a value is missing",
    "Illegal trailing comma": "there is a comma too many",
    "Unterminated string": "a text in quotes is not closed",
    "Invalid control character": "a control character in a text",
    "Invalid \\": "unknown escape sequence",
    "Extra data": "something follows after the record",
    "surrogate": "half of a surrogate pair is not a character",
    "unexpected end of hex escape": "half of a surrogate pair is not a character",
    "number out of range": "a number is too long",
    "recursion limit": "this is nested too deeply",
}


def read_jsonl(
    file: DataFile, claims: bool, count_bytes: Callable[[int], None]
) -> Iterator[RawRecord | TextFault]:
    """Yield the claims of a file, or all its other records; and its faults, both times.

    Faults in the JSON of a record are found by its validation. `count_bytes` is called from time to
    time with the number of bytes read since. Raises `OSError` if the file cannot be read.
    """
    if file.size == 0:
        yield EMPTY
    counts = dict.fromkeys(MODELS, 0)
    with BufferedReader(FileIO(file.path), _BLOCK) as stream:
        if fault := encoding_fault(stream.peek(4)):
            yield fault
            if fault.kind is None:
                return
            stream.read(len(UTF8_MARK))
        for number, line in enumerate(_lines(stream, count_bytes), 1):
            if line.startswith(_CLAIM):
                kind, start = "claim", len(_CLAIM)
            else:
                head = _HEAD.match(line)
                kind, start = (head[1].decode(), head.end()) if head else ("", 0)
            if len(line) > MAX_LINE_BYTES:
                yield TextFault(
                    number, 1, f"the line has more than {MAX_LINE_BYTES:,} bytes", _HINT
                )
            elif kind not in counts:
                if not claims and line.strip() and (fault := _other(line, number)):
                    yield fault
            elif (kind == "claim") is claims:
                counts[kind] += 1
                data = line.rstrip()
                # Without a wrapper that is closed, nothing is left as the record.
                data = data[start:-1] if data.endswith(b"}") else b""
                yield RawRecord(file, kind, counts[kind], number, data, line)


def _lines(stream: BufferedReader[FileIO], count_bytes: Callable[[int], None]) -> Iterator[bytes]:
    """Yield each line, or the beginning of one that is too long."""
    size = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        size += len(line)
        part = line
        while len(part) >= MAX_LINE_BYTES and not part.endswith(b"\n"):
            part = stream.readline(MAX_LINE_BYTES)
            size += len(part)
        if size >= _BLOCK:
            count_bytes(size)
            size = 0
        yield line
    count_bytes(size)


class _DuplicateKey(Exception):
    """A mapping has two equal keys."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _DuplicateKey(next(name for name, count in counts.items() if count > 1))
    return fields


#: Numbers are read as text: a long one is not a fault of the syntax.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=str, parse_float=str)


def parse_line(text: bytes, line: int) -> tuple[Any, TextFault | None]:
    """Return the value of a line, or None with what is wrong with its syntax."""
    try:
        return _DECODER.decode(text.rstrip().decode()), None
    except UnicodeDecodeError as error:
        column = len(text[: error.start].decode()) + 1
        message = f"the byte 0x{text[error.start]:02x} is not UTF-8"
        return None, TextFault(line, column, message)
    except json.JSONDecodeError as error:
        return None, TextFault(line, error.colno, json_message(error.msg))
    except RecursionError:
        return None, TextFault(line, None, json_message("recursion limit"))
    except _DuplicateKey as error:
        message = f"duplicate key {printable(str(error)[:80])!r}"
        return None, TextFault(line, None, message, "Keep one of the two.")


def json_message(message: str) -> str:
    """Return our message for one of a JSON parser."""
    return next((ours for theirs, ours in _MESSAGES.items() if theirs in message), "not JSON")


def _other(text: bytes, line: int) -> TextFault | None:
    """Return what is wrong with a line that does not begin as a record does.

    None for the record of a data set, which `dataset_lines` reads.
    """
    value, fault = parse_line(text, line)
    if fault:
        return fault._replace(hint=fault.hint or _HINT)
    if not isinstance(value, dict) or len(value) != 1:
        return TextFault(line, 1, "the line is not a mapping with one key", _HINT)
    ((key, record),) = value.items()
    if key == "dataset":
        if isinstance(record, str | dict):
            return None
        return TextFault(line, None, "the data set is neither an id nor a mapping of fields")
    hint = did_you_mean(key, MODELS) or _HINT
    return TextFault(line, None, f"unknown kind of record '{shorten(key)}'", hint, key)


def dataset_lines(file: DataFile) -> Iterator[RawRecord]:
    """Yield the records of data sets in a file, and nothing else of it. Raises `OSError`."""
    with BufferedReader(FileIO(file.path), _BLOCK) as stream:
        for number, line in enumerate(_lines(stream, lambda size: None), 1):
            if line.startswith(_CLAIM) or b'"dataset"' not in line or len(line) > MAX_LINE_BYTES:
                continue
            value, fault = parse_line(line.removeprefix(UTF8_MARK), number)
            if fault is None and isinstance(value, dict) and [*value] == ["dataset"]:
                record = value["dataset"]
                record = {"id": record} if isinstance(record, str) else record
                if isinstance(record, dict):
                    data = json.dumps(record, ensure_ascii=False).encode()
                    yield RawRecord(file, "dataset", 1, number, data, line)
