"""The address of a store, and the driver's errors as errors of ours."""

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

#: A scheme of Bolt, a host, a port, and the routing context of `neo4j://`. The driver also accepts
#: HTTP, as a preview and without the transactions that loads need.
_URI = re.compile(
    r"(bolt|neo4j)(\+s|\+ssc)?://(\[[0-9A-Fa-f:.%]+\]|[^\s/:?#\[\]]+)(:[0-9]{1,5})?(\?\S*)?"
)

#: The oldest server that runs the Cypher of this project.
OLDEST = (5, 26)


@dataclass(frozen=True, slots=True)
class Address:
    """A Neo4j server and a database in it. Its text never shows the password.

    Raises `StoreError` for a text that is not the URI of a server, and for a URI with a user or a
    password, since URIs are printed.
    """

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"

    def __post_init__(self) -> None:
        if self.database == "system":
            raise StoreError(
                "The database system is Neo4j's own and cannot hold a graph: name another one in "
                "SIGHTLINES_NEO4J_DATABASE."
            )
        if "@" in self.uri:
            raise StoreError(
                "The address of the store holds a user or a password: give the server alone, such "
                "as neo4j://localhost:7687, and user and password in their own settings."
            )
        if not _URI.fullmatch(self.uri):
            raise StoreError(
                f"{self.uri!r} is not an address of a Neo4j server: write it as "
                "neo4j://localhost:7687 or bolt://localhost:7687, with neo4j+s or bolt+s for an "
                "encrypted connection."
            )


#: Codes of the server that are more precise than the class of the driver's error.
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
    "that accepts writes."
)


def translate(error: Exception, uri: str) -> Exception:
    """Return our error for an error of the driver; `raise translate(e, uri) from e`."""
    match error:
        case neo4j_errors.AuthError():
            return StoreLogin(f"{uri} refuses this user and password.")
        case neo4j_errors.Neo4jError():
            return _refusal(error, uri)
        case neo4j_errors.UnsupportedServerProduct():
            return StoreVersion(f"{uri} is not a Neo4j server that can be used: {error}")
        case neo4j_errors.ConfigurationError() if "Notification filtering" in str(error):
            # The driver's error for a server with an older protocol.
            return StoreVersion(f"{uri} is too old; Sightlines needs Neo4j 5.26 or newer.")
        case neo4j_errors.ConfigurationError():
            return StoreError(f"{uri} cannot be used with these settings: {error}")
        case neo4j_errors.ConnectionPoolError():
            return StoreBusy(f"Every connection to {uri} is in use: {error}")
        case TimeoutError():
            return StoreUnreachable(f"{uri} did not answer in time.")
        case neo4j_errors.ServiceUnavailable() | neo4j_errors.SessionExpired() | OSError():
            return StoreUnreachable(f"No server answers at {uri}: {error}")
        case neo4j_errors.DriverError():
            return StoreError(f"The connection to {uri} failed: {error}")
    return error


def _refusal(error: neo4j_errors.Neo4jError, uri: str) -> Exception:
    """Return our error for an error that the server sent."""
    code, message = error.code, error.message or error.code
    match error:
        case _ if _CODES.get(code) is StoreTimeout:
            # Whoever asks for less need not know where the store is.
            return StoreTimeout(f"The store ended a statement that took too long: {message}")
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
def store_errors(address: Address) -> Iterator[None]:
    """Turn every error of the driver into one of ours."""
    try:
        yield
    except (neo4j_errors.GqlError, OSError) as error:
        raise translate(error, address.uri) from error


def check_version(agent: str, uri: str) -> None:
    """Raise `StoreVersion` if a server such as `Neo4j/2026.09.0` is too old."""
    numbers = agent.partition("/")[2].split(".")
    if len(numbers) < 2 or not all(n.isdigit() for n in numbers[:2]):
        return  # An unknown version: its answers will show whether it works.
    if (int(numbers[0]), int(numbers[1])) < OLDEST:
        raise StoreVersion(f"{uri} runs {agent}; Sightlines needs Neo4j 5.26 or newer.")
