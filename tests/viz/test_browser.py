"""The page in Chromium: it draws, it answers to mouse and keyboard, and it keeps quiet."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from graph.model import Claim, Entity, Source, Subgraph
from graph.projection import project
from tests.viz.invented import claim, subgraph
from viz import Links, PageMetadata, graph_page, message_page

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


def visible_counts(page: Any) -> list[int]:
    """How many entities and connections the graph shows."""
    return page.evaluate("[sightlines.visible.nodes.size, sightlines.visible.edges.size]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_quiet_and_self_contained(open_page: Open, story_page: str, scheme: str) -> None:
    """No word on the console, no violation of the policy, no request beyond the file itself."""
    tab = open_page(story_page, color_scheme=scheme)
    tab.page.get_by_role("button", name="Zoom in").click()
    tab.page.mouse.click(*point(tab.page, "lantern"))
    tab.page.wait_for_timeout(100)
    assert tab.complaints == []
    assert len(tab.requests) == 1 and tab.requests[0].startswith("file:")


def test_everything_is_drawn(open_page: Open, story_page: str) -> None:
    """Every label of a small graph finds room, and the canvas holds the colours of the types."""
    page = open_page(story_page).page
    assert len(page.evaluate("sightlines.labels()")) == 8
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
    tab = open_page(story_page)
    tab.page.mouse.click(*point(tab.page, "lantern"))
    panel = tab.panel()
    for words in ("An invented maker", "明灯科技", "فانوس", "supplied Border Guard of Belmora",
                  "was inquired into by Open Desk", "Lantern should know better"):  # fmt: skip
        assert words in panel
    assert tab.page.url.endswith("#entity=lantern")
    tab.page.locator("#panel .ties button", has_text="supplied").first.click()
    assert "2 claims, 2 independent accounts" in tab.panel()


def test_click_on_a_line(open_page: Open, story_page: str) -> None:
    """A line opens its own evidence; a click on nothing clears it."""
    tab = open_page(story_page)
    tab.page.mouse.click(*middle(tab.page, "desk", "lantern"))
    assert "Open Desk inquired into Lantern" in tab.panel()
    tab.page.mouse.click(30, 790)
    assert "How to read this" in tab.panel()


@pytest.fixture(scope="module")
def hub_page() -> str:
    """One company that supplied 70 others, by a claim each."""
    ids = ["hub", *(f"e{n}" for n in range(70))]
    source = Source(id="report", kind="study", title="Report", lang="en")
    claims = [
        Claim(
            predicate="supplies",
            roles={"supplier": ("hub",), "recipient": (i,)},
            summary=f"The hub supplied {i}.",
            modality="stated",
            source="report",
            said_by=("report",),
            recorded_on="2026-11-01",
            recorded_by="tests",
        )
        for i in ids[1:]
    ]
    ties = project(claims, {"report": source}, dict.fromkeys(ids, "Company"))
    entities = {i: Entity(id=i, type="Company", names=[i]) for i in ids}
    graph = Subgraph(entities, tuple(ties), {c.id: c for c in claims}, {"report": source})
    return graph_page(graph, title="A hub", lead="", links=Links.server())


def test_evidence_of_a_tie(open_page: Open, story_page: str) -> None:
    """A sentence, years, status; per claim who says so, the document, the passage, the doubt."""
    tab = open_page(story_page, f"tie={SUPPLY}")
    panel = " ".join(tab.panel().split())
    for words in (
        "Lantern supplied Border Guard of Belmora",
        "2021",
        "documented, disputed",
        "2 claims, 2 independent accounts; 1 claim denies it",
        "Cameras at the border, citing Who sells to Belmora, citing Lantern",
        "Costaria Gazette, 12 December 2022, paragraph 7",
        "night cameras were sold",
        "Counted back from the article.",
        "Denied",
        "The Border Guard says that it bought nothing.",
    ):
        assert words in panel


def test_focus_opens_the_panel(open_page: Open, story: Subgraph) -> None:
    """A page about one entity opens on it; Close leaves an address that stays closed."""
    graph = Subgraph(story.entities, story.ties, story.claims, story.sources, focus="guard")
    tab = open_page(graph_page(graph, title="t", lead="l", links=Links.server()))
    assert "Border Guard of Belmora" in tab.panel()
    tab.page.get_by_role("button", name="Close").click()
    tab.page.reload()
    assert "How to read this" in tab.panel()


def test_filters_reach_graph_and_table(open_page: Open, story_page: str) -> None:
    """A box takes its kind from the graph, the table and the count, and the address keeps it."""
    page = open_page(story_page).page
    page.get_by_role("checkbox", name="Technology").uncheck()
    assert visible_counts(page) == [7, 9]
    page.get_by_role("checkbox", name="alleged").uncheck()
    assert visible_counts(page) == [6, 8]
    assert page.locator("#count").inner_text() == "6 entities, 8 connections shown"
    page.get_by_role("button", name="Table").click()
    assert page.locator("#rows > tr:visible").count() == 8
    page.reload()
    assert visible_counts(page) == [6, 8]
    assert not page.get_by_role("checkbox", name="alleged").is_checked()
    page.get_by_role("checkbox", name="disputed").uncheck()
    assert visible_counts(page)[1] == 7


def test_years(open_page: Open, story_page: str) -> None:
    """A span keeps what any part of it touches; what names no year has a box of its own."""
    page = open_page(story_page).page
    page.get_by_label("First year").fill("2022")
    assert page.locator("#span").inner_text() == "Years 2022–2022"
    assert visible_counts(page)[1] == 9
    page.get_by_role("checkbox", name="undated").uncheck()
    assert visible_counts(page) == [3, 2]
    assert page.url.endswith("#years=2022-2022&undated=no")
    page.reload()
    assert visible_counts(page) == [3, 2]
    page.get_by_label("Last year").fill("2021")
    assert page.locator("#span").inner_text() == "Years 2021–2021"


def test_controls_by_keyboard(open_page: Open, story_page: str) -> None:
    """Tab reaches every control; keys move the handles, open the menu, and close it again."""
    page = open_page(story_page).page
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert reached >= {
        "q", "theme", "copy", "search", "path-from", "path-to", "from", "to", "undated", "reset",
        "canvas",
    }  # fmt: skip
    page.locator("#from").press("End")
    assert page.locator("#span").inner_text() == "Years 2022–2022"
    page.locator("#share summary").press("Enter")
    assert page.get_by_role("button", name="Embed").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Embed").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_filter_takes_the_selection_with_it(open_page: Open, story_page: str) -> None:
    """What a filter hides is no longer selected."""
    tab = open_page(story_page, "entity=marchers")
    tab.page.get_by_role("checkbox", name="Group").uncheck()
    assert "How to read this" in tab.panel()
    assert "entity" not in tab.page.url


def test_back_undoes_a_selection(open_page: Open, story_page: str) -> None:
    """Each selection is a step in the browser's history."""
    tab = open_page(story_page)
    for entity in ("lantern", "desk"):
        tab.page.mouse.click(*point(tab.page, entity))
    tab.page.go_back()
    assert tab.page.evaluate("sightlines.state.entity") == "lantern"
    tab.page.go_back()
    assert "How to read this" in tab.panel()


