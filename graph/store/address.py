"""Where a store is, and what the driver's errors mean to the person at the keyboard."""

from __future__ import annotations

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

#: The oldest server that the Cypher of this project runs on.
OLDEST = (5, 26)


@dataclass(frozen=True, slots=True)
class Address:
    """A Neo4j server and a database in it. Its text never shows the password."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"


#: The driver's own classes and server codes, the most telling first: what they are to us.
_CODES: dict[str, type[StoreError]] = {
    "Neo.ClientError.Transaction.TransactionTimedOut": StoreTimeout,
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": StoreTimeout,
    "Neo.TransientError.Transaction.MaximumTransactionLimitReached": StoreBusy,
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": StoreBusy,
    "Neo.TransientError.General.OutOfMemoryError": StoreBusy,
}


def translate(error: Exception, uri: str) -> Exception:
    """Return what an error of the driver is to us; `raise translate(e, uri) from e`."""
    if isinstance(error, neo4j_errors.AuthError):
        return StoreLogin(f"{uri} refuses this user and password.")
    if isinstance(error, neo4j_errors.Neo4jError):
        code = error.code or ""
        if code in _CODES:
            return _CODES[code](error.message or code)
        if code.startswith("Neo.ClientError.Cluster.NotALeader") or "ReadOnly" in code:
            return StoreError(f"{uri} is a read-only server: give the address of its leader.")
        if code.startswith("Neo.ClientError.Database.DatabaseNotFound"):
            return StoreError(f"{uri} has no such database: {error.message}")
        if error.is_retryable():
            return StoreUnreachable(f"{uri} did not answer: {error.message}")
        return QueryFault(error.message or code, code)
    if isinstance(error, neo4j_errors.ConfigurationError | ValueError):
        return StoreError(f"{uri!r} is no address of a Neo4j server: {error}")
    if isinstance(error, neo4j_errors.DriverError | OSError):
        return StoreUnreachable(f"Nobody answers at {uri}: {error}")
    return error


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn every error of the driver into one of ours."""
    try:
        yield
    except (neo4j_errors.Neo4jError, neo4j_errors.DriverError, OSError) as error:
        raise translate(error, address.uri) from error


def check_version(agent: str, uri: str) -> None:
    """Raise `StoreVersion` if a server such as `Neo4j/2026.09.0` is too old."""
    numbers = agent.partition("/")[2].split(".")
    if len(numbers) < 2 or not all(n.isdigit() for n in numbers[:2]):
        return  # Not a Neo4j version that can be read: let the queries decide.
    if (int(numbers[0]), int(numbers[1])) < OLDEST:
        raise StoreVersion(f"{uri} runs {agent}; Sightlines needs Neo4j 5.26 or newer.")
