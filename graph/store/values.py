"""Values of Cypher as JSON: plain ones, and ones that carry the names of their types.

The envelope of typed values, `{"$type": "Integer", "_value": "9007199254740993"}`, and its names
are those of Neo4j's own Query API, so that clients of that API can read them. Nodes and edges have
our ids instead of internal ones in both forms.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from math import isfinite
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

#: Whole numbers beyond this lose digits in most JSON parsers, and are written as strings.
SAFE = 2**53


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
        case Date() | DateTime() | Time() | Duration():
            return value.iso_format()
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
