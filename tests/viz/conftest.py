"""What the tests of the pages share: two invented graphs, and a Chromium that may go nowhere.

Each test that needs the browser carries the mark `browser`, by its fixtures and not by hand. The
graphs are built from claims through the projection, as everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from graph.model import Entity, Source, Subgraph
from scripts.browser import find as find_browser
from tests.viz.invented import claim, invented_graph, subgraph
from viz import Links, PageMetadata, graph_page


@pytest.fixture(scope="session")
def story() -> Subgraph:
    """Seven invented entities; the supply is documented, disputed, and has two accounts."""
    return invented_graph()


@pytest.fixture(scope="session")
def passages(story: Subgraph) -> dict[str, str]:
    """The quoted passage of the first claim."""
    return {next(iter(story.claims)): "night cameras were sold"}


@pytest.fixture(scope="session")
def story_page(story: Subgraph, passages: dict[str, str]) -> str:
    """The page of the story, as a server would send it."""
    return graph_page(
        story,
        title="Who supplied Belmora",
        lead="Invented for a test.",
        links=Links.server(),
        passages=passages,
        metadata=PageMetadata(snapshot="f00d"),
    )


HOSTILE = [
    "</script><script>window.__pwned = 1</script>",
    '<img src=x onerror="window.__pwned = 2">',
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "'\"><svg onload=window.__pwned=3>",
    "<!--<script>",
    "x" * 450 + " &amp; \u2028",
]


@pytest.fixture(scope="session")
def hostile() -> Subgraph:
    """A graph whose every text would do harm, if anything but text were made of it."""
    entities = [
        Entity(id=f"e{n}", type="Company", names=[text[:450].replace("\u2028", "")])
        for n, text in enumerate(HOSTILE)
    ]
    sources = [
        Source(
            id="gazette",
            kind="article",
            title=HOSTILE[0],
            publisher=HOSTILE[1],
            url="https://a.example/'onmouseover='x",
        )
    ]
    claims = [
        claim(
            "supplies",
            {"supplier": f"e{n}", "recipient": f"e{(n + 1) % len(HOSTILE)}"},
            text,
            note=HOSTILE[1],
            said_by=["gazette", "e0"],
        )
        for n, text in enumerate(HOSTILE)
    ]
    return subgraph(entities, claims, sources, focus="e1")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window, found on the path.

    It ends with the module: Playwright keeps an event loop running in the thread as long as it
    lives, and no test after it could start one.
    """
    path = find_browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        chromium.close()


class Tab:
    """An open page, and all that it said, asked for or popped up."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def panel(self) -> str:
        """The panel's text."""
        return self.page.locator("#panel").inner_text()

    def violations(self) -> list[str]:
        """What axe finds wrong, by rule and element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        report = self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        return [
            f"{v['id']}: {node['html'][:120]}" for v in report["violations"] for node in v["nodes"]
        ]


Open = Callable[..., Tab]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open HTML from a file, so that its own policy holds; keywords go to the browser's context.

    `fragment` is what follows "#" in the address.
    """
    contexts = []

    def tab(html: str, fragment: str = "", **options: Any) -> Tab:
        options = {"viewport": {"width": 1280, "height": 850}, "reduced_motion": "reduce"} | options
        context = browser.new_context(**options)
        contexts.append(context)
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        result = Tab(context.new_page())
        result.page.goto(file.as_uri() + (f"#{fragment}" if fragment else ""))
        return result

    yield tab
    for context in contexts:
        context.close()
