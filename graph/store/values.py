"""Values that a statement returns, as plain JSON: see api.md, section 8."""

from __future__ import annotations

from math import isfinite
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

#: Whole numbers beyond this lose digits in most readers of JSON, and are written as text.
SAFE = 2**53


def plain(value: Any) -> Any:
    """Return a value as JSON takes it. Nodes and edges keep their properties, no internal id."""
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
            ends = (value.start_node, value.end_node)
            start, end = (node.get("id") if node is not None else None for node in ends)
            return {
                "from": start,
                "type": value.type,
                "to": end,
                "properties": plain(dict(value)),
            }
        case Path():
            steps: list[Any] = [value.nodes[0]]
            for edge, node in zip(value.relationships, value.nodes[1:], strict=True):
                steps += [edge, node]
            return plain(steps)
        case Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case bytes() | bytearray():
            return bytes(value).hex()
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case _:
            return str(value)
