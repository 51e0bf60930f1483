"""The pages beside the graph in Chromium: the walk of a story, and axe on every kind of page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from graph.model import Subgraph
from tests.viz.invented import every_page
from tests.viz.reader import Reader

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def kinds(story: Subgraph) -> dict[str, str]:
    """One page of each kind, with something on it."""
    return every_page(story)


@pytest.fixture(scope="module")
def walk(kinds: dict[str, str]) -> str:
    """A story of three steps over the invented graph."""
    return kinds["story"]


LOOKS: dict[str, dict[str, Any]] = {"desk": {"color_scheme": "dark"}, "phone": PHONE}
#: The controls that are smaller than WCAG 2.2 wants them (2.5.8); links within a sentence may be.
SMALL = """[...document.querySelectorAll("button, summary, select, input, .button, .record > a")]
  .map((control) => [control, control.getBoundingClientRect()])
  .filter(([control, { width, height }]) => control.checkVisibility() && width && height)
  .filter(([control, { width, height }]) => Math.min(width, height) < 23.5)
  .filter(([control]) => !control.matches("label input, .unseen"))
  .map(([control]) => control.outerHTML.slice(0, 80))"""
KINDS = (
    "tie", "source", "path", "home", "story", "timeline", "compare", "search", "list", "cypher",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_hinders_anybody(open_page: Open, kinds: dict[str, str], kind: str) -> None:
    """No violation of axe's rules, nothing wider than the screen, not a word on the console."""
    for look, options in LOOKS.items():
        tab = open_page(kinds[kind], **options)
        assert tab.violations() == [], look
        assert tab.complaints == [] and len(tab.requests) == 1, look
        width, window = tab.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= window, look
        assert tab.page.evaluate(SMALL) == [], look
        if look == "phone":
            tab.page.set_viewport_size({"width": 320, "height": 640})
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_screen_of_home_is_the_picture(open_page: Open, kinds: dict[str, str]) -> None:
    """The sentence, then its lines, in red; what the page is for and the search stand below.

    At a desk the picture is whole on the first screen, with letters of 11 pixels and more; on a
    phone the sentence is, and the picture begins there.
    """
    for options, whole in (({}, True), (PHONE, False)):
        page = open_page(kinds["home"], **options).page
        sentence, lines, search = (
            page.locator(part).bounding_box()
            for part in (".finding .sentence", ".supply:visible", ".hero")
        )
        assert sentence["y"] + sentence["height"] <= lines["y"]
        assert lines["y"] + lines["height"] <= search["y"]
        height = page.evaluate("innerHeight")
        assert lines["y"] + (lines["height"] if whole else 100) <= height
        red = page.locator(".supply:visible a.thread[data-tie] > path:nth-of-type(2)")
        assert red.evaluate_all("(all) => all.map((e) => getComputedStyle(e).stroke)") == [
            "rgb(179, 38, 30)"
        ]
        letters = page.locator(".supply:visible text").evaluate_all(
            """(all) => all.map((e) => parseFloat(getComputedStyle(e).fontSize)
              * e.getScreenCTM().a)"""
        )
        assert min(letters) >= 11


def test_keys_lead_from_home_to_evidence(open_page: Open, kinds: dict[str, str]) -> None:
    """By the skip link to the line of the sentence, which is the last of the lines: few keys."""
    page = open_page(kinds["home"]).page
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    reached = (
        "document.activeElement.classList.contains('thread') && document.activeElement.dataset.tie"
    )
    for _ in range(22):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            break
    assert page.evaluate(reached) == "lantern/SUPPLIES/guard"
    assert (
        page.evaluate("document.activeElement.getAttribute('href')")
        == "/tie/lantern/SUPPLIES/guard"
    )


def test_home_is_short_on_a_phone(open_page: Open, kinds: dict[str, str]) -> None:
    """How to read it is folded, and opens for who follows the link of any footer to it."""
    page = open_page(kinds["home"], **PHONE).page
    height = "document.documentElement.scrollHeight"
    folds = page.locator(".reading details")
    assert folds.count() == 3 and page.locator(".reading details[open]").count() == 0
    before = page.evaluate(height)
    assert before < 3 * 844
    page.evaluate("location.hash = 'reading'")
    expect(page.get_by_text("Thicker: more independent accounts say so.")).to_be_in_viewport()
    assert page.evaluate(height) > before + 400


