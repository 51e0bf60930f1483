"""Claims that stand twice, and claims that supersede others, over a whole data set.

Only the ids of claims are kept, and not in memory. Where a claim stands that turns out to be at
fault is found by reading the files once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Self

from graph.dataset.node import Problem
from graph.dataset.raw import Place, Raw
from graph.dataset.report import Findings
from graph.model import Claim
from graph.scratch import scratch

_BATCH = 5_000
#: Of the cache, and of the sort that finds what stands twice.
_MEGABYTES = 8


class History:
    """Takes every well-formed claim, and tells afterwards what is wrong between them.

    When `tell` is done, `distinct` is the number of ids, and `total` their sum. Use it as a context
    manager.
    """

    def __init__(self) -> None:
        self._db = scratch(
            "CREATE TABLE seen (id); CREATE TABLE succession (id, replaced)", _MEGABYTES
        )
        self._seen: list[tuple[str]] = []
        self._successions: list[tuple[str, str]] = []
        self.distinct = self.total = 0

    def take(self, claim: Claim) -> None:
        """Remember a claim."""
        claim_id = claim.id
        self.total += int(claim_id, 16)
        self._seen.append((claim_id,))
        if claim.supersedes is not None:
            self._successions.append((claim_id, claim.supersedes))
        if len(self._seen) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self.distinct += len(self._seen)
        self._db.executemany("INSERT INTO seen VALUES (?)", self._seen)
        self._db.executemany("INSERT INTO succession VALUES (?, ?)", self._successions)
        self._seen.clear()
        self._successions.clear()

    def tell(self, again: Iterable[tuple[Raw, Claim]], findings: Findings, complete: bool) -> None:
        """Tell of every fault; `again` reads all claims once more, and is used only if need be.

        Unless the data set is `complete`, a claim that is missing may stand in what is faulty.
        """
        self._flush()
        twice = self._twice()
        lost = self._lost() if complete else set()
        rings = {ring[0]: ring for ring in cycles(self._chained())}
        if not (rings or lost or twice):
            return
        first: dict[str, Place] = {}
        for raw, claim in again:
            if claim.id in first:
                hint = f"The first is at {first[claim.id]}."
                problem = Problem((), claim.id, "the same claim stands twice", hint)
                findings.problem(raw, problem)
                continue
            if claim.id in twice:
                first[claim.id] = raw.begin()
            if claim.id in rings:
                findings.problem(raw, _ring(rings[claim.id]))
            if claim.id in lost:
                message = f"no claim has the id {claim.supersedes!r}"
                findings.problem(raw, Problem(("supersedes",), claim.supersedes or "", message))

    def _twice(self) -> set[str]:
        """The ids that more than one claim has."""
        found = self._db.execute(
            "SELECT id, count(*) - 1 FROM seen GROUP BY id HAVING count(*) > 1"
        ).fetchall()
        self.distinct -= sum(more for _, more in found)
        self.total -= sum(more * int(claim_id, 16) for claim_id, more in found)
        return {claim_id for claim_id, _ in found}

    def _lost(self) -> set[str]:
        """The claims that supersede one which is not there."""
        found = self._db.execute(
            "SELECT id FROM succession WHERE replaced IN "
            "(SELECT replaced FROM succession EXCEPT SELECT id FROM seen)"
        )
        return {claim_id for (claim_id,) in found}

    def _chained(self) -> dict[str, str]:
        """The claims that supersede one which supersedes another: all rings are among them."""
        return dict(
            self._db.execute(
                "SELECT id, replaced FROM succession WHERE replaced IN (SELECT id FROM succession)"
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()


def _ring(ring: list[str]) -> Problem:
    if len(ring) == 1:
        return Problem(("supersedes",), ring[0], "the claim supersedes itself", "Remove the field.")
    chain = " > ".join((*ring[:5], *(["…"] if len(ring) > 5 else []), ring[0]))
    return Problem(("supersedes",), ring[0], f"claims supersede one another in a ring: {chain}")


def cycles(supersedes: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield each ring of claims that supersede one another, beginning with its lowest id.

    `supersedes` maps a claim to the one that it takes the place of, so a claim is in one ring at
    most; a ring of one claim supersedes itself.
    """
    done: set[str] = set()
    for start in supersedes:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = supersedes.get(here)
        if here in path:
            steps = list(path)
            ring = steps[steps.index(here) :]
            lowest = ring.index(min(ring))
            yield ring[lowest:] + ring[:lowest]
        done.update(path)
