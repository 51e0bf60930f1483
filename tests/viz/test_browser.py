"""The page in Chromium: it draws, it answers to mouse and keyboard, and it keeps quiet."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.model import Subgraph
from viz import Links, graph_page, message_page

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SUPPLY = "lantern/SUPPLIES/guard"
Open = Callable[..., Any]


def point(page: Any, entity: str) -> tuple[float, float]:
    """Where an entity stands on the screen."""
    spot = page.evaluate(
        """(id) => {
          const { network } = window.sightlines;
          const at = network.canvasToDOM(network.getPositions([id])[id]);
          const frame = document.getElementById("canvas").getBoundingClientRect();
          return { x: frame.x + at.x, y: frame.y + at.y };
        }""",
        entity,
    )
    return spot["x"], spot["y"]


def middle(page: Any, one: str, other: str) -> tuple[float, float]:
    """Half way between two entities."""
    (ax, ay), (bx, by) = point(page, one), point(page, other)
    return (ax + bx) / 2, (ay + by) / 2


def shown(page: Any) -> list[int]:
    """How many entities and connections the graph shows."""
    return page.evaluate("[sightlines.shown.nodes.size, sightlines.shown.edges.size]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_quiet_and_self_contained(open_page: Open, story_page: str, scheme: str) -> None:
    """No word on the console, no violation of the policy, no request beyond the file itself."""
    opened = open_page(story_page, color_scheme=scheme)
    opened.page.get_by_role("button", name="Zoom in").click()
    opened.page.mouse.click(*point(opened.page, "lantern"))
    opened.page.wait_for_timeout(100)
    assert opened.complaints == []
    assert len(opened.requests) == 1 and opened.requests[0].startswith("file:")


def test_everything_is_drawn(open_page: Open, story_page: str) -> None:
    """Every label of a small graph finds room, and the canvas holds the colours of the types."""
    page = open_page(story_page).page
    assert len(page.evaluate("sightlines.labels()")) == 7
    x, y = point(page, "belmora")
    colour = page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector("#canvas canvas");
          const frame = canvas.getBoundingClientRect();
          const part = canvas.width / frame.width;
          const at = [(x - frame.x) * part, (y - frame.y) * part];
          return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
        }""",
        [x, y],
    )
    assert colour == [0x00, 0x72, 0xB2, 255]


def test_click_on_an_entity(open_page: Open, story_page: str) -> None:
    """The panel shows its names, its ties as buttons, and all its claims, opinions too."""
    opened = open_page(story_page)
    opened.page.mouse.click(*point(opened.page, "lantern"))
    panel = opened.panel()
    for words in ("An invented maker", "明灯科技", "فانوس", "supplied Border Guard of Belmora",
                  "was investigated by Open Desk", "Lantern should know better"):  # fmt: skip
        assert words in panel
    assert opened.page.url.endswith("#entity=lantern")
    opened.page.locator("#panel .ties button", has_text="supplied").first.click()
    assert "2 claims, 2 independent origins" in opened.panel()


def test_click_on_a_line(open_page: Open, story_page: str) -> None:
    """A line opens its own evidence; a click on nothing clears it."""
    opened = open_page(story_page)
    opened.page.mouse.click(*middle(opened.page, "desk", "lantern"))
    assert "Open Desk investigated Lantern" in opened.panel()
    opened.page.mouse.click(30, 790)
    assert "How to read this" in opened.panel()


def test_evidence_of_a_tie(open_page: Open, story_page: str) -> None:
    """A sentence, years, status; per claim who says so, the document, the passage, the doubt."""
    opened = open_page(story_page, f"tie={SUPPLY}")
    panel = " ".join(opened.panel().split())
    for words in (
        "Lantern supplied Border Guard of Belmora",
        "2021",
        "documented, disputed",
        "2 claims, 2 independent origins; 1 claim denies it",
        "Cameras at the border, citing Who sells to Belmora, citing Lantern",
        "Costaria Gazette, 12 December 2022, paragraph 7",
        "night cameras were sold",
        "Counted back from the article.",
        "Denied: The Border Guard says that it bought nothing.",
    ):
        assert words in panel


def test_focus_opens_the_panel(open_page: Open, story: Subgraph) -> None:
    """A page about one entity opens on it; Close leaves an address that stays closed."""
    graph = Subgraph(story.entities, story.ties, story.claims, story.sources, focus="guard")
    opened = open_page(graph_page(graph, title="t", lead="l", links=Links.server()))
    assert "Border Guard of Belmora" in opened.panel()
    opened.page.get_by_role("button", name="Close").click()
    opened.page.reload()
    assert "How to read this" in opened.panel()


