"""The picture of a graph as a reader sees it in Chromium: pixels, names, lines, fingers."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from graph.model import Entity, Subgraph
from tests.viz.invented import claim, subgraph
from tests.viz.test_browser import PHONE, SUPPLY, middle, point, save, visible_counts
from viz import Links, graph_page
from viz.active_filters import Filters
from viz.explore_page import explore_page

Open = Callable[..., Any]
PAPER = [255, 255, 255]

#: The colour of one pixel of the canvas.
PIXEL = """([x, y]) => {
  const canvas = document.querySelector("#canvas canvas");
  const frame = canvas.getBoundingClientRect();
  const part = canvas.width / frame.width;
  const at = [(x - frame.x) * part, (y - frame.y) * part];
  return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
}"""
#: The lines that run through the shape of an entity which is none of their ends.
CROSSED = """() => {
  const { network } = sightlines;
  const { nodes, edges } = network.body;
  const crossed = [];
  for (const edge of Object.values(edges)) {
    for (const node of Object.values(nodes)) {
      if ([edge.fromId, edge.toId].includes(node.id)) continue;
      for (let part = 0.02; part < 1; part += 0.02) {
        const { x, y } = edge.edgeType.getPoint(part);
        if (Math.hypot(x - node.x, y - node.y) >= node.options.size) continue;
        crossed.push(`${edge.id} through ${node.id}`);
        break;
      }
    }
  }
  return crossed;
}"""


def settle(page: Any) -> None:
    """Wait until the canvas is painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")


def test_a_filter_takes_shapes_off_the_paper(open_page: Open, story_page: str) -> None:
    """Where a shape stood, there is paper; a click there opens nothing; the box brings it back."""
    page = open_page(story_page).page
    spot = point(page, "camera")
    assert page.evaluate(PIXEL, spot)[:3] != PAPER
    box = page.get_by_role("checkbox", name="Technology")
    box.uncheck()
    settle(page)
    assert page.evaluate(PIXEL, spot)[3] == 0 or page.evaluate(PIXEL, spot)[:3] == PAPER
    page.mouse.click(*spot)
    assert page.evaluate("sightlines.state.entity") is None
    # Each filter is a step back in the history.
    page.go_back()
    assert box.is_checked()
    settle(page)
    assert page.evaluate(PIXEL, spot)[:3] != PAPER


def test_a_day_leaves_undated_lines_out(open_page: Open, story: Subgraph) -> None:
    """Their number is said; one box brings them in, and the address keeps that."""
    html = explore_page(
        story,
        title="t",
        lead="l",
        links=Links.server(),
        filters=Filters("/graph", [("as_of", "2021-12-31")]),
    )
    page = open_page(html).page
    assert visible_counts(page)[1] == 5
    assert "7 undated connections are off" in page.locator("#count").inner_text()
    page.get_by_role("checkbox", name="undated").check()
    assert visible_counts(page)[1] == 12 and page.url.endswith("#undated=yes")
    page.reload()
    assert visible_counts(page)[1] == 12


def test_a_relation_can_be_had_alone(open_page: Open, story_page: str) -> None:
    """Supplies first, with their numbers; the graph has what is left, and the address keeps it."""
    page = open_page(story_page).page
    page.locator("#relations summary").click()
    words = page.locator("#relations label").all_inner_texts()
    assert [" ".join(each.split()) for each in words[:2]] == [
        "supplied 1", "used surveillance or technology against 1"
    ]  # fmt: skip
    page.locator("#relations").get_by_role("button", name="None").click()
    assert visible_counts(page)[1] == 0
    page.get_by_role("checkbox", name="supplied", exact=False).first.check()
    assert visible_counts(page) == [2, 1]
    assert page.locator("#relations summary").inner_text().startswith("Relations: 1 of ")
    page.keyboard.press("Escape")
    assert not page.locator("#relations label").first.is_visible()
    assert page.url.endswith("#only=SUPPLIES")
    page.reload()
    assert visible_counts(page) == [2, 1]


