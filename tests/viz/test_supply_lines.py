"""Supply lines: who stands in which lane, what a line says, and that nothing lies on anything."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from graph.model import Claim, Entity, Subgraph
from tests.strategies import examples
from tests.viz.invented import claim, subgraph
from viz import Links, graph_page
from viz.supply_lines import LANES, MOST_PLACES, Label, Line, Place
from viz.supply_picture import Picture, Supply, Text
from viz.view import GraphView

Open = Callable[..., Any]


def supply_of(graph: Subgraph) -> Supply:
    """The supply lines of a graph page."""
    return Supply(GraphView(graph, "A title", "", Links.server(), {}, {}, None))


def ends(supply: Supply) -> list[tuple[str, str, str, str]]:
    """Each line as an entity with its lane, and the other end's."""
    return sorted(
        (line.source.ref.id, LANES[line.source.lane], line.target.ref.id, LANES[line.target.lane])
        for line in supply.lines
    )


def entities(*ids: str, type: str = "Company") -> list[Entity]:
    """Entities that are called as their ids, in capitals."""
    return [Entity(id=i, type=type, names=[i.capitalize()]) for i in ids]


def supplies(supplier: str, recipient: str, **rest: Any) -> Claim:
    """A claim that one supplies another."""
    roles = {"supplier": supplier, "recipient": recipient, **rest.pop("roles", {})}
    return claim("supplies", roles, f"{supplier} supplied {recipient}.", **rest)


def test_a_line_says_what_when_and_who_says_so(story: Subgraph) -> None:
    """The denied supply has two accounts; the use is alleged, with what is used beside the verb."""
    supply = supply_of(story)
    assert ends(supply) == [
        ("guard", "user", "marchers", "target"),
        ("lantern", "supplier", "guard", "user"),
    ]
    sale, use = supply.lines
    assert (sale.verb, sale.things) == ("supplied", "Night camera")
    assert sale.detail == "2021, by 1 of 2 claims · 2 independent accounts · disputed"
    assert (use.verb, use.things) == (
        "is alleged to have used surveillance or technology against",
        "with Night camera",
    )
    assert use.detail == "since 19 November 2022 · an article"
    assert sale.width > use.width
    assert supply.styles == {"solid": "documented", "dashed": "alleged"}


def test_states_stand_above_what_belongs_to_them(story: Subgraph) -> None:
    """In a frame with the state's name; a state with a place of its own is the first in it."""
    (box,) = supply_of(story).wide.boxes
    assert box.ref and box.ref.text == "Belmora"
    graph = subgraph(
        [
            *entities("lantern"),
            *entities("guard", type="PublicBody"),
            *entities("belmora", type="State"),
        ],
        [
            supplies("lantern", "guard"),
            supplies("lantern", "belmora"),
            claim("part_of", {"part": "guard", "whole": "belmora"}, "It belongs to the state."),
        ],
    )
    picture = supply_of(graph).wide
    (box,) = picture.boxes
    lane = [place.ref.id for place, _ in picture.places if LANES[place.lane] == "user"]
    assert box.ref is None and lane == ["belmora", "guard"]


def test_who_stands_between_has_a_lane() -> None:
    """A supply through a broker runs on from the broker, and the whole of it crosses that lane."""
    graph = subgraph(entities("a", "b", "c"), [supplies("a", "c", roles={"via": "b"})])
    supply = supply_of(graph)
    assert ends(supply) == [
        ("a", "supplier", "b", "via"),
        ("a", "supplier", "c", "user"),
        ("b", "via", "c", "user"),
    ]
    crossing = next(
        s
        for s in supply.wide.strokes
        if s.line.target.ref.id == "c" and s.line.source.ref.id == "a"
    )
    assert crossing.path.count("M") == 5


def test_one_that_supplies_and_is_supplied_stands_twice() -> None:
    """No line runs backwards; a thin one joins the two places."""
    graph = subgraph(entities("a", "b", "c"), [supplies("a", "b"), supplies("b", "c")])
    supply = supply_of(graph)
    assert ends(supply) == [("a", "supplier", "b", "user"), ("b", "supplier", "c", "user")]
    assert len(list(supply.wide.twins)) == 1 and not list(supply.narrow.twins)


def test_a_reading_of_the_editors_is_marked() -> None:
    """Beside the label, on the side of the end that is a reading."""
    graph = subgraph(
        entities("a", "b"), [supplies("a", "b", inferred=["supplier"], note="Read so.")]
    )
    supply = supply_of(graph)
    assert supply.lines[0].inferred == (True, False) and supply.inferred


def test_the_strongest_of_parallel_ties_gives_the_words() -> None:
    """And the line says how many others there are."""
    graph = subgraph(
        entities("a", "b", "c"),
        [
            claim(
                "uses_against", {"operator": "a", "target": "b"}, "a used it.", modality="alleged"
            ),
            claim("deploys_against", {"principal": "c", "force": "a", "target": "b"}, "c sent a."),
        ],
    )
    (line,) = supply_of(graph).lines
    assert line.verb == "acted against" and line.detail.endswith("· and 1 more connection")
    assert [row.type for row in line.rows] == ["ACTS_AGAINST", "USES_AGAINST"]


