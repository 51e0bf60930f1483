"""How a store differs from what a load writes: each node and edge beside the rows of the records.

`staging` has the rows that there should be: those of the records in the store, or of files. Every
node and every edge of the database is looked at, so that what somebody else wrote is noticed too.
What the change log and older snapshots tell cannot be computed again; it is checked for its form,
and how many of each there are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, LiteralString, NamedTuple

from neo4j import Query
from pydantic_core import to_json

from graph.changes import change_row, read_change
from graph.ontology import claim_label
from graph.properties import properties
from graph.store.address import store_errors
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.mapping import with_hash
from graph.store.staging import KINDS, Staging
from graph.store.values import plain
from graph.store.write import DAMAGED

#: The kinds of record that are nodes, by their label.
_KINDS: Mapping[str, str] = {k.title(): k for k in ("dataset", "entity", "source", "claim")}
#: What the end of a load sets on a data set.
_OF_LOAD = ("path", "files_sha256", "loaded_at")
#: The longest text that a sentence quotes of a value.
_QUOTED = 120

#: All nodes; the edges that leave entities come one by one (`_EDGES`): hubs have very many.
_NODES: LiteralString = """MATCH (n)
RETURN elementId(n) AS element, labels(n) AS labels, properties(n) AS properties,
  CASE WHEN n:Entity THEN [] ELSE COLLECT {
    MATCH (n)-[r]->(x) RETURN [elementId(r), type(r), properties(r), labels(x), x.id]
  } END AS edges"""
_EDGES: LiteralString = """MATCH (n:Entity)-[r]->(x)
RETURN elementId(r) AS element, type(r) AS type, properties(r) AS properties,
  n.id AS source, x.id AS target, x:Entity AS between"""


class Difference(NamedTuple):
    """What is not as it should be: a record, node, edge or part of the schema, and where in it.

    Without a `field` the whole is missing (`value` is None), or is there and should not be. A
    `reason` says why a record cannot be compared.
    """

    what: str
    field: str
    value: Any
    expected: Any
    reason: str = ""

    def __str__(self) -> str:
        """Return it as a sentence."""
        if self.reason:
            return f"The {self.what} cannot be used: {self.reason}."
        if self.field:
            values = map(_quoted, (self.value, self.expected))
            return "The {}: {} is {}, and should be {}.".format(self.what, self.field, *values)
        if self.value is None:
            return f"The {self.what} is missing, and should be there."
        return f"The {self.what} is there, and should not be: nothing that was loaded has it."


def _quoted(value: Any) -> str:
    if value is None:
        return "missing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


class _Edge(NamedTuple):
    element: str
    type: str
    properties: dict[str, Any]
    labels: list[str]
    target: Any

    def __str__(self) -> str:
        return f"edge {self.type} to {_base(self.labels)} {self.target}"


class Inspection:
    """One look at a whole store. `differences` yields what differs; the lists are whole then.

    It notes in `staging` which rows the store holds, and which of them as they should be.
    `foreign_nodes` and `foreign_edges` are the internal ids of what no load wrote; `repairs` are
    internal ids of nodes of the history, with the properties to set there. `is_current` is whether
    the current snapshot is that of the staged rows.
    """

    def __init__(self, writer: Writer, staging: Staging, snapshot: Mapping[str, Any]) -> None:
        self._writer, self._staging = writer, staging
        self._expected = dict(snapshot)
        self._row_keys: set[tuple[str, str]] = set()
        self._snapshots: list[tuple[str, dict[str, Any]]] = []
        self._current: list[_Edge] = []
        self._stores: list[dict[str, Any]] = []
        self._changes = 0
        self.is_current = False
        self.foreign_nodes: list[str] = []
        self.foreign_edges: list[str] = []
        self.repairs: list[tuple[str, dict[str, Any]]] = []

    def differences(self) -> Iterator[Difference]:
        """Yield what differs, in no special order."""
        self._staging.forget_hashes()
        with store_errors(self._writer.address), self._writer.session() as session:
            for row in session.run(Query(_NODES, timeout=WRITE_SECONDS)):
                edges = [_Edge(e, t, plain(p), labels, i) for e, t, p, labels, i in row["edges"]]
                yield from self._node(row["element"], row["labels"], row["properties"], edges)
            for row in session.run(Query(_EDGES, timeout=WRITE_SECONDS)):
                yield from self._edge_of_entity(row)
        self._staging.compare()
        for kind, record_id in self._staging.missing():
            yield Difference(_name(kind, record_id), "", None, True)
        yield from self._history()

    def _node(
        self, element: str, labels: list[str], values: dict[str, Any], edges: list[_Edge]
    ) -> Iterator[Difference]:
        base, row = _base(labels), plain(values)
        if base in _KINDS:
            yield from self._record(_KINDS[base], element, labels, row, edges)
            return
        ids = {snapshot["id"] for _, snapshot in self._snapshots}
        if base == "Snapshot" and _is_snapshot(row) and row["id"] not in ids:
            self._snapshots.append((element, row))
        elif base == "Change" and (change := _change(row)) is not None:
            self._changes += 1
            yield from self._repaired(f"change {row['id']}", element, row, change)
        elif base == "Sightlines" and row.get("id") == "store" and not self._stores:
            self._stores.append(row)
            self._current += [edge for edge in edges if edge.type == "CURRENT"]
            edges = [edge for edge in edges if edge.type != "CURRENT"]
        else:
            self.foreign_nodes.append(element)
            name = f"node {':'.join(sorted(labels)) or 'without a label'} {row.get('id', '')}"
            yield Difference(name.strip(), "", True, None)
            return
        yield from self._foreign(f"{base} {row['id']}", edges)

    def _record(
        self,
        kind: str,
        element: str,
        labels: list[str],
        row: dict[str, Any],
        edges: list[_Edge],
    ) -> Iterator[Difference]:
        name = _name(kind, row.get("id"))
        expected = self._take(kind, row.get("id"), row.get("content_hash"))
        if expected is None:
            self._drop(self.foreign_nodes, element, kind, row)
            yield Difference(name, "", True, None)
            return
        group, hash_, body = expected
        if kind == "dataset":
            row = {k: v for k, v in row.items() if k not in _OF_LOAD}
        facts = {**row, "labels": sorted(labels)}
        should = _facts(kind, group, body)
        extra = []
        for edge in edges:
            if edge.type == "SUPERSEDES" and kind == "claim":
                pair = f"{row['id']}/{edge.target}"
                if self._take("succession", pair, "") is not None:
                    self._staging.add_hashes("succession", [(pair, "")])
                    continue
            elif str(edge) in should and str(edge) not in facts:
                facts[str(edge)] = edge.properties
                continue
            extra.append(edge)
        self._note(kind, row["id"], row.get("content_hash"), hash_, same=facts == should)
        yield from _between(name, facts, should)
        yield from self._foreign(name, extra)

    def _edge_of_entity(self, row: Any) -> Iterator[Difference]:
        values = plain(row["properties"])
        key = f"{row['source']}/{row['type']}/{row['target']}"
        kind, record_id = "tie", key
        if row["type"] == "JUDGED":
            kind, record_id = "judgement", values.get("id")
        expected = None
        if row["between"]:
            expected = self._take(kind, record_id, values.get("content_hash"))
        if expected is None:
            self._drop(self.foreign_edges, row["element"], kind, values | {"id": record_id})
            name = _name(kind, record_id) if values.get("content_hash") else f"edge {key}"
            yield Difference(name, "", True, None)
            return
        _, hash_, body = expected
        should = _plain(body["properties"])
        ends = {"source": row["source"], "target": row["target"]}
        if kind == "judgement":
            should |= {"from": body["left"], "to": body["right"]}
            values |= {"from": ends["source"], "to": ends["target"]}
        stored_hash = values.get("content_hash")
        self._note(kind, str(record_id), stored_hash, hash_, same=values == should)
        yield from _between(_name(kind, record_id), values, should)

    def _note(self, kind: str, record_id: str, old_hash: Any, hash_: str, *, same: bool) -> None:
        """Note that the store has a staged row, and with which hash."""
        state = hash_ if same else DAMAGED if old_hash == hash_ else old_hash
        self._staging.add_hashes(kind, [(record_id, state if isinstance(state, str) else DAMAGED)])

    def _take(self, kind: str, record_id: Any, stored_hash: Any) -> tuple[str, str, Any] | None:
        """Return the row that should be there, the first time that it is asked for."""
        if not isinstance(record_id, str) or (kind, record_id) in self._row_keys:
            return None
        row = self._staging.row(kind, record_id)
        if row is not None:
            self._row_keys.add((kind, record_id))
        return row

    def _drop(self, foreign: list[str], element: str, kind: str, row: Mapping[str, Any]) -> None:
        """Note what should not be there: a load removes a record, and others are foreign."""
        record_id, hash_ = row.get("id"), row.get("content_hash")
        is_record = isinstance(record_id, str) and isinstance(hash_, str)
        if is_record and kind in KINDS and (kind, str(record_id)) not in self._row_keys:
            self._staging.add_hashes(kind, [(str(record_id), str(hash_))])
        else:
            foreign.append(element)

    def _foreign(self, name: str, edges: Sequence[_Edge]) -> Iterator[Difference]:
        for edge in edges:
            self.foreign_edges.append(edge.element)
            yield Difference(f"{edge} from the {name}", "", True, None)

    def _history(self) -> Iterator[Difference]:
        """Yield what differs in the snapshots, and in what says which of them is current."""
        if not self._stores:
            yield Difference("node Sightlines store", "", None, True)
        for store in self._stores:
            counts = {"snapshots": len(self._snapshots), "changes": self._changes}
            # The changes of an interrupted load are not counted yet, nor those of older versions.
            expected = {} if "loading" in store else {n: store[n] for n in counts if n in store}
            yield from _between("history", {n: counts[n] for n in expected}, expected)
        currents = {edge.target for edge in self._current if "Snapshot" in edge.labels}
        newest = max((row["sequence"] for _, row in self._snapshots), default=0)
        if len(self._current) != 1 or len(currents) != 1:
            yield Difference("edge CURRENT to the snapshot", "", None, True)
        for element, row in self._snapshots:
            is_current = row["id"] in currents
            expected = {**row, "content_hash": snapshot_hash(row)}
            if is_current:
                self.is_current = any(
                    row.get(name) == self._expected[name] for name in ("id", "content_hash")
                )
                expected |= self._expected
                others = [r["sequence"] for e, r in self._snapshots if e != element]
                if row["sequence"] in others or row["sequence"] < newest:
                    expected["sequence"] = newest + 1
            elif "content_hash" not in row:  # Of an older version.
                continue
            name = "current snapshot" if is_current else f"snapshot {row['id']}"
            if is_current and not self.is_current:
                yield from _between(name, row, expected)
            else:
                yield from self._repaired(name, element, row, expected)

    def _repaired(
        self, name: str, element: str, row: Mapping[str, Any], expected: Mapping[str, Any]
    ) -> Iterator[Difference]:
        differences = list(_between(name, row, expected))
        if differences:
            self.repairs.append((element, {d.field: d.expected for d in differences}))
        yield from differences


def snapshot_hash(row: Mapping[str, Any]) -> str:
    """Return the hash over what a snapshot tells, without the number and the time of its load."""
    names = properties().nodes["Snapshot"].properties.keys()
    values = {k: row[k] for k in names if k in row and k not in _OF_SNAPSHOT}
    return str(with_hash(values)["content_hash"])


#: What its hash leaves out: a later load of the same data by another program may set it.
_OF_SNAPSHOT = ("content_hash", "sequence", "completed_on", "program")


def _base(labels: Collection[str]) -> str:
    """Return the first label of a node of ours, or an empty text."""
    return next((label for label in properties().nodes if label in labels), "")


def _name(kind: str, record_id: object) -> str:
    return f"{'data set' if kind == 'dataset' else kind} {record_id}"


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of a row as the store would give them back, as JSON."""
    values: dict[str, Any] = json.loads(to_json(row))
    return values


