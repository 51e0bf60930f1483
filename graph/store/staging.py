"""A load's scratch file: what the data set holds, and what the store holds, side by side.

A data set may be larger than memory, so its rows wait in scratch space on disk. Comparing the two
sides by content hash says what to write.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import TracebackType
from typing import Any, NamedTuple, Self

from graph.model import Support, TieKey
from graph.scratch import scratch
from graph.store.mapping import hashed

#: The kinds of row, in the order in which they can be written: each needs those before it.
KINDS = ("source", "entity", "claim", "succession", "judgement", "tie")

_BATCH = 500
#: Of the cache, and of each sort, whatever the size of the data set.
_MEGABYTES = 16


class Change(NamedTuple):
    """One row to write: `old` is the hash that the store holds, None if it lacks the record."""

    kind: str
    group: str
    id: str
    body: Any
    old: str | None


class Spool:
    """Rows by kind and id. Use it as a context manager."""

    def __init__(self) -> None:
        self._db = scratch(
            "CREATE TABLE row (kind, grp, id, hash, body);"
            "CREATE TABLE held (kind, id, hash);"
            "CREATE TABLE support (source, type, target, claim, body);"
            "CREATE TABLE superseded (claim)",
            _MEGABYTES,
        )
        self._rows: list[tuple[str, str, str, str, bytes]] = []
        self._supports: list[tuple[str, str, str, str, bytes]] = []

    def add(self, kind: str, group: str, record_id: str, hash_: str, body: Any) -> None:
        """Add a row of the data set; `group` is what is written together (a type, a predicate)."""
        self._rows.append((kind, group, record_id, hash_, pickle.dumps(body, 5)))
        if len(self._rows) >= _BATCH:
            self._flush()

    def amend_entity(self, entity_id: str, canonical_id: str) -> None:
        """Mark an entity as merged into another."""
        self._index_rows()
        (body,) = self._db.execute(
            "SELECT body FROM row WHERE kind = 'entity' AND id = ?", (entity_id,)
        ).fetchone()
        properties = pickle.loads(body)
        del properties["content_hash"]
        row = hashed(properties | {"canonical_id": canonical_id})
        self._db.execute(
            "UPDATE row SET hash = ?, body = ? WHERE kind = 'entity' AND id = ?",
            (row["content_hash"], pickle.dumps(row, 5), entity_id),
        )

    def add_support(self, keys: Iterable[TieKey], support: Support) -> None:
        """Add what a claim lends to each of its ties."""
        body = pickle.dumps(tuple(support), 5)
        self._supports.extend((*key, support.claim_id, body) for key in keys)
        if len(self._supports) >= _BATCH:
            self._flush()

    def supersede(self, claim_id: str) -> None:
        """Note that another claim takes the place of this one, which then supports nothing."""
        self._db.execute("INSERT INTO superseded VALUES (?)", (claim_id,))

    def supports(self) -> Iterator[tuple[TieKey, list[Support]]]:
        """Yield each tie's supports that nothing supersedes, in the order of the keys."""
        self._flush()
        found = self._db.execute(
            "SELECT source, type, target, body FROM support "
            "WHERE claim NOT IN (SELECT claim FROM superseded) ORDER BY source, type, target"
        )
        for key, rows in groupby(found, lambda row: TieKey(*row[:3])):
            yield key, [Support(*pickle.loads(body)) for *_, body in rows]

    def hold(self, kind: str, rows: Iterable[tuple[str, str]]) -> None:
        """Add what the store holds of one kind: ids and hashes."""
        self._db.executemany(
            "INSERT INTO held VALUES (?, ?, ?)", ((kind, id_, hash_) for id_, hash_ in rows)
        )

    def compare(self) -> None:
        """Call it when both sides are complete and before asking for the differences."""
        self._index_rows()
        self._db.execute("CREATE INDEX held_id ON held (kind, id)")

    def changes(self, kind: str) -> Iterator[Change]:
        """Yield the rows of a kind that the store lacks or holds otherwise, in their order."""
        found = self._db.execute(
            # Without the index the rows come in order as they lie; with it SQLite sorts the bodies.
            "SELECT r.kind, r.grp, r.id, r.body, h.hash FROM row r NOT INDEXED "
            "LEFT JOIN held h ON h.kind = r.kind AND h.id = r.id "
            "WHERE r.kind = ? AND h.hash IS NOT r.hash ORDER BY r.rowid",
            (kind,),
        )
        for kind_, group, id_, body, old in found:
            yield Change(kind_, group, id_, pickle.loads(body), old)

    def removed(self, kind: str) -> Iterator[str]:
        """Yield the ids of a kind that the store holds and the data set lacks."""
        found = self._db.execute(
            "SELECT h.id FROM held h LEFT JOIN row r ON r.kind = h.kind AND r.id = h.id "
            "WHERE h.kind = ? AND r.id IS NULL",
            (kind,),
        )
        yield from (id_ for (id_,) in found)

    def count_changes(self) -> int:
        """Return how many rows are to be written or removed."""
        query = (
            "SELECT (SELECT count(*) FROM row r LEFT JOIN held h "
            "ON h.kind = r.kind AND h.id = r.id WHERE h.hash IS NOT r.hash) + "
            "(SELECT count(*) FROM held h LEFT JOIN row r "
            "ON r.kind = h.kind AND r.id = h.id WHERE r.id IS NULL)"
        )
        (count,) = self._db.execute(query).fetchone()
        return int(count)

    def count_removed(self) -> dict[str, int]:
        """Return how many records of each kind the data set lacks; ties are no records."""
        records = ("source", "entity", "claim", "judgement")
        counts = {kind: sum(1 for _ in self.removed(kind)) for kind in records}
        return {kind: count for kind, count in counts.items() if count}

    def counts(self) -> dict[str, int]:
        """Return how many rows of each kind the data set has."""
        self._flush()
        found = dict(self._db.execute("SELECT kind, count(*) FROM row GROUP BY kind").fetchall())
        return {kind: int(found.get(kind, 0)) for kind in KINDS}

    def digest(self, *more: str) -> str:
        """Return 128 bits of SHA-256 over all rows' ids and hashes, whatever their order."""
        self._flush()
        digest = hashlib.sha256("\n".join(more).encode())
        for row in self._db.execute("SELECT kind, id, hash FROM row ORDER BY kind, id"):
            digest.update("\t".join(row).encode() + b"\n")
        return digest.hexdigest()[:32]

    def _index_rows(self) -> None:
        self._flush()
        self._db.execute("CREATE INDEX IF NOT EXISTS row_id ON row (kind, id)")

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?)", self._rows)
        self._db.executemany("INSERT INTO support VALUES (?, ?, ?, ?, ?)", self._supports)
        self._rows.clear()
        self._supports.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()
