"""viz/card.py: what networks show of a link to a page."""

from __future__ import annotations

import struct
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Subgraph
from tests.strategies import examples
from viz import Links, graph_page, message_page
from viz.card import HEIGHT, WIDTH, card, card_picture
from viz.frame import Frame
from viz.page import content_page

READING = "Who is meant on this side is a reading of the editors."
ADDRESS = "https://belmora.example/entity/lantern?as_of=2020"


def texts(picture: str) -> list[str]:
    """The texts of a card, line by line."""
    return ["".join(e.itertext()) for e in ElementTree.fromstring(picture).iter() if is_text(e)]


def is_text(element: ElementTree.Element) -> bool:
    """Whether it is a text of SVG."""
    return element.tag == "{http://www.w3.org/2000/svg}text"


def page(title: str, lead: str) -> str:
    """A page with a title and a lead."""
    frame = Frame(Links.server(), title, lead)
    return content_page("message.html", frame, text="", suggestions=[], suggestions_title="")


def test_a_card_has_the_words_the_lines_and_the_address(story: Subgraph) -> None:
    """Its lines are those of the page, and it is as large as networks ask for."""
    html = graph_page(story, title="Who supplied Belmora", lead="Invented", links=Links.server())
    lines = texts(card_picture(html, ADDRESS))
    assert lines[0] == "Who supplied Belmora"
    assert lines[1].startswith("Invented. The connections here rest on 2 documents")
    assert {"Lantern", "marchers in Belmora", ADDRESS} <= set(lines)
    assert "alleged" in " ".join(lines)
    assert READING not in lines
    picture = card(html, ADDRESS)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (WIDTH, HEIGHT)


def test_a_reading_is_told_in_words() -> None:
    """The ring of a side that is inferred has its meaning beside the address."""
    lines = '<path/><circle class="read" cx="1" cy="1" r="4"/><text>Lantern</text>'
    picture = f'<svg class="supply side-by-side" viewBox="0 0 900 200">{lines}</svg>'
    html = f'<meta property="og:title" content="Lantern">{picture}'
    assert texts(card_picture(html, ADDRESS)) == ["Lantern", "Lantern", READING, ADDRESS]


@pytest.mark.parametrize("words", ["Zhèjiāng 天地伟业", "a <b> & \"c\" 'd'", "نیروی انتظامی"])
def test_every_script_is_drawn(words: str) -> None:
    """A title without a lead, in any letters."""
    html = message_page(words, "text")
    assert texts(card_picture(html, ADDRESS)) == [words, ADDRESS]
    assert card(html, ADDRESS).startswith(b"\x89PNG")


@examples(30)
@given(st.integers(1, 400), st.integers(1, 2_000), st.integers(1, 30))
def test_no_text_is_cut(title: int, lead: int, length: int) -> None:
    """The caution stands at the end: all of the words are there, or none."""
    names = " ".join(["w" * length] * (title // length + 1))
    words = " ".join(["x" * length] * (lead // length + 1)) + " but nobody says so."
    *lines, address = texts(card_picture(page(names, words), ADDRESS))
    assert address == ADDRESS
    whole = "".join(lines).replace(" ", "")
    assert whole in (f"{names}{words}".replace(" ", ""), "Sightlines")
