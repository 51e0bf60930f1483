"""The pages as text: what they hold, what they ask for, and what they make of hostile words."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from math import dist
from random import Random

import pytest

from graph.model import Claim, Entity, Subgraph
from graph.ontology import ONTOLOGY
from graph.projection import project
from tests.viz.invented import DUPLICATES
from tests.viz.reader import Reader
from viz import Frame, Links, PageMetadata, content_page, graph_page, message_page
from viz.page import node_positions
from viz.view import LEADING


def test_every_tie_stands_in_the_table(story: Subgraph, story_page: str) -> None:
    """Without any script: one row per tie, with its words, its claims and their speakers."""
    page = Reader(story_page)
    keys = {row["data-tie"] for row in page.all("tr") if "data-tie" in row}
    assert keys == {str(tie.key) for tie in story.ties}
    for words in (
        "used surveillance or technology against",
        "Lantern sold night cameras to the Border Guard.",
        "night cameras were sold",
        "paragraph 7",
        "Cameras at the border, citing Who sells to Belmora, citing Lantern",
        "2 claims, 2 independent accounts; 1 claim denies it",
        "documented, disputed",
        "Open Desk thinks that Lantern should know better.",
        "at least 8 companies",
        "12 December 2022",
        "Who sells to Belmora: study, undated; known only from the sources that cite it",
    ):
        assert words in re.sub(r"\s+", " ", page.text)


def test_what_is_left_out_is_said(story_page: str) -> None:
    """A limit, and an entity with more ties than are shown, are named in words."""
    text = Reader(story_page).text
    assert "8 entities, 12 connections shown; 3 more entities not shown" in text
    assert "5 of 9 connections shown" in text


def test_a_merged_entity_tells_what_it_was_merged_from(story: Subgraph, story_page: str) -> None:
    """The other id and its names in their languages, by whom, on which day and why; once."""
    merged = replace(story, focus="lantern", duplicates=DUPLICATES)
    html = graph_page(merged, title="Lantern", lead="x", links=Links.server())
    page = Reader(html)
    text = re.sub(r"\s+", " ", page.text)
    assert text.count("Merged from lantern-ltd: Lantern Ltd., 明灯有限公司.") == 1
    assert (
        "lantern and lantern-ltd are one, as judged by Ann Lee on 9 November 2026: "
        "Both papers give the same address." in text
    )
    assert '<bdi lang="zh">明灯有限公司</bdi>' in html
    assert "Merged from" not in Reader(story_page).text


def test_names_carry_their_language(story_page: str) -> None:
    """Chinese and Persian names are marked, and every name finds its own direction.

    So does the title of a document in the page's own language.
    """
    page = Reader(story_page)
    assert {"zh", "fa"} <= {a["lang"] for a in page.all("bdi")}
    assert all(a["dir"] == "auto" for a in page.all("h3"))
    documents = [a for a in page.all("a") if a.get("class") == "document"]
    assert documents and all(a.get("dir") == "auto" for a in documents)


def test_only_types_that_are_there_are_in_the_legend(story_page: str) -> None:
    """No box for a kind that the graph does not hold."""
    kinds = [a["data-type"] for a in Reader(story_page).all("input") if "data-type" in a]
    assert kinds == [
        "Company", "State", "PublicBody", "Technology", "Group", "Organization", "Asset",
        "Agreement",
    ]  # fmt: skip


def test_policy_admits_what_is_there_and_nothing_else(story_page: str) -> None:
    """Scripts and style by hash; no inline handler, no style attribute, no address."""
    page = Reader(story_page)
    policy = next(m["content"] or "" for m in page.all("meta") if "http-equiv" in m)
    assert "unsafe" not in policy and "http" not in policy
    assert policy.count("'sha256-") == 4
    for directive in (
        "default-src 'none'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert directive in policy
    for _, attributes in page.elements:
        assert not [a for a in attributes if a.startswith("on") or a == "style"]
        assert "src" not in attributes
    # A browser fetches no feed by itself.
    icon, *feeds = page.all("link")
    assert [(it["rel"], it["href"]) for it in feeds] == [("alternate", "/feed.xml")]
    assert icon["rel"] == "icon" and (icon["href"] or "").startswith("data:image/svg+xml,")
    assert not page.all("img")
    named = {m["property"]: m["content"] for m in page.all("meta") if "property" in m}
    assert named["og:title"] == "Who supplied Belmora"
    assert named["og:description"].startswith("Invented for a test. The connections here rest on")
    assert [(f["action"], f["method"]) for f in page.all("form")] == [("/search", "get")]


def test_links_out_say_nothing_about_us(story_page: str) -> None:
    """A document's own address opens without an opener, a referrer or a vote."""
    out = [a for a in Reader(story_page).all("a") if (a["href"] or "").startswith("http")]
    assert {a["href"] for a in out} == {"https://gazette.example/cameras"}
    assert {a["rel"] for a in out} == {"noopener noreferrer nofollow"}


