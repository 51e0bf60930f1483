"""The check of all claims together: duplicates, and what they supersede."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.dataset.files import Position, RawRecord
from graph.dataset.report import Problem
from graph.dataset.sets import Sets
from graph.model import Claim
from graph.scratch import scratch


class ClaimHistory:
    """Checks all claims for duplicates, and for what they supersede. Close it after use.

    It keeps only ids, and those on disk. After `problems`, `distinct` is the number of different
    ids, and `total` their sum.
    """

    _BATCH = 5_000
    #: Of the database's cache, and of the sort that finds duplicates.
    _MEGABYTES = 8

    def __init__(self, sets: Sets) -> None:
        tables = "CREATE TABLE claim (id, dataset); CREATE TABLE succession (id, replaced, dataset)"
        self._db = scratch(tables, self._MEGABYTES)
        self._in_files, self._complete = sets.in_files.keys(), sets.complete
        self._ids: list[tuple[str, str | None]] = []
        self._successions: list[tuple[str, str, str | None]] = []
        self.distinct = self.total = 0

    def add(self, claim: Claim) -> None:
        """Add a well-formed claim."""
        claim_id, dataset = claim.id, claim.dataset
        if dataset in self._in_files:
            self.total += int(claim_id, 16)
            self.distinct += 1
        self._ids.append((claim_id, dataset))
        # What a claim of another set supersedes was checked when that was loaded.
        if claim.supersedes is not None and (self._complete or dataset in self._in_files):
            self._successions.append((claim_id, claim.supersedes, dataset))
        if len(self._ids) >= self._BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO claim VALUES (?, ?)", self._ids)
        self._db.executemany("INSERT INTO succession VALUES (?, ?, ?)", self._successions)
        self._ids.clear()
        self._successions.clear()

    def problems(
        self, again: Iterator[tuple[RawRecord, Claim]], complete: bool
    ) -> Iterator[tuple[RawRecord, Problem]]:
        """Yield every problem with its record; `again` reads all claims, only if there are any.

        Unless the data set is `complete`, a missing claim may be among those that are faulty.
        """
        self._flush()
        duplicates = self._duplicates()
        dangling = self._dangling() if complete else set()
        rings = {ring[0]: ring for ring in cycles(self._chains())}
        if not (rings or dangling or duplicates):
            return
        first: dict[str, Position] = {}
        for raw, claim in again:
            if claim.id in first:
                hint = f"The first one is at {first[claim.id]}."
                yield raw, Problem((), claim.id, "duplicate claim", hint)
                continue
            if claim.id in duplicates:
                first[claim.id] = raw.position()
            if claim.id in rings:
                yield raw, _ring_problem(rings[claim.id])
            if claim.id in dangling and claim.supersedes:
                message = f"no claim has the id {claim.supersedes!r} in this data set"
                hint = "What another one says is for its own authors to correct."
                yield raw, Problem(("supersedes",), claim.supersedes, message, hint)

    def _duplicates(self) -> set[str]:
        """Return the ids that several claims have, and take them out of the sums."""
        rows = self._db.execute(
            "SELECT id, count(*) - 1 FROM claim GROUP BY id HAVING count(*) > 1"
        ).fetchall()
        self.distinct -= sum(more for _, more in rows)
        self.total -= sum(more * int(claim_id, 16) for claim_id, more in rows)
        return {claim_id for claim_id, _ in rows}

    def _dangling(self) -> set[str]:
        """Return the claims that supersede one that their data set does not have."""
        rows = self._db.execute(
            "SELECT id FROM succession WHERE (dataset, replaced) IN "
            "(SELECT dataset, replaced FROM succession EXCEPT SELECT dataset, id FROM claim)"
        )
        return {claim_id for (claim_id,) in rows}

    def _chains(self) -> dict[str, str]:
        """Return the claims that supersede one that supersedes another: rings are among them."""
        return dict(
            self._db.execute(
                "SELECT id, replaced FROM succession WHERE replaced IN (SELECT id FROM succession)"
            )
        )

    def close(self) -> None:
        """Remove the ids."""
        self._db.close()


def _ring_problem(ring: list[str]) -> Problem:
    if len(ring) == 1:
        return Problem(("supersedes",), ring[0], "the claim supersedes itself", "Remove the field.")
    chain = " > ".join((*ring[:5], *(["…"] if len(ring) > 5 else []), ring[0]))
    return Problem(("supersedes",), ring[0], f"claims supersede one another in a ring: {chain}")


def cycles(supersedes: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield each ring of claims that supersede one another, beginning with its lowest id.

    `supersedes` maps a claim to the one that it supersedes, so a claim is in one ring at most; a
    ring of one claim supersedes itself.
    """
    visited: set[str] = set()
    for start in supersedes:
        path: dict[str, None] = {}
        node: str | None = start
        while node is not None and node not in visited and node not in path:
            path[node] = None
            node = supersedes.get(node)
        if node in path:
            steps = list(path)
            ring = steps[steps.index(node) :]
            lowest = ring.index(min(ring))
            yield ring[lowest:] + ring[:lowest]
        visited.update(path)
