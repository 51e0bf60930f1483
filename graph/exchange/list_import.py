"""Lists and graphs to the files of a data set, by a mapping. See docs/import.md.

What the rows make is gathered in a database on disk: a row may name what a later one describes, and
several may describe one entity. So memory does not grow with the files.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from graph.dataset.claim_check import list_types
from graph.dataset.messages import problems
from graph.dataset.sets import default_id, slug
from graph.disk import writing_in
from graph.errors import DatasetFaults, InputError
from graph.exchange.editions import TABLES, Editions
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
from graph.faults import Fault, did_you_mean, shorten
from graph.fold import fold
from graph.model import Claim, DatasetRecord, Entity, Source
from graph.model.entity import script_of
from graph.model.fields import SLUG
from graph.ontology import ONTOLOGY
from graph.scratch import has_id, scratch
from graph.text import TextDraft, TextStore, digest

#: The most faults that are listed, and the most columns that are looked for.
MAX_LISTED = 1_000
#: Rows with faults that were left out; no data file by its name.
FAULTY_ROWS = "faulty-rows.ndjson"
_SAMPLES = 5
_MAX_ID = 120
_MEGABYTES = 64
_ID = re.compile(SLUG)
#: In the fields of a part of an entity: whether it is for what claims name alone.
_ONLY_NAMED = "only named"
_TABLES = """
CREATE TABLE parts (number INTEGER PRIMARY KEY, id TEXT, base INTEGER, place TEXT, fields TEXT,
  UNIQUE (id, fields));