@pytest.mark.parametrize(
    "fragment",
    [
        "entity=<img src=x onerror=alert(1)>&tie=__proto__&view=constructor",
        "entity=nobody&without=Nothing toString&hide=__proto__",
        "tie=lantern/SUPPLIES/nobody",
        "years=2030-1900&undated=maybe",
        "years=1e3-Infinity",
        "%E0%A4%A&&&=",
        "path=lantern/lantern&at=1e9,0,99",
        "path=__proto__/lantern&at=0,0,9.00",
        "path=lantern/guard/desk&at=NaN,NaN,NaN",
    ],
)
def test_addresses_are_not_trusted(open_page: Open, story_page: str, fragment: str) -> None:
    """An address that names nothing known changes nothing."""
    tab = open_page(story_page, fragment)
    assert "How to read this" in tab.panel()
    assert visible_counts(tab.page) == [8, 12]
    assert tab.complaints == []


@pytest.mark.parametrize("text", ["lanTERNE secu", "明灯", "فانوس", "ＬＡＮＴ"])
def test_search_folds_names(open_page: Open, story_page: str, text: str) -> None:
    """Case, accents, width and script: every name is found, by any part."""
    tab = open_page(story_page)
    tab.page.locator("body").press("/")
    tab.page.keyboard.type(text)
    assert tab.page.locator("#matches [data-entity]").count() == 1
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("sightlines.state.entity") == "lantern"