def test_filters_reach_graph_and_table(open_page: Open, story_page: str) -> None:
    """A box takes its kind from the graph, the table and the count, and the address keeps it."""
    page = open_page(story_page).page
    page.get_by_role("checkbox", name="Technology").uncheck()
    assert shown(page) == [6, 8]
    page.get_by_role("checkbox", name="alleged").uncheck()
    assert shown(page) == [5, 7]
    assert page.locator("#count").inner_text() == "5 entities, 7 connections shown"
    page.get_by_role("button", name="Table").click()
    assert page.locator("#rows > tr:visible").count() == 7
    page.reload()
    assert shown(page) == [5, 7]
    assert not page.get_by_role("checkbox", name="alleged").is_checked()
    page.get_by_role("checkbox", name="disputed").uncheck()
    assert shown(page)[1] == 6


def test_years(open_page: Open, story_page: str) -> None:
    """A span keeps what any part of it touches; what names no year has a box of its own."""
    page = open_page(story_page).page
    page.get_by_label("from").fill("2022")
    assert page.locator("#span").inner_text() == "2022–2022"
    assert shown(page)[1] == 8
    page.get_by_role("checkbox", name="undated").uncheck()
    assert shown(page) == [3, 2]
    assert page.url.endswith("#years=2022-2022&undated=no")
    page.reload()
    assert shown(page) == [3, 2]
    page.get_by_label("to", exact=True).fill("2021")
    assert page.locator("#span").inner_text() == "2021–2021"


def test_filter_takes_the_selection_with_it(open_page: Open, story_page: str) -> None:
    """What a filter hides is no longer selected."""
    opened = open_page(story_page, "entity=marchers")
    opened.page.get_by_role("checkbox", name="Group").uncheck()
    assert "How to read this" in opened.panel()
    assert "entity" not in opened.page.url


def test_back_undoes_a_selection(open_page: Open, story_page: str) -> None:
    """Each selection is a step in the browser's history."""
    opened = open_page(story_page)
    for entity in ("lantern", "desk"):
        opened.page.mouse.click(*point(opened.page, entity))
    opened.page.go_back()
    assert opened.page.evaluate("sightlines.state.entity") == "lantern"
    opened.page.go_back()
    assert "How to read this" in opened.panel()


@pytest.mark.parametrize(
    "fragment",
    [
        "entity=<img src=x onerror=alert(1)>&tie=__proto__&view=constructor",
        "entity=nobody&without=Nothing toString&hide=__proto__",
        "tie=lantern/SUPPLIES/nobody",
        "years=2030-1900&undated=maybe",
        "years=1e3-Infinity",
        "%E0%A4%A&&&=",
    ],
)
def test_addresses_are_not_trusted(open_page: Open, story_page: str, fragment: str) -> None:
    """An address that names nothing known changes nothing."""
    opened = open_page(story_page, fragment)
    assert "How to read this" in opened.panel()
    assert shown(opened.page) == [7, 11]
    assert opened.complaints == []


@pytest.mark.parametrize("typed", ["lanTERNE secu", "明灯", "فانوس", "ＬＡＮＴ"])
def test_search_folds_names(open_page: Open, story_page: str, typed: str) -> None:
    """Case, accents, width and script: every name is found, by any part."""
    opened = open_page(story_page)
    opened.page.locator("body").press("/")
    opened.page.keyboard.type(typed)
    assert opened.page.get_by_role("option").count() == 1
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("sightlines.state.entity") == "lantern"


def test_search_by_arrow_keys(open_page: Open, story_page: str) -> None:
    """Down and up walk through what was found; Escape closes; what is not there is said."""
    page = open_page(story_page).page
    box = page.get_by_role("combobox")
    box.fill("belmora")
    options = page.get_by_role("option")
    assert options.all_inner_texts()[0].startswith("Belmora")
    box.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == "found-1"
    box.press("Escape")
    assert not page.locator("#found").is_visible()
    box.fill("zzz")
    assert "No such name" in page.locator("#found").inner_text()


def test_walk_by_keyboard(open_page: Open, story_page: str) -> None:
    """Arrows walk and are announced, Enter opens and then enters the evidence, Escape clears."""
    opened = open_page(story_page)
    page = opened.page
    page.locator("#canvas").focus()
    seen = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        seen.add(page.evaluate("sightlines.state.cursor"))
    assert len(seen) > 2
    assert "connection" in page.locator("#said").inner_text()
    page.keyboard.press("Enter")
    assert page.evaluate("sightlines.state.entity") in seen
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert "How to read this" in opened.panel()
    assert page.evaluate("document.activeElement.id") == "canvas"


