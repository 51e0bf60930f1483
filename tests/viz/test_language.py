"""No word of the interface is left in English where there is another language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph import language
from graph.errors import InputError
from graph.model import Retraction, Subgraph
from graph.model.path import PathAnswer, Searched
from graph.store.address import Address
from scripts import catalogue
from tests.viz import pseudo
from tests.viz.conftest import Open
from tests.viz.invented import FINDING, a_story, every_page
from tests.viz.pseudo import in_english, known_texts
from viz import Links, assets, message_page
from viz.active_filters import filters
from viz.compare_page import CompareForm, compare_page
from viz.explore_page import explore_page
from viz.home_page import LostRecord, home_page
from viz.metadata import changes_since
from viz.pair_page import PairView, pair_page
from viz.pair_page import Side as PairSide
from viz.path_page import End, path_page
from viz.preview_page import preview_page
from viz.search_page import RecordMatch, RecordMatches, search_page
from viz.timeline_page import timeline_page
from viz.vocabulary_page import vocabulary_page
from viz.write_page import write_page

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
    "same.yaml",
    "nobody",
    "both",
    "xyz",
    "Entity",
    "Claim",
    "Supplies",
    "SUPPLIER",
    "other",
    "n.ids",
    '{"name": "value"}',
    # Parts of a name in a picture, where it takes two lines.
    "Border Guard",
    "of Belmora",
    "Guard",
)


@pytest.mark.long
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


@pytest.fixture(scope="module")
def data(story: Subgraph) -> list[str]:
    """Whatever on a page is of the data, or a name."""
    records = [*story.entities.values(), *story.claims.values(), *story.sources.values()]
    return known_texts(*records, a_story(story), list(OF_THE_TEST))


@pytest.fixture(scope="module")
def pages(story: Subgraph) -> dict[str, str]:
    """A page of each kind in the language."""
    with pseudo.spoken():
        return every_page(story) | other_pages(story)


def other_pages(story: Subgraph) -> dict[str, str]:
    """The pages that `every_page` has none of, and others in states that it does not show."""
    links = Links.server()
    lantern, guard = (PairSide(story.entities[i], (), 3, {}) for i in ("lantern", "guard"))
    pair = PairView((lantern, guard), 0.9, ["Both are there."], 0, 2, 1, "same.yaml")
    nobody, both = End("nobody"), End("both", choices=[("Lantern", "", "/")])
    nothing = PathAnswer("lantern", "desk", searched=Searched(7, 11, complete=False))
    ends = End("lantern", "lantern", "Lantern"), End("desk", "desk", "Open Desk")
    cited = next(iter(story.claims.values()))
    claims = RecordMatches([RecordMatch(cited.id, cited.summary, "supplies", "", None, "close")], 9)
    day = date(2026, 11, 9)
    retracted = cited.model_copy(update={"retracted": Retraction(on=day, reason="Invented.")})
    losses = [LostRecord("x", "Lantern", "fell", "")]
    moment = [("as_of", "2015"), ("known_by", "2016"), ("min_independent", "2"), ("depth", "1"),
              ("type", "SUPPLIES"), ("status", "alleged"), ("predicate", "supplies"),
              ("certain", "true"), ("disputed", "false"), ("inferred", "false"), ("limit", "1"),
              ("k", "3"), ("first", "2001"), ("last", "2010"), ("entity", "lantern"),
              ("source", "gazette"), ("through", "guard"), ("expand", "desk")]  # fmt: skip
    narrowed = filters("/graph", moment, story.names)
    return {
        "vocabulary": vocabulary_page(links=links),
        "pair": pair_page(pair),
        "pair, none": pair_page(replace(pair, sides=())),
        "preview": preview_page(story.entities["lantern"], {"SUPPLIES": 1_200}),
        "write": write_page(),
        "path, no name": path_page(nobody, both, None, links=links),
        "path, no chain": path_page(*ends, nothing, links=links, filters=narrowed),
        "compare, form": compare_page(CompareForm(), links=links, years=[2009, 2010, 2022]),
        "search, nothing": search_page("xyz", [], links=links),
        "search, claims": search_page("xyz", [], links=links, claims=claims, phrase="xyz"),
        "timeline, none": timeline_page(Subgraph({}, ()), [], [], links=links),
        "home, news": home_page(
            [], story, links=links, corrected=[retracted], since=day, order=[str(t.key) for t in
            story.ties], totals={"added": 1, "rose": 2}, losses=losses,
        ),
        "graph, filters": explore_page(
            story, title="Lantern", lead="Invented.", links=links, filters=narrowed
        ),
        "changes": message_page("Lantern", changes_since("f00d", [("Lantern", "rose")] * 9, 9)),
    }  # fmt: skip


@pytest.mark.long
def test_nothing_is_left_in_english(pages: dict[str, str], data: list[str]) -> None:
    """What every page shows is of the data, a name, or in the language."""
    for page in pages.values():
        assert f'<html lang="{pseudo.CODE}" dir="rtl"' in page
    left = {name: texts for name, page in pages.items() if (texts := in_english(page, data))}
    assert left == {}


def test_messages_of_scripts_are_texts() -> None:
    """Each call with a message has it written out, so that it is found."""
    for name in {part for parts in assets.BUNDLES.values() for part in parts}:
        code = assets.source(name)
        calls = re.findall(r"(?<!function )\b(?:t|count)\(", code)
        texts, counts = (pattern.findall(code) for pattern in (assets._TEXT, assets._COUNT))
        assert len(calls) == len(texts) + len(counts), name


@pytest.mark.parametrize("locale", ["ar", "fr", "ja", "pl"])
def test_scripts_have_the_form_of_each_number(locale: str) -> None:
    """A page has the forms as the language's own rule chooses them."""
    one, many = "%(num)s connection", "%(num)s connections"
    with pseudo.spoken(locale):
        words = assets.script_words(assets.scripts("graph"))
        for number in range(200):
            text = words["counts"][one][words["forms"][number]]
            assert text % {"num": number} == language.count(number, one, many)


