"""The node that marks a database as ours, and the lock on it that keeps two loads apart.

`(:Sightlines {id: 'store'})` marks the database. A load holds a lease on this node and renews it;
the lease of a process that has ended is taken over, so that a killed load does not block the next.
The node also has the number of the last transaction of a load: if the database's is another one,
somebody else has written.
"""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

from neo4j import ManagedTransaction, unit_of_work

from graph.errors import StoreBusy, StoreForeign
from graph.store.address import store_errors
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.local.state import Mark
from graph.store.write import AnyTransaction

#: Seconds after which the lease of a load on another machine has expired: longer than one of its
#: transactions may take, each of which renews it.
LEASE_SECONDS = 1_800


def check_owner(writer: Writer) -> None:
    """Raise `StoreForeign` if the database holds a graph that is not ours; empty is fine."""
    ((nodes, ours, labels),) = writer.run(_OWNER)
    if nodes and not ours:
        raise StoreForeign(
            f"The database {writer.address.database!r} at {writer.address.uri} holds the graph of "
            f"another program ({nodes:,} nodes, labels such as {', '.join(labels) or 'none'}): "
            "nothing was changed. Name an empty database in SIGHTLINES_NEO4J_DATABASE."
        )


#: The number of nodes, whether one is our mark, and some of the labels.
_OWNER: LiteralString = """CALL () { MATCH (n) RETURN count(n) AS nodes }
CALL () {
  OPTIONAL MATCH (s:Sightlines {id: 'store'}) WITH count(s) AS marks
  OPTIONAL MATCH (n:Snapshot) WHERE n.ontology IS NOT NULL
  WITH marks, count(n) AS snapshots
  RETURN marks + snapshots > 0 AS ours
}
CALL () {
  MATCH (n) WITH n LIMIT 1000
  UNWIND labels(n) AS label
  RETURN collect(DISTINCT label)[..5] AS labels
}
RETURN nodes, ours, labels"""


def _this_process() -> dict[str, Any]:
    mark = Mark.of(os.getpid())
    return {"host": socket.gethostname(), "pid": mark.pid, "started": mark.created}


def _is_valid(lease: Mapping[str, Any], host: str) -> bool:
    if lease["host"] != host:
        return bool(lease["age"] < LEASE_SECONDS)
    return Mark(lease["pid"], lease["started"]).process() is not None


@unit_of_work(timeout=WRITE_SECONDS)
def _acquire(
    transaction: ManagedTransaction, holder: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Write the lease of this process, or return the valid lease of another one."""
    # Setting a property first locks the node: of two loads that start at once, one waits here.
    lease = transaction.run(
        "MERGE (s:Sightlines {id: 'store'}) SET s.asked_at = datetime() "
        "RETURN s.lease_host AS host, s.lease_pid AS pid, s.lease_started AS started, "
        "duration.inSeconds(s.lease_at, datetime()).seconds AS age"
    ).single(strict=True)
    if lease["host"] is not None and _is_valid(lease, holder["host"]):
        return lease
    transaction.run(
        "MATCH (s:Sightlines {id: 'store'}) SET s.lease_host = $host, s.lease_pid = $pid, "
        "s.lease_started = $started, s.lease_at = datetime() REMOVE s.asked_at",
        dict(holder),
    ).consume()
    return None


#: Matches while the lease is that of the process in the parameters.
_LEASE: LiteralString = (
    "MATCH (s:Sightlines {id: 'store', lease_host: $host, lease_pid: $pid, "
    "lease_started: $started}) "
)


class Lease:
    """The lock of a load. `foreign`: the store was written to by somebody else since the last load.

    Who sets it to False vouches for what the store holds: `sightlines db verify`, `load --rebuild`.
    """

    def __init__(self, holder: Mapping[str, Any], foreign: bool) -> None:
        self._holder = holder
        self.foreign = foreign

    def renew(self, transaction: AnyTransaction) -> None:
        """Renew it. Raises `StoreBusy` if another load has taken the lock over.

        Each transaction of a load calls this last, so that it blocks readers of the node for a
        moment only.
        """
        statement: LiteralString = _LEASE + "SET s.lease_at = datetime() RETURN s.id"
        result = transaction.run(statement, dict(self._holder))
        if result.single() is None:
            raise StoreBusy("Another load has taken over the lock: load again if necessary.")


@contextmanager
def load_lock(writer: Writer) -> Iterator[Lease]:
    """Hold the lock while the block runs. Raises `StoreBusy` if another load holds it."""
    holder = _this_process()
    foreign = is_foreign(writer)
    with store_errors(writer.address), writer.session() as session:
        other = session.execute_write(_acquire, holder)
    if other is not None:
        raise StoreBusy(
            f"Another load is running (process {other['pid']} on {other['host']}): "
            "wait until it ends, then try again."
        )
    lease = Lease(holder, foreign)
    try:
        yield lease
    finally:
        # This statement is the next transaction. What somebody else wrote stays noticeable.
        last = None if lease.foreign else last_transaction(writer)
        parameters = {**holder, "transaction": None if last is None else last + 1}
        writer.run(_LEASE + (_RELEASE if lease.foreign else _RELEASE + _NOTE), parameters)


_RELEASE: LiteralString = "REMOVE s.lease_host, s.lease_pid, s.lease_started, s.lease_at"
_NOTE: LiteralString = " SET s.transaction = $transaction"


def is_foreign(writer: Writer) -> bool:
    """Whether somebody else has written to the database since the last load ended.

    False while a load is under way, after one that was killed, and where nothing is known.
    """
    last = last_transaction(writer)
    rows = writer.run(
        "MATCH (s:Sightlines {id: 'store'}) WHERE s.lease_host IS NULL RETURN s.transaction"
    )
    own = rows[0][0] if rows else None
    return None not in (last, own) and last != own


def last_transaction(writer: Writer) -> int | None:
    """Return the number of the last transaction that changed the database, None if it is unknown.

    Neo4j Community tells it in bookmarks only. They are base64 of a list in PackStream, of the 16
    bytes of the database's id and the number; another form tells nothing.
    """
    with store_errors(writer.address), writer.session() as session:
        session.run("RETURN 1").consume()
        bookmarks = [*session.last_bookmarks().raw_values]
    if len(bookmarks) != 1 or not bookmarks[0].startswith("FB:"):
        return None
    content = base64.b64decode(bookmarks[0][3:])
    if content[:3] != b"\x91\xcc\x10":
        return None
    number = content[19:]
    if number[0] < 0x80:
        return number[0]
    size = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}.get(number[0])
    return None if size is None else int.from_bytes(number[1 : 1 + size])
