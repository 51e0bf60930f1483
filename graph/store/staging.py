"""Staging: a data set as rows of the store, compared with the rows that the store holds.

A data set may be larger than memory, so its rows wait in a SQLite file. Comparing ids and content
hashes of both sides says what a load has to write and remove.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph import dataset, projection
from graph.errors import DatasetFaults
from graph.model import Claim, Entity, Judgement, Source, Support, TieKey
from graph.scratch import scratch
from graph.store.mapping import (
    claim_row,
    entity_row,
    hashed,
    judgement_row,
    source_row,
    tie_row,
)
from graph.store.write import RowChange, claim_edges
from graph.text import TextStore

#: The kinds of row, in the order in which they can be written: each refers to those before it.
KINDS = ("source", "entity", "claim", "succession", "judgement", "tie")

Progress = Callable[[str, int, int], None]

#: Rows that are inserted at once.
_BATCH = 500
#: Of the cache, and of each sort, whatever the size of the data set.
_MEGABYTES = 16


class Staging:
    """Rows by kind and id. Use it as a context manager."""

    def __init__(self) -> None:
        self._db = scratch(
            "CREATE TABLE row (kind, grp, id, hash, body);"
            "CREATE TABLE stored (kind, id, hash);"
            "CREATE TABLE support (source, type, target, claim, body);"
            "CREATE TABLE superseded (claim)",
            _MEGABYTES,
        )
        self._rows: list[tuple[str, str, str, str, bytes]] = []
        self._supports: list[tuple[str, str, str, str, bytes]] = []

    def add(self, kind: str, group: str, record_id: str, hash_: str, body: Any) -> None:
        """Add a row of the data set; `group` is a type or predicate, whose rows go together."""
        self._rows.append((kind, group, record_id, hash_, pickle.dumps(body, 5)))
        if len(self._rows) >= _BATCH:
            self._flush()

    def merge_entity(self, entity_id: str, canonical_id: str) -> None:
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
        """Add a claim's support to each of its ties."""
        body = pickle.dumps(tuple(support), 5)
        claim_id = support.claim_id
        self._supports.extend((k.source, k.type, k.target, claim_id, body) for k in keys)
        if len(self._supports) >= _BATCH:
            self._flush()

    def supersede(self, claim_id: str) -> None:
        """Mark a claim as superseded by another: it supports no tie."""
        self._db.execute("INSERT INTO superseded VALUES (?)", (claim_id,))

    def supports(self) -> Iterator[tuple[TieKey, list[Support]]]:
        """Yield each tie with its supports from claims in force, in the order of the keys."""
        self._flush()
        rows = self._db.execute(
            "SELECT source, type, target, body FROM support "
            "WHERE claim NOT IN (SELECT claim FROM superseded) ORDER BY source, type, target"
        )
        for key, group in groupby(rows, lambda row: TieKey(*row[:3])):
            yield key, [Support(*pickle.loads(body)) for *_, body in group]

    def add_stored(self, kind: str, rows: Iterable[tuple[str, str]]) -> None:
        """Add the ids and hashes of one kind that the store holds."""
        self._db.executemany(
            "INSERT INTO stored VALUES (?, ?, ?)", ((kind, id_, hash_) for id_, hash_ in rows)
        )

    def compare(self) -> None:
        """Prepare the comparison: call it once both sides are complete."""
        self._index_rows()
        self._db.execute("CREATE INDEX stored_id ON stored (kind, id)")

    def changes(self, kind: str) -> Iterator[RowChange]:
        """Yield the rows of a kind that are new to the store or differ there, in their order."""
        rows = self._db.execute(
            # Without the index the rows come in the order of insertion; with it SQLite sorts the
            # bodies.
            "SELECT r.kind, r.grp, r.id, r.body, s.hash FROM row r NOT INDEXED "
            "LEFT JOIN stored s ON s.kind = r.kind AND s.id = r.id "
            "WHERE r.kind = ? AND s.hash IS NOT r.hash ORDER BY r.rowid",
            (kind,),
        )
        for kind_, group, id_, body, old_hash in rows:
            yield RowChange(kind_, group, id_, pickle.loads(body), old_hash)

    def removals(self, kind: str) -> Iterator[str]:
        """Yield the ids of a kind that the store holds and the data set does not."""
        rows = self._db.execute(
            "SELECT s.id FROM stored s LEFT JOIN row r ON r.kind = s.kind AND r.id = s.id "
            "WHERE s.kind = ? AND r.id IS NULL",
            (kind,),
        )
        yield from (id_ for (id_,) in rows)

    def count_changes(self) -> int:
        """Return the number of rows to write or remove."""
        query = (
            "SELECT (SELECT count(*) FROM row r LEFT JOIN stored s "
            "ON s.kind = r.kind AND s.id = r.id WHERE s.hash IS NOT r.hash) + "
            "(SELECT count(*) FROM stored s LEFT JOIN row r "
            "ON r.kind = s.kind AND r.id = s.id WHERE r.id IS NULL)"
        )
        (count,) = self._db.execute(query).fetchone()
        return int(count)

    def count_removals(self) -> dict[str, int]:
        """Return the number of records to remove, by kind; ties do not count as records."""
        records = ("source", "entity", "claim", "judgement")
        counts = {kind: sum(1 for _ in self.removals(kind)) for kind in records}
        return {kind: count for kind, count in counts.items() if count}

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each kind in the data set."""
        self._flush()
        counts = dict(self._db.execute("SELECT kind, count(*) FROM row GROUP BY kind").fetchall())
        return {kind: int(counts.get(kind, 0)) for kind in KINDS}

    def digest(self, *more: str) -> str:
        """Return 128 bits of SHA-256 over the ids and hashes of all rows, in any order."""
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


def stage(
    paths: Sequence[Path], staging: Staging, texts: TextStore | None, progress: Progress
) -> tuple[dataset.Checked, int]:
    """Check a data set and stage its rows and its ties.

    Returns the report and the number of edges of its claims. Raises `DatasetFaults` with every
    fault; the staged rows are of no use then.
    """
    rows = _RowBuilder(staging)
    report = dataset.check(
        paths,
        rows.add,
        texts=texts,
        progress=lambda done, of: progress("check", done, of),
    )
    if report.faults:
        raise DatasetFaults(report.faults)
    rows.finish(progress)
    return report, rows.edges


class _RowBuilder:
    """Turns checked records into rows, and remembers only what later rows depend on.

    In memory it keeps the type of each entity, the sources and the judgements; claims go straight
    to the staging file.
    """

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._types: dict[str, str] = {}
        self._sources: dict[str, Source] = {}
        self._judgements: list[Judgement] = []
        self._canonical: Mapping[str, str] | None = None
        self.edges = 0

    def add(self, record: Source | Entity | Judgement | Claim) -> None:
        """Add one record: sources, entities and judgements come before any claim."""
        if isinstance(record, Claim):
            self._add_claim(record)
        elif isinstance(record, Entity):
            self._types[record.id] = record.type
            row = entity_row(record)
            self._staging.add("entity", record.type, record.id, row["content_hash"], row)
        elif isinstance(record, Source):
            self._sources[record.id] = record
            row = source_row(record)
            self._staging.add("source", "", record.id, row["content_hash"], row)
        else:
            self._judgements.append(record)
            row = judgement_row(record)
            body = {"left": record.left, "right": record.right, "properties": row}
            self._staging.add("judgement", "", record.id, row["content_hash"], body)

    def _add_claim(self, claim: Claim) -> None:
        source = self._sources.get(claim.source)
        if source is None:  # A fault of the data set, which the check reports.
            return
        if self._canonical is None:
            self._canonical = projection.merged(self._judgements)
        row = claim_row(claim, source, self._types)
        edges = claim_edges(claim.roles, claim.said_by, self._types)
        self.edges += len(edges) + 1
        body = {"source": claim.source, "properties": row, "edges": edges}
        self._staging.add("claim", claim.predicate, claim.id, row["content_hash"], body)
        if claim.supersedes:
            self.edges += 1
            pair = f"{claim.id}/{claim.supersedes}"
            self._staging.add("succession", "", pair, "", pair.split("/"))
            if not claim.retracted:
                self._staging.supersede(claim.supersedes)
        support = projection.claim_support(claim, source, self._types, self._canonical)
        if support is not None:
            self._staging.add_support(projection.tie_keys(claim, self._canonical), support)

    def finish(self, progress: Progress) -> None:
        """Mark merged entities, and project the ties."""
        canonical = projection.merged(self._judgements)
        for merged_id, canonical_id in canonical.items():
            self._staging.merge_entity(merged_id, canonical_id)
        for count, (key, supports) in enumerate(self._staging.supports(), 1):
            tie = projection.tie(key, supports)
            if tie is not None:
                row = tie_row(tie)
                body = {"source": key.source, "target": key.target, "properties": row}
                self._staging.add("tie", key.type, str(key), row["content_hash"], body)
            if count % 10_000 == 0:
                progress("project", count, 0)
