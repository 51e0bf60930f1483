"""The change log: a `(:Change)` in the store for each record that a load changes.

A change is logged in the transaction that changes its record, from the facts that are about to be
overwritten. A killed load leaves the changes of its committed steps under the sequence number that
it would have had. The next load has that number and combines its own changes with them
(`graph.changes.then`), so that the log leads from the last complete load to this one, whatever
happened between, and has no entry for a record that is as it was. Until a load is complete, nothing
reads its changes.

Nothing of a data set that was removed stays: each change has the sets that had a part in its record
(`datasets`), and the load that removes a set removes all changes of such records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import suppress
from typing import Any, LiteralString, NamedTuple, cast

from graph.changes import (
    Change,
    Facts,
    Kind,
    RecordKey,
    between,
    change_id,
    change_row,
    facts,
    forgotten,
    read_change,
    then,
    tie_facts,
)
from graph.store import write
from graph.store.schema import literal
from graph.store.values import plain
from graph.store.write import DAMAGED, FOREIGN, AnyTransaction, RowChange, run


class ChangeLog:
    """Writes and removes rows, and logs what that changes.

    `sequence` is the number of the load. With None nothing is logged: before the first load there
    was no graph to compare with. `removal_ids` are those of the sets that this load removes, or an
    interrupted one began to remove; `legacy` that of records which name no set.
    """

    def __init__(
        self, sequence: int | None, removal_ids: Collection[str] = (), legacy: str | None = None
    ) -> None:
        self._sequence = sequence
        self._removal_ids, self._legacy = list(removal_ids), legacy

    def write(self, transaction: AnyTransaction, rows: Sequence[RowChange], kind: str) -> None:
        """Write rows of one kind, new ones and changed ones."""
        if self._sequence is None or kind == "dataset":
            write.WRITERS[kind](transaction, rows)
            return
        # What somebody else wrote is no part of the past.
        ids = [
            row.id
            for row in rows
            if kind == "succession" or row.old_hash not in (None, FOREIGN, DAMAGED)
        ]
        records = self._records(transaction, kind, ids)
        write.WRITERS[kind](transaction, rows)
        changed = (row for row in rows if row.old_hash != DAMAGED)
        self._log(transaction, (self._update(row, records.get(row.id)) for row in changed))

    def remove(self, transaction: AnyTransaction, ids: Sequence[str], kind: str) -> None:
        """Remove rows of one kind."""
        if self._sequence is None or kind == "dataset":
            write.remove(transaction, ids, kind)
            return
        records = self._records(transaction, kind, ids)
        write.remove(transaction, ids, kind)
        self._log(transaction, (self._removal(kind, i, records.get(i)) for i in ids))

    def _records(
        self, transaction: AnyTransaction, kind: str, ids: Sequence[str]
    ) -> dict[str, _Record]:
        """Return the facts and the data sets of records in the store, by their ids."""
        if kind == "succession":
            sets = _rows(transaction, _CLAIM_SETS, ids)
            return {row["id"]: _Record({}, self._datasets_of(row)) for row in sets}
        rows: Iterable[dict[str, Any]]
        if kind == "tie":
            rows = _stored_ties(transaction, ids)
        else:
            rows = (plain(dict(row)) for row in _rows(transaction, _RECORDS[kind], ids))
        records = {}
        for row in rows:
            # A record that somebody else damaged has no facts that could be told.
            with suppress(KeyError, TypeError, ValueError):
                records[row["id"]] = _Record(_facts(kind, row), self._datasets_of(row))
        return records

    def _datasets_of(self, row: Mapping[str, Any]) -> frozenset[str]:
        datasets = row.get("datasets") or [row.get("dataset") or self._legacy]
        return frozenset(str(i) for i in datasets if i)

    def _update(self, row: RowChange, record: _Record | None) -> Change | None:
        datasets = record.datasets if record else frozenset()
        if row.kind == "succession":
            return _succession_change(row.id, datasets, removal=False)
        key, new = _key(row.kind, row.id), _row_facts(row.kind, row.body)
        datasets |= self._datasets_of(row.body.get("properties", row.body))
        return between(key, record.facts if record else None, new, datasets)

    def _removal(self, kind: str, record_id: str, record: _Record | None) -> Change | None:
        facts, datasets = record or (None, frozenset())
        if kind == "succession":
            return _succession_change(record_id, datasets, removal=True)
        return between(_key(kind, record_id), facts, None, datasets)

    def forget(self, transaction: AnyTransaction, after: str) -> str | None:
        """Remove what removed sets have left: call it until it returns None, before `tidy`.

        No change is kept of a record in which such a set had a part, nor of the ties and entities
        that changed together with its judgements. `after` is what the last call returned, and
        empty at first.
        """
        if not self._removal_ids:
            return None
        parameters = {"ids": self._removal_ids, "after": after, "limit": _TIDY}
        records = list(transaction.run(_OF_REMOVED_SETS, parameters))
        # The judgements come last: they tell which loads they were in.
        if not records:
            transaction.run(_FORGET_JUDGEMENTS, {"ids": self._removal_ids}).consume()
            return None
        run(transaction, _FORGET, [row["key"] for row in records])
        return str(records[-1]["id"])

    def tidy(
        self, transaction: AnyTransaction, staged: Callable[[Iterable[str]], set[str]], after: str
    ) -> str | None:
        """Forget what records that are gone said: call it until it returns None, before the end.

        It is kept that a record was removed, and since when. Changes of ties name only claims that
        are still there, such as those that were retracted: `staged` returns these among some ids of
        claims. `after` is what the last call returned, and empty at first.
        """
        parameters = {"sequence": self._sequence, "after": after, "limit": _TIDY}
        changes = [read_change(row["n"]) for row in transaction.run(_REMOVALS, parameters)]
        claims = {i for change in changes for i in _claims(change)}
        there = staged(claims)
        emptied = [
            change
            for change in changes
            if change.after is None and not (change.key.kind == "tie" and _claims(change) & there)
        ]
        empty = {change.key for change in emptied}
        rest = [change for change in changes if change.key not in empty]
        rest += [forgotten(change) for change in emptied]
        nameable = there | self._logged(transaction, claims - there)
        keys = {change.key for change in changes if _claims(change) - nameable} | empty
        result = transaction.run(_ALL, {"rows": [_prefix(key) for key in keys]})
        older = [dict(row["n"]) for row in result]
        rows = [(read_change(row), row["sequence"]) for row in older]
        blank = [(c.key, _blank(c), number) for c, number in rows if c.key in empty]
        rows = [(change, number) for change, number in rows if change.key not in empty]
        claims = {i for change, _ in rows for i in _claims(change)} - nameable
        there = staged(claims)
        nameable |= there | self._logged(transaction, claims - there)
        rows += [(change, self._sequence or 0) for change in rest]
        # What this load has logged stands after what older ones had, which may have the same id.
        thin = [*blank, *((c.key, _thin(c, nameable), number) for c, number in rows)]
        run(transaction, _DELETE, [change_id(key, number) for key, c, number in thin if c is None])
        run(transaction, _WRITE, [change_row(c, number) for _, c, number in thin if c is not None])
        return change_id(changes[-1].key, self._sequence or 0) if changes else None

    def _logged(self, transaction: AnyTransaction, claim_ids: Iterable[str]) -> set[str]:
        """Return those of some ids of claims which the log says were removed."""
        rows = [_prefix(RecordKey("claim", i)) for i in claim_ids]
        return {key.split("/")[1] for key in transaction.run(_LOGGED, {"rows": rows}).value("key")}

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
#: Changes at a time that are looked through for what is gone.
_TIDY = 2_000
#: The changes of a load whose record is gone, or is a tie.
_REMOVALS: LiteralString = """MATCH (n:Change {sequence: $sequence})
WHERE n.id > $after AND (n.after IS NULL OR n.kind = 'tie')
RETURN n ORDER BY n.id LIMIT $limit"""
#: The changes, but for those of judgements, that are to go with removed sets.
_OF_REMOVED_SETS: LiteralString = """OPTIONAL MATCH (j:Change {kind: 'judgement'})
WHERE any(d IN j.datasets WHERE d IN $ids)
WITH collect(DISTINCT j.sequence) AS loads
MATCH (n:Change) WHERE n.id > $after AND n.kind <> 'judgement'
  AND (any(d IN n.datasets WHERE d IN $ids)
    OR (n.kind IN ['entity', 'tie'] AND n.sequence IN loads))
