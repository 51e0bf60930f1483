"""Running a person's own statement: EXPLAIN, the statement itself, and never a commit.

Both run in one transaction in READ mode, which is rolled back whatever they were. It has a time
limit at the server; the clock here is the one that holds, since the server does not interrupt its
planner: when it runs out, the connection is dropped, and the server ends what hangs on it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, LiteralString, cast

from neo4j import AsyncResult, AsyncSession, AsyncTransaction, ResultSummary
from neo4j import exceptions as neo4j_errors

from graph.cypher import plan
from graph.cypher.guard import Statement
from graph.cypher.result import Answer, Notification, Other, lacking
from graph.errors import CypherCode, CypherFault, StoreTimeout
from graph.store.values import plain

# The driver writes the server's remarks on a statement, with its text, to the log. They go to
# whoever asked, and what is asked is nobody else's business.
logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)
log = logging.getLogger(__name__)

#: Seconds beyond the time limit that the server has to end a statement by itself.
GRACE = 0.5
#: Seconds that the planner may take. Plans of honest statements take a few milliseconds.
PLANNING = 5.0
#: The most rows that are on their way at once.
FETCH = 1_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one answer may be: rows, seconds from start to end, and bytes of JSON."""

    rows: int = 1_000
    seconds: float = 5.0
    bytes: int = 20_000_000

    @property
    def fetch(self) -> int:
        """Rows to ask for at a time: few are read in vain when rows are cut off."""
        return min(self.rows + 1, FETCH)


#: What the server's refusals are to whoever wrote the statement; those not named are `failed`.
_CODES: Mapping[str, CypherCode] = {
    "Neo.ClientError.Statement.SyntaxError": "cypher_syntax",
    "Neo.ClientError.Statement.SemanticError": "cypher_syntax",
    "Neo.ClientError.Statement.ParameterMissing": "cypher_parameter",
    "Neo.ClientError.Statement.AccessMode": "cypher_write",
    "Neo.ClientError.Statement.UnsupportedAdministrationCommand": "cypher_admin",
    "Neo.ClientError.Statement.ExternalResourceFailed": "cypher_import",
    "Neo.ClientError.Procedure.ProcedureNotFound": "cypher_procedure",
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": "cypher_memory",
    "Neo.TransientError.General.OutOfMemoryError": "cypher_memory",
    "Neo.TransientError.General.StackOverFlowError": "cypher_memory",
    "Neo.DatabaseError.General.OutOfMemoryError": "cypher_memory",
}
#: What is wrong with the server or its address, and not with what somebody wrote.
_NOT_OF_THE_STATEMENT = ("Neo.ClientError.Database.", "Neo.ClientError.Security.")
_TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"
_MEMORY = "The statement needs more memory than one may have: ask for less at a time."
_PLACE = re.compile(r" ?\(line (\d+), column (\d+) \(offset: \d+\)\).*", re.DOTALL)


async def run(
    session: AsyncSession,
    statement: Statement,
    parameters: Mapping[str, Any],
    bounds: Bounds,
    database: str,
) -> Answer:
    """Run a statement that passed `graph.cypher.guard`, in a session in READ mode.

    Raises `CypherFault` for what is refused or fails, and `StoreTimeout`.
    """
    try:
        async with asyncio.timeout(bounds.seconds + GRACE):
            with _explained(bounds):
                return await _run(session, statement, parameters, bounds, database)
    except TimeoutError as error:
        raise _too_slow(bounds) from error


async def _run(
    session: AsyncSession,
    statement: Statement,
    parameters: Mapping[str, Any],
    bounds: Bounds,
    database: str,
) -> Answer:
    transaction = await session.begin_transaction(timeout=bounds.seconds)
    async with transaction:
        planned = await _plan(transaction, statement, parameters, database)
        result = await transaction.run(_text(statement.text), dict(parameters))
        rows, truncated = await _rows(result, bounds)
        if truncated == "bytes":
            # A row may be large: to read on to the end of what was sent would be in vain.
            transaction.cancel()
            return Answer(list(result.keys()), rows, truncated, _notifications(planned))
        await result.consume()
        others = await _others(transaction, lacking(rows))
        await transaction.rollback()
    return Answer(list(result.keys()), rows, truncated, _notifications(planned), others)


