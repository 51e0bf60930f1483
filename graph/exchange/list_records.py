"""Parts of entities and drafts of claims, as rows of a list made them, to records of a data set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from graph.dataset.claim_check import list_types
from graph.exchange.editions import Editions
from graph.exchange.import_log import ImportLog, Place, validate
from graph.exchange.list_rows import ONLY_NAMED
from graph.exchange.row_values import RowFault
from graph.faults import shorten
from graph.fold import fold
from graph.model import Claim, Entity
from graph.ontology import ONTOLOGY
from graph.scratch import has_id

#: Entities as all rows describe them, and the ids that claims name.
RECORD_TABLES = """
CREATE TABLE whole (id TEXT PRIMARY KEY, only_named INTEGER, type TEXT, fields TEXT) WITHOUT ROWID;
CREATE TABLE named (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class ListRecords:
    """Makes the records, in this order: `join_entities`, `add_claims`, `add_entities`."""

    def __init__(self, connection: sqlite3.Connection, log: ImportLog) -> None:
        self._db, self._log, self._result = connection, log, log.result

    def join_entities(self) -> None:
        """Make each entity of what all rows say of it, and note what is wrong with it."""
        parts: list[tuple[Place, dict[str, Any]]] = []
        current = ""
        rows = self._db.cursor().execute(
            "SELECT id, place, fields FROM parts ORDER BY id, base DESC, number"
        )
        for entity_id, place, fields in rows:
            if entity_id != current:
                self._join_entity(current, parts)
                current, parts = entity_id, []
            parts.append((Place.read(place), json.loads(fields)))
        self._join_entity(current, parts)

    def _join_entity(self, entity_id: str, parts: Sequence[tuple[Place, dict[str, Any]]]) -> None:
        if not parts:
            return
        place, first = parts[0]
        if "type" not in first:
            if has_id(self._db, "left_out", entity_id):
                self._result.dropped["parts of entities that were left out"] += len(parts)
            else:
                for place, _ in parts:
                    self._log.add_fault(
                        place, RowFault("", entity_id, f"no row describes {entity_id!r}")
                    )
            return
        only_named = all([part.pop(ONLY_NAMED, False) for _, part in parts])
        try:
            entity = validate(Entity, {"id": entity_id, **_merged([f for _, f in parts])})
        except RowFault as fault:
            self._log.add_fault(place, fault)
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
                self._result.dropped["entities that no claim names"] += 1
                continue
            entity = Entity.model_validate_json(fields)
            self._log.add_entity(entity)
            editions.add_entity(entity)

    def add_claims(self, editions: Editions) -> None:
        """Add each claim, with the ids that its references mean."""
        rows = self._db.cursor().execute("SELECT place, fields FROM drafts ORDER BY rowid")
        for text, draft in rows:
            place, values = Place.read(text), json.loads(draft)
            if self._log.is_faulty(place):
                continue
            fields = values["fields"]
            try:
                roles = {r: self._ids(refs) for r, refs in values["roles"].items()}
                chain = [fields["source"], *self._ids(values["said_by"])]
                claim = validate(Claim, {**fields, "roles": roles, "said_by": chain})
                self._check_types(claim)
            except _LeftOut as reason:
                self._result.dropped[str(reason)] += 1
                continue
            except RowFault as fault:
                self._log.add_fault(place, fault)
                continue
            if not editions.add_claim(claim):
                self._result.dropped["claims that stand there twice"] += 1
                continue
            names = ((i,) for i in {*chain, *(i for ids in roles.values() for i in ids)})
            self._db.executemany("INSERT OR IGNORE INTO named VALUES (?)", names)
            self._log.add_claim(claim)

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
            is_left_out, hint = has_id(self._db, "left_out", text), ""
        else:
            name = fold(text)
            rows = self._db.execute(
                "SELECT id FROM names WHERE name = ? LIMIT 2", (name,)
            ).fetchall()
            ids = [i for (i,) in rows if has_id(self._db, "keys", i)]
            if len(ids) == 1:
                return str(ids[0])
            query = "SELECT 1 FROM left_names WHERE name = ?"
            is_left_out = not ids and self._db.execute(query, (name,)).fetchone() is not None
            hint = "Several have it." if ids else ""
        if is_left_out:
            raise _LeftOut("claims that name what was left out")
        if unknown == "leave-out":
            raise _LeftOut("claims that name what is not in the list")
        what = "entity has the id" if by == "id" else "single entity has the name"
        raise RowFault("", text, f"no {what} {shorten(text)!r}", hint)


class _LeftOut(Exception):
    """A claim that names what is not there; the text says why, for counting."""


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
