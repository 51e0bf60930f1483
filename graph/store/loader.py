"""A load: check, compare, write the changes, read the counts back, create the snapshot.

A load replaces whole data sets and leaves the others: it checks the files together with the records
of the other sets, which it reads back from the store, projects the ties of all, and writes what
differs. So the store is a function of the sets that it holds, in whatever order they came.

Each load after the first also logs what it changed (`graph.store.change_log`). Up to
`ONE_TRANSACTION` changed rows are written in one transaction if the server has the memory for it,
and readers see the old graph or the new one. More rows are written in batches: each is atomic, a
killed load is completed by the next one, and until then the state of the store is `loading`. See
architecture.md, "A load".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Any, LiteralString

from neo4j import Query, Session, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError, TransientError

from graph import dataset
from graph.errors import InputError, NotFound, StoreBusy, StoreError
from graph.faults import nearest
from graph.ontology import ONTOLOGY
from graph.question import T
from graph.store import schema
from graph.store.address import store_errors
from graph.store.affected import AffectedSets
from graph.store.change_log import ChangeLog
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.datasets import StoredSets, files_sha256, program
from graph.store.inspection import Difference, Inspection, snapshot_hash
from graph.store.load_lock import Lease, check_owner, load_lock
from graph.store.staging import KINDS, Progress, Staging, stage
from graph.store.write import FOREIGN, AnyTransaction, RowChange
from graph.text import TextStore

ONE_TRANSACTION = 20_000
#: The memory that a row takes together with its logged change, in rows.
_LOGGED_ROW = 1.5
#: With their edges, 2,000 claims take some 64 MB of the server's memory until they are committed.
BATCH = 2_000
#: The codes of a server whose memory for one transaction, or for all of them, is used up.
_OUT_OF_MEMORY = (
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "Neo.TransientError.General.OutOfMemoryError",
)
#: The data set that the seeds were before each article became a set of its own.
_FORMER_SEEDS = "sightlines-seeds"
#: Seconds before each retry of a transaction.
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load of `data_sets` did; `counts` are of the whole store.

    `written` and `removed` count rows by kind, without kinds of 0 rows. `staged`: in several
    transactions, so that readers could see a part of it. `foreign`: somebody else has written into
    the store, so that it may hold what was never loaded. `reads` counts the records of other sets
    that were read back.
    """

    snapshot: str
    data_sets: tuple[str, ...]
    counts: Mapping[str, int]
    writes: Mapping[str, int]
    removals: Mapping[str, int]
    staged: bool
    warnings: int
    foreign: bool = False
    reads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Steps:
    """How a load writes: at once up to `at_once` changed rows, others in batches of `batch`.

    After the first load at once means a third fewer, since each row comes with its logged change.
    With `rebuild` it trusts no hash in the store.
    """

    at_once: int = ONE_TRANSACTION
    batch: int = BATCH
    progress: Progress = lambda phase, done, of: None
    rebuild: bool = False


def load(
    writer: Writer,
    paths: Sequence[Path],
    *,
    replace: bool = False,
    seeds: bool = False,
    rebuild: bool = False,
    texts: TextStore | None = None,
    progress: Progress = lambda phase, done, of: None,
    at_once: int = ONE_TRANSACTION,
    batch: int = BATCH,
) -> LoadResult:
    """Make the store hold the data sets in `paths`, each in the place of the set with its id.

    Other sets stay, or go with `replace`. With `seeds` only those are loaded that the store should
    have without being asked: all into an empty store, and into another one that has any of them
    those that nobody removed. Sets whose files, program and ontology are as they were at the last
    load are not loaded again, unless with `rebuild`: every node and edge is compared then, what no
    load wrote is removed, and what differs is written again.

    Raises `DatasetFaults` with every fault; nothing is written then. Raises `InputError` if another
    set is incomplete because its load was interrupted, and a `StoreError` if the store cannot be
    used or holds the graph of another program.
    """
    check_owner(writer)
    with load_lock(writer) as lease:
        sets, store_sets = dataset.Sets(paths), StoredSets.read(writer)
        former = store_sets.ids & {_FORMER_SEEDS} - sets.in_files.keys() if seeds else set()
        if seeds:
            sets.keep(_default_sets(sets, store_sets, former))
        removal_ids = store_sets.ids - sets.in_files.keys() if replace else former
        steps = Steps(at_once, batch, progress, rebuild)
        if not (removal_ids or rebuild) and _is_unchanged(sets, store_sets):
            return _unchanged(sets, store_sets, lease.foreign)
        return _run(writer, sets, store_sets, removal_ids, lease, steps, texts)


