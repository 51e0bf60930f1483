"""Values with the names of their types, for readers that have to tell them apart.

`{"$type": "Integer", "_value": "9007199254740993"}`: the envelope and the names are those of
Neo4j's own Query API, so that its clients read them; nodes and edges have our ids in the place of
internal ones.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

from graph.store.values import edge_ends, steps


def typed(value: Any, ids: Mapping[str, str | None] | None = None) -> dict[str, Any]:
    """Return a value in its envelope; `ids` as for `graph.store.values.plain`."""
    name, inner = _named(value, ids or {})
    return {"$type": name, "_value": inner}


def _named(value: Any, ids: Mapping[str, str | None]) -> tuple[str, Any]:
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
        case Date():
            return "Date", value.iso_format()
        case DateTime():
            return _moment(value), value.iso_format()
        case Time():
            return "Time" if value.tzinfo else "LocalTime", value.iso_format()
        case Duration():
            return "Duration", value.iso_format()
        case Point():
            place = " ".join(str(number) for number in value)
            return "Point", f"SRID={value.srid};POINT{' Z' * (len(value) == 3)} ({place})"
        case Node() | Relationship() | Path():
            return _of_graph(value, ids)
        case dict():
            return "Map", {str(k): typed(v, ids) for k, v in value.items()}
        case list() | tuple():
            return "List", [typed(v, ids) for v in value]
    return "Unsupported", str(value)


def _moment(value: DateTime) -> str:
    if value.tzinfo is None:
        return "LocalDateTime"
    # A named zone, such as Asia/Tehran, is more than its offset of that day.
    return "ZonedDateTime" if getattr(value.tzinfo, "zone", None) else "OffsetDateTime"


def _of_graph(
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
