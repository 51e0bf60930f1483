"""Rows of lists and graphs, one after the other, whatever the format of the file.

A row is a mapping of texts, lists and mappings. Memory holds one row at a time, but for the texts
that an Excel file shares between its cells.
"""

from __future__ import annotations

import codecs
import csv
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any, NamedTuple, TextIO
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile

import ijson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from graph.errors import InputError
from graph.exchange.mapping import SUFFIXES, Format, Table

#: The mark with which DOS ends a text file.
_END_OF_FILE = "\x1a"
_DELIMITERS = {"csv": ",", "tsv": "\t"}


class Row(NamedTuple):
    """A row. `number` counts from 1 as a reader of the file counts: a line with names is row 1.

    `fault` says what is wrong with a row that cannot be read; it has no values then.
    """

    number: int
    values: Mapping[str, Any]
    fault: str = ""


class Cell(NamedTuple):
    """A single value of a row: the keys that lead to it, joined with dots, and its text."""

    path: str
    text: str


def format_of(path: PurePath, table: Table) -> Format:
    """Return the format of the file of a table. Raises `InputError` if it has none of ours."""
    found = table.format or SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise InputError(
            f"{path.name}: the name says no format. The mapping's `format` may: "
            f"{', '.join(dict.fromkeys(SUFFIXES.values()))}."
        )
    return found


