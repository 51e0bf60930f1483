"""`sightlines statements`: what an address sends to Neo4j, as Neo4j Browser takes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from graph.question import Question
from graph.store.loader import load
from sightlines.cli.statements import browser_text, literal
from tests.conftest import Run
from tests.sync_store import SyncStore


def test_an_address_gives_its_statements(command: Run, store: SyncStore, seeds: Path) -> None:
    """The statement that answers it, after a line with its parameters."""
    load(store, [seeds])
    result = command("statements", "/v1/entities/tiandy/ties?as_of=2015")
    assert result.returncode == 0, result.stderr
    assert ":param {" in result.stdout and "date('2015-12-31')" in result.stdout
    assert "'tiandy'" in result.stdout and "MATCH" in result.stdout

    missing = command("statements", "/v1/entities/nobody")
    assert "404" in missing.stderr and "'nobody'" in missing.stdout


def test_what_is_no_address_is_refused(command: Run) -> None:
    """With an example of one."""
    result = command("statements", "v1/ties")
    assert result.returncode == 1 and "/v1/ties?as_of=2015" in result.stderr


VALUES: list[Any] = [
    True, 7, -0.5, "", "it's a \\ 'quote'", "two\nlines", "天地", date(2015, 12, 31),
    [1, [2, "x"]], {"ids": ["a"], "a name": {"b": [True]}},
]  # fmt: skip


def test_a_literal_means_its_value(store: SyncStore) -> None:
    """Neo4j reads it as the value that a driver would send."""
    for value in VALUES:
        assert store.rows(f"RETURN {literal(value)} = $value", value=value) == [[True]], value
    assert store.rows(f"RETURN {literal(None)} IS NULL") == [[True]]


def test_a_statement_without_parameters_stands_alone() -> None:
    """There is nothing to set before it."""
    assert browser_text(Question("RETURN 1", list)) == "RETURN 1;\n"
