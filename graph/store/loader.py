"""A load: check, compare, write what changed, read the counts back, make the snapshot.

The data set that is given is what the store will hold: nothing more, nothing less. Each load after
the first also leaves what it changed (`graph.store.change_log`). Up to
`ONE_TRANSACTION` changed rows, where the server has the memory for it, readers see the old graph or
the new one. Beyond that the rows are written in batches; each is whole, a load that was killed is
completed by the next one, and until then the store says `loading`. See architecture.md, "A load".
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

from neo4j import Session, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError, TransientError

from graph.errors import StoreBusy, StoreError, WouldRemove
from graph.ontology import ONTOLOGY
from graph.question import T
from graph.store import load_lock, schema
from graph.store.address import translated
from graph.store.change_log import Recorder
from graph.store.connection import Writer
from graph.store.gather import Progress, gather
from graph.store.staging import KINDS, Change, Spool
from graph.store.state import STATE
from graph.store.write import AnyTransaction
from graph.text import TextStore

ONE_TRANSACTION = 20_000
#: How many rows one counts for with what is kept of its change.
_KEPT = 1.5
#: With their edges, 2,000 claims take some 64 MB of a server's memory until they are committed.
BATCH = 2_000
#: What a server answers whose memory for one transaction, or for all of them, is used up.
_OUT_OF_MEMORY = (
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "Neo.TransientError.General.OutOfMemoryError",
)
#: Seconds that one transaction of a load may take.
_PATIENCE = 900.0
#: Seconds to wait before a transaction is tried again.
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `written` and `removed` count rows by kind, and lack those without any."""

    snapshot: str
    data_set: str
    counts: Mapping[str, int]
    written: Mapping[str, int]
    removed: Mapping[str, int]
    staged: bool
    warnings: int


def load(
    store: Writer,
    paths: Sequence[Path],
    *,
    replace: bool = False,
    texts: TextStore | None = None,
    progress: Progress = lambda phase, done, of: None,
    at_once: int = ONE_TRANSACTION,
    batch: int = BATCH,
) -> Loaded:
    """Make the store hold exactly the data set in `paths`, and return what was done.

    Up to `at_once` changed rows are written in one transaction, more in steps of `batch` rows;
    after the first load a third less, since each row then leaves its change as well.

    Raises `DatasetFaults` with every fault, and writes nothing then. Raises `WouldRemove` when
    records of a data set with another name would go, unless `replace`. Raises a `StoreError` when
    the store cannot be used or holds somebody else's graph.
    """
    with Spool() as spool:
        checked, edges = gather(paths, spool, texts, progress)
        load_lock.guard(store)
        schema.prepare(store)
        with load_lock.lease(store) as renew:
            work = _Load(store, spool, checked.name, edges, progress, renew, batch)
            return work.run(replace, at_once, len(checked.warnings))


