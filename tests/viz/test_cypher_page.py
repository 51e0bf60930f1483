"""The page /cypher in Chromium: with CodeMirror, with the text field alone, and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from sightlines.editor import fetch_editor, read_editor
from sightlines.settings import Settings
from tests.viz.conftest import Tab
from tests.viz.invented import cypher_content
from tests.viz.test_pages_browser import PHONE
from viz.cypher_page import CypherContent, cypher_page
from viz.editor import Editor
from viz.links import Links

HOST = "http://sightlines.test"
Visit = Callable[..., Tab]


@pytest.fixture(scope="module")
def codemirror(jars: Path) -> Editor:
    """The editor, from its jar beside Neo4j's."""
    settings = Settings(cache=jars.parent)
    fetch_editor(settings)
    editor = read_editor(settings)
    assert editor is not None
    return editor


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open the page at an address that answers every question with the same page."""
    contexts = []

    def open_at(content: CypherContent, **options: Any) -> Tab:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        html = cypher_page(content)
        context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        tab = Tab(context.new_page())
        tab.page.goto(f"{HOST}/cypher")
        return tab

    yield open_at
    for context in contexts:
        context.close()


def question(page: Page) -> dict[str, list[str]]:
    """What the address asks."""
    return parse_qs(urlsplit(page.url).query)


EMPTY = CypherContent(Links.server())


def test_a_query_is_written_with_completion_and_run_by_keyboard(
    visit: Visit, codemirror: Editor
) -> None:
    """Labels after a colon, Tab out of the editor, Ctrl+Enter, and the list of recent queries."""
    tab = visit(replace(EMPTY, editor=codemirror))
    page = tab.page
    page.locator(".CodeMirror").click()
    page.keyboard.type("MATCH (n:Comp")
    hints = page.locator(".CodeMirror-hint")
    expect(hints).to_have_text(["Company"])
    page.keyboard.press("Enter")
    page.keyboard.type(") RETURN n.id")
    page.keyboard.press("Escape")
    assert page.locator(".CodeMirror .cm-keyword").all_inner_texts() == ["MATCH", "RETURN"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "parameters"
    page.keyboard.type('{"a": 1}')
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cypher?*")
    statement = "MATCH (n:Company) RETURN n.id"
    assert question(page) == {"statement": [statement], "parameters": ['{"a": 1}']}
    page.locator("#saved summary").click()
    recent = page.locator("#recent-list a")
    expect(recent).to_have_text([statement])
    recent.click()
    assert question(page)["statement"] == [statement]
    assert tab.complaints == []


def test_without_an_editor_the_field_does_the_same(visit: Visit) -> None:
    """Ctrl+Enter runs, names of the schema are inserted, queries are saved and removed again."""
    tab = visit(EMPTY)
    page = tab.page
    page.locator("#statement").fill("MATCH (n:) RETURN n")
    page.locator("#statement").evaluate("field => field.setSelectionRange(9, 9)")
    page.locator("#schema > summary").click()
    page.get_by_text("Entities", exact=True).click()
    page.get_by_role("button", name="Insert Company").click()
    statement = "MATCH (n:Company) RETURN n"
    expect(page.locator("#statement")).to_have_value(statement)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#saved-list a")).to_have_text([statement])
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cypher?*")
    assert question(page)["statement"] == [statement]
    page.locator("#saved summary").click()
    page.locator("#saved-list button").click()
    expect(page.locator("#saved-list")).to_have_text("None yet.")
    page.get_by_role("button", name="Plan").click()
    assert tab.complaints == []


def test_a_fault_is_marked_at_its_place(visit: Visit, codemirror: Editor) -> None:
    """In the editor; a button leads there, in the plain field as well."""
    content = cypher_content(Links.server())
    page = visit(replace(content, editor=codemirror)).page
    expect(page.locator(".CodeMirror .fault")).to_have_text("n")
    page.get_by_role("button", name="Go there").click()
    assert page.evaluate("document.querySelector('.CodeMirror').contains(document.activeElement)")
    page = visit(content).page
    page.get_by_role("button", name="Go there").click()
    field = "[document.activeElement.id, document.activeElement.selectionStart]"
    assert page.evaluate(field) == ["statement", content.statement.index("n.id")]


def test_a_query_that_runs_can_be_cancelled(visit: Visit) -> None:
    """The page says that it runs; the button hangs up, and says so."""
    page = visit(EMPTY).page
    page.locator("#statement").fill("RETURN 1")
    # In one step: Playwright waits for an answer between two.
    states = page.evaluate(
        """() => {
          const [cancel, progress] = ["cancel", "progress"].map((i) => document.getElementById(i));
          const state = () => [cancel.hidden, progress.textContent];
          const before = state();
          document.querySelector(".ask button[type=submit]").click();
          const running = state();
          cancel.click();
          return [before, running, state()];
        }"""
    )
    assert states == [[True, ""], [False, "Running …"], [True, "Cancelled."]]


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, PHONE])
def test_the_editor_hinders_nobody(
    visit: Visit, codemirror: Editor, options: dict[str, Any]
) -> None:
    """No violation of axe's rules, nothing wider than the screen, not a word on the console."""
    tab = visit(replace(cypher_content(Links.server()), editor=codemirror), **options)
    assert tab.violations() == [] and tab.complaints == []
    width, window = tab.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= window


def test_without_scripts_nothing_is_missing_but_the_editor(visit: Visit) -> None:
    """Form, schema, examples, plan, rows and picture stand in the page."""
    content = cypher_content(Links.server())
    page = visit(content, java_script_enabled=False).page
    for name in ("Plan", "Rows", "Nodes and edges"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator("#statement")).to_have_value(content.statement)
    assert page.locator(".drawing text").all_text_contents() == [
        "SUPPLIER", "Lantern sold cameras.", "Lantern",
    ]  # fmt: skip
    links = page.locator("td a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert links == ["/entity/lantern", "/tie/lantern/SUPPLIES/guard"]
    page.get_by_role("button", name="Run and count").click()
    assert question(page)["plan"] == ["profile"]