def remove(
    writer: Writer,
    ids: Collection[str],
    progress: Progress = lambda phase, done, of: None,
    at_once: int = ONE_TRANSACTION,
    batch: int = BATCH,
) -> LoadResult:
    """Remove data sets with all that is theirs alone; `at_once` and `batch` as in `Steps`.

    Raises `NotFound` for an id that no set has, and `InputError` if another set uses one of them.
    """
    check_owner(writer)
    with load_lock(writer) as lease:
        store_sets = StoredSets.read(writer)
        for i in ids:
            if i not in store_sets.ids:
                near = nearest(i, store_sets.ids)
                raise NotFound("data set", i, [near] if near else [])
            users = [r.id for r in store_sets.records if i in r.uses and r.id not in ids]
            if users:
                raise InputError(
                    f"The data set {i!r} is used by {' and '.join(map(repr, users))}: "
                    "remove that first, or both together."
                )
        steps = Steps(at_once, batch, progress)
        return _run(writer, dataset.Sets([]), store_sets, set(ids), lease, steps, None)


def verify(writer: Writer, progress: Progress = lambda phase, done, of: None) -> list[Difference]:
    """Return how the store differs from what the records in it come to, the schema included.

    The records are read back, checked, and turned into rows as in a load. If nothing differs,
    whatever somebody else may have written counts as looked at. Raises `StoreBusy` during a load.
    """
    check_owner(writer)
    with load_lock(writer) as lease, Staging() as staging:
        store_sets, sets = StoredSets.read(writer), dataset.Sets([])
        store_sets.unreadable = []
        sets.beside(store_sets)
        report, _ = stage(sets, staging, None, progress, strict=False)
        inspection = Inspection(writer, staging, snapshot_row(staging, sets))
        differences = [*store_sets.unreadable, *inspection.differences()]
        differences += [Difference("record", "", str(f), None, str(f)) for f in report.faults]
        if store_sets.loading:
            differences.append(Difference("last load", "", True, None, "it was interrupted"))
        for name in schema.differences(writer):
            what = f"{name.kind} {name.name}"
            if name.expected is None or name.current is None:
                differences.append(Difference(what, "", name.current, name.expected))
            else:
                differences.append(Difference(what, "definition", name.current, name.expected))
        lease.foreign = lease.foreign and bool(differences)
        return differences


def snapshot_row(staging: Staging, sets: dataset.Sets) -> dict[str, Any]:
    """Return the properties of the snapshot of what is staged, but the number of its load."""
    row = {
        "id": staging.digest(ONTOLOGY.digest),
        "ontology": ONTOLOGY.digest,
        "program": program(),
        "datasets": sorted(sets.records),
        **{_PLURALS[k]: n for k, n in staging.counts().items() if k not in _NOT_COUNTED},
    }
    return {**row, "content_hash": snapshot_hash(row)}


def _default_sets(sets: dataset.Sets, store_sets: StoredSets, former: Collection[str]) -> set[str]:
    """Return the ids of the sets that a store should have without being asked."""
    ids = set(sets.in_files)
    if not store_sets.ids - set(former):
        return ids
    if not (former or ids & store_sets.ids):
        return set()
    choice = ids - (store_sets.removal_ids - store_sets.ids)
    while missing := {i for i in choice if set(sets.records[i].uses) & ids - choice}:
        choice -= missing
    return choice


