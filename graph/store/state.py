"""The state of the store, and how to read it together with a question.

An answer depends on the snapshot and the question alone. A server therefore knows the state before
it asks, and reads its version once more after the rows, in the same statement. If the version is
another one, a load ended in between and the rows may mix two snapshots: ask again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, LiteralString

from graph.model import DatasetRecord
from graph.question import Question, Row, T, T_co


@dataclass(frozen=True, slots=True)
class State:
    """The current snapshot, the data sets, when the load ended (UTC), and a load in progress."""

    snapshot: str | None = None
    datasets: tuple[DatasetRecord, ...] = ()
    completed_on: datetime | None = None
    loading: bool = False

    @property
    def version(self) -> list[Any]:
        """What no two states share, unless a load is under way: the snapshot and its time (ms)."""
        if self.completed_on is None:
            return [self.snapshot, None, self.loading]
        return [
            self.snapshot,
            (self.completed_on - _EPOCH) // timedelta(milliseconds=1),
            self.loading,
        ]


@dataclass(frozen=True, slots=True)
class WithState(Generic[T_co]):
    """An answer and the state of the store that it comes from."""

    answer: T_co
    state: State


#: The fields of the data sets in a state: what answers and citations say of them.
_LABELS = ("id", "title", "author", "licence", "url")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MATCH: LiteralString = (
    "MATCH (s:Sightlines {id: 'store'}) OPTIONAL MATCH (s)-[:CURRENT]->(n:Snapshot)"
)
#: The current state as a list in a list; and its version, which is short: it is planned with each
#: question.
_STATE: LiteralString = (
    "COLLECT {\n  " + _MATCH + "\n"
    # Numbers: the driver takes longer to decode one DATETIME than all other values.
    "  RETURN [n.id, COLLECT { MATCH (d:Dataset) WHERE d.content_hash IS NOT NULL\n"
    "    RETURN [d.id, d.title, d.author, d.licence, d.url]"
    " ORDER BY d.id },\n    n.completed_on.epochSeconds, n.completed_on.microsecond, s.loading]\n}"
)
_VERSION: LiteralString = (
    "COLLECT { " + _MATCH + " RETURN [n.id, n.completed_on.epochMillis, s.loading] }"
)
_NO_VERSION = State().version


def _state(rows: Sequence[Sequence[Any]]) -> State:
    if not rows:
        return State()
    ((snapshot, datasets, seconds, microsecond, loading),) = rows
    completed_on = None
    if seconds is not None:
        completed_on = _EPOCH + timedelta(seconds=seconds, microseconds=microsecond)
    records = tuple(
        DatasetRecord.model_construct(**dict(zip(_LABELS, row, strict=True))) for row in datasets
    )
    return State(snapshot, records, completed_on, bool(loading))


STATE: Question[State] = Question(
    "RETURN " + _STATE + " AS value", lambda rows: _state(rows[0]["value"])
)


def with_state(question: Question[T], state: State) -> Question[WithState[T] | None]:
    """Return a question for the same answer, in one round trip, together with a state read before.

    The result is None if the store is in another state by now. Its rows are not read then: Neo4j
    reads property by property what is committed, so even two lists of one tie may differ in length.
    A row of the question in which every value is null counts as no row.
    """
    cypher: LiteralString = (
        "OPTIONAL CALL () {\n" + question.cypher + "\n}\nRETURN *, " + _VERSION + " AS version"
    )

    def read(rows: Sequence[Row]) -> WithState[T] | None:
        snapshot, milliseconds, loading = next(iter(rows[-1]["version"]), _NO_VERSION)
        if [snapshot, milliseconds, bool(loading)] != state.version:
            return None
        return WithState(question.read([row for row in rows if not _is_empty(row)]), state)

    return Question(cypher, read, question.parameters, question.seconds)


def _is_empty(row: Row) -> bool:
    """Whether the question had no row here: only the version has a value."""
    return all(value is None for name, value in row.items() if name != "version")
