"""The timeline and two days side by side, as text; and where days lie on an axis."""

from __future__ import annotations

from datetime import date

import pytest

from graph.model import Claim, Entity, Locator, Subgraph
from graph.projection import tie
from tests.viz.invented import SOURCES, claim, subgraph
from tests.viz.reader import Reader, words
from viz import Links
from viz.compare_page import CompareForm, Side, compare_page
from viz.timeline_page import Axis, TimelineFilter, timeline_page


def dated(story: Subgraph, *whens: str) -> Subgraph:
    """Claims like the first one of the story, each with one of the dates."""
    first = next(iter(story.claims.values())).model_dump()
    claims = [Claim.model_validate({**first, "when": when}) for when in whens]
    return Subgraph({}, (), {c.id: c for c in claims}, story.sources, {"lantern": "Lantern"})


def bars(page: str) -> list[tuple[str, float, float]]:
    """Each bar of the moments: class, start and width in per cent."""
    rects = [a for a in Reader(page).all("rect") if a["x"] != "0"]
    return [(a["class"] or "", *(float((a[k] or "").rstrip("%")) for k in ("x", "width")))
            for a in rects]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "kind", "start", "width"),
    [
        ("2010", "sure", 0, 10),
        ("2011?", "possible", 0, 30),
        ("2012/2014", "sure", 20, 30),
        ("[2012-01-01..2012-12-31]", "possible", 20, 10),
    ],
)
def test_what_is_sure_is_solid(
    story: Subgraph, when: str, kind: str, start: float, width: float
) -> None:
    """A plain date is solid over its days; a doubtful one is faded over all that it may mean."""
    graph = dated(story, when, "2010-01-01", "2019-12-31")
    page = timeline_page(graph, list(graph.claims), [], links=Links.server())
    (style, x, wide), *_ = bars(page)
    assert style == kind
    assert (x, wide) == (pytest.approx(start, abs=0.1), pytest.approx(width, abs=0.1))


def test_an_open_end_fades_out(story: Subgraph) -> None:
    """Nobody vouches for what came after the source's own day."""
    graph = dated(story, "2020/..", "2024")
    page = timeline_page(graph, list(graph.claims), [], links=Links.server())
    (possible, sure, *_) = bars(page)
    assert possible[0] == "possible" and sure[0] == "sure"
    assert possible[1] + possible[2] > sure[1] + sure[2]


def test_years_are_named_a_few_at_a_time() -> None:
    """However long the time, no more years are named than fit."""
    for first, last in ((2010, 2010), (2009, 2023), (1200, 2023), (1, 9999)):
        ticks = Axis(first, last).ticks
        assert len(ticks) <= 10 and all(0 <= place <= 100 for _, place in ticks)


def test_every_claim_stands_on_the_timeline(story: Subgraph) -> None:
    """Those without a date in a list of their own; what is no plain statement says so."""
    dates = [i for i, c in story.claims.items() if c.when]
    others = [i for i, c in story.claims.items() if not c.when]
    page = timeline_page(
        Subgraph({}, (), story.claims, story.sources, {"lantern": "Lantern"}),
        dates,
        others,
        links=Links.server(),
        totals=(3_000, len(others)),
        about=TimelineFilter("lantern", "supplies"),
    )
    text = words(page)
    assert "Timeline: Lantern" in text and "With a date 3,000" in text
    assert f"The first {len(dates)} of 3,000 are shown" in text
    assert f"Without a date {len(others)} " in text
    for each in story.claims.values():
        assert each.summary in text
    values = [a["value"] for a in Reader(page).all("option") if "selected" in a]
    assert values == ["supplies"]
    # Any entity can be typed, also one of none of these claims.
    (about,) = [i for i in Reader(page).all("input") if i.get("name") == "entity"]
    assert about["value"] == "lantern"


def test_claims_without_a_date_stand_in_the_order_of_their_texts() -> None:
    """By document and paragraph, whatever their ids."""
    claims = {
        it.id: it
        for n in (3, 1, 2)
        for it in [
            claim(
                "supplies",
                {"supplier": "a", "recipient": f"b{n}"},
                f"Said in {n}.",
                evidence=[Locator(paragraph=n, start=0, end=1, sha256="0" * 64)],
            )
        ]
    }
    graph = Subgraph({}, (), claims, {it.id: it for it in SOURCES}, {})
    text = words(timeline_page(graph, [], list(claims), links=Links.server()))
    assert text.index("Said in 1.") < text.index("Said in 2.") < text.index("Said in 3.")


def test_an_empty_timeline_says_so() -> None:
    """No claim at all is a page too."""
    text = words(timeline_page(Subgraph({}, ()), [], [], links=Links.site()))
    assert "No claim with a date is recorded here." in text and "None." in text


def test_two_days_side_by_side(story: Subgraph) -> None:
    """What appeared, went and changed, each with both states; nothing twice."""
    ties = {t.key.type: t for t in story.ties}
    supply, party = ties["SUPPLIES"], ties["ALLIED_WITH"]
    before = tie(supply.key, supply.supports[1:])
    pairs = [(None, party), (ties["PART_OF"], None), (before, supply)]
    page = compare_page(
        CompareForm("2010", "2022"),
        links=Links.server(),
        sides=(Side(date(2010, 12, 31)), Side(date(2022, 12, 31), date(2023, 1, 1))),
        pairs=pairs,
        graph=story,
        alike=7,
        left_out=1,
    )
    text = words(page)
    for phrase in (
        "Left: at the end of 31 December 2010.",
        "Right: at the end of 31 December 2022, as known by 1 January 2023.",
        "new 1 gone 1 different 1",
        "7 connections are the same",
        "1 more that differs is not shown",
    ):
        assert phrase in text
    assert len(Reader(page).all("tr")) == 6


def test_ties_of_one_claim_are_one_row(story: Subgraph) -> None:
    """Who supplies whom is its head; the others follow it, and all of them are counted."""
    graph = subgraph(
        [Entity(id=i, type="Company", names=[i.upper()]) for i in "abc"],
        [claim("supplies", {"supplier": "a", "recipient": "b", "item": "c"}, "A supplied C to B.")],
    )
    page = compare_page(
        CompareForm("2010", "2022"),
        links=Links.server(),
        sides=(Side(date(2010, 12, 31)), Side(date(2022, 12, 31))),
        pairs=[(None, each) for each in graph.ties],
        graph=graph,
    )
    assert len(graph.ties) == 3 and len(Reader(page).all("tr")) == 2
    assert "New 3 These as a picture" in words(page)
    assert "A supplied BOf the same claim: A provided C; B acquired C" in words(page)
    links = [a["href"] for a in Reader(page).all("a")]
    (picture,) = [link for link in links if link and link.startswith("/graph#ties=")]
    assert all(str(each.key) in picture for each in graph.ties)


def test_a_comparison_offers_two_dates() -> None:
    """The first and the last year that are dated, and the last two; none where there are none."""
    links = Links.server()
    page = compare_page(CompareForm(), links=links, years=range(2009, 2023))
    offers = [a["href"] for a in Reader(page).all("a")]
    assert {"/compare?left=2009&right=2022", "/compare?left=2021&right=2022"} <= set(offers)
    assert "For example" not in words(compare_page(CompareForm(), links=links))


def test_a_wrong_day_is_answered_beside_the_form() -> None:
    """What was typed stays in the form, with the reason."""
    page = compare_page(CompareForm("2010", "soon"), links=Links.server(), problem="soon: no date.")
    assert "soon: no date." in words(page)
    assert {"2010", "soon"} <= {a.get("value") for a in Reader(page).all("input")}
