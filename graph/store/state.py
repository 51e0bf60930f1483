"""What the store says of itself, and the way to ask a question together with it.

An answer is a function of (snapshot, question). So whoever serves answers asks for both in one
statement: the state before the question, its rows, and the state after them. If the two differ, a
load was completed in between, and the rows may be of both: ask again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, LiteralString

from graph.question import Question, Row, T, T_co


@dataclass(frozen=True, slots=True)
class State:
    """Its current snapshot, its data set, when that was complete (UTC), and a load under way."""

    snapshot: str | None = None
    data_set: str | None = None
    completed_on: datetime | None = None
    loading: bool = False


@dataclass(frozen=True, slots=True)
class Seen(Generic[T_co]):
    """An answer and the state that it was made in; not `steady`: made across the end of a load."""

    answer: T_co
    state: State
    steady: bool


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: The current state as one map.
_MAP: LiteralString = (
    "COLLECT { MATCH (s:Sightlines {id: 'store'}) OPTIONAL MATCH (s)-[:CURRENT]->(n:Snapshot) "
    "RETURN {snapshot: n.id, data_set: n.data_set, "
    # Microseconds: to the driver, one point of time is as much work as all the rest together.
    "completed_on: n.completed_on.epochSeconds * 1000000 + n.completed_on.microsecond, "
    "loading: coalesce(s.loading, false)} }"
)


def _state(found: Sequence[Mapping[str, Any]]) -> State:
    if not found:
        return State()
    (row,) = found
    at = row["completed_on"]
    completed_on = None if at is None else _EPOCH + timedelta(microseconds=at)
    return State(row["snapshot"], row["data_set"], completed_on, row["loading"])


STATE: Question[State] = Question(
    "RETURN " + _MAP + " AS state", lambda rows: _state(rows[0]["state"])
)


def with_state(question: Question[T]) -> Question[Seen[T]]:
    """Return the question that asks the same and for the state around it, in one round trip.

    The rows of the question may not be all null: such a row stands for none.
    """
    cypher: LiteralString = (
        "WITH " + _MAP + " AS state_before OPTIONAL CALL () { " + question.cypher + " } "
        "RETURN *, " + _MAP + " AS state_after"
    )

    def read(rows: Sequence[Row]) -> Seen[T]:
        before, after = _state(rows[0]["state_before"]), _state(rows[-1]["state_after"])
        found = [row for row in rows if any(v is not None for v in _asked(row))]
        return Seen(question.read(found), before, before == after)

    return Question(cypher, read, question.parameters, question.seconds)


def _asked(row: Row) -> list[Any]:
    return [value for name, value in row.items() if name not in ("state_before", "state_after")]
