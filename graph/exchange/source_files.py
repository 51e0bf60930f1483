"""The record of a source as files have it, and the files with which somebody begins to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from graph.dataset.messages import problems
from graph.dataset.read_yaml import values
from graph.dataset.sets import slug
from graph.dataset.yaml_text import root_of, value_of, with_fields
from graph.errors import InputError
from graph.model import Source
from graph.text import Text

#: What the editor's schema is called beside the files that name it.
SCHEMA_NAME = "sightlines.schema.json"
_WIDTH = 72
_ID_WORDS = 6
#: The fields of a record that a page sets: those of a document that somebody else cites.
SOURCE_FIELDS = ("kind", "title", "publisher", "authors", "published", "published_note", "url")


def id_of_title(title: str) -> str:
    """Return an id for a source with a title: its first words."""
    return "-".join(slug(title).split("-")[:_ID_WORDS])


def checked_source(fields: Mapping[str, Any]) -> Source:
    """Return the record of a source. Raises `InputError` with everything that is wrong."""
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, p.path))}: {p.message}. {p.hint}".rstrip()
            for p in problems(error, Source)
        )
        raise InputError(" ".join(faults)) from error


def with_source_fields(text: str, record_id: str, fields: Mapping[str, Any]) -> str:
    """Return the text of a file with fields of a source set; an empty value takes one out.

    Raises `InputError` for a field or a value that a source cannot have, and where the file has no
    such source.
    """
    if wrong := sorted(fields.keys() - set(SOURCE_FIELDS)):
        raise InputError(f"The {', '.join(wrong)} of a source cannot be set here: use an editor.")
    items = value_of(root_of(text), "sources")
    new = {name: value if value not in ("", []) else None for name, value in fields.items()}
    for node in items.value if isinstance(items, yaml.SequenceNode) else []:
        if isinstance(node, yaml.MappingNode) and (old := values(node)).get("id") == record_id:
            checked_source({n: v for n, v in (old | new).items() if v is not None})
            return with_fields(text, node, new, "source")
    raise InputError(f"The file has no source {record_id!r}.")


def write_source(
    folder: Path, source: Source, text: Text, *, recorded_on: date, recorded_by: str
) -> tuple[Path, Path]:
    """Write the record of a source, and a file of claims with defaults and a stub a paragraph.

    Both or none. Returns their paths: `ID.yaml` and `ID.claims.yaml` in the folder, which is new
    where it is missing. Raises `InputError` where one of the files is there already.
    """
    contents = {
        folder / f"{source.id}.yaml": _records(source),
        folder / f"{source.id}.claims.yaml": "".join(
            f"{line}\n".replace(" \n", "\n")
            for line in _claims(source.id, text, recorded_on, recorded_by)
        ),
    }
    new: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                new.append(path)
                file.write(content)
    except OSError as error:
        for path in new:
            path.unlink(missing_ok=True)
        reason = "it is there already" if isinstance(error, FileExistsError) else error.strerror
        raise InputError(f"{error.filename or folder}: {reason}. No file was written.") from error
    records, claims = contents
    return records, claims


def _records(source: Source) -> str:
    fields = source.model_dump(mode="json", exclude_defaults=True)
    authors = fields.get("authors")
    fields |= {"authors": list(authors)} if authors else {}
    return f"{_dump({'sources': [fields]})}\nentities:\n  # - {{id: , type: , names: }}\n"


def _claims(source: str, text: Text, recorded_on: date, recorded_by: str) -> Iterator[str]:
    defaults = {
        "source": source,
        "modality": "stated",
        "recorded_on": recorded_on.isoformat(),
        "recorded_by": recorded_by,
    }
    yield f"# yaml-language-server: $schema={SCHEMA_NAME}"
    yield "# Words of the text may stand as evidence: `sightlines text pin` makes locators of them."
    yield from _dump({"defaults": defaults}).splitlines()
    yield ""
    yield "claims:"
    for number, words in enumerate(text.paragraphs, 1):
        start = words if len(words) <= _WIDTH else f"{words[: _WIDTH - 1]}…"
        yield f"  # {number}: {start}"
        for line in ("- predicate:", "  roles: {}", '  evidence: ""', "  summary:"):
            yield f"  # {line}"


def _dump(value: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
    return text
