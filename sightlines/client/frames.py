"""Tables for pandas and polars.

Both read the CSV, which every server writes. The types are never guessed: an id that looks like a
number stays text, and a country called NA stays there.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl

#: The columns of all tables that are not text; a column has one type in every table.
_TYPES = {
    **dict.fromkeys(["claims", "denials", "independent", "position", "ties"], "integer"),
    **dict.fromkeys(["first", "last", "read_on", "recorded_on", "retracted_on"], "day"),
    **dict.fromkeys(["disputed", "intermediary", "live", "past", "plural", "symmetric"], "boolean"),
    **dict.fromkeys(["date_inferred", "speaker_inferred"], "boolean"),
    "quantity_number": "number",
}
#: Nullable, so that a column has one type whether or not a cell is empty.
_PANDAS = {"text": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def _column_types(table: bytes) -> dict[str, str]:
    """The columns of a CSV in their order, with their types."""
    heading = next(csv.reader(io.TextIOWrapper(io.BytesIO(table), encoding="utf-8", newline="")))
    return {name: _TYPES.get(name, "text") for name in heading}


def pandas_frame(table: bytes) -> pd.DataFrame:
    """Return a CSV as a frame: days are timestamps, what is not known is missing."""
    import pandas as pd

    types = _column_types(table)
    return pd.read_csv(
        io.BytesIO(table),
        dtype={name: _PANDAS[kind] for name, kind in types.items() if kind in _PANDAS},
        parse_dates=[name for name, kind in types.items() if kind == "day"],
        date_format="%Y-%m-%d",
        keep_default_na=False,
        na_values=[""],
    )


def polars_frame(table: bytes) -> pl.DataFrame:
    """Return a CSV as a frame: days are dates, what is not known is null."""
    import polars as pl

    types = {
        "text": pl.String,
        "integer": pl.Int64,
        "number": pl.Float64,
        "boolean": pl.Boolean,
        "day": pl.Date,
    }
    return pl.read_csv(
        table, schema={name: types[kind] for name, kind in _column_types(table).items()}
    )
