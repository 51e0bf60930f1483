"""What the API says when there is nothing to answer from."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store.address import Address
from tests.conftest import LOCAL
from tests.sync_store import SyncStore


def test_before_the_first_load_it_is_alive_and_not_ready(
    address: Address, store: SyncStore
) -> None:
    """`/healthz` answers from the process alone, `/readyz` and all reads say 503 `not_loaded`."""
    with TestClient(create_app(address, version="0", exposure=LOCAL)) as client:
        assert client.get("/healthz").json()["status"] == "ok"
        for path in ("/readyz", "/v1/entities", "/v1/entities/tiandy/ties"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "not_loaded"), path
            assert answer.headers["retry-after"]


@pytest.mark.long
def test_a_store_that_is_down_is_a_problem_and_a_page() -> None:
    """503 `database_down` for programs, a page in words for people; nothing of the inside shows."""
    nowhere = Address("bolt://127.0.0.1:1")
    with TestClient(create_app(nowhere, version="0", exposure=LOCAL)) as client:
        answer = client.get("/v1/entities")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_down")
        page = client.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 503 and "<html" in page.text and "bolt" not in page.text
