"""A file of JSON lines: each holds one record, under a key that says its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from graph.dataset.files import DataFile
from graph.dataset.json_line import read_line
from graph.dataset.node import Broken
from graph.dataset.raw import EMPTY, MODELS, UTF8_MARK, Named, Raw, Stray, Tell, encoding_stray
from graph.faults import did_you_mean, shorten

#: A record is a few hundred bytes. A longer line is none, and is passed over unread.
LONGEST_LINE = 1_000_000

#: Bytes that are read from the disk at once, and after which `tick` is told.
_BLOCK = 1 << 18
_HEAD = re.compile(rb'\s*\{\s*"([a-z]+)"\s*:\s*')
#: How a claim begins when a machine wrote it: no need to look at the line more closely.
_CLAIM = b'{"claim":'
_HINT = 'One record, one line: {"claim": {…}}, and so for ' + ", ".join(MODELS) + "."


def read_jsonl(
    file: DataFile, claims: bool, tell: Tell, named: Named, tick: Callable[[int], None]
) -> Iterator[Raw]:
    """Yield the claims of a file, or all its other records.

    `tick` is told from time to time how many bytes were read. Raises `OSError` if the file cannot
    be read.
    """
    if file.size == 0:
        tell(EMPTY)
    with file.path.open("rb", buffering=_BLOCK) as stream:
        lines = enumerate(_lines(stream, tell, tick), 1)
        yield from _claims(file, lines) if claims else _others(file, lines, tell, named)


def _claims(file: DataFile, lines: Iterable[tuple[int, bytes]]) -> Iterator[Raw]:
    count, start = 0, len(_CLAIM)
    for number, line in lines:
        if line.startswith(_CLAIM):
            count += 1
            yield Raw(file, "claim", count, number, _inner(line, start), line)
        else:
            kind, begin = _head(line)
            if kind == "claim":
                count += 1
                yield Raw(file, kind, count, number, _inner(line, begin), line)


def _others(
    file: DataFile, lines: Iterable[tuple[int, bytes]], tell: Tell, named: Named
) -> Iterator[Raw]:
    counts = dict.fromkeys(MODELS, 0)
    for number, line in lines:
        if line.startswith(_CLAIM):
            continue
        kind, start = _head(line)
        if kind in counts:
            counts[kind] += 1
            if kind != "claim":
                yield Raw(file, kind, counts[kind], number, _inner(line, start), line)
        elif line.strip():
            _no_record(line, number, tell, named)


def _lines(stream: BinaryIO, tell: Tell, tick: Callable[[int], None]) -> Iterator[bytes]:
    """Yield each line, and an empty one in place of what is too long or no UTF-8."""
    line = stream.readline(LONGEST_LINE + 1)
    if stray := encoding_stray(line):
        tell(stray)
        if not stray.warning:
            return
        line = line.removeprefix(UTF8_MARK)
    number = read = 0
    while line:
        number += 1
        read += len(line)
        if len(line) > LONGEST_LINE:
            message = f"the line has more than {LONGEST_LINE:,} bytes"
            tell(Stray(Broken(number, 1, message, _HINT)))
            read += _skip_line(stream, line)
            line = b""
        if read >= _BLOCK:
            tick(read)
            read = 0
        yield line
        line = stream.readline(LONGEST_LINE + 1)
    tick(read)


def _skip_line(stream: BinaryIO, part: bytes) -> int:
    """Read on to the end of a line without keeping it; return how many bytes that took."""
    skipped = 0
    while part and not part.endswith(b"\n"):
        part = stream.readline(LONGEST_LINE)
        skipped += len(part)
    return skipped


def _head(line: bytes) -> tuple[str, int]:
    """Return a line's kind, or nothing, and where its record begins."""
    found = _HEAD.match(line)
    return (found[1].decode(), found.end()) if found else ("", 0)


def _inner(line: bytes, start: int) -> bytes:
    """The record without its wrapper. If the wrapper is broken, so is what is left."""
    line = line.rstrip()
    return line[start:-1] if line.endswith(b"}") else b""


def _no_record(line: bytes, number: int, tell: Tell, named: Named) -> None:
    node, broken = read_line(line, number)
    for found in broken:
        tell(Stray(found._replace(hint=found.hint or _HINT)))
    if node is None:
        return
    entries = list(node.items())
    if len(entries) != 1:
        tell(Stray(Broken(number, node.column, "the line is no mapping with one key", _HINT)))
        return
    key, text, value = entries[0]
    if text == "dataset" and isinstance(value.content, str):
        named(value.content, value.line, value.column)
    else:
        hint = did_you_mean(text, MODELS) or _HINT
        tell(Stray(Broken(number, key.column, f"no kind is called '{shorten(text)}'", hint), text))
