"""Questions that a server asks itself at its start: those that a person asks first."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.warmup import LATER, READS
from graph.question import Question, Reader
from graph.store.address import Address
from graph.store.connection import Store
from graph.store.state import STATE, State, with_state
from tests.recorder import Recorder
from tests.sync_store import SyncStore

HOST = "http://127.0.0.1"

#: What is looked at first, in a browser and from a program.
FIRST = (
    "/",
    "/graph",
    "/entity/tiandy",
    "/tie/tiandy/SUPPLIES/irgc",
    "/path?from=tiandy&to=iran",
    "/search?q=iran",
    "/v1/suggest?q=tia",
    "/v1/entities/tiandy?include=ties",
    "/v1/entities/tiandy/ties",
    "/v1/ties",
    "/v1/claims",
    "/v1/sources",
    "/v1/paths?from=tiandy&to=iran",
    "/v1/graph",
    "/v1/datasets",
    "/timeline",
    "/timeline?entity=tiandy",
    "/compare?a=tiandy&b=zte",
    "/source/fdd-study",
    "/feed.xml",
    "/v1/ties?as_of=2020-01-01",
    "/v1/ties?status=reported&facet=type",
    "/v1/paths?from=tiandy&to=iran&as_of=2020-01-01",
    "/v1/sources/fdd-study/what-if",
)


#: What Neo4j keeps a plan by: the statement, and the types of its parameters.
Plan = tuple[str, tuple[str, ...]]


def plan(question: Question[Any]) -> Plan:
    return question.cypher, tuple(f"{k}: {kind(v)}" for k, v in question.parameters.items())


def kind(value: object) -> str:
    """The type of a parameter as Neo4j infers it: of a list, with the type of its elements."""
    name = type(value).__name__
    return f"{name} of {kind(value[0])}" if isinstance(value, list) and value else name


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[Question[Any]]:
    """What the store is asked from now on."""
    log: list[Question[Any]] = []
    ask = Store.ask

    async def remember(store: Store, question: Question[Any]) -> Any:
        log.append(question)
        return await ask(store, question)

    monkeypatch.setattr(Store, "ask", remember)
    return log


@pytest.fixture
def plans(api: TestClient, address: Address) -> set[Plan]:
    """What the store has planned after a start; it takes each of the statements."""

    async def record(reader: Reader) -> set[Plan]:
        recorder = Recorder(reader)
        for read in (*READS, *LATER):
            await read(recorder)
        return {plan(with_state(question, State())) for question in recorder.questions}

    with SyncStore(address) as store:
        return store.read(record)


def test_what_is_asked_first_is_planned(
    api: TestClient, plans: set[Plan], questions: list[Question[Any]]
) -> None:
    """Statement by statement: who changes a question changes what is asked at the start."""
    missing: dict[str, list[Plan]] = {}
    for path in FIRST:
        questions.clear()
        assert api.get(path).status_code == 200
        missing[path] = [new for q in questions if (new := plan(q)) not in {plan(STATE), *plans}]
    assert {path: statements for path, statements in missing.items() if statements} == {}


def test_a_server_asks_and_ends_in_order(
    plans: set[Plan], address: Address, questions: list[Question[Any]]
) -> None:
    """It asks them all unless it is stopped before, and answers meanwhile.

    Each has time to be planned, the suggestion too, which has a tenth of a second otherwise.
    """

    def patient_questions() -> set[Plan]:
        return {plan(question) for question in questions if question.seconds >= 60}

    with TestClient(create_app(address, version="0", warmed=True), base_url=HOST) as client:
        assert client.get("/v1/entities/tiandy").status_code == 200
        # No deadline but that of the test: a store on a busy machine plans for long.
        while not plans <= patient_questions():
            time.sleep(0.05)
    questions.clear()
    with TestClient(create_app(address, version="0", warmed=True), base_url=HOST):
        pass
    assert len(questions) < len(plans)
