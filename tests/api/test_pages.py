"""The pages that the API serves: what a browser shows of them is proven in tests/viz."""

from __future__ import annotations

from fastapi.testclient import TestClient


def test_home_holds_the_graph_and_the_table(api: TestClient) -> None:
    """The page has the ties as a table, complete without a script, and asks no other host."""
    page = api.get("/")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "Tiandy Technologies" in page.text and "<table" in page.text
    assert "Content-Security-Policy" in page.text
    assert 'src="http' not in page.text


def test_an_entity_has_a_page(api: TestClient) -> None:
    """The page of an entity is named after it."""
    page = api.get("/entity/tiandy")
    assert page.status_code == 200 and "<title>Tiandy Technologies" in page.text


def test_an_unknown_entity_is_a_page_with_near_names(api: TestClient) -> None:
    """Not found is said in words, with links to those that may have been meant."""
    page = api.get("/entity/tiandi")
    assert page.status_code == 404 and 'href="/entity/tiandy"' in page.text


def test_an_unchanged_page_answers_304(api: TestClient) -> None:
    """Pages are functions of the snapshot too."""
    tag = api.get("/entity/tiandy").headers["etag"]
    assert api.get("/entity/tiandy", headers={"If-None-Match": tag}).status_code == 304
