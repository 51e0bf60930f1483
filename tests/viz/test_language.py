"""No word of the interface is left in English where there is another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import get_args

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph import language
from graph.errors import InputError
from graph.model import Subgraph
from graph.properties import Type
from graph.store.address import Address
from scripts import catalogue
from tests.viz import pseudo
from tests.viz.invented import FINDING, a_story, every_page
from tests.viz.reader import VOID

#: What a page says through an attribute.
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-side", "data-label"}
#: What `tests.viz.invented` gives to the pages beside its graph.
OF_THE_TEST = (
    "Invented.",
    "Who supplied Belmora",
    "Not found",
    "There is no such entity.",
    "The graph has changed.",
    "The property `ids` does not exist.",
    "Variable `y` not defined (line 2, column 8)",
    "Who supplies whom?",
    "Lantern sold cameras.",
    "NodeByLabelScan",
    "ProduceResults",
    *FINDING.parts[1::2],
    "That ",
    " is the supplier is a reading.",
    "Cite me so.",
    "Entity",
    "Claim",
    "Supplies",
    "SUPPLIER",
    "other",
    "n.ids",
    '{"id": "tiandy"}',
    # Parts of a name in a picture, where it takes two lines.
    "Border Guard",
    "of Belmora",
    "Guard",
)
#: Names, which every language has as they are.
NAMES = ("Sightlines", "Cypher", "Neo4j", "BibTeX", "CSL-JSON", "JSON", "CSV", "Apache")


def test_file_of_english_has_every_message() -> None:
    """It is what `make words` would write."""
    text = (language.FOLDER / "en.po").read_text(encoding="utf-8")
    assert text == catalogue.english(catalogue.messages()), "Run `make words`."


def test_pseudo_language_is_a_third_longer() -> None:
    """And it keeps values and markup."""
    text = "Only connections of <b>%(name)s</b>&nbsp;here"
    assert pseudo.pseudo(text) == "Óóñłý çóóññééçťííóóñš óóƒ <b>%(name)s</b>&nbsp;ĥééřéé"
    text = "A connection is only as reliable as the claims behind it."
    assert len(pseudo.pseudo(text)) >= 1.3 * len(text)


class Words(HTMLParser):
    """The texts that a page shows or has read out, each with the element that it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [(f"{tag} {name}", v) for name, v in attrs if name in SPOKEN and v]
        if tag == "meta" and dict(attrs).get("name") == "description":
            self.texts.append((tag, str(dict(attrs)["content"])))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "code", "pre", "kbd", "textarea"} & set(self._open):
            self.texts.append((" ".join(self._open[-2:]), data))


def _texts_of(value: object) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_of(key)
            yield from _texts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_of(item)


def test_nothing_is_left_in_english(story: Subgraph) -> None:
    """What every page shows is of the data, a name, or in the language."""
    with pseudo.spoken():
        pages = every_page(story)
    records = [*story.entities.values(), *story.claims.values(), *story.sources.values()]
    records += [a_story(story)]
    data = {text for it in records for text in _texts_of(it.model_dump(mode="json")) if text}
    known = sorted({*data, *NAMES, *get_args(Type), *OF_THE_TEST}, key=len, reverse=True)
    known_words = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in known))
    left = {}
    for name, page in pages.items():
        assert f'<html lang="{pseudo.CODE}" dir="rtl"' in page
        for place, text in Words(page).texts:
            if re.search("[A-Za-z]{2}", known_words.sub("", text)):
                left[f"{name}: {place}: {text.strip()}"] = None
    assert not left, "\n".join(left)


def test_pages_of_a_server_are_in_its_language() -> None:
    """Errors too; answers of the API are in English."""
    other = language.Language(pseudo.CODE, pseudo.catalogue())
    app = create_app(Address("bolt://127.0.0.1:1"), version="0", language=other)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        page = client.get("/vocabulary")
        missing = client.get("/nowhere", headers={"Accept": "text/html"})
        problem = client.get("/v1/nowhere").json()
    assert '<html lang="ar-XB" dir="rtl"' in page.text
    assert pseudo.pseudo("Vocabulary") in page.text
    assert pseudo.pseudo("There is nothing at this address.") in missing.text
    assert problem["title"] == "Not found"
    assert language.code() == "en"


def test_language_without_a_file_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(InputError, match=r"no language 'xx'\. They have: en"):
        language.read("xx")