def test_search_by_arrow_keys(open_page: Open, story_page: str) -> None:
    """Down and up walk through what was found; Escape closes; what is not there is said."""
    page = open_page(story_page).page
    box = page.locator("#search")
    box.fill("belmora")
    options = page.locator("#matches > *")
    assert options.all_inner_texts()[0].startswith("Belmora")
    box.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == "match-1"
    box.press("Escape")
    assert not page.locator("#matches").is_visible()
    box.fill("zzz")
    assert "No such name" in page.locator("#matches").inner_text()
    assert options.last.get_attribute("data-elsewhere") == "/search?q=zzz"


def test_walk_by_keyboard(open_page: Open, story_page: str) -> None:
    """Arrows walk and are announced, Enter opens and then enters the evidence, Escape clears."""
    tab = open_page(story_page)
    page = tab.page
    page.locator("#canvas").focus()
    cursors = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        cursors.add(page.evaluate("sightlines.state.cursor"))
    assert len(cursors) > 2
    assert "connection" in page.locator("#status").inner_text()
    page.keyboard.press("Enter")
    assert page.evaluate("sightlines.state.entity") in cursors
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert "How to read this" in tab.panel()
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
    page.get_by_role("button", name="Dark theme", pressed=True).click()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.reload()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


def test_copy_link(open_page: Open, story_page: str) -> None:
    """The address with its state goes to the clipboard, or the button says where it is."""
    page = open_page(story_page, "entity=desk").page
    page.locator("#copy").click()
    page.wait_for_function("() => document.getElementById('copy').textContent !== 'Copy link'")
    assert page.locator("#copy").inner_text() in ("Copied", "Copy it by hand")


def save(page: Any, button: str, folder: Path) -> Path:
    """Save the picture by a button of the menu."""
    page.locator("#share summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_picture(open_page: Open, story_page: str, tmp_path: Path) -> None:
    """PNG at twice its size; SVG of the selection, wherever the window looks, with its sentence,
    status, sources and date as text; and the whole picture with its filters."""
    tab = open_page(story_page, f"tie={SUPPLY}&without=Technology&at=900,900,2.00")
    png = save(tab.page, "PNG", tmp_path)
    assert png.name == "sightlines-lantern-supplied-border-guard-of-belmora-disputed.png"
    head = png.read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:])
    canvas = tab.page.locator("#canvas").bounding_box()
    assert head.startswith(b"\x89PNG")
    assert width == 2 * canvas["width"]
    assert 2 * canvas["height"] < height < 2 * canvas["height"] + 600
    drawing = ElementTree.parse(save(tab.page, "SVG", tmp_path)).getroot()
    words = " ".join(t.text or "" for t in drawing.iter("{http://www.w3.org/2000/svg}text"))
    for word in ("Lantern supplied Border Guard of Belmora (disputed)", "Company",
                 "documented, disputed · 2021, by 1 of 2 claims · 2 claims, 2 independent "
                 "accounts; 1 claim denies it.",
                 "Sources: Cameras at the border, Costaria Gazette, 12 December 2022 "
                 "(citing Border Guard of Belmora; Lantern; Who sells to Belmora) · "
                 "Register of exports, 2021",
                 "snapshot f00d, saved on 20"):  # fmt: skip
        assert word in words
    # What is not selected is no part of the file.
    assert "Night camera" not in words and "Open Desk" not in words
    names = [t for t in drawing.iter("{http://www.w3.org/2000/svg}text") if t.text == "Lantern"]
    part = drawing.find("{http://www.w3.org/2000/svg}svg")
    assert part is not None and names
    left, top, width, height = map(float, str(part.get("viewBox")).split())
    assert left < float(names[0].get("x", "nan")) < left + width
    assert top < float(names[0].get("y", "nan")) < top + height
    tab.page.evaluate("location.hash = 'without=Technology'")
    tab.page.wait_for_function("() => !sightlines.state.tie")
    file = save(tab.page, "SVG", tmp_path)
    text = " ".join(ElementTree.parse(file).getroot().itertext())
    assert file.name == "sightlines-who-supplied-belmora.svg"
    assert "7 entities, 9 connections shown. Filters: without Technology." in text
    assert tab.complaints == []


