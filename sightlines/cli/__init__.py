"""The command line. `main` is what the installed command `sightlines` runs."""

from __future__ import annotations

import logging
import sqlite3
import sys
import tempfile
from pathlib import Path

from graph.disk import disk_error
from graph.errors import InputError, NotFound, QueryFault, SightlinesError, StoreError
from sightlines.cli import (
    about,
    analyse,
    cypher,
    data,
    database,
    find,
    keys,
    lists,
    match,
    pages,
    propose,
    review,
    run,
    schema,
    source,
    statements,
    texts,
    write,
)
from sightlines.cli.app import app
from sightlines.console import escape_unencodable, say

#: 0 done, 1 the input has faults, 2 wrong usage (click's own), 3 the store cannot be reached.
EXIT_CODES: tuple[tuple[type[SightlinesError], int], ...] = (
    (InputError, 1),
    (NotFound, 1),
    (QueryFault, 1),
    (StoreError, 3),
)
#: Importing these modules adds their commands to the application.
COMMANDS = (
    about, analyse, cypher, data, database, find, keys, lists, match, pages, propose, review, run,
    schema, source, statements, texts, write,
)  # fmt: skip


def main() -> None:
    """Run the command line; an error ends in one sentence, never in a traceback."""
    # The driver logs each failed attempt; our own errors report the last one.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    escape_unencodable()
    try:
        app()
    except SightlinesError as error:
        say(f"sightlines: {error}")
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))
    except (OSError, sqlite3.OperationalError) as error:
        say(f"sightlines: {_of_the_disk(error)}")
        sys.exit(1)


def _of_the_disk(error: OSError | sqlite3.OperationalError) -> str:
    """Return what is wrong with a file or folder that no command has looked at before."""
    if isinstance(error, OSError):
        return disk_error(error, Path(error.filename or "A file").absolute())
    # Scratch space is in files of the folder for temporary ones.
    return f"{tempfile.gettempdir()} cannot be used: {error}. TMPDIR names another folder."
