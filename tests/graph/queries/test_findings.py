"""What the rules find in the data sets that the repository brings, and in an empty store."""

from __future__ import annotations

import pytest

from graph.model import Finding, Mention
from graph.queries.findings import findings, question, rules
from tests.sync_store import SyncStore


@pytest.fixture
def by_rule(seed_store: SyncStore) -> dict[str, Finding]:
    """What each rule finds in the seeds."""
    return {finding.rule: finding for finding in seed_store.read(findings)}


def text(parts: tuple[str | Mention, ...]) -> str:
    """A sentence as a reader sees it."""
    return "".join(part.name if isinstance(part, Mention) else part for part in parts)


def test_one_body_is_supplied_and_acts(by_rule: dict[str, Finding]) -> None:
    """It names all three, says what no source says, and that the supplier is a reading."""
    it = by_rule["supplied-and-acting"]
    assert text(it.parts) == (
        "Of the bodies recorded here, Revolutionary Guards Corps is the only one said both to have "
        "been supplied by Tiandy Technologies and to have acted against protesters in Iran."
    )
    assert [part.id for part in it.parts if isinstance(part, Mention)] == [
        "irgc",
        "tiandy",
        "iran-protesters",
    ]
    assert "No source says that it used what it was supplied." in text(it.caution)
    assert text(it.caution).endswith(
        "Tiandy Technologies is the supplier is a reading of the editors."
    )


def test_every_rule_holds_in_the_seeds(by_rule: dict[str, Finding]) -> None:
    """In the order of the file, with the statement that anybody can ask again."""
    assert list(by_rule) == [rule.id for rule in rules()]
    for rule in rules():
        assert by_rule[rule.id].cypher == rule.cypher


def test_nothing_is_found_in_an_empty_store(store: SyncStore) -> None:
    """A rule without a row gives no sentence."""
    assert [store.ask(question(rule)) for rule in rules()] == [None] * len(rules())
