"""`text`: the texts of sources, on machines that have them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph import dataset
from graph.dataset.edit_yaml import pin
from graph.dataset.files import find_files
from graph.dataset.lookup import raw_records
from graph.disk import writing_in
from graph.errors import BadText, InputError
from graph.faults import did_you_mean
from graph.passages import citations
from graph.text import Text, TextStore, locate, read
from sightlines.cli.app import text
from sightlines.cli.data import print_faults
from sightlines.cli.parameters import HERE, AsJson, DataPaths, Paths
from sightlines.console import facts, out, say
from sightlines.settings import read_settings

File = Annotated[Path, typer.Argument(help="A text in UTF-8, one paragraph a line.")]
SourceId = Annotated[str, typer.Argument(help="Id of a source.", show_default=False)]


@text.command("add")
def add_command(file: File) -> None:
    """Store a text, so that passages are quoted from it. Prints the SHA-256 of its normal form.

    Example: [bold]sightlines text add article.txt[/bold]
    """
    article = read(file)
    folder = read_settings().texts_folder
    with writing_in(folder, InputError):
        sha256 = TextStore(folder).add(article)
    out.print(sha256)
    say(f"{len(article.paragraphs)} paragraphs are stored in {folder}.")


@text.command("locate")
def locate_command(
    file: File,
    passage: Annotated[
        str, typer.Argument(help="Words of the text; they may go over the ends of lines.")
    ],
    as_json: AsJson = False,
) -> None:
    """Print the position of a passage, as a locator for a claim's evidence.

    Example: [bold]sightlines text locate article.txt 'a few words'[/bold]
    """
    locators = [locator for place in locate(read(file), passage) for locator in place]
    if as_json:
        facts([locator._asdict() for locator in locators])
        return
    for locator in locators:
        fields = ", ".join(f"{name}: {value}" for name, value in locator._asdict().items())
        out.print(f"- {{{fields}}}")


@text.command("pin")
def pin_command(paths: Paths) -> None:
    """Put locators in the place of the words that stand as evidence in files of claims.

    Of a source, it needs the stored text (`text add`) and the record: in one of the files, or in
    the folder of one. Example: [bold]sightlines text pin article/claims.yaml[/bold]
    """
    files, unusable = find_files(paths)
    if unusable:
        raise InputError(f"{unusable[0].name}: {unusable[0].message}. {unusable[0].hint}")
    texts = _Texts([*paths, *(path.parent for path in paths if path.is_file())])
    results = []
    for file in files:
        if file.is_yaml:
            with writing_in(file.path.parent, InputError):
                results.append(pin(file, texts))
    faults = [fault for _, of_file in results for fault in of_file]
    print_faults(faults)
    count = sum(pinned for pinned, _ in results)
    say(f"{count} passage{'s' * (count != 1)} pinned, {len(faults)} not.")
    if faults:
        raise typer.Exit(1)


@text.command("cover")
def cover_command(source: SourceId, paths: DataPaths = HERE, as_json: AsJson = False) -> None:
    """Show the paragraphs of a source on which no claim rests.

    Example: [bold]sightlines text cover top-ten-2022 seeds/[/bold]
    """
    text = _Texts(paths)(source)
    claims = (c for c in raw_records(paths, claims=True) if c.values().get("source") == source)
    counts = citations(claims, text)
    paragraphs = list(enumerate(text.paragraphs, 1))
    if as_json:
        facts([{"paragraph": number, "passages": counts[number]} for number, _ in paragraphs])
        return
    for number, words in paragraphs:
        if not counts[number]:
            out.print(
                f"{number:>4}  {words if len(words) <= 90 else words[:89] + '…'}", markup=False
            )
    count = sum(not counts[number] for number, _ in paragraphs)
    say(f"{source}: no claim rests on {count} of {len(paragraphs)} paragraphs.")


class _Texts:
    """The texts of sources, by the ids of the sources in some files."""

    def __init__(self, paths: list[Path]) -> None:
        self._store = TextStore(read_settings().texts_folder)
        self._texts: dict[str, Text] = {}
        self._hashes = {
            values.get("id"): values.get("text_sha256")
            for raw in raw_records(paths, claims=False)
            if raw.kind == "source" and (values := raw.values())
        }

    def __call__(self, source: str) -> Text:
        """Return the text of a source. Raises `BadText` where it is not at hand."""
        if source not in self._texts:
            self._texts[source] = self._text(source)
        return self._texts[source]

    def _text(self, source: str) -> Text:
        if source not in self._hashes:
            near = did_you_mean(source, map(str, self._hashes))
            raise BadText(f"No source in these files has the id {source!r}. {near}".rstrip())
        sha256 = self._hashes[source]
        if sha256 is None:
            raise BadText(
                f"The source {source!r} has no 'text_sha256'. "
                "`sightlines text add FILE` stores its text and prints it."
            )
        text = self._store.get(sha256)
        if text is None:
            raise BadText(f"The text of {source!r} is not stored here. `sightlines text add FILE`.")
        return text


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
