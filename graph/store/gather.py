"""From a checked data set to the rows of the store, in a spool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from graph import dataset, projection
from graph.errors import DatasetFaults
from graph.faults import Fault
from graph.model import Claim, Entity, Judgement, Source
from graph.store.mapping import claim_row, entity_row, judgement_row, source_row, tie_row
from graph.store.staging import Spool
from graph.store.write import claim_edges
from graph.text import TextStore

Progress = Callable[[str, int, int], None]


class Gatherer:
    """Takes the records of a data set as they are checked, and keeps none but what others need.

    What stays in memory: the type of each entity, the sources and the judgements. Claims go
    straight to the spool.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._types: dict[str, str] = {}
        self._sources: dict[str, Source] = {}
        self._judgements: list[Judgement] = []
        self._canonical: Mapping[str, str] | None = None
        self.edges = 0

    def take(self, record: Source | Entity | Judgement | Claim) -> None:
        """Take one record: sources, entities and judgements come before any claim."""
        if isinstance(record, Claim):
            self._take_claim(record)
        elif isinstance(record, Entity):
            self._types[record.id] = record.type
            row = entity_row(record)
            self._spool.add("entity", record.type, record.id, row["content_hash"], row)
        elif isinstance(record, Source):
            self._sources[record.id] = record
            row = source_row(record)
            self._spool.add("source", "", record.id, row["content_hash"], row)
        else:
            self._judgements.append(record)
            row = judgement_row(record)
            body = {"left": record.left, "right": record.right, "properties": row}
            self._spool.add("judgement", "", record.id, row["content_hash"], body)

    def _take_claim(self, claim: Claim) -> None:
        source = self._sources.get(claim.source)
        if source is None:  # A fault of the data set, which the check reports.
            return
        if self._canonical is None:
            self._canonical = projection.merged(self._judgements)
        row = claim_row(claim, source, self._types)
        edges = claim_edges(claim.source, claim.roles, claim.said_by, self._types)
        self.edges += len(edges) + 1
        body = {"source": claim.source, "properties": row, "edges": edges}
        self._spool.add("claim", claim.predicate, claim.id, row["content_hash"], body)
        if claim.supersedes:
            self.edges += 1
            pair = f"{claim.id}/{claim.supersedes}"
            self._spool.add("succession", "", pair, "", pair.split("/"))
            if not claim.retracted:
                self._spool.supersede(claim.supersedes)
        support = projection.claim_support(claim, source, self._types, self._canonical)
        if support is not None:
            self._spool.add_support(projection.tie_keys(claim, self._canonical), support)

    def finish(self, progress: Progress) -> None:
        """Mark merged entities, and project the ties."""
        canonical = projection.merged(self._judgements)
        for merged_id, canonical_id in canonical.items():
            self._spool.amend_entity(merged_id, canonical_id)
        for count, (key, supports) in enumerate(self._spool.supports(), 1):
            tie = projection.tie(key, supports)
            if tie is not None:
                row = tie_row(tie)
                body = {"source": key.source, "target": key.target, "properties": row}
                self._spool.add("tie", key.type, str(key), row["content_hash"], body)
            if count % 10_000 == 0:
                progress("project", count, 0)


def gather(
    paths: Sequence[Path], spool: Spool, texts: TextStore | None, progress: Progress
) -> tuple[dataset.Checked, int]:
    """Check a data set and fill the spool with its rows and its ties.

    Returns the report and the number of edges that its claims have. Raises `DatasetFaults` with
    every fault, and then the spool is of no use.
    """
    gatherer = Gatherer(spool)
    checked = dataset.check(
        paths,
        gatherer.take,
        texts=texts,
        progress=lambda done, of: progress("check", done, of),
    )
    faults: Sequence[Fault] = checked.faults
    if faults:
        raise DatasetFaults(faults)
    gatherer.finish(progress)
    return checked, gatherer.edges
