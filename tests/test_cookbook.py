"""docs/cookbook.md: every question is asked, answers as the page says, and has a sound plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString, cast

import pytest

from graph.store.address import Address
from graph.store.loader import load
from sightlines.cookbook import Recipe, answered, recipes, table
from tests.conftest import empty
from tests.sync_store import SyncStore

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
RECIPES = list(recipes(PAGE))
every = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title[:40])


@pytest.fixture(scope="module")
def seed_store(address: Address, seeds: Path) -> Iterator[SyncStore]:
    """A store that holds the seeds and nothing else."""
    with SyncStore(address) as store:
        empty(store)
        load(store, [seeds])
        with store.session() as session:
            # Right after a load the planner still counts with an index that was empty.
            session.run("CALL db.prepareForReplanning()").consume()
        yield store


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """Every operator of a plan."""
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def test_there_are_enough_questions() -> None:
    """At least 25, each under a heading of its own with words before the Cypher."""
    assert len(RECIPES) >= 25
    assert len({recipe.title for recipe in RECIPES}) == len(RECIPES)
    for recipe in RECIPES:
        words = PAGE.partition(f"## {recipe.title}\n")[2].partition("```")[0]
        assert words.strip().endswith("."), recipe.title


@every
def test_a_question_has_the_answer_of_the_page(seed_store: SyncStore, recipe: Recipe) -> None:
    """Written anew by `python -m sightlines.cookbook docs/cookbook.md`."""
    assert seed_store.read(lambda store: table(store, recipe.cypher)) == recipe.answer


@every
def test_a_question_has_a_sound_plan(seed_store: SyncStore, recipe: Recipe) -> None:
    """It only reads, never goes through all nodes or a product, and uses the index on ids."""
    text = cast(LiteralString, f"EXPLAIN {recipe.cypher}")
    with seed_store.session() as session:
        summary = session.run(text).consume()
    assert summary.query_type == "r" and summary.plan is not None
    steps = set(operators(summary.plan))
    assert not {"AllNodesScan", "CartesianProduct"} & steps
    if any(start in recipe.cypher for start in ("{id: '", "{name: '")):
        assert any("IndexSeek" in name for name in steps)


def test_writing_the_answers_anew_changes_nothing(seed_store: SyncStore) -> None:
    """Also when there were none: only tables below Cypher are touched."""
    assert seed_store.read(lambda store: answered(PAGE, store)) == PAGE
    bare = re.sub(r"```\n\n(?:\|.*\n)+", "```\n", PAGE)
    assert "\n|" not in bare and seed_store.read(lambda store: answered(bare, store)) == PAGE


def test_cells_are_text_that_a_table_can_hold(seed_store: SyncStore) -> None:
    """Bars are escaped, lines joined, lists told, and what is missing is left empty."""
    cypher = (
        "RETURN 'a|b\nc' AS text, [1, null, true] AS list, null AS none, date('2024-01-31') AS day"
    )
    lines = seed_store.read(lambda store: table(store, cypher)).splitlines()
    assert lines[2] == r"| a\|b c | 1, , true |  | 2024-01-31 |"
