"""The folder that a list is taken into: what it had before, and what one more edition changes.

`sources.jsonl`, `entities.jsonl` and `claims.jsonl` are written; nothing else in the folder is
touched. What an edition says as the one before it did stays as it stands. A claim that it makes
otherwise is superseded, and a state that it no longer names gets an end. No claim of an earlier
edition is deleted. An edition that is taken in again takes the place of itself.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from graph import dates
from graph.errors import BadDate, InputError
from graph.model import Claim, DatasetRecord, Entity, Record, Source
from graph.ontology import ONTOLOGY
from graph.scratch import has_id

#: The tables that hold what the folder had, and what it will have.
TABLES = """
CREATE TABLE earlier_entities (id TEXT PRIMARY KEY, line TEXT) WITHOUT ROWID;
CREATE TABLE earlier_claims (
  number INTEGER PRIMARY KEY, id TEXT, content BLOB, statement BLOB, live INTEGER, line TEXT);
CREATE INDEX by_content ON earlier_claims (content);
CREATE INDEX by_statement ON earlier_claims (statement);
CREATE INDEX by_id ON earlier_claims (id);
CREATE TABLE same_claims (id TEXT PRIMARY KEY, whole BLOB, line TEXT) WITHOUT ROWID;
CREATE TABLE new_entities (id TEXT PRIMARY KEY, line TEXT) WITHOUT ROWID;
CREATE TABLE new_claims (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, statement BLOB, whole BLOB, line TEXT);
"""
#: What a claim of another edition, or of another day of writing, may have otherwise.
_BOOKKEEPING = {"recorded_on", "recorded_by", "reviewed_by"}
_OF_EDITION = {"source", "said_by", "evidence", "supersedes", "retracted"} | _BOOKKEEPING


class Editions:
    """The records of a folder, beside those of one more edition: `sources`, one for each file.

    `add_entity` and `add_claim` take the records, `finish` compares and writes. `counts` has, by
    kind, what is new, changed, unchanged, ended, and kept though the edition does not have it.
    """

    def __init__(
        self, folder: Path, scratch: sqlite3.Connection, sources: Sequence[Source]
    ) -> None:
        self._folder, self._scratch = folder, scratch
        self._earlier: dict[str, Source] = {}
        for line in self._lines("sources.jsonl"):
            record = json.loads(line)
            if "source" in record:
                source = Source.model_validate(record["source"])
                self._earlier[source.id] = source
        self.sources = [self._with_work(source) for source in sources]
        current = {source.id for source in sources}
        #: Whether the folder has the edition already.
        self._again = current <= self._earlier.keys()
        self._refuse_an_older_one(current)
        for name in current:
            self._earlier.pop(name, None)
        self._has_earlier_claims = False
        self._read(current)
        self.counts: Counter[tuple[str, str]] = Counter()

    def _with_work(self, source: Source) -> Source:
        """Return a source as an edition of the first one of the same work in the folder."""
        works = (s for s in self._earlier.values() if s.title == source.title)
        first = next(works, source)
        return (
            source if first.id == source.id else source.model_copy(update={"edition_of": first.id})
        )

    def _refuse_an_older_one(self, current: Collection[str]) -> None:
        days = [s.published for s in self.sources if s.published]
        for other in self._earlier.values():
            if other.id not in current and days and other.published and other.published > max(days):
                later = f"{other.id!r} of {other.published}"
                raise InputError(f"{self._folder} has a later edition already, {later}.")

    def _read(self, current: Collection[str]) -> None:
        for line in self._lines("entities.jsonl"):
            row = (json.loads(line)["entity"]["id"], line)
            self._scratch.execute("INSERT OR REPLACE INTO earlier_entities VALUES (?, ?)", row)
        for line in self._lines("claims.jsonl"):
            claim = self._claim(line)
            if claim.source in current:
                whole = (claim.id, _digest(claim, _BOOKKEEPING), line)
                self._scratch.execute("INSERT OR REPLACE INTO same_claims VALUES (?, ?, ?)", whole)
                continue
            self._has_earlier_claims = True
            self._scratch.execute(
                "INSERT INTO earlier_claims (id, content, statement, live, line) "
                "VALUES (?, ?, ?, 1, ?)",
                (claim.id, _digest(claim, _OF_EDITION), _statement(claim), line),
            )
            if claim.supersedes:
                self._scratch.execute(
                    "UPDATE earlier_claims SET live = 0 WHERE id = ?", (claim.supersedes,)
                )

    def _lines(self, name: str) -> Iterator[str]:
        path = self._folder / name
        if path.exists():
            with path.open(encoding="utf-8") as file:
                yield from (line for line in file if line.strip())

    def _claim(self, line: str) -> Claim:
        try:
            return Claim.model_validate(json.loads(line)["claim"])
        except (ValueError, KeyError) as error:
            raise InputError(
                f"{self._folder / 'claims.jsonl'} has a line that no import has written. "
                "`sightlines check` says what is wrong."
            ) from error

    def add_entity(self, entity: Entity) -> None:
        """Add an entity of the edition."""
        line = _line("entity", entity, {"datasets"})
        self._scratch.execute("INSERT INTO new_entities VALUES (?, ?)", (entity.id, line))

    def add_claim(self, claim: Claim) -> bool:
        """Add a claim of the edition; return false for one that is there already."""
        earlier = (
            self._scratch.execute(
                "SELECT number, live FROM earlier_claims WHERE content = ? AND live > 0",
                (_digest(claim, _OF_EDITION),),
            ).fetchone()
            if self._has_earlier_claims
            else None
        )
        if earlier is not None:
            number, live = earlier
            self._scratch.execute("UPDATE earlier_claims SET live = 2 WHERE number = ?", (number,))
            return bool(live == 1)
        row = (claim.id, _statement(claim), _digest(claim, _BOOKKEEPING), _claim_line(claim))
        return bool(
            self._scratch.execute(
                "INSERT OR IGNORE INTO new_claims (id, statement, whole, line) VALUES (?, ?, ?, ?)",
                row,
            ).rowcount
        )

    def finish(
        self, folder: Path, dataset: DatasetRecord, *, on: date, by: str, complete: bool
    ) -> list[str]:
        """Compare, write the files that change into a folder, and return their names.

        `complete`: whether all rows were read, so that what is missing has gone from the list.
        """
        self._supersede()
        first = [_line("dataset", dataset)]
        all_sources = [*self._earlier.values(), *self.sources]
        sources = [*first, *(_line("source", s, {"datasets", "publisher_id"}) for s in all_sources)]
        contents = {
            "sources.jsonl": sources,
            "entities.jsonl": self._entities(),
            "claims.jsonl": self._claims(on, by, complete),
        }
        return [name for name, lines in contents.items() if self._write(folder, name, lines)]

    def _supersede(self) -> None:
        """Mark the claims of earlier editions that the new one makes otherwise."""
        rows = self._scratch.execute("SELECT number, statement, line FROM new_claims").fetchall
        for number, statement, line in list(rows()) if self._earlier else ():
            earlier = self._scratch.execute(
                "SELECT number, id FROM earlier_claims WHERE statement = ? AND live = 1",
                (statement,),
            ).fetchone()
            if earlier is not None:
                claim = self._claim(line).model_copy(update={"supersedes": earlier[1]})
                self._scratch.execute(
                    "UPDATE new_claims SET line = ?, whole = ? WHERE number = ?",
                    (_claim_line(claim), _digest(claim, _BOOKKEEPING), number),
                )
                self._scratch.execute(
                    "UPDATE earlier_claims SET live = 0 WHERE number = ?", (earlier[0],)
                )
                self.counts["claims", "changed"] += 1

    def _entities(self) -> Iterator[str]:
        """Yield the entities in the order of their ids; those of earlier editions stay."""
        earlier = "SELECT id, line FROM earlier_entities"
        if self._again:
            names = {n for c in self._rows("SELECT line FROM earlier_claims") for n in _ids(c[0])}
            marks = ((name,) for name in names)
            self._scratch.execute("CREATE TABLE still_named (id TEXT PRIMARY KEY) WITHOUT ROWID")
            self._scratch.executemany("INSERT INTO still_named VALUES (?)", marks)
        for record_id, new, old in self._rows(
            f"SELECT id, max(new), max(old) FROM (SELECT id, line AS new, NULL AS old "
            f"FROM new_entities UNION ALL SELECT id, NULL, line FROM ({earlier})) "
            "GROUP BY id ORDER BY id"
        ):
            if new is None and self._again and not has_id(self._scratch, "still_named", record_id):
                continue
            kind = "new" if old is None else "unchanged" if new == old else "changed"
            self.counts["entities", "kept" if new is None else kind] += 1
            yield new or old

    def _claims(self, on: date, by: str, complete: bool) -> Iterator[str]:
        """Yield the claims: those of earlier editions, then the new ones, then those that ended."""
        ended: list[str] = []
        by_work = {source.edition_of or source.id: source for source in self.sources}
        for live, line in self._rows("SELECT live, line FROM earlier_claims ORDER BY number"):
            yield line
            if live == 2:
                self.counts["claims", "unchanged"] += 1
            elif live == 1:
                claim = self._claim(line)
                earlier = self._earlier[claim.source]
                source = by_work.get(earlier.edition_of or earlier.id)
                end = _ended(claim, earlier, source, on, by) if source and complete else None
                self.counts["claims", "ended" if end else "kept"] += 1
                ended += [_claim_line(end)] if end else []
        same = "SELECT whole, line FROM same_claims WHERE id = ?"
        for claim_id, whole, line in self._rows(
            "SELECT id, whole, line FROM new_claims ORDER BY number"
        ):
            before = self._scratch.execute(same, (claim_id,)).fetchone()
            unchanged = before is not None and before[0] == whole
            self.counts["claims", "unchanged" if unchanged else "new"] += 1
            yield before[1] if unchanged else line
        for line in ended:
            claim = self._claim(line)
            before = self._scratch.execute(same, (claim.id,)).fetchone()
            yield before[1] if before and before[0] == _digest(claim, _BOOKKEEPING) else line

    def _rows(self, statement: str) -> Iterator[Any]:
        yield from self._scratch.execute(statement)

    def _write(self, folder: Path, name: str, lines: Iterable[str]) -> bool:
        """Write a file where it differs from that of the folder; return whether it does."""
        path, draft = folder / name, folder / f".{name}.{os.getpid()}"
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)
            before = self._folder / name
            if before.exists() and filecmp.cmp(before, draft, shallow=False):
                return False
            os.replace(draft, path)
            return True
        finally:
            draft.unlink(missing_ok=True)


def _ended(claim: Claim, earlier: Source, source: Source, on: date, by: str) -> Claim | None:
    """Return a claim with the end that a later edition gives it, or None where it has one."""
    when = dates.parse(claim.when) if claim.when else None
    if ONTOLOGY.predicates[claim.predicate].kind != "state":
        return None
    if when is not None and not (when.open_end or when.unknown_end):
        return None
    day = source.published or on.isoformat()
    period = f"{(claim.when or '').partition('/')[0]}/{day}"
    try:
        dates.parse(period)
    except BadDate:
        return None
    reason = (
        f"It stands in the edition {earlier.id!r} and no longer in {source.id!r}: "
        "the end is read from that, and may be earlier."
    )
    return claim.model_copy(
        update={
            "source": source.id,
            "said_by": (source.id, *claim.said_by[1:]),
            "evidence": (),
            "when": period,
            "inferred": tuple(dict.fromkeys((*claim.inferred, "when"))),
            "note": " ".join(filter(None, (claim.note, reason))),
            "recorded_on": on,
            "recorded_by": by,
            "reviewed_by": None,
            "supersedes": claim.id,
        }
    )


def _ids(line: str) -> Iterator[str]:
    """Yield the ids that a claim names."""
    claim = json.loads(line)["claim"]
    for ids in claim["roles"].values():
        yield from ids
    yield from claim["said_by"]


def _statement(claim: Claim) -> bytes:
    """Return what tells statements of a list apart, whatever they say of time and number."""
    roles = sorted((role, sorted(ids)) for role, ids in claim.roles.items())
    content = [claim.predicate, roles, sorted(claim.details.items()), claim.said_by[1:]]
    return hashlib.sha256(to_json(content)).digest()[:16]


def _digest(claim: Claim, without: set[str]) -> bytes:
    """Return a hash of a claim without some of its fields, but with who speaks after its source."""
    content = claim.model_dump_json(exclude=without) + str(claim.said_by[1:])
    return hashlib.sha256(content.encode()).digest()[:16]


def _claim_line(claim: Claim) -> str:
    return _line("claim", claim, {"dataset"})


def _line(kind: str, record: Record, without: set[str] | None = None) -> str:
    fields = record.model_dump_json(exclude=without, exclude_defaults=True)
    return f'{{"{kind}":{fields}}}\n'
