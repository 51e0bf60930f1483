"""`check` and `load`: a data set into the store."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph import dataset
from graph.dataset.files import DataFile, find_files
from graph.errors import DatasetFaults, InputError, NotFound
from graph.faults import Fault, WarningKind, nearest
from graph.stories import check_stories, find_stories
from graph.text import TextStore
from sightlines.cli.app import app, data
from sightlines.cli.parameters import AsJson, Paths
from sightlines.cli.review import print_claims, write_claim_ids
from sightlines.console import facts, out, say, steps
from sightlines.settings import read_settings

DatasetId = Annotated[str, typer.Argument(help="Id of a data set.", show_default=False)]

#: Warnings of a kind that `check` prints; a kind may have thousands, and hide all others.
_OF_EACH_KIND = 10
#: Seconds between two looks at the files.
_INTERVAL = 0.5

if TYPE_CHECKING:
    from graph.queries.datasets import LoadedDataset
    from graph.store.loader import LoadResult


@app.command("check")
def check_command(
    paths: Paths,
    stories: Annotated[
        Path | None, typer.Option(help="A folder of stories to check as well.")
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Print each claim beside its passage, to review it.")
    ] = False,
    ids: Annotated[
        bool, typer.Option("--ids", help="Write each claim's id above it, as a comment (YAML).")
    ] = False,
    only: Annotated[
        WarningKind | None, typer.Option(help="Of the warnings, print all of this kind alone.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file changes, until Ctrl-C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a data set and print every fault, with file, line and column.

    Warnings come by kind, the first ten of each. They keep nothing from being loaded.

    Example: [bold]sightlines check seeds/ --stories stories/[/bold]
    """
    texts = TextStore(read_settings().texts_folder)
    if watch:
        for _ in changes([*paths, *([stories] if stories else [])]):
            report = _check(paths, stories, texts)
            print_report(report, only)
            say("Waiting for a change … Ctrl-C ends.")
    report = _check(paths, stories, texts)
    if as_json:
        facts(report_facts(report))
    else:
        print_report(report, only)
    if report.faults:
        raise typer.Exit(1)
    if ids:
        write_claim_ids(paths)
    if review:
        print_claims(paths, texts)


def _check(paths: list[Path], stories: Path | None, texts: TextStore) -> dataset.CheckResult:
    with steps() as step:
        report = dataset.check(paths, texts=texts, progress=lambda n, of: step("check", n, of))
    if stories is None:
        return report
    faults = (*report.faults, *_story_faults(stories, paths, report.ok))
    return dataclasses.replace(report, faults=faults)


def changes(paths: list[Path]) -> Iterator[None]:
    """Yield at once, and again whenever a data file in the paths was written, came or went."""
    before = None
    while True:
        files, unusable = find_files(paths)
        now = [*map(_version, files), *unusable]
        if now != before:
            yield
            before = now
        time.sleep(_INTERVAL)


def _version(file: DataFile) -> tuple[str, int, int]:
    try:
        status = file.path.stat()
    except OSError:
        return file.name, 0, 0
    return file.name, status.st_mtime_ns, status.st_size


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
        bool, typer.Option("--replace", help="Remove the other data sets of the store.")
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Compare all that the store holds, remove what no load wrote, and write again "
            "what differs. Snapshots and changes stay.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load data sets, each folder as its own, in the place of those with the same ids.

    The other data sets of the store stay. If one has a fault, none is loaded.

    Example: [bold]sightlines load lists/ articles/[/bold]
    """
    from graph.store.loader import load
    from sightlines.connect import keep_tables, open_address, read_at, writer_at

    settings = read_settings()
    texts = TextStore(settings.texts_folder)
    try:
        with open_address(settings) as address:
            with writer_at(address) as writer, steps() as step:
                result = load(
                    writer, paths, replace=replace, rebuild=rebuild, texts=texts, progress=step
                )
            read_at(address, lambda store: keep_tables(store, settings))
    except DatasetFaults as error:
        refuse(error, as_json=as_json)
        raise
    if as_json:
        facts(load_facts(result))
    else:
        say(load_summary(result))
    if result.foreign:
        say(FOREIGN)


@data.callback(invoke_without_command=True)
def data_command(context: typer.Context) -> None:
    """List the data sets of the store, unless there is another command."""
    if context.invoked_subcommand is None:
        list_command()


@data.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List the data sets of the store: id, title, licence, claims, when and from where.

    Example: [bold]sightlines data list[/bold]
    """
    datasets = _datasets()
    if as_json:
        facts([_dataset_facts(dataset) for dataset in datasets])
        return
    if not datasets:
        say("The store holds no data set. Load one: sightlines load FOLDER")
    for item in datasets:
        record, counts = item.record, item.counts
        when = f"{item.loaded_at:%Y-%m-%d %H:%M}" if item.loaded_at else "not complete"
        parts = (
            record.id,
            record.title or "",
            record.licence or "no licence",
            f"{counts['claims']:,} claims, {counts['entities']:,} entities",
            when,
            item.path or "",
        )
        out.print("  ".join(part for part in parts if part))


