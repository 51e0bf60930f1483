"""Claims that stand twice, and claims that supersede others, over a whole data set.

Of each claim only its id is kept, as a number. Where a claim stands that turns out to be at fault
is found by reading the files once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph.dataset.node import Problem
from graph.dataset.raw import Place, Raw
from graph.dataset.report import Findings
from graph.model import Claim


class History:
    """Takes every well-formed claim; `ids` are those that it has seen."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self._twice: set[int] = set()
        self._supersedes: dict[int, int] = {}

    def take(self, claim: Claim) -> bool:
        """Remember a claim and return whether it is the first of its id."""
        number = int(claim.id, 16)
        if claim.supersedes is not None:
            self._supersedes[number] = int(claim.supersedes, 16)
        if number in self.ids:
            self._twice.add(number)
            return False
        self.ids.add(number)
        return True

    def tell(self, again: Iterable[tuple[Raw, Claim]], findings: Findings, complete: bool) -> None:
        """Tell of every fault; `again` reads all claims once more, and is used only if need be.

        Unless the data set is `complete`, a claim that is missing may stand in what is faulty.
        """
        rings = {ring[0]: ring for ring in cycles(self._supersedes)}
        lost = {a for a, b in self._supersedes.items() if complete and b not in self.ids}
        if not (rings or lost or self._twice):
            return
        first: dict[int, Place] = {}
        for raw, claim in again:
            number = int(claim.id, 16)
            if number in first:
                hint = f"The first is at {first[number]}."
                problem = Problem((), claim.id, "the same claim stands twice", hint)
                findings.problem(raw, problem)
                continue
            if number in self._twice:
                first[number] = raw.begin()
            if number in rings:
                findings.problem(raw, _ring(rings[number]))
            if number in lost:
                message = f"no claim has the id {claim.supersedes!r}"
                findings.problem(raw, Problem(("supersedes",), claim.supersedes or "", message))


def _ring(ring: list[int]) -> Problem:
    ids = [f"{number:032x}" for number in ring]
    if len(ids) == 1:
        return Problem(("supersedes",), ids[0], "the claim supersedes itself", "Remove the field.")
    chain = " > ".join((*ids[:5], *(["…"] if len(ids) > 5 else []), ids[0]))
    return Problem(("supersedes",), ids[0], f"claims supersede one another in a ring: {chain}")


def cycles(supersedes: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield each ring of claims that supersede one another, beginning with its lowest id.

    `supersedes` maps a claim to the one that it takes the place of, so a claim is in one ring at
    most; a ring of one claim supersedes itself.
    """
    done: set[int] = set()
    for start in supersedes:
        path: dict[int, None] = {}
        here: int | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = supersedes.get(here)
        if here in path:
            steps = list(path)
            ring = steps[steps.index(here) :]
            lowest = ring.index(min(ring))
            yield ring[lowest:] + ring[:lowest]
        done.update(path)
