"""Addresses on a server and in a folder of files."""

from __future__ import annotations

import pytest

from graph.model import TieKey
from viz.links import Links, safe_url


def test_server_addresses() -> None:
    """Pages at the root, records under the API's version."""
    links = Links.server()
    assert links.entity("tiandy") == "/entity/tiandy"
    assert links.tie(TieKey("a", "SUPPLIES", "b")) == "/v1/ties/a/SUPPLIES/b"
    assert links.claim("0" * 32) == f"/v1/claims/{'0' * 32}"
    assert links.source("gazette") == "/v1/sources/gazette"


@pytest.mark.parametrize(
    ("depth", "home", "entity"),
    [(0, "index.html", "entity/a.html"), (1, "../index.html", "../entity/a.html")],
)
def test_site_addresses(depth: int, home: str, entity: str) -> None:
    """Files are named from where the page lies; a site has no records."""
    links = Links.site(depth)
    assert (links.home, links.entity("a")) == (home, entity)
    assert links.tie(TieKey("a", "SUPPLIES", "b")) is None
    assert links.source("gazette") is None


def test_ids_cannot_leave_their_place() -> None:
    """Whatever is no part of a path is escaped."""
    assert Links.server().entity('"><b>?#') == "/entity/%22%3E%3Cb%3E%3F%23"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//a.example", "", None]
)
def test_only_the_web_is_linked(url: str | None) -> None:
    """Anything but http and https becomes plain text."""
    assert safe_url(url) is None
    assert safe_url("https://a.example/") == "https://a.example/"
