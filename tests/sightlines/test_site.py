"""The static site: whole, self-contained, and written again only where something changed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import sync_playwright

from graph.model import Step, Story
from graph.store.address import Address
from graph.store.loader import load, remove
from scripts.browser import find
from sightlines.site import MARK, SiteCounts, write_site
from tests.conftest import load_alone
from tests.strategies import make_claim
from tests.sync_store import SyncStore
from tests.viz import pseudo

#: Enough for a page of each kind; one entity is merged into another.
DATA = """
dataset: belmora
sources:
  - {id: gazette, kind: article, title: Cameras at the border, read_on: "2026-11-01",
     text_sha256: "%s"}
  - {id: study, kind: study, title: Who sells to Belmora}
entities:
  - {id: lantern, type: Company, names: Lantern}
  - {id: lantern-ltd, type: Company, names: Lantern Limited}
  - {id: guard, type: PublicBody, names: Border Guard}
  - {id: belmora, type: State, names: Belmora}
claims:
  - {source: gazette, predicate: supplies, roles: {supplier: lantern-ltd, recipient: guard},
     modality: stated, said_by: [gazette, study], summary: Lantern supplied the guard.,
     recorded_on: "2026-11-01", recorded_by: tests}
  - {source: gazette, predicate: part_of, roles: {part: guard, whole: belmora},
     modality: stated, said_by: [gazette], summary: The guard is of Belmora.,
     recorded_on: "2026-11-01", recorded_by: tests}
judgements:
  - {left: lantern, right: lantern-ltd, verdict: same, reason: One company., by: tests,
     on: "2026-11-01"}
""" % ("0" * 64)
#: The id of the first claim.
SUPPLY = make_claim(
    "gazette",
    roles={"supplier": "lantern-ltd", "recipient": "guard"},
    said_by=["gazette", "study"],
).id
PART_OF = make_claim("gazette", predicate="part_of", roles={"part": "guard", "whole": "belmora"}).id
STORIES = {
    "walk": Story(
        id="walk",
        title="A walk",
        lead="Invented.",
        steps=[Step(title="Stop", text="Told.", entities="guard", claims=SUPPLY)],
    )
}


@pytest.fixture(scope="module")
def small_store(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncStore]:
    """A store that holds the few records."""
    file = tmp_path_factory.mktemp("data") / "belmora.yaml"
    file.write_text(DATA, encoding="utf-8")
    load_alone(address, file)
    with SyncStore(address) as store:
        yield store


@pytest.fixture(scope="module")
def site(small_store: SyncStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their site."""
    folder = tmp_path_factory.mktemp("out") / "site"
    write(small_store, folder, stories=STORIES)
    return folder


def write(small_store: SyncStore, folder: Path, **options: Any) -> SiteCounts:
    """Write a site."""
    return small_store.read(lambda store: write_site(store, folder, **options))


def test_every_record_has_a_page(site: Path) -> None:
    """Entities, ties, sources and stories, beside the pages that lead to them."""
    for name in (
        "index.html", "graph.html", "timeline.html", "vocabulary.html", "search.html",
        "entity/lantern.html",
        "tie/lantern/SUPPLIES/guard.html", "source/study.html", "story/walk.html",
    ):  # fmt: skip
        assert (site / name).is_file(), name


def test_a_merged_id_leads_to_the_one_that_stands_for_it(site: Path) -> None:
    """An old link is not dead: a small page leads on."""
    page = (site / "entity/lantern-ltd.html").read_text("utf-8")
    assert 'href="../entity/lantern.html"' in page and len(page) < 60_000


def test_a_merged_entity_is_one_with_all_names(site: Path) -> None:
    """Its page tells what it was merged from, and the list finds it by the names of both."""
    page = (site / "entity/lantern.html").read_text("utf-8")
    assert "Merged from <bdi>lantern-ltd</bdi>" in page and "on 1 November 2026" in page
    every = (site / "search.html").read_text("utf-8")
    assert "lantern-ltd" not in every and every.count('data-names="lantern') == 1


def test_every_link_leads_to_a_file(site: Path) -> None:
    """From any page to any other within the folder, and to nothing on a server."""
    for file in site.rglob("*.html"):
        # Scripts make links of their own, by templates.
        html = re.sub("<script.*?</script>", "", file.read_text("utf-8"), flags=re.DOTALL)
        for href in set(re.findall(r'(?:href|action)="([^"#]+)', html)):
            if not href.startswith(("http", "data:")):
                target = unquote(href.partition("?")[0])
                assert (file.parent / target).is_file(), (file.name, href)


