"""What a load changes, kept in the store: a `(:Change)` for each record that it makes different.

Each is written in the transaction that changes the record, from the row that is about to be written
over. A load that is killed leaves those of its finished steps behind under the number of the load
that it would have been. The next load has that number, and adds its own steps to them
(`graph.changes.then`): so they tell the way from the last complete load to this one, whatever
lay between, and nothing where a record is as it was. Until a load is complete nobody reads them.
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
from graph.store.staging import Change as Row
from graph.store.values import plain
from graph.store.write import AnyTransaction


class Recorder:
    """Writes rows and takes them out, and keeps what that changes.

    `sequence` is the number of the load. None keeps nothing: before the first load there was no
    graph that anybody could have seen.
    """

    def __init__(self, sequence: int | None) -> None:
        self._sequence = sequence

    def write(self, transaction: AnyTransaction, rows: Sequence[Row], kind: str) -> None:
        """Write rows of one kind, new ones and changed ones."""
        if self._sequence is None:
            write.WRITERS[kind](transaction, rows)
            return
        held = _held(transaction, kind, [row.id for row in rows if row.old is not None])
        write.WRITERS[kind](transaction, rows)
        self._keep(transaction, (_written(row, held.get(row.id)) for row in rows))

    def remove(self, transaction: AnyTransaction, ids: Sequence[str], kind: str) -> None:
        """Take rows of one kind out."""
        if self._sequence is None:
            write.remove(transaction, ids, kind)
            return
        held = _held(transaction, kind, ids)
        write.remove(transaction, ids, kind)
        self._keep(transaction, (_removed(kind, i, held.get(i)) for i in ids))

    def _keep(self, transaction: AnyTransaction, steps: Iterable[Change | None]) -> None:
        """Add changes to those that this load, or a killed one before it, has kept already."""
        sequence = self._sequence or 0
        new = [step for step in steps if step is not None]
        ids = [change_id(step.key, sequence) for step in new]
        kept = [read_change(row) for row in _rows(transaction, _KEPT, ids)]
        now: dict[RecordKey, Change | None] = {change.key: change for change in kept}
        for step in new:
            now[step.key] = then(now.get(step.key), step)
        undone = [change_id(change.key, sequence) for change in kept if now[change.key] is None]
        _run(transaction, _FORGET, undone)
        _run(transaction, _KEEP, [change_row(c, sequence) for c in now.values() if c is not None])


_KEPT: LiteralString = "UNWIND $rows AS id MATCH (n:Change {id: id}) RETURN n"
_FORGET: LiteralString = "UNWIND $rows AS id MATCH (n:Change {id: id}) DELETE n"
_KEEP: LiteralString = "UNWIND $rows AS row MERGE (n:Change {id: row.id}) SET n = row"


def _run(transaction: AnyTransaction, cypher: LiteralString, rows: Sequence[Any]) -> None:
    if rows:
        transaction.run(cypher, {"rows": rows}).consume()


def _rows(
    transaction: AnyTransaction, cypher: LiteralString, rows: Sequence[Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield the first value of each row of an answer, a node or a map."""
    if rows:
        yield from (row[0] for row in transaction.run(cypher, {"rows": rows}))


def _written(row: Row, held: Facts | None) -> Change | None:
    if row.kind == "succession":
        return _succession(row.id, held=False)
    return between(_key(row.kind, row.id), held, _given(row.kind, row.body))


def _removed(kind: str, record_id: str, held: Facts | None) -> Change | None:
    if kind == "succession":
        return _succession(record_id, held=True)
    return between(_key(kind, record_id), held, None)


def _key(kind: str, record_id: str) -> RecordKey:
    return RecordKey(cast(Kind, kind), record_id)


def _succession(pair: str, *, held: bool) -> Change | None:
    """A claim that supersedes another from now on, or no longer: a fact of the claim."""
    claim_id, older = pair.split("/")
    sides = [{"supersedes": {older: side or None}} for side in (held, not held)]
    return between(RecordKey("claim", claim_id), *sides)


def _given(kind: str, body: Any) -> Facts:
    """Return the facts of a row that is to be written."""
    match kind:
        case "tie":
            return tie_facts(body["properties"])
        case "claim":
            edges = ((edge, position, target) for edge, _, target, position in body["edges"])
            return _claim_facts(body["properties"], body["source"], edges)
        case "judgement":
            return facts(kind, body["properties"], left=body["left"], right=body["right"])
    return facts(cast(Kind, kind), body)


def _held(transaction: AnyTransaction, kind: str, ids: Sequence[str]) -> dict[str, Facts]:
    """Return the facts that the store holds of records, by their ids."""
    if kind == "succession":
        return {}
    if kind == "tie":
        return dict(_held_ties(transaction, ids))
    rows = [plain(dict(row)) for row in _rows(transaction, _HELD[kind], ids)]
    return {row["id"]: _facts_held(kind, row) for row in rows}


_HELD: Mapping[str, LiteralString] = {
    "source": "UNWIND $rows AS id MATCH (n:Source {id: id}) RETURN n",
    "entity": "UNWIND $rows AS id MATCH (n:Entity {id: id}) RETURN n",
    "claim": "UNWIND $rows AS id MATCH (c:Claim {id: id}) RETURN c {.*, "
    "from: head([(c)-[:FROM]->(s:Source) | s.id]), "
    "edges: [(c)-[r:!FROM&!SUPERSEDES]->(x) | [type(r), r.position, x.id]]}",
    "judgement": "UNWIND $rows AS id MATCH (a:Entity)-[r:JUDGED {id: id}]->(b:Entity) "
    "RETURN r {.*, left: a.id, right: b.id}",
}


def _facts_held(kind: str, row: dict[str, Any]) -> Facts:
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


def _held_ties(transaction: AnyTransaction, ids: Sequence[str]) -> Iterator[tuple[str, Facts]]:
    by_type: defaultdict[str, list[list[str]]] = defaultdict(list)
    for tie_id in ids:
        source, tie_type, target = tie_id.split("/")
        by_type[tie_type].append([source, target, tie_id])
    for tie_type, rows in by_type.items():
        found = _rows(
            transaction,
            "UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]}) "
            # The type stands in the text, so that not all edges of a hub are looked at.
            f"MATCH (a)-[r:{checked(tie_type)}]->(b) RETURN r {{.*, id: row[2]}}",
            rows,
        )
        yield from ((row["id"], tie_facts(row)) for row in found)
