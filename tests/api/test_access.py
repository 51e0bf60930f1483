"""On a public address: keys and their scopes, limits, other web pages, the log, the metrics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fastapi.testclient import TestClient

from api.app import create_app
from api.config import Exposure, public
from api.files import FORMATS
from api.http.access_log import configure
from api.http.rate_limit import COSTLY, REQUESTS, is_costly, whose
from api.keys import new_key, read_keys, write_keys
from graph.store.address import Address
from graph.text import TextStore

READER, READER_KEY = new_key("reader", ["read"])
WRITER, WRITER_KEY = new_key("newsroom", ["read", "cypher"])
KEYS = {key.sha256: key for key in (READER_KEY, WRITER_KEY)}
STATEMENT = {"statement": "RETURN 1 AS x"}


def bearer(token: str) -> dict[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {token}"}


def open_app(address: Address, texts: TextStore, exposure: Exposure) -> TestClient:
    """The app, exposed to the world; `api` has loaded the seeds."""
    return TestClient(create_app(address, version="0.0.0", texts=texts, exposure=exposure))


@pytest.fixture
def world(api: TestClient, address: Address, texts: TextStore) -> Iterator[TestClient]:
    """A public server, where reading is for anybody."""
    with open_app(address, texts, public(KEYS, metrics=True, logged=False)) as client:
        yield client


def test_anybody_reads_and_holders_of_keys_do_more(world: TestClient) -> None:
    """No key: reading. Cypher asks for one, and for the scope; a wrong key is refused."""
    assert world.get("/v1/entities/tiandy").status_code == 200
    for headers, status, code in (
        ({}, 401, "key_missing"),
        (bearer("wrong"), 401, "key_missing"),
        ({"Authorization": "Basic abc"}, 401, "key_missing"),
        (bearer(READER), 403, "key_scope"),
    ):
        answer = world.get("/v1/cypher", params=STATEMENT, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert status != 401 or answer.headers["www-authenticate"].startswith("Bearer")
    assert world.get("/v1/cypher", params=STATEMENT, headers=bearer(WRITER)).status_code == 200


def test_reading_can_ask_for_a_key(api: TestClient, address: Address, texts: TextStore) -> None:
    """Then nothing answers without one but whether the service is well."""
    with open_app(address, texts, public(KEYS, read="key", logged=False)) as client:
        assert client.get("/v1/entities/tiandy").status_code == 401
        assert client.get("/").status_code == 401
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/entities/tiandy", headers=bearer(READER)).status_code == 200


def test_keys_are_kept_as_fingerprints(tmp_path: Path) -> None:
    """What is written has no key in it, is for the owner alone, and is read back the same."""
    file = tmp_path / "keys.json"
    write_keys(file, KEYS)
    assert READER not in file.read_text() and file.stat().st_mode & 0o777 == 0o600
    assert read_keys(file) == KEYS and read_keys(tmp_path / "none") == {}
    file.write_text('{"a": 1}')
    with pytest.raises(ValueError, match="holds no keys"):
        read_keys(file)


def test_too_many_requests_are_told_when_to_come_again(world: TestClient) -> None:
    """Every answer says what is left; over the limit it is 429 with `Retry-After`, as a problem."""
    first = world.get("/v1/entities/tiandy")
    assert first.headers["ratelimit-policy"] == '"requests";q=40;w=4'
    assert first.headers["ratelimit"].startswith('"requests";r=39;')
    answers = [world.get("/v1/entities/tiandy") for _ in range(REQUESTS.item.amount)]
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(last.headers["retry-after"]) <= 4 and last.json()["retryable"]
    assert {answer.status_code for answer in answers[:-1]} == {200}


def test_costly_questions_have_a_limit_of_their_own() -> None:
    """Statements, paths, what-if, analyses and whole files; not the tables of a snapshot's name."""
    costly = (
        "/v1/cypher", "/v1/cypher.csv", "/cypher", "/v1/paths", "/v1/what-if",
        "/v1/sources/x/what-if", "/v1/analyses/brokers",
        *(f"/v1/ties.{one.suffix}" for one in FORMATS),
    )  # fmt: skip
    assert all(is_costly(path) for path in costly)
    assert not any(is_costly(path) for path in ("/v1/ties", "/v1/sources/x", "/", "/docs"))
    assert COSTLY.policy == '"costly";q=30;w=60'


@pytest.mark.parametrize(
    ("host", "limit_key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_is_one_address(host: str, limit_key: str) -> None:
    """Of IPv6 the /64 counts, which one subscriber has."""
    assert whose({"client": (host, 1)}) == limit_key


def test_other_pages_may_read_in_public_alone(world: TestClient, api: TestClient) -> None:
    """`*` without credentials, and the headers that a script needs; on loopback nobody."""
    headers = world.get("/v1/entities/tiandy", headers={"Origin": "https://example.org"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "Sightlines-Rows" in headers["access-control-expose-headers"]
    preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert world.options("/v1/entities/tiandy", headers=preflight).status_code == 200
    alone = api.get("/v1/entities/tiandy", headers={"Origin": "https://example.org"}).headers
    assert "access-control-allow-origin" not in alone


def test_a_request_has_an_id(api: TestClient) -> None:
    """A well-formed one is taken, another made; it is in the answer and in a problem."""
    own = api.get("/v1/entities/nobody", headers={"X-Request-ID": "my-request-1"})
    assert own.headers["x-request-id"] == own.json()["request_id"] == "my-request-1"
    fresh = api.get("/v1/entities/nobody", headers={"X-Request-ID": "a b\tc"})
    assert len(fresh.headers["x-request-id"]) == 32
    ids = {api.get("/v1/entities/tiandy").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3, "one that is remembered has an id of its own too"


def test_the_log_has_no_values(
    api: TestClient, address: Address, texts: TextStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line of JSON a request: the route's template, never what somebody looked up."""
    try:
        configure()
        exposure = Exposure(hosts=("testserver",), logged=True)
        with open_app(address, texts, exposure) as client:
            for _ in range(2):  # the second one is remembered
                client.get("/v1/entities/tiandy/ties?limit=1")
            client.get("/v1/entities?zte=1")
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["route"] for line in lines[:2]] == ["/v1/entities/{entity_id}/ties"] * 2
    assert lines[0]["parameters"] == ["limit"] and lines[0]["status"] == 200
    assert lines[0]["snapshot"] and lines[0]["bytes"] > 100 and lines[0]["ms"] > 0
    assert (lines[2]["code"], lines[2]["parameters"]) == ("unknown_parameter", ["?"])
    assert "tiandy" not in str(lines) and "zte" not in str(lines)


def test_metrics_are_served_where_they_are_asked_for(world: TestClient, api: TestClient) -> None:
    """By route template, with refusals by reason and the current snapshot."""
    world.get("/v1/entities/tiandy")
    world.get("/v1/entities/nobody")
    text = world.get("/metrics").text
    assert 'handler="/v1/entities/{entity_id}"' in text and "tiandy" not in text
    assert 'sightlines_refusals_total{code="not_found"} 1.0' in text
    assert "sightlines_loading 0.0" in text and "sightlines_snapshot{id=" in text
    assert api.get("/metrics").status_code == 404