class _Load:
    def __init__(
        self,
        store: Writer,
        spool: Spool,
        data_set: str,
        edges: int,
        progress: Progress,
        renew: load_lock.Renew,
        batch: int,
    ) -> None:
        self._store = store
        self._spool = spool
        self._progress = progress
        self._renew = renew
        self._batch = batch
        self._data_set = data_set
        self._expected = spool.counts() | {"edge": edges}
        self._snapshot = {
            "id": spool.digest(ONTOLOGY.digest),
            "data_set": data_set,
            "ontology": ONTOLOGY.digest,
            **{_PLURALS[k]: n for k, n in spool.counts().items() if k != "succession"},
        }
        self._recorder = Recorder(None)
        self._changed: dict[str, int] = {}
        self._gone: dict[str, int] = {}

    def run(self, replace: bool, at_once: int, warnings: int) -> Loaded:
        state = STATE.read(self._store.run(STATE.cypher))
        staged, weight = False, 1.0
        held, given = (state.snapshot, state.data_set), (self._snapshot["id"], self._data_set)
        if state.loading or held != given:
            self._compare()
            if not replace and state.data_set not in (None, self._data_set):
                self._refuse_removal(state.data_set)
            if state.snapshot is not None:
                ((newest,),) = self._store.run(_NEWEST)
                self._recorder, weight = Recorder(newest + 1), _KEPT
            large = state.loading or self._spool.count_changes() * weight > at_once
            staged = large or not self._write_at_once()
            if staged:
                self._write_staged()
        return Loaded(
            snapshot=str(self._snapshot["id"]),
            data_set=self._data_set,
            counts={kind: self._expected[kind] for kind in KINDS},
            written=self._changed,
            removed=self._gone,
            staged=staged,
            warnings=warnings,
        )

    def _compare(self) -> None:
        """Read the ids and hashes of what the store holds."""
        with translated(self._store.address), self._store.session() as session:
            for kind, statement in _HELD.items():
                self._progress("compare", KINDS.index(kind), len(KINDS))
                rows = session.run(statement)
                self._spool.hold(kind, ((row[0], row[1]) for row in rows))
        self._spool.compare()

    def _refuse_removal(self, held: str | None) -> None:
        removed = self._spool.count_removed()
        if removed:
            what = ", ".join(f"{count:,} {_PLURALS[kind]}" for kind, count in removed.items())
            raise WouldRemove(
                f"The store holds the data set {held!r}; loading {self._data_set!r} "
                f"would remove {what}. Give the paths of both to load them together, or "
                "--replace to put this one in its place.",
                sum(removed.values()),
            )

    def _write_at_once(self) -> bool:
        """Write all in one transaction; return False if the server has no memory for one so large.

        Neo4j holds what a transaction changes in memory until it ends: about 16 KB for a row.
        """
        try:
            with translated(self._store.address), self._store.session() as session:
                _transact(session, self._write_all)
        except _TooLarge:
            return False
        return True

    def _write_all(self, transaction: AnyTransaction) -> None:
        self._changed, self._gone = {}, {}
        for kind, changes in self._batches():
            self._recorder.write(transaction, changes, kind)
            self._wrote(kind, len(changes))
        for kind, ids in self._removals():
            self._recorder.remove(transaction, ids, kind)
            self._removed(kind, len(ids))
        self._verify(transaction)
        self._finish(transaction)

    def _write_staged(self) -> None:
        self._changed, self._gone = {}, {}
        self._store.run("MATCH (s:Sightlines {id: 'store'}) SET s.loading = true")
        with translated(self._store.address), self._store.session() as session:
            for kind, changes in self._batches():
                self._step(session, partial(self._recorder.write, kind=kind), changes)
                self._wrote(kind, len(changes))
            for kind, ids in self._removals():
                self._step(session, partial(self._recorder.remove, kind=kind), ids)
                self._removed(kind, len(ids))
            session.execute_read(unit_of_work(timeout=_PATIENCE)(self._verify))
            _transact(session, self._finish)

    def _step(
        self, session: Session, act: Callable[[AnyTransaction, Any], None], rows: Sequence[Any]
    ) -> None:
        """Write rows in one transaction, or in halves where the server has no memory for so many.

        How much a row takes is not known before: a claim may have 20,000 letters, or 100.
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

    def _batches(self) -> Iterator[tuple[str, list[Change]]]:
        for kind in KINDS:
            for batch in _chunks(self._spool.changes(kind), self._batch):
                yield kind, batch

    def _removals(self) -> Iterator[tuple[str, list[str]]]:
        for kind in reversed(KINDS):
            for ids in _chunks(self._spool.removed(kind), self._batch):
                yield kind, ids

    def _wrote(self, kind: str, count: int) -> None:
        self._changed[kind] = self._changed.get(kind, 0) + count
        self._progress(_PLURALS[kind], self._changed[kind], self._expected[kind])

    def _removed(self, kind: str, count: int) -> None:
        self._gone[kind] = self._gone.get(kind, 0) + count

    def _verify(self, transaction: AnyTransaction) -> None:
        """Read the counts back. A difference is a defect, ours or the store's: never passed by."""
        found = {
            kind: transaction.run(statement).single(strict=True)[0]
            for kind, statement in _COUNTS.items()
        }
        wrong = {k: (n, self._expected[k]) for k, n in found.items() if n != self._expected[k]}
        if wrong:
            text = ", ".join(f"{n:,} {k}s and not {of:,}" for k, (n, of) in wrong.items())
            raise StoreError(f"After the load the store holds {text}. Load again.")

    def _finish(self, transaction: AnyTransaction) -> None:
        """Make the snapshot: the last act."""
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
    """One transaction cannot hold so much: to try it again would be in vain."""


def _transact(session: Session, work: Callable[[AnyTransaction], None]) -> None:
    """Do the work in a transaction, again where it met another's lock. Raises `_TooLarge`.

    What is too large may show at the very end, when the changes are committed: the driver's own
    way of trying again would then do it all over, for half a minute and in vain.
    """
    for pause in (*_PAUSES, None):
        try:
            with _told_if_too_large(), session.begin_transaction(timeout=_PATIENCE) as transaction:
                work(transaction)
                transaction.commit()
            return
        except (DriverError, Neo4jError) as error:
            if pause is None or not error.is_retryable():
                raise
            sleep(pause)


@contextmanager
def _told_if_too_large() -> Iterator[None]:
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


#: The number of the last load that was completed, whatever it was of.
_NEWEST: LiteralString = "MATCH (n:Snapshot) RETURN coalesce(max(n.sequence), 0) AS newest"
_PLURALS = {
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "succession": "successions",
    "judgement": "judgements",
    "tie": "ties",
}
_HELD = {
    "source": "MATCH (n:Source) RETURN n.id, n.content_hash",
    "entity": "MATCH (n:Entity) RETURN n.id, n.content_hash",
    "claim": "MATCH (n:Claim) RETURN n.id, n.content_hash",
    "succession": "MATCH (c:Claim)-[:SUPERSEDES]->(o:Claim) RETURN c.id + '/' + o.id, ''",
    "judgement": "MATCH (:Entity)-[r:JUDGED]->(:Entity) RETURN r.id, r.content_hash",
    "tie": "MATCH (a:Entity)-[r:!JUDGED]->(b:Entity) "
    "RETURN a.id + '/' + type(r) + '/' + b.id, r.content_hash",
}
_COUNTS = {
    "source": "MATCH (n:Source) RETURN count(n)",
    "entity": "MATCH (n:Entity) RETURN count(n)",
    "claim": "MATCH (n:Claim) RETURN count(n)",
    "judgement": "MATCH (:Entity)-[r:JUDGED]->(:Entity) RETURN count(r)",
    "tie": "MATCH (:Entity)-[r:!JUDGED]->(:Entity) RETURN count(r)",
    "edge": "MATCH (:Claim)-[r]->() RETURN count(r)",
}