def test_path(open_page: Open, story_page: str) -> None:
    """Two ends by the boxes: hop by hop, the weakest marked, with the caution; kept by address."""
    tab = open_page(story_page)
    page = tab.page
    page.get_by_label("From", exact=True).select_option("Lantern")
    page.get_by_label("To", exact=True).select_option("marchers in Belmora")
    panel = tab.panel()
    assert "A chain is not proof of a relationship between its two ends." in panel
    assert page.locator(".hops > li").count() == 2
    assert "USES" not in panel and "watch marchers" in panel
    assert "used surveillance" in page.locator(".hops > li:has(.weakest)").inner_text()
    link = page.locator("#panel a", has_text="Search all records").get_attribute("href")
    assert link == "/path?from=lantern&to=marchers"
    assert "#path=lantern/marchers" in page.url
    page.reload()
    assert page.locator(".hops > li").count() == 2
    page.get_by_role("checkbox", name="alleged").uncheck()
    assert "How to read this" in tab.panel()


def test_path_is_as_strong_as_its_weakest_hop(open_page: Open, story_page: str) -> None:
    """A longer chain of reports comes before one planned tie; what is not joined is said."""
    page = open_page(story_page, "without=Agreement State").page
    chain = "[...document.querySelectorAll('.hops h3')].map((h) => h.textContent)"
    page.evaluate("location.hash = 'path=desk/guard'")
    page.wait_for_function("() => sightlines.state.path?.to === 'guard'")
    assert page.evaluate(chain) == [
        "Open Desk inquired into Lantern",
        "Lantern supplied Border Guard of Belmora (disputed)",
    ]  # fmt: skip
    page.evaluate("location.hash = 'path=lantern/marchers&hide=documented reported'")
    page.wait_for_function("() => sightlines.state.path?.to === 'marchers'")
    assert "No chain" in page.locator("#panel").inner_text()


def test_place_is_kept(open_page: Open, story_page: str) -> None:
    """The address holds zoom and position, and a page that is opened by it shows the same."""
    page = open_page(story_page).page
    place = "[sightlines.network.getScale(), sightlines.network.getViewPosition().x]"
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("() => location.hash.includes('at=')")
    before = page.evaluate(place)
    page.reload()
    assert page.evaluate(place) == pytest.approx(before, abs=1)
    page.get_by_role("button", name="Show the whole graph").click()
    assert "at=" not in page.url


def test_nothing_passes(open_page: Open, story_page: str) -> None:
    """Filters that leave nothing say so, and one button brings everything back."""
    page = open_page(story_page).page
    for box in page.locator("#statuses input").all():
        box.uncheck()
    assert page.locator("#none").is_visible()
    page.locator("#none button").click()
    assert visible_counts(page) == [8, 12]


def test_cite_and_embed(open_page: Open, story: Subgraph) -> None:
    """A citation of the page or of the connection; a frame's HTML with what is seen, escaped."""
    cite = {key: {"text": f"T{key}", "bibtex": "@misc{b}", "csl": []} for key in ("", SUPPLY)}
    metadata = PageMetadata(
        citations=cite,
        notices=["The data have changed since."],
        permalink="http://127.0.0.1/graph?seen_in=f00d",
    )
    html = graph_page(story, title='A "<b>" & C', lead="", links=Links.server(), metadata=metadata)
    page = open_page(html).page
    assert page.locator(".notice").inner_text() == "The data have changed since."
    areas = page.locator("#panel textarea")
    for fragment, text in (("", "T"), (f"tie={SUPPLY}", f"T{SUPPLY}")):
        page.evaluate("(hash) => { location.hash = hash }", fragment)
        page.locator("#share summary").click()
        page.get_by_role("button", name="Cite").click()
        assert areas.first.input_value() == text
    page.locator("#share summary").click()
    page.get_by_role("button", name="Embed").click()
    frame = areas.first.input_value()
    # Of the snapshot, as wide as its page, with no border, and a line that says where it is from.
    assert f'src="http://127.0.0.1/graph?seen_in=f00d&amp;embed=1#tie={SUPPLY}"' in frame
    assert "width:100%" in frame and "border:0" in frame
    assert f'<a href="http://127.0.0.1/graph?seen_in=f00d#tie={SUPPLY}">Lantern supplied' in frame
    assert areas.first.evaluate("e => e.scrollHeight - e.clientHeight") <= 4
    # Escape closes what was opened last, and the selection stays.
    page.keyboard.press("Escape")
    assert "Lantern supplied" in page.locator("#panel h2").inner_text()
    assert page.evaluate("sightlines.state.tie") == SUPPLY
    page.evaluate("location.hash = ''")
    page.wait_for_function("() => !sightlines.state.tie")
    page.locator("#share summary").click()
    page.get_by_role("button", name="Embed").click()
    assert 'title="A &quot;&lt;b&gt;&quot; &amp; C"' in areas.first.input_value()


