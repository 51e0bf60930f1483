"""Take a picture of every page, to be looked at: `make screenshots` while `make up` runs (PORT=).

    python docs/screenshots.py [PORT] [OUT]

Each page at the size of a desk and of a phone, in light and dark. `OUT/index.html` shows them side
by side. Nothing of it is committed; the README's one picture is taken by `screenshot.py`.
"""

from __future__ import annotations

import html
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi import Request
from playwright.sync_api import Browser, Page, sync_playwright

from api.routes.pages import message
from graph.errors import StoreUnreachable
from graph.language import ENGLISH

OUT = Path("build/screenshots")
TIE = "tiandy/SUPPLIES/irgc"
#: Each page or state by its name: an address of a server on the seeds.
PAGES = {
    "home": "/",
    "explore": "/graph",
    "explore-tie": f"/graph#tie={TIE}",
    "explore-path": "/graph#path=tiandy/iran-protesters",
    "explore-table": "/graph#view=table",
    "explore-embedded": f"/graph?embed=1#tie={TIE}",
    "entity": "/entity/tiandy",
    "tie": f"/tie/{TIE}",
    "path": "/path?from=Tiandy&to=iran-protesters",
    "path-none": "/path?from=Tiandy&to=zzzzzz",
    "source": "/source/lisas-top-ten-chinese-technology-aiding-crackdown",
    "story": "/story/china-and-irans-crackdown",
    "timeline": "/timeline",
    "compare": "/compare?left=2009&right=2022",
    "search": "/search?q=iran",
    "search-none": "/search?q=tiendy",
    "too-much": "/search?q=china&limit=1",
    "cypher": "/cypher",
    "not-found": "/entity/tiendy",
}
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 850}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
THEMES = ("light", "dark")


def main(port: str, out: Path) -> None:
    """Take them all, and write the sheet that shows them."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for size in SIZES:
            for theme in THEMES:
                for name, page in _pages(browser, f"http://127.0.0.1:{port}", size, theme):
                    # As far as somebody may scroll; what keeps its place while the rest scrolls
                    # would stand in the wrong one.
                    whole = name != "story"
                    page.screenshot(path=out / f"{name}-{size}-{theme}.png", full_page=whole)
        browser.close()
    (out / "index.html").write_text(_sheet(), encoding="utf-8")
    print(f"{len(list(out.glob('*.png')))} pictures: {out / 'index.html'}")


def _pages(browser: Browser, server: str, size: str, theme: str) -> Iterator[tuple[str, Page]]:
    """Yield every page, ready to be taken; one window serves them all."""
    options = {"color_scheme": theme, "reduced_motion": "reduce"}
    context = browser.new_context(**SIZES[size], **options)
    page = context.new_page()
    for name, address in PAGES.items():
        # The same path with another fragment would not be loaded anew.
        page.goto("about:blank")
        page.goto(server + address)
        page.wait_for_timeout(300)
        yield name, page
    # The policy of the page before would hold for it as well.
    page.goto("about:blank")
    page.set_content(_store_down())
    yield "store-down", page
    context.close()
    without = browser.new_context(**SIZES[size], **options, java_script_enabled=False)
    page = without.new_page()
    page.goto(f"{server}/entity/tiandy")
    yield "without-scripts", page
    without.close()


def _store_down() -> str:
    """The page that a server sends while its store is away; the one that runs has its store."""
    services = SimpleNamespace(language=ENGLISH)
    app = SimpleNamespace(state=SimpleNamespace(services=services))
    return bytes(message(Request({"type": "http", "app": app}), StoreUnreachable()).body).decode()


def _sheet() -> str:
    """One row a page, one column a size and theme."""
    kinds = [(size, theme) for size in SIZES for theme in THEMES]
    head = "".join(f"<th>{size}, {theme}</th>" for size, theme in kinds)
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th>"
        + "".join(_cell(f"{name}-{size}-{theme}.png") for size, theme in kinds)
        + "</tr>"
        for name in [*PAGES, "store-down", "without-scripts"]
    )
    style = "img{width:100%}td{width:24%;vertical-align:top}th{font:14px sans-serif}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title>'
        f"<style>{style}</style><table><tr><th></th>{head}</tr>{rows}</table></html>\n"
    )


def _cell(file: str) -> str:
    return f'<td><a href="{file}"><img src="{file}" alt="{file}" loading="lazy"></a></td>'


if __name__ == "__main__":
    arguments = sys.argv[1:]
    port_, out_ = [*arguments, *["8000", str(OUT)][len(arguments) :]]
    main(port_, Path(out_))