def _facts(kind: str, group: str, body: Any) -> dict[str, Any]:
    """Return what a node should have: its properties, labels and edges, each by a name."""
    labels, edges = [kind.title()], []
    if kind == "claim":
        labels.append(claim_label(group))
        edges = [(t, label, i, {"position": p}) for t, label, i, p in body["edges"]]
        edges.append(("FROM", "Source", body["source"], {}))
        body = body["properties"]
    elif kind == "entity":
        labels.append(group)
    elif kind == "source":
        if "publisher_id" in body:
            edges.append(("PUBLISHED_BY", "Entity", body["publisher_id"], {}))
        if "edition_of" in body:
            edges.append(("EDITION_OF", "Source", body["edition_of"], {}))
    facts = {**_plain(body), "labels": sorted(labels)}
    return facts | {str(_Edge("", t, {}, [label], i)): p for t, label, i, p in edges}


def _between(
    what: str, values: Mapping[str, Any], expected: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in sorted({*values, *expected}):
        if values.get(name) != expected.get(name):
            yield Difference(what, name, values.get(name), expected.get(name))


def _is_snapshot(row: Mapping[str, Any]) -> bool:
    """Whether it has at least what every version wrote."""
    types = {"id": str, "sequence": int, "completed_on": str}
    return all(isinstance(row.get(name), type_) for name, type_ in types.items())


def _change(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the entry of the change log that a node should be by its facts; None if it is none."""
    try:
        change = change_row(read_change(row), row["sequence"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return {name: value for name, value in change.items() if value is not None}
