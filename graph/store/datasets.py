"""The data sets that the store holds, read back as the records that were loaded.

A load compares its files with them. Of an entity that several sets describe, each set has its own
names, so that one set can be replaced or removed without a file of the others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, LiteralString

from neo4j import Query

from graph.dataset.sets import DatasetFiles, slug
from graph.errors import InputError
from graph.model import Claim, DatasetRecord, Entity, Judgement, Source
from graph.model.record import Record
from graph.ontology import ONTOLOGY
from graph.question import T
from graph.store.address import store_errors
from graph.store.connection import WRITE_SECONDS, Writer
from graph.store.inspection import Difference
from graph.store.mapping import (
    read_claim,
    read_dataset,
    read_entity,
    read_judgement,
    read_source,
    with_hash,
)
from graph.store.values import plain

#: Of the current snapshot, and what the node of the store says of the load before.
_STATE: LiteralString = """MATCH (s:Sightlines {id: 'store'})
OPTIONAL MATCH (s)-[:CURRENT]->(n:Snapshot)
RETURN s.loading AS loading, s.loading_sets AS loading_sets, s.removed_sets AS removed_sets,
  properties(n) AS snapshot"""
_DATASETS: LiteralString = """MATCH (d:Dataset)
WHERE d.id IS NOT NULL AND d.content_hash IS NOT NULL
RETURN d {.*} AS row ORDER BY d.id"""
#: `$legacy` is the id of the only set of a store that was loaded by an older version.
_DESCRIBED: LiteralString = """
WITH n, coalesce(n.datasets, [$legacy]) AS datasets
WHERE any(id IN datasets WHERE id IN $ids)
RETURN n {.*, datasets: datasets} AS row"""
_ENTITIES: LiteralString = "MATCH (n:Entity)" + _DESCRIBED
_SOURCES: LiteralString = "MATCH (n:Source)" + _DESCRIBED
_JUDGEMENTS: LiteralString = """MATCH (a:Entity)-[r:JUDGED]->(b:Entity)
WITH a, b, r, coalesce(r.dataset, $legacy) AS dataset
WHERE dataset IN $ids
RETURN r {.*, dataset: dataset} AS row, a.id AS left, b.id AS right"""
_RETURN_CLAIMS: LiteralString = """
WITH c, coalesce(c.dataset, $legacy) AS dataset
WHERE dataset IN $ids
RETURN c {.*, dataset: dataset} AS row,
  [(c)-[r]->(x) | [type(r), r.position, x.id, coalesce(x.type, 'Source')]] AS edges"""
_CLAIMS: LiteralString = "MATCH (c:Claim)" + _RETURN_CLAIMS
_CLAIMS_WITH: LiteralString = "MATCH (c:Claim) WHERE c.id IN $claims" + _RETURN_CLAIMS
#: Claims that are read with one statement.
_BATCH = 1_000


@dataclass(slots=True)
class StoredSets:
    """The data sets in the store, and how the last load ended.

    `loading` tells that it was not completed, `incomplete` whose records may be missing then.
    `nodes` has what the store says of each beside its record. A record that somebody else changed
    raises `InputError` when it is read; where `unreadable` is a list, only one that cannot be read
    is left out, and is in it afterwards.
    """

    writer: Writer
    records: list[DatasetRecord]
    nodes: Mapping[str, Mapping[str, Any]]
    loading: bool = False
    incomplete: frozenset[str] = frozenset()
    removal_ids: frozenset[str] = frozenset()
    snapshot: Mapping[str, Any] | None = None
    legacy: str | None = None
    unreadable: list[Difference] | None = None
    #: The records that were read, by kind.
    reads: Counter[str] = field(default_factory=Counter)
    #: `claims` yields all of them.
    complete = True

    @classmethod
    def read(cls, writer: Writer) -> StoredSets:
        """Read which data sets the store holds."""
        rows = [dict(row["row"]) for row in writer.run(_DATASETS)]
        sets = cls(writer, [read_dataset(row) for row in rows], {row["id"]: row for row in rows})
        for row in writer.run(_STATE):
            sets.snapshot = row["snapshot"]
            sets.removal_ids = frozenset(row["removed_sets"] or ())
            name = (sets.snapshot or {}).get("data_set")
            if name is not None:
                sets.legacy = slug(name)
                if sets.legacy not in sets.nodes:
                    sets.records.append(DatasetRecord.model_validate({"id": sets.legacy}))
            sets.loading = bool(row["loading"])
            if sets.loading:
                loading_sets = row["loading_sets"]
                sets.incomplete = frozenset(
                    filter(None, [sets.legacy]) if loading_sets is None else loading_sets
                )
        return sets

    @property
    def ids(self) -> set[str]:
        """The ids of the sets."""
        return {record.id for record in self.records}

    def without(self, ids: Collection[str]) -> StoredSets:
        """Return the same without some of the sets."""
        records = [record for record in self.records if record.id not in ids]
        return StoredSets(
            self.writer, records, self.nodes, legacy=self.legacy, snapshot=self.snapshot
        )

    @property
    def is_of_this_program(self) -> bool:
        """Whether this program wrote all of it, by this ontology, and the last load is complete."""
        snapshot = self.snapshot or {}
        return (
            not self.loading
            and self.legacy is None
            and (snapshot.get("ontology"), snapshot.get("program")) == (ONTOLOGY.digest, program())
        )

    def is_current(self, dataset: DatasetFiles) -> bool:
        """Whether the last load of a set was of the same files, by this program."""
        node, snapshot = self.nodes.get(dataset.record.id), self.snapshot
        return (
            node is not None
            and snapshot is not None
            and node.get("files_sha256") == files_sha256(dataset)
            and read_dataset(node) == dataset.record
            and (snapshot["ontology"], snapshot.get("program")) == (ONTOLOGY.digest, program())
        )

    def entries(self) -> Iterator[Source | Entity | Judgement]:
        """Yield what the sets have besides claims: an entity or a source once for each set."""
        for entity in self._read("entity", _ENTITIES, self._entities):
            yield from entity
        for source in self._read("source", _SOURCES, self._sources):
            yield from source
        yield from self._read("judgement", _JUDGEMENTS, _judgement)

    def claims(self) -> Iterator[Claim]:
        """Yield the claims of the sets."""
        return self._read("claim", _CLAIMS, _claim)

    def claims_with(self, ids: Sequence[str]) -> Iterator[Claim]:
        """Yield those claims of the sets that have one of some ids."""
        for start in range(0, len(ids), _BATCH):
            parameters = {"claims": ids[start : start + _BATCH]}
            yield from self._read("claim", _CLAIMS_WITH, _claim, parameters)

    def _entities(self, row: Mapping[str, Any]) -> list[Entity]:
        entity, ids = read_entity(row["row"], epithets=True), self.ids
        return [entity.of_dataset(i) for i in entity.datasets if i in ids]

    def _sources(self, row: Mapping[str, Any]) -> list[Source]:
        source, ids = read_source(row["row"]), self.ids
        # As it was written: the id of an entity, or a text.
        update: dict[str, Any] = {
            "publisher": source.publisher_id or source.publisher,
            "publisher_id": None,
        }
        return [
            source.model_copy(update=update | {"datasets": (i,)})
            for i in source.datasets
            if i in ids
        ]

    def _read(
        self,
        kind: str,
        statement: LiteralString,
        read: Callable[[Mapping[str, Any]], T],
        more: Mapping[str, Any] | None = None,
    ) -> Iterator[T]:
        for row in self._rows(statement, more or {}):
            self.reads[kind] += 1
            try:
                if self.unreadable is None:
                    self._check(row)
                record = read(row)
                if self.unreadable is not None:
                    _validate(record)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                what = f"{kind} {row['row'].get('id')}"
                if self.unreadable is None:
                    raise InputError(
                        f"The {what} of a data set that is not loaded now was changed in the store "
                        "by another program (sightlines db verify tells how): load its data set, "
                        "with --rebuild."
                    ) from error
                reason = " ".join(f"{type(error).__name__}, {error}".split())
                self.unreadable.append(Difference(what, "", reason, None, reason))
            else:
                yield record

    def _check(self, row: Mapping[str, Any]) -> None:
        """Raise `ValueError` if a record is not as this program wrote it."""
        if (self.snapshot or {}).get("program") != program():
            return
        values = {k: v for k, v in row["row"].items() if k != "content_hash"}
        edges: list[Any] = []
        if "edges" in row:
            claim, kinds = _claim(row), _kinds(row)
            edges = [sorted(claim.roles.items()), kinds]
        elif "left" in row:
            edges = [row["left"], row["right"]]
        if with_hash(values, *edges)["content_hash"] != row["row"].get("content_hash"):
            raise ValueError("its content hash is another one")

    def _rows(self, statement: LiteralString, more: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the rows of a statement, as JSON, while they arrive."""
        if not self.records:
            return
        parameters = {"ids": sorted(self.ids), "legacy": self.legacy or "", **more}
        with store_errors(self.writer.address), self.writer.session() as session:
            for row in session.run(Query(statement, timeout=WRITE_SECONDS), parameters):
                yield plain(dict(row))


