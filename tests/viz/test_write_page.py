"""The page on which claims are written, in Chromium: by keys, by pointer, and when things fail."""

from __future__ import annotations

import json
import re
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from api.writing import create_writing_app
from graph.exchange.claim_folder import ClaimFolder
from graph.exchange.proposals import take_in
from graph.text import Text, TextStore
from tests.graph.exchange.test_claim_folder import BY_HAND
from tests.http_server import listening
from tests.viz.conftest import Tab
from tests.viz.test_pages_browser import PHONE

TOKEN = "the-token"


@pytest.fixture
def folder(belmora: Path, tmp_path: Path) -> Path:
    """The invented data set in a folder of its own."""
    path = tmp_path / "set"
    path.mkdir()
    shutil.copy(belmora, path / "set.yaml")
    return path


@pytest.fixture
def address(folder: Path, texts: TextStore) -> Iterator[str]:
    """The page of the folder."""
    with listening(create_writing_app(ClaimFolder(folder, texts, [], "an editor"), TOKEN)) as base:
        yield base


Visit = Callable[..., Tab]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Open the page in a window of its own, with its claims shown."""
    contexts = []

    def open_page(**options: Any) -> Tab:
        options = {"viewport": {"width": 1280, "height": 850}, "reduced_motion": "reduce"} | options
        context = browser.new_context(**options)
        contexts.append(context)
        tab = Tab(context.new_page())
        tab.page.goto(f"{address}/#token={TOKEN}")
        expect(tab.page.locator("#list li")).not_to_have_count(0)
        return tab

    yield open_page
    for context in contexts:
        context.close()


def claims(folder: Path) -> list[dict[str, Any]]:
    """The claims that the page has written."""
    path = folder / "gazette.claims.yaml"
    return yaml.safe_load(path.read_text("utf-8"))["claims"] if path.exists() else []


def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def field(page: Page, name: str) -> Locator:
    """The field of the form with a label."""
    return page.locator("#form").get_by_label(name, exact=True).first


def pick(page: Page, name: str, text: str = "") -> None:
    """Take the first suggestion of the field in focus, whose label is known."""
    expect(field(page, name)).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator("[role=listbox]:visible [role=option]").first).to_contain_text(text)
    expect(field(page, name)).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")


def begin(page: Page) -> None:
    """Select the sentence of the study with keys, and begin a claim."""
    expect(page.locator("#passage")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Space")
    expect(page.locator("#selected")).to_contain_text("Lantern, a maker of cameras")
    press(page, "Enter")


WHO = "Who says so, beyond the document (if anybody)"
ELSE = "Who else says the same (if anybody)"
REPLACES = "Replaces the claim (if it corrects one)"
SUMMARY = "In one sentence of your own"


def test_a_claim_by_keys_alone(visit: Visit, folder: Path) -> None:
    """From the text to the YAML: evidence, predicate, roles, a new entity, a date, a sentence."""
    tab = visit()
    page = tab.page
    begin(page)
    pick(page, "What is claimed")
    expect(field(page, "What is claimed")).to_have_value("supplies")
    pick(page, "Supplier")
    expect(page.locator(".chips").get_by_text("Lantern")).to_be_visible()
    pick(page, "Recipient")
    expect(field(page, "Item (if said)")).to_be_focused()
    page.keyboard.type("Dusk lens")
    expect(page.get_by_role("option", name="New: Dusk lens Technology")).to_be_visible()
    press(page, "Enter")
    expect(page.locator(".chips").get_by_text("Dusk lens")).to_be_visible()
    for name in ("Via (if said)", "Target (if said)", "How (if said)"):
        expect(field(page, name)).to_be_focused()
        press(page, "Enter")
    expect(field(page, "When it was so (if said)")).to_be_focused()
    page.keyboard.type("last year")
    press(page, "Enter")
    expect(page.get_by_text("Read as: 2021 (2021).")).to_be_visible()
    pick(page, WHO, "[Study")
    expect(field(page, ELSE)).to_be_focused()
    press(page, "Control+Enter")
    expect(field(page, SUMMARY)).to_be_focused()
    press(page, "Control+Enter")
    expect(page.locator("#passage")).to_be_focused()
    expect(page.locator("#selected")).to_have_text("“The study counts forty cameras.”")
    expect(page.locator("#claim-title")).to_have_text(
        "[Study on the cameras at the border] says that Lantern supplied Border Guard of Belmora."
    )
    expect(page.locator("#found")).to_have_text("Nothing.")
    expect(page.locator("#load")).to_contain_text(f"`sightlines load {folder}`")
    expect(page.locator("#ties li").first).to_have_text("Lantern supplied Border Guard of Belmora")
    (claim,) = claims(folder)
    assert list(claim) == [
        "predicate", "roles", "when", "when_note", "said_by", "evidence", "summary",
    ]  # fmt: skip
    assert claim["roles"] == {
        "supplier": "lantern", "recipient": "border-guard", "item": "dusk-lens",
    }  # fmt: skip
    assert (claim["when"], claim["said_by"]) == (2021, "desk-study")
    assert "counted from 12 December 2022" in claim["when_note"]
    assert "id: dusk-lens\n    type: Technology\n" in (folder / "set.yaml").read_text("utf-8")
    assert tab.complaints == []


def test_a_claim_with_the_pointer_and_what_is_left_to_do(visit: Visit, folder: Path) -> None:
    """A double click selects a word, buttons do the rest; undo takes each step back."""
    page = visit().page
    before = (folder / "set.yaml").read_bytes()
    page.get_by_text("The Costaria Gazette").dblclick(position={"x": 60, "y": 8})
    expect(page.locator("#selected")).to_have_text("“Costaria”")
    expect(page.locator("#start")).to_be_hidden()
    page.get_by_role("button", name="Begin a claim").click()
    expect(page.locator("#load")).to_be_hidden()
    field(page, "What is claimed").fill("belongs to")
    page.get_by_role("option", name="is part of").click()
    expect(page.locator("#found")).to_contain_text("Summary: The field is missing.")
    expect(page.locator("#list")).to_contain_text("left to do")
    field(page, SUMMARY).fill("It is so.")
    expect(page.get_by_role("button", name="Undo: summary of the claim")).to_be_visible()
    for name in ("summary", "predicate", "a new claim"):
        page.get_by_role("button", name=f"Undo: {name}").click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    assert not (folder / "gazette.claims.yaml").exists()
    assert (folder / "set.yaml").read_bytes() == before


def test_nobody_is_too_quick(visit: Visit, folder: Path) -> None:
    """What is typed before the program has answered arrives, each name in its place."""
    page = visit().page
    begin(page)
    page.keyboard.type("supplies")
    press(page, "Enter")
    page.keyboard.type("Lantern")
    press(page, "Shift+Enter")
    page.keyboard.type("Open Desk")
    press(page, "Enter")
    page.keyboard.type("border guard")
    press(page, "Enter")
    # Six answers of the program, one after the other.
    expect(field(page, "Item (if said)")).to_be_focused(timeout=20_000)
    expect(page.locator("#ties li")).to_have_count(2)
    assert claims(folder)[0]["roles"] == {
        "supplier": ["lantern", "open-desk"], "recipient": "border-guard",
    }  # fmt: skip


def test_speakers_and_another_claim_on_the_same_words(visit: Visit, folder: Path) -> None:
    """One statement of two speakers is one claim; a second claim on its words shares them."""
    tab = visit()
    page = tab.page
    begin(page)
    pick(page, "What is claimed", "predicts")
    pick(page, "Speaker", "Whoever")
    expect(field(page, "About (if said)")).to_be_focused()
    field(page, WHO).focus()
    for name, label in (("Open Desk", WHO), ("marchers", ELSE)):
        pick(page, label, name)
    expect(page.get_by_label(ELSE)).to_have_count(2)
    expect(page.locator("#found")).to_contain_text("needs the detail 'what'")
    press(page, "Control+Shift+Enter")
    expect(page.locator("#claim-title")).to_have_text("A claim")
    pick(page, "What is claimed", "makes")
    pick(page, "Maker", "Lantern")
    expect(field(page, "Item")).to_be_focused()
    assert tab.violations() == []
    text = (folder / "gazette.claims.yaml").read_text("utf-8")
    lines = text[text.index("claims:") :].splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "claims", "  - said_by", "    evidence", "    claims", "      - predicate",
        "        roles", "        modality", "      - predicate", "        roles",
    ]  # fmt: skip
    assert lines[1] == "  - said_by: [[open-desk], [marchers]]"
    assert lines[5:7] == ["        roles: {speaker: said_by}", "        modality: predicted"]
    page.locator("#list button", has_text="predicts").click()
    page.get_by_text("Number, likelihood, readings").click()
    field(page, "Retracted, because").fill("It says nothing of the kind.")
    press(page, "Enter")
    expect(page.get_by_role("button", name="Undo: retracted of the claim")).to_be_visible()
    assert claims(folder)[0]["claims"][0]["retracted"]["reason"] == "It says nothing of the kind."


def test_a_file_that_a_person_wrote(visit: Visit, folder: Path) -> None:
    """Groups, several chains and comments stay as they are, and each claim can be changed."""
    path = folder / "gazette.claims.yaml"
    path.write_text(BY_HAND, "utf-8")
    page = visit().page
    page.locator("#list button", has_text="Both expect more.").click()
    expect(page.locator(".chips").get_by_text("whoever says so")).to_be_visible()
    expect(field(page, ELSE)).to_be_visible()
    field(page, "How it is meant").select_option("predicted")
    page.locator("#list button", has_text="Lantern sold.").click()
    field(page, "How (if said)").fill("as a gift")
    press(page, "Enter")
    expect(page.get_by_role("button", name="Undo: details of the claim")).to_be_visible()
    roles = "        roles: {supplier: lantern, recipient: border-guard}\n"
    added = BY_HAND.replace(roles, f"{roles}        details: {{how: as a gift}}\n")
    assert path.read_text("utf-8") == added


def test_two_windows(visit: Visit, folder: Path) -> None:
    """What the other one wrote is shown; a step on what it changed waits for a person."""
    first, second = visit().page, visit().page
    begin(first)
    pick(first, "What is claimed")
    expect(second.locator("#list li")).to_have_count(8)
    second.locator("#list button").nth(1).click()
    expect(field(second, "How it is meant")).to_be_visible()
    second.evaluate("follow = null; for (let i = 1; i < 1e4; i += 1) clearInterval(i)")
    second.route("**/api/version**", lambda route: route.abort())
    field(first, SUMMARY).fill("By the first window.")
    field(first, SUMMARY).press("Enter")
    expect(first.locator("#claim-title")).to_have_text("By the first window.")
    field(second, "How it is meant").select_option("alleged")
    expect(second.locator("#problem")).to_contain_text("Not saved: how it is meant")
    assert [c.get("modality") for c in claims(folder)] == [None]
    expect(second.locator("#claim-title")).to_have_text("By the first window.")
    second.get_by_role("button", name="Do it again").click()
    expect(second.locator("#problem")).to_be_hidden()
    assert [(c["modality"], c["summary"]) for c in claims(folder)] == [
        ("alleged", "By the first window.")
    ]


def test_an_edit_outside_is_followed(visit: Visit, folder: Path) -> None:
    """What somebody types meanwhile stays in its field."""
    page = visit().page
    begin(page)
    pick(page, "What is claimed")
    expect(field(page, "Supplier")).to_be_focused()
    saved = page.get_by_role("button", name="Undo: details of the claim")
    field(page, "How (if said)").type("as ")
    expect(saved).to_be_visible()
    path = folder / "set.yaml"
    path.write_text(path.read_text("utf-8").replace("Two states signed", "Both signed"), "utf-8")
    expect(page.get_by_text("Both signed a pact about a harbour.")).to_be_visible()
    expect(field(page, "How (if said)")).to_have_value("as ")
    field(page, "How (if said)").type("a gift")
    press(page, "Enter")
    expect(page.locator("#list")).to_contain_text("Both signed")
    field(page, SUMMARY).fill("It is so.")
    press(page, "Enter")
    expect(page.get_by_role("button", name="Undo: summary of the claim")).to_be_visible()
    assert claims(folder)[0]["details"] == {"how": "as a gift"}
    assert "Both signed" in path.read_text("utf-8")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can have more than a hundred bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_loses_nothing(visit: Visit, folder: Path) -> None:
    """The step waits, and those after it; then all of them are taken."""
    page = visit().page
    begin(page)
    pick(page, "What is claimed")
    expect(field(page, "Supplier")).to_be_focused()
    with full_disk():
        field(page, "How it is meant").select_option("alleged")
        expect(page.locator("#problem")).to_contain_text("cannot be used")
        field(page, "How (if said)").fill("as a gift")
        press(page, "Enter")
        expect(page.locator("#problem")).to_contain_text("as a gift")
    assert list(claims(folder)[0]) == ["predicate", "evidence"]
    page.get_by_role("button", name="Do it again").click()
    expect(page.locator("#problem")).to_be_hidden()
    assert claims(folder)[0]["modality"] == "alleged"
    assert claims(folder)[0]["details"] == {"how": "as a gift"}


def test_a_crash_loses_nothing(browser: Browser, folder: Path, texts: TextStore) -> None:
    """Of the program: the step waits in the browser, also where that is closed meanwhile."""
    context = browser.new_context()
    app = create_writing_app(ClaimFolder(folder, texts, [], "an editor"), TOKEN)
    with listening(app) as base:
        page = context.new_page()
        page.goto(f"{base}/#token={TOKEN}")
        begin(page)
        pick(page, "What is claimed")
        expect(field(page, "Supplier")).to_be_focused()
    field(page, "How it is meant").select_option("alleged")
    expect(page.locator("#problem")).to_contain_text("The program does not answer.")
    page.close()
    port = int(base.rpartition(":")[2])
    app = create_writing_app(ClaimFolder(folder, texts, [], "an editor"), TOKEN)
    with listening(app, port) as base:
        page = context.new_page()
        page.goto(f"{base}/#token={TOKEN}")
        expect(page.locator("#problem")).to_contain_text("not saved the last time: how it is meant")
        page.get_by_role("button", name="Do it again").click()
        expect(page.locator("#problem")).to_be_hidden()
        assert claims(folder)[0]["modality"] == "alleged"
    context.close()


def test_proposals_are_decided_one_by_one(
    visit: Visit, folder: Path, texts: TextStore, article: Text
) -> None:
    """The page says who made them and where the text went; what is accepted opens."""
    proposal = {
        "quote": "has sold night cameras to the Border Guard of Belmora",
        "predicate": "supplies",
        "roles": {"supplier": "Lantern", "recipient": "Night Watch"},
        "summary": "Lantern sold cameras.",
    }
    other = proposal | {"quote": "Open Desk asks", "summary": "Another."}
    claim_folder = ClaimFolder(folder, texts)
    origin = {"tool": "small", "version": "1", "sent_to": "http://127.0.0.1:11434/v1"}
    intake = take_in([proposal, other], article, claim_folder.entries(), **origin)
    claim_folder.add_proposals("gazette", intake.proposals)
    tab = visit()
    page = tab.page
    expect(page.locator("#proposals-from")).to_contain_text(
        "By small 1, which was sent the text at http://127.0.0.1:11434/v1."
    )
    assert tab.violations() == [] and not claims(folder)
    page.locator("#waiting li").nth(1).get_by_role("button", name="Refuse").click()
    expect(page.locator("#waiting li")).to_have_count(1)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#problem")).to_contain_text("Nobody has the names Night Watch")
    expect(page.locator("#claim-title")).to_have_text("Lantern sold cameras.")
    expect(page.locator("#proposals")).to_be_hidden()
    (claim,) = claims(folder)
    assert (claim["recorded_by"], claim["reviewed_by"]) == ("small 1", "an editor")
    page.get_by_role("button", name="Undo: accepting the proposal").click()
    expect(page.locator("#waiting li")).to_have_count(1)
    assert not claims(folder)


def test_a_denial_by_keys(visit: Visit, folder: Path) -> None:
    """It stands second where the passage denies; then the form asks who denies, and goes on."""
    page = visit().page
    expect(page.locator("#passage")).to_be_focused()
    for _ in range(6):
        press(page, "ArrowDown")
    press(page, "Space", "Space", "Enter")
    expect(page.locator(".passages")).to_contain_text("denies")
    expect(field(page, "What is claimed")).to_be_focused()
    page.keyboard.type("supplied")
    expect(page.locator("[role=listbox]:visible [role=option]").nth(1)).to_contain_text(
        "supplies: denied"
    )
    press(page, "ArrowDown", "Enter")
    expect(field(page, "What is claimed")).to_have_value("supplies: denied")
    pick(page, "Supplier", "Lantern")
    pick(page, "Recipient", "Border")
    press(page, "Control+Enter")
    pick(page, "Who denies it, beyond the document (if anybody)", "Border")
    press(page, "Control+Enter")
    expect(field(page, SUMMARY)).to_be_focused()
    press(page, "Control+Enter")
    expect(page.locator("#claim-title")).to_have_text(
        "Border Guard of Belmora denies that Lantern supplied Border Guard of Belmora."
    )
    (claim,) = claims(folder)
    assert (claim["polarity"], claim["said_by"]) == ("denied", "border-guard")
    page.locator("#list button[aria-current]").click()
    pick(page, "What is claimed", "supplies")
    expect(page.locator("#ties li").first).to_have_text("Lantern supplied Border Guard of Belmora")
    assert "polarity" not in claims(folder)[0]


def test_a_claim_replaces_another_by_keys(visit: Visit, folder: Path) -> None:
    """The one that is most like it is proposed; the list says which one is replaced."""
    tab = visit()
    page = tab.page
    begin(page)
    pick(page, "What is claimed")
    pick(page, "Supplier")
    pick(page, "Recipient")
    page.get_by_text("Number, likelihood, readings").press("Enter")
    expect(field(page, REPLACES)).to_be_visible()
    field(page, REPLACES).focus()
    expect(page.locator("[role=listbox]:visible [role=option]").first).to_contain_text(
        "Lantern supplied the guards of the border with cameras in 2021."
    )
    assert tab.violations() == []
    press(page, "ArrowDown", "Enter")
    expect(page.locator("#form .chips").get_by_text("Lantern supplied the guards")).to_be_visible()
    replaced = page.locator("#list li", has_text="(replaced by another claim)")
    expect(replaced).to_contain_text("Lantern supplied the guards")
    assert re.fullmatch("[0-9a-f]{32}", claims(folder)[0]["supersedes"])
    field(page, REPLACES).press("Backspace")
    expect(replaced).to_have_count(0)
    page.get_by_role("button", name="Undo: supersedes of the claim").click()
    expect(page.get_by_role("button", name="Undo: roles of the claim")).to_be_visible()
    assert "supersedes" not in claims(folder)[0]


def test_the_record_of_a_study_by_keys(visit: Visit, folder: Path) -> None:
    """A title in the chain becomes a record, whose fields come next."""
    tab = visit()
    page = tab.page
    begin(page)
    pick(page, "What is claimed")
    field(page, WHO).focus()
    page.keyboard.type("Eyes at the border")
    new = page.get_by_role("option", name="a document that is cited")
    expect(new).to_be_visible()
    # What is new comes after what is known: the last one.
    press(page, "ArrowUp", "Enter")
    expect(page.get_by_text("What is known of Eyes at the border")).to_be_visible()
    expect(field(page, "Kind of document")).to_be_focused()
    press(page, "Enter")
    expect(field(page, "Title")).to_be_focused()
    press(page, "Enter")
    pick(page, "Publisher (if said)", "Open Desk")
    expect(field(page, "Day it came out (if said)")).to_be_focused()
    page.keyboard.type("last year")
    press(page, "Enter")
    expect(page.locator("#form details").get_by_text("Read as: 2021 (2021).")).to_be_visible()
    expect(field(page, "Web address (if said)")).to_be_focused()
    page.keyboard.type("nowhere")
    press(page, "Enter")
    expect(page.locator("#problem")).to_contain_text("url")
    page.get_by_role("button", name="Leave it").press("Enter")
    field(page, "Web address (if said)").fill("https://open-desk.example/eyes")
    field(page, "Web address (if said)").press("Enter")
    expect(page.get_by_role("button", name="Undo: url of the source")).to_be_visible()
    assert tab.violations() == []
    text = (folder / "set.yaml").read_text("utf-8")
    assert (
        """\
  - id: eyes-at-the-border
    kind: study
    title: Eyes at the border
    publisher: open-desk
    published: 2021
    published_note: """
        in text
    )
    assert "    url: https://open-desk.example/eyes\n\nentities:" in text
    assert claims(folder)[0]["said_by"] == "eyes-at-the-border"


def test_what_all_claims_share_by_keys(visit: Visit, folder: Path) -> None:
    """It is set once for a file, and what a claim says itself stays."""
    path = folder / "gazette.claims.yaml"
    path.write_text(BY_HAND, "utf-8")
    tab = visit()
    page = tab.page
    page.get_by_text("What all claims of gazette.claims.yaml share").press("Enter")
    form = page.locator("#shared details[open] form")
    expect(form.get_by_label("How all are meant")).to_have_value("stated")
    form.get_by_label("How all are meant").select_option("alleged")
    expect(page.get_by_role("button", name="Undo: modality of all claims")).to_be_visible()
    who = form.get_by_label("Who says so in all, beyond the document", exact=True)
    who.focus()
    page.keyboard.type("[Study")
    expect(page.locator("[role=listbox]:visible [role=option]").first).to_contain_text("[Study")
    press(page, "Enter")
    expect(form.get_by_label("When all of it was so", exact=True)).to_be_focused()
    page.keyboard.type("March 2021")
    press(page, "Enter")
    expect(form.get_by_text("Read as: March 2021 (2021-03).")).to_be_visible()
    assert tab.violations() == []
    first = BY_HAND.splitlines()[1]
    assert path.read_text("utf-8") == BY_HAND.replace(
        first,
        "defaults: {source: gazette, when: 2021-03, modality: alleged, said_by: desk-study, "
        "recorded_on: 2023-01-01, recorded_by: somebody}",
    )
    for name in ("when", "said_by", "modality"):
        page.get_by_role("button", name=f"Undo: {name}").click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    assert path.read_text("utf-8") == BY_HAND
    expect(form.get_by_label("How all are meant")).to_have_value("stated")


def test_json_lines_are_shown_and_stay_as_they_are(visit: Visit, folder: Path) -> None:
    """Their claims are in the list, in plain words not to be changed here."""
    values = yaml.safe_load((folder / "set.yaml").read_text("utf-8"))["claims"][0]
    values |= {"summary": "It was so, from a machine.", "when": "2020"}
    line = json.dumps({"claim": values}) + "\n"
    (folder / "more.jsonl").write_text(line, "utf-8")
    page = visit().page
    item = page.locator("#list li", has_text="It was so, from a machine.")
    expect(item).to_contain_text("This page writes YAML files alone: more.jsonl, line 1")
    expect(item.locator("button")).to_have_count(0)
    assert page.locator("#list button").count() == 7


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE])
def test_the_page_hinders_nobody(visit: Visit, options: dict[str, Any]) -> None:
    """No violation of axe's rules, nothing wider than the screen, not a word on the console."""
    tab = visit(**options)
    page = tab.page
    begin(page)
    pick(page, "What is claimed")
    expect(page.locator("[role=listbox]:visible")).to_be_visible()
    assert tab.violations() == []
    press(page, "Enter")
    expect(page.locator("#picture")).to_be_attached()
    page.get_by_text("Number, likelihood, readings").click()
    assert tab.violations() == [] and tab.complaints == []
    width, window = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= window