def test_embedded(open_page: Open, story_page: str) -> None:
    """A small frame: the picture, the evidence once it is asked for, and a link back."""
    page = open_page(story_page, viewport={"width": 720, "height": 540}).page
    page.goto(f"{page.url}?embed=1")
    assert (
        not page.locator("header, footer, .controls, .actions, #panel")
        .locator("visible=true")
        .count()
    )
    page.mouse.click(*point(page, "lantern"))
    assert page.locator("#panel").is_visible()
    link = page.get_by_role("link", name="Open in Sightlines").get_attribute("href")
    assert link.endswith("page.html#entity=lantern")
    assert page.evaluate("document.documentElement.scrollHeight") <= 540


def test_a_broken_script_leaves_the_table(open_page: Open, story_page: str) -> None:
    """Where the picture cannot be drawn, the page says so and shows all that it has as text."""
    page = open_page(story_page.replace('id="data">{', 'id="data">{{')).page
    assert page.get_by_role("alert").is_visible()
    assert page.locator("#rows > tr:visible").count() == 12
    assert page.locator(".live:visible").count() == 0


def test_search_form_of_a_site(open_page: Open, story: Subgraph, tmp_path: Path) -> None:
    """On a static site the form leads to a file, and the policy lets it."""
    (tmp_path / "search.html").write_text("found", encoding="utf-8")
    page = open_page(graph_page(story, title="t", lead="l", links=Links.site())).page
    page.get_by_role("searchbox").fill("night camera")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=night+camera")


def test_without_scripts(open_page: Open, story: Subgraph, story_page: str) -> None:
    """No button that does nothing: the table, the claims and the entities, all of them."""
    page = open_page(story_page, java_script_enabled=False).page
    assert page.locator("#rows > tr:visible").count() == len(story.ties)
    assert page.locator("main").locator("button:visible, input:visible, #canvas").count() == 1
    assert not page.locator("#canvas").is_visible()
    assert page.get_by_role("searchbox").is_visible()
    assert not page.locator("#c1").is_visible()
    page.locator("#rows .claim-links a").first.click()
    assert page.locator("#c1").is_visible()
    assert page.locator("#others .card").is_visible()
    assert page.locator("#entities .entity:visible").count() == len(story.entities)


def test_hostile_words_do_nothing(open_page: Open, hostile: Subgraph) -> None:
    """Scripts, handlers and markup in every text: drawn, searched and opened as plain text."""
    tab = open_page(
        graph_page(
            hostile,
            title="<script>window.__pwned = 9</script>",
            lead="{{ 7 * 7 }}",
            links=Links.server(),
            passages={i: '<img src=x onerror="window.__pwned = 4">' for i in hostile.claims},
        )
    )
    page = tab.page
    for tie in hostile.ties:
        page.evaluate("(key) => { location.hash = 'tie=' + encodeURIComponent(key) }", str(tie.key))
        page.wait_for_function("(key) => sightlines.state.tie === key", arg=str(tie.key))
    page.locator("#search").fill("script")
    page.wait_for_timeout(200)
    assert page.evaluate("window.__pwned") is None
    assert page.locator("#panel img, #panel script, #matches img").count() == 0
    assert tab.complaints == []
    assert len(tab.requests) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(
    open_page: Open, story_page: str, scheme: str, device: dict[str, Any]
) -> None:
    """No violation of any of axe's rules, in both themes, on both sizes, in every view."""
    tab = open_page(story_page, color_scheme=scheme, bypass_csp=True, **device)
    for view in (f"tie={SUPPLY}", "path=desk/marchers", "entity=lantern&view=table"):
        tab.page.evaluate("(hash) => { location.hash = hash }", view)
        tab.page.wait_for_function("(h) => location.hash.includes(h)", arg=view)
        tab.page.evaluate("document.getElementById('filters').click()")
        tab.page.evaluate("document.getElementById('share').open = true")
        assert (view, tab.violations()) == (view, [])


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
        """[...document.querySelectorAll(
            "button, summary.button, select, nav a, .search input, .more label"
          )]
          .filter((e) => e.offsetParent && !e.closest(".card"))
          .map((e) => [e.offsetHeight, e.textContent.slice(0, 30)])"""
    )
    assert [h for h in heights if h[0] < 44] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # As narrow as a desktop page at 400 %.
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_hub_answers_at_once_and_whole(open_page: Open, hub_page: str) -> None:
    """A click has its evidence before the next frame; the rest of a long list follows by itself."""
    page = open_page(hub_page).page
    at_once = page.evaluate(
        """() => {
          const { network } = sightlines;
          const DOM = network.canvasToDOM(network.getPositions(["hub"]).hub);
          network.body.emitter.emit("click", { pointer: { DOM } });
          return document.querySelectorAll("#panel .ties li").length;
        }"""
    )
    assert at_once == 20
    page.wait_for_function("() => document.querySelectorAll('#panel .ties li').length === 70")
    page.wait_for_function("() => document.querySelectorAll('#panel .card').length === 70")
    assert page.locator("#panel [id]").count() == 0