def test_a_pointer_learns_names(open_page: Open, story_page: str) -> None:
    """Of a shape its name, of a line its sentence; nothing of what is not there."""
    page = open_page(story_page).page
    name = page.locator("#hover")
    page.mouse.move(*point(page, "guard"))
    assert name.inner_text() == "Border Guard of Belmora"
    assert page.evaluate("document.getElementById('canvas').style.cursor") == "pointer"
    page.mouse.move(*middle(page, "desk", "lantern"))
    assert name.inner_text() == "Open Desk inquired into Lantern"
    page.mouse.move(30, 790)
    assert not name.is_visible()


@pytest.mark.parametrize("width", [1920, 1280, 390])
def test_no_line_crosses_a_shape_and_no_label_another(
    open_page: Open, story_page: str, width: int
) -> None:
    """By computation, at every size; and of what is lit, each line has its verb."""
    page = open_page(story_page, viewport={"width": width, "height": 850}).page
    assert page.evaluate(CROSSED) == []
    labels = page.evaluate("sightlines.labels()")
    assert len(labels) == len(set(labels)) >= 6
    page.evaluate("location.hash = 'path=lantern/marchers'")
    page.wait_for_function("() => sightlines.state.path")
    settle(page)
    assert {"supplied", "is alleged to have used surveillance or technology against"} <= set(
        page.evaluate("sightlines.labels()")
    )


def test_what_a_reader_moves_goes_with_the_link(open_page: Open, story_page: str) -> None:
    """After a reload it is where it was put; Back and Reset put it where the page has it."""
    page = open_page(story_page).page
    place = "sightlines.network.getPosition('camera')"
    settle(page)
    before, (x, y) = page.evaluate(place), point(page, "camera")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    after = page.evaluate(place)
    assert after["x"] > before["x"] + 20
    assert page.url.split("#")[1].startswith("moved=camera,")
    page.reload()
    assert page.evaluate(place) == {name: round(value) for name, value in after.items()}
    page.go_back()
    page.wait_for_function("!location.hash")
    assert page.evaluate(place) == before
    page.go_forward()
    page.wait_for_function("location.hash")
    page.get_by_role("button", name="Reset", exact=True).click()
    assert page.evaluate(place) == before and "moved" not in page.url