def _is_unchanged(sets: dataset.Sets, store_sets: StoredSets) -> bool:
    return (
        store_sets.snapshot is not None
        and not store_sets.loading
        and not sets.unusable
        and not sets.findings.faults
        and all(map(store_sets.is_current, sets.in_files.values()))
    )


def _unchanged(sets: dataset.Sets, store_sets: StoredSets, foreign: bool) -> LoadResult:
    snapshot = store_sets.snapshot or {}
    counts = {k: snapshot[p] for k, p in _PLURALS.items() if k not in _NOT_COUNTED}
    return LoadResult(snapshot["id"], tuple(sets.in_files), counts, {}, {}, False, 0, foreign)


def _run(
    writer: Writer,
    sets: dataset.Sets,
    store_sets: StoredSets,
    removal_ids: Collection[str],
    lease: Lease,
    steps: Steps,
    texts: TextStore | None,
) -> LoadResult:
    """Load the sets in the files, and remove others. Raises `DatasetFaults` and `InputError`."""
    set_ids = {*sets.in_files, *removal_ids}
    if missing := sorted(store_sets.incomplete - set_ids):
        raise InputError(
            f"The load of the data set {missing[0]!r} was interrupted, so that records of it may "
            f"be missing: load it again, or remove it (sightlines data remove {missing[0]})."
        )
    others = store_sets.without(set_ids)
    sets.beside(others)
    with Staging() as staging:
        affected = None
        if _is_partial(sets, store_sets, set_ids, lease, steps):
            affected = AffectedSets(writer, others, set_ids & store_sets.ids, staging)
            sets.beside(affected)
        report, edges = stage(sets, staging, texts, steps.progress, affected=affected)
        if affected is not None and affected.tie_ids is not None:
            _read_hashes(writer, staging, steps.progress)
            staging.keep(affected.removal_claims(), affected.tie_ids)
        work = _Load(writer, staging, sets, store_sets, removal_ids, edges, lease, steps)
        return work.run(sum(report.warning_counts.values()), others.reads)


def _is_partial(
    sets: dataset.Sets, store_sets: StoredSets, set_ids: set[str], lease: Lease, steps: Steps
) -> bool:
    """Whether only some claims of the sets that stay have to be read.

    What this program wrote and nobody else has changed is as it was; and what a set says depends on
    no other sets than those that it uses.
    """
    others = sets.records.keys() - sets.in_files.keys()
    return (
        bool(others)
        and not steps.rebuild
        and not lease.foreign
        and store_sets.is_of_this_program
        and not any({*sets.scope(i), *sets.records[i].uses} & set_ids for i in others)
    )


def _read_hashes(writer: Writer, staging: Staging, progress: Progress) -> None:
    """Read the ids and hashes of all records in the store."""
    with store_errors(writer.address), writer.session() as session:
        for kind, statement in _HASHES.items():
            progress("compare", KINDS.index(kind), len(KINDS))
            rows = session.run(Query(statement, timeout=WRITE_SECONDS))
            pairs = ((i, hash_) for i, hash_ in rows if isinstance(i, str))
            staging.add_hashes(kind, pairs)