def test_a_full_lane_gathers_those_with_the_fewest_lines() -> None:
    """One place stands for the others and names them; the page says how many they are."""
    names = [f"n{number:02}" for number in range(MOST_PLACES + 5)]
    claims = [supplies("a", name) for name in names] + [supplies("b", names[-1])]
    supply = supply_of(subgraph(entities("a", "b", *names), claims))
    places = {line.target for line in supply.lines}
    (others,) = [place for place in places if place.gathered]
    assert len(places) == MOST_PLACES and supply.gathered == 6 == len(others.gathered)
    assert names[-1] in {place.ref.id for place in places}


def test_a_phone_has_sixty_lines_on_little_more_than_a_screen() -> None:
    """Lines are labelled together there, and nothing is said of all that not all of them say."""
    suppliers, users, things = (
        [f"{kind}{n}" for n in range(10)] for kind in ("supplier", "user", "thing")
    )
    claims = [
        supplies(one, other, roles={"item": thing})
        for n, one in enumerate(suppliers)
        for other, thing in zip(users[n % 5 :][:6], things, strict=False)
    ]
    supply = supply_of(subgraph(entities(*suppliers, *users, *things), claims))
    assert len(supply.lines) == 60
    assert supply.narrow.height < 1.1 * 844 and len(supply.narrow.grid.labels) == 10
    label = supply.narrow.grid.labels[0]
    assert label.things == "" and label.detail == "6 connections · date not given · an article"
    assert label.brief == "6 connections · an article"
    (only,) = supply_of(subgraph(entities("a", "b"), [supplies("a", "b")])).narrow.grid.labels
    assert only.detail == "date not given · an article"


ACTORS = [f"a{number}" for number in range(7)]
PAIRS = st.lists(st.sampled_from(ACTORS), min_size=2, max_size=2, unique=True)
CLAIMS = st.lists(
    st.builds(
        lambda kind, pair, modality, via: (
            supplies(
                *pair, modality=modality, roles={"via": via} if via and via not in pair else {}
            )
            if kind == "supplies"
            else claim(kind, {"operator": pair[0], "target": pair[1]}, "Used.", modality=modality)
        ),
        st.sampled_from(["supplies", "uses_against"]),
        PAIRS,
        st.sampled_from(["stated", "alleged", "planned"]),
        st.sampled_from([None, *ACTORS]),
    ),
    min_size=1,
    max_size=14,
)


@examples(40, derandomize=True)
@given(CLAIMS, st.integers(0, 9))
def test_no_words_overlap_and_no_line_runs_backwards(claims: list[Claim], seed: int) -> None:
    """In both forms, whatever is drawn; and the order of the ties does not matter."""
    graph = subgraph(entities(*ACTORS), claims)
    supply = supply_of(graph)
    assert all(line.source.lane < line.target.lane for line in supply.lines)
    for picture in (supply.wide, supply.narrow):
        for column in picture.grid.columns:
            for one, other in pairwise(picture.texts[cell] for cell in column):
                assert other.y - one.y >= (one.height + other.height) / 2 - 0.2
        if not picture.wide:
            rows = [picture.texts[cell] for column in picture.grid.columns for cell in column]
            assert rows == sorted(rows, key=lambda text: text.y)
        for text in texts(picture):
            assert text.height / 2 <= text.y <= picture.height - text.height / 2
    shuffled = random.Random(seed).sample(graph.ties, len(graph.ties))
    again = supply_of(Subgraph(graph.entities, tuple(shuffled), graph.claims, graph.sources))
    assert [s.path for s in again.wide.strokes] == [s.path for s in supply.wide.strokes]


def texts(picture: Picture) -> Iterator[Text]:
    """Names and labels, without the cells that lines only pass."""
    for cell, text in picture.texts.items():
        if isinstance(cell, Place | Label):
            yield text


def test_every_tie_of_two_lanes_has_its_line(story: Subgraph) -> None:
    """And no other: who belongs to whom is a frame, what is made is a word."""
    lines: Sequence[Line] = supply_of(story).lines
    assert {row.type for line in lines for row in line.rows} == {"SUPPLIES", "USES_AGAINST"}


@pytest.fixture(scope="module")
def page(story: Subgraph) -> str:
    """A graph page with supply lines."""
    return graph_page(story, title="Who supplied", lead="", links=Links.server())


def test_a_line_opens_its_evidence(open_page: Open, page: str) -> None:
    """The address keeps the view; a line that the filters hide is pale."""
    tab = open_page(page).page
    tab.get_by_role("button", name="Supply lines").click()
    assert "view=lines" in tab.evaluate("location.hash")
    lines = tab.locator(".side-by-side a[data-tie='lantern/SUPPLIES/guard']")
    lines.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#panel h2").first).to_contain_text("Lantern supplied")
    expect(lines).to_have_class("chosen")
    tab.locator("[data-status='alleged']").uncheck()
    expect(tab.locator(".side-by-side a[data-tie$='marchers']")).to_have_class("off")


def test_without_scripts_each_line_is_a_link(open_page: Open, page: str) -> None:
    """To the page of its tie; a phone has the lanes one below another, the desk side by side."""
    for width, form in ((1280, "side-by-side"), (390, "one-below-another")):
        tab = open_page(
            page, java_script_enabled=False, viewport={"width": width, "height": 844}
        ).page
        lanes = tab.locator(".supply:visible")
        expect(lanes).to_have_count(1)
        assert form in (lanes.get_attribute("class") or "")
        href = lanes.get_by_role("link", name=re.compile("^Lantern supplied")).get_attribute("href")
        assert href == "/tie/lantern/SUPPLIES/guard"
