"""The change log: a `(:Change)` in the store for each record that a load changes.

A change is logged in the transaction that changes its record, from the facts that are about to be
overwritten. A killed load leaves the changes of its committed steps under the sequence number that
it would have had. The next load has that number and combines its own changes with them
(`graph.changes.then`), so that the log leads from the last complete load to this one, whatever
happened between, and has no entry for a record that is as it was. Until a load is complete, nothing
reads its changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, LiteralString, cast

from graph.changes import (
    Change,
    Facts,
    Kind,
    RecordKey,
    between,
    change_id,
    change_row,
    facts,
    read_change,
    then,
    tie_facts,
)
from graph.store import write
from graph.store.schema import checked
from graph.store.values import plain
from graph.store.write import AnyTransaction, RowChange, run


class ChangeLog:
    """Writes and removes rows, and logs what that changes.

    `sequence` is the number of the load. With None nothing is logged: before the first load there
    was no graph to compare with.
    """

    def __init__(self, sequence: int | None) -> None:
        self._sequence = sequence

    def write(self, transaction: AnyTransaction, rows: Sequence[RowChange], kind: str) -> None:
        """Write rows of one kind, new ones and changed ones."""
        if self._sequence is None:
            write.WRITERS[kind](transaction, rows)
            return
        ids = [row.id for row in rows if row.old_hash is not None]
        stored = _stored_facts(transaction, kind, ids)
        write.WRITERS[kind](transaction, rows)
        self._log(transaction, (_written_change(row, stored.get(row.id)) for row in rows))

    def remove(self, transaction: AnyTransaction, ids: Sequence[str], kind: str) -> None:
        """Remove rows of one kind."""
        if self._sequence is None:
            write.remove(transaction, ids, kind)
            return
        stored = _stored_facts(transaction, kind, ids)
        write.remove(transaction, ids, kind)
        self._log(transaction, (_removal_change(kind, i, stored.get(i)) for i in ids))

    def _log(self, transaction: AnyTransaction, changes: Iterable[Change | None]) -> None:
        """Combine changes with those that this load, or a killed one before it, has logged."""
        sequence = self._sequence or 0
        new = [change for change in changes if change is not None]
        ids = [change_id(change.key, sequence) for change in new]
        logged = [read_change(row) for row in _rows(transaction, _READ, ids)]
        current: dict[RecordKey, Change | None] = {change.key: change for change in logged}
        for change in new:
            current[change.key] = then(current.get(change.key), change)
        undone = [change_id(c.key, sequence) for c in logged if current[c.key] is None]
        run(transaction, _DELETE, undone)
        run(transaction, _WRITE, [change_row(c, sequence) for c in current.values() if c])


_READ: LiteralString = "UNWIND $rows AS id MATCH (n:Change {id: id}) RETURN n"
_DELETE: LiteralString = "UNWIND $rows AS id MATCH (n:Change {id: id}) DELETE n"
_WRITE: LiteralString = "UNWIND $rows AS row MERGE (n:Change {id: row.id}) SET n = row"


def _rows(
    transaction: AnyTransaction, cypher: LiteralString, rows: Sequence[Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield the first value of each row of the result, a node or a map."""
    if rows:
        yield from (row[0] for row in transaction.run(cypher, {"rows": rows}))


def _written_change(row: RowChange, stored: Facts | None) -> Change | None:
    if row.kind == "succession":
        return _succession_change(row.id, removed=False)
    return between(_key(row.kind, row.id), stored, _row_facts(row.kind, row.body))


def _removal_change(kind: str, record_id: str, stored: Facts | None) -> Change | None:
    if kind == "succession":
        return _succession_change(record_id, removed=True)
    return between(_key(kind, record_id), stored, None)


def _key(kind: str, record_id: str) -> RecordKey:
    return RecordKey(cast(Kind, kind), record_id)


def _succession_change(pair: str, *, removed: bool) -> Change | None:
    """Return the change of the claim that supersedes another: the other is one of its facts."""
    claim_id, older = pair.split("/")
    before, after = ({"supersedes": {older: there or None}} for there in (removed, not removed))
    return between(RecordKey("claim", claim_id), before, after)


def _row_facts(kind: str, body: Any) -> Facts:
    """Return the facts of a row to write."""
    match kind:
        case "tie":
            return tie_facts(body["properties"])
        case "claim":
            edges = ((edge, position, target) for edge, _, target, position in body["edges"])
            return _claim_facts(body["properties"], body["source"], edges)
        case "judgement":
            return facts(kind, body["properties"], left=body["left"], right=body["right"])
    return facts(cast(Kind, kind), body)


def _stored_facts(transaction: AnyTransaction, kind: str, ids: Sequence[str]) -> dict[str, Facts]:
    """Return the facts of records in the store, by their ids."""
    if kind == "succession":
        return {}
    if kind == "tie":
        return dict(_stored_ties(transaction, ids))
    rows = [plain(dict(row)) for row in _rows(transaction, _STORED[kind], ids)]
    return {row["id"]: _facts(kind, row) for row in rows}


_STORED: Mapping[str, LiteralString] = {
    "source": "UNWIND $rows AS id MATCH (n:Source {id: id}) RETURN n",
    "entity": "UNWIND $rows AS id MATCH (n:Entity {id: id}) RETURN n",
    "claim": "UNWIND $rows AS id MATCH (c:Claim {id: id}) RETURN c {.*, "
    "from: head([(c)-[:FROM]->(s:Source) | s.id]), "
    "edges: [(c)-[r:!FROM&!SUPERSEDES]->(x) | [type(r), r.position, x.id]]}",
    "judgement": "UNWIND $rows AS id MATCH (a:Entity)-[r:JUDGED {id: id}]->(b:Entity) "
    "RETURN r {.*, left: a.id, right: b.id}",
}


def _facts(kind: str, row: dict[str, Any]) -> Facts:
    if kind == "claim":
        source, edges = row.pop("from"), row.pop("edges")
        return _claim_facts(row, source, map(tuple, edges))
    return facts(cast(Kind, kind), row)


def _claim_facts(
    row: Mapping[str, Any], source: str, edges: Iterable[tuple[str, int, str]]
) -> Facts:
    """Return the facts of a claim; `edges` are (edge, position, id of the target) in any order."""
    by_edge: defaultdict[str, list[str]] = defaultdict(list)
    for edge, _, target in sorted(edges):
        by_edge[edge.lower()].append(target)
    said_by = by_edge.pop("said_by", [])
    return facts("claim", row, source=source, said_by=said_by, roles=dict(by_edge))


def _stored_ties(transaction: AnyTransaction, ids: Sequence[str]) -> Iterator[tuple[str, Facts]]:
    by_type: defaultdict[str, list[list[str]]] = defaultdict(list)
    for tie_id in ids:
        source, tie_type, target = tie_id.split("/")
        by_type[tie_type].append([source, target, tie_id])
    for tie_type, rows in by_type.items():
        ties = _rows(
            transaction,
            "UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]}) "
            # A type in the text keeps the server from scanning every edge of a hub.
            f"MATCH (a)-[r:{checked(tie_type)}]->(b) RETURN r {{.*, id: row[2]}}",
            rows,
        )
        yield from ((tie["id"], tie_facts(tie)) for tie in ties)
