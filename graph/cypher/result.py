"""What a person's own statement gave: its rows, and the records of the graph that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from neo4j.graph import Node, Path, Relationship

from graph.cypher.evidence import Cited
from graph.model import TieKey
from graph.store.typed import typed
from graph.store.values import plain

#: The ids of claims, which may stand in a row as texts.
_CLAIM_ID = re.compile(r"[0-9a-f]{32}")
#: What records are called: entities, sources, claims.
NAMES = ("name", "title", "summary")


@dataclass(frozen=True, slots=True)
class Notification:
    """What the server remarks on a statement: a label that does not exist, a costly plan."""

    code: str
    severity: str
    classification: str
    description: str
    line: int | None
    column: int | None


class Other(NamedTuple):
    """A record that an edge names: as much of it as a picture needs."""

    id: str | None
    labels: list[str]
    name: str | None


@dataclass(frozen=True)
class Answer:
    """The rows of a statement, and what was left out.

    `truncated` says which bound cut the rows off, None if all are there. `others` are the records
    that edges start or end at and that the rows lack, by the server's internal ids.
    """

    columns: list[str]
    rows: list[list[Any]]
    truncated: Literal["rows", "bytes"] | None = None
    notifications: list[Notification] = field(default_factory=list)
    others: Mapping[str, Other] = field(default_factory=dict)

    @cached_property
    def ids(self) -> dict[str, str | None]:
        """The ids of the records that are in the rows or at the ends of their edges."""
        nodes = (part for part in self._parts() if isinstance(part, Node))
        known: dict[str, str | None] = {node.element_id: node.get("id") for node in nodes}
        return known | {internal: other.id for internal, other in self.others.items()}

    def _parts(self) -> Iterator[Any]:
        return (part for row in self.rows for value in row for part in parts(value))

    def plain_rows(self) -> list[list[Any]]:
        """The rows as JSON takes them."""
        return [[plain(value, self.ids) for value in row] for row in self.rows]

    def typed_rows(self) -> list[list[Any]]:
        """The rows as JSON takes them, each value with the name of its type."""
        return [[typed(value, self.ids) for value in row] for row in self.rows]

    def cited(self) -> Cited:
        """The ties, claims, sources and entities that the rows hold."""
        found = Cited()
        for row in self.rows:
            for column, value in zip(self.columns, row, strict=True):
                for part in parts(value):
                    if self._cite(part, found):
                        found.columns.add(column)
        return found

    def _cite(self, part: Any, found: Cited) -> bool:
        """Note what one value names; whether it carries evidence."""
        match part:
            case str() if _CLAIM_ID.fullmatch(part):
                found.claims.add(part)
            case Node() if "Claim" in part.labels:
                found.claims.add(str(part.get("id")))
            case Node() if "Source" in part.labels:
                found.sources.add(str(part.get("id")))
            case Node() if "Entity" in part.labels:
                found.entities.add(str(part.get("id")))
                return False
            case Relationship():
                return self._cite_edge(part, found)
            case _:
                return False
        return True

    def _cite_edge(self, edge: Relationship, found: Cited) -> bool:
        start, end = (str(self.ids.get(i)) for i in ends(edge))
        if "claim_ids" in edge:
            found.ties.add(TieKey(start, edge.type, end))
        elif _CLAIM_ID.fullmatch(start):
            found.claims.add(start)
        else:
            return False
        return True

    def graph(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The nodes and the edges that the rows hold, as node-link JSON takes them.

        A node that only an edge names has its id and nothing else. Edges with the same ends and
        type have different keys.
        """
        nodes = {n.element_id: _node(n) for n in self._parts() if isinstance(n, Node)}
        edges = {e.element_id: e for e in self._parts() if isinstance(e, Relationship)}
        for internal, other in self.others.items():
            nodes[internal] = {**other._asdict(), "properties": {}}
        return list(nodes.values()), list(self._edges(edges.values()))

    def _edges(self, edges: Any) -> Iterator[dict[str, Any]]:
        seen: dict[tuple[Any, ...], int] = {}
        for edge in edges:
            value = plain(edge, self.ids)
            place = (value["from"], value["to"], value["type"])
            seen[place] = seen.get(place, 0) + 1
            key = value["type"] if seen[place] == 1 else f"{value['type']}-{seen[place]}"
            yield {
                "source": value["from"],
                "target": value["to"],
                "key": key,
                "type": value["type"],
                "properties": value["properties"],
            }


def parts(value: Any) -> Iterator[Any]:
    """Yield a value and all that is in it: the items of lists and maps, the steps of paths."""
    match value:
        case Path():
            yield from value.nodes
            yield from value.relationships
        case list() | tuple():
            for item in value:
                yield from parts(item)
        case dict():
            for item in value.values():
                yield from parts(item)
        case _:
            yield value


def ends(edge: Relationship) -> tuple[str, str]:
    """The internal ids of an edge's ends; the driver knows no more of them."""
    start, end = edge.nodes
    assert start is not None and end is not None
    return start.element_id, end.element_id


def lacking(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The internal ids of the nodes that edges in the rows lead to and that the rows lack.

    Paths bring their nodes; an edge that stands alone has only the internal ids of its ends.
    """
    every = [part for row in rows for value in row for part in parts(value)]
    known = {part.element_id for part in every if isinstance(part, Node)}
    named = [end for part in every if isinstance(part, Relationship) for end in ends(part)]
    return [end for end in dict.fromkeys(named) if end not in known]


def _node(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = plain(node)
    properties = found["properties"]
    names = (properties.get(key) for key in NAMES)
    return {**found, "name": next((name for name in names if name), found["id"])}
