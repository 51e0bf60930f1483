"""The pages that the API serves: what a browser shows of them is proven in tests/viz."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.examples import examples
from graph.dataset import read
from graph.store.address import Address
from tests.conftest import STORIES
from tests.viz import pseudo
from viz.page import node_positions

ARTICLE = "lisas-top-ten-chinese-technology-aiding-crackdown"
HTML = {"Accept": "text/html"}
EVERY = [
    "/",
    "/graph",
    "/entity/tiandy",
    "/tie/tiandy/SUPPLIES/irgc",
    "/source/fdd-study",
    "/path",
    "/path?from=tiandy&to=iran-protesters",
    "/story/china-and-irans-crackdown",
    "/timeline",
    "/compare",
    "/compare?left=2010&right=2022",
    "/search?q=tiandy",
]


def words(text: str) -> str:
    """The text of a page, without what stands in scripts and styles."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare)))


def test_the_words_have_a_page_that_every_page_leads_to(api: TestClient) -> None:
    """It needs no store."""
    assert 'href="/vocabulary"' in api.get("/path", headers=HTML).text
    assert "known by Only what had been published" in words(api.get("/vocabulary").text)


@pytest.mark.parametrize("link", EVERY)
def test_every_page_is_whole_and_asks_no_other_host(api: TestClient, link: str) -> None:
    """A page with its policy, a description, and nothing from elsewhere; unchanged it is a 304."""
    page = api.get(link, headers=HTML)
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "Content-Security-Policy" in page.text and 'src="http' not in page.text
    assert '<meta name="description"' in page.text or "search" in link
    again = api.get(link, headers={**HTML, "If-None-Match": page.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("link", EVERY)
def test_every_page_has_a_card(api: TestClient, link: str) -> None:
    """A picture of its own for networks, whose address stands in the page as a whole."""
    page = api.get(link, headers=HTML)
    (image,) = re.findall('property="og:image" content="([^"]+)"', page.text)
    assert unescape(image).startswith(f"http://testserver{link}")
    card = api.get(unescape(image))
    assert (card.status_code, card.headers["content-type"]) == (200, "image/png")
    assert card.content[:8] == b"\x89PNG\r\n\x1a\n" and card.headers["etag"] != page.headers["etag"]


def test_the_graph_page_holds_the_table(api: TestClient) -> None:
    """The page has the ties as a table, complete without a script."""
    page = api.get("/graph")
    assert "Tiandy Technologies" in page.text and "<table" in page.text


def test_an_entity_has_a_page(api: TestClient) -> None:
    """The page of an entity is named after it."""
    page = api.get("/entity/tiandy")
    assert page.status_code == 200 and "<title>Tiandy Technologies" in page.text


def test_home_leads_to_the_story_and_the_newest(api: TestClient) -> None:
    """The story's card, the last ties recorded, the lesson."""
    page = api.get("/")
    text = words(page.text)
    assert 'href="/story/china-and-irans-crackdown"' in page.text
    assert "Last recorded on 29 November 2026." in text and "How to read the pages" in text
    # Of the whole graph, and not only of the ties that are listed.
    assert "All of this is told by 3 documents at hand; nobody here has read all" in text
    # The footer of each page has the authors and licences; the titles stand here.
    assert "3 data sets by the Sightlines maintainers (Apache-2.0)." in text
    assert 'href="/#data-sets"' in api.get("/timeline").text
    assert "Claims of a press release on sanctions against Iran, 8 November 2012 by the" in text


def test_a_tie_shows_its_docket(api: TestClient) -> None:
    """The whole chain, the place in the text, how much, the claim as data, how to cite it."""
    text = words(api.get("/tie/tiandy/SUPPLIES/irgc").text)
    for phrase in (
        "the editors read Tiandy as a supplier",
        "paragraph 21",
        "several products for social control",
        "Who denies it",
        "Cite this page",
    ):
        assert phrase in text


def test_a_tie_at_a_moment(api: TestClient) -> None:
    """Before the article was out nobody knew of it."""
    key = "/tie/tiandy/SUPPLIES/irgc"
    assert api.get(f"{key}?known_by=2020").status_code == 404
    assert api.get(f"{key}?known_by=2024").status_code == 200


def test_a_source_tells_what_falls(api: TestClient) -> None:
    """All that the article brought falls with it."""
    text = words(api.get(f"/source/{ARTICLE}").text)
    assert "If this source is wrong" in text and "would be weaker 4" in text
    cited = words(api.get("/source/fdd-study").text)
    assert "nobody here has read it" in cited and "by the Sightlines maintainers" in cited


def test_a_path_by_names(api: TestClient) -> None:
    """Names are as good as ids; the weakest hop is marked; what it does not prove is said."""
    text = words(api.get("/path", params={"from": "Tiandy", "to": "protesters in Iran"}).text)
    assert "Tiandy Technologies and protesters in Iran" in text and "The weakest hop" in text
    assert "A chain is not proof of a relationship between its two ends." in text


def test_a_path_that_is_not_there(api: TestClient) -> None:
    """None exists, what was searched, and a name that several have is asked back."""
    text = words(api.get("/path?from=yuki-iwamura&to=zte").text)
    assert "No chain of recorded connections joins the two." in text and "Searched:" in text
    question = api.get("/path", params={"from": "Chinese", "to": "zte"})
    assert "is meant?" in words(question.text) and "&amp;to=zte" in question.text
    same = words(api.get("/path?from=zte&to=zte").text)
    assert "Both names refer to the same entity." in same


def test_the_timeline_filters_by_its_address(api: TestClient) -> None:
    """One entity, one predicate; an entity that is none is not found."""
    text = words(api.get("/timeline?entity=zte&predicate=supplies").text)
    assert "Timeline: ZTE" in text and "possibly 2010" in text
    assert "Tianjin" not in text
    assert api.get("/timeline?entity=nobody").status_code == 404


def test_two_days_differ_by_what_is_dated_between_them(api: TestClient) -> None:
    """The pact of 2021 appeared; what has no date is the same on both days."""
    text = words(api.get("/compare?left=2010&right=2022").text)
    assert "China entered into Iran-China Comprehensive Strategic Partnership" in text
    assert "Lisa" not in text.partition("Cite this page")[0]
    back = words(api.get("/compare?left=2022&right=2009&certain=true&entity=zte").text)
    assert "Gone" in back and "ZTE" in back


def test_a_wrong_day_keeps_the_form(api: TestClient) -> None:
    """The reason stands beside what was typed."""
    page = api.get("/compare?left=2010&right=soon", headers=HTML)
    assert page.status_code == 422 and 'value="soon"' in page.text


def test_a_search_finds_and_comes_near(api: TestClient) -> None:
    """Any spelling of a name; a word that is off by a letter."""
    assert "Also called IRGC" in words(api.get("/search?q=irgc").text)
    assert 'href="/entity/tiandy"' in api.get("/search?q=tiandi").text
    assert "No name matches" in words(api.get("/search?q=qqqqzzzz").text)


@pytest.mark.parametrize(
    ("link", "near"),
    [
        ("/entity/tiandi", "/entity/tiandy"),
        ("/tie/tiandy/MAKES/irgc", "/tie/tiandy/SUPPLIES/irgc"),
        ("/tie/tiandi/SUPPLIES/irgc", "/entity/tiandy"),
        ("/source/fdd-stdy", "/source/fdd-study"),
        ("/story/none", "/story/china-and-irans-crackdown"),
    ],
)
def test_what_is_not_there_offers_what_is_near(api: TestClient, link: str, near: str) -> None:
    """Not found is said in words, with links to what may have been meant."""
    page = api.get(link, headers=HTML)
    assert page.status_code == 404 and f'href="{near}"' in page.text


def test_a_person_reads_a_page_whatever_is_wrong(api: TestClient) -> None:
    """No address, no value of its kind: in words, and not as JSON; tails of links are ignored."""
    page = api.get("/nowhere", headers=HTML)
    assert page.status_code == 404 and "There is nothing at this address." in page.text
    wrong = api.get("/tie/tiandy/SUPPLIES/irgc?as_of=soon", headers=HTML)
    assert wrong.status_code == 422 and "as_of" in words(wrong.text)
    assert api.get("/v1/nowhere", headers=HTML).json()["code"] == "not_found"
    assert api.get("/?utm_source=mail", headers=HTML).status_code == 200


def test_a_link_from_another_day_says_so(api: TestClient) -> None:
    """`seen_in` answers with today's page, and says that something has changed since."""
    page = api.get(f"/tie/tiandy/SUPPLIES/irgc?seen_in={'0' * 32}")
    assert "there is no snapshot" in words(page.text)
    link = re.search(r'id="permalink" href="([^"]+)"', page.text)
    assert link and "seen_in=" in link[1] and "0" * 32 not in link[1]


def filter_words(page: str) -> list[str]:
    """The filters that a page shows, in words."""
    return [unescape(text) for text in re.findall(r"<bdi data-filter>(.*?)</bdi>", page)]


@pytest.mark.parametrize(
    ("link", "filters"),
    [
        ("/graph?from=tiandy&type=SUPPLIES", ["from Tiandy Technologies", "“supplied”"]),
        ("/graph?to=irgc&status=reported&certain=", ["to Revolutionary Guards Corps"]),
        ("/graph?entity=zte&as_of=2010", ["of ZTE", "at the end of 31 December 2010"]),
        ("/graph?entity=nobody", ["of nobody"]),
        ("/entity/tiandy?type=SUPPLIES&known_by=2024", ["as known by 31 December 2024"]),
        ("/tie/tiandy/SUPPLIES/irgc?known_by=2024", ["as known by 31 December 2024"]),
        ("/path?from=tiandy&to=irgc&k=1&through=", ["at most 1 chain"]),
        ("/timeline?entity=zte&first=2009", ["of ZTE", "from 2009 on"]),
    ],
)
def test_filters_stand_on_the_page(api: TestClient, link: str, filters: list[str]) -> None:
    """In words, each with the address without it; what a form left empty asks for nothing."""
    page = api.get(link, headers=HTML)
    assert page.status_code == 200
    assert set(filters) <= set(filter_words(page.text))
    links = re.findall(r'href="([^"]+)" aria-label="Remove the filter', page.text)
    without = [unescape(address) for address in links]
    params, *fewer = ({*parse_qs(urlsplit(address).query)} for address in (link, *without))
    assert len(without) == len(filter_words(page.text))
    assert all(len(params - names) == 1 and names < params for names in fewer)
    fewer = api.get(without[-1], headers=HTML)
    assert fewer.status_code == 200 and len(filter_words(fewer.text)) == len(without) - 1


def test_a_filtered_graph_is_that_of_the_api(api: TestClient) -> None:
    """The page holds just the ties that the API lists for the same filters at that time."""
    for query in ("type=SUPPLIES&as_of=2022", "from=tiandy&certain=true", "source=fdd-study"):
        ties = api.get(f"/v1/ties?{query}&limit=500").json()["results"]
        keys = {f"{t['from']['id']}/{t['type']}/{t['to']['id']}" for t in ties}
        page = api.get(f"/graph?{query}").text
        assert set(re.findall(r'data-tie="([^"]+)"', page)) == keys, query
    around = api.get("/v1/entities/tiandy/neighbourhood?depth=2&type=SUPPLIES").json()["edges"]
    keys = {f"{e['source']}/{e['key']}/{e['target']}" for e in around}
    page = api.get("/entity/tiandy?depth=2&type=SUPPLIES").text
    assert set(re.findall(r'data-tie="([^"]+)"', page)) == keys


@pytest.mark.parametrize("query", ["status=nope", "as_of=soon", "limit=151", "min_independent=-1"])
def test_a_wrong_filter_is_a_page_that_says_so(api: TestClient, query: str) -> None:
    """No value is dropped in silence."""
    page = api.get(f"/graph?{query}", headers=HTML)
    assert page.status_code == 422 and query.partition("=")[0] in words(page.text)


def test_hostile_filters_are_text(api: TestClient) -> None:
    """Markup in a value becomes words, on the page and in the fields of its form."""
    bad = '"><script>alert(1)</script>'
    page = api.get("/graph", params={"entity": bad, "as_of": "2020"}, headers=HTML)
    assert (
        page.status_code == 200 and bad not in page.text and f"of {bad}" in filter_words(page.text)
    )


def test_a_search_finds_claims_and_sources(api: TestClient) -> None:
    """Three groups, each with its number."""
    text = words(api.get("/search?q=Tiandy").text)
    for heading in ("entities found", "claims found", "source found"):
        assert heading in text or heading.replace("source", "sources") in text


def test_what_a_filter_leaves_stays_where_it_was(api: TestClient) -> None:
    """Of the whole graph and of a neighbourhood, by kind and by day: pictures can be compared."""
    for page, narrower in (
        ("/graph", ("type=SUPPLIES", "as_of=2015", "inferred=false")),
        ("/entity/tiandy", ("type=SUPPLIES", "known_by=2022-12-31")),
    ):
        whole = node_positions(api.get(page).text)
        for query in narrower:
            part = node_positions(api.get(f"{page}?{query}").text)
            assert part and part.items() <= whole.items(), query


def test_a_neighbourhood_is_a_part_of_the_whole_picture(api: TestClient) -> None:
    """At the positions of the whole graph; what is around one of it comes in at its own, too."""
    whole = node_positions(api.get("/graph").text)
    for query in ("", "?type=SUPPLIES", "?expand=irgc&expand=nobody", "?expand=irgc&expand=iran"):
        page = api.get(f"/entity/tiandy{query}").text
        part = node_positions(page)
        assert part and part.items() <= whole.items(), query
        assert ("iran-protesters" in part) == ("irgc" in query)
        assert ("afghanistan" in part or len(part) > 40) == ("=iran" in query)
    text = words(page)
    assert "with what is around Revolutionary Guards Corps" in text
    files = [unescape(link) for link in re.findall(r'href="(/v1/ties\.csv[^"]*)"', page)]
    assert ",ACTS_AGAINST," in api.get(files[0]).text
    more = re.findall(r'class="expand" href="([^"]*)"', api.get("/entity/tiandy").text)
    assert "/entity/tiandy?expand=irgc#entity=irgc" in map(unescape, more)
    assert api.get("/entity/tiandy?" + "&".join(["expand=irgc"] * 13)).status_code == 422


def test_what_a_page_lists_is_a_file_as_well(api: TestClient) -> None:
    """With the filters of the page, as CSV and as an Excel workbook."""
    for link, needle in (
        ("/graph?type=SUPPLIES&from=tiandy", "tiandy,irgc,SUPPLIES"),
        ("/entity/tiandy", "tiandy,irgc,SUPPLIES"),
        ("/source/fdd-study", ""),
        ("/tie/tiandy/SUPPLIES/irgc", "supplies"),
        ("/timeline?entity=zte&first=2009&last=2011", "supplies"),
    ):
        page = api.get(link).text
        files = re.findall(r'href="(/v1/(?:ties|claims)\.csv[^"]*)"', page)
        assert files, link
        for file in files:
            answer = api.get(unescape(file))
            assert answer.status_code == 200 and answer.headers["content-type"].startswith(
                "text/csv"
            )
            assert needle in answer.text, file
            workbook = file.replace(".csv", ".xlsx")
            assert f'href="{workbook}"' in page
            assert api.get(unescape(workbook)).content.startswith(b"PK")
    rows = api.get("/v1/ties.csv?type=SUPPLIES&from=tiandy").text
    assert "ASSISTS" not in rows


def test_a_page_is_a_table_of_its_own(api: TestClient) -> None:
    """What no list of the API has: a story, chains, two dates, results; each row with its ids."""
    for link, expected in {
        "/story/china-and-irans-crackdown": {"from": "tiandy", "type": "SUPPLIES", "to": "irgc"},
        "/path?from=Tiandy&to=iran-protesters": {"chain": "1", "hop": "2", "from": "irgc"},
        "/compare?left=2009&right=2022": {"difference": "appeared", "left_status": "not recorded"},
        "/search?q=tiandi": {"kind": "entity", "id": "tiandy", "how": "close"},
    }.items():
        page = api.get(link)
        files = [unescape(file) for file in re.findall(r'href="(\?[^"]*table=\w+)"', page.text)]
        csv_file, workbook = (api.get(link.partition("?")[0] + file) for file in files)
        rows = list(csv.DictReader(io.StringIO(csv_file.text)))
        assert any(expected.items() <= row.items() for row in rows), link
        assert int(workbook.headers["sightlines-rows"]) == len(rows)
        assert ".xlsx" in workbook.headers["content-disposition"]
    assert api.get("/path?from=Tiandy&to=nobody&table=csv").status_code == 200
    assert api.get("/search?q=iran&table=pdf", headers=HTML).status_code == 422


def test_feeds_and_the_sitemap_have_whole_addresses(api: TestClient) -> None:
    """Of everything, and of one entity; each page names its feeds, and each address is there."""
    whole, one = api.get("/feed.xml"), api.get("/entity/tiandy/feed.xml")
    assert whole.headers["content-type"].startswith("application/atom+xml")
    assert "<title>Sightlines: Tiandy Technologies</title>" in one.text
    assert one.text.count("<entry>") > 10 and "<title>Withdrawn" not in one.text
    page = api.get("/entity/tiandy").text
    for path in ("/feed.xml", "/entity/tiandy/feed.xml"):
        assert 'type="application/atom+xml" title=' in page and f'href="{path}"' in page
    assert api.get("/entity/nobody/feed.xml").status_code == 404
    addresses = re.findall("<loc>([^<]+)</loc>", api.get("/sitemap.xml").text)
    assert len(addresses) == len(set(addresses)) > 100
    for address in (*addresses[:6], addresses[-1]):
        assert address.startswith("http://") and api.get(address).status_code == 200, address


def test_a_question_finds_what_answers_it(api: TestClient) -> None:
    """Words that only ask are left out, and the page says so; who supplies whom comes first."""
    asked = words(api.get("/search?q=Who+supplied+Iran%3F").text)
    assert "below is what matches “supplied Iran”" in asked
    assert "technology firms supplied the IRGC" in asked
    page = api.get("/search?q=tiandy").text
    kinds = re.findall(r'<span class="aside">([a-z ]+)</span></p></li>', page)
    assert kinds[:2] == ["supplies", "supplies"] and "is based in" in kinds


def test_a_comparison_opens_on_two_dates(api: TestClient) -> None:
    """Years of the data; a day that is none is answered with what would be one."""
    assert "2009 and 2022" in words(api.get("/compare").text)
    wrong = words(api.get("/compare?left=last+year&right=2022").text)
    assert "“last year” is not a date. Use 2010, 2010-03 or 2010-03-14." in wrong


def test_a_caution_stands_before_the_evidence(api: TestClient) -> None:
    """What is read, and the date form, do not stand between a reader and the claims."""
    text = words(api.get("/tie/tiandy/SUPPLIES/irgc").text)
    assert text.index("Tiandy is read as one of them") < text.index("How well it is supported")
    assert text.index("How well it is supported") < text.index("Choose a date")


def test_pages_are_cited(api: TestClient) -> None:
    """Graph, entity, timeline and comparison; and each connection of a picture that is small."""
    for link in ("/graph?from=tiandy", "/entity/zte", "/timeline", "/compare?left=2010&right=2022"):
        assert "Cite this page" in words(api.get(link).text), link
    page = api.get("/graph?from=tiandy&type=SUPPLIES").text
    assert "/tie/tiandy/SUPPLIES/irgc?seen_in=" in page
    release = words(api.get("/tie/david-cohen/AFFILIATED_WITH/us-treasury").text)
    cited = release[release.index("Cite this page") : release.index("BibTeX")]
    assert "Data set: Claims of a press release on sanctions against Iran" in cited
    assert "(undated; reported; independent accounts: 1)" in cited
    old = words(api.get(f"/graph?seen_in={'0' * 32}").text)
    assert "there is no snapshot" in old


def test_the_timeline_leads_to_the_graph_with_its_filters(api: TestClient) -> None:
    """One click: the same entity, kinds and years."""
    page = api.get("/timeline?entity=zte&predicate=supplies&first=2009&last=2012").text
    link = re.search(r'href="(/graph[^"]+)">Show this in the graph', page)
    assert link and link[1].startswith("/graph?entity=zte&amp;type=SUPPLIES&amp;type=")
    assert link[1].endswith("#years=2009-2012")


#: A page of each kind, pages of what is not there, and states that depend on the address.
TRANSLATED = [
    "/",
    "/entity/tiandy?as_of=2022",
    "/tie/tiandy/SUPPLIES/irgc",
    "/source/fdd-study",
    "/path?from=tiandy&to=iran-protesters",
    "/compare?left=2010&right=2022",
    "/search?q=tiandy",
    "/cypher",
    "/entity/tiand",
    "/tie/tiandy/SUPPLIES/xx",
    "/source/xx",
    "/story/xx",
    "/nowhere",
    "/graph?as_of=2015&known_by=2022&type=SUPPLIES&inferred=false&limit=9",
    "/graph?limit=xx",
    "/compare?left=xx&right=2022",
    "/path?from=guard&to=xx",
]
#: Words of the addresses above, and an example of parameters.
TYPED = [
    "xx",
    "tiand",
    "limit",
    "guard",
    "SUPPLIES",
    "path",
    "compare",
    "graph",
    '{"name": "value"}',
]


def test_nothing_of_a_server_is_left_in_english(
    api: TestClient, address: Address, seeds: Path
) -> None:
    """Every page, and what it says of what is not there, is in the language or of the data.

    Titles of the statements in the cookbook, which is a page of the docs, are in English.
    """
    language = pseudo.language_of_tests()
    app = create_app(address, version="0", stories=STORIES, language=language)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        pages = {link: client.get(link, headers=HTML).text for link in TRANSLATED}
    dataset = read([seeds])
    data = pseudo.known_texts(
        *dataset.entities.values(),
        *dataset.sources.values(),
        *(source.title.strip("[]") for source in dataset.sources.values()),
        *dataset.claims,
        *STORIES.values(),
        [title for title, _ in examples()],
        api.get("/v1/datasets").json(),
        TYPED,
    )
    left = []
    for link, page in pages.items():
        assert '<html lang="ar-XB" dir="rtl"' in page, link
        # A name may be broken over lines of a picture.
        whole = re.sub("<tspan.*?</tspan>", "", page)
        left += [f"{link}: {text}" for text in pseudo.in_english(whole, data)]
    assert left == []
