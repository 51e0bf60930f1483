"""The result of a user's own statement: its rows, and the records of the graph in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from neo4j.graph import Node, Path, Relationship

from graph.cypher.evidence import RecordIds
from graph.model import TieKey
from graph.store.values import plain, typed

#: Claim ids, which may also be in a row as strings.
_CLAIM_ID = re.compile(r"[0-9a-f]{32}")
#: Ids of records: slugs, and those of claims.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
#: The properties with the name of an entity, a source, a claim.
NAMES = ("name", "title", "summary")


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification of the server about a statement: an unknown label, an expensive plan."""

    code: str
    severity: str
    classification: str
    description: str
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """An operator of a plan and those that feed it; `rows` and `db_hits` are counted by PROFILE."""

    operator: str
    details: str
    estimated_rows: float | None
    rows: int | None
    db_hits: int | None
    children: list[Plan]


class EndNode(NamedTuple):
    """A node at the end of an edge, with as much as a drawing needs."""

    id: str | None
    labels: list[str]
    name: str | None


@dataclass(frozen=True)
class CypherResult:
    """The rows of a statement, and what was left out.

    `truncated` names the limit that cut off rows, None if all are here. `end_nodes` are the nodes
    at the ends of edges that are not in the rows themselves, by the server's internal ids. `plan`
    is there if the statement asked for it.
    """

    columns: list[str]
    rows: list[list[Any]]
    truncated: Literal["rows", "bytes"] | None = None
    notifications: list[Notification] = field(default_factory=list)
    end_nodes: Mapping[str, EndNode] = field(default_factory=dict)
    plan: Plan | None = None

    @cached_property
    def ids(self) -> dict[str, str | None]:
        """The ids of the records in the rows and at the ends of their edges, by internal ids."""
        nodes = (part for part in self._parts() if isinstance(part, Node))
        ids: dict[str, str | None] = {node.element_id: node.get("id") for node in nodes}
        return ids | {internal: node.id for internal, node in self.end_nodes.items()}

    def _parts(self) -> Iterator[Any]:
        return (part for row in self.rows for value in row for part in parts(value))

    def texts(self) -> set[str]:
        """The texts in the rows that may be ids of records."""
        texts = {part for part in self._parts() if isinstance(part, str)}
        return {text for text in texts if _ID.fullmatch(text)}

    def plain_rows(self) -> list[list[Any]]:
        """The rows as JSON."""
        return [[plain(value, self.ids) for value in row] for row in self.rows]

    def typed_rows(self) -> list[list[Any]]:
        """The rows as JSON, each value with the name of its type."""
        return [[typed(value, self.ids) for value in row] for row in self.rows]

    def records(self) -> RecordIds:
        """The ids of the ties, claims, sources and entities in the rows."""
        records = RecordIds()
        for row in self.rows:
            for column, value in zip(self.columns, row, strict=True):
                for part in parts(value):
                    if self._add_record(part, records):
                        records.columns.add(column)
        return records

    def _add_record(self, part: Any, records: RecordIds) -> bool:
        """Add the record that a value names; return whether it carries evidence."""
        match part:
            case str() if _CLAIM_ID.fullmatch(part):
                records.claims.add(part)
            case Node() if "Claim" in part.labels:
                records.claims.add(str(part.get("id")))
            case Node() if "Source" in part.labels:
                records.sources.add(str(part.get("id")))
            case Node() if "Entity" in part.labels:
                records.entities.add(str(part.get("id")))
                return False
            case Relationship():
                return self._add_edge(part, records)
            case _:
                return False
        return True

    def _add_edge(self, edge: Relationship, records: RecordIds) -> bool:
        start, end = (str(self.ids.get(i)) for i in ends(edge))
        if "claim_ids" in edge:
            records.ties.add(TieKey(start, edge.type, end))
        elif _CLAIM_ID.fullmatch(start):
            records.claims.add(start)
        else:
            return False
        return True

    def graph(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The nodes and edges in the rows, as node-link JSON.

        A node that is only the end of an edge has no properties. Edges with the same ends and type
        have different keys.
        """
        nodes = {n.element_id: _node(n) for n in self._parts() if isinstance(n, Node)}
        edges = {e.element_id: e for e in self._parts() if isinstance(e, Relationship)}
        for internal, node in self.end_nodes.items():
            nodes[internal] = {**node._asdict(), "properties": {}}
        return list(nodes.values()), list(self._edges(edges.values()))

    def _edges(self, edges: Iterable[Relationship]) -> Iterator[dict[str, Any]]:
        counts: dict[tuple[Any, ...], int] = {}
        for edge in edges:
            value = plain(edge, self.ids)
            same = (value["from"], value["to"], value["type"])
            counts[same] = counts.get(same, 0) + 1
            key = value["type"] if counts[same] == 1 else f"{value['type']}-{counts[same]}"
            yield {
                "source": value["from"],
                "target": value["to"],
                "key": key,
                "type": value["type"],
                "properties": value["properties"],
            }


def parts(value: Any) -> Iterator[Any]:
    """Yield a value, or all values in it: the items of lists and maps, the steps of paths."""
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
    """Return the internal ids of an edge's ends; the driver has no more of them."""
    start, end = edge.nodes
    assert start is not None and end is not None
    return start.element_id, end.element_id


def missing_ends(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return the internal ids of the nodes that edges in the rows lead to and the rows lack.

    A path comes with its nodes; an edge alone has only the internal ids of its ends.
    """
    all_parts = [part for row in rows for value in row for part in parts(value)]
    nodes = {part.element_id for part in all_parts if isinstance(part, Node)}
    edge_ends = [end for part in all_parts if isinstance(part, Relationship) for end in ends(part)]
    return [end for end in dict.fromkeys(edge_ends) if end not in nodes]


def _node(node: Node) -> dict[str, Any]:
    value: dict[str, Any] = plain(node)
    names = (value["properties"].get(key) for key in NAMES)
    return {**value, "name": next((name for name in names if name), value["id"])}