def test_zoom(open_page: Open, story_page: str) -> None:
    """Buttons and keys zoom; labels stay as large on the screen; the last button shows it all."""
    page = open_page(story_page).page
    scale = "sightlines.network.getScale()"
    before = page.evaluate(scale)
    page.get_by_role("button", name="Zoom in").click()
    assert page.evaluate(scale) > before
    page.locator("#canvas").press("-")
    page.locator("#canvas").press("-")
    assert page.evaluate(scale) < before
    page.get_by_role("button", name="Show the whole graph").click()
    assert page.evaluate(scale) == pytest.approx(before)


def test_theme(open_page: Open, story_page: str) -> None:
    """The system's theme at first; the button's choice from then on."""
    page = open_page(story_page, color_scheme="dark").page
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(18, 21, 26)"
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.reload()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


def test_copy_link(open_page: Open, story_page: str) -> None:
    """The address with its state goes to the clipboard, or the button says where it is."""
    page = open_page(story_page, "entity=desk").page
    page.locator("#copy").click()
    page.wait_for_function("document.getElementById('copy').textContent !== 'Copy link'")
    assert page.locator("#copy").inner_text() in ("Copied", "Copy it from the address bar")


def test_picture(open_page: Open, story_page: str, tmp_path: Path) -> None:
    """The file holds the graph at twice its size, with title and legend above and words below."""
    opened = open_page(story_page)
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="Save PNG").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    head = file.read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:])
    canvas = opened.page.locator("#canvas").bounding_box()
    assert head.startswith(b"\x89PNG")
    assert width == 2 * canvas["width"]
    assert 2 * canvas["height"] < height < 2 * canvas["height"] + 600
    assert opened.complaints == []


def test_without_scripts(open_page: Open, story: Subgraph, story_page: str) -> None:
    """No button that does nothing: the table, the claims and the entities, all of them."""
    page = open_page(story_page, java_script_enabled=False).page
    assert page.locator("#rows > tr:visible").count() == len(story.ties)
    assert page.locator("button:visible, input:visible, #canvas:visible").count() == 0
    page.locator("#rows summary").first.click()
    assert page.locator("#rows .card").first.is_visible()
    assert page.locator("#others .card").is_visible()
    assert page.locator("#entities .entity:visible").count() == len(story.entities)


def test_hostile_words_do_nothing(open_page: Open, hostile: Subgraph) -> None:
    """Scripts, handlers and markup in every text: drawn, searched and opened as plain text."""
    opened = open_page(
        graph_page(
            hostile,
            title="<script>window.__pwned = 9</script>",
            lead="{{ 7 * 7 }}",
            links=Links.server(),
            passages={i: '<img src=x onerror="window.__pwned = 4">' for i in hostile.claims},
        )
    )
    page = opened.page
    for tie in hostile.ties:
        page.evaluate("(key) => { location.hash = 'tie=' + encodeURIComponent(key) }", str(tie.key))
        page.wait_for_function("(key) => sightlines.state.tie === key", arg=str(tie.key))
    page.get_by_role("combobox").fill("script")
    page.wait_for_timeout(200)
    assert page.evaluate("window.__pwned") is None
    assert page.locator("#panel img, #panel script, #found img").count() == 0
    assert opened.complaints == []
    assert len(opened.requests) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("fragment", ["", f"tie={SUPPLY}", "entity=lantern", "view=table"])
def test_axe_finds_nothing(
    open_page: Open, story_page: str, scheme: str, device: dict[str, Any], fragment: str
) -> None:
    """No violation of any of axe's rules, in both themes, on both sizes, in every view."""
    opened = open_page(story_page, fragment, color_scheme=scheme, bypass_csp=True, **device)
    assert opened.violations() == []


def test_axe_finds_nothing_in_a_message(open_page: Open) -> None:
    """Nor in a page that only says something."""
    html = message_page("Not found", "There is no such entity.", [("Tiandy", "/entity/tiandy")])
    assert open_page(html, bypass_csp=True).violations() == []


def test_phone(open_page: Open, story_page: str) -> None:
    """Filters fold away, targets are 44 pixels, nothing is wider than the screen."""
    page = open_page(story_page, "entity=lantern", **PHONE).page
    assert not page.locator("#legend").is_visible()
    page.get_by_role("button", name="Filters").tap()
    assert page.locator("#legend").is_visible()
    heights = page.evaluate(
        """[...document.querySelectorAll("button, .search input, fieldset label")]
          .filter((e) => e.offsetParent && !e.closest(".card"))
          .map((e) => [e.offsetHeight, e.textContent.slice(0, 30)])"""
    )
    assert [h for h in heights if h[0] < 44] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print(open_page: Open, story_page: str) -> None:
    """On paper: light, graph, panel and table, and no controls."""
    page = open_page(story_page, f"tie={SUPPLY}", color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert not page.locator(".controls").is_visible()
    for part in (".stage", "#panel .card >> nth=0", "#rows >> tr >> nth=0"):
        assert page.locator(part).is_visible()
