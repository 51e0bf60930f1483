"""`source`: a document that somebody wants to write claims from."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer

from graph.dataset.lookup import Entry, entries, raw_records
from graph.disk import writing_in
from graph.errors import BadText, InputError
from graph.exchange.documents import Document, read_document
from graph.exchange.editor_schema import editor_schema
from graph.exchange.source_files import (
    SCHEMA_NAME,
    checked_source,
    id_of_title,
    write_source,
)
from graph.fold import fold
from graph.ontology import ONTOLOGY
from graph.text import Text, TextStore, normalise
from sightlines.cli.app import source
from sightlines.console import out, say
from sightlines.settings import read_settings

#: What a person is asked for, in this order, with the words of the question.
_QUESTIONS = {
    "title": "Title",
    "publisher": "Publisher",
    "published": "Day it came out (2022-11-19, 2022-11 or 2022)",
    "url": "Web address",
    "lang": "Language (en, fa, zh)",
    "id": "Id, by which claims name it",
}


@source.command("add")
def add_command(
    file: Annotated[Path, typer.Argument(help="Text, HTML, PDF or DOCX; `-` reads the input.")],
    to: Annotated[Path, typer.Option(help="Folder of the data set.")] = Path(),
    source_id: Annotated[str | None, typer.Option("--id", help="Its id.")] = None,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    publisher: Annotated[
        str | None, typer.Option(help="Who published it: a name, or the id of an entity.")
    ] = None,
    published: Annotated[str | None, typer.Option(help="When it came out, in EDTF.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
    lang: Annotated[str | None, typer.Option(help="Its language, as an ISO 639 code.")] = None,
    kind: Annotated[str, typer.Option(help="The kind of document.")] = next(
        iter(ONTOLOGY.source_kinds)
    ),
    author: Annotated[list[str] | None, typer.Option(help="Who wrote it; may be repeated.")] = None,
    by: Annotated[str | None, typer.Option(help="Who writes the claims down.")] = None,
) -> None:
    """Store the text of a document, and write its record and a file to write its claims in.

    What no option says is asked for, with what the document says of itself as the answer.

    Example: [bold]sightlines source add article.html --to articles/[/bold]
    """
    document = read_document(*_data(file))
    text = Text(normalise(document.text))
    at_hand = list(entries(raw_records([to] if to.exists() else [], claims=False)))
    options = {
        "title": title,
        "publisher": publisher,
        "published": published,
        "url": url,
        "lang": lang,
        "id": source_id,
    }
    fields: dict[str, Any] = {
        "kind": kind,
        "authors": author or list(document.authors),
        "read_on": date.today().isoformat(),
        "text_sha256": text.sha256,
    }
    ask = str(file) != "-" and sys.stdin.isatty()
    for name in _QUESTIONS:
        value = options[name]
        if value is None:
            value = _answer(name, _proposal(name, document, text, fields), ask)
        fields |= {name: value} if value else {}
    fields |= _publisher(fields.get("publisher"), at_hand)
    record = checked_source(fields)
    if any(entry.id == record.id for entry in at_hand):
        raise InputError(f"{to} has the id {record.id!r} already. Give another one with --id.")
    texts = read_settings().texts_folder
    with writing_in(texts, InputError):
        TextStore(texts).add(text)
    paths = write_source(
        to, record, text, recorded_on=date.today(), recorded_by=by or getpass.getuser()
    )
    with as_file(files("seeds")) as seeds, writing_in(to, InputError):
        among = entries(raw_records([to, seeds], claims=False))
        schema = to / SCHEMA_NAME
        schema.write_text(json.dumps(editor_schema(among), ensure_ascii=False), encoding="utf-8")
    for path in (*paths, schema):
        out.print(str(path), markup=False)
    say(f"Paragraphs stored: {len(text.paragraphs)}. Each has a stub in {paths[1]}.")


def _data(file: Path) -> tuple[bytes, str]:
    if str(file) == "-":
        return sys.stdin.buffer.read(), "the input"
    try:
        return file.read_bytes(), str(file)
    except OSError as error:
        raise BadText(f"{file} cannot be read: {error.strerror}.") from error


def _proposal(name: str, document: Document, text: Text, fields: dict[str, Any]) -> str:
    """Return what the document says of itself, or the best guess; empty if there is none."""
    if name == "title":
        return document.title or text.paragraphs[0][:200]
    if name == "lang":
        return document.lang or "en"
    if name == "id":
        return id_of_title(str(fields.get("title", "")))
    return str(getattr(document, name))


def _answer(name: str, proposal: str, ask: bool) -> str:
    """Return what a person types; without a person, the proposal."""
    while ask:
        answer = typer.prompt(_QUESTIONS[name], default=proposal, show_default=bool(proposal))
        value = str(answer).strip()
        try:
            checked_source(
                {"id": "x", "kind": "article", "title": "x"} | ({name: value} if value else {})
            )
        except InputError as error:
            say(str(error))
        else:
            return value
    return proposal


def _publisher(name: str | None, at_hand: list[Entry]) -> dict[str, str]:
    """Return the publisher's id in place of its name, where the data set has the entity."""
    ids = [
        entry.id
        for entry in at_hand
        if name and entry.kind == "entity" and fold(name) in map(fold, entry.names)
    ]
    return {"publisher": ids[0]} if len(ids) == 1 else {}
