"""The rival Datasette: the same ties in SQLite, with the indexes that its questions need.

It runs in an environment of its own (`bench/datasette.lock`). Its questions are canned queries,
which is the fastest that it has, asked for as bare rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.server.sample import Sample
from graph.queries.entities import entity_table
from graph.queries.lists import Table
from graph.queries.tie_lists import tie_table
from graph.question import Reader
from graph.tables import TABLES, TableName

#: Rows that it gives at most in one answer.
MOST = 10_000

_SQL = {
    "card": 'select * from ties where "from" = :id or "to" = :id '
    "order by independent desc, type limit 50",
    "tie": 'select * from ties where "from" = :a and type = :type and "to" = :b',
    "search": "select e.* from words join entities e on e.rowid = words.rowid "
    "where words match '\"' || :q || '\"' order by rank limit 50",
    "suggest": "select e.id, e.label, e.type from words join entities e on e.rowid = words.rowid "
    "where words match '\"' || :q || '\"*' limit 10",
    "csv": f"select * from ties order by status, independent desc limit {MOST}",
}
_INDEXES = """
create index ties_from on ties("from");
create index ties_to on ties("to");
create virtual table words using fts5(names, content='entities');
insert into words(rowid, names) select rowid, names from entities;
analyze;
"""


async def write(reader: Reader, folder: Path) -> list[str]:
    """Write entities and ties into a database; return what Datasette is to be started with."""
    database, metadata = folder / "bench.db", folder / "datasette.json"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as sqlite:
        for name, table in (("entities", entity_table()), ("ties", tie_table())):
            await _fill(sqlite, name, _rows(reader, table))  # type: ignore[arg-type]
        sqlite.executescript(_INDEXES)
        sqlite.commit()
    queries = {name: {"sql": sql} for name, sql in _SQL.items()}
    metadata.write_text(json.dumps({"databases": {"bench": {"queries": queries}}}))
    limits = {"max_returned_rows": MOST, "sql_time_limit_ms": 10_000}
    settings = [word for name, n in limits.items() for word in ("--setting", name, str(n))]
    return ["serve", "--immutable", str(database), "--metadata", str(metadata), *settings]


async def _rows(reader: Reader, table: Table) -> AsyncIterator[list[list[Any]]]:
    after: Sequence[Any] | None = None
    while True:
        part = await reader.ask(table.rows(after))
        yield list(part.items)
        after = part.next_after
        if after is None:
            return


async def _fill(
    sqlite: sqlite3.Connection, name: TableName, parts: AsyncIterator[list[list[Any]]]
) -> None:
    columns = ", ".join(f'"{column.name}"' for column in TABLES[name])
    sqlite.execute(f"create table {name} ({columns})")
    places = ", ".join("?" * len(TABLES[name]))
    async for rows in parts:
        sqlite.executemany(f"insert into {name} values ({places})", rows)


def paths(name: str, sample: Sample) -> list[str]:
    """Return the addresses of a question, for each record of the sample; none if it has none."""
    values: dict[str, list[dict[str, str]]] = {
        "card": [{"id": i} for i in sample.typical],
        "hub": [{"id": i} for i in sample.hubs],
        "tie": [{"a": key.source, "type": key.type, "b": key.target} for key in sample.ties],
        "search": [{"q": name} for name in sample.names],
        "suggest": [{"q": name[:4]} for name in sample.names],
        "csv": [{}],
    }
    suffix = "csv" if name == "csv" else "json"
    query = "card" if name == "hub" else name
    query_strings = [urlencode(one | {"_shape": "array"}) for one in values.get(name, [])]
    return [f"/bench/{query}.{suffix}?{text}" for text in query_strings]
