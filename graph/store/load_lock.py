"""The node that marks a database as ours, and the lock on it that keeps two loads apart.

`(:Sightlines {id: 'store'})` marks the database. A load holds a lease on this node and renews it;
the lease of a process that has ended is taken over, so that a killed load does not block the next.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

from neo4j import ManagedTransaction, unit_of_work

from graph.errors import StoreBusy, StoreForeign
from graph.store.address import translated
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.local.state import Mark
from graph.store.write import AnyTransaction

#: Seconds after which the lease of a load on another machine has expired: longer than one of its
#: transactions may take, each of which renews it.
LEASE_SECONDS = 1_800

Renew = Callable[[AnyTransaction], None]


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
CALL () { OPTIONAL MATCH (s:Sightlines {id: 'store'}) RETURN count(s) > 0 AS ours }
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


@contextmanager
def load_lock(writer: Writer) -> Iterator[Renew]:
    """Hold the lock while the block runs. Raises `StoreBusy` if another load holds it.

    Yields a function that each transaction of the load calls last, so that it blocks readers of the
    node for a moment only: it renews the lease, and raises `StoreBusy` if another load has taken it
    over.
    """
    holder = _this_process()
    with translated(writer.address), writer.session() as session:
        other = session.execute_write(_acquire, holder)
    if other is not None:
        raise StoreBusy(
            f"Another load is running (process {other['pid']} on {other['host']}): "
            "wait until it ends, then load again."
        )

    def renew(transaction: AnyTransaction) -> None:
        result = transaction.run(_LEASE + "SET s.lease_at = datetime() RETURN s.id", holder)
        if result.single() is None:
            raise StoreBusy("Another load has taken over the lock: load again if necessary.")

    try:
        yield renew
    finally:
        writer.run(
            _LEASE + "REMOVE s.lease_host, s.lease_pid, s.lease_started, s.lease_at",
            holder,
        )
