"""The static site: whole, self-contained, and written again only where something changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load
from graph.stories import read_stories
from sightlines.site import MARK, write_site

ROOT = Path(__file__).parents[2]
#: The first of them starts the store, loads it and draws more than 200 pages.
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def seeded(address: Address, seeds: Path) -> Iterator[Store]:
    """A store that holds the seeds."""
    with Store(address) as store:
        load(store, [seeds], replace=True)
        yield store


@pytest.fixture(scope="module")
def site(seeded: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the seeds, with the project's stories."""
    folder = tmp_path_factory.mktemp("out") / "site"
    write_site(seeded, folder, stories=read_stories(ROOT / "stories"))
    return folder


def test_every_record_has_a_page(site: Path) -> None:
    """Entities, ties, sources and stories, beside the pages that lead to them."""
    for name in (
        "index.html", "graph.html", "timeline.html", "search.html", "entity/tiandy.html",
        "tie/tiandy/SUPPLIES/irgc.html", "source/fdd-study.html",
        "story/china-and-irans-crackdown.html",
    ):  # fmt: skip
        assert (site / name).is_file(), name
    assert len(list(site.glob("tie/*/*/*.html"))) > 100


def test_every_link_leads_to_a_file(site: Path) -> None:
    """From any page to any other within the folder, and to nothing on a server."""
    for file in site.rglob("*.html"):
        for href in set(re.findall(r'(?:href|action)="([^"#]+)', file.read_text("utf-8"))):
            if not href.startswith("http"):
                target = unquote(href.partition("?")[0])
                assert (file.parent / target).is_file(), (file.name, href)


def test_only_what_changed_is_written_again(seeded: Store, site: Path) -> None:
    """Nothing changed: nothing is written. A page that was lost or that is no more is seen to."""
    stories = read_stories(ROOT / "stories")
    assert write_site(seeded, site, stories=stories).written == 0
    (site / "entity/zte.html").unlink()
    again = write_site(seeded, site, stories={})
    # The lost page, and the first one, which tells no story now; the story's own page goes.
    assert (again.written, again.removed) == (2, 1)
    assert (site / "entity/zte.html").is_file()
    assert not (site / "story/china-and-irans-crackdown.html").exists()


def test_a_manifest_removes_nothing_outside(seeded: Store, site: Path) -> None:
    """What a manifest names beyond its folder stays."""
    other = site.parent / "other.html"
    other.write_text("mine", encoding="utf-8")
    mark = json.loads((site / MARK).read_text("utf-8"))
    mark["made_from"]["../other.html"] = "x"
    (site / MARK).write_text(json.dumps(mark), encoding="utf-8")
    write_site(seeded, site)
    assert other.read_text("utf-8") == "mine"
