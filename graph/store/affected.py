"""Which claims of the other sets a load has to read: those whose rows or ties it may change.

A load checks and projects the claims of the sets in its files. Of the sets that stay, a claim
matters only if it bears on a tie of a claim that comes or goes, names an entity that is merged
otherwise than before, or has a source whose record changes. All other claims and ties stay as they
are: their rows are compared by id and content hash alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, LiteralString

from graph.model import Claim, DatasetRecord, Entity, Judgement, Source, TieKey
from graph.store.connection import Writer
from graph.store.datasets import StoredSets
from graph.store.staging import Staging

#: Ids in the parameters of one statement.
_BATCH = 1_000


class AffectedSets:
    """The sets of the store that stay, with only those of their claims that a load may change.

    `removal_ids` are the sets that go or are replaced: no other set uses one of them. Before
    `claims` is called, all claims of the files are staged; `canonical` returns the canonical ids.
    """

    #: It does not yield all claims.
    complete = False

    def __init__(
        self,
        writer: Writer,
        sets: StoredSets,
        removal_ids: Collection[str],
        staging: Staging,
    ) -> None:
        self._writer, self._sets, self._staging = writer, sets, staging
        self._ids, self._removal_ids = sorted(sets.ids), sorted(removal_ids)
        self.canonical: Callable[[], Mapping[str, str]] = dict
        #: The number of claims of each set, and of the edges of all of them.
        self.counts: Mapping[str, int] = {i: int(sets.nodes[i]["claims"]) for i in self._ids}
        ((self.edges,),) = writer.run(_EDGES, {"ids": self._ids})
        #: The ids of the ties that are projected anew; None where that is all of them.
        self.tie_ids: set[str] | None = None

    @property
    def records(self) -> Sequence[DatasetRecord]:
        """The records of the sets."""
        return self._sets.records

    def entries(self) -> Iterator[Source | Entity | Judgement]:
        """Yield what the sets have besides claims."""
        return self._sets.entries()

    def claims(self) -> Iterator[Claim]:
        """Yield the claims that a load may change; they are staged before the next one is asked."""
        if self._staging.counts()["claim"] >= max(sum(self.counts.values()), _BATCH):
            # Looking up which claims matter would take longer than to read them all.
            yield from self._sets.claims()
            return
        canonical, before = self.canonical(), self._canonical_before()
        changed = {i for i in {*canonical, *before} if canonical.get(i) != before.get(i)}
        ids = self._claims(_OF_ENTITIES, changed) | self._claims(_OF_SOURCES, self._sources())
        # Of a claim that another one supersedes, it is known only with that one.
        ids |= self._claims(_SUPERSEDING, ids)
        tie_ids = self._claims(_TIES, ids)
        tie_ids.update(self._column(_TIES_OF_SETS, ids=self._removal_ids))
        yield from self._sets.claims_with(sorted(ids))
        tie_ids |= self._staging.support_ids()
        self.tie_ids = tie_ids
        more = self._bearing_on(tie_ids, canonical, before)
        more |= self._claims(_SAME, self._staging.hashes("claim"))
        yield from self._sets.claims_with(sorted(more - ids))

    def removal_claims(self) -> Iterator[str]:
        """Yield the claims in the store of the sets that go or are replaced."""
        return self._column(_CLAIMS_OF_SETS, ids=self._removal_ids)

    def _canonical_before(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self._writer.run(_CANONICAL)}

    def _sources(self) -> set[str]:
        """Return the sources that the store has with another content."""
        hashes = self._staging.hashes("source")
        return {
            row[0] for row in self._writer.run(_SOURCES) if hashes.get(row[0], row[1]) != row[1]
        }

    def _claims(self, statement: LiteralString, values: Iterable[str]) -> set[str]:
        """Return the first column of a statement for some ids, in batches."""
        return {
            i
            for batch in _batches(values)
            for i in self._column(statement, values=batch, ids=self._ids)
        }

    def _column(self, statement: LiteralString, **parameters: Any) -> Iterator[str]:
        return (row[0] for row in self._writer.run(statement, parameters))

    def _bearing_on(self, tie_ids: Iterable[str], *canonical: Mapping[str, str]) -> set[str]:
        """Return the claims that bear on ties, by way of that end which fewer claims name."""
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for of in canonical:
            for entity_id, canonical_id in of.items():
                groups[canonical_id].add(entity_id)
        keys = [TieKey(*tie_id.split("/")) for tie_id in tie_ids]
        ends = {i: sorted({i, *groups[i]}) for key in keys for i in (key.source, key.target)}
        degrees: dict[str, int] = {}
        for batch in _batches({i for ids in ends.values() for i in ids}):
            degrees |= {row[0]: row[1] for row in self._writer.run(_DEGREES, {"ids": batch})}
        by_end: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            of_ends = {i: sum(degrees.get(e, 0) for e in ends[i]) for i in (key.source, key.target)}
            by_end[min(of_ends, key=lambda i: (of_ends[i], i))].append(str(key))
        result: set[str] = set()
        for batch in _batches(by_end):
            rows = [[ends[end], by_end[end]] for end in batch]
            result.update(self._column(_BEARING, rows=rows, ids=self._ids))
        return result


def _batches(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(values))
    while batch := list(islice(rest, _BATCH)):
        yield batch


_CANONICAL: LiteralString = """MATCH (e:Entity) WHERE e.canonical_id IS NOT NULL
RETURN e.id, e.canonical_id"""
_SOURCES: LiteralString = "MATCH (s:Source) RETURN s.id, s.content_hash"
_OF_ENTITIES: LiteralString = """MATCH (e:Entity)<--(c:Claim)
WHERE e.id IN $values AND c.dataset IN $ids
RETURN DISTINCT c.id"""
_OF_SOURCES: LiteralString = """MATCH (s:Source)<--(c:Claim)
WHERE s.id IN $values AND c.dataset IN $ids
RETURN DISTINCT c.id"""
_SUPERSEDING: LiteralString = """MATCH (o:Claim)<-[:SUPERSEDES*1..]-(c:Claim)
WHERE o.id IN $values AND c.dataset IN $ids
RETURN DISTINCT c.id"""
_SAME: LiteralString = """MATCH (c:Claim)
WHERE c.id IN $values AND c.dataset IN $ids
RETURN c.id"""
_TIES: LiteralString = """MATCH (c:Claim) WHERE c.id IN $values AND c.dataset IN $ids
UNWIND c.tie_ids AS id
RETURN DISTINCT id"""
_TIES_OF_SETS: LiteralString = """MATCH (c:Claim) WHERE c.dataset IN $ids
UNWIND c.tie_ids AS id
RETURN DISTINCT id"""
_CLAIMS_OF_SETS: LiteralString = "MATCH (c:Claim) WHERE c.dataset IN $ids RETURN c.id"
_DEGREES: LiteralString = """MATCH (e:Entity) WHERE e.id IN $ids
RETURN e.id, COUNT { (e)<--(:Claim) }"""
_BEARING: LiteralString = """UNWIND $rows AS row
MATCH (e:Entity)<--(c:Claim)
WHERE e.id IN row[0] AND c.dataset IN $ids AND any(id IN c.tie_ids WHERE id IN row[1])
RETURN DISTINCT c.id"""
_EDGES: LiteralString = """MATCH (c:Claim) WHERE c.dataset IN $ids
RETURN sum(COUNT { (c)-->() })"""
