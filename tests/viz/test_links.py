"""Addresses on a server and in a folder of files."""

from __future__ import annotations

import pytest

from graph.model import TieKey
from viz.links import Links, safe_url

KEY = TieKey("a", "SUPPLIES", "b")


def test_server_addresses() -> None:
    """Pages at the root, records under the API's version."""
    links = Links.server()
    assert (links.home, links.graph, links.timeline) == ("/", "/graph", "/timeline")
    assert (links.search, links.compare, links.cypher) == ("/search", "/compare", "/cypher")
    assert links.entity("tiandy") == "/entity/tiandy"
    assert links.tie(KEY) == "/tie/a/SUPPLIES/b"
    assert links.source("gazette") == "/source/gazette"
    assert links.story("pact") == "/story/pact"
    assert links.path("a", "b&c") == "/path?from=a&to=b%26c"
    assert links.search_for("a b") == "/search?q=a+b"
    assert links.tie_record(KEY) == "/v1/ties/a/SUPPLIES/b"
    assert links.claim_record("0" * 32) == f"/v1/claims/{'0' * 32}"
    assert links.source_record("gazette") == "/v1/sources/gazette"


@pytest.mark.parametrize(("depth", "up"), [(0, ""), (1, "../"), (3, "../../../")])
def test_site_addresses(depth: int, up: str) -> None:
    """Files are named from where the page lies."""
    links = Links.site(depth)
    assert links.home == f"{up}index.html"
    assert links.entity("a") == f"{up}entity/a.html"
    assert links.tie(KEY) == f"{up}tie/a/SUPPLIES/b.html"
    assert links.reading == f"{up}index.html#reading"


def test_a_site_answers_no_questions() -> None:
    """What needs a server has no address on a site, and no place in the navigation."""
    links = Links.site()
    assert links.path("a", "b") is None and links.cypher is None and links.compare is None
    assert links.tie_record(KEY) is None and links.claim_record("0") is None
    assert links.source_record("gazette") is None
    assert all(address.endswith(".html") for _, _, address in links.navigation)


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
