"""The rows of a list to parts of entities and drafts of claims, by a mapping.

They are gathered in a database on disk: a row may name what a later one describes, and several may
describe one entity. So memory does not grow with the files.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from graph.dataset.messages import problems
from graph.dataset.report import MAX_LISTED
from graph.dataset.sets import slug
from graph.errors import InputError
from graph.exchange.import_log import Choices, ImportLog, Input, Place, Progress, validate
from graph.exchange.mapping import (
    ENDS,
    ClaimMapping,
    EntityMapping,
    ListMapping,
    Reference,
    SourceMapping,
    Table,
    block_values,
)
from graph.exchange.row_values import RowFault, RowValues
from graph.exchange.rows import Cell, Row, cells, header, normal, read_rows
from graph.faults import did_you_mean, shorten
from graph.fold import fold
from graph.model import Entity, Source
from graph.model.entity import script_of
from graph.model.fields import SLUG
from graph.ontology import ONTOLOGY
from graph.scratch import has_id
from graph.text import TextDraft, digest

_MAX_ID = 120
_ID = re.compile(SLUG)
#: Names of columns in memory: those of a row are those of the next one.
_PATHS = 4_096
#: In the fields of a part of an entity: whether it is for what claims name alone.
ONLY_NAMED = "only named"
#: What rows say of entities, with their keys and names; what was left out; and claims.
ROW_TABLES = """
CREATE TABLE parts (number INTEGER PRIMARY KEY, id TEXT, base INTEGER, place TEXT, fields TEXT,
  UNIQUE (id, fields));