def test_a_row_leads_to_its_evidence(open_page: Open, story_page: str) -> None:
    """With scripts the number of a claim opens the panel, and the address stays the page's own."""
    tab = open_page(story_page, "view=table")
    tab.page.locator(f'tr[data-tie="{SUPPLY}"] .claim-links a').first.click()
    assert "Lantern supplied Border Guard of Belmora" in " ".join(tab.panel().split())
    assert tab.page.evaluate("document.activeElement.id") == "panel"
    assert f"tie={SUPPLY}" in tab.page.url


def test_rows_stack_on_a_phone(open_page: Open, story_page: str) -> None:
    """No column is cut off or scrolled to: each connection is a block of its own."""
    page = open_page(story_page, "view=table", **PHONE).page
    assert page.evaluate("document.querySelector('.scroll').scrollWidth") <= 390
    assert page.locator("#rows > tr").first.bounding_box()["height"] > 60


@pytest.mark.parametrize("view", [f"tie={SUPPLY}", "entity=lantern&view=table"])
def test_zoom_to_200_percent(open_page: Open, story_page: str, view: str) -> None:
    """A desktop at 200 %: nothing sticks out to the side, and no words are cut off."""
    page = open_page(
        story_page, view, viewport={"width": 640, "height": 425}, device_scale_factor=2
    ).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    cut = page.evaluate(
        """[...document.querySelectorAll("h1, h2, h3, p, button, summary, label, dd, td, th, a")]
          .filter((e) => e.offsetParent && !e.matches(".unseen"))
          .filter((e) => getComputedStyle(e).overflow === "hidden")
          .filter((e) => e.scrollWidth > e.clientWidth + 1)
          .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []


def test_print(open_page: Open, story_page: str) -> None:
    """On paper: light, graph, panel and table, and no controls."""
    page = open_page(story_page, f"tie={SUPPLY}", color_scheme="dark").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert page.locator("button:visible, input:visible, select:visible, nav:visible").count() == 0
    assert page.locator("#legend").is_visible()
    # 150 millimetres.
    assert page.locator(".stage").bounding_box()["height"] == pytest.approx(567, abs=1)
    for part in (".stage", "#panel .card >> nth=0", "#rows >> tr >> nth=0"):
        assert page.locator(part).is_visible()


def test_an_entity_is_printed_without_repetition(open_page: Open) -> None:
    """Its connections, and its claims in a sentence with its document; no table of the same."""
    claims = [
        claim("supplies", {"supplier": f"s{n}", "recipient": "hub"}, f"S{n} supplied the hub.")
        for n in range(60)
    ]
    firms = [Entity(id=f"s{n}", type="Company", names=[f"Supplier {n}"]) for n in range(60)]
    graph = subgraph([Entity(id="hub", type="State", names=["Hub"]), *firms], claims, focus="hub")
    page = open_page(graph_page(graph, title="Hub", lead="", links=Links.server())).page
    sheets = page.pdf(format="A4").count(b"/Type /Page\n")
    assert 0 < sheets <= 5
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#panel").get_by_text("S59 supplied the hub.").is_visible()
    assert page.locator("#panel .claims .document").first.is_visible()
    assert not page.locator("#rows").is_visible() and page.locator("#sources").is_visible()
