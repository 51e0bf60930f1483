"""What judgements must agree with: the entities that they speak of, and one another.

`different` wins over any chain of `same`; a data set that says both contradicts itself. See
domain.md, "Same or not".
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from graph.dataset.known import Memory
from graph.dataset.node import Problem
from graph.dataset.raw import Raw
from graph.model import Judgement

_Judged = tuple[Raw, Judgement]


def judgement_problems(judged: Sequence[_Judged], memory: Memory) -> Iterator[tuple[Raw, Problem]]:
    """Yield everything that is wrong with judgements, each with the record that it stands in."""
    for raw, judgement in judged:
        yield from ((raw, problem) for problem in _problems(judgement, memory))
    yield from _contradictions(judged)


def _problems(judgement: Judgement, memory: Memory) -> Iterator[Problem]:
    left, right = judgement.left, judgement.right
    if left == right:
        yield Problem(("right",), right, f"{left!r} is judged against itself")
        return
    for side, wanted in (("left", left), ("right", right)):
        if wanted not in memory.types and not memory.partial:
            message = f"no entity has the id {wanted!r}"
            yield Problem((side,), wanted, message, memory.hint(wanted, entities=True))
    types = memory.types.get(left), memory.types.get(right)
    if judgement.verdict == "same" and all(types) and types[0] != types[1]:
        message = f"{left!r} is of type {types[0]} and {right!r} of type {types[1]}"
        hint = "Only entities of one type can be the same."
        yield Problem(("verdict",), judgement.verdict, message, hint)


def _contradictions(judged: Sequence[_Judged]) -> Iterator[tuple[Raw, Problem]]:
    same: defaultdict[str, list[str]] = defaultdict(list)
    for _, judgement in judged:
        if judgement.verdict == "same":
            same[judgement.left].append(judgement.right)
            same[judgement.right].append(judgement.left)
    for raw, judgement in judged:
        if judgement.verdict == "different" and judgement.left != judgement.right:
            chain = _chain(judgement.left, judgement.right, same)
            if chain:
                message = f"other judgements make them the same: {' = '.join(chain)}"
                hint = "Take back this judgement, or one of that chain."
                yield raw, Problem(("verdict",), judgement.verdict, message, hint)


def _chain(start: str, end: str, same: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a shortest chain of `same` from one id to another, both included, or nothing."""
    before: dict[str, str] = {start: start}
    queue = deque([start])
    while queue and end not in before:
        here = queue.popleft()
        for there in same.get(here, ()):
            if there not in before:
                before[there] = here
                queue.append(there)
    if end not in before:
        return []
    chain = [end]
    while chain[-1] != start:
        chain.append(before[chain[-1]])
    return chain[::-1]
