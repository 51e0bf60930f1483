"""Where a store is, and what the driver's errors mean to the person at the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from neo4j import exceptions as neo4j_errors

from graph.errors import (
    QueryFault,
    StoreBusy,
    StoreError,
    StoreLogin,
    StoreTimeout,
    StoreUnreachable,
    StoreVersion,
)

#: The schemes of Bolt, a host, a port, and what `neo4j://` gives to a cluster's routing. The driver
#: takes HTTP too, as a preview and without the transactions that loads need.
_URI = re.compile(
    r"(bolt|neo4j)(\+s|\+ssc)?://(\[[0-9A-Fa-f:.%]+\]|[^\s/:?#\[\]]+)(:[0-9]{1,5})?(\?\S*)?"
)

#: The oldest server that the Cypher of this project runs on.
OLDEST = (5, 26)


@dataclass(frozen=True, slots=True)
class Address:
    """A Neo4j server and a database in it. Its text never shows the password.

    Raises `StoreError` for what is no URI of a server, and for one that holds a user or a
    password, since a URI is shown.
    """

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"

    def __post_init__(self) -> None:
        if self.database == "system":
            raise StoreError(
                "The database system is Neo4j's own and holds no graph: give another one with "
                "SIGHTLINES_NEO4J_DATABASE."
            )
        if "@" in self.uri:
            raise StoreError(
                "The address of the store holds a user or a password: give the server alone, such "
                "as neo4j://localhost:7687, and the user and the password each by itself."
            )
        if not _URI.fullmatch(self.uri):
            raise StoreError(
                f"{self.uri!r} is no address of a Neo4j server: write it as neo4j://localhost:7687 "
                "or bolt://localhost:7687, with neo4j+s or bolt+s for an encrypted connection."
            )


#: Codes of the server that tell more than the class of the driver's error.
_CODES: dict[str, type[StoreError]] = {
    # After three wrong passwords the server refuses all for five seconds.
    "Neo.ClientError.Security.AuthenticationRateLimit": StoreLogin,
    "Neo.ClientError.Security.CredentialsExpired": StoreLogin,
    "Neo.ClientError.Transaction.TransactionTimedOut": StoreTimeout,
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": StoreTimeout,
    "Neo.TransientError.Transaction.MaximumTransactionLimitReached": StoreBusy,
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": StoreBusy,
    "Neo.TransientError.General.OutOfMemoryError": StoreBusy,
}


_READ_ONLY = (
    "only reads: its database is a replica or is set to read-only. Give the address of a server "
    "that takes loads."
)


def translate(error: Exception, uri: str) -> Exception:
    """Return what an error of the driver is to us; `raise translate(e, uri) from e`."""
    match error:
        case neo4j_errors.AuthError():
            return StoreLogin(f"{uri} refuses this user and password.")
        case neo4j_errors.Neo4jError():
            return _refusal(error, uri)
        case neo4j_errors.UnsupportedServerProduct():
            return StoreVersion(f"{uri} is no Neo4j server that can be used: {error}")
        case neo4j_errors.ConfigurationError() if "Notification filtering" in str(error):
            # What the driver says of a server whose protocol is older than that.
            return StoreVersion(f"{uri} is too old; Sightlines needs Neo4j 5.26 or newer.")
        case neo4j_errors.ConfigurationError():
            return StoreError(f"{uri} cannot be used as it is given: {error}")
        case neo4j_errors.ConnectionPoolError():
            return StoreBusy(f"Every connection to {uri} is taken: {error}")
        case TimeoutError():
            return StoreUnreachable(f"{uri} did not answer in time.")
        case neo4j_errors.ServiceUnavailable() | neo4j_errors.SessionExpired() | OSError():
            return StoreUnreachable(f"Nobody answers at {uri}: {error}")
        case neo4j_errors.DriverError():
            return StoreError(f"The conversation with {uri} went wrong: {error}")
    return error


def _refusal(error: neo4j_errors.Neo4jError, uri: str) -> Exception:
    """Return what an error that the server sent is to us."""
    code, message = error.code, error.message or error.code
    match error:
        case _ if code in _CODES:
            return _CODES[code](f"{uri} refuses: {message}")
        case neo4j_errors.NotALeader() | neo4j_errors.ForbiddenOnReadOnlyDatabase():
            return StoreError(f"{uri} {_READ_ONLY}")
        case _ if code == "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase":
            return StoreError(f"{uri} {_READ_ONLY}")
        case _ if code == "Neo.ClientError.Database.DatabaseNotFound":
            return StoreError(f"{uri} has no such database: {message}")
        case neo4j_errors.DatabaseError():
            return StoreError(f"{uri} failed: {message}")
        case _ if error.is_retryable():
            return StoreUnreachable(f"{uri} did not answer: {message}")
    return QueryFault(message, code)


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn every error of the driver into one of ours."""
    try:
        yield
    except (neo4j_errors.GqlError, OSError) as error:
        raise translate(error, address.uri) from error


def check_version(agent: str, uri: str) -> None:
    """Raise `StoreVersion` if a server such as `Neo4j/2026.09.0` is too old."""
    numbers = agent.partition("/")[2].split(".")
    if len(numbers) < 2 or not all(n.isdigit() for n in numbers[:2]):
        return  # Not a Neo4j version that can be read: let the queries decide.
    if (int(numbers[0]), int(numbers[1])) < OLDEST:
        raise StoreVersion(f"{uri} runs {agent}; Sightlines needs Neo4j 5.26 or newer.")