RETURN n.id AS id, n.kind + '/' + n.record + '/' AS key ORDER BY n.id LIMIT $limit"""
_FORGET_JUDGEMENTS: LiteralString = """MATCH (j:Change {kind: 'judgement'})
WHERE any(d IN j.datasets WHERE d IN $ids)
DELETE j"""
_CLAIM_SETS: LiteralString = """UNWIND $rows AS pair
MATCH (c:Claim {id: split(pair, '/')[0]})
RETURN {id: pair, dataset: c.dataset}"""
_FORGET: LiteralString = "UNWIND $rows AS key MATCH (n:Change) WHERE n.id STARTS WITH key DELETE n"
_LOGGED: LiteralString = """UNWIND $rows AS key
MATCH (n:Change) WHERE n.id STARTS WITH key
RETURN DISTINCT key"""
_ALL: LiteralString = """UNWIND $rows AS key
MATCH (n:Change) WHERE n.id STARTS WITH key
RETURN n"""


class _Record(NamedTuple):
    """A record in the store: its facts, and the ids of its data sets."""

    facts: Facts
    datasets: frozenset[str]


def _prefix(key: RecordKey) -> str:
    """Return how the ids of all changes of a record begin."""
    return f"{key.kind}/{key.id}/"


def _claims(change: Change) -> set[str]:
    """Return the ids of the claims that a change of a tie names."""
    if change.key.kind != "tie":
        return set()
    return {i for facts in (change.before, change.after) for i in (facts or {}).get("claims", ())}


def _blank(change: Change) -> Change:
    """Return what is kept of an older change of a record that is gone: it came, changed or went."""
    if change.after is None:
        return forgotten(change)
    return Change(change.key, None if change.before is None else {}, {}, change.datasets)


def _thin(change: Change, claim_ids: Container[str]) -> Change | None:
    """Return a change without claims not known, None if nothing is left of it."""

    def thin(facts: Facts | None) -> Facts | None:
        if facts is None:
            return None
        rest = dict(facts)
        if change.key.kind == "tie" and "claims" in rest:
            rest["claims"] = {i: v for i, v in rest["claims"].items() if i in claim_ids}
        return {k: v for k, v in rest.items() if k != "claims" or v}

    before, after = thin(change.before), thin(change.after)
    return None if before == after else Change(change.key, before, after, change.datasets)


def _rows(
    transaction: AnyTransaction, cypher: LiteralString, rows: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    """Yield the first value of each row of the result, a node or a map."""
    if rows:
        yield from (row[0] for row in transaction.run(cypher, {"rows": rows}))


def _key(kind: str, record_id: str) -> RecordKey:
    return RecordKey(cast(Kind, kind), record_id)


def _succession_change(pair: str, datasets: frozenset[str], *, removal: bool) -> Change | None:
    """Return the change of the claim that supersedes another: the other is one of its facts."""
    claim_id, older = pair.split("/")
    before, after = ({"supersedes": {older: there or None}} for there in (removal, not removal))
    return between(RecordKey("claim", claim_id), before, after, datasets)


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


_RECORDS: Mapping[str, LiteralString] = {
    "source": "UNWIND $rows AS id MATCH (n:Source {id: id}) RETURN n",
    "entity": "UNWIND $rows AS id MATCH (n:Entity {id: id}) RETURN n",
    "claim": "UNWIND $rows AS id MATCH (c:Claim {id: id}) RETURN c {.*, "
    "from: head([(c)-[:FROM]->(s:Source) | s.id]), "
    "edges: [(c)-[r:!FROM&!SUPERSEDES]->(x) | [type(r), r.position, x.id]]}",
    "judgement": "UNWIND $rows AS id MATCH (a:Entity)-[r:JUDGED {id: id}]->(b:Entity) "
    "RETURN r {.*, left: a.id, right: b.id}",
}


def _facts(kind: str, row: Mapping[str, Any]) -> Facts:
    if kind == "tie":
        return tie_facts(row)
    if kind == "claim":
        rest = {k: v for k, v in row.items() if k not in ("from", "edges")}
        return _claim_facts(rest, row["from"], map(tuple, row["edges"]))
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


def _stored_ties(transaction: AnyTransaction, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    by_type: defaultdict[str, list[list[str]]] = defaultdict(list)
    for tie_id in ids:
        source, tie_type, target = tie_id.split("/")
        by_type[tie_type].append([source, target, tie_id])
    for tie_type, rows in by_type.items():
        yield from _rows(
            transaction,
            "UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]}) "
            # A type in the text keeps the server from scanning every edge of a hub.
            f"MATCH (a)-[r:{literal(tie_type)}]->(b) RETURN r {{.*, id: row[2]}}",
            rows,
        )