def _validate(record: object) -> None:
    """Validate a record, or a list of them. Raises `ValueError`."""
    for item in record if isinstance(record, list) else [record]:
        if isinstance(item, Record):
            type(item).model_validate(item.model_dump())


def _judgement(row: Mapping[str, Any]) -> Judgement:
    return read_judgement(row["row"], row["left"], row["right"])


def _claim(row: Mapping[str, Any]) -> Claim:
    source, roles, chain, supersedes = "", [], [], None
    names = ONTOLOGY.predicates[row["row"]["predicate"]].roles
    for edge, position, end, _ in row["edges"]:
        match edge:
            case "FROM":
                source = end
            case "SUPERSEDES":
                supersedes = end
            case "SAID_BY":
                chain.append((position, end))
            case _ if edge.lower() in names and isinstance(position, int):
                roles.append((edge.lower(), position, end))
    return read_claim(row["row"], roles, chain, source, supersedes)


def _kinds(row: Mapping[str, Any]) -> list[str]:
    """Return the kinds of the speakers of a claim, in the order of its chain."""
    chain = sorted(
        (position, kind) for edge, position, _, kind in row["edges"] if edge == "SAID_BY"
    )
    return [kind for _, kind in chain]


def files_sha256(dataset: DatasetFiles) -> str:
    """Return a hash of the files of a set, whatever their names and their order."""
    hashes = []
    for file in dataset.files:
        with file.path.open("rb") as stream:
            hashes.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


@cache
def program() -> str:
    """Return a hash of the code and the data that decide what a load writes."""
    digest = hashlib.sha256()
    for file in sorted(_modules(files("graph")), key=str):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _modules(folder: Traversable) -> Iterator[Traversable]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _modules(item)
        elif item.name.endswith((".py", ".yaml")):
            yield item