def read_rows(path: Path, table: Table) -> Iterator[Row]:
    """Yield the rows of a table. Raises `InputError` if the file cannot be read at all."""
    kind = format_of(path, table)
    try:
        match kind:
            case "csv" | "tsv":
                yield from _read_csv(path, table, table.delimiter or _DELIMITERS[kind])
            case "xlsx":
                yield from _read_xlsx(path, table)
            case "json":
                yield from _read_json(path, table)
            case "jsonl":
                yield from _read_jsonl(path)
            case "xml":
                yield from _read_xml(path, table)
            case "graphml":
                yield from _read_graphml(path, table)
    except LookupError as error:
        raise InputError(f"{path.name}: there is no encoding {table.encoding!r}.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error


def header(path: Path, table: Table) -> Sequence[str]:
    """Return the names of the columns that stand in the first row of a file; none without one."""
    if table.columns or format_of(path, table) not in ("csv", "tsv", "xlsx"):
        return ()
    row = next(_cells(path, table), None)
    if row is not None and any(map(_escaped, row)):
        raise InputError(
            f"{path.name}: the names of the columns are not {table.encoding}. The mapping's "
            "`encoding` says what they are."
        )
    return [name.strip() for name in row or ()]


def cells(values: Any, path: str = "") -> Iterator[Cell]:
    """Yield the single values of a row, in its order, without those that are empty."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from cells(value, f"{path}.{key}" if path else str(key))
    elif isinstance(values, list):
        for number, value in enumerate(values):
            yield from cells(value, f"{path}.{number}")
    elif values:
        yield Cell(path, values)


def normal(text: str) -> str:
    """Return a text in the normal form of `graph.text`, as one line."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def _cells(path: Path, table: Table) -> Iterator[list[str]]:
    """Yield the cells of each row of a table of cells, the line with the names among them."""
    if format_of(path, table) == "xlsx":
        yield from _sheet(path, table)
        return
    delimiter = table.delimiter or _DELIMITERS[format_of(path, table)]
    with _open(path, table) as file:
        yield from csv.reader(file, delimiter=delimiter)


def _open(path: Path, table: Table) -> TextIO:
    """Open a text. Its byte order mark says the encoding where it has one, as Excel writes it."""
    with path.open("rb") as file:
        beginning = file.read(3)
    marks = {
        codecs.BOM_UTF8: "utf-8-sig",
        codecs.BOM_UTF16_LE: "utf-16",
        codecs.BOM_UTF16_BE: "utf-16",
    }
    encoding = next((e for mark, e in marks.items() if beginning.startswith(mark)), table.encoding)
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _read_csv(path: Path, table: Table, delimiter: str) -> Iterator[Row]:
    with _open(path, table) as file:
        reader = csv.reader(file, delimiter=delimiter)
        yield from _named(_lines(reader), table)


def _lines(reader: Iterator[list[str]]) -> Iterator[list[str] | str]:
    """Yield the rows of a reader of CSV, or what is wrong with one."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"the row cannot be read as CSV: {error}"


def _named(rows: Iterable[Sequence[str] | str], table: Table) -> Iterator[Row]:
    """Yield rows by the names of their columns, from the first row where the table has none."""
    columns = list(table.columns)
    for number, row in enumerate(rows, 1):
        if isinstance(row, str):
            yield Row(number, {}, row)
            continue
        if not any(cell.strip(_END_OF_FILE + " \t") for cell in row):
            continue
        if not columns:
            columns = [name.strip() or f"column {place}" for place, name in enumerate(row, 1)]
            if len(set(columns)) < len(columns):
                twice = next(name for name in columns if columns.count(name) > 1)
                raise InputError(f"Two columns have the name {twice!r}: name all in `columns`.")
        elif len(row) != len(columns):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            text = f"the row has {cells}, and there are {len(columns)} columns"
            if lines := max((cell.count("\n") for cell in row), default=0):
                text += f"; one goes over {lines + 1} lines: a quotation mark may be left open"
            yield Row(number, {}, text)
        elif undecoded := next(
            (cell for cell in row if not cell.isprintable() and _escaped(cell)), ""
        ):
            byte = ord(next(filter(_escaped, undecoded))) - 0xDC00
            yield Row(number, {}, f"the byte 0x{byte:02x} is not {table.encoding}")
        else:
            yield Row(number, dict(zip(columns, row, strict=True)))


def _escaped(text: str) -> bool:
    """Whether a text has a byte that could not be decoded."""
    return any("\udc80" <= char <= "\udcff" for char in text)


def _read_xlsx(path: Path, table: Table) -> Iterator[Row]:
    yield from _named(_sheet(path, table), table)


def _sheet(path: Path, table: Table) -> Iterator[list[str]]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read as Excel: {error}.") from error
    with closing(workbook):
        if table.records and table.records not in workbook.sheetnames:
            names = ", ".join(workbook.sheetnames)
            raise InputError(f"{path.name} has no sheet {table.records!r}. It has {names}.")
        sheet = workbook[table.records or workbook.sheetnames[0]]
        width = 0
        for row in sheet.iter_rows(values_only=True):
            texts = [_text(value) for value in row]
            # Cells that were formatted and never filled widen the sheet.
            if not width:
                while texts and not texts[-1]:
                    texts.pop()
                width = len(texts)
            yield texts[:width] if not any(texts[width:]) else texts


def _text(value: Any) -> str:
    """Return a value of a file as text."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def _plain(value: Any) -> Any:
    """Return a value of JSON as texts, lists and mappings."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _text(value)


def _read_json(path: Path, table: Table) -> Iterator[Row]:
    prefix = ".".join(filter(None, (table.records, "item")))
    number = 0
    with path.open("rb") as file:
        try:
            for number, value in enumerate(ijson.items(file, prefix), 1):
                yield _object(number, value)
        except ijson.JSONError as error:
            words = " ".join(str(error).split())[:120]
            yield Row(number + 1, {}, f"the file cannot be read as JSON from here: {words}")


def _object(number: int, value: Any) -> Row:
    if isinstance(value, Mapping):
        return Row(number, _plain(value))
    return Row(number, {}, "the row is not a mapping")


def _read_jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield _object(number, json.loads(line, parse_constant=_refuse_constant))
                except (ValueError, RecursionError) as error:
                    yield Row(number, {}, f"the line is not JSON: {error}")


def _refuse_constant(name: str) -> None:
    """Raise `ValueError`: Python reads NaN and Infinity, which are no JSON."""
    raise ValueError(f"{name} is no value of it")


def _read_xml(path: Path, table: Table) -> Iterator[Row]:
    for number, item in enumerate(_elements(path, tuple(table.records.split("."))), 1):
        yield item if isinstance(item, Row) else Row(number, _element(item))


def _elements(path: Path, *wanted: tuple[str, ...]) -> Iterator[Element | Row]:
    """Yield the elements at some paths below the root, whole; the rest is not kept.

    A last row says what is wrong where the file cannot be read on.
    """
    stack: list[Element] = []
    tags: list[str] = []
    number = 1
    with path.open("rb") as file:
        try:
            for event, element in iterparse(file, events=("start", "end")):
                if event == "start":
                    stack.append(element)
                    tags.append(_local(element.tag))
                    continue
                here = tuple(tags[1:])
                stack.pop()
                tags.pop()
                if here in wanted:
                    number += 1
                    yield element
                if stack and not any(here[: len(w)] == w and len(here) > len(w) for w in wanted):
                    stack[-1].remove(element)
        except ParseError as error:
            yield Row(number, {}, f"the file cannot be read as XML from here: {error!s:.120}")
        except DefusedXmlException:
            yield Row(number, {}, "the file declares entities of XML, which are not read")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _element(element: Element) -> Any:
    """Return an element: its text, or a mapping of its attributes and of what is in it."""
    fields: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.items()}
    for child in element:
        name, value = _local(child.tag), _element(child)
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    text = (element.text or "").strip()
    if not fields:
        return text
    return {**fields, "text": text} if text else fields


def _read_graphml(path: Path, table: Table) -> Iterator[Row]:
    """Yield the nodes or the edges of a graph, with the names of their data in place of keys."""
    names: dict[str, str] = {}
    number = 0
    rows = ("graph", table.records)
    for item in _elements(path, ("key",), rows):
        if isinstance(item, Row):
            yield item._replace(number=number + 1)
        elif _local(item.tag) == "key":
            names[item.get("id", "")] = item.get("attr.name", item.get("id", ""))
        else:
            number += 1
            values = dict(item.items())
            for data in item:
                if _local(data.tag) == "data":
                    key = data.get("key", "")
                    values[names.get(key, key)] = "".join(data.itertext()).strip()
            yield Row(number, values)
