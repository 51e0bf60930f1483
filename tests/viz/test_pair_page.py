"""The page of pairs in Chromium, over a real server: keys, undo, two windows, an outside edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.judging import create_judging_app
from graph.dataset import check, read
from graph.dataset.pair_review import PairReview
from graph.same import propose
from tests.http_server import listening
from tests.viz.conftest import Tab
from tests.viz.test_pages_browser import LOOKS, SMALL

TOKEN = "t0ken"
RECORDS = """
dataset: pairs
sources:
  - {id: study, kind: study, title: A study of lanterns, publisher: P, read_on: "2023-01-01",
     url: "https://example.org/study"}
entities:
  - {id: lantern, type: Company, names: [Lantern, {text: فانوس, lang: fa}], country: "NO"}
  - {id: lantern-2, type: Company, names: LANTERN LTD, identifiers: [{scheme: LEI, value: "1"}]}
  - {id: harbour, type: Company, names: Harbour Works}
  - {id: harbour-2, type: Company, names: "Harbour Works <b>AS</b>"}
  - {id: belmora, type: State, names: Belmora}
claims:
  - predicate: supplies
    roles: {supplier: lantern, recipient: belmora}
    source: study
    said_by: [study]
    when: "2015"
    modality: stated
    summary: Lantern sold lamps to Belmora.
    recorded_on: 2024-01-01
    recorded_by: tests
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data set with two pairs."""
    (tmp_path / "set.yaml").write_text(RECORDS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """The address of the page; judgements go to `same.yaml`."""
    data = read([folder])
    pairs = propose(list(data.entities.values()))
    assert [pair.left.id for pair in pairs] == ["lantern", "harbour"]
    review = PairReview(pairs, folder / "same.yaml", "Ann Lee")
    with listening(create_judging_app(review, data, TOKEN)) as base:
        yield f"{base}/{TOKEN}/"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A context of the browser."""
    context = browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


def at(context: BrowserContext, address: str) -> Page:
    """Return a new page that is open at an address."""
    page = context.new_page()
    page.goto(address)
    return page


def press(page: Page, key: str) -> None:
    """Press a key once the page has put the focus on an answer."""
    expect(page.locator("#answers :focus")).to_be_visible()
    page.keyboard.press(key)


def test_the_keyboard_alone_decides(context: BrowserContext, address: str, folder: Path) -> None:
    """A letter each, while an answer has the focus; the reason is written first; undo goes back."""
    page = at(context, address)
    sides = page.locator(".beside").inner_text()
    assert "Lantern sold lamps to Belmora. (2015) A study of lanterns" in sides
    assert "فانوس" in sides and "LEI" in sides and "NO" in sides
    expect(page.get_by_role("button", name="Skip")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    why = page.get_by_label("Why")
    expect(why).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("One register: both sell lamps.")
    page.keyboard.press("Enter")  # Answers nothing.
    expect(page.get_by_text("Pair 1 of 2")).to_be_visible()
    page.keyboard.press("Tab")
    press(page, "s")
    expect(page.get_by_text("Pair 2 of 2")).to_be_visible()
    assert "Harbour Works <b>AS</b>" in page.locator(".beside").inner_text()
    (judgement,) = read([folder]).judgements
    assert (judgement.left, judgement.right, judgement.verdict) == ("lantern", "lantern-2", "same")
    assert (judgement.by, judgement.reason) == ("Ann Lee", "One register: both sell lamps.")
    press(page, "d")
    expect(page.get_by_text("No pair is left.")).to_be_visible()
    assert [j.verdict for j in read([folder]).judgements] == ["same", "different"]
    press(page, "z")
    press(page, "k")
    expect(page.get_by_text("No pair is left.")).to_be_visible()
    assert check([folder]).ok and len(read([folder]).judgements) == 1


def test_nobody_is_hindered(browser: Browser, address: str) -> None:
    """No violation of axe's rules, nothing wider than the screen, nothing asked of another host."""
    for options in LOOKS.values():
        context = browser.new_context(**options)
        tab = Tab(context.new_page())
        tab.page.goto(address)
        for last in (False, True):
            assert tab.violations() == [] and tab.complaints == []
            assert tab.page.evaluate(SMALL) == []
            assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if not last:
                press(tab.page, "u")
                expect(tab.page.get_by_text("Pair 2 of 2")).to_be_visible()
        press(tab.page, "z")
        expect(tab.page.get_by_text("Pair 1 of 2")).to_be_visible()
        assert {request.partition("/t0ken")[0] for request in tab.requests} == {
            address.partition("/t0ken")[0]
        }
        context.close()


def test_two_windows_and_an_outside_edit_lose_nothing(
    context: BrowserContext, address: str, folder: Path
) -> None:
    """The window that is behind is told, and a file that somebody else has changed stays so."""
    one, two = at(context, address), at(context, address)
    press(one, "d")
    expect(one.get_by_text("Pair 2 of 2")).to_be_visible()
    press(two, "s")
    expect(two.get_by_role("alert")).to_contain_text("Another window")
    expect(two.get_by_text("Pair 2 of 2")).to_be_visible()
    assert [j.verdict for j in read([folder]).judgements] == ["different"]
    file = folder / "same.yaml"
    edited = "# mine\n" + file.read_text(encoding="utf-8")
    file.write_text(edited, encoding="utf-8")
    press(two, "s")
    expect(two.get_by_role("alert")).to_contain_text("was changed by somebody else")
    assert file.read_text(encoding="utf-8") == edited


def test_only_the_address_with_the_token_answers(address: str, folder: Path) -> None:
    """Neither another path, nor another host's name, nor an answer that there is not."""
    base = address.removesuffix(f"{TOKEN}/")
    form = {"number": "0", "answer": "same"}
    with httpx2.Client() as client:
        for path in ("", "x/", "t0ke/", f"{TOKEN}x/"):
            assert client.get(base + path).status_code == 404
            assert client.post(base + path, data=form).status_code == 404
        evil = {"Host": "evil.example"}
        assert client.post(address, data=form, headers=evil).status_code == 400
        for wrong in ({}, {"number": "0"}, {"number": "0", "answer": "x"}, {"answer": "same"}):
            assert client.post(address, data=wrong).status_code in (409, 422)
        answer = client.get(address)
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
    assert not (folder / "same.yaml").exists()
