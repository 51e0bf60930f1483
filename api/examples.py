"""Statements to begin with: the cookbook of the docs, where it is at hand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

COOKBOOK = Path(__file__).parents[1] / "docs" / "cookbook.md"
_RECIPE = re.compile(r"^## (?P<title>.+?)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(r"^```cypher\n(.*?)^```", re.MULTILINE | re.DOTALL)


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
