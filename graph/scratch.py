"""Scratch space on disk, for what may be more than memory holds: a private database of SQLite.

Beyond its cache it lies in a file without a name in TMPDIR, which the operating system takes back
however the work ends.
"""

from __future__ import annotations

import sqlite3


def scratch(tables: str, megabytes: int) -> sqlite3.Connection:
    """Return an empty database with the tables that a script makes.

    `megabytes` bound its cache, and the memory of each sort. Everything happens in one transaction
    that nobody commits: nothing outlives the connection, so nothing is made safe against a crash.
    """
    connection = sqlite3.connect("", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
        f"PRAGMA cache_size=-{megabytes * 1_000}; {tables}; BEGIN"
    )
    return connection


def has_id(connection: sqlite3.Connection, table: str, record_id: str) -> bool:
    """Return whether a table of the database, which has a column `id`, holds an id."""
    rows = connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (record_id,))
    return rows.fetchone() is not None
