"""A load: check, compare, write the changes, read the counts back, create the snapshot.

After a load the store holds exactly the given data set. Each load after the first also logs what it
changed (`graph.store.change_log`). Up to `ONE_TRANSACTION` changed rows are written in one
transaction if the server has the memory for it, and readers see the old graph or the new one. More
rows are written in batches: each is atomic, a killed load is completed by the next one, and until
then the state of the store is `loading`. See architecture.md, "A load".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Any, LiteralString

from neo4j import Query, Session, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError, TransientError

from graph.errors import StoreBusy, StoreError, WouldRemove
from graph.ontology import ONTOLOGY
from graph.question import T
from graph.store import schema
from graph.store.address import translated
from graph.store.change_log import ChangeLog
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.load_lock import Renew, check_owner, load_lock
from graph.store.staging import KINDS, Progress, Staging, stage
from graph.store.state import STATE
from graph.store.write import AnyTransaction, RowChange
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
#: Seconds before each retry of a transaction.
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did; `written` and `removed` count rows by kind, without kinds of 0 rows.

    `staged`: in several transactions, so that readers could see a part of it.
    """

    snapshot: str
    data_set: str
    counts: Mapping[str, int]
    written: Mapping[str, int]
    removed: Mapping[str, int]
    staged: bool
    warnings: int


def load(
    writer: Writer,
    paths: Sequence[Path],
    *,
    replace: bool = False,
    texts: TextStore | None = None,
    progress: Progress = lambda phase, done, of: None,
    at_once: int = ONE_TRANSACTION,
    batch: int = BATCH,
) -> LoadResult:
    """Make the store hold exactly the data set in `paths`, and return what was done.

    Up to `at_once` changed rows are written in one transaction, more in batches of `batch` rows;
    after the first load a third fewer, since each row then comes with its logged change.

    Raises `DatasetFaults` with every fault; nothing is written then. Raises `WouldRemove` if the
    load would remove records of a data set with another name, unless `replace`. Raises a
    `StoreError` if the store cannot be used or holds the graph of another program.
    """
    with Staging() as staging:
        report, edges = stage(paths, staging, texts, progress)
        check_owner(writer)
        schema.prepare(writer)
        with load_lock(writer) as renew:
            work = _Load(writer, staging, report.name, edges, progress, renew, batch)
            return work.run(replace, at_once, len(report.warnings))


