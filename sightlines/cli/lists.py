"""`import`: lists and graphs of others, by a mapping."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

from graph.errors import DatasetFaults, InputError
from graph.exchange.import_log import FAULTY_ROWS, Choices, ImportResult
from graph.exchange.list_import import import_list, inputs_of
from graph.exchange.mapping import read_mapping, shipped
from graph.exchange.other_store import take_in
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.cli.data import print_faults, refuse
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say, steps
from sightlines.settings import read_settings

#: What stands in the place of a mapping for another Sightlines store.
STORE = "store"


@app.command("import")
def import_command(
    mapping: Annotated[
        str,
        typer.Argument(help="A mapping: a file, or the name of a shipped one (`list` names all)."),
    ],
    files: Annotated[
        list[str] | None,
        typer.Argument(help="The files of the list; TABLE=FILE where the name says too little."),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Folder of the data set.")] = None,
    published: Annotated[
        str | None, typer.Option(help="When this edition of the list came out, in EDTF.")
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(help="Rows to take that are left out, such as 'natural persons'."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Rows to take alone, by COLUMN=VALUE,VALUE; may be repeated."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print counts and some records.")
    ] = False,
    skip_faulty: Annotated[
        bool,
        typer.Option("--skip-faulty", help=f"Put rows with faults into {FAULTY_ROWS}."),
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print the mapping, to change it in a file of yours.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who takes the list in.")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(help="The day of the import.", formats=["%Y-%m-%d"], show_default="today"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in a list or a graph, as the data set of a folder. Natural persons are left out.

    Example: [bold]sightlines import ofac-sdn sdn.csv add.csv alt.csv --to lists/ofac[/bold]
    """
    if mapping == "list" and not files:
        for name in shipped():
            out.print(f"{name:<20} {read_mapping(name).title}")
        return
    if show:
        out.print(shipped().get(mapping) or Path(mapping).read_text(encoding="utf-8"), end="")
        return
    if mapping == STORE:
        if to is None or len(files or ()) != 1:
            raise InputError("Name the address of the store, and with --to a folder.")
        _take_in_store((files or [""])[0], to)
        return
    if to is None or not files:
        raise InputError("Name the files of the list, and with --to the folder of the data set.")
    record = read_mapping(mapping)
    reasons = {reason for table in record.tables for reason in table.leave_out}
    for reason in take or ():
        if reason not in reasons:
            raise InputError(
                f"Nothing is left out as {reason!r}, but: {', '.join(sorted(reasons))}."
            )
    choices = Choices(
        on=on.date() if on else date.today(),
        by=by or getpass.getuser(),
        published=published,
        take=frozenset(take or ()),
        only=_conditions(only or ()),
        skip_faulty=skip_faulty,
        dry_run=dry_run,
    )
    texts = TextStore(read_settings().texts_folder)
    inputs = inputs_of(record, files)
    try:
        with steps() as step:
            count = 0

            def progress(rows: int) -> None:
                nonlocal count
                count += rows
                if count % 1_000 == 1:
                    step("rows", count, 0)

            result = import_list(record, inputs, to, choices, texts, progress)
    except DatasetFaults as error:
        refuse(error, as_json=as_json)
        raise
    if as_json:
        facts(result_facts(result))
    else:
        print_result(result, to, dry_run=dry_run)


def _take_in_store(address: str, to: Path) -> None:
    """Take in the data sets of another Sightlines store, over its API."""
    with httpx2.Client(base_url=address, timeout=60) as client:

        def get(path: str) -> Any:
            return client.get(path).raise_for_status().json()

        try:
            counts = take_in(get, to)
        except (httpx2.HTTPError, httpx2.InvalidURL, LookupError, TypeError, ValueError) as error:
            raise InputError(f"{address} does not answer as a Sightlines store: {error}") from error
    for dataset, count in counts.items():
        say(f"{to / dataset}: {count:,} records.")
    say(f"Next: sightlines check {to}/*; sightlines load {to}/*")


def _conditions(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return columns with the values that rows must have there."""
    conditions: dict[str, tuple[str, ...]] = {}
    for text in texts:
        column, _, values = text.partition("=")
        if not values:
            raise InputError(f"{text!r} does not say which values: write COLUMN=VALUE,VALUE.")
        conditions[column] = (*conditions.get(column, ()), *values.split(","))
    return conditions


def result_facts(result: ImportResult) -> dict[str, Any]:
    """Return the result of an import as facts for `--json`."""
    return {
        "ok": not result.faults,
        "rows": dict(result.rows),
        "left_out": dict(result.left_out),
        "faulty_rows": result.faulty_rows,
        "faults": [fault.as_dict() for fault in result.faults],
        "more_faults": result.more_faults,
        "unused_columns": dict(result.unused),
        "entities": dict(result.entities),
        "claims": dict(result.claims),
        "dropped": dict(result.dropped),
        "changes": {f"{kind} {change}": n for (kind, change), n in result.changes.items()},
        "samples": result.samples,
        "written": result.written,
    }


def print_result(result: ImportResult, folder: Path, *, dry_run: bool) -> None:
    """Print what an import read and made."""
    print_faults(result.faults)
    if result.more_faults:
        say(f"… and {result.more_faults:,} more faults.")
    if dry_run:
        for sample in result.samples:
            out.print(json.dumps(sample, ensure_ascii=False))
    for title, counts in (
        ("rows", result.rows),
        ("left out", result.left_out),
        ("entities", result.entities),
        ("claims", result.claims),
        ("dropped", result.dropped),
        ("columns that nothing is made of", result.unused),
    ):
        if counts:
            parts = ", ".join(f"{n:,} {name}" for name, n in counts.most_common(20))
            say(f"{title}: {parts}" + (" …" if len(counts) > 20 else ""))
    if result.faulty_rows:
        where = f": see {folder / FAULTY_ROWS}" if not dry_run else ""
        say(f"rows with faults: {result.faulty_rows:,}{where}")
    changes = ", ".join(
        f"{kind} {change}: {n:,}" for (kind, change), n in sorted(result.changes.items())
    )
    say(f"{folder}: {changes or 'nothing'}.")
    if not dry_run:
        names = ", ".join(result.written) or "nothing; all stands there already"
        say(f"Written: {names}. Next: sightlines check {folder}; sightlines load {folder}")