def test_what_is_around_an_entity_is_added_in_place(open_page: Open, story: Subgraph) -> None:
    """By a link of the server, which keeps what is selected and filtered."""
    html = explore_page(
        replace(story, focus="lantern"),
        title="t",
        lead="l",
        links=Links.server(),
        filters=Filters("/entity/lantern", [("as_of", "2022-12-31")]),
    )
    page = open_page(html, "entity=guard&undated=yes").page
    link = page.locator("#panel .expand")
    assert "of 9 connections shown" in page.locator("#panel").inner_text()
    link.evaluate("(a) => a.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    address = link.evaluate("(a) => a.href").removeprefix("file://")
    assert address == "/entity/lantern?as_of=2022-12-31&expand=guard#entity=guard&undated=yes"


def test_a_press_beside_a_menu_only_closes_it(open_page: Open, story_page: str) -> None:
    """The selection is still there."""
    page = open_page(story_page, f"tie={SUPPLY}").page
    page.locator("#share summary").click()
    page.mouse.click(30, 790)
    assert not page.get_by_role("button", name="Embed").is_visible()
    assert page.evaluate("sightlines.state.tie") == SUPPLY


def swipe(page: Any, *fingers: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Move fingers over the screen, each from one point to another."""
    session = page.context.new_cdp_session(page)
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        points = [
            {"x": x + (to_x - x) * part, "y": y + (to_y - y) * part}
            for (x, y), (to_x, to_y) in fingers
        ]
        kind = "touchMove" if part else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(200)


def test_fingers(open_page: Open, story_page: str) -> None:
    """One scrolls the page and leaves the picture; two zoom it; a tap opens a sheet below it."""
    page = open_page(story_page, **PHONE).page
    place = "[sightlines.network.getScale(), sightlines.network.getViewPosition().x]"
    settle(page)
    before = page.evaluate(place)
    swipe(page, ((200, 600), (200, 400)))
    assert page.evaluate("scrollY") > 50
    assert page.evaluate(place) == before
    page.evaluate("scrollTo({ top: 300, behavior: 'instant' })")
    y = page.locator("#canvas").bounding_box()["y"] + 150
    swipe(page, ((180, y), (120, y)), ((220, y), (280, y)))
    assert page.evaluate(place)[0] > 1.5 * before[0]
    page.get_by_role("button", name="Show the whole graph").tap()
    page.touchscreen.tap(*point(page, "lantern"))
    sheet = page.locator("#panel")
    assert "Lantern" in sheet.inner_text()
    box = sheet.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert box["y"] > 380
    x, y = point(page, "lantern")
    assert 0 < y < box["y"] and 0 < x < 390
    assert "Lantern" in page.evaluate("sightlines.labels()")


def test_a_source_can_be_taken_out(open_page: Open, story_page: str) -> None:
    """Who says so is a tree; without a document lines pale, their number is said, the address
    keeps it, and the table strikes them."""
    page = open_page(story_page).page
    settle(page)
    before = alpha(page, "guard", "marchers")
    page.evaluate("(key) => { location.hash = `tie=${key}` }", SUPPLY)
    page.wait_for_function("() => sightlines.state.tie")
    tree = page.locator("#panel .who > li")
    assert tree.count() == 2
    first = " ".join(tree.filter(has_text="Cameras at the border").inner_text().split())
    # The document at hand, what it cites, and whom that cites; its publisher, day and words.
    cites = first.index("Who sells to Belmora"), first.index("Lantern")
    assert first.startswith("Cameras at the border article, Costaria Gazette, 12 December 2022")
    assert cites[0] < cites[1] and "Read it" in first
    page.locator("#out summary").click()
    page.locator("#out label", has_text="Cameras at the border").click()
    said = page.locator("#count").inner_text()
    assert said.endswith("without Cameras at the border: 9 fall, 3 with fewer claims, 0 stand")
    assert "fewer claims" in page.locator("#panel .caution").inner_text()
    assert page.url.endswith("&out=gazette")
    page.reload()
    page.evaluate("location.hash = 'out=gazette'")
    page.wait_for_function("() => !sightlines.state.tie")
    settle(page)
    assert alpha(page, "guard", "marchers") < before / 2
    page.get_by_role("button", name="Table").click()
    assert page.locator("#rows tr.fallen").count() == 9


def alpha(page: Any, one: str, other: str) -> float:
    """How dark the paper is half way between two entities, from 0."""
    x, y = middle(page, one, other)
    dark = [
        sum(255 - part for part in pixel[:3]) * pixel[3] / 255
        for pixel in (
            page.evaluate(PIXEL, [x + dx, y + dy]) for dx in (-2, 0, 2) for dy in (-2, 0, 2)
        )
    ]
    return max(dark)


def test_a_chain_is_marked_by_its_address(open_page: Open, story_page: str, tmp_path: Path) -> None:
    """Its connections are lit with their verbs and listed with the caution, in its picture too."""
    tab = open_page(story_page, f"ties={SUPPLY} guard/USES_AGAINST/marchers")
    settle(tab.page)
    assert "A chain is not proof" in tab.panel() and "2 connections" in tab.panel()
    assert "supplied" in tab.page.evaluate("sightlines.labels()")
    assert tab.page.url.split("#")[1].startswith("ties=")
    drawing = ElementTree.parse(save(tab.page, "SVG", tmp_path)).getroot()
    text = " ".join(drawing.itertext())
    assert "Lantern supplied Border Guard of Belmora (disputed): documented, disputed" in text
    assert "A chain is not proof of a relationship between its two ends." in text


def test_names_are_suggested_while_they_are_typed(browser: Any, story_page: str) -> None:
    """From the server, by any name; the one that is chosen opens its page."""
    context = browser.new_context()
    page = context.new_page()
    hit = {"id": "lantern", "label": "Lantern", "matched": {"text": "明灯科技"}}
    page.route(
        "http://sightlines.test/**",
        lambda route: (
            route.fulfill(json={"results": [hit]})
            if "/v1/suggest?q=" in route.request.url
            else route.fulfill(body=story_page, content_type="text/html")
        ),
    )
    page.goto("http://sightlines.test/graph")
    page.locator("#q").press_sequentially("明")
    option = page.locator("#q-names option")
    option.wait_for(state="attached")
    assert option.get_attribute("value") == "Lantern"
    assert "明灯科技" in option.get_attribute("label")
    page.locator("#q").fill("Lantern")
    page.wait_for_url("http://sightlines.test/entity/lantern")
    context.close()


def test_skip_links_lead_to_picture_and_evidence(open_page: Open, story_page: str) -> None:
    """By the first keys of the page, without losing what is selected."""
    page = open_page(story_page, f"tie={SUPPLY}&view=table").page
    for part in ("canvas", "panel"):
        page.locator(f"[data-go={part}]").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == part
        assert page.evaluate("sightlines.state.tie") == SUPPLY
    assert page.locator("#canvas").is_visible()


def test_a_large_page_has_few_elements_at_first(open_page: Open) -> None:
    """The table and the evidence come in when they are opened; without scripts they are there."""
    ids = [f"n{number}" for number in range(150)]
    pairs = [(one, other) for n, one in enumerate(ids) for other in ids[n % 50 : n % 50 + 3]]
    claims = [
        claim("supplies", {"supplier": one, "recipient": other}, f"{one} supplied {other}.")
        for one, other in pairs
        if one != other
    ]
    firms = [Entity(id=i, type="Company", names=[i.capitalize()]) for i in ids]
    graph = subgraph(firms, claims, focus="n1")
    html = graph_page(graph, title="t", lead="l", links=Links.server())
    assert len(gzip.compress(html.encode())) < 300_000
    page = open_page(html).page
    elements = "document.querySelectorAll('*').length"
    assert page.evaluate(elements) < 3_000
    page.get_by_role("button", name="Table").click()
    assert page.locator("#rows > tr:visible").count() == len(graph.ties) >= 400
    assert page.evaluate(elements) > 10_000
    plain = open_page(html, java_script_enabled=False).page
    assert plain.locator("#rows > tr:visible").count() == len(graph.ties)


def test_a_claim_in_the_panel_unfolds(open_page: Open, story_page: str) -> None:
    """Its source comes in when somebody opens it, or for print."""
    page = open_page(story_page, "entity=lantern").page
    cards = page.locator("#panel .card")
    assert page.locator("#panel .document").count() == 0
    cards.first.locator("summary").click()
    # The browser tells a while later that it was opened.
    expect(cards.first.locator(".document")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#panel .document").count() == cards.count() > 1


def test_supplies_stand_out_from_the_lines_of_a_hub(open_page: Open) -> None:
    """Of many lines only they are red; the others are no darker than where nothing is selected."""
    ids = [f"n{number}" for number in range(14)]
    claims = [
        claim("supplies", {"supplier": "hub", "recipient": "n0"}, "The hub supplied n0."),
        *(claim("assists", {"helper": "hub", "helped": i}, f"It assisted {i}.") for i in ids[1:]),
    ]
    firms = [Entity(id=i, type="Company", names=[i]) for i in ("hub", *ids)]
    html = graph_page(subgraph(firms, claims), title="t", lead="l", links=Links.server())
    page = open_page(html).page
    lines = "Object.values(sightlines.network.body.edges).map((it) => [it.id, it.options.color])"
    before = {key: colour["color"] for key, colour in page.evaluate(lines)}
    page.evaluate("location.hash = 'entity=hub'")
    page.wait_for_function("() => sightlines.state.entity === 'hub'")
    after = {key: colour["color"] for key, colour in page.evaluate(lines)}
    assert {key for key in after if after[key] != before[key]} == {"hub/SUPPLIES/n0"}
    assert all(colour["opacity"] == 1 for _, colour in page.evaluate(lines))


def test_the_picture_stands_high_on_a_phone(open_page: Open, story_page: str) -> None:
    """What stands above it takes less than half of the window; a date is one of the filters."""
    page = open_page(story_page, **PHONE).page
    assert page.locator("#canvas").bounding_box()["y"] < 844 / 2
