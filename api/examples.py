"""Statements to begin with: the cookbook of the docs, where it is at hand.

The cookbook names entities of the seeds. Over another store, only those are shown that name none,
or entities that it holds.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from graph.queries.records import existing
from graph.question import Reader

COOKBOOK = Path(__file__).parents[1] / "docs" / "cookbook.md"
_RECIPE = re.compile(r"^## (?P<title>.+?)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(r"^```cypher\n(.*?)^```", re.MULTILINE | re.DOTALL)


#: How a statement looks up a record, by its id or name; and by words in its names.
_NAME = re.compile(r"\((?!\w*:Sightlines)[^()]*?\{(?:id|name): '([^']*)'\}")
_WORDS = re.compile(r"queryNodes\('entity_names', '([^']*)'\)")


async def examples_of(reader: Reader) -> list[tuple[str, str]]:
    """Return the examples that name nothing that the store lacks. Raises a `StoreError`."""
    named = [(example, *_references(example[1])) for example in examples()]
    every_id, all_words = ({i for each in named for i in each[part]} for part in (1, 2))
    there = await reader.ask(existing(every_id, all_words))
    return [example for example, ids, words in named if there.issuperset([*ids, *words])]


def _references(statement: str) -> tuple[list[str], list[str]]:
    return _NAME.findall(statement), _WORDS.findall(statement)


@cache
def examples(path: Path = COOKBOOK) -> tuple[tuple[str, str], ...]:
    """Return titles and statements of the cookbook; none where the docs are not installed."""
    if not path.is_file():
        return ()
    recipes = []
    for recipe in _RECIPE.finditer(path.read_text(encoding="utf-8")):
        statement = _STATEMENT.search(recipe["text"])
        if statement is not None:
            recipes.append((recipe["title"].strip(), statement[1].strip()))
    return tuple(recipes)