def test_renderer_keeps_its_licence(story_page: str) -> None:
    """vis-network stands in the page under its own header, and names no source map."""
    assert "@version 9.1.2" in story_page
    assert "vis.js may be distributed under either license." in story_page
    assert "sourceMappingURL" not in story_page


def test_hostile_words_stay_words(hostile: Subgraph) -> None:
    """Whatever the texts hold, the page has its own four scripts and the texts are all there."""
    page = graph_page(
        hostile,
        title="</title><script>alert(1)</script>",
        lead="{{ 7 * 7 }}<b>",
        links=Links.server(),
        metadata=PageMetadata(snapshot="<i>"),
    )
    html = Reader(page)
    assert len(html.all("script")) == 4
    assert not html.all("img") and not html.all("b") and not html.all("i")
    assert "{{ 7 * 7 }}<b>" in html.text and "49" not in html.text.split("All connections")[0]
    names = {e.label for e in hostile.entities.values()}
    assert {n["names"][0] for n in json.loads(html.data)["nodes"]} == names
    assert all(name in html.text for name in names)


def test_order_of_input_does_not_matter(story: Subgraph, story_page: str) -> None:
    """The same graph in another order is the same page, byte for byte, but for order of claims."""
    reverse = replace(
        story,
        entities=dict(reversed(story.entities.items())),
        ties=tuple(reversed(story.ties)),
    )
    page = graph_page(reverse, title="Who supplied Belmora", lead="x", links=Links.server())
    assert json.loads(Reader(page).data) == json.loads(Reader(story_page).data)


@pytest.mark.parametrize("depth", [0, 1])
def test_site_pages_link_to_files(story: Subgraph, depth: int) -> None:
    """On a static site every link leads to a file or to a document's own address."""
    page = graph_page(story, title="t", lead="l", links=Links.site(depth))
    every = {a["href"] or "" for a in Reader(page).all("a")}
    inner = {href for href in every if not href.startswith("#")}
    files = {h.partition("#")[0] for h in inner if not h.startswith("https://gazette.example")}
    assert all(h.endswith(".html") and not h.startswith("/") for h in files)
    assert ("../" * depth) + "index.html" in inner


def test_one_entity_alone() -> None:
    """An entity without ties has a page that says so."""
    alone = Entity(id="desk", type="Organization", names=["Open Desk"])
    graph = Subgraph(entities={"desk": alone}, ties=(), focus="desk")
    page = Reader(graph_page(graph, title="Open Desk", lead="An entity.", links=Links.server()))
    assert "1 entity, 0 connections shown" in page.text
    assert "No connection is recorded here." in page.text


def test_an_entity_shows_its_country_identifiers_and_addresses() -> None:
    """As text and as links that give nothing away."""
    entity = Entity(
        id="lantern",
        type="Company",
        names=["Lantern"],
        country="CN",
        identifiers=[{"scheme": "LEI", "value": "5493"}],
        urls=["https://lantern.example"],
    )
    html = graph_page(Subgraph({"lantern": entity}, ()), title="t", lead="l", links=Links.server())
    page = Reader(html)
    assert "Country CN" in page.text and "Identifiers LEI 5493" in page.text
    (link,) = (a for a in page.all("a") if a["href"] == "https://lantern.example")
    assert set(str(link["rel"]).split()) >= {"noopener", "noreferrer", "nofollow"}


def test_nothing_at_all() -> None:
    """An empty graph is a page too."""
    page = Reader(graph_page(Subgraph({}, ()), title="t", lead="l", links=Links.server()))
    assert "0 entities, 0 connections shown" in page.text


