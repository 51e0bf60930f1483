"""`text`: the texts of sources, on machines that have them."""

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
    """Store a text, so that passages are quoted from it. Prints the SHA-256 of its normal form.

    Example: [bold]sightlines text add article.txt[/bold]
    """
    article = read(file)
    folder = read_settings().texts_folder
    sha256 = TextStore(folder).add(article)
    out.print(sha256)
    say(f"{len(article.paragraphs)} paragraphs are stored in {folder}.")


@text.command("locate")
def locate_command(
    file: File,
    passage: Annotated[
        str, typer.Argument(help="A passage, exactly as in the text, within one paragraph.")
    ],
    as_json: AsJson = False,
) -> None:
    """Print the position of a passage, as a locator for a claim's evidence.

    Example: [bold]sightlines text locate article.txt 'a few words'[/bold]
    """
    locators = locate(read(file), passage)
    if as_json:
        facts([locator._asdict() for locator in locators])
        return
    for locator in locators:
        fields = ", ".join(f"{name}: {value}" for name, value in locator._asdict().items())
        out.print(f"- {{{fields}}}", markup=False)


@text.command("verify")
def verify_command(paths: Paths) -> None:
    """Check every locator of a data set against the stored texts.

    Example: [bold]sightlines text verify seeds/[/bold]
    """
    store = TextStore(read_settings().texts_folder)
    texts: list[str] = []

    def note(record: object) -> None:
        sha256 = getattr(record, "text_sha256", None)
        if sha256 is not None:
            texts.append(sha256)

    report = dataset.check(paths, note, texts=store)
    print_faults(report.faults)
    count = sum(sha256 in store for sha256 in texts)
    say(f"{count} text{'s' * (count != 1)} compared, {len(texts) - count} not stored here.")
    if report.faults:
        raise typer.Exit(1)
