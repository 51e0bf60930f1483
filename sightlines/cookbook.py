"""Pages whose Cypher is answered below it: docs/cookbook.md and others like it.

`python -m sightlines.cookbook FILE…` writes the answers anew. It starts a server for that and loads
the seeds into it, so that nobody's store plays a part.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import seeds
from graph.errors import InputError
from graph.store import local
from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load
from sightlines.settings import read_settings

#: The most rows of an answer: a page is read by people.
ROWS = 60

#: A block of Cypher, and the table that follows it, if one does.
_ANSWERED = re.compile(r"^```cypher\n((?:(?!```).*\n)*)```\n(?:\n((?:\|.*\n)+))?", re.MULTILINE)


class Recipe(NamedTuple):
    """A question of a page: the heading above it, its Cypher, and its answer as Markdown."""

    title: str
    cypher: str
    answer: str


def recipes(page: str) -> Iterator[Recipe]:
    """Yield the questions of a page in their order."""
    for found in _ANSWERED.finditer(page):
        titles: list[str] = re.findall(r"^#+ (.*)$", page[: found.start()], re.MULTILINE)
        yield Recipe(titles[-1] if titles else "", found[1], found[2] or "")


def answered(page: str, store: Store) -> str:
    """Return the page with each answer as the store gives it now.

    Raises `QueryFault` for a statement that it refuses, and `InputError` for one with more than
    `ROWS` rows.
    """

    def answer(found: re.Match[str]) -> str:
        return f"```cypher\n{found[1]}```\n\n{table(store, found[1])}"

    return _ANSWERED.sub(answer, page)


def table(store: Store, cypher: str) -> str:
    """Return the answer to a statement as a table in Markdown; without rows, its heads alone."""
    columns, rows, more = store.read(cypher, {}, rows=ROWS, seconds=30)
    if more:
        raise InputError(f"This question has more than {ROWS} rows:\n{cypher}")
    lines = [columns, ["---"] * len(columns), *([_cell(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(str(value).split()).replace("|", "\\|")


def main(paths: Sequence[str]) -> None:
    """Write the answers of each page anew, from a server of its own that holds the seeds."""
    settings = read_settings()
    jars = local.jars_folder(settings.cache_folder)
    local.fetch(local.read_lock(), jars, lambda done, of: None, settings.maven_mirror)
    with (
        TemporaryDirectory() as home,
        local.start(Path(home), jars, profile="test") as server,
        Store(Address(server.uri, *server.auth)) as store,
    ):
        load(store, [Path(seeds.__file__).parent])
        for path in map(Path, paths):
            page = path.read_text(encoding="utf-8")
            path.write_text(answered(page, store), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
