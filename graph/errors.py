"""Everything that Sightlines raises on purpose.

::

    SightlinesError
    ├── InputError               input that cannot be used: exit code 1
    │   ├── BadDate              not an EDTF date, or one of an unsupported level
    │   ├── BadText              an unreadable text, or a locator that does not fit it
    │   ├── DatasetFaults        a data set with faults; has all of them
    │   └── TooLarge             more ties than the limit of an analysis
    ├── NotFound                 no record has that id
    ├── QueryFault               a Cypher statement that the store refuses
    │   └── CypherFault          a user's own statement that is refused, with a code
    └── StoreError               the store cannot be used: exit code 3
        ├── StoreUnreachable     no server answers at the address
        ├── StoreStarting        the server for statements is starting
        ├── StoreLogin           wrong user or password
        ├── StoreVersion         a server, or records, of a version that cannot be used
        ├── StoreForeign         the database holds the graph of another program
        ├── StoreBusy            another load is running, or a limit of the server is reached
        ├── StoreTimeout         a statement exceeded its time limit
        └── LocalServerError     the local server cannot be fetched, started or stopped

`sightlines` and `api` map them to exit codes and HTTP statuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from graph.faults import Fault


class SightlinesError(Exception):
    """The root. The text of an error is one or more whole sentences."""


class InputError(SightlinesError):
    """Input that cannot be used."""


class BadCombination(InputError):
    """Values each of which can be used, and which do not go together; one is the parameter's."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(reason)
        self.parameter = parameter


class BadDate(InputError):
    """A text that is not an EDTF date, or one of an unsupported level."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(reason)
        self.value = value
        self.reason = reason


class BadText(InputError):
    """A text that cannot be read, or a locator that does not fit it."""


class DatasetFaults(InputError):
    """A data set with faults: `faults` has all of them, in the order of the files."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        count = len(faults)
        super().__init__(f"The data set has {count} fault{'s' if count != 1 else ''}.")
        self.faults = tuple(faults)


class TooLarge(InputError):
    """More ties than an analysis can use: `limit` is the most."""

    def __init__(self, kind: str, limit: int) -> None:
        super().__init__(
            f"The analysis {kind} looks at no more than {limit:,} ties, and more are asked for: "
            "narrow them with type, status, min_independent or around."
        )
        self.kind = kind
        self.limit = limit


class NotFound(SightlinesError):
    """No record has that id; `near` has the most similar ids that exist, best first."""

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
    """A user's own statement that was refused or failed; `code` is one of `CypherCode`.

    `operator` names the refused clause, operator of the plan or procedure; `at` is its line and
    column in the statement, from 1.
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
    """No server answers at the store's address."""


class StoreStarting(StoreError):
    """The server for statements is starting, or follows a load."""


class StoreLogin(StoreError):
    """The store refuses the user or the password."""


class StoreVersion(StoreError):
    """The server is too old to be used, or the records are those of another version."""


class StoreForeign(StoreError):
    """The database holds a graph that Sightlines did not create."""


class StoreBusy(StoreError):
    """Another load is running, or a limit of the server is reached."""


class StoreTimeout(StoreError):
    """A statement exceeded its time limit."""


class LocalServerError(StoreError):
    """The local Neo4j cannot be fetched, started or stopped."""


class Outdated(InputError):
    """Files were changed by somebody else since they were read: nothing was written."""
