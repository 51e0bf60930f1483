"""Staging: data sets as rows of the store, compared with the rows that the store holds.

They may be larger than memory, so their rows wait in a SQLite file. Comparing ids and content
hashes of both sides says what a load has to write and remove.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from types import TracebackType
from typing import Any, Protocol, Self

from graph import dataset, projection
from graph.errors import DatasetFaults
from graph.model import Claim, Entity, Judgement, Source, Support, TieKey
from graph.model.entity import merge_entities
from graph.model.source import merge_sources
from graph.scratch import scratch
from graph.store.mapping import (
    claim_row,
    claim_with_ties,
    dataset_row,
    entity_row,
    judgement_row,
    read_entity,
    source_row,
    tie_row,
    with_hash,
)
from graph.store.write import FOREIGN, RowChange, claim_edges
from graph.text import TextStore

#: The kinds of row, in the order in which they can be written: each refers to those before it.
KINDS = ("dataset", "entity", "source", "claim", "succession", "judgement", "tie")

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
            "CREATE TABLE support (source, type, target, claim, dataset, body);"
            "CREATE TABLE superseded (claim)",
            _MEGABYTES,
        )
        self._rows: list[tuple[str, str, str, str, bytes]] = []
        self._supports: list[tuple[str, str, str, str, str, bytes]] = []

    def add(self, kind: str, group: str, record_id: str, hash_: str, body: Any) -> None:
        """Add a row of the data set; `group` is a type or predicate, whose rows go together."""
        self._rows.append((kind, group, record_id, hash_, pickle.dumps(body, 5)))
        if len(self._rows) >= _BATCH:
            self._flush()

    def entity(self, entity_id: str) -> dict[str, Any]:
        """Return the properties of a staged entity."""
        self._index_rows()
        (body,) = self._db.execute(
            "SELECT body FROM row WHERE kind = 'entity' AND id = ?", (entity_id,)
        ).fetchone()
        properties: dict[str, Any] = pickle.loads(body)
        return properties

    def replace_entity(self, row: Mapping[str, Any]) -> None:
        """Put other properties in the place of those of a staged entity."""
        self._db.execute(
            "UPDATE row SET hash = ?, body = ? WHERE kind = 'entity' AND id = ?",
            (row["content_hash"], pickle.dumps(row, 5), row["id"]),
        )

    def merge_entity(self, entity_id: str, canonical_id: str) -> None:
        """Mark an entity as merged into another."""
        properties = self.entity(entity_id)
        del properties["content_hash"]
        self.replace_entity(with_hash(properties | {"canonical_id": canonical_id}))

    def add_support(self, key: TieKey, support: Support, dataset: str) -> None:
        """Add what a claim of a data set lends to one of its ties."""
        body = pickle.dumps(tuple(support), 5)
        row = (key.source, key.type, key.target, support.claim_id, dataset, body)
        self._supports.append(row)
        if len(self._supports) >= _BATCH:
            self._flush()

    def supersede(self, claim_id: str) -> None:
        """Mark a claim as superseded by another: it supports no tie."""
        self._db.execute("INSERT INTO superseded VALUES (?)", (claim_id,))

    def take_ties_from_superseded(self) -> None:
        """Put the rows without ties in the place of those of superseded claims."""
        self._index_rows()
        query = (
            "SELECT rowid, body FROM row WHERE kind = 'claim' "
            "AND id IN (SELECT claim FROM superseded)"
        )
        for number, content in self._db.execute(query).fetchall():
            body = pickle.loads(content)
            if "without_ties" in body:
                row = body["properties"] = body.pop("without_ties")
                values = (row["content_hash"], pickle.dumps(body, 5), number)
                self._db.execute("UPDATE row SET hash = ?, body = ? WHERE rowid = ?", values)

    def supports(self) -> Iterator[tuple[TieKey, list[Support], set[str]]]:
        """Yield each tie with its supports from claims in force and their data sets, by key."""
        self._flush()
        rows = self._db.execute(
            "SELECT source, type, target, dataset, body FROM support "
            "WHERE claim NOT IN (SELECT claim FROM superseded) ORDER BY source, type, target"
        )
        for key, group in groupby(rows, lambda row: TieKey(*row[:3])):
            supports, datasets = [], set()
            for *_, dataset_id, body in group:
                supports.append(Support(*pickle.loads(body)))
                datasets.add(dataset_id)
            yield key, supports, datasets

    def support_ids(self) -> set[str]:
        """Return the ids of the ties that have supports."""
        self._flush()
        rows = self._db.execute("SELECT DISTINCT source, type, target FROM support")
        return {str(TieKey(*row)) for row in rows}

    def hashes(self, kind: str) -> dict[str, str]:
        """Return the content hashes of the rows of a kind, by their ids."""
        self._flush()
        return dict(self._db.execute("SELECT id, hash FROM row WHERE kind = ?", (kind,)))

    @property
    def has_hashes(self) -> bool:
        """Whether hashes of records in the store were added."""
        return bool(self._db.execute("SELECT EXISTS (SELECT 1 FROM stored)").fetchone()[0])

    def keep(self, removal_claims: Iterable[str], tie_ids: Iterable[str]) -> None:
        """Stage claims, successions and ties that the store holds and that stay as they are.

        Those are the ones that are not staged, but for some claims, and for ties that were
        projected anew. Call it once all hashes are there.
        """
        self._index_rows()
        self._db.execute("CREATE TABLE changing (kind, id)")
        self._db.executemany(
            "INSERT INTO changing VALUES ('claim', ?)", ((i,) for i in removal_claims)
        )
        self._db.executemany("INSERT INTO changing VALUES ('tie', ?)", ((i,) for i in tie_ids))
        self._db.execute("CREATE INDEX changing_id ON changing (kind, id)")
        self._db.execute(
            "INSERT INTO row SELECT s.kind, '', s.id, s.hash, NULL FROM stored s "
            "WHERE s.kind IN ('claim', 'succession', 'tie') AND s.hash <> ? "
            "AND NOT EXISTS (SELECT 1 FROM row r WHERE r.kind = s.kind AND r.id = s.id) "
            "AND NOT EXISTS (SELECT 1 FROM changing c WHERE c.id = s.id AND c.kind = s.kind) "
            # The id of a succession begins with that of the claim that supersedes another one.
            "AND NOT EXISTS (SELECT 1 FROM changing c WHERE s.kind = 'succession' "
            "AND c.kind = 'claim' AND c.id = substr(s.id, 1, instr(s.id, '/') - 1))",
            (FOREIGN,),
        )

    def row(self, kind: str, record_id: str) -> tuple[str, str, Any] | None:
        """Return the group, the hash and the body of a staged row, or None."""
        self._index_rows()
        row = self._db.execute(
            "SELECT grp, hash, body FROM row WHERE kind = ? AND id = ?", (kind, record_id)
        ).fetchone()
        return None if row is None else (row[0], row[1], pickle.loads(row[2]))

    def forget_hashes(self) -> None:
        """Forget what the store holds, to add it anew."""
        self._db.execute("DELETE FROM stored")

    def missing(self) -> Iterator[tuple[str, str]]:
        """Yield the kind and the id of each staged row that the store lacks."""
        yield from self._db.execute(
            "SELECT r.kind, r.id FROM row r LEFT JOIN stored s ON s.kind = r.kind AND s.id = r.id "
            "WHERE s.id IS NULL ORDER BY r.rowid"
        )

    def add_hashes(self, kind: str, rows: Iterable[tuple[str, str]]) -> None:
        """Add the ids and hashes of one kind that the store holds.

        `FOREIGN` and `DAMAGED` in the place of a hash: it is written again if it is staged.
        """
        self._db.executemany(
            "INSERT INTO stored VALUES (?, ?, ?)", ((kind, id_, hash_) for id_, hash_ in rows)
        )

    def compare(self) -> None:
        """Prepare the comparison: call it once both sides are complete."""
        self._index_rows()
        self._db.execute("CREATE INDEX IF NOT EXISTS stored_id ON stored (kind, id)")

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
            "WHERE s.kind = ? AND r.id IS NULL AND s.hash <> ?",
            (kind, FOREIGN),
        )
        yield from (id_ for (id_,) in rows)

    def count_changes(self) -> int:
        """Return the number of rows to write or remove."""
        query = (
            "SELECT (SELECT count(*) FROM row r LEFT JOIN stored s "
            "ON s.kind = r.kind AND s.id = r.id WHERE s.hash IS NOT r.hash) + "
            "(SELECT count(*) FROM stored s LEFT JOIN row r "
            "ON r.kind = s.kind AND r.id = s.id WHERE r.id IS NULL AND s.hash <> ?)"
        )
        (count,) = self._db.execute(query, (FOREIGN,)).fetchone()
        return int(count)

    def are_staged(self, kind: str, ids: Iterable[str]) -> set[str]:
        """Return those of some ids of a kind that the data sets have."""
        query = "SELECT 1 FROM row WHERE kind = ? AND id = ?"
        return {i for i in ids if self._db.execute(query, (kind, i)).fetchone()}

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
        self._db.executemany("INSERT INTO support VALUES (?, ?, ?, ?, ?, ?)", self._supports)
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
    sets: dataset.Sets,
    staging: Staging,
    texts: TextStore | None,
    progress: Progress,
    *,
    strict: bool = True,
    affected: Affected | None = None,
) -> tuple[dataset.CheckResult, int]:
    """Check data sets, and stage their rows and the ties of all.

    Where the other sets are `affected`, only rows and ties that may change. Returns the report and
    the number of edges of the claims. Raises `DatasetFaults` with every fault; the staged rows are
    of no use then. If it is not `strict`, what has no fault is staged.
    """
    rows = _RowBuilder(staging, sets, affected)
    if affected is not None:
        affected.canonical = rows.prepare
    report = dataset.check(
        sets,
        rows.add,
        texts=texts,
        progress=lambda done, of: progress("check", done, of),
    )
    if report.faults and strict:
        raise DatasetFaults(report.faults)
    rows.finish(progress)
    return report, rows.edges


class Affected(Protocol):
    """The other sets, of whose claims only some are read (`graph.store.affected`)."""

    canonical: Callable[[], Mapping[str, str]]
    tie_ids: set[str] | None
    counts: Mapping[str, int]
    edges: int


class _RowBuilder:
    """Turns checked records into rows, and remembers only what later rows depend on.

    In memory it keeps the type and the sets of each entity, the sources and the judgements; claims
    go straight to the staging file.
    """

    def __init__(self, staging: Staging, sets: dataset.Sets, affected: Affected | None) -> None:
        self._staging, self._sets, self._order = staging, sets, sets.order
        self._affected = affected
        self._types: dict[str, str] = {}
        self._holders: dict[str, tuple[str, ...]] = {}
        self._sources: dict[str, Source] = {}
        self._judgements: list[Judgement] = []
        self._canonical: Mapping[str, str] | None = None
        self._counts = {i: dict.fromkeys(_COUNT_PROPERTIES.values(), 0) for i in sets.records}
        self.edges = 0
        if affected is not None:
            self.edges = affected.edges
            for i in sets.records.keys() - sets.in_files.keys():
                self._counts[i]["claims"] = affected.counts[i]

    def add(self, record: Source | Entity | Judgement | Claim) -> None:
        """Add one record: sources, entities and judgements come before any claim."""
        if isinstance(record, Claim):
            self._add_claim(record)
        elif isinstance(record, Entity):
            self._count("entity", *record.datasets)
            self._add_entity(record)
        elif isinstance(record, Source):
            self._count("source", *record.datasets)
            earlier = self._sources.get(record.id)
            self._sources[record.id] = merge_sources(earlier, record, self._order)
        else:
            self._count("judgement", str(record.dataset))
            self._judgements.append(record)
            row = judgement_row(record)
            body = {"left": record.left, "right": record.right, "properties": row}
            self._staging.add("judgement", "", record.id, row["content_hash"], body)

    def _count(self, kind: str, *datasets: str) -> None:
        for i in datasets:
            self._counts[i][_COUNT_PROPERTIES[kind]] += 1

    def _add_entity(self, entity: Entity) -> None:
        if entity.id in self._types:
            earlier = read_entity(self._staging.entity(entity.id), epithets=True)
            if entity.datasets[0] in earlier.datasets:  # A fault, which the check reports.
                return
            entity = merge_entities(earlier, entity, self._order)
            self._staging.replace_entity(entity_row(entity))
        else:
            self._types[entity.id] = entity.type
            row = entity_row(entity)
            self._staging.add("entity", entity.type, entity.id, row["content_hash"], row)
        self._holders[entity.id] = entity.datasets

    def _add_claim(self, claim: Claim) -> None:
        source = self._sources.get(claim.source)
        if source is None:  # A fault of the data set, which the check reports.
            return
        canonical = self.prepare()
        source = self._sources[claim.source]
        row = claim_row(claim, source, self._types)
        edges = claim_edges(claim.roles, claim.said_by, self._types)
        # All claims of affected sets are in the counts from the beginning.
        if self._affected is None or claim.dataset in self._sets.in_files:
            self._count("claim", str(claim.dataset))
            self.edges += len(edges) + 1 + bool(claim.supersedes)
        supports = list(projection.claim_supports(claim, self._sources, self._types, canonical))
        body = {"source": claim.source, "properties": row, "edges": edges}
        ties = sorted(str(key) for key, _ in supports)
        if ties:
            body["without_ties"] = row
            body["properties"] = row = claim_with_ties(row, claim, self._types, ties)
        self._staging.add("claim", claim.predicate, claim.id, row["content_hash"], body)
        if claim.supersedes:
            pair = f"{claim.id}/{claim.supersedes}"
            self._staging.add("succession", "", pair, "", pair.split("/"))
            if not claim.retracted:
                self._staging.supersede(claim.supersedes)
        for key, support in supports:
            self._staging.add_support(key, support, str(claim.dataset))

    def prepare(self) -> Mapping[str, str]:
        """Stage the sources once all entities are known, and return the canonical ids.

        A source that is an edition of another comes after it, so that both can be joined.
        """
        if self._canonical is None:
            self._canonical = projection.merged(self._judgements)
            for source in sorted(self._sources.values(), key=lambda s: s.edition_of is not None):
                if source.publisher is not None and self._is_publisher(source.publisher, source):
                    name = self._staging.entity(source.publisher)["name"]
                    update = {"publisher": name, "publisher_id": source.publisher}
                    source = source.model_copy(update=update)
                    self._sources[source.id] = source
                row = source_row(source)
                self._staging.add("source", "", source.id, row["content_hash"], row)
        return self._canonical

    def _is_publisher(self, publisher: str, source: Source) -> bool:
        """Whether it is an entity that the data sets of the source may refer to."""
        holders = self._holders.get(publisher, ())
        return any(h in self._sets.scope(i) for h in holders for i in source.datasets)

    def finish(self, progress: Progress) -> None:
        """Stage the data sets, mark merged entities, and project the ties."""
        canonical = self.prepare()
        for i, record in self._sets.records.items():
            row = dataset_row(record, self._counts[i])
            self._staging.add("dataset", "", i, row["content_hash"], row)
        for merged_id, canonical_id in canonical.items():
            self._staging.merge_entity(merged_id, canonical_id)
        self._staging.take_ties_from_superseded()
        tie_ids = None if self._affected is None else self._affected.tie_ids
        for count, (key, supports, datasets) in enumerate(self._staging.supports(), 1):
            if tie_ids is not None and str(key) not in tie_ids:
                continue
            tie = projection.tie(key, supports)
            if tie is not None:
                row = tie_row(tie, datasets)
                body = {"source": key.source, "target": key.target, "properties": row}
                self._staging.add("tie", key.type, str(key), row["content_hash"], body)
            if count % 10_000 == 0:
                progress("project", count, 0)


#: The property of a data set that has its number of records of a kind.
_COUNT_PROPERTIES = {
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "judgement": "judgements",
}