def test_a_site_has_its_feeds(site: Path) -> None:
    """Relative to their own place, so that they work wherever the site stands."""
    feed = (site / "entity/lantern.xml").read_text("utf-8")
    assert "Sightlines: Lantern" in feed and "Lantern supplied the guard." in feed
    for file in (site / "feed.xml", site / "entity/lantern.xml"):
        for href in re.findall('href="([^"]+)"', file.read_text("utf-8")):
            assert (file.parent / href).is_file(), href
    assert 'href="../entity/lantern.xml"' in (site / "entity/lantern.html").read_text("utf-8")


def test_a_site_lists_its_pages_where_its_address_is_known(
    small_store: SyncStore, tmp_path: Path
) -> None:
    """For search engines, and its card for networks; without an address there is neither."""
    folder = tmp_path / "site"
    write(small_store, folder, stories=STORIES, address="https://belmora.example/graph/")
    text = (folder / "sitemap.xml").read_text("utf-8")
    listed = re.findall("<loc>https://belmora.example/graph/(.*)</loc>", text)
    assert {"index.html", "entity/lantern.html", "story/walk.html"} <= set(listed)
    assert len(listed) == text.count("<loc>") and not any("tie/" in each for each in listed)
    assert all((folder / unquote(each)).is_file() for each in listed)
    card = 'property="og:image" content="https://belmora.example/graph/card.png"'
    assert all(card in (folder / unquote(each)).read_text("utf-8") for each in listed)
    assert (folder / "card.png").read_bytes().startswith(b"\x89PNG")
    write(small_store, folder, stories=STORIES)
    assert not (folder / "sitemap.xml").exists() and not (folder / "card.png").exists()
    assert "og:image" not in (folder / "index.html").read_text("utf-8")


def test_pages_share_scripts_and_styles(small_store: SyncStore, site: Path) -> None:
    """Each page is small, and all that it needs beside it is a file of the site."""
    shared = {file.name for file in (site / "shared").iterdir()}
    asked = set()
    for file in site.rglob("*.html"):
        page = file.read_text("utf-8")
        assert len(page) < 60_000, file.name
        assert "<script>" not in page and "<style>" not in page and "data:image" not in page
        assert 'class="find"' not in page and "search.html" in page
        links = re.findall(r'<(?:script src|link rel="(?:stylesheet|icon)" href)="([^"]+)"', page)
        assert len(links) >= 3
        for link in links:
            target = (file.parent / link).resolve()
            assert target.is_file()
            if target.parent == (site / "shared").resolve():
                asked.add(target.name)
    assert asked <= shared
    lost = site / "shared" / next(iter(asked))
    stale, other = site / "shared" / f"{'0' * 16}.js", site / "shared" / "mine.js"
    lost.unlink()
    stale.write_text("old")
    other.write_text("mine")
    write(small_store, site, stories=STORIES)
    assert lost.is_file() and other.is_file() and not stale.exists()
    other.unlink()


def test_pages_share_the_cards_of_claims(small_store: SyncStore, site: Path) -> None:
    """A page has the script of each of its sources, and links for readers without scripts."""
    script = (site / "source/gazette.js").read_text("utf-8")
    assert "Lantern supplied the guard." in script and SUPPLY in script
    page = (site / "entity/lantern.html").read_text("utf-8")
    assert '<article class="card' not in page and '<script src="../source/gazette.js">' in page
    assert f'data-part="{SUPPLY}"' in page
    assert 'href="../tie/lantern/SUPPLIES/guard.html">1 claim, 1 independent account' in page
    assert '<article class="card' in (site / "tie/lantern/SUPPLIES/guard.html").read_text("utf-8")


def test_a_claim_of_a_large_source_has_a_script(
    small_store: SyncStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the card of that claim, and the cells of the ties that begin with it alone."""
    monkeypatch.setattr("sightlines.site_pages._ONE_SCRIPT", 1)
    write(small_store, tmp_path / "site")
    parts = {SUPPLY: "lantern/SUPPLIES/guard", PART_OF: "guard/PART_OF/belmora"}
    folder = tmp_path / "site" / "claim"
    scripts = {file.stem: file.read_text("utf-8") for file in folder.iterdir()}
    assert scripts.keys() == parts.keys() and not (folder.parent / "source/gazette.js").exists()
    for claim_id, text in scripts.items():
        assert {part for pair in parts.items() for part in pair if f'"{part}":' in text} == {
            claim_id,
            parts[claim_id],
        }
    page = (folder.parent / "entity/lantern.html").read_text("utf-8")
    assert f'<script src="../claim/{SUPPLY}.js">' in page


@pytest.mark.browser
def test_a_site_works_from_a_folder(site: Path) -> None:
    """The browser takes the scripts of the folder: picture, style and cards of claims are there."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 850})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((site / "entity/lantern.html").as_uri())
        assert "Lantern" in page.evaluate("sightlines.labels()")
        assert page.locator("#canvas canvas").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('header.site')).display") == (
            "flex"
        )
        page.goto((site / "entity/lantern.html").as_uri() + "#tie=lantern/SUPPLIES/guard")
        card = page.locator("#panel .card")
        assert "Lantern supplied the guard." in card.inner_text()
        assert card.get_by_role("link").first.get_attribute("href") == (
            (site / "source/gazette.html").as_uri()
        )
        page.goto((site / "timeline.html").as_uri())
        page.locator("summary", has_text="Lantern supplied the guard.").click()
        page.locator("article.card a").first.click()
        assert page.url == (site / "source/gazette.html").as_uri()
        page.get_by_role("searchbox").fill("guard")
        page.keyboard.press("Enter")
        page.wait_for_url((site / "search.html").as_uri() + "?q=guard")
        # Without scripts the table leads to the page of each connection, which has its claims.
        plain = chromium.new_page(java_script_enabled=False)
        plain.goto((site / "entity/lantern.html").as_uri())
        row = plain.locator("#rows tr").first
        text = " ".join(row.inner_text().split())
        assert text.startswith("Lantern supplied Border Guard undated reported 1 claim")
        row.get_by_role("link", name="1 claim").click()
        assert "Lantern supplied the guard." in plain.locator("article.card").inner_text()
        chromium.close()
    assert complaints == []