def test_the_search_of_home_promises_what_is_recorded(kinds: dict[str, str]) -> None:
    """Its examples are names of the graph, one of them in another script where there is one."""
    (field,) = [it for it in Reader(kinds["home"]).all("input") if it.get("id") == "home-q"]
    assert field["placeholder"] == "Lantern, Belmora, Border Guard of Belmora, 明灯科技…"


def test_no_part_of_a_source_lies_on_another(open_page: Open, kinds: dict[str, str]) -> None:
    """At any width its claims stand below the picture and what the picture has beside it."""
    page = open_page(kinds["source"], "tie=lantern/SUPPLIES/guard").page
    page.get_by_role("button", name="Close").click()
    for width in (320, 390, 640, 760, 800, 880, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        feet = page.evaluate(
            """[...document.querySelectorAll("#panel, .work, #panel .ties li")]
              .map((part) => part.getBoundingClientRect().bottom)"""
        )
        top = page.evaluate("document.getElementById('claims').getBoundingClientRect().top")
        panel = page.locator("#panel").bounding_box()
        scrolls = page.locator("#panel").evaluate(
            "(e) => getComputedStyle(e).overflowY !== 'visible'"
        )
        inside = [foot for foot in feet if not scrolls or foot <= panel["y"] + panel["height"] + 1]
        assert max(inside) <= top, width


def at(page: Any) -> tuple[str, list[str]]:
    """Which step is told, and which connections are marked."""
    edges = page.evaluate("[...(sightlines.state.frame?.edges ?? [])]")
    return page.locator("#where").inner_text(), edges


def test_a_story_walks_by_keys(open_page: Open, walk: str) -> None:
    """The picture frames what each step speaks of, its evidence opens, the address keeps it."""
    page = open_page(walk).page
    assert at(page) == ("Step 1 of 3", ["lantern/SUPPLIES/guard"])
    page.keyboard.press("ArrowRight")
    assert at(page) == ("Step 2 of 3", ["guard/USES_AGAINST/marchers"])
    assert page.url.endswith("#step-2")
    assert page.locator("#step-2 .card").first.is_visible()
    assert page.evaluate("document.activeElement.id") == "step-2"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert at(page)[0] == "Step 3 of 3" and page.locator("#forward").is_disabled()
    page.keyboard.press("ArrowLeft")
    assert at(page)[0] == "Step 2 of 3"


def test_a_story_walks_by_scroll(open_page: Open, walk: str) -> None:
    """Whoever reads on takes the picture along."""
    page = open_page(walk).page
    page.locator("#steps").evaluate(
        "e => e.scrollTo(0, document.getElementById('step-3').offsetTop)"
    )
    expect(page.locator("#where")).to_have_text("Step 3 of 3")


def test_a_story_opens_at_a_step(open_page: Open, walk: str) -> None:
    """A link to a step leads there; one to none leads to the beginning."""
    assert at(open_page(walk, "step-2").page)[0] == "Step 2 of 3"
    assert at(open_page(walk, "step-99").page)[0] == "Step 1 of 3"


@pytest.mark.parametrize("size", [(1280, 850), (390, 844)])
def test_a_story_frames_its_step(open_page: Open, walk: str, size: tuple[int, int]) -> None:
    """All that a step speaks of is in sight, from the first one on and whatever the window does."""
    width, height = size
    page = open_page(walk, viewport={"width": width, "height": height}).page
    for way in ("", "ArrowRight", "ArrowRight"):
        if way:
            page.keyboard.press(way)
        expect(page.locator("#canvas")).to_be_visible()
        assert is_framed(page)
        page.set_viewport_size({"width": width - 20, "height": height - 40})
        assert is_framed(page)
        page.set_viewport_size({"width": width, "height": height})


def test_a_story_is_printed_with_its_pictures(open_page: Open, walk: str) -> None:
    """One for each step, with its shapes and no other, also from a dark page; none afterwards."""
    page = open_page(walk, color_scheme="dark").page
    before = page.evaluate("sightlines.network.getViewPosition()")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    pictures = page.locator("svg.of-step:visible")
    expect(pictures).to_have_count(3)
    texts = [pictures.nth(number).text_content() for number in range(3)]
    assert all(name in texts[0] for name in ("Lantern", "Border Guard", "supplied"))
    assert "Lantern" not in texts[1].split() and "marchers" in texts[1]
    fills = pictures.locator("text").evaluate_all("(all) => all.map((e) => e.getAttribute('fill'))")
    assert set(fills) <= {"rgb(20, 23, 28)", "rgb(179, 38, 30)"}
    assert not page.locator(".scene").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("svg.of-step").count() == 0
    after = page.evaluate("sightlines.network.getViewPosition()")
    assert after == pytest.approx(before)
    assert at(page)[0] == "Step 1 of 3"


def test_lists_on_paper_are_short(open_page: Open, kinds: dict[str, str]) -> None:
    """A claim of a timeline or a source is one sentence; its evidence has pages of its own."""
    for kind, claims in (("timeline", ".moments summary"), ("source", ".groups .summary")):
        page = open_page(kinds[kind]).page
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        expect(page.locator(claims).first).to_be_visible()
        assert page.locator(f"{claims} >> visible=true").count() == page.locator(claims).count()
        lists = page.locator(":is(.moments, .groups) :is(dl, blockquote, button)")
        assert lists.count() and not lists.locator("visible=true").count()


def is_framed(page: Any) -> bool:
    """Whether it comes to be so; the page's policy lets nobody wait in it."""
    for _ in range(50):
        if page.evaluate(_FRAMED):
            return True
        page.wait_for_timeout(100)
    return False


#: Whether the lines of a story's step, or the whole picture if it has none, are in the canvas, and
#: as near as they may come.
_FRAMED = """() => {
  const { network, state, visible } = sightlines;
  const { clientWidth: wide, clientHeight: high } = document.getElementById("canvas");
  const lines = [...(state.frame?.edges ?? [])].map((id) => network.body.edges[id]);
  const ends = lines.flatMap(({ fromId, toId }) => [fromId, toId]);
  const shown = ends.length ? ends : [...visible.nodes];
  const spots = shown.map((id) => network.canvasToDOM(network.getPosition(id)));
  const xs = spots.map((spot) => spot.x), ys = spots.map((spot) => spot.y);
  const [left, right, top, bottom] =
    [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const inside = left > 0 && right < wide && top > 0 && bottom < high;
  const share = Math.max((right - left) / wide, (bottom - top) / high);
  const near = share > 0.4 || network.getScale() > 1.5;
  return spots.length > 0 && inside && near;
}"""


def test_a_story_is_printed_with_all_its_evidence(open_page: Open, walk: str) -> None:
    """On paper nothing can be unfolded; on the screen each step is as it was, afterwards."""
    page = open_page(walk).page
    folded = page.locator(".step .evidence:not([open])")
    before = folded.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert before == 2 and folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before


def test_a_story_needs_no_script(open_page: Open, walk: str) -> None:
    """Without scripts its steps stand below one another, their evidence open."""
    page = open_page(walk, java_script_enabled=False).page
    assert page.locator(".step .card").first.is_visible()
    assert page.locator("#step-3 h2").is_visible()
    assert not page.locator("#forward").is_visible()


def test_a_source_marks_what_would_fall(open_page: Open, kinds: dict[str, str]) -> None:
    """The picture shows what rests on it, and lets go of it again."""
    page = open_page(kinds["source"]).page
    button = page.get_by_role("button", name="Mark what would disappear")
    button.click()
    assert page.evaluate("sightlines.state.frame.edges.size") == 9
    button.click()
    assert page.evaluate("sightlines.state.frame") is None


def test_the_list_of_a_site_narrows(open_page: Open, kinds: dict[str, str]) -> None:
    """Accents do not matter, and any of the names is found."""
    page = open_page(kinds["list"]).page
    page.locator("#search-q").fill("securite LANTERNE")
    assert page.locator("#hits > li:visible").count() == 1
    assert "1 of 8 names match" in page.locator("#matches").inner_text()