def _text(text: str) -> LiteralString:
    # mypy takes LiteralString as str, pyright does not: the cast is for the latter.
    return cast(LiteralString, text)  # type: ignore[redundant-cast]


async def _plan(
    transaction: AsyncTransaction,
    statement: Statement,
    parameters: Mapping[str, Any],
    database: str,
) -> ResultSummary:
    """Ask for the plan, and refuse what does not only read."""
    try:
        async with asyncio.timeout(PLANNING):
            # On a line of its own, so that the columns of errors are those of the statement.
            result = await transaction.run(_text(f"EXPLAIN\n{statement.text}"), dict(parameters))
            summary = await result.consume()
    except TimeoutError as error:
        log.error("the planner did not come back; a connection is dropped")
        raise StoreTimeout(
            f"Neo4j's planner had no plan for the statement within {PLANNING:g} seconds: write it "
            "with fewer patterns, or in steps joined by WITH."
        ) from error
    other = summary.database if (summary.database or "").lower() != database.lower() else None
    plan.check(summary.query_type, summary.plan, other)
    return summary


async def _rows(
    result: AsyncResult, bounds: Bounds
) -> tuple[list[list[Any]], Literal["rows", "bytes"] | None]:
    rows: list[list[Any]] = []
    size = 0
    async for record in result:
        if len(rows) == bounds.rows:
            return rows, "rows"
        row = list(record.values())
        size += len(json.dumps(plain(row), ensure_ascii=False).encode())
        if size > bounds.bytes:
            return rows, "bytes"
        rows.append(row)
    return rows, None


async def _others(transaction: AsyncTransaction, internal: list[str]) -> dict[str, Other]:
    """Return the records that edges name by internal ids."""
    if not internal:
        return {}
    result = await transaction.run(
        "MATCH (n) WHERE elementId(n) IN $internal RETURN elementId(n) AS internal, n.id AS id, "
        "labels(n) AS labels, coalesce(n.name, n.title, n.summary, n.id) AS name",
        {"internal": internal},
    )
    return {
        row["internal"]: Other(row["id"], sorted(row["labels"]), row["name"])
        async for row in result
    }


def _notifications(summary: ResultSummary) -> list[Notification]:
    """What the server remarks; positions are those of the statement, after EXPLAIN's own line."""
    found: dict[Notification, None] = {}  # the server repeats itself
    for status in summary.gql_status_objects:
        if not status.is_notification:
            continue
        position = status.position
        remark = Notification(
            code=status.gql_status,
            severity=status.raw_severity or "INFORMATION",
            classification=status.raw_classification or "",
            description=status.status_description,
            line=position.line - 1 if position else None,
            column=position.column if position else None,
        )
        found[remark] = None
    return list(found)


@contextmanager
def _explained(bounds: Bounds) -> Iterator[None]:
    """Turn the server's refusals into words for whoever wrote the statement."""
    try:
        yield
    except neo4j_errors.Neo4jError as error:
        code = error.code or ""
        if code.startswith(_TIMED_OUT):
            raise _too_slow(bounds) from error
        if code.startswith(_NOT_OF_THE_STATEMENT):
            raise
        if code in _CODES or isinstance(error, neo4j_errors.ClientError):
            raise _refused(error, _CODES.get(code, "cypher_failed")) from error
        raise


def _refused(error: neo4j_errors.Neo4jError, code: CypherCode) -> CypherFault:
    message = error.message or ""
    found = _PLACE.search(message)
    # EXPLAIN stands on the first line; a line 0 is the server's for "somewhere".
    at = (int(found[1]) - 1, int(found[2])) if found and int(found[1]) > 1 else None
    words = _MEMORY if code == "cypher_memory" else _PLACE.sub("", message).strip()[:1_000]
    return CypherFault(code, words, at=at)


def _too_slow(bounds: Bounds) -> StoreTimeout:
    return StoreTimeout(
        f"The statement took longer than {bounds.seconds:g} seconds: ask for less, or for longer "
        "with timeout_ms."
    )
