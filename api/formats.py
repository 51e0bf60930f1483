"""Formats of files: their suffixes, their media types, and who writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from api import files
from api.errors import ProblemError


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: its suffix without the dot, and who writes it."""

    suffix: str
    media_type: str
    writer: type[files.Writer]
    extra: bool = False


CSV = Format("csv", "text/csv; charset=utf-8", files.CsvWriter)
JSONL = Format("jsonl", "application/jsonl", files.JsonlWriter)
FORMATS = (
    CSV,
    JSONL,
    Format("parquet", "application/vnd.apache.parquet", files.ParquetWriter, extra=True),
    Format("arrow", "application/vnd.apache.arrow.file", files.ArrowWriter, extra=True),
)
JSON = "application/json"


def written(suffix: str) -> Format:
    """Return the format of a suffix. Raises a problem where it is not written here."""
    found = next((one for one in FORMATS if one.suffix == suffix), None)
    if found is None or (found.extra and not _has_pyarrow()):
        raise not_acceptable(f".{suffix}", suffixes())
    return found


def suffixes() -> list[str]:
    """Return the suffixes of the formats that are written here."""
    return [f".{one.suffix}" for one in FORMATS if not one.extra or _has_pyarrow()]


@cache
def _has_pyarrow() -> bool:
    return find_spec("pyarrow") is not None


def not_acceptable(asked: str, offered: Sequence[str]) -> ProblemError:
    """Return the problem for a format that is not written; `offered` are those that are."""
    extra = "" if _has_pyarrow() else " Parquet and Arrow need the extra: sightlines[tables]."
    return ProblemError(
        406,
        "not_acceptable",
        "No such format",
        f"{asked[:100]} is not written here; there are {', '.join(offered)}.{extra}",
    )