class _Load:
    def __init__(
        self,
        writer: Writer,
        staging: Staging,
        sets: dataset.Sets,
        store_sets: StoredSets,
        removal_ids: Collection[str],
        edges: int,
        lease: Lease,
        steps: Steps,
    ) -> None:
        self._writer = writer
        self._staging = staging
        self._sets, self._store_sets, self._removal_ids = sets, store_sets, removal_ids
        self._progress = steps.progress
        self._lease = lease
        self._at_once, self._batch, self._rebuild = steps.at_once, steps.batch, steps.rebuild
        self._expected = staging.counts() | {"edge": edges}
        self._snapshot = snapshot_row(staging, sets)
        self._log = ChangeLog(None)
        self._missing: dict[str, int] = {"snapshots": 0, "changes": 0}
        self._writes: dict[str, int] = {}
        self._removals: dict[str, int] = {}

    def run(self, warnings: int, reads: Mapping[str, int]) -> LoadResult:
        loading, snapshot = self._store_sets.loading, self._store_sets.snapshot
        staged, row_weight = False, 1.0
        same = snapshot is not None and snapshot["id"] == self._snapshot["id"]
        if self._rebuild:
            schema.drop_others(self._writer)
            same = self._inspect() and not loading
        elif not loading:
            ((self._missing,),) = self._writer.run(_MISSING)
        # Two nodes with one id are one by now: a constraint on the id can be created.
        schema.prepare(self._writer)
        if not self._rebuild and (loading or not same):
            self._compare()
        if self._rebuild or loading or not same:
            if snapshot is not None and (loading or not same):
                ((newest,),) = self._writer.run(_NEWEST)
                removal_ids = {
                    *self._removal_ids,
                    *(self._store_sets.removal_ids if loading else ()),
                }
                removal_ids -= self._sets.records.keys()
                self._log = ChangeLog(newest + 1, removal_ids, self._store_sets.legacy)
                row_weight = _LOGGED_ROW
            large = loading or self._staging.count_changes() * row_weight > self._at_once
            staged = large or not self._write_at_once()
            if staged:
                self._write_in_batches()
        else:
            with store_errors(self._writer.address), self._writer.session() as session:
                _transact(session, self._stamp)
        return LoadResult(
            snapshot=str(self._snapshot["id"]),
            data_sets=tuple(self._sets.in_files),
            counts={k: self._expected[k] for k in KINDS if k not in _NOT_COUNTED},
            writes=self._writes,
            removals=self._removals,
            staged=staged,
            warnings=warnings,
            foreign=self._lease.foreign,
            reads=dict(reads),
        )

    def _compare(self) -> None:
        """Compare what is staged with all records in the store."""
        if not self._staging.has_hashes:
            _read_hashes(self._writer, self._staging, self._progress)
        self._staging.compare()

    def _inspect(self) -> bool:
        """Read all that the store holds, and remove from it what no load wrote.

        Returns whether the snapshot of what is staged is the current one.
        """
        self._check_others()
        while True:
            self._progress("compare", 0, len(KINDS))
            inspection = Inspection(self._writer, self._staging, self._snapshot)
            for _ in inspection.differences():
                pass
            foreign = (inspection.foreign_edges, inspection.foreign_nodes)
            for statement, elements in zip((_DELETE_EDGES, _DELETE_NODES), foreign, strict=True):
                for rows in _chunks(elements, self._batch):
                    self._writer.run(statement, {"rows": rows})
            # What is removed may take edges of records with it.
            if not any(foreign):
                break
        for repairs in _chunks(inspection.repairs, self._batch):
            self._writer.run(_REPAIR, {"rows": repairs})
        self._lease.foreign = False
        return inspection.is_current

    def _check_others(self) -> None:
        """Raise `InputError` if a data set that is not loaded now lacks records in the store."""
        for i in self._store_sets.ids - self._sets.in_files.keys() - set(self._removal_ids):
            row, node = self._staging.row("dataset", i), self._store_sets.nodes.get(i)
            for name in ("entities", "sources", "claims", "judgements"):
                if row and node and row[2][name] != node.get(name):
                    raise InputError(
                        f"The data set {i!r} had {node.get(name)} {name} when it was loaded, and "
                        f"the store holds {row[2][name]}: load it again as well, with --rebuild."
                    )

    def _write_at_once(self) -> bool:
        """Write all in one transaction; return False if the server lacks the memory for it.

        Neo4j keeps the changes of a transaction in memory until it ends: about 16 KB for a row.
        """
        try:
            with store_errors(self._writer.address), self._writer.session() as session:
                _transact(session, self._write_all)
        except _TooLarge:
            return False
        finally:
            self._writer.run(_END)
        return True

    def _write_all(self, transaction: AnyTransaction) -> None:
        self._writes, self._removals = {}, {}
        for kind, changes in self._write_batches():
            self._log.write(transaction, changes, kind)
            self._count_writes(kind, len(changes))
        for kind, ids in self._removal_batches():
            self._log.remove(transaction, ids, kind)
            self._count_removals(kind, len(ids))
        self._verify(transaction)
        for step in (self._log.forget, self._tidy):
            after: str | None = ""
            while after is not None:
                after = step(transaction, after)
        # A transaction of its own: for some milliseconds Neo4j shows a commit to readers in part.
        self._writer.run(_BEGIN, {"sets": [], "removed": []})
        self._finish(transaction)

    def _write_in_batches(self) -> None:
        self._writes, self._removals = {}, {}
        parameters = {"sets": list(self._sets.in_files), "removed": list(self._removal_ids)}
        self._writer.run(_BEGIN, parameters)
        with store_errors(self._writer.address), self._writer.session() as session:
            for kind, changes in self._write_batches():
                self._step(session, partial(self._log.write, kind=kind), changes)
                self._count_writes(kind, len(changes))
            for kind, ids in self._removal_batches():
                self._step(session, partial(self._log.remove, kind=kind), ids)
                self._count_removals(kind, len(ids))
            session.execute_read(unit_of_work(timeout=WRITE_SECONDS)(self._verify))
            for step in (self._log.forget, self._tidy):
                self._repeat(session, step)
            _transact(session, self._finish)
        self._writer.run(_END)

    def _repeat(self, session: Session, step: Callable[[AnyTransaction, str], str | None]) -> None:
        """Call a step of the change log until it returns None, each in a transaction."""
        after: str | None = ""
        while after is not None:

            def work(transaction: AnyTransaction, start: str = after) -> None:
                nonlocal after
                after = step(transaction, start)
                self._lease.renew(transaction)

            _transact(session, work)

    def _tidy(self, transaction: AnyTransaction, after: str) -> str | None:
        return self._log.tidy(transaction, self._staged_claims, after)

    def _staged_claims(self, ids: Iterable[str]) -> set[str]:
        return self._staging.are_staged("claim", ids)

    def _step(
        self, session: Session, act: Callable[[AnyTransaction, Any], None], rows: Sequence[Any]
    ) -> None:
        """Write rows in one transaction, or in halves if the server lacks the memory for all.

        The memory for a row is not known beforehand: a claim may have 20,000 characters, or 100.
        """

        def work(transaction: AnyTransaction) -> None:
            act(transaction, rows)
            self._lease.renew(transaction)

        try:
            _transact(session, work)
        except _TooLarge:
            if len(rows) == 1:
                raise
            for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                self._step(session, act, half)

    def _write_batches(self) -> Iterator[tuple[str, list[RowChange]]]:
        for kind in KINDS:
            for batch in _chunks(self._staging.changes(kind), self._batch):
                yield kind, batch

    def _removal_batches(self) -> Iterator[tuple[str, list[str]]]:
        for kind in reversed(KINDS):
            for ids in _chunks(self._staging.removals(kind), self._batch):
                yield kind, ids

    def _count_writes(self, kind: str, count: int) -> None:
        self._writes[kind] = self._writes.get(kind, 0) + count
        self._progress(_PLURALS[kind], self._writes[kind], self._expected[kind])

    def _count_removals(self, kind: str, count: int) -> None:
        self._removals[kind] = self._removals.get(kind, 0) + count

    def _verify(self, transaction: AnyTransaction) -> None:
        """Read the counts back. Fewer are a defect, ours or the server's, and raise `StoreError`.

        More come from somebody else.
        """
        counts = {
            kind: transaction.run(statement).single(strict=True)[0]
            for kind, statement in _COUNTS.items()
        }
        wrong = {k: (n, self._expected[k]) for k, n in counts.items() if n < self._expected[k]}
        if any(n > self._expected[k] for k, n in counts.items()):
            self._lease.foreign = True
        if wrong:
            text = ", ".join(f"{n:,} {k}s instead of {of:,}" for k, (n, of) in wrong.items())
            raise StoreError(f"After the load the store holds {text}. Load again.")

    def _stamp(self, transaction: AnyTransaction) -> None:
        """Write down that the sets were loaded, from which files."""
        self._lease.renew(transaction)
        rows = [
            [i, str(one.path.absolute()), files_sha256(one)]
            for i, one in self._sets.in_files.items()
        ]
        transaction.run(_STAMP, {"rows": rows}).consume()
        absent = (self._store_sets.removal_ids - self._sets.in_files.keys()).union(
            self._removal_ids
        )
        parameters = {
            "snapshot": self._snapshot,
            "removed": sorted(absent) if self._sets.records else [],
        }
        transaction.run(_DONE, parameters).consume()
        transaction.run(_COUNT_HISTORY, self._missing).consume()

    def _finish(self, transaction: AnyTransaction) -> None:
        """Create the snapshot: the last step."""
        self._lease.renew(transaction)
        transaction.run(_SNAPSHOT, {"snapshot": self._snapshot}).consume()
        self._stamp(transaction)


