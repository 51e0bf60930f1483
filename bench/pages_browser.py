"""One page in headless Chromium: when it is there, when it is still, and how fast it answers."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page, Route, TimeoutError, sync_playwright

_PROBE = Path(__file__).with_name("pages_probe.js")
#: What opens evidence, and what shows that it is there: a click and our panel; on a stock page the
#: pointer alone, and a tooltip.
_OURS, _STOCK = ("pointerdown", "#panel .close"), ("pointermove", ".vis-tooltip")


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What was measured of one page; times in milliseconds, None where it did not come to pass.

    `display` and `still` count from the start of loading. `answer` is the time from a press (for
    stock: from the pointer's arrival) to evidence that is painted. `frame` and `slow_frame` are
    the median and the 95th percentile of the time between frames while panning. `outside` counts
    requests to other hosts; they are refused at once, which is kinder than a slow network.
    """

    size: int
    gzipped: int
    first_paint: float | None
    display: float | None
    still: float | None
    answer: float | None
    frame: float | None
    slow_frame: float | None
    outside: int


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium without a window and without a graphics card."""
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def look(browser: Browser, file: Path, *, ours: bool, limit: float) -> PageFigures:
    """Open a page and measure it; wait at most `limit` seconds for its nodes to stand still."""
    outside: list[str] = []

    def refuse(route: Route) -> None:
        outside.append(route.request.url)
        route.abort()

    context = browser.new_context(viewport={"width": 1280, "height": 850})
    try:
        page = context.new_page()
        page.add_init_script(path=_PROBE)
        page.route(re.compile("^https?:"), refuse)
        page.goto(file.as_uri(), wait_until="commit")
        _wait(page, "probe.still !== null", limit)
        display, still = page.evaluate("[probe.shown, probe.still]")
        content = file.read_bytes()
        frames = _pan(page) if display is not None else []
        return PageFigures(
            size=len(content),
            gzipped=len(gzip.compress(content)),
            first_paint=page.evaluate(
                "performance.getEntriesByName('first-paint')[0]?.startTime ?? null"
            ),
            display=display,
            still=still,
            answer=_answer(page, *(_OURS if ours else _STOCK)) if display is not None else None,
            frame=median(frames) if frames else None,
            slow_frame=quantiles(frames, n=20)[-1] if len(frames) > 1 else None,
            outside=len(outside),
        )
    finally:
        context.close()


def _wait(page: Page, condition: str, seconds: float) -> bool:
    try:
        page.wait_for_function(f"() => {condition}", timeout=seconds * 1_000)
    except TimeoutError:
        return False
    return True


def _answer(page: Page, event: str, selector: str) -> float | None:
    """Press an entity; return the time to its evidence, or None if none came within 5 seconds."""
    spot = page.evaluate("probe.spot()")
    if spot is None:
        return None
    page.mouse.move(1, 1)
    page.evaluate("(given) => probe.answer(...given)", [event, selector])
    page.mouse.move(*spot)
    if event == "pointerdown":
        page.mouse.click(*spot)
    _wait(page, "probe.answered !== null", 5)
    milliseconds: float | None = page.evaluate("probe.answered")
    return milliseconds


def _pan(page: Page) -> list[float]:
    """Drag the picture to and fro; return the times between frames, in milliseconds."""
    start = page.evaluate("probe.empty()")
    if start is None:
        return []
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("probe.record()")
    for step in range(60):
        way = step if step < 30 else 60 - step
        page.mouse.move(x + 8 * way, y + 4 * way)
    frames: list[float] = page.evaluate("probe.stop()")
    page.mouse.up()
    return frames
