"""`cypher`: statements of the user's own, through the same guard as the API's.

The web framework and the driver take half a second to import: only this command imports them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from graph.errors import InputError
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say
from sightlines.settings import read_settings

if TYPE_CHECKING:
    from api.answers.cypher import Included
    from api.cypher import BoundStatement
    from graph.cypher.evidence import RowEvidence
    from graph.cypher.result import CypherResult, Plan
    from graph.cypher.run import Bounds
    from graph.store.connection import Store

SECONDS = 30.0


@app.command("cypher")
def cypher_command(
    query: Annotated[
        str | None,
        typer.Argument(
            help="A Cypher statement that only reads; - for standard input.", show_default=False
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A file that holds the statement.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="A parameter as name=JSON; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200_000, help="The most rows.")] = 1_000,
    expand: Annotated[
        bool, typer.Option("--expand", help="Show the ties, claims and sources of the rows.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Query the store in Cypher. Statements that write or read server settings are refused.

    Example: [bold]sightlines cypher 'MATCH (c:Company)-[:SUPPLIES]->(x) RETURN c, x'[/bold]
    """
    from api import files
    from api.cypher import CypherBounds, included, read_statement
    from graph.cypher.run import Bounds
    from graph.tables import Column
    from sightlines.connect import open_statements, read_at

    if as_csv and (as_json or expand):
        raise InputError("--csv prints rows and nothing else: leave out --json and --expand.")
    bound = read_statement(
        CypherBounds(statement=_statement(query, file)), dict(_parameter(p) for p in param or ())
    )
    bounds = Bounds(rows=limit, seconds=SECONDS)
    settings = read_settings()
    with open_statements(settings) as address:
        result, evidence = read_at(address, lambda store: _run(store, bound, bounds, expand))
    if as_csv:
        columns = [Column(name, "json", "") for name in result.columns]
        writer = files.CsvWriter(sys.stdout.buffer, columns)
        writer.write(result.plain_rows())
        writer.finish()
    elif as_json:
        texts = TextStore(settings.texts_folder)
        facts(_facts(result, included(evidence, texts) if evidence else None))
    else:
        if result.rows or result.plan is None:
            _print_table(result)
        for line in _plan_lines(result.plan, 0):
            out.print(line, markup=False)
        _print_evidence(evidence)
    _print_notices(result, limit)


def _statement(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise InputError("Give a statement, or - for standard input, or --file and its name.")
    if file is None and query != "-":
        return str(query)
    try:
        return (file.read_bytes() if file else sys.stdin.buffer.read()).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file or 'Standard input'} cannot be read: {error}.") from error


def _parameter(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError as error:
        raise InputError(
            f"--param {text!r}: the value after '=' is not JSON ({error}). "
            f"A string needs quotes: {name}='\"{value}\"'."
        ) from error


async def _run(
    store: Store, bound: BoundStatement, bounds: Bounds, expand: bool
) -> tuple[CypherResult, RowEvidence | None]:
    from graph.cypher.evidence import evidence
    from graph.cypher.run import run

    result = await run(store, bound.statement, bound.parameters, bounds)
    return result, await store.ask(evidence(result.records())) if expand else None


def _facts(result: CypherResult, included: Included | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "columns": result.columns,
        "rows": result.plain_rows(),
        "truncated": result.truncated is not None,
    }
    if result.plan is not None:
        document["plan"] = asdict(result.plan)
    if included is not None:
        document["included"] = included.model_dump(mode="json", by_alias=True)
    return document


def _print_table(result: CypherResult) -> None:
    table = Table(*result.columns, header_style="bold")
    for row in result.plain_rows():
        cells = (v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in row)
        table.add_row(*cells)
    out.print(table)


def _plan_lines(plan: Plan | None, depth: int) -> Iterator[str]:
    """Yield a line for each operator, those that feed it indented below it."""
    if plan is None:
        return
    counts = {"estimated": plan.estimated_rows, "rows": plan.rows, "hits": plan.db_hits}
    numbers = ", ".join(f"{name} {count:g}" for name, count in counts.items() if count is not None)
    yield f"{'  ' * depth}{plan.operator}  {plan.details}  ({numbers})"
    for child in plan.children:
        yield from _plan_lines(child, depth + 1)


def _print_evidence(evidence: RowEvidence | None) -> None:
    if evidence is None:
        return
    for claim in evidence.claims.values():
        speakers = " citing ".join(_name(link, evidence) for link in claim.said_by)
        paragraphs = ", ".join(f"paragraph {e.paragraph}" for e in claim.evidence)
        out.print(f"{claim.id}  {claim.summary}\n  {speakers}; {paragraphs}")


def _name(record_id: str, evidence: RowEvidence) -> str:
    source = evidence.sources.get(record_id)
    return source.title if source else evidence.names.get(record_id, record_id)


def _print_notices(result: CypherResult, limit: int) -> None:
    from api.cypher import notices

    for notification in result.notifications:
        if notification.severity == "WARNING":
            say(notification.description)
    if result.truncated == "rows":
        say(f"Only the first {limit:,} rows are shown: --limit sets how many.")
    else:
        for notice in notices(result):
            say(notice)