def test_only_what_changed_is_written_again(small_store: SyncStore, site: Path) -> None:
    """Nothing changed: nothing is written. A page that was lost or that is no more is seen to."""
    assert write(small_store, site, stories=STORIES).writes == 0
    (site / "entity/guard.html").unlink()
    again = write(small_store, site)
    # The lost page, and the first one, which tells no story now; the story's own page goes.
    assert (again.writes, again.removals) == (2, 1)
    assert (site / "entity/guard.html").is_file()
    assert not (site / "story/walk.html").exists()


def test_a_site_in_another_language(small_store: SyncStore, tmp_path: Path) -> None:
    """Every page is; a site in English is written anew."""
    folder = tmp_path / "site"
    english = write(small_store, folder)
    counts = write(small_store, folder, lang=pseudo.language_of_tests())
    assert counts == SiteCounts(english.pages, english.pages, 0)
    for page in folder.rglob("*.html"):
        assert '<html lang="ar-XB" dir="rtl"' in page.read_text("utf-8"), page


def test_several_processes_write_the_same_site(small_store: SyncStore, tmp_path: Path) -> None:
    """They leave no page out; what fails in one of them is raised here."""
    alone, many = tmp_path / "alone", tmp_path / "many"
    one = write(small_store, alone, stories=STORIES, processes=1)
    assert write(small_store, many, stories=STORIES, processes=2) == one
    pages, of_many = (
        {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.*")}
        for folder in (alone, many)
    )
    assert pages == of_many
    shutil.rmtree(many / "entity")
    (many / "entity").write_text("no folder", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write(small_store, many, processes=2)


def test_an_unchanged_snapshot_is_skipped_whole(small_store: SyncStore, site: Path) -> None:
    """The manifest names what it was made from: the same asks for no page at all."""
    write(small_store, site)
    steps: list[str] = []
    same = write(small_store, site, progress=lambda step, result, of: steps.append(step))
    assert same.pages > 8 and (same.writes, steps) == (0, [])


def test_a_manifest_removes_nothing_outside(small_store: SyncStore, site: Path) -> None:
    """What a manifest names beyond its folder stays."""
    other = site.parent / "other.html"
    other.write_text("mine", encoding="utf-8")
    mark = json.loads((site / MARK).read_text("utf-8"))
    mark["made_from"]["../other.html"] = "x"
    (site / MARK).write_text(json.dumps(mark), encoding="utf-8")
    (site / "index.html").unlink()
    write(small_store, site)
    assert other.read_text("utf-8") == "mine"


def test_a_removed_set_leaves_no_page(small_store: SyncStore, tmp_path: Path) -> None:
    """Nor a story that tells of its claims: the next run takes their files away."""
    folder = tmp_path / "site"
    write(small_store, folder, stories=STORIES)
    other = tmp_path / "other.yaml"
    other.write_text("dataset: {id: other, title: Other, author: Us, licence: CC0}\n"
                     "entities: [{id: farland, type: State, names: Farland}]\n")  # fmt: skip
    load(small_store, [other])
    remove(small_store, ["belmora"])
    try:
        write(small_store, folder, stories=STORIES)
        pages = {str(page.relative_to(folder)) for page in folder.rglob("*.html")}
        assert pages == {
            "index.html", "graph.html", "timeline.html", "vocabulary.html", "search.html",
            "entity/farland.html",
        }  # fmt: skip
        text = "".join(page.read_text(encoding="utf-8") for page in folder.rglob("*.html"))
        assert "Lantern" not in text
        assert "Data set: Other by Us (CC0)." in text
    finally:
        source = tmp_path / "belmora.yaml"
        source.write_text(DATA, encoding="utf-8")
        load(small_store, [source], replace=True)
