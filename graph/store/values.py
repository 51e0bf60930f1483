"""Values of Cypher as JSON: plain ones, and ones that carry the names of their types.

The envelope of typed values, `{"$type": "Integer", "_value": "9007199254740993"}`, and its names
are those of Neo4j's own Query API, so that clients of that API can read them. Nodes and edges have
our ids instead of internal ones in both forms.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from neo4j import Record
from neo4j.exceptions import BrokenRecordError
from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time
from neo4j.vector import Vector

#: Whole numbers beyond this lose digits in most JSON parsers, and are written as strings.
SAFE = 2**53

#: The Gregorian calendar repeats itself after so many years, which have so many days.
_YEARS, _DAYS = 400, 146_097
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class DistantTime:
    """A day or a time outside the years 1 to 9999, which Python has no value for.

    `type` is its name in the envelope of typed values, `text` its form in ISO 8601.
    """

    type: str
    text: str


def plain(value: Any, ids: Mapping[str, str | None] | None = None) -> Any:
    """Return a value as JSON. Nodes and edges keep their properties, and lose their internal ids.

    `ids` maps internal ids to the ids of records: an edge that comes without its end nodes takes
    the ids of its ends from it.
    """
    match value:
        case bool() | None | str():
            return value
        case float():
            return value if isfinite(value) else str(value)
        case int():
            return value if -SAFE <= value <= SAFE else str(value)
        case DistantTime():
            return value.text
        case Date() | DateTime() | Time() | Duration():
            return value.iso_format()
        case Vector():
            return value.to_native()
        case Node():
            return {
                "id": value.get("id"),
                "labels": sorted(value.labels),
                "properties": plain(dict(value)),
            }
        case Relationship():
            start, end = edge_ends(value, ids or {})
            return {
                "from": start,
                "type": value.type,
                "to": end,
                "properties": plain(dict(value)),
            }
        case Path():
            return plain(steps(value), ids)
        case Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case bytes() | bytearray():
            return bytes(value).hex()
        case dict():
            return {str(k): plain(v, ids) for k, v in value.items()}
        case list() | tuple():
            return [plain(v, ids) for v in value]
        case _:
            return str(value)


def typed(value: Any, ids: Mapping[str, str | None] | None = None) -> dict[str, Any]:
    """Return a value in its envelope; `ids` as for `plain`."""
    name, inner = _type_and_value(value, ids or {})
    return {"$type": name, "_value": inner}


def _type_and_value(value: Any, ids: Mapping[str, str | None]) -> tuple[str, Any]:
    match value:
        case None:
            return "Null", None
        case bool():
            return "Boolean", value
        case int():
            return "Integer", str(value)
        case float():
            return "Float", str(value)
        case str():
            return "String", value
        case bytes() | bytearray():
            return "Base64", base64.b64encode(value).decode()
        case DistantTime():
            return value.type, value.text
        case Vector():
            return "Vector", value.to_native()
        case Date():
            return "Date", value.iso_format()
        case DateTime():
            return _datetime_type(value), value.iso_format()
        case Time():
            return "Time" if value.tzinfo else "LocalTime", value.iso_format()
        case Duration():
            return "Duration", value.iso_format()
        case Point():
            numbers = " ".join(map(str, value))
            return "Point", f"SRID={value.srid};POINT{' Z' * (len(value) == 3)} ({numbers})"
        case Node() | Relationship() | Path():
            return _graph_value(value, ids)
        case dict():
            return "Map", {str(k): typed(v, ids) for k, v in value.items()}
        case list() | tuple():
            return "List", [typed(v, ids) for v in value]
    return "Unsupported", str(value)


def _datetime_type(value: DateTime) -> str:
    if value.tzinfo is None:
        return "LocalDateTime"
    # A named zone such as Asia/Tehran says more than its offset on that day.
    return "ZonedDateTime" if getattr(value.tzinfo, "zone", None) else "OffsetDateTime"


def _graph_value(
    value: Node | Relationship | Path, ids: Mapping[str, str | None]
) -> tuple[str, dict[str, Any] | list[Any]]:
    if isinstance(value, Path):
        return "Path", [typed(step, ids) for step in steps(value)]
    properties = {k: typed(v) for k, v in value.items()}
    if isinstance(value, Node):
        labels = sorted(value.labels)
        return "Node", {"id": value.get("id"), "labels": labels, "properties": properties}
    start, end = edge_ends(value, ids)
    return "Relationship", {"from": start, "type": value.type, "to": end, "properties": properties}


def edge_ends(edge: Relationship, ids: Mapping[str, str | None]) -> list[str | None]:
    """Return the ids of the records that an edge leads from and to, None where unknown."""
    return [n if n is None else n.get("id") or ids.get(n.element_id) for n in edge.nodes]


def steps(path: Path) -> list[Node | Relationship]:
    """Return a path as node, edge, node and so on; each edge has its own direction."""
    items: list[Node | Relationship] = [path.nodes[0]]
    for edge, node in zip(path.relationships, path.nodes[1:], strict=True):
        items += [edge, node]
    return items


def record_values(record: Record) -> list[Any]:
    """Return the values of a record, with `DistantTime` where the driver has no value.

    Raises `BrokenRecordError` for what is not a day or a time and that the driver cannot read.
    """
    # A record raises for such values one by one; as a tuple it has them with their raw data.
    return [_whole(value) for value in tuple.__iter__(record)]


def _whole(value: Any) -> Any:
    """Return a value without the driver's placeholders for what it cannot hold."""
    if isinstance(value, Date | DateTime) and value.year == 0:
        return _year_0(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    raw = getattr(value, "raw_data", None)
    if raw is None:
        return value
    if isinstance(raw, list | dict):
        return _whole(raw)
    try:
        return _distant(raw.tag, raw.fields)
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise BrokenRecordError("Neo4j sent a value that cannot be read.") from error


def _year_0(value: Date | DateTime) -> DistantTime:
    """Return the last day of the year 0, which the driver takes for a day without a date."""
    kind = "Date" if isinstance(value, Date) else _datetime_type(value)
    return DistantTime(kind, value.iso_format().replace("0000-00-00", "0000-12-31"))


def _distant(tag: bytes, fields: list[Any]) -> DistantTime:
    """Return a day or a time as Bolt sends it.

    The fields are days since 1970, or seconds, nanoseconds and, with a zone, its offset or name.
    """
    if tag == b"D":
        return DistantTime("Date", _iso(fields[0] * _DAY, UTC).partition("T")[0])
    kind = {b"d": "LocalDateTime", b"I": "OffsetDateTime", b"i": "ZonedDateTime"}[tag]
    zone: tzinfo = UTC
    if tag == b"I":
        zone = timezone(timedelta(seconds=fields[2]))
    elif tag == b"i":
        zone = ZoneInfo(fields[2])
    text = _iso(fields[0], zone, nanoseconds=fields[1])
    return DistantTime(kind, text.removesuffix("+00:00") if tag == b"d" else text)


def _iso(seconds: int, zone: tzinfo, nanoseconds: int = 0) -> str:
    """Return a moment in ISO 8601; years beyond four digits have a sign, as Neo4j writes them."""
    cycles, rest = divmod(seconds, _DAYS * _DAY)
    moment = (
        datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=rest - 10_957 * _DAY)
    ).astimezone(zone)
    year = moment.year + _YEARS * cycles
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    fraction = f".{nanoseconds:09}" if nanoseconds else ""
    rest_of_date = moment.replace(year=2000 + year % _YEARS).isoformat()[4:19]
    return f"{sign}{abs(year):04}{rest_of_date}{fraction}{moment.isoformat()[-6:]}"
