"""The pages of a tie and of a source, as text: the docket, and what rests on a source."""

from __future__ import annotations

import re

import pytest

from graph.model import Subgraph, TieKey
from graph.queries.subgraph import piece
from tests.viz.invented import METADATA, source_html
from tests.viz.reader import Reader, words
from viz import Links
from viz.tie_page import tie_page

SUPPLY = TieKey("lantern", "SUPPLIES", "guard")


@pytest.fixture(scope="module")
def docket(story: Subgraph) -> Subgraph:
    """The disputed supply of the invented story."""
    return piece(story, [tie for tie in story.ties if tie.key == SUPPLY])


def test_a_tie_is_a_sentence_with_its_docket(docket: Subgraph) -> None:
    """Heading, status, and the claims by side, each as a card with its chain."""
    page = tie_page(docket, links=Links.server(), metadata=METADATA)
    text = words(page)
    for phrase in (
        "Lantern supplied Border Guard of Belmora",
        "Documented, disputed, 2021, by 1 of 2 claims: 2 claims, 2 independent accounts",
        "1 claim denies it",
        "Who affirms it 2",
        "Who denies it 1",
        "Cameras at the border, citing Who sells to Belmora, citing Lantern",
        "paragraph 7",
        "The graph has changed.",
        "Cite me so.",
    ):
        assert phrase in text
    assert "Who only alleges it" not in text
    hrefs = {a.get("href") for a in Reader(page).all("a")}
    assert {
        "/entity/lantern", "/entity/guard", "/source/gazette", "/v1/ties/lantern/SUPPLIES/guard",
        "/entity/lantern#tie=lantern/SUPPLIES/guard", METADATA.permalink,
    } <= hrefs  # fmt: skip


def test_an_allegation_affirms_nothing(story: Subgraph) -> None:
    """A tie that is only alleged says so where others are affirmed."""
    alleged = piece(story, [tie for tie in story.ties if tie.key.type == "USES_AGAINST"])
    text = words(tie_page(alleged, links=Links.server()))
    assert "Who affirms it 0 Nobody" in text and "Who only alleges it 1" in text
    assert "alleged only; stands apart: counts" in text


def test_a_tie_on_a_static_site_needs_no_server(docket: Subgraph) -> None:
    """Every link is a file, three folders up; there is no record and no permalink."""
    page = Reader(tie_page(docket, links=Links.site(3)))
    hrefs = [a["href"] or "" for a in page.all("a")]
    assert "../../../entity/lantern.html" in hrefs
    assert not [h for h in hrefs if h.startswith("/") or "v1" in h]


def test_hostile_words_are_text(hostile: Subgraph) -> None:
    """Whatever stands in a record is shown as text: no element comes of it."""
    for tie in hostile.ties:
        page = Reader(tie_page(piece(hostile, [tie]), links=Links.server()))
        assert not page.all("img") and len(page.all("script")) == 2
        assert not [a for _, a in page.elements if any(name.startswith("on") for name in a)]


def test_a_source_tells_what_rests_on_it(story: Subgraph) -> None:
    """What it is, its claims by what they say, and what would fall or weaken without it."""
    text = words(source_html(story, story.sources["gazette"], Links.server()))
    for phrase in (
        "Article, Costaria Gazette, 12 December 2022",
        "Read by us on 1 November 2026.",
        "would disappear 9 would be weaker 3",
        "from documented, 2 independent accounts to documented, 1 independent account",
        "What it claims 9",
        "2 more claims not shown.",
    ):
        assert phrase in text


def test_a_claim_of_a_source_is_told_once(story: Subgraph) -> None:
    """Among its claims, by the number that the table refers to it by; others below the table."""
    page = source_html(story, story.sources["gazette"], Links.server())
    cards = [a for a in Reader(page).all("article") if "card" in (a["class"] or "").split()]
    numbers = [a["id"] for a in cards if a.get("id")]
    anchors = set(re.findall(r'href="#(c\d+)"', page))
    assert len(cards) == len(story.claims)
    assert len(set(numbers)) == len(numbers) and anchors == set(numbers)


def test_a_source_that_is_only_cited_says_so(story: Subgraph) -> None:
    """Nobody has read it; what others say that it says stands apart."""
    text = words(source_html(story, story.sources["study"], Links.site(1)))
    assert "nobody here has read it" in text
    assert "No claim is taken directly from it." in text
    assert "Reported about it by others 1" in text


def test_a_large_source_has_no_picture(story: Subgraph) -> None:
    """Beyond what is legible the page is text, with the same sections."""
    entity = next(iter(story.entities.values()))
    many = {**story.entities, **{f"more-{n}": entity for n in range(150)}}
    large = Subgraph(many, story.ties, story.claims, story.sources)
    page = source_html(large, story.sources["gazette"], Links.server())
    assert 'id="canvas"' not in page and "If this source is wrong" in page