class _TooLarge(StoreBusy):
    """The server lacks the memory for this transaction: a retry cannot succeed."""


def _transact(session: Session, work: Callable[[AnyTransaction], None]) -> None:
    """Do the work in a transaction, again after a transient error. Raises `_TooLarge`.

    A lack of memory may show only when the changes are committed: the driver's own retries would
    then repeat all of the work for half a minute, in vain.
    """
    for pause in (*_PAUSES, None):
        try:
            with _memory_checked(), session.begin_transaction(timeout=WRITE_SECONDS) as transaction:
                work(transaction)
                transaction.commit()
            return
        except (DriverError, Neo4jError) as error:
            if pause is None or not error.is_retryable():
                raise
            sleep(pause)


@contextmanager
def _memory_checked() -> Iterator[None]:
    """Raise `_TooLarge` if the server runs out of memory."""
    try:
        yield
    except TransientError as error:
        if error.code in _OUT_OF_MEMORY:
            raise _TooLarge(f"The server has too little memory: {error.message}") from error
        raise


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


#: The sequence number of the last complete load, of any data set.
_NEWEST: LiteralString = "MATCH (n:Snapshot) RETURN coalesce(max(n.sequence), 0) AS newest"
#: Before the first step of several, and before a single one is committed: a set that goes is none
#: from here on, so that the next load completes this one whichever sets it loads.
_BEGIN: LiteralString = """MATCH (s:Sightlines {id: 'store'})
SET s.loading = true, s.loading_sets = $sets, s.removed_sets = CASE $removed
  WHEN [] THEN s.removed_sets ELSE coalesce(s.removed_sets, []) + $removed END
WITH s
OPTIONAL MATCH (s)-[:CURRENT]->(n:Snapshot) WHERE n.data_set IN $removed
REMOVE n.data_set
WITH DISTINCT s
MATCH (d:Dataset) WHERE d.id IN $removed
DETACH DELETE d"""
_SNAPSHOT: LiteralString = """OPTIONAL MATCH (o:Snapshot)
WITH max(o.sequence) AS newest
MERGE (n:Snapshot {id: $snapshot.id})
SET n = $snapshot, n.sequence = coalesce(newest, 0) + 1, n.completed_on = datetime()
WITH n
MATCH (s:Sightlines {id: 'store'})
OPTIONAL MATCH (s)-[before:CURRENT]->()
DELETE before
MERGE (s)-[:CURRENT]->(n)"""
_STAMP: LiteralString = """UNWIND $rows AS row
MATCH (d:Dataset {id: row[0]})
SET d.path = row[1], d.files_sha256 = row[2], d.loaded_at = datetime()"""
#: Snapshots of older versions have the name of their data set, which may be gone.
_DONE: LiteralString = """MATCH (s:Sightlines {id: 'store'})
SET s.removed_sets = CASE $removed WHEN [] THEN null ELSE $removed END
WITH s
MATCH (n:Snapshot)
REMOVE n.data_set
WITH n WHERE n.id = $snapshot.id
SET n.program = $snapshot.program, n.content_hash = $snapshot.content_hash"""
#: What somebody else has removed from the history stays missing, for `verify` to tell: the numbers
#: change by as much as a load adds and removes.
_MISSING: LiteralString = """MATCH (s:Sightlines {id: 'store'})
RETURN {snapshots: coalesce(toIntegerOrNull(s.snapshots) - COUNT { (:Snapshot) }, 0),
  changes: coalesce(toIntegerOrNull(s.changes) - COUNT { (:Change) }, 0)}"""