class _Load:
    def __init__(
        self,
        writer: Writer,
        staging: Staging,
        data_set: str,
        edges: int,
        progress: Progress,
        renew: Renew,
        batch: int,
    ) -> None:
        self._writer = writer
        self._staging = staging
        self._progress = progress
        self._renew = renew
        self._batch = batch
        self._data_set = data_set
        self._expected = staging.counts() | {"edge": edges}
        self._snapshot = {
            "id": staging.digest(ONTOLOGY.digest),
            "data_set": data_set,
            "ontology": ONTOLOGY.digest,
            **{_PLURALS[k]: n for k, n in staging.counts().items() if k != "succession"},
        }
        self._log = ChangeLog(None)
        self._writes: dict[str, int] = {}
        self._removals: dict[str, int] = {}

    def run(self, replace: bool, at_once: int, warnings: int) -> LoadResult:
        state = STATE.read(self._writer.run(STATE.cypher))
        staged, row_weight = False, 1.0
        target = (self._snapshot["id"], self._data_set)
        if state.loading or (state.snapshot, state.data_set) != target:
            self._compare()
            if not replace and state.data_set not in (None, self._data_set):
                self._refuse_removal(state.data_set)
            if state.snapshot is not None:
                ((newest,),) = self._writer.run(_NEWEST)
                self._log, row_weight = ChangeLog(newest + 1), _LOGGED_ROW
            large = state.loading or self._staging.count_changes() * row_weight > at_once
            staged = large or not self._write_at_once()
            if staged:
                self._write_in_batches()
        return LoadResult(
            snapshot=str(self._snapshot["id"]),
            data_set=self._data_set,
            counts={kind: self._expected[kind] for kind in KINDS},
            written=self._writes,
            removed=self._removals,
            staged=staged,
            warnings=warnings,
        )

    def _compare(self) -> None:
        """Read the ids and hashes of all records in the store."""
        with translated(self._writer.address), self._writer.session() as session:
            for kind, statement in _HASHES.items():
                self._progress("compare", KINDS.index(kind), len(KINDS))
                rows = session.run(Query(statement, timeout=WRITE_SECONDS))
                self._staging.add_stored(kind, ((row[0], row[1]) for row in rows))
        self._staging.compare()

    def _refuse_removal(self, current: str | None) -> None:
        removals = self._staging.count_removals()
        if removals:
            text = ", ".join(f"{count:,} {_PLURALS[kind]}" for kind, count in removals.items())
            raise WouldRemove(
                f"The store holds the data set {current!r}; loading {self._data_set!r} "
                f"would remove {text}. Give the paths of both to load them together, or "
                "--replace to replace the data set.",
                sum(removals.values()),
            )

    def _write_at_once(self) -> bool:
        """Write all in one transaction; return False if the server lacks the memory for it.

        Neo4j keeps the changes of a transaction in memory until it ends: about 16 KB for a row.
        """
        try:
            with translated(self._writer.address), self._writer.session() as session:
                _transact(session, self._write_all)
        except _TooLarge:
            return False
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
        self._finish(transaction)

    def _write_in_batches(self) -> None:
        self._writes, self._removals = {}, {}
        self._writer.run("MATCH (s:Sightlines {id: 'store'}) SET s.loading = true")
        with translated(self._writer.address), self._writer.session() as session:
            for kind, changes in self._write_batches():
                self._step(session, partial(self._log.write, kind=kind), changes)
                self._count_writes(kind, len(changes))
            for kind, ids in self._removal_batches():
                self._step(session, partial(self._log.remove, kind=kind), ids)
                self._count_removals(kind, len(ids))
            session.execute_read(unit_of_work(timeout=WRITE_SECONDS)(self._verify))
            _transact(session, self._finish)

    def _step(
        self, session: Session, act: Callable[[AnyTransaction, Any], None], rows: Sequence[Any]
    ) -> None:
        """Write rows in one transaction, or in halves if the server lacks the memory for all.

        The memory for a row is not known beforehand: a claim may have 20,000 characters, or 100.
        """

        def work(transaction: AnyTransaction) -> None:
            act(transaction, rows)
            self._renew(transaction)

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
        """Read the counts back. A difference is a defect, ours or the server's: it raises."""
        counts = {
            kind: transaction.run(statement).single(strict=True)[0]
            for kind, statement in _COUNTS.items()
        }
        wrong = {k: (n, self._expected[k]) for k, n in counts.items() if n != self._expected[k]}
        if wrong:
            text = ", ".join(f"{n:,} {k}s instead of {of:,}" for k, (n, of) in wrong.items())
            raise StoreError(f"After the load the store holds {text}. Load again.")

    def _finish(self, transaction: AnyTransaction) -> None:
        """Create the snapshot: the last step."""
        self._renew(transaction)
        transaction.run(
            "OPTIONAL MATCH (o:Snapshot) WITH max(o.sequence) AS newest "
            "MERGE (n:Snapshot {id: $snapshot.id}) SET n = $snapshot, "
            "n.sequence = coalesce(newest, 0) + 1, n.completed_on = datetime() "
            "WITH n MATCH (s:Sightlines {id: 'store'}) REMOVE s.loading "
            "WITH n, s OPTIONAL MATCH (s)-[before:CURRENT]->() DELETE before "
            "MERGE (s)-[:CURRENT]->(n)",
            {"snapshot": self._snapshot},
        ).consume()


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
_PLURALS = {
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "succession": "successions",
    "judgement": "judgements",
    "tie": "ties",
}
#: Ids and content hashes of what the store holds.
_HASHES: Mapping[str, LiteralString] = {
    "source": "MATCH (n:Source) RETURN n.id, n.content_hash",
    "entity": "MATCH (n:Entity) RETURN n.id, n.content_hash",
    "claim": "MATCH (n:Claim) RETURN n.id, n.content_hash",
    "succession": "MATCH (c:Claim)-[:SUPERSEDES]->(o:Claim) RETURN c.id + '/' + o.id, ''",
    "judgement": "MATCH (:Entity)-[r:JUDGED]->(:Entity) RETURN r.id, r.content_hash",
    "tie": "MATCH (a:Entity)-[r:!JUDGED]->(b:Entity) "
    "RETURN a.id + '/' + type(r) + '/' + b.id, r.content_hash",
}
_COUNTS: Mapping[str, LiteralString] = {
    "source": "MATCH (n:Source) RETURN count(n)",
    "entity": "MATCH (n:Entity) RETURN count(n)",
    "claim": "MATCH (n:Claim) RETURN count(n)",
    "judgement": "MATCH (:Entity)-[r:JUDGED]->(:Entity) RETURN count(r)",
    "tie": "MATCH (:Entity)-[r:!JUDGED]->(:Entity) RETURN count(r)",
    "edge": "MATCH (:Claim)-[r]->() RETURN count(r)",
}
