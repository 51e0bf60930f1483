"""Lists that fetch themselves part by part, and tables that are fetched whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from sightlines.client import frames, html
from sightlines.client.errors import warn_left_out
from sightlines.client.objects import JsonObject, Meta, Page
from sightlines.client.transport import Query, Sender, Value, encode

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]

#: Records in each part after the first, where there is no `limit`: the most that there may be.
_PART = 500
#: What asks for a part of a list and of its records: a file is whole.
_OF_PARTS = {"limit", "cursor", "fields", "facet", "include"}


class Records:
    """A list that is fetched when it is looked at, and whose parts follow as they are needed.

    All parts are of one snapshot: after a load, going on raises `Outdated`. `limit` is the size of
    a part and bounds nothing; `first()` and `itertools.islice` do.
    """

    def __init__(
        self, sender: Sender, path: str, query: Query, columns: Sequence[str] = ("id", "label")
    ) -> None:
        if any(name == "fields" for name, _ in query):
            raise ValueError("Records come whole; to_pandas(fields=…) takes some columns only.")
        self._sender = sender
        self._path = path
        self._query = query
        self._columns = columns

    @cached_property
    def answer(self) -> Page:
        """The first part as the API gave it: with `meta`, and with what else such a list has."""
        return self._sender.read(Page, self._path, self._query)

    @property
    def total(self) -> int:
        """How many records there are in all."""
        return self.answer.total

    @property
    def meta(self) -> Meta:
        """What the first part is a function of, with its notices."""
        return self.answer.meta

    def first(self) -> JsonObject | None:
        """Return the first record, None if there is none."""
        return next(iter(self.answer.results), None)

    def parts(self) -> Iterator[Page]:
        """Yield the answers that the list comes in, one after the other."""
        part = self.answer
        yield part
        while part.next is not None:
            part = self._sender.read(Page, self._path, self._following(part.next))
            yield part

    def _following(self, address: str) -> Query:
        """What asks for the next part. Only the question is taken from its address.

        A server behind a proxy may know itself by another name, to which no key may go.
        """
        query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
        if any(name == "limit" for name, _ in query):
            return query
        return [*query, ("limit", str(_PART))]

    def __iter__(self) -> Iterator[JsonObject]:
        """Yield every record. Warns with `LeftOut` where the API holds more than it gives."""
        count = 0
        for part in self.parts():
            count += len(part.results)
            yield from part.results
        warn_left_out(self.meta.notices, count < self.total)

    def __len__(self) -> int:
        return self.total

    def __repr__(self) -> str:
        if "answer" not in self.__dict__:
            return f"<List {self._path}: not fetched yet>"
        return f"<List {self._path}: {self.total:,} in all>"

    def _repr_html_(self) -> str:
        rows = [[_cell(item, name) for name in self._columns] for item in self.answer.results]
        return html.table(self._columns, rows, self.total) + html.remarks(self.meta)


def _cell(item: Any, name: str) -> Any:
    """A fact of a record; of another record, how that is called."""
    value = getattr(item, name)
    if isinstance(value, list):
        return ", ".join(str(getattr(one, "label", one)) for one in value)
    return getattr(value, "label", value)


class Tabular:
    """What can be taken away whole, as a table."""

    def _file(self, suffix: str, params: Mapping[str, Value]) -> bytes:
        """Fetch the table in a format. Raises a problem where the server does not write it."""
        raise NotImplementedError

    def to_pandas(self, **params: Value) -> pd.DataFrame:
        """Return all rows as a frame. `fields`, `sort` and `limit` are those of files."""
        return frames.pandas_frame(self._file("csv", params))

    def to_polars(self, **params: Value) -> pl.DataFrame:
        """Return all rows as a frame. `fields`, `sort` and `limit` are those of files."""
        return frames.polars_frame(self._file("csv", params))

    def to_arrow(self, **params: Value) -> pa.Table:
        """Return all rows as an Arrow table; the server, too, needs pyarrow."""
        import pyarrow as pa

        return pa.ipc.open_file(self._file("arrow", params)).read_all()

    def save(self, path: str | Path, **params: Value) -> Path:
        """Write all rows to a file; its suffix says how: csv, jsonl, parquet, arrow, xlsx."""
        target = Path(path)
        target.write_bytes(self._file(target.suffix.removeprefix("."), params))
        return target


class Table(Tabular, Records):
    """A list that can be taken away whole.

    Once the list was looked at, its table is of the same snapshot, or `Outdated` is raised.
    """

    def _file(self, suffix: str, params: Mapping[str, Value]) -> bytes:
        if "answer" in self.__dict__ and self.meta.snapshot:
            params = {"snapshot": self.meta.snapshot.id, **params}
        query = [(n, v) for n, v in self._query if n not in _OF_PARTS and n not in params]
        return self._sender.get(f"{self._path}.{suffix}", [*query, *encode(params)]).content


class Export(Tabular):
    """A whole table of the graph, ready-made."""

    def __init__(self, sender: Sender, path: str) -> None:
        self._sender = sender
        self._path = path

    def _file(self, suffix: str, params: Mapping[str, Value]) -> bytes:
        return self._sender.get(f"{self._path}.{suffix}", encode(params)).content

    def __repr__(self) -> str:
        return f"<Table {self._path}: to_pandas(), to_polars(), to_arrow() or save(path)>"
