"""The API under requests that schemathesis makes up from its description, valid and wrong ones.

Its phase `coverage` is off: it asks for each bound, type and omission of each parameter, which
takes minutes, and `test_generated.py` does that by the same document. So it does with the further
formats of an answer, which take the same requests.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.schemas import BaseSchema

from api.app import create_app
from graph.store.address import Address
from graph.text import TextStore
from tests.conftest import LOCAL, load_alone

#: What a valid request may be answered beside 200, since the document cannot say it: a cursor is
#: one that we gave (400), and a record of the id has to be there (404, 410).
ACCEPTED = ["2xx", "308", "400", "404", "409", "410"]
#: Questions whose sense no schema tells: a statement has to be Cypher and to use the days that it
#: is given, `what-if` wants one id under any of three names, and `queries` is JSON in a text. Valid
#: ones are asked elsewhere: tests/api/test_cypher.py, test_whatif.py and test_reconcile.py.
SENSE = {
    "read_cypher", "ask_cypher", "read_what_if", "post_what_if", "read_reconcile", "post_reconcile"
}  # fmt: skip
#: The same operations in further formats.
FILES = r"\.(json|jsonl|csv|parquet|arrow|xlsx)$"
CONFIG = {
    "generation": {"max-examples": 2, "deterministic": True, "no-shrink": True, "database": "none"},
    "phases": {"coverage": {"enabled": False}},
    # A statement is planned when it is sent first, which takes a busy machine its time.
    "request-timeout": 120,
    # How fast data is made up says something about the machine and nothing about the API.
    "suppress-health-check": ["too_slow"],
    "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
    "operations": [
        {
            "include-operation-id": sorted(SENSE),
            "checks": {"positive_data_acceptance": {"enabled": False}},
        }
    ],
}


@pytest.fixture(scope="module")
def description(address: Address, seeds: Path, texts: TextStore) -> BaseSchema:
    """The document as the app gives it, over the seeds."""
    load_alone(address, seeds)
    app = create_app(address, version="0.0.0", texts=texts, exposure=LOCAL)
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_asgi("/openapi.json", app, config=config)


@pytest.mark.timeout(1800)
def test_no_answer_is_against_the_description(description: BaseSchema) -> None:
    """Status, media type and body are as declared; wrong requests are refused, none is a fault."""
    operations = description.exclude(path_regex=FILES)
    requests = 0
    for event in from_schema(operations).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.interactions)
            assert wrong(event) == []
    assert requests > 28


def wrong(event: events.ScenarioFinished) -> list[str]:
    """Tell which checks failed, and how to ask again.

    `fields` leaves out what the schema requires of a whole record; no schema can say so.
    """
    return [
        f"{check.failure_info.failure.title}: {check.failure_info.failure.message}\n"
        f"{event.recorder.interactions[case].request.uri}"
        for case, checks in event.recorder.checks.items()
        for check in checks
        if check.failure_info
        and not (
            isinstance(check.failure_info.failure, JsonSchemaError)
            and "fields=" in event.recorder.interactions[case].request.uri
        )
    ]
