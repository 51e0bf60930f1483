"""`text`: the texts of sources, for those who hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph import dataset
from graph.text import TextStore, locate, read
from sightlines.cli.app import text
from sightlines.cli.data import print_faults
from sightlines.cli.parameters import AsJson, Paths
from sightlines.console import facts, out, say
from sightlines.settings import read_settings

File = Annotated[Path, typer.Argument(help="A text in UTF-8, one paragraph a line.")]


@text.command("add")
def add_command(file: File) -> None:
    """Keep a text, so that passages are quoted from it. Prints the SHA-256 of its normal form.

    Example: [bold]sightlines text add article.txt[/bold]
    """
    found = read(file)
    folder = read_settings().texts_folder
    sha256 = TextStore(folder).add(found)
    out.print(sha256)
    say(f"{len(found.paragraphs)} paragraphs are kept in {folder}.")


@text.command("locate")
def locate_command(
    file: File,
    passage: Annotated[str, typer.Argument(help="A passage, as it stands within one paragraph.")],
    as_json: AsJson = False,
) -> None:
    """Print where a passage stands, as a locator for a claim's evidence.

    Example: [bold]sightlines text locate article.txt 'a few words'[/bold]
    """
    places = locate(read(file), passage)
    if as_json:
        facts([place._asdict() for place in places])
        return
    for place in places:
        fields = ", ".join(f"{name}: {value}" for name, value in place._asdict().items())
        out.print(f"- {{{fields}}}", markup=False)


@text.command("verify")
def verify_command(paths: Paths) -> None:
    """Check every locator of a data set against the texts that are held.

    Example: [bold]sightlines text verify seeds/[/bold]
    """
    store = TextStore(read_settings().texts_folder)
    held = lacking = 0

    def count(record: object) -> None:
        nonlocal held, lacking
        sha256 = getattr(record, "text_sha256", None)
        if sha256 is not None:
            held += sha256 in store
            lacking += sha256 not in store

    report = dataset.check(paths, count, texts=store)
    print_faults(report.faults)
    say(f"{held} text{'s' * (held != 1)} held and compared, {lacking} not held.")
    if report.faults:
        raise typer.Exit(1)
