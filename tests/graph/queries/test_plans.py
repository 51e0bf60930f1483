"""Every question of the product: its plan, and that it reads and answers with models."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from graph.model import Subgraph, TieKey
from graph.queries import entities, graphs, records, search, ties
from graph.queries.parts import Found
from graph.queries.ties import Moment
from graph.question import Question
from graph.store.address import Address
from graph.store.connection import AsyncStore, Store
from graph.store.state import STATE, Seen, State, with_state

PACT = "china-iran-pact"
THEN = Moment(date(2022, 6, 1), date(2023, 6, 1), certain=False)
KEY = TieKey("tiandy", "SUPPLIES", "irgc")

#: Each question, in each way that changes its statement, with what its answer is.
QUESTIONS: dict[str, tuple[Question[Any], type]] = {
    "entity": (entities.entity("tiandy"), entities.EntityCard),
    "entities": (entities.entities(), Found),
    "entities of a type": (entities.entities(types=["State"], after="china", limit=2), Found),
    "labels": (entities.labels(["tiandy", "iran"], "zh"), dict),
    "search": (search.search("tiandy tech"), Found),
    "search without the index": (search.search("康"), Found),
    "near_entities": (search.near_entities("tiandi"), tuple),
    "neighbourhood": (graphs.neighbourhood("tiandy"), Subgraph),
    "neighbourhood of two hops": (graphs.neighbourhood("tiandy", depth=2, limit=20), Subgraph),
    "whole": (graphs.whole(), Subgraph),
    "source": (records.source("fdd-study"), records.SourceCard),
    "snapshots": (records.snapshots(), Found),
    "tie": (ties.tie(KEY), ties.Docket),
    "tie at a moment": (ties.tie(KEY, THEN), ties.Docket),
    "ties_of_entity": (ties.ties_of_entity("tiandy"), ties.EntityTies),
    "ties_of_entity at a moment": (ties.ties_of_entity("iran", moment=THEN), ties.EntityTies),
    "state": (STATE, State),
}
SLOW_PLANS = {"AllNodesScan", "CartesianProduct", "AllRelationshipsScan"}


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """The operators of a plan, without the name of the database."""
    yield str(plan["operatorType"]).partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def test_no_question_is_forgotten() -> None:
    """Every public function that returns a question stands above, or in the test of claims."""
    modules = (entities, graphs, records, search, ties)
    found = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "Question" in str(inspect.signature(function).return_annotation)
    }
    assert found == {name.split()[0] for name in QUESTIONS} - {"state"} | {"claim"}


@pytest.fixture
def question(request: pytest.FixtureRequest, seeded: Store) -> Question[Any]:
    """A question by its name; that about a claim needs one to ask for."""
    if request.param == "claim":
        _, rows, _ = seeded.read("MATCH (c:Claim) RETURN min(c.id)", {}, rows=1, seconds=5)
        return records.claim(rows[0][0])
    return QUESTIONS[request.param][0]


each = pytest.mark.parametrize("question", [*QUESTIONS, "claim"], indirect=True)


@each
def test_no_plan_goes_through_everything(question: Question[Any], seeded: Store) -> None:
    """No plan looks at every node there is, or puts every row beside every other; all only read."""
    with seeded.session() as session:
        result = session.run(f"EXPLAIN {question.cypher}", dict(question.parameters))
        summary = result.consume()
    assert summary.query_type == "r"
    assert summary.plan is not None
    assert not SLOW_PLANS & set(operators(summary.plan))


@each
def test_both_stores_give_the_same_models(
    question: Question[Any], seeded: Store, address: Address, request: pytest.FixtureRequest
) -> None:
    """A question is answered alike by the store that waits and by the one of the API."""

    async def ask() -> Any:
        store = AsyncStore(address)
        try:
            return await store.ask(question)
        finally:
            await store.close()

    name: Sequence[str] = request.node.callspec.id
    expected = records.ClaimCard if name == "claim" else QUESTIONS[str(name)][1]
    answer = seeded.ask(question)
    assert isinstance(answer, expected)
    assert asyncio.run(ask()) == answer
    assert seeded.ask(with_state(question)) == Seen(answer, seeded.ask(STATE), True)
