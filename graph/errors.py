"""Everything that Sightlines raises on purpose.

::

    SightlinesError
    ├── InputError               what a person gave cannot be used: exit code 1
    │   ├── BadDate              a text that is no EDTF date, or one of a level not taken
    │   ├── BadText              a text or a locator that does not fit
    │   ├── DatasetFaults        a data set with faults; holds them all
    │   ├── TooLarge             more ties than an analysis looks at; says the limit
    │   └── WouldRemove          a load that would take another data set's records away
    ├── NotFound                 no record has that id
    ├── QueryFault               a Cypher statement that the store refuses; holds its own words
    │   └── CypherFault          a person's own statement that is refused, with the reason's code
    └── StoreError               the store cannot be used: exit code 3
        ├── StoreUnreachable     nobody answers at that address
        ├── StoreLogin           wrong user or password
        ├── StoreVersion         a server too old to be used
        ├── StoreForeign         the database holds somebody else's graph
        ├── StoreBusy            another load is under way, or a limit of the server is reached
        ├── StoreTimeout         the question took longer than it was given
        └── LocalServerError     the local server cannot be fetched, started or stopped

Which of them becomes which exit code or HTTP status is decided by `sightlines` and `api`;
nothing here knows of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from graph.faults import Fault


class SightlinesError(Exception):
    """The root: whatever Sightlines raises on purpose. Its text is one or more whole sentences."""


class InputError(SightlinesError):
    """What a person gave cannot be used."""


class BadDate(InputError):
    """A text that is no EDTF date, or one of a level that is not taken."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(reason)
        self.value = value
        self.reason = reason


class BadText(InputError):
    """A text that cannot be read, or a locator that does not fit it."""


class DatasetFaults(InputError):
    """A data set with faults: `faults` holds every one of them, in the order of the files."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        count = len(faults)
        super().__init__(f"The data set has {count} fault{'s' if count != 1 else ''}.")
        self.faults = tuple(faults)


class TooLarge(InputError):
    """An analysis is asked of more ties than it looks at: `limit` is the most."""

    def __init__(self, kind: str, limit: int) -> None:
        super().__init__(
            f"The analysis {kind} looks at no more than {limit:,} ties, and more are asked for: "
            "narrow them with type, status, min_origins or around."
        )
        self.kind = kind
        self.limit = limit


class WouldRemove(InputError):
    """A load would take away records that another data set brought."""

    def __init__(self, message: str, removed: int) -> None:
        super().__init__(message)
        self.removed = removed


class NotFound(SightlinesError):
    """No record has that id; `near` holds the nearest ids that exist, nearest first."""

    def __init__(self, kind: str, record_id: str, near: Sequence[str] = ()) -> None:
        super().__init__(f"There is no {kind} with the id {record_id!r}.")
        self.kind = kind
        self.record_id = record_id
        self.near = tuple(near)


class QueryFault(SightlinesError):
    """A Cypher statement that the store refuses; `code` is Neo4j's own status code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


CypherCode = Literal[
    "cypher_syntax",
    "cypher_option",
    "cypher_statements",
    "cypher_characters",
    "cypher_limit",
    "cypher_write",
    "cypher_procedure",
    "cypher_function",
    "cypher_import",
    "cypher_admin",
    "cypher_parameter",
    "cypher_memory",
    "cypher_failed",
]


class CypherFault(QueryFault):
    """A person's own statement that is refused or that failed; `code` is one of `CypherCode`.

    `operator` names what is refused: a clause, an operator of the plan, a procedure; `at` is its
    line and column in the statement, from 1.
    """

    def __init__(
        self,
        code: CypherCode,
        message: str,
        *,
        operator: str | None = None,
        at: tuple[int, int] | None = None,
    ) -> None:
        where = f" (line {at[0]}, column {at[1]})" if at else ""
        super().__init__(message + where, code)
        self.operator = operator
        self.at = at


class StoreError(SightlinesError):
    """The store cannot be used."""


class StoreUnreachable(StoreError):
    """Nobody answers at the store's address."""


class StoreLogin(StoreError):
    """The store refuses the user or the password."""


class StoreVersion(StoreError):
    """The server is too old to be used."""


class StoreForeign(StoreError):
    """The database holds a graph that Sightlines did not make."""


class StoreBusy(StoreError):
    """Another load is under way, or a limit of the server is reached."""


class StoreTimeout(StoreError):
    """A question took longer than the time that it was given."""


class LocalServerError(StoreError):
    """The local Neo4j cannot be fetched, started or stopped."""
