"""Quotations: claims bring the passages that they cite, where a text is held and may be quoted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.config import public
from api.keys import new_key
from graph.store.address import Address
from graph.text import TextStore
from tests.conftest import Serve

READER, READER_KEY = new_key("reader", ["read"])
EDITOR, EDITOR_KEY = new_key("newsroom", ["read", "quotes"])
KEYS = {key.sha256: key for key in (READER_KEY, EDITOR_KEY)}
TIE = "/v1/ties/lantern/SUPPLIES/border-guard"


@pytest.fixture(scope="module")
def client(serve: Serve, belmora: Path) -> Iterator[TestClient]:
    """The API over the invented data set, whose article it holds."""
    with serve(belmora) as client:
        yield client


def test_a_docket_quotes_what_its_claims_cite(client: TestClient) -> None:
    """Several passages of one claim are joined; those of a denial are quoted as well."""
    tie = client.get(TIE).json()
    (affirmed,), (denied,) = tie["affirmed_by"], tie["denied_by"]
    assert [(e["paragraph"], e["start"], e["end"]) for e in affirmed["evidence"]] == [
        (4, 0, 95),
        (5, 32, 59),
    ]
    first, second = affirmed["passage"].split(" … ")
    assert first.startswith("Lantern, a maker of cameras") and len(first) == 95
    assert second == "They were delivered in 2021"
    assert denied["passage"].startswith("The Border Guard of Belmora denies")
    assert client.get(affirmed["links"]["self"]).json()["passage"] == affirmed["passage"]


def test_a_source_tells_whether_its_text_is_held(client: TestClient) -> None:
    """The article's is; the study is known only from the article."""
    article, study = (client.get(f"/v1/sources/{i}").json() for i in ("gazette", "desk-study"))
    assert article["text_held"] and not article["cited_only"]
    assert not study["text_held"] and study["cited_only"]


def test_the_page_of_a_tie_quotes_as_well(client: TestClient) -> None:
    """The passages stand in the docket, beside their paragraphs."""
    page = client.get("/tie/lantern/SUPPLIES/border-guard").text
    assert "They were delivered in 2021" in page and "paragraphs 4, 5" in page


def test_passages_are_quoted_to_the_scope_alone(
    client: TestClient, address: Address, texts: TextStore
) -> None:
    """Articles belong to their publishers: no passage without the scope, and no cache keeps one."""
    app = create_app(address, version="0.0.0", texts=texts, exposure=public(KEYS, logged=False))
    with TestClient(app) as world:
        answer = world.get(TIE, headers={"Authorization": f"Bearer {EDITOR}"})
        assert answer.json()["affirmed_by"][0]["passage"]
        assert answer.headers["cache-control"].startswith("private")
        for headers in ({}, {"Authorization": f"Bearer {READER}"}):
            claim = world.get(TIE, headers=headers).json()["affirmed_by"][0]
            assert claim["passage"] is None and claim["evidence"]
