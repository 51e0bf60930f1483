"""The parameters that all lists share, and those that all files of rows share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypeAliasType

#: Rows that a file has at most; what is larger is ready-made (api.md, section 5).
LONGEST_FILE = 200_000


def vocabulary(name: str, values: Iterable[str]) -> Any:
    """Return a closed vocabulary as a type: a named schema, whose misspellings are told."""
    return TypeAliasType(name, Literal[tuple(values)])


def either_way(keys: Iterable[str]) -> list[str]:
    """Return each key of an order, upwards and downwards."""
    return [sign + key for key in keys for sign in ("", "-")]


def shown_fields(model: type[BaseModel]) -> list[str]:
    """Return the names that the fields of a record have in an answer."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _split(value: object) -> object:
    """Take `a,b` for what `a` and `b` given one by one would be."""
    if not isinstance(value, list):
        return value
    return [part for item in value for part in str(item).split(",")]


#: For lists of words that may stand in one value, joined by commas.
Commas = BeforeValidator(_split)

Limit = Annotated[int, Field(ge=0, le=500, description="0 gives the totals only.")]
CursorText = Annotated[str, Field(max_length=2_000, description="From `next`; opaque.")]
SORT = "Keys, the first one foremost; `-` turns one around. A day that is not known is the latest."
FIELDS = "Only these fields of each record."
INCLUDE = "Records that these name, under `included`: 1,000 at most, and a notice beyond."
FACET = "Count the values of these; each count leaves out the filter of the same name."


class Part(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = 50
    cursor: CursorText | None = None


class Complete(BaseModel):
    """How much of a file: all of it, unless less is asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: int | None = Field(
        None, ge=1, le=LONGEST_FILE, description="None: all rows, and a problem if too many."
    )


class Excel(BaseModel):
    """What a table for a spreadsheet may be."""

    model_config = ConfigDict(extra="forbid")

    excel: bool = Field(False, description="Add a BOM and disarm cells that start with = + - @.")