def test_nobody_else_gets_in(address: str, folder: Path) -> None:
    """Without the token, by another name, from another page, or with too much."""
    before = (folder / "set.yaml").read_bytes()
    token = {"Authorization": f"Bearer {TOKEN}"}
    with httpx2.Client(base_url=address) as client:
        page = client.get("/")
        assert page.status_code == 200 and "Belmora" not in page.text and TOKEN not in page.text
        assert page.headers["X-Frame-Options"] == "DENY"
        assert client.get("/api/state").status_code == 401
        assert client.get("/api/state", headers={"Authorization": "Bearer x"}).status_code == 401
        answer = client.get("/api/state", headers={**token, "Origin": "https://evil.example"})
        assert not [name for name in answer.headers if name.startswith("access-control")]
        state = answer.json()
        for path in ("/", "/api/state"):
            answer = client.get(path, headers={**token, "Host": "evil.example"})
            assert answer.status_code == 400
        body = {"file": "../set.yaml", "number": 0, "fields": {"summary": "x"}}
        headers = {**token, "If-Match": state["version"]}
        for change, status in (
            (body, 422),
            (body | {"file": "/etc/passwd"}, 422),
            (body | {"file": "set.yaml", "fields": {"summary": "x" * 100_000}}, 413),
            (body | {"file": "set.yaml", "number": 99}, 422),
            (body | {"more": 1}, 422),
        ):
            answer = client.patch("/api/claims?source=gazette", headers=headers, json=change)
            assert answer.status_code == status, change
        assert client.get("/openapi.json").status_code == 404
    assert (folder / "set.yaml").read_bytes() == before
