"""The API under requests that schemathesis makes up from its description, valid and wrong ones.

Its phase `coverage` is off: it asks for each bound, type and omission of each parameter, which
takes minutes, and `test_generated.py` does that by the same document. So it does with the further
formats of an answer, which take the same requests. `--hypothesis-profile=long` has them all.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import Interaction
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData
from schemathesis.schemas import BaseSchema

from api.app import create_app
from graph.store.address import Address
from graph.text import TextStore
from tests.conftest import LOCAL, load_alone

#: What a valid request may be answered beside 200, since the document cannot say it: a cursor is
#: one that we gave (400), and a record of the id has to be there (404, 410).
ACCEPTED = ["2xx", "308", "400", "404", "409", "410"]
#: What a wrong one may be answered: an address that is too long is refused before it is read.
REFUSED = ["400", "404", "406", "409", "410", "414", "415", "422"]
#: Codes of what no schema tells: values that are right one by one, and statements that are no
#: Cypher, or that do not use the days of their question.
UNTOLD = re.compile('"code":"(bad_combination|cypher(?!_starting)[a-z_]*)"')
LONG = settings.get_current_profile_name() == "long"
#: The same operations in further formats.
FILES = r"\.(json|jsonl|csv|parquet|arrow|xlsx)$"
CONFIG = {
    "generation": {
        "max-examples": 20 if LONG else 2,
        "deterministic": not LONG,
        "no-shrink": True,
        "database": "none",
    },
    "phases": {"coverage": {"enabled": LONG}},
    # A statement is planned when it is sent first, which takes a busy machine its time.
    "request-timeout": 120,
    # How fast data is made up says something about the machine and nothing about the API.
    "suppress-health-check": ["too_slow"],
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
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
    operations = description if LONG else description.exclude(path_regex=FILES)
    requests, failures = 0, list[str]()
    for event in from_schema(operations).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.interactions)
            failures += wrong(event)
    print(requests, "requests", *failures, sep="\n")
    assert failures == []
    assert requests > 28


def wrong(event: events.ScenarioFinished) -> list[str]:
    """Tell which checks failed, and how to ask again."""
    return [
        f"{failure.title}: {failure.message}\n{interaction.request.uri}"
        for case, checks in event.recorder.checks.items()
        for interaction in [event.recorder.interactions[case]]
        for failure in [check.failure_info.failure for check in checks if check.failure_info]
        if not _is_untold(failure, interaction)
    ]


def _is_untold(failure: Failure, interaction: Interaction) -> bool:
    """Whether no schema could say what failed.

    `fields` leaves out what the schema requires of a whole record.
    """
    if isinstance(failure, JsonSchemaError):
        return "fields=" in interaction.request.uri
    if isinstance(failure, RejectedPositiveData) and interaction.response:
        return UNTOLD.search(interaction.response.text) is not None
    return False
