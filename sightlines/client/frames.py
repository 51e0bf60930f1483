"""Tables for pandas, polars and pyarrow, typed as `graph.tables` says.

pandas and polars read the CSV, which every server writes. The types are those of the contract and
never guessed: an id that looks like a number stays text, and a country called NA stays there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graph.tables import Column, Kind
from sightlines.client.errors import MissingExtra

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]

#: Nullable, so that a column has one type whether or not a cell is empty.
_PANDAS: dict[Kind, str] = {
    "text": "str",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
}


def _kinds(table: bytes, columns: Sequence[Column]) -> dict[str, Kind]:
    """The columns of a file in their order; one that is newer than this client is text."""
    heading = next(csv.reader(io.TextIOWrapper(io.BytesIO(table), encoding="utf-8", newline="")))
    types = {column.name: column.type for column in columns}
    return {name: types.get(name, "text") for name in heading}


def pandas_frame(table: bytes, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a CSV as a frame: days are timestamps, what is not known is missing."""
    kinds = _kinds(table, columns)
    return _pandas().read_csv(
        io.BytesIO(table),
        dtype={name: _PANDAS[kind] for name, kind in kinds.items() if kind in _PANDAS},
        parse_dates=[name for name, kind in kinds.items() if kind == "day"],
        date_format="%Y-%m-%d",
        keep_default_na=False,
        na_values=[""],
    )


def polars_frame(table: bytes, columns: Sequence[Column]) -> pl.DataFrame:
    """Return a CSV as a frame: days are dates, what is not known is null."""
    polars = _polars()
    types = {
        "text": polars.String,
        "integer": polars.Int64,
        "number": polars.Float64,
        "boolean": polars.Boolean,
        "day": polars.Date,
    }
    schema = {name: types[kind] for name, kind in _kinds(table, columns).items()}
    frame: pl.DataFrame = polars.read_csv(table, schema=schema)
    return frame


def arrow_table(file: bytes) -> pa.Table:
    """Return an Arrow file as a table."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtra("pyarrow", "tables") from error
    return pa.ipc.open_file(file).read_all()


def pandas_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Return rows of a statement as a frame; its types are what the values are."""
    return _pandas().DataFrame(rows, columns=list(columns))


def polars_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Return rows of a statement as a frame; its types are what the values are."""
    frame: pl.DataFrame = _polars().DataFrame(
        rows, schema=list(columns), orient="row", infer_schema_length=None, strict=False
    )
    return frame


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise MissingExtra("pandas", "pandas") from error
    return pandas


def _polars() -> Any:
    try:
        import polars
    except ImportError as error:
        raise MissingExtra("polars", "polars") from error
    return polars
