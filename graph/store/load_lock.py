"""The node that says whose graph this is, and the lease that keeps two loads apart.

`(:Sightlines {id: 'store'})` marks a database as ours. A load holds a lease on it; the lease of a
process that is gone is taken over, so that a load that was killed is followed by one that works.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

from neo4j import ManagedTransaction, Transaction

from graph.errors import StoreBusy, StoreForeign
from graph.store.address import translated
from graph.store.connection import Writer
from graph.store.local.state import Mark

#: Seconds after which the lease of a load on another machine counts as left behind: longer than
#: one of its transactions may take, each of which renews it.
FORGOTTEN = 1_800


Renew = Callable[[Transaction | ManagedTransaction], None]


def guard(store: Writer) -> None:
    """Raise `StoreForeign` if the database holds a graph that is not ours; empty is fine."""
    ((nodes, ours, labels),) = store.run(
        "CALL () { MATCH (n) RETURN count(n) AS nodes } "
        "CALL () { OPTIONAL MATCH (s:Sightlines {id: 'store'}) RETURN count(s) > 0 AS ours } "
        "CALL () { MATCH (n) WITH n LIMIT 1000 UNWIND labels(n) AS label "
        "RETURN collect(DISTINCT label)[..5] AS labels } "
        "RETURN nodes, ours, labels",
        # The first statement to a server that has just started, on a machine that may be busy.
        seconds=60,
    )
    if nodes and not ours:
        raise StoreForeign(
            f"The database {store.address.database!r} at {store.address.uri} holds somebody else's "
            f"graph ({nodes:,} nodes, labels such as {', '.join(labels) or 'none'}): nothing was "
            "changed. Give an empty database with SIGHTLINES_NEO4J_DATABASE."
        )


def _holder() -> dict[str, Any]:
    me = Mark.of(os.getpid())
    return {"host": socket.gethostname(), "pid": me.pid, "started": me.created}


def _alive(lease: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    if lease["host"] != mine["host"]:
        return bool(lease["age"] < FORGOTTEN)
    return Mark(lease["pid"], lease["started"]).process() is not None


def _take(transaction: ManagedTransaction, mine: dict[str, Any]) -> Mapping[str, Any] | None:
    """Take the lease, or return that of a live process which holds it."""
    # Setting a property first locks the node: two loads that start at once queue here.
    found = transaction.run(
        "MERGE (s:Sightlines {id: 'store'}) SET s.asked_at = datetime() "
        "RETURN s.lease_host AS host, s.lease_pid AS pid, s.lease_started AS started, "
        "duration.inSeconds(s.lease_at, datetime()).seconds AS age"
    ).single(strict=True)
    if found["host"] is not None and _alive(found, mine):
        return found
    transaction.run(
        "MATCH (s:Sightlines {id: 'store'}) SET s.lease_host = $host, s.lease_pid = $pid, "
        "s.lease_started = $started, s.lease_at = datetime() REMOVE s.asked_at",
        mine,
    ).consume()
    return None


#: The lease of this process; no row once another load has taken it over.
_OURS: LiteralString = (
    "MATCH (s:Sightlines {id: 'store', lease_host: $host, lease_pid: $pid, "
    "lease_started: $started}) "
)


@contextmanager
def lease(store: Writer) -> Iterator[Renew]:
    """Hold the lease for as long as the block runs. Raises `StoreBusy` if another load holds it.

    Yields what each transaction of the load calls last, so that it keeps nobody waiting: it renews
    the lease, and raises `StoreBusy` if another load has taken it over.
    """
    mine = _holder()
    with translated(store.address), store.session() as session:
        other = session.execute_write(_take, mine)
    if other is not None:
        raise StoreBusy(
            f"Another load is under way (process {other['pid']} on {other['host']}): "
            "wait until it ends, then load again."
        )

    def renew(transaction: Transaction | ManagedTransaction) -> None:
        renewed = transaction.run(_OURS + "SET s.lease_at = datetime() RETURN s.id", mine)
        if renewed.single() is None:
            raise StoreBusy("Another load has taken over from this one: load again if need be.")

    try:
        yield renew
    finally:
        store.run(
            _OURS + "REMOVE s.lease_host, s.lease_pid, s.lease_started, s.lease_at",
            mine,
        )