CREATE TABLE keys (id TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE left_out (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE whole (id TEXT PRIMARY KEY, only_named INTEGER, type TEXT, fields TEXT) WITHOUT ROWID;
CREATE TABLE names (name TEXT, id TEXT, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE TABLE left_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE named (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE drafts (place TEXT, fields TEXT);
"""

#: Called with the number of rows read.
Progress = Callable[[int], None]


class Input(NamedTuple):
    """A table of a mapping and its file."""

    table: Table
    path: Path


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chooses for one import.

    `published`: when the edition came out, in EDTF. `on`, `by`: who writes the claims down, and
    when. `take`: which of the rows that the mapping leaves out are taken nevertheless. `only`: the
    values that rows must have in columns; the others are as if they were not there.
    """

    on: date
    by: str
    published: str | None = None
    take: frozenset[str] = frozenset()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    skip_faulty: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class ImportResult:
    """What an import read and made.

    `rows`: by table, how many there are. `left_out`: rows, by what they are. `faulty_rows`: those
    with a fault. `unused`: columns that nothing is made of and that are not ignored, with the
    number of rows that have a value there. `entities`: by type; `claims`: by predicate, of this
    edition. `dropped`: claims that name what was left out, what is not there, or that stand twice.
    `changes`: by kind of record and of change. `samples`: some records. `written`: names of files.
    """

    rows: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    faulty_rows: int = 0
    more_faults: int = 0
    unused: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: list[dict[str, Any]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def inputs_of(mapping: ListMapping, files: Sequence[str]) -> list[Input]:
    """Return each table of a mapping with its file, in the order of the tables.

    A file is for the tables whose `file` fits its name; `TABLE=FILE` says for which it is. A table
    may have several. Raises `InputError` for a file without a table, and for a table without one.
    """
    names = {table.name: table for table in mapping.tables}
    paths: dict[str, list[Path]] = {}
    for text in files:
        name, _, rest = text.partition("=")
        path = Path(rest if name in names and rest else text)
        tables = [t for t in mapping.tables if any(fnmatch(path.name.lower(), p) for p in t.file)]
        if name in names and rest:
            tables = [names[name]]
        if not tables:
            patterns = ", ".join(f"{t.name}: {' or '.join(t.file)}" for t in mapping.tables)
            raise InputError(
                f"{path.name} is the file of no table of the mapping ({patterns}). "
                "TABLE=FILE says which one it is."
            )
        for table in tables:
            paths.setdefault(table.name, []).append(path)
    for table in mapping.tables:
        if table.name not in paths and not table.optional:
            raise InputError(
                f"The table {table.name!r} has no file. It is called {' or '.join(table.file)}."
            )
    return [Input(t, path) for t in mapping.tables for path in paths.get(t.name, ())]


def import_list(
    mapping: ListMapping,
    inputs: Sequence[Input],
    folder: Path,
    choices: Choices,
    texts: TextStore,
    progress: Progress | None = None,
) -> ImportResult:
    """Take in the files of a list, and write the folder of its data set.

    Raises `InputError` for a file that cannot be used, and `DatasetFaults` with what is wrong in
    rows, unless they are skipped; then nothing is written.
    """
    with ExitStack() as stack:
        connection = stack.enter_context(closing(scratch(_TABLES + TABLES, _MEGABYTES)))
        run = _Import(mapping, inputs, choices, connection)
        documents = [
            run.read(
                path, None if choices.dry_run else stack.enter_context(texts.draft()), progress
            )
            for path in dict.fromkeys(item.path for item in inputs)
        ]
        editions = Editions(folder, connection, [d.source for d in documents])
        run.join_entities()
        run.add_claims(editions)
        run.add_entities(editions)
        result = run.result
        if not result.rows.total():
            names = ", ".join(dict.fromkeys(item.path.name for item in inputs))
            raise InputError(f"There is no row in {names}: nothing is written.")
        if result.faults and not choices.skip_faulty:
            if not choices.dry_run:
                raise DatasetFaults(result.faults)
            return result
        target = folder
        if choices.dry_run:
            target = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with writing_in(target, InputError):
            target.mkdir(parents=True, exist_ok=True)
            result.written = editions.finish(
                target,
                mapping.dataset or DatasetRecord(id=default_id(folder)),
                on=choices.on,
                by=choices.by,
                complete=not result.faulty_rows,
            )
            run.write_faulty_rows(target)
        result.changes = editions.counts
        if not choices.dry_run:
            for document in documents:
                document.text.keep()
        return result


class _Document(NamedTuple):
    """A file, as a source, and the text that its rows are."""

    source: Source
    text: TextDraft


class _Place(NamedTuple):
    """A row: the number of its table, its own number, and its paragraph in the text."""

    table: int
    row: int
    paragraph: int

    def __str__(self) -> str:
        return ":".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> _Place:
        return cls(*map(int, text.split(":")))


class _Import:
    """One import: `read` each file, then `join_entities`, `add_claims` and `add_entities`."""

    def __init__(
        self,
        mapping: ListMapping,
        inputs: Sequence[Input],
        choices: Choices,
        connection: sqlite3.Connection,
    ) -> None:
        self._mapping, self._inputs, self._choices = mapping, inputs, choices
        self._db = connection
        self.result = ImportResult()
        self._faulty: dict[tuple[int, int], list[Fault]] = {}
        self._faulty_values: dict[tuple[int, int], Mapping[str, Any]] = {}
        self._sources: dict[Path, str] = {}
        self._by_name = any(
            isinstance(value, Reference) and value.by == "name" for value in mapping.values()
        )
        for entity in mapping.entities:
            fields = entity.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
            self._add_part(_Place(-1, 0, 0), entity.id, entity.id, fields)

    # Files

    def read(self, path: Path, text: TextDraft | None, progress: Progress | None) -> _Document:
        """Read the tables of a file, and return it as a source."""
        draft = text or TextDraft()
        tables = [n for n, item in enumerate(self._inputs) if item.path == path]
        source = self._source(path, [self._inputs[n].table for n in tables])
        self._sources[path] = source.id
        for count, number in enumerate(tables):
            self._read_table(number, draft, labelled=count > 0, progress=progress)
        return _Document(source.model_copy(update={"text_sha256": draft.sha256}), draft)

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
            self.result.rows[table.name] += 1
            if progress is not None:
                progress(1)
            self._read_row(number, row, text, label, used)

    def _read_row(
        self, number: int, row: Row, text: TextDraft, label: str, used: Collection[str]
    ) -> None:
        table = self._inputs[number].table
        heading = f"{label}{row.number}"
        if row.fault:
            self._fault(_Place(number, row.number, text.add(heading)), RowFault("", "", row.fault))
            return
        values = RowValues(row.values, self._mapping.lookups, table.empty)
        if not values.meet(dict(self._choices.only)):
            text.add(heading)
            self.result.left_out["rows that were not asked for"] += 1
            return
        for reason, condition in table.leave_out.items():
            if reason not in self._choices.take and values.meet(condition):
                text.add(f"{heading} | {reason}")
                self.result.left_out[reason] += 1
                self._leave_out(table, values)
                return
        if self._is_about_left_out(table, values):
            text.add(f"{heading} | left out")
            self.result.dropped["rows about what was left out"] += 1
            return
        of_row = [c for c in cells(row.values) if c.text.strip() not in ("", *table.empty)]
        paragraph, spans = _paragraph(heading, of_row)
        place = _Place(number, row.number, text.add(paragraph))
        for column in {_column_of(cell.path) for cell in of_row}:
            if not (column in used or _is_in(column, used)):
                self._count_unused(f"{table.name}: {column}")
        try:
            parts = [p for e in table.entities for p in self._parts(e, values)]
            drafts = [
                d for c in table.claims for d in self._drafts(c, values, place, paragraph, spans)
            ]
            for entity_id, key, fields in parts:
                self._add_part(place, entity_id, key, fields)
            for draft in drafts:
                self._db.execute(
                    "INSERT INTO drafts VALUES (?, ?)", (str(place), json.dumps(draft))
                )
        except RowFault as fault:
            self._fault(place, fault, row.values)

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
        if column in self.result.unused or len(self.result.unused) < MAX_LISTED:
            self.result.unused[column] += 1

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
                _ONLY_NAMED: block.only_named,
            }
            fields = {name: value for name, value in fields.items() if value}
            if block.type is not None and "names" not in fields:
                raise RowFault(block.id.column, key, "the entity has no name")
            said = {name: value for name, value in fields.items() if name != _ONLY_NAMED}
            _validate(Entity, {"id": "x", "type": "Group", "names": ["x"], **said})
            yield id_of(key), key, fields

    def _names(self, mapping: Any, row: RowValues) -> Iterator[dict[str, str]]:
        kind = row.one(mapping.kind)
        for text in row.all(mapping.text):
            text = normal(text)
            lang = row.one(mapping.lang) or self._mapping.languages.get(script_of(text), "und")
            yield {"text": text, "lang": lang, "kind": kind or "short"}

    def _add_part(self, place: _Place, entity_id: str, key: str, fields: dict[str, Any]) -> None:
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

    def join_entities(self) -> None:
        """Make each entity of what all rows say of it, and note what is wrong with it."""
        parts: list[tuple[_Place, dict[str, Any]]] = []
        current = ""
        rows = self._db.cursor().execute(
            "SELECT id, place, fields FROM parts ORDER BY id, base DESC, number"
        )
        for entity_id, place, fields in rows:
            if entity_id != current:
                self._join_entity(current, parts)
                current, parts = entity_id, []
            parts.append((_Place.read(place), json.loads(fields)))
        self._join_entity(current, parts)

    def _join_entity(self, entity_id: str, parts: Sequence[tuple[_Place, dict[str, Any]]]) -> None:
        if not parts:
            return
        place, first = parts[0]
        if "type" not in first:
            if has_id(self._db, "left_out", entity_id):
                self.result.dropped["parts of entities that were left out"] += len(parts)
            else:
                for place, _ in parts:
                    self._fault(place, RowFault("", entity_id, f"no row describes {entity_id!r}"))
            return
        only_named = all([part.pop(_ONLY_NAMED, False) for _, part in parts])
        try:
            entity = _validate(Entity, {"id": entity_id, **_merged([f for _, f in parts])})
        except RowFault as fault:
            self._fault(place, fault)
            return
        self._db.execute(
            "INSERT INTO whole VALUES (?, ?, ?, ?)",
            (entity_id, only_named, entity.type, entity.model_dump_json(exclude_defaults=True)),
        )

    def add_entities(self, editions: Editions) -> None:
        """Add each entity, but for those that are for what claims name, and that none names."""
        rows = self._db.cursor().execute("SELECT id, only_named, fields FROM whole ORDER BY id")
        for entity_id, only_named, fields in rows:
            if only_named and not has_id(self._db, "named", entity_id):
                self.result.dropped["entities that no claim names"] += 1
                continue
            entity = Entity.model_validate_json(fields)
            self.result.entities[entity.type] += 1
            if self.result.entities.total() <= _SAMPLES:
                self._sample("entity", entity)
            editions.add_entity(entity)

    # Claims

    def _drafts(
        self,
        block: ClaimMapping,
        values: RowValues,
        place: _Place,
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

    def add_claims(self, editions: Editions) -> None:
        """Add each claim, with the ids that its references mean."""
        rows = self._db.cursor().execute("SELECT place, fields FROM drafts ORDER BY rowid")
        for text, draft in rows:
            place, values = _Place.read(text), json.loads(draft)
            if (place.table, place.row) in self._faulty:
                continue
            fields = values["fields"]
            try:
                roles = {r: self._ids(refs) for r, refs in values["roles"].items()}
                chain = [fields["source"], *self._ids(values["said_by"])]
                claim = _validate(Claim, {**fields, "roles": roles, "said_by": chain})
                self._check_types(claim)
            except _LeftOut as reason:
                self.result.dropped[str(reason)] += 1
                continue
            except RowFault as fault:
                self._fault(place, fault)
                continue
            if not editions.add_claim(claim):
                self.result.dropped["claims that stand there twice"] += 1
                continue
            names = ((i,) for i in {*chain, *(i for ids in roles.values() for i in ids)})
            self._db.executemany("INSERT OR IGNORE INTO named VALUES (?)", names)
            self.result.claims[claim.predicate] += 1
            if self.result.claims[claim.predicate] <= 2:
                self._sample("claim", claim)

    def _check_types(self, claim: Claim) -> None:
        """Raise `RowFault` if a role does not take the type of what is in it."""
        for role, ids in claim.roles.items():
            allowed = ONTOLOGY.fillers[claim.predicate, role]
            for entity_id in ids:
                type_ = self._type_of(entity_id)
                if type_ is not None and type_ not in allowed:
                    message = f"{entity_id!r} is of type {type_}, which cannot be {role!r} here"
                    raise RowFault(role, entity_id, message, f"It takes {list_types(allowed)}.")

    def _type_of(self, entity_id: str) -> str | None:
        """Return the type of an entity of this import; raise `_LeftOut` if it has a fault."""
        query = "SELECT type FROM whole WHERE id = ?"
        row = self._db.execute(query, (entity_id,)).fetchone()
        if row is None and has_id(self._db, "keys", entity_id):
            raise _LeftOut("claims that name what has a fault")
        return row and str(row[0])

    def _ids(self, references: Iterable[tuple[str, str, str]]) -> list[str]:
        """Return the ids that references mean. Raises `RowFault`, and `_LeftOut`."""
        return list(dict.fromkeys(self._id(*reference) for reference in references))

    def _id(self, text: str, by: str, unknown: str) -> str:
        if by == "constant":
            return text
        if by == "id":
            if has_id(self._db, "keys", text):
                return text
            left, hint = has_id(self._db, "left_out", text), ""
        else:
            name = fold(text)
            rows = self._db.execute(
                "SELECT id FROM names WHERE name = ? LIMIT 2", (name,)
            ).fetchall()
            ids = [i for (i,) in rows if has_id(self._db, "keys", i)]
            if len(ids) == 1:
                return str(ids[0])
            found = self._db.execute("SELECT 1 FROM left_names WHERE name = ?", (name,)).fetchone()
            left, hint = found is not None and not ids, "Several have it." if ids else ""
        if left:
            raise _LeftOut("claims that name what was left out")
        if unknown == "leave-out":
            raise _LeftOut("claims that name what is not in the list")
        what = "entity has the id" if by == "id" else "single entity has the name"
        raise RowFault("", text, f"no {what} {shorten(text)!r}", hint)

    # What all share

    def _sample(self, kind: str, record: Entity | Claim) -> None:
        if len(self.result.samples) < 2 * _SAMPLES:
            fields = record.model_dump(mode="json", exclude_defaults=True)
            self.result.samples.append({kind: fields})

    def _fault(
        self, place: _Place, fault: RowFault, values: Mapping[str, Any] | None = None
    ) -> None:
        table, path = self._inputs[place.table] if place.table >= 0 else (None, Path("mapping"))
        where = (
            f"row {place.row}" if not (table and table.records) else f"{table.records} {place.row}"
        )
        key = (place.table, place.row)
        if key not in self._faulty:
            self.result.faulty_rows += 1
        faults = self._faulty.setdefault(key, [])
        if len(self.result.faults) >= MAX_LISTED:
            self.result.more_faults += 1
            return
        item = Fault(
            str(path), None, None, where, fault.column, fault.value, fault.message, fault.hint
        )
        faults.append(item)
        self.result.faults.append(item)
        if values is not None:
            self._faulty_values[key] = values

    def write_faulty_rows(self, folder: Path) -> None:
        """Write the rows that were skipped, each with what is wrong, or remove the file."""
        path = folder / FAULTY_ROWS
        if not self._faulty:
            path.unlink(missing_ok=True)
            return
        with path.open("w", encoding="utf-8") as file:
            for key, faults in sorted(self._faulty.items()):
                row = {
                    "file": str(self._inputs[key[0]].path),
                    "row": key[1],
                    "faults": [str(fault) for fault in faults],
                    "values": self._faulty_values.get(key),
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


class _LeftOut(Exception):
    """A claim that names what is not there; the text says why, for counting."""


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
        near = ONTOLOGY.predicates_like(predicate)
        hint = (
            f"Did you mean {near[0]!r}?" if near else did_you_mean(predicate, ONTOLOGY.predicates)
        )
        raise RowFault(block.predicate.column, predicate, f"unknown predicate {predicate!r}", hint)
    if name not in ENDS:
        return name
    ties = ONTOLOGY.predicates[predicate].ties
    if not ties:
        message = f"{predicate!r} makes no tie, so that nothing is its {name!r}"
        raise RowFault(block.predicate.column, predicate, message)
    return ties[0].source if name == "from" else ties[0].target


def _merged(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of an entity that several rows describe; the first one counts.

    Names, identifiers and addresses are those of all. A country in which they differ is none.
    """
    names: dict[str, Any] = {}
    lists: dict[str, dict[str, Any]] = {"identifiers": {}, "urls": {}, "tags": {}}
    fields: dict[str, Any] = {}
    countries = {part["country"] for part in parts if "country" in part}
    for part in parts:
        for name in part.get("names", ()):
            names.setdefault(name if isinstance(name, str) else name["text"], name)
        for what, items in lists.items():
            items.update({json.dumps(item): item for item in part.get(what, ())})
        for what, value in part.items():
            if what == "type" and fields.get("type", value) != value:
                message = f"rows differ in its type: {fields['type']} and {value}"
                raise RowFault("type", value, message)
            fields.setdefault(what, value)
    fields["names"] = list(names.values())
    fields |= {what: list(items.values()) for what, items in lists.items() if items}
    if len(countries) > 1:
        del fields["country"]
    return fields


def _validate(model: type[Any], fields: Mapping[str, Any]) -> Any:
    """Return a record. Raises `RowFault` with the first thing that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        problem = next(problems(error, model))
        path = ".".join(str(p + 1 if isinstance(p, int) else p) for p in problem.path)
        raise RowFault(path, problem.value, problem.message, problem.hint) from error


def _paragraph(heading: str, of_row: Iterable[Cell]) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return a row as a paragraph, and where each cell stands in it, with its name."""
    text = [heading]
    spans: dict[str, tuple[int, int]] = {}
    end = len(heading)
    for cell in of_row:
        words = f"{normal(cell.path)}: {normal(cell.text)}"
        text.append(words)
        start = end + 3
        end = start + len(words)
        spans[cell.path] = (start, end)
    return " | ".join(text), spans


def _evidence(
    used: Iterable[str], number: int, paragraph: str, spans: Mapping[str, tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """Yield locators of the cells that were read; those that stand side by side are one."""
    places = sorted({span for path, span in spans.items() if _is_in(path, used)})
    joined: list[tuple[int, int]] = []
    for start, end in places:
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


def _is_in(path: str, places: Iterable[str]) -> bool:
    """Whether a path is one of some places, or leads on from one."""
    return any(path == place or path.startswith(f"{place}.") for place in places)


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


def _column_of(path: str) -> str:
    """Return a path without the numbers of items in lists."""
    return re.sub(r"\.\d+(?=\.|$)", "", path)
