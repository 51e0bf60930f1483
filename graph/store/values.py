"""Values that a statement returns, as plain JSON: see api.md, section 8."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

#: Whole numbers beyond this lose digits in most readers of JSON, and are written as text.
SAFE = 2**53


def plain(value: Any, ids: Mapping[str, str | None] | None = None) -> Any:
    """Return a value as JSON takes it. Nodes and edges keep their properties, no internal id.

    `ids` are the ids of records by internal ids: an edge that comes without its ends takes theirs
    from it.
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


def edge_ends(edge: Relationship, ids: Mapping[str, str | None]) -> list[str | None]:
    """Return the ids of the records that an edge leads from and to."""
    found = []
    for node in edge.nodes:
        own = node.get("id") if node is not None else None
        found.append(own or (ids.get(node.element_id) if node is not None else None))
    return found


def steps(path: Path) -> list[Node | Relationship]:
    """Return a path as node, edge, node and so on; each edge says which way it leads."""
    found: list[Node | Relationship] = [path.nodes[0]]
    for edge, node in zip(path.relationships, path.nodes[1:], strict=True):
        found += [edge, node]
    return found
