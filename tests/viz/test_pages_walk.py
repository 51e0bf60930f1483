"""A story, the first page, paths and searches, as text."""

from __future__ import annotations

from datetime import date

from graph.model import Entity, Retraction, Step, Story, Subgraph
from tests.viz.invented import path_answer
from tests.viz.reader import Reader, words
from viz import Links
from viz.home_page import LostRecord, home_page
from viz.path_page import End, path_page
from viz.search_page import EntityMatch, list_page, search_page
from viz.story_page import story_page


def short_story(graph: Subgraph) -> Story:
    """A story of two steps over the invented graph, and one claim that it does not hold."""
    first, second, *_ = graph.claims
    return Story(
        id="belmora",
        title="Cameras for Belmora",
        lead="An invented walk.",
        steps=[
            Step(
                title="A sale",
                text="Lantern sold cameras.",
                ties=["lantern/SUPPLIES/guard"],
                claims=[first, second],
            ),
            Step(title="A state", text="It belongs to a state.", entities="belmora",
                 claims="0" * 32),
        ],
    )  # fmt: skip


def test_a_story_is_whole_without_its_picture(story: Subgraph) -> None:
    """Every step is a section with its text and its evidence in place, in order."""
    page = story_page(short_story(story), story, links=Links.server())
    text = words(page)
    for phrase in (
        "Step 1 of 2 A sale Lantern sold cameras. Evidence: 2 claims",
        "Step 2 of 2 A state",
        "The claims of this step are not in the loaded data.",
        "Missing from the loaded data: 1 record",
    ):
        assert phrase in text
    sections = [a for a in Reader(page).all("section") if a.get("class") == "step"]
    assert [a["data-ties"] for a in sections] == ["lantern/SUPPLIES/guard", ""]
    assert [a["data-entities"] for a in sections] == ["lantern guard", "belmora"]


def test_the_first_page_leads_everywhere(story: Subgraph) -> None:
    """One sentence, the stories, the newest ties, corrections with their reasons, the lesson."""
    claim = next(iter(story.claims.values()))
    withdrawn = claim.model_copy(
        update={"retracted": Retraction(on=date(2026, 11, 3), reason="A misreading.")}
    )
    page = home_page([short_story(story)], story, links=Links.server(), corrected=[withdrawn])
    text = words(page)
    for phrase in (
        "Cameras for Belmora",
        "2 steps, each with its evidence",
        "Last recorded on 1 November 2026.",
        "Retracted on 3 November 2026: A misreading.",
        "How to read the pages",
    ):
        assert phrase in text
    hrefs = {a.get("href") for a in Reader(page).all("a")}
    assert {"/graph", "/timeline", "/compare", "/path", "/story/belmora"} <= hrefs


def test_the_first_page_of_a_site_asks_no_server(story: Subgraph) -> None:
    """What only a server can answer is not offered."""
    page = Reader(home_page([], story, links=Links.site()))
    hrefs = [a["href"] or "" for a in page.all("a")]
    assert "graph.html" in hrefs and not [h for h in hrefs if "compare" in h or "path" in h]


def test_a_chain_marks_its_weakest_hop(story: Subgraph) -> None:
    """Hop by hop with the evidence of each; and what a chain does not prove."""
    ends = End("lantern", "lantern", "Lantern"), End("marchers", "marchers", "marchers in Belmora")
    page = path_page(*ends, path_answer(story), links=Links.server())
    text = words(page)
    assert "A chain is not proof of a relationship between its two ends." in text
    assert "Chain 1: 2 hops weakest link: alleged, 1 independent account" in text
    # The verb of each hop stands in its strip, and the chain can be had as a picture.
    assert "Lantern supplied (disputed) → Border Guard of Belmora is alleged to have used" in text
    hrefs = {a["href"] for a in Reader(page).all("a")}
    assert "/graph#ties=lantern/SUPPLIES/guard+guard/USES_AGAINST/marchers" in hrefs
    weak = text.index("The weakest hop")
    assert text.index("Lantern sold night cameras") < weak < text.index("is said to watch marchers")


def test_no_chain_says_what_was_searched(story: Subgraph) -> None:
    """That nothing was found is said with how far was looked."""
    ends = End("a", "lantern", "A"), End("b", "marchers", "B")
    text = words(path_page(*ends, path_answer(story, connection=False), links=Links.server()))
    assert "No chain of recorded connections joins the two." in text
    assert "up to 4 hops, around 7 entities, over 11 connections" in text


def test_a_name_that_several_have_is_asked_back() -> None:
    """The entities that may be meant are links that keep the other end."""
    start = End("lan", choices=[("Lantern", "Company", "/path?from=lantern&to=b")])
    page = path_page(start, End("b", "b", "B"), None, links=Links.server())
    assert "/path?from=lantern&to=b" in {a.get("href") for a in Reader(page).all("a")}
    unknown = path_page(End("zzz"), End("b", "b", "B"), None, links=Links.server())
    assert "No name resembles “zzz”." in words(unknown)


def test_a_search_shows_the_name_that_matched(story: Subgraph) -> None:
    """By which name, how, and what was left out."""
    lantern = story.entities["lantern"]
    hit = EntityMatch(lantern, lantern.names[1], "prefix", 5)
    page = search_page("明灯", [hit], links=Links.server(), total=3, more="/search?q=x&limit=500")
    text = words(page)
    assert "3 entities found" in text and "2 more are not shown. Show more" in text
    assert "Also called 明灯科技" in text


def test_a_search_without_a_hit_offers_near_names(story: Subgraph) -> None:
    """Nothing found is no dead end."""
    lantern = story.entities["lantern"]
    near = [EntityMatch(lantern, lantern.names[0], "exact", 5)]
    text = words(search_page("lantrn", [], links=Links.server(), similar=near))
    assert "No name matches “lantrn”." in text and "Similar names: Lantern" in text


def test_the_list_of_a_site_holds_every_name(story: Subgraph) -> None:
    """Whole without its script, which looks into folded names."""
    page = Reader(list_page(story.entities.values(), links=Links.site()))
    names = {a["data-names"] for a in page.all("li") if "data-names" in a}
    assert any("lanterne securite" in (name or "") for name in names)
    assert "فانوس" in page.text


def test_a_hostile_story_is_text(hostile: Subgraph) -> None:
    """Markup in a step, in an entity and in a claim makes no element."""
    bad = "</script><img src=x onerror=alert(1)>"
    step = Step(title=bad, text=bad, entities="e1", claims=list(hostile.claims))
    page = story_page(
        Story(id="x", title=bad, lead=bad, steps=[step]), hostile, links=Links.server()
    )
    assert not Reader(page).all("img")
    entity = Entity(id="e1", type="Company", names=[bad])
    answer = search_page(
        bad, [EntityMatch(entity, entity.names[0], "exact", 1)], links=Links.server()
    )
    assert not Reader(answer).all("img")


def test_the_first_page_tells_what_came_and_went(story: Subgraph) -> None:
    """Since the data before: how many came and rose, in the order given, and what was lost."""
    keys = [str(tie.key) for tie in story.ties]
    records = [LostRecord("a/SUPPLIES/b", "A supplied B", "fell", "")]
    page = home_page(
        [],
        story,
        links=Links.server(),
        since=date(2026, 11, 2),
        order=keys,
        totals={"added": 12, "rose": 3},
        losses=records,
    )
    text = words(page)
    assert "12 new, 3 better supported." in text
    assert "A supplied B It is less well supported now." in text
