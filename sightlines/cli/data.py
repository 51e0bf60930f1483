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
    from graph.store.loader import Loaded


@app.command("check")
def check_command(
    paths: Paths,
    stories: Annotated[
        Path | None, typer.Option(help="A folder of stories to check against it.")
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
            report, faults=(*report.faults, *_faults_of_stories(stories, paths, report.ok))
        )
    if as_json:
        facts(report_facts(report))
    else:
        print_faults([*report.faults, *report.warnings])
        say(summary(report))
    if report.faults:
        raise typer.Exit(1)


def _faults_of_stories(folder: Path, paths: list[Path], against: bool) -> list[Fault]:
    """Return what is wrong with stories; `against` a data set where that has no fault itself."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder of stories")
    written, faults = find_stories(folder)
    return [*faults, *check_stories(written, dataset.read(paths))] if against else faults


@app.command("load")
def load_command(
    paths: Paths,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of another data set.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a data set and make the store hold exactly it; a data set with a fault loads nothing.

    Example: [bold]sightlines load seeds/[/bold]
    """
    from graph.store.loader import load
    from sightlines.connect import open_writer

    settings = read_settings()
    texts = TextStore(settings.texts_folder)
    try:
        with open_writer(settings) as writer, steps() as step:
            loaded = load(writer, paths, replace=replace, texts=texts, progress=step)
    except DatasetFaults as error:
        if as_json:
            facts({"ok": False, "faults": [fault.as_dict() for fault in error.faults]})
        else:
            print_faults(error.faults)
        raise
    if as_json:
        facts(dataclasses.asdict(loaded))
    else:
        say(loaded_summary(loaded))


def print_faults(faults: list[Fault] | tuple[Fault, ...]) -> None:
    """Print faults and warnings, a line each, in the order of the files."""
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
    """Say in one line what a check found."""
    counts = ", ".join(f"{count:,} {PLURALS[kind]}" for kind, count in report.counts.items())
    faults, warnings = len(report.faults), len(report.warnings)
    verdict = "no fault" if not faults else f"{faults:,} fault{'s' if faults > 1 else ''}"
    return f"{report.name}: {counts}; {verdict}, {warnings:,} warning{'s' * (warnings != 1)}."


def loaded_summary(loaded: Loaded) -> str:
    """Say in one line what a load did."""
    counts = ", ".join(f"{loaded.counts[kind]:,} {plural}" for kind, plural in PLURALS.items())
    written = sum(loaded.written.values())
    removed = sum(loaded.removed.values())
    what = f"{written:,} rows written, {removed:,} removed" if written + removed else "unchanged"
    return f"{loaded.data_set}: {counts}; {what}. Snapshot {loaded.snapshot}."


PLURALS = {
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "judgement": "judgements",
    "tie": "ties",
}
