"""Running a user's own statement: EXPLAIN, the statement itself, and never a commit.

Both run in one transaction in READ mode, which is rolled back in every case. The server has a time
limit for it, but does not interrupt its planner, so the clock here decides: when the time is up,
the connection is closed, and the server ends the transaction with it.
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

from neo4j import (
    AsyncResult,
    AsyncTransaction,
    NotificationMinimumSeverity,
    ResultSummary,
)
from neo4j import exceptions as neo4j_errors

from graph.cypher import plan
from graph.cypher.guard import Statement
from graph.cypher.result import CypherResult, EndNode, Notification, Plan, missing_ends
from graph.errors import CypherCode, CypherFault, QueryFault, StoreError, StoreTimeout
from graph.question import Question
from graph.store.connection import GRACE, Store
from graph.store.values import plain, record_values

# The driver logs the notifications of a statement with its text. They belong to its author alone.
logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)
log = logging.getLogger(__name__)

#: Seconds that the planner may take. Plans of honest statements take a few milliseconds.
PLANNING = 5.0
#: Seconds that the server may take to tell its transactions, and the longest pause between two
#: such questions.
_ASKING, _PAUSE = 5.0, 1.0
_RUNNING: LiteralString = """SHOW TRANSACTIONS YIELD transactionId, metaData
WHERE metaData.statement = $name
RETURN transactionId"""
#: The most rows in flight at once.
FETCH = 1_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one result: rows, seconds from start to end, and bytes of JSON."""

    rows: int = 1_000
    seconds: float = 5.0
    bytes: int = 20_000_000

    @property
    def fetch(self) -> int:
        """Rows to fetch at a time: few are fetched in vain when rows are cut off."""
        return min(self.rows + 1, FETCH)


#: The server's refusals as problems of the statement; all others are `cypher_failed`.
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
#: Problems of the server or its address, not of the statement.
_SERVER_PROBLEMS = ("Neo.ClientError.Database.", "Neo.ClientError.Security.")
#: Faults of the server that the statement has met, such as a clause that its edition does not have.
_STATEMENT_PROBLEMS = ("Neo.DatabaseError.Statement.", "Neo.DatabaseError.General.Unknown")
_TIMEOUT = "Neo.ClientError.Transaction.TransactionTimedOut"
_MEMORY = "The statement needs more memory than one may have: ask for less at a time."
_POSITION = re.compile(r" ?\(line (\d+), column (\d+) \(offset: \d+\)\).*", re.DOTALL)


async def run(
    store: Store,
    statement: Statement,
    parameters: Mapping[str, Any],
    bounds: Bounds,
    name: str = "",
) -> CypherResult:
    """Run a statement that passed `graph.cypher.guard`, in READ mode, in a transaction of a name.

    Raises `CypherFault` if it is refused or fails, `StoreTimeout`, and what `Store.ask`
    raises.
    """
    severity = NotificationMinimumSeverity.INFORMATION
    database = store.address.database
    async with store.session(
        fetch_size=bounds.fetch, notifications_min_severity=severity
    ) as session:
        try:
            async with asyncio.timeout(bounds.seconds + GRACE):
                with _explained(bounds):
                    metadata = {"statement": name}
                    transaction = await session.begin_transaction(metadata, bounds.seconds)
                    return await _run(transaction, statement, parameters, bounds, database)
        except TimeoutError as error:
            raise _too_slow(bounds) from error


async def wait_until_ended(store: Store, name: str) -> None:
    """Return when the server no longer has the transaction of this name.

    That may be never: Neo4j ends a transaction where it looks for that, and it does not look while
    it plans or computes a `reduce`. A server that does not answer is asked again; one that does not
    tell is taken at the statement's time limit.
    """
    question = Question(_RUNNING, lambda rows: bool(rows), {"name": name}, seconds=_ASKING)
    pause = 0.1
    while True:
        try:
            if not await store.ask(question):
                return
        except QueryFault as error:
            log.warning("the server does not show its transactions: %s", error)
            return
        except StoreError:
            pass
        await asyncio.sleep(pause)
        pause = min(2 * pause, _PAUSE)


async def _run(
    transaction: AsyncTransaction,
    statement: Statement,
    parameters: Mapping[str, Any],
    bounds: Bounds,
    database: str,
) -> CypherResult:
    async with transaction:
        columns, summary = await _explain(transaction, statement, parameters, database)
        notifications = _notifications(summary)
        if statement.mode == "EXPLAIN":
            await transaction.rollback()
            return CypherResult(columns, [], None, notifications, plan=_plan(summary.plan))
        prefix = f"{statement.mode}\n" if statement.mode else ""
        result = await transaction.run(_literal(prefix + statement.text), dict(parameters))
        rows, truncated = await _rows(result, bounds)
        if truncated == "bytes":
            # Rows may be large: do not read the rest of what the server has sent.
            transaction.cancel()
            return CypherResult(columns, rows, truncated, notifications)
        profile = (await result.consume()).profile
        end_nodes = await _end_nodes(transaction, missing_ends(rows))
        await transaction.rollback()
    return CypherResult(columns, rows, truncated, notifications, end_nodes, _plan(profile))


