"""`check` and `load`: a data set into the store."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph import dataset
from graph.errors import DatasetFaults, InputError
from graph.faults import Fault
from graph.stories import check_stories, find_stories
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.cli.parameters import AsJson, Paths
from sightlines.console import facts, out, say, steps
from sightlines.settings import read_settings

if TYPE_CHECKING:
    from graph.store.loader import LoadResult


@app.command("check")
def check_command(
    paths: Paths,
    stories: Annotated[
        Path | None, typer.Option(help="A folder of stories to check as well.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a data set and print every fault, with file, line and column.

    Example: [bold]sightlines check seeds/ --stories stories/[/bold]
    """
    texts = TextStore(read_settings().texts_folder)
    with steps() as step:
        report = dataset.check(paths, texts=texts, progress=lambda n, of: step("check", n, of))
    if stories is not None:
        report = dataclasses.replace(
            report, faults=(*report.faults, *_story_faults(stories, paths, report.ok))
        )
    if as_json:
        facts(report_facts(report))
    else:
        print_faults([*report.faults, *report.warnings])
        say(summary(report))
    if report.faults:
        raise typer.Exit(1)


def _story_faults(folder: Path, paths: list[Path], with_data: bool) -> list[Fault]:
    """Return the faults of stories; `with_data` checks their references into the data set too."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder of stories")
    stories, faults = find_stories(folder)
    return [*faults, *check_stories(stories, dataset.read(paths))] if with_data else faults


@app.command("load")
def load_command(
    paths: Paths,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a data set with another name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load a data set: the store then holds exactly it. A data set with a fault is not loaded.

    Example: [bold]sightlines load seeds/[/bold]
    """
    from graph.store.loader import load
    from sightlines.connect import open_writer

    settings = read_settings()
    texts = TextStore(settings.texts_folder)
    try:
        with open_writer(settings) as writer, steps() as step:
            result = load(writer, paths, replace=replace, texts=texts, progress=step)
    except DatasetFaults as error:
        if as_json:
            facts({"ok": False, "faults": [fault.as_dict() for fault in error.faults]})
        else:
            print_faults(error.faults)
        raise
    if as_json:
        facts(dataclasses.asdict(result))
    else:
        say(load_summary(result))


def print_faults(faults: list[Fault] | tuple[Fault, ...]) -> None:
    """Print faults and warnings, one a line, in the order of the files."""
    for fault in faults:
        out.print(str(fault), markup=False)


def report_facts(report: dataset.Checked) -> dict[str, Any]:
    """Return a report as facts for `--json`."""
    return {
        "ok": report.ok,
        "data_set": report.name,
        "counts": dict(report.counts),
        "faults": [fault.as_dict() for fault in report.faults],
        "warnings": [fault.as_dict() for fault in report.warnings],
    }


def summary(report: dataset.Checked) -> str:
    """Return the result of a check in one line."""
    counts = ", ".join(f"{count:,} {PLURALS[kind]}" for kind, count in report.counts.items())
    faults, warnings = len(report.faults), len(report.warnings)
    verdict = "no fault" if not faults else f"{faults:,} fault{'s' if faults > 1 else ''}"
    return f"{report.name}: {counts}; {verdict}, {warnings:,} warning{'s' * (warnings != 1)}."


def load_summary(result: LoadResult) -> str:
    """Return the result of a load in one line."""
    counts = ", ".join(f"{result.counts[kind]:,} {plural}" for kind, plural in PLURALS.items())
    writes, removals = sum(result.written.values()), sum(result.removed.values())
    change = f"{writes:,} rows written, {removals:,} removed" if writes + removals else "unchanged"
    return f"{result.data_set}: {counts}; {change}. Snapshot {result.snapshot}."


PLURALS = {
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "judgement": "judgements",
    "tie": "ties",
}
