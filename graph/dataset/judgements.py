"""Whether entities are the same: judgements against one another, and names that entities share.

`different` outweighs any chain of `same`; a data set that says both contradicts itself. See
domain.md, "Same or not".
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import product

from graph.dataset.files import RawRecord
from graph.dataset.report import Problem
from graph.fold import folds
from graph.model import Entity, Judgement


def contradictions(
    judgements: Sequence[tuple[RawRecord, Judgement]],
) -> Iterator[tuple[RawRecord, Problem]]:
    """Yield each `different` whose two entities are connected by a chain of `same`."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    for _, judgement in judgements:
        if judgement.verdict == "same":
            same[judgement.left].append(judgement.right)
            same[judgement.right].append(judgement.left)
    for raw, judgement in judgements:
        if judgement.verdict == "different" and judgement.left != judgement.right:
            chain = _chain(judgement.left, judgement.right, same)
            if chain:
                message = f"other judgements make them the same: {' = '.join(chain)}"
                hint = "Remove this judgement, or one of that chain."
                yield raw, Problem(("verdict",), judgement.verdict, message, hint)


def _chain(start: str, end: str, same: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a shortest chain of `same` from one id to another, both included, or nothing."""
    previous: dict[str, str] = {start: start}
    queue = deque([start])
    while queue and end not in previous:
        node = queue.popleft()
        for neighbour in same.get(node, ()):
            if neighbour not in previous:
                previous[neighbour] = node
                queue.append(neighbour)
    if end not in previous:
        return []
    chain = [end]
    while chain[-1] != start:
        chain.append(previous[chain[-1]])
    return chain[::-1]


class SharedNames:
    """Names that several entities of one type have: perhaps one entity that was entered twice.

    Names are the same if a search for one finds the other as a whole: if they share a folded form.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], str] = {}
        self._shared: dict[tuple[str, str], str] = {}

    def add(self, entity: Entity) -> None:
        """Add the names of an entity."""
        for name in entity.names:
            # A name of signs alone has no folded form.
            for form in folds(name.text) or [name.text]:
                first = self._first.setdefault((entity.type, form), entity.id)
                if first != entity.id:
                    self._shared.setdefault((first, entity.id), name.text)

    def holder(self, name: str, types: Iterable[str]) -> str | None:
        """Return an entity of one of some types that has a name, or None."""
        keys = product(types, folds(name) or [name])
        return next((self._first[key] for key in keys if key in self._first), None)

    def without(self, pairs: Container[frozenset[str]]) -> Iterator[tuple[str, str, str]]:
        """Yield two ids and the name that they share, for each pair without a judgement."""
        for (first, second), name in self._shared.items():
            if frozenset((first, second)) not in pairs:
                yield first, second, name
