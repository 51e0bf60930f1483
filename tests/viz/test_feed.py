"""Feeds and the list of pages, as a reader of feeds takes them."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from graph.model import Retraction
from tests.viz.invented import SOURCES, claim
from viz import Links
from viz.feed import MOST_PAGES, feed, sitemap

ATOM = "{http://www.w3.org/2005/Atom}"
ROLES = {"supplier": "a", "recipient": "b"}


def test_an_entry_is_a_claim() -> None:
    """With who says it and how, its day, and an id that is the same in every feed."""
    plain = claim(
        "supplies", ROLES, "A <sold> cameras & more to B.", modality="alleged", polarity="denied",
        when="2010~", inferred=["supplier"], note="No firm is named.",
    )  # fmt: skip
    gone = claim(
        "supplies",
        {**ROLES, "recipient": "c"},
        "A sold to C.",
        retracted=Retraction(on=date(2026, 11, 20), reason="A misreading."),
    )
    links = Links("https://lines.example/")
    text = feed([gone, plain], SOURCES, links=links, entity_id="a", name="A & Co")
    root = fromstring(text)
    assert root.findtext(f"{ATOM}title") == "Sightlines: A & Co"
    assert root.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00Z"
    hrefs = {it.get("rel"): it.get("href") for it in root.findall(f"{ATOM}link")}
    assert hrefs == {
        "self": "https://lines.example/entity/a/feed.xml",
        "alternate": "https://lines.example/entity/a",
    }
    first, second = root.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "Withdrawn: A sold to C."
    assert "A misreading." in (first.findtext(f"{ATOM}summary") or "")
    assert second.findtext(f"{ATOM}title") == plain.summary
    assert second.findtext(f"{ATOM}summary") == (
        "Alleged, denied, about 2010, supplier inferred by the editors. "
        "Source: Cameras at the border, Costaria Gazette. Note: No firm is named."
    )
    # The summary is ours: no source is the author of it.
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Sightlines"
    everything = fromstring(feed([plain], SOURCES, links=links))
    assert everything.findtext(f"{ATOM}entry/{ATOM}id") == second.findtext(f"{ATOM}id")
    assert everything.findtext(f"{ATOM}id") != root.findtext(f"{ATOM}id")


@pytest.mark.long
def test_a_sitemap_has_no_more_pages_than_it_may() -> None:
    """By their whole addresses, escaped."""
    text = sitemap(f"https://lines.example/?a&b={n}" for n in range(MOST_PAGES + 1))
    assert len(fromstring(text)) == MOST_PAGES