_COUNT_HISTORY: LiteralString = """MATCH (s:Sightlines {id: 'store'})
SET s.snapshots = COUNT { (:Snapshot) } + $snapshots, s.changes = COUNT { (:Change) } + $changes"""
#: After the last transaction of a load: readers that see no `loading` see all of it.
_END: LiteralString = "MATCH (s:Sightlines {id: 'store'}) REMOVE s.loading, s.loading_sets"
_PLURALS = {
    "dataset": "datasets",
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "succession": "successions",
    "judgement": "judgements",
    "tie": "ties",
}
#: A snapshot names its data sets, and successions are part of what claims say.
_NOT_COUNTED = ("dataset", "succession")
_DELETE_EDGES: LiteralString = (
    "UNWIND $rows AS id MATCH ()-[r]->() WHERE elementId(r) = id DELETE r"
)
_DELETE_NODES: LiteralString = """UNWIND $rows AS id
MATCH (n) WHERE elementId(n) = id
DETACH DELETE n"""
_REPAIR: LiteralString = """UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row[0]
SET n += row[1]"""
_HASH: LiteralString = f"coalesce(n.content_hash, '{FOREIGN}')"
#: Ids and content hashes of what the store holds.
_HASHES: Mapping[str, LiteralString] = {
    "dataset": "MATCH (n:Dataset) RETURN n.id, " + _HASH,
    "source": "MATCH (n:Source) RETURN n.id, " + _HASH,
    "entity": "MATCH (n:Entity) RETURN n.id, " + _HASH,
    "claim": "MATCH (n:Claim) RETURN n.id, " + _HASH,
    "succession": "MATCH (c:Claim)-[:SUPERSEDES]->(o:Claim) RETURN c.id + '/' + o.id, ''",
    "judgement": "MATCH (:Entity)-[n:JUDGED]->(:Entity) RETURN n.id, " + _HASH,
    "tie": "MATCH (a:Entity)-[n:!JUDGED]->(b:Entity) "
    "RETURN a.id + '/' + type(n) + '/' + b.id, " + _HASH,
}
_COUNTS: Mapping[str, LiteralString] = {
    "dataset": "MATCH (n:Dataset) RETURN count(n)",
    "source": "MATCH (n:Source) RETURN count(n)",
    "entity": "MATCH (n:Entity) RETURN count(n)",
    "claim": "MATCH (n:Claim) RETURN count(n)",
    "judgement": "MATCH (:Entity)-[r:JUDGED]->(:Entity) RETURN count(r)",
    "tie": "MATCH (:Entity)-[r:!JUDGED]->(:Entity) RETURN count(r)",
    "edge": "MATCH (:Claim)-[r]->() RETURN count(r)",
}