def _literal(text: str) -> LiteralString:
    """Return a checked statement as the type of the driver's statements."""
    return cast(LiteralString, text)  # type: ignore[redundant-cast]


async def _explain(
    transaction: AsyncTransaction,
    statement: Statement,
    parameters: Mapping[str, Any],
    database: str,
) -> tuple[list[str], ResultSummary]:
    """Let the server plan the statement, and refuse a plan that does more than read."""
    try:
        async with asyncio.timeout(PLANNING):
            # On a line of its own, so that errors have the columns of the statement.
            result = await transaction.run(_literal(f"EXPLAIN\n{statement.text}"), dict(parameters))
            summary = await result.consume()
    except TimeoutError as error:
        log.error("the planner did not return; its connection is closed")
        raise StoreTimeout(
            f"Neo4j's planner had no plan for the statement within {PLANNING:g} seconds: write it "
            "with fewer patterns, or in steps joined by WITH."
        ) from error
    other = summary.database if (summary.database or "").lower() != database.lower() else None
    plan.check(summary.query_type, summary.plan, other)
    return list(result.keys()), summary


def _plan(operator: Mapping[str, Any] | None) -> Plan | None:
    """Return a plan of the server with all its operators; None if there is none."""
    if operator is None:
        return None
    arguments = operator.get("args", {})
    return Plan(
        operator=str(operator["operatorType"]).partition("@")[0],
        details=str(arguments.get("Details", "")),
        estimated_rows=arguments.get("EstimatedRows"),
        rows=operator.get("rows"),
        db_hits=operator.get("dbHits"),
        children=[step for child in operator.get("children", ()) if (step := _plan(child))],
    )


async def _rows(
    result: AsyncResult, bounds: Bounds
) -> tuple[list[list[Any]], Literal["rows", "bytes"] | None]:
    rows: list[list[Any]] = []
    size = 0
    async for record in result:
        if len(rows) == bounds.rows:
            return rows, "rows"
        row = record_values(record)
        size += len(json.dumps(plain(row), ensure_ascii=False).encode())
        if size > bounds.bytes:
            return rows, "bytes"
        rows.append(row)
    return rows, None


async def _end_nodes(transaction: AsyncTransaction, internal: list[str]) -> dict[str, EndNode]:
    """Return nodes by their internal ids."""
    if not internal:
        return {}
    result = await transaction.run(
        "MATCH (n) WHERE elementId(n) IN $internal RETURN elementId(n) AS internal, n.id AS id, "
        "labels(n) AS labels, coalesce(n.name, n.title, n.summary, n.id) AS name",
        {"internal": internal},
    )
    return {
        row["internal"]: EndNode(row["id"], sorted(row["labels"]), row["name"])
        async for row in result
    }


def _notifications(summary: ResultSummary) -> list[Notification]:
    """Return the server's notifications, each once; lines are those of the statement."""
    notifications: dict[Notification, None] = {}
    for status in summary.gql_status_objects:
        if not status.is_notification:
            continue
        position = status.position
        notification = Notification(
            code=status.gql_status,
            severity=status.raw_severity or "INFORMATION",
            classification=status.raw_classification or "",
            description=status.status_description,
            line=position.line - 1 if position else None,
            column=position.column if position else None,
        )
        notifications[notification] = None
    return list(notifications)


@contextmanager
def _explained(bounds: Bounds) -> Iterator[None]:
    """Turn the server's refusals into errors for the author of the statement."""
    try:
        yield
    except neo4j_errors.Neo4jError as error:
        code = error.code or ""
        if code.startswith(_TIMEOUT):
            raise _too_slow(bounds) from error
        if code.startswith(_SERVER_PROBLEMS):
            raise
        of_statement = isinstance(error, neo4j_errors.ClientError)
        if code in _CODES or of_statement or code.startswith(_STATEMENT_PROBLEMS):
            raise _fault(error, _CODES.get(code, "cypher_failed")) from error
        raise


def _fault(error: neo4j_errors.Neo4jError, code: CypherCode) -> CypherFault:
    message = error.message or ""
    # In Cypher 25 the words may stand in the cause alone, and the message is its number.
    if re.match(r"[0-9A-Z]{5} \(", message) and isinstance(error.__cause__, neo4j_errors.GqlError):
        message = f"{error.__cause__.message} {message[6:]}"
    match = _POSITION.search(message)
    # EXPLAIN is on the first line; line 0 is the server's for an unknown position.
    at = (int(match[1]) - 1, int(match[2])) if match and int(match[1]) > 1 else None
    text = _MEMORY if code == "cypher_memory" else _POSITION.sub("", message).strip()[:1_000]
    return CypherFault(code, text, at=at)


def _too_slow(bounds: Bounds) -> StoreTimeout:
    return StoreTimeout(
        f"The statement took longer than {bounds.seconds:g} seconds: ask for less, or for longer "
        "with timeout_ms."
    )