@pytest.mark.long
def test_largest_page_is_small(story: Subgraph) -> None:
    """150 entities and 300 connections, each with a claim of its own and a quoted passage."""
    random = Random(1)
    ids = [f"e{n}" for n in range(150)]
    names = [f"{random.randrange(10**8)} {random.randrange(10**6)}" for _ in ids]
    first = next(iter(story.claims.values()))
    claims = [
        first.model_copy(
            update={
                "roles": {
                    "supplier": (ids[n % 150],),
                    "recipient": (ids[(n * 7 + n // 150 + 3) % 150],),
                },
                "summary": " ".join(str(random.randrange(10**5)) for _ in range(12)),
            }
        )
        for n in range(300)
    ]
    # A copy keeps what was worked out of the original, its id above all.
    claims = [Claim.model_validate(c.model_dump()) for c in claims]
    entities = {i: Entity(id=i, type="Company", names=[n]) for i, n in zip(ids, names, strict=True)}
    ties = project(claims, story.sources, dict.fromkeys(ids, "Company"))
    graph = Subgraph(entities, tuple(ties), {c.id: c for c in claims}, story.sources)
    passages = {c.id: " ".join(str(random.randrange(10**5)) for _ in range(20)) for c in claims}
    page = graph_page(graph, title="t", lead="l", links=Links.server(), passages=passages)
    assert len(ties) >= 290
    assert len(gzip.compress(page.encode())) < 250_000


def test_a_claim_is_told_once(story: Subgraph, story_page: str) -> None:
    """Each row names its claims by number, and each number leads to one card."""
    page = Reader(story_page)
    cards = [a["id"] for a in page.all("article") if (a.get("id") or "").startswith("c")]
    anchors = {a["href"][1:] for a in page.all("a") if re.match(r"#c\d", a["href"] or "")}
    assert (
        len(cards) == len(set(cards)) == len({s.claim_id for t in story.ties for s in t.supports})
    )
    assert anchors == set(cards)


def test_the_legend_folds_kinds_without_a_colour() -> None:
    """Six kinds stand in its row; the grey ones wait behind a word, and none is lost."""
    kinds = list(ONTOLOGY.types)
    entities = [
        Entity(id=f"e{n}-{m}", type=kind, names=["x"])
        for n, kind in enumerate(kinds)
        for m in range(len(kinds) - n)
    ]
    html = graph_page(
        Subgraph({e.id: e for e in entities}, ()), title="t", lead="l", links=Links.server()
    )
    boxes = [a["data-type"] for a in Reader(html).all("input") if "data-type" in a]
    folded = html[html.index("more kinds</summary>") : html.index("</details>\n</fieldset>")]
    assert set(boxes) == set(kinds)
    assert {k for k in kinds if f'data-type="{k}"' in folded} == set(kinds) - set(LEADING)


def test_positions_are_read_from_a_page(story: Subgraph, story_page: str) -> None:
    """A page says where its nodes stand, and one that is drawn after it keeps them there."""
    positions = node_positions(story_page)
    assert positions.keys() == story.entities.keys()
    after = graph_page(story, title="t", lead="l", links=Links.server(), before=positions)
    distances = [dist(positions[i], place) for i, place in node_positions(after).items()]
    assert max(distances) < 60
    assert node_positions("no page") == {}
    assert node_positions('<script type="application/json" id="data">{"nodes":[1]}</script>') == {}


def test_message_page() -> None:
    """A message, what may have been meant, and the way home; every word escaped."""
    page = Reader(
        message_page(
            "Not found", "No <b>entity</b>.", [("Tiandy", "/entity/tiandy")], links=Links.server()
        )
    )
    assert "No <b>entity</b>." in page.text
    assert {"/", "/graph", "/entity/tiandy"} <= {a["href"] for a in page.all("a")}


def test_every_page_says_where_it_is() -> None:
    """The navigation marks the page; title, lead, question and snapshot are escaped words."""
    frame = Frame(Links.server(), "<i>", "<b>", here="cypher", query='"><u>', snapshot="f00d")
    page = Reader(content_page("message.html", frame, text="x", suggestions=[]))
    assert [a["href"] for a in page.all("a") if "aria-current" in a] == ["/cypher"]
    assert next(i for i in page.all("input") if i["name"] == "q")["value"] == '"><u>'
    assert not page.all("i") and not page.all("b") and not page.all("u")
    assert "<i>" in page.text and "<b>" in page.text and "snapshot f00d" in page.text


def test_citation_needs_no_script(story: Subgraph) -> None:
    """How to cite the page stands in it, in all three forms."""
    citation = {"text": "Belmora, 2026.", "bibtex": "@misc{belmora}", "csl": [{"type": "webpage"}]}
    links = Links.server()
    page = Reader(
        graph_page(
            story, title="t", lead="l", links=links, metadata=PageMetadata(citations={"": citation})
        )
    )
    for words in ("Cite this page", "Belmora, 2026.", "@misc{belmora}", '"type": "webpage"'):
        assert words in page.text


def test_manners_are_words(story_page: str) -> None:
    """What is no plain fact says so at the head of its card: denied, opinion, plan, allegation."""
    for manner in ("denied", "opinion", "planned", "alleged"):
        assert re.search(rf'class="card[^"]* {manner}[ "]', story_page)
        assert f"</span>{manner.capitalize()}" in story_page
