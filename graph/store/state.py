"""The state of the store, and how to read it together with a question.

An answer depends on the snapshot and the question alone. A server therefore reads both in one
statement: the state before the question, its rows, and the state after it. If the two states
differ, a load ended in between and the rows may mix two snapshots: ask again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, LiteralString

from graph.question import Question, Row, T, T_co


@dataclass(frozen=True, slots=True)
class State:
    """The current snapshot and its data set, when its load ended (UTC), and a load in progress."""

    snapshot: str | None = None
    data_set: str | None = None
    completed_on: datetime | None = None
    loading: bool = False


@dataclass(frozen=True, slots=True)
class WithState(Generic[T_co]):
    """An answer and the state before it; not `consistent` if a load ended in between."""

    answer: T_co
    state: State
    consistent: bool


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: The current state as one map.
_MAP: LiteralString = """COLLECT {
  MATCH (s:Sightlines {id: 'store'})
  OPTIONAL MATCH (s)-[:CURRENT]->(n:Snapshot)
  RETURN {
    snapshot: n.id,
    data_set: n.data_set,
    completed_on: n.completed_on.epochSeconds * 1000000 + n.completed_on.microsecond,
    loading: coalesce(s.loading, false)
  }
}"""


def _state(maps: Sequence[Mapping[str, Any]]) -> State:
    if not maps:
        return State()
    (row,) = maps
    # Read as microseconds: the driver takes longer to decode one DATETIME than all other values.
    microseconds = row["completed_on"]
    completed_on = None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
    return State(row["snapshot"], row["data_set"], completed_on, row["loading"])


STATE: Question[State] = Question(
    "RETURN " + _MAP + " AS state", lambda rows: _state(rows[0]["state"])
)


def with_state(question: Question[T]) -> Question[WithState[T]]:
    """Return a question for the same answer and the state around it, in one round trip.

    A row of the question in which every value is null counts as no row.
    """
    cypher: LiteralString = (
        "WITH " + _MAP + " AS state_before\n"
        "OPTIONAL CALL () {\n" + question.cypher + "\n}\n"
        "RETURN *, " + _MAP + " AS state_after"
    )

    def read(rows: Sequence[Row]) -> WithState[T]:
        before, after = _state(rows[0]["state_before"]), _state(rows[-1]["state_after"])
        answer = question.read([row for row in rows if not _is_empty(row)])
        return WithState(answer, before, before == after)

    return Question(cypher, read, question.parameters, question.seconds)


def _is_empty(row: Row) -> bool:
    """Whether the question had no row here: only the states of the row have values."""
    states = ("state_before", "state_after")
    return all(value is None for name, value in row.items() if name not in states)