CREATE TABLE keys (id TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE left_out (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE names (name TEXT, id TEXT, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE TABLE left_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE drafts (place TEXT, fields TEXT);
"""


class Document(NamedTuple):
    """A file, as a source, and the text that its rows are."""

    source: Source
    text: TextDraft


class ListReader:
    """Reads the files of a list; `log` has what is wrong with their rows."""

    def __init__(
        self,
        mapping: ListMapping,
        inputs: Sequence[Input],
        choices: Choices,
        connection: sqlite3.Connection,
        log: ImportLog,
    ) -> None:
        self._mapping, self._inputs, self._choices = mapping, inputs, choices
        self._db, self._log, self._result = connection, log, log.result
        self._sources: dict[Path, str] = {}
        self._by_name = any(
            isinstance(value, Reference) and value.by == "name" for value in mapping.values()
        )
        for entity in mapping.entities:
            fields = entity.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
            self._add_part(Place(-1, 0, 0), entity.id, entity.id, fields)

    def read(self, path: Path, text: TextDraft | None, progress: Progress | None) -> Document:
        """Read the tables of a file, and return it as a source."""
        draft = text or TextDraft()
        tables = [n for n, item in enumerate(self._inputs) if item.path == path]
        source = self._source(path, [self._inputs[n].table for n in tables])
        self._sources[path] = source.id
        for count, number in enumerate(tables):
            self._read_table(number, draft, labelled=count > 0, progress=progress)
        return Document(source.model_copy(update={"text_sha256": draft.sha256}), draft)

    def _source(self, path: Path, tables: Sequence[Table]) -> Source:
        try:
            with path.open("rb") as file:
                sha256 = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
        own, common = tables[0].source, self._mapping.source
        values = {
            name: getattr(own, name) or getattr(common, name) for name in SourceMapping.model_fields
        }
        published = self._choices.published or values["published"]
        base = own.id or common.id or slug(path.stem)
        title = values["title"] or path.name
        files = {item.path: item.table.name for item in self._inputs}
        if own.id is None and len(files) > 1 and (common.id or common.title):
            # Each file of a list is a document of its own, and told by its part of the list.
            alone = list(files.values()).count(tables[0].name) == 1
            part = tables[0].name if alone else slug(path.stem)
            base = f"{base}-{part}" if common.id else base
            title = f"{title}: {part}" if not own.title else title
        fields = {
            **values,
            "id": f"{base}-{slug(published) if published else sha256[:8]}",
            "kind": values["kind"] or "data_set",
            "title": title,
            "published": published,
            "lang": values["lang"] or "en",
            "read_on": self._choices.on,
            "file_sha256": sha256,
        }
        try:
            return Source.model_validate({k: v for k, v in fields.items() if v is not None})
        except ValidationError as error:
            words = "; ".join(f"{p.path[0]}: {p.message}" for p in problems(error, Source))
            raise InputError(f"The source of {path.name} cannot be made: {words}.") from error

    def _read_table(
        self, number: int, text: TextDraft, *, labelled: bool, progress: Progress | None
    ) -> None:
        table, path = self._inputs[number]
        used = _columns(table)
        label = f"{table.records or table.name} " if labelled else ""
        names = header(path, table)
        _refuse_missing(path, names or table.columns, used, table)
        first = text.count
        if names:
            text.add(normal(" | ".join((f"{label}1", *names))))
        for row in read_rows(path, table):
            while text.count - first < row.number - 1:
                # The number of a paragraph is that of the row, also where rows are empty.
                text.add(f"{label}{text.count - first + 1}")
            self._result.rows[table.name] += 1
            if progress is not None:
                progress(1)
            self._read_row(number, row, text, label, used)

    def _read_row(
        self, number: int, row: Row, text: TextDraft, label: str, used: Collection[str]
    ) -> None:
        table = self._inputs[number].table
        heading = f"{label}{row.number}"
        if row.fault:
            self._log.add_fault(
                Place(number, row.number, text.add(heading)), RowFault("", "", row.fault)
            )
            return
        values = RowValues(row.values, self._mapping.lookups, table.empty)
        if not values.meet(dict(self._choices.only)):
            text.add(heading)
            self._result.left_out["rows that were not asked for"] += 1
            return
        for reason, condition in table.leave_out.items():
            if reason not in self._choices.take and values.meet(condition):
                text.add(f"{heading} | {reason}")
                self._result.left_out[reason] += 1
                self._leave_out(table, values)
                return
        if self._is_about_left_out(table, values):
            text.add(f"{heading} | left out")
            self._result.dropped["rows about what was left out"] += 1
            return
        of_row = [c for c in cells(row.values) if c.text.strip() not in ("", *table.empty)]
        paragraph, spans = _paragraph(heading, of_row)
        place = Place(number, row.number, text.add(paragraph))
        for column in {_column_of(cell.path) for cell in of_row}:
            if not (column in used or _is_in(column, used)):
                self._count_unused(f"{table.name}: {column}")
        try:
            parts = [p for e in table.entities for p in self._parts(e, values)]
            drafts = [
                d for c in table.claims for d in self._drafts(c, values, place, paragraph, spans)
            ]
            if not parts and not drafts:
                self._result.left_out["rows that nothing is made of"] += 1
            for entity_id, key, fields in parts:
                self._add_part(place, entity_id, key, fields)
            for draft in drafts:
                self._db.execute(
                    "INSERT INTO drafts VALUES (?, ?)", (str(place), json.dumps(draft))
                )
        except RowFault as fault:
            self._log.add_fault(place, fault, row.values)

    def _is_about_left_out(self, table: Table, values: RowValues) -> bool:
        """Whether a row only adds to an entity that was left out: nothing of it is kept."""
        first = next(iter(table.entities), None)
        if first is None or first.type is not None or first.each:
            return False
        try:
            key = values.one(first.id)
        except RowFault:
            return False
        return key is not None and has_id(self._db, "left_out", id_of(key))

    def _count_unused(self, column: str) -> None:
        if column in self._result.unused or len(self._result.unused) < MAX_LISTED:
            self._result.unused[column] += 1

    def _leave_out(self, table: Table, values: RowValues) -> None:
        """Note the ids and names of a row that is left out: claims may refer to them."""
        for block in table.entities:
            for row in values.each(block) if block.type is not None else ():
                try:
                    if key := row.one(block.id):
                        self._db.execute("INSERT OR IGNORE INTO left_out VALUES (?)", (id_of(key),))
                    texts = [t for name in block.names for t in row.all(name.text)]
                except RowFault:
                    continue
                for text in texts if self._by_name else ():
                    self._db.execute("INSERT OR IGNORE INTO left_names VALUES (?)", (fold(text),))

    # Entities

    def _parts(
        self, block: EntityMapping, values: RowValues
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield id, key and fields of what a row says of entities. Raises `RowFault`."""
        for row in values.each(block):
            key = row.one(block.id)
            if key is None:
                raise RowFault(block.id.column, "", "the key of the entity is empty")
            fields: dict[str, Any] = {
                "type": row.one(block.type),
                "names": [n for name in block.names for n in self._names(name, row)],
                "description": row.one(block.description),
                "identifiers": [
                    {"scheme": row.one(i.scheme), "value": value}
                    for i in block.identifiers
                    for value in row.all(i.value)
                ],
                "urls": row.all(block.urls) if block.urls else [],
                "country": row.one(block.country),
                "tags": list(block.tags),
                ONLY_NAMED: block.only_named,
            }
            fields = {name: value for name, value in fields.items() if value}
            if block.type is not None and "names" not in fields:
                raise RowFault(block.id.column, key, "the entity has no name")
            of_entity = {name: value for name, value in fields.items() if name != ONLY_NAMED}
            validate(Entity, {"id": "x", "type": "Group", "names": ["x"], **of_entity})
            yield id_of(key), key, fields

    def _names(self, mapping: Any, row: RowValues) -> Iterator[dict[str, str]]:
        kind = row.one(mapping.kind)
        for text in row.all(mapping.text):
            text = normal(text)
            lang = row.one(mapping.lang) or self._mapping.languages.get(script_of(text), "und")
            yield {"text": text, "lang": lang, "kind": kind or "short"}

    def _add_part(self, place: Place, entity_id: str, key: str, fields: dict[str, Any]) -> None:
        base = "type" in fields
        if base:
            self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (entity_id, key))
            (other,) = self._db.execute(
                "SELECT key FROM keys WHERE id = ?", (entity_id,)
            ).fetchone()
            if other != key:
                message = f"{shorten(key)!r} has the id of {shorten(other)!r}: {entity_id!r}"
                raise RowFault("", key, message, "Make the id of more columns.")
        row = (entity_id, base, str(place), json.dumps(fields))
        self._db.execute(
            "INSERT OR IGNORE INTO parts (id, base, place, fields) VALUES (?, ?, ?, ?)", row
        )
        for name in fields.get("names", ()) if self._by_name else ():
            text = name if isinstance(name, str) else name["text"]
            self._db.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (fold(text), entity_id))

    def _drafts(
        self,
        block: ClaimMapping,
        values: RowValues,
        place: Place,
        paragraph: str,
        spans: Mapping[str, tuple[int, int]],
    ) -> Iterator[dict[str, Any]]:
        """Yield the claims of a row, with references that are not looked up yet."""
        for row in values.each(block):
            predicate = row.one(block.predicate) or ""
            roles: dict[str, list[tuple[str, str, str]]] = {}
            for name, references in block.roles.items():
                made = [r for reference in references for r in _references(reference, row)]
                if made:
                    roles.setdefault(_role(predicate, name, block), []).extend(made)
            quantity = block.quantity and {
                "number": row.one(block.quantity.number),
                "unit": row.one(block.quantity.unit),
                "qualifier": row.one(block.quantity.qualifier),
            }
            source = self._sources[self._inputs[place.table].path]
            fields = {
                "source": source,
                "predicate": predicate,
                "details": {n: t for n, v in block.details.items() if (t := row.one(v))},
                "when": row.period(block.when),
                "modality": row.one(block.modality),
                "polarity": row.one(block.polarity),
                "likelihood": row.one(block.likelihood),
                "confidence": row.one(block.confidence),
                "quantity": quantity and {k: v for k, v in quantity.items() if v is not None},
                "summary": row.one(block.summary),
                "note": row.one(block.note),
                "evidence": list(_evidence(row.used, place.paragraph, paragraph, spans)),
                "recorded_on": self._choices.on.isoformat(),
                "recorded_by": self._choices.by,
            }
            said_by = [r for reference in block.said_by for r in _references(reference, row)]
            yield {
                "fields": {k: v for k, v in fields.items() if v is not None},
                "roles": roles,
                "said_by": said_by,
            }


def id_of(key: str) -> str:
    """Return the id that a key becomes: a slug, with a hash in place of what a slug cannot have."""
    if len(key) <= _MAX_ID and _ID.fullmatch(key):
        return key
    folded = fold(key)
    text = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    lost = re.search(r"[^\W_a-z0-9]", folded)
    if text and not lost and len(text) <= _MAX_ID:
        return text
    mark = digest(key)[:10]
    return f"{text[: _MAX_ID - 11].strip('-')}-{mark}".strip("-")


def _references(reference: Reference, row: RowValues) -> Iterator[tuple[str, str, str]]:
    for text in row.all(reference):
        if not reference.column:
            yield text, "constant", ""
        else:
            made = id_of(text) if reference.by == "id" else text
            yield made, reference.by, reference.unknown


def _role(predicate: str, name: str, block: ClaimMapping) -> str:
    """Return the role that a name means, which may be an end of the predicate's first tie."""
    if predicate not in ONTOLOGY.predicates:
        similar = ONTOLOGY.predicates_like(predicate)
        hint = (
            f"Did you mean {similar[0]!r}?"
            if similar
            else did_you_mean(predicate, ONTOLOGY.predicates)
        )
        raise RowFault(block.predicate.column, predicate, f"unknown predicate {predicate!r}", hint)
    if name not in ENDS:
        return name
    ties = ONTOLOGY.predicates[predicate].ties
    if not ties:
        message = f"{predicate!r} makes no tie, so that nothing is its {name!r}"
        raise RowFault(block.predicate.column, predicate, message)
    return ties[0].source if name == "from" else ties[0].target


_heading = lru_cache(_PATHS)(normal)


def _paragraph(heading: str, of_row: Iterable[Cell]) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return a row as a paragraph, and where each cell stands in it, with its name."""
    text = [heading]
    spans: dict[str, tuple[int, int]] = {}
    end = len(heading)
    for cell in of_row:
        words = f"{_heading(cell.path)}: {normal(cell.text)}"
        text.append(words)
        start = end + 3
        end = start + len(words)
        spans[cell.path] = (start, end)
    return " | ".join(text), spans


def _evidence(
    used: Collection[str], number: int, paragraph: str, spans: Mapping[str, tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """Yield locators of the cells that were read; those that stand side by side are one."""
    used_spans = sorted({span for path, span in spans.items() if _is_in(path, used)})
    joined: list[tuple[int, int]] = []
    for start, end in used_spans:
        if joined and start == joined[-1][1] + 3:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        yield {
            "paragraph": number,
            "start": start,
            "end": end,
            "sha256": hashlib.sha256(paragraph[start:end].encode()).hexdigest(),
        }


def _is_in(path: str, paths: Collection[str]) -> bool:
    """Whether a path is one of some others, or leads on from one."""
    return path in paths or ("." in path and any(path.startswith(f"{other}.") for other in paths))


def _columns(table: Table) -> frozenset[str]:
    """Return the columns that a table uses, or ignores by name."""
    columns = {*table.ignore, *(c for rule in table.leave_out.values() for c in rule)}
    for block in (*table.entities, *table.claims):
        templates = [t for value in block_values(block) for t in value.templates]
        names = {n for t in templates for n in t.names} | {*block.only, *block.unless}
        items = {name: value.column for name, value in block.each.items()}
        # Of mappings that `each` names, what is named is used, and not the rest.
        mappings = {
            path for name, path in items.items() if any(n.startswith(f"{name}.") for n in names)
        }
        for name in names - mappings:
            first, _, rest = name.partition(".")
            if items.get(first, first):
                columns.add(_column_of(".".join(filter(None, (items.get(first, first), rest)))))
    return frozenset(columns)


def _refuse_missing(
    path: Path, names: Collection[str], used: Collection[str], table: Table
) -> None:
    """Raise `InputError` for a column that a mapping uses and a file of cells does not have."""
    for column in sorted(used) if names else ():
        place = column if column in names else column.split(".")[0]
        if place not in (*names, *table.ignore, *table.optional_columns):
            one = next(iter(names)) if len(names) == 1 else ""
            mark = next((mark for mark in ";\t|," if mark in one), None)
            hint = (
                f"Its first row is one cell with {mark!r} in it: the mapping's `delimiter` says "
                "what stands between cells."
                if mark
                else f"{did_you_mean(column, names)} The mapping may name it in "
                "`optional_columns`.".lstrip()
            )
            raise InputError(f"{path.name} has no column {column!r}. {hint.strip()}")


@lru_cache(_PATHS)
def _column_of(path: str) -> str:
    """Return a path without the numbers of items in lists."""
    return re.sub(r"\.\d+(?=\.|$)", "", path)