@data.command("show")
def show_command(dataset_id: DatasetId, as_json: AsJson = False) -> None:
    """Show one data set: who made it, what it uses, and how many records it has.

    Example: [bold]sightlines data show top-ten-2022[/bold]
    """
    datasets = {dataset.record.id: dataset for dataset in _datasets()}
    if dataset_id not in datasets:
        near = nearest(dataset_id, datasets)
        raise NotFound("data set", dataset_id, [near] if near else [])
    values = _dataset_facts(datasets[dataset_id])
    if as_json:
        facts(values)
        return
    for name, value in values.items():
        if value not in (None, []):
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            out.print(f"{name:<11}{text}")


@data.command("remove")
def remove_command(
    dataset_ids: Annotated[list[str], typer.Argument(help="Ids of data sets.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Remove data sets with all that is theirs alone. Refused while another one uses them.

    Example: [bold]sightlines data remove my-lists[/bold]
    """
    from graph.store.loader import remove
    from sightlines.connect import keep_tables, open_address, read_at, writer_at

    settings = read_settings()
    with open_address(settings) as address:
        with writer_at(address) as writer, steps() as step:
            result = remove(writer, dataset_ids, progress=step)
        read_at(address, lambda store: keep_tables(store, settings))
    if as_json:
        facts(load_facts(result))
    else:
        say(f"Removed {', '.join(dataset_ids)}. {load_summary(result)}")


def _datasets() -> tuple[LoadedDataset, ...]:
    from graph.queries.datasets import DATASETS
    from sightlines.connect import read_store

    return read_store(read_settings(), lambda store: store.ask(DATASETS))


def _dataset_facts(dataset: LoadedDataset) -> dict[str, Any]:
    return {
        **dataset.record.model_dump(mode="json"),
        "used_by": list(dataset.used_by),
        **dataset.counts,
        "loaded_at": dataset.loaded_at.isoformat() if dataset.loaded_at else None,
        "path": dataset.path,
    }


def refuse(error: DatasetFaults, *, as_json: bool) -> None:
    """Print the faults for which a command writes nothing."""
    if as_json:
        facts({"ok": False, "faults": [fault.as_dict() for fault in error.faults]})
    else:
        print_faults(error.faults)


def print_faults(faults: list[Fault] | tuple[Fault, ...]) -> None:
    """Print faults and warnings, one a line, in the order of the files."""
    for fault in faults:
        out.print(str(fault))


def print_report(report: dataset.CheckResult, only: WarningKind | None = None) -> None:
    """Print the faults of a report, and its warnings by kind: some of each, or all of `only`."""
    print_faults(report.faults)
    if report.more_faults:
        say(f"… and {report.more_faults:,} more faults.")
    for kind, count in report.warning_counts.items():
        if only not in (None, kind):
            continue
        warnings = [w for w in report.warnings if w.kind == kind]
        print_faults(warnings if only else warnings[:_OF_EACH_KIND])
        size = len(warnings) if only else min(len(warnings), _OF_EACH_KIND)
        if count > size:
            more = f"--only {kind} lists them." if not only else "They are counted alone."
            say(f"… and {count - size:,} more warnings of the kind '{kind}': {more}")
    say(summary(report))


def report_facts(report: dataset.CheckResult) -> dict[str, Any]:
    """Return a report as facts for `--json`."""
    return {
        "ok": report.ok,
        "data_set": report.name,
        "counts": dict(report.counts),
        "faults": [fault.as_dict() for fault in report.faults],
        "warnings": [fault.as_dict() for fault in report.warnings],
        "more_faults": report.more_faults,
        "warning_counts": dict(report.warning_counts),
    }


def summary(report: dataset.CheckResult) -> str:
    """Return the result of a check in one line."""
    counts = ", ".join(f"{count:,} {PLURALS[kind]}" for kind, count in report.counts.items())
    faults, warnings = len(report.faults) + report.more_faults, sum(report.warning_counts.values())
    verdict = "no fault" if not faults else f"{faults:,} fault{'s' if faults > 1 else ''}"
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in report.warning_counts.items())
    total = f"{warnings:,} warning{'s' * (warnings != 1)}{f' ({kinds})' if kinds else ''}"
    return f"{report.name}: {counts}; {verdict}, {total}."


#: What the commands say that notice that the last transaction of the database is not a load's.
FOREIGN = (
    "Something other than a load has written into the store: sightlines db verify tells what "
    "differs, and sightlines load --rebuild puts it right."
)


def load_facts(result: LoadResult) -> dict[str, Any]:
    """Return the result of a load as `--json` prints it."""
    names = {"writes": "written", "removals": "removed"}
    return {names.get(k, k): v for k, v in dataclasses.asdict(result).items()}


def load_summary(result: LoadResult) -> str:
    """Return the result of a load in one line."""
    counts = ", ".join(f"{result.counts[kind]:,} {plural}" for kind, plural in PLURALS.items())
    writes, removals = sum(result.writes.values()), sum(result.removals.values())
    change = f"{writes:,} rows written, {removals:,} removed" if writes + removals else "unchanged"
    names = f"{', '.join(result.data_sets)}: " if result.data_sets else ""
    warnings = f"{result.warnings:,} warning{'s' * (result.warnings != 1)}"
    hint = f" {warnings}: `sightlines check` lists them." if result.warnings else ""
    return f"{names}{change}. The store holds {counts}. Snapshot {result.snapshot}.{hint}"


PLURALS = {
    "source": "sources",
    "entity": "entities",
    "claim": "claims",
    "judgement": "judgements",
    "tie": "ties",
}
