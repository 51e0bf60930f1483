"""Pages whose Cypher is answered below it: docs/cookbook.md and others like it.

`python -m sightlines.cookbook FILE…` writes the answers anew. It starts a server for that and loads
the seeds into it, so that nobody's store plays a part.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import seeds
from graph.cypher.guard import check_statement
from graph.cypher.run import Bounds, run
from graph.errors import InputError
from graph.store import local
from graph.store.address import Address
from graph.store.connection import Store, Writer
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
    for match in _ANSWERED.finditer(page):
        titles: list[str] = re.findall(r"^#+ (.*)$", page[: match.start()], re.MULTILINE)
        yield Recipe(titles[-1] if titles else "", match[1], match[2] or "")


async def answered(page: str, store: Store) -> str:
    """Return the page with the current answer of the store below each statement.

    Raises `QueryFault` for a statement that the store refuses, and `InputError` for one with more
    than `ROWS` rows.
    """
    parts: list[str] = []
    end = 0
    for recipe in _ANSWERED.finditer(page):
        answer = await table(store, recipe[1])
        parts += [page[end : recipe.start()], f"```cypher\n{recipe[1]}```\n\n{answer}"]
        end = recipe.end()
    return "".join([*parts, page[end:]])


async def table(store: Store, cypher: str) -> str:
    """Return the answer to a statement as a table in Markdown; without rows, its heads alone."""
    answer = await run(store, check_statement(cypher), {}, Bounds(rows=ROWS, seconds=30))
    if answer.truncated:
        raise InputError(f"This statement has more than {ROWS} rows:\n{cypher}")
    rows = ([_cell(value) for value in row] for row in answer.plain_rows())
    lines = [answer.columns, ["---"] * len(answer.columns), *rows]
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
    ):
        address = Address(server.uri, *server.auth)
        with Writer(address) as writer:
            load(writer, [Path(seeds.__file__).parent])
        asyncio.run(_write(address, map(Path, paths)))


async def _write(address: Address, pages: Iterable[Path]) -> None:
    async with Store(address) as store:
        for path in pages:
            page = path.read_text(encoding="utf-8")
            path.write_text(await answered(page, store), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
