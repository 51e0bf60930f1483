"""A question is a value: its Cypher, its parameters, and a reader that turns rows into models.

`graph.queries` makes them, `graph.store` answers them; neither knows of the other, and a test can
look at the plan of every one. What needs several of them is an `async def` that takes a `Reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, LiteralString, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question(Generic[T_co]):
    """One read of the graph in one round trip.

    `read` gets all rows, in the order of the statement; `seconds` is the time that the store may
    take before it gives up with `StoreTimeout`.
    """

    cypher: LiteralString
    read: Callable[[Sequence[Row]], T_co]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 10.0


class Reader(Protocol):
    """What answers questions: the async store, or a request that checks the snapshot as well."""

    async def ask(self, question: Question[T]) -> T:
        """Return the answer. Raises a `StoreError` where the store cannot give one."""
        ...