#: What a reader may do on the page of a graph, by the state in its address.
STATES = (
    "tie=lantern/SUPPLIES/guard",
    "tie=lantern/SUPPLIES/guard&out=gazette",
    "entity=lantern&without=Person&only=SUPPLIES",
    "path=lantern/marchers",
    "view=table",
)


def test_scripts_speak_the_language_too(
    pages: dict[str, str], data: list[str], open_page: Open
) -> None:
    """The panel, the counts, and what is said of a selection."""
    tab = open_page(pages["graph"])
    for state in STATES:
        tab.page.evaluate("(state) => { location.hash = state; }", state)
        tab.page.wait_for_function("(state) => location.hash.includes(state)", arg=state[:12])
        assert in_english(tab.page.content(), data) == [], state
    tab.page.locator("#embed").evaluate("(button) => button.click()")
    assert in_english(tab.page.content(), data) == []
    assert tab.complaints == []


#: What has a layout of its own.
LAYOUTS = (
    "home",
    "graph",
    "tie",
    "source",
    "search",
    "timeline",
    "path",
    "compare",
    "write",
    "pair",
)


def test_no_layout_breaks(pages: dict[str, str], open_page: Open) -> None:
    """Longer words from right to left fit a desk and a phone."""
    wide = {}
    for name in LAYOUTS:
        tab = open_page(pages[name])
        for width in (1280, 390):
            tab.page.set_viewport_size({"width": width, "height": 850})
            over = tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                wide[name, width] = over
        tab.page.context.close()
    assert wide == {}


@pytest.mark.long
def test_pages_of_a_server_are_in_its_language() -> None:
    """Errors too; answers of the API are in English."""
    app = create_app(
        Address("bolt://127.0.0.1:1"), version="0", language=pseudo.language_of_tests()
    )
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
