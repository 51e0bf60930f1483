"""Every kind of analysis: against its plain definition, and what all of them share."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analyses import KINDS, LightTie, Options, asked_types, run
from graph.dates import Match
from graph.errors import InputError, TooLarge
from tests.graph.analyses.networks import ENTITIES, ends_of, make_tie, make_ties, networks

every_kind = pytest.mark.parametrize("kind", KINDS)


def neighbours(ties: list[LightTie]) -> dict[str, set[str]]:
    """Who has a tie with whom."""
    by_id: dict[str, set[str]] = {i: set() for i in ends_of(ties)}
    for source, _, target in (tie.key for tie in ties):
        by_id[source].add(target)
        by_id[target].add(source)
    return by_id


def shortest_ways(ties: list[LightTie], start: str, end: str) -> list[tuple[str, ...]]:
    """All shortest ways between two entities, by lengthening all ways."""
    near = neighbours(ties)
    ways: list[tuple[str, ...]] = [(start,)]
    while ways and not any(way[-1] == end for way in ways):
        ways = [(*way, i) for way in ways for i in sorted(near[way[-1]]) if i not in way]
    return [way for way in ways if way[-1] == end]


@given(networks())
def test_components_are_what_union_finds(ties: list[LightTie]) -> None:
    """Putting the two ends of each tie into one set gives the same sets, with their ties."""
    sets = {i: {i} for i in ends_of(ties)}
    for tie in ties:
        joined = sets[tie.key.source] | sets[tie.key.target]
        sets |= dict.fromkeys(joined, joined)
    figures = run("components", ties, ENTITIES).figures
    assert {f.entities for f in figures} == {tuple(sorted(members)) for members in sets.values()}
    assert sorted(key for f in figures for key in f.ties) == sorted(tie.key for tie in ties)
    assert all(f.value == len(f.entities) for f in figures)


@given(networks())
def test_connections_are_the_ties(ties: list[LightTie]) -> None:
    """Each entity's figure counts its ties, and shows them."""
    figures = run("connections", ties, ENTITIES).figures
    assert {f.entities[0] for f in figures} == ends_of(ties)
    for figure in figures:
        own = sorted(t.key for t in ties if figure.entities[0] in (t.key.source, t.key.target))
        assert list(figure.ties) == own and figure.value == len(own)


@given(networks())
def test_betweenness_counts_shares_of_shortest_ways(ties: list[LightTie]) -> None:
    """For each pair of others, the share of shortest ways that run through; nobody with none."""
    expected = dict.fromkeys(ends_of(ties), Fraction(0))
    for a, b in combinations(sorted(ends_of(ties)), 2):
        ways = shortest_ways(ties, a, b)
        for way in ways:
            for i in way[1:-1]:
                expected[i] += Fraction(1, len(ways))
    figures = run("betweenness", ties, ENTITIES).figures
    assert {f.entities[0]: f.value for f in figures} == {
        i: pytest.approx(float(value), abs=1e-4) for i, value in expected.items() if value
    }


@given(networks())
def test_closeness_is_the_share_reached_by_the_mean_of_hops(ties: list[LightTie]) -> None:
    """The share of the others that is reached, divided by the mean number of hops to them."""
    ids = ends_of(ties)
    for figure in run("closeness", ties, ENTITIES).figures:
        ways = [shortest_ways(ties, figure.entities[0], i) for i in ids - {*figure.entities}]
        lengths = [len(path[0]) - 1 for path in ways if path]
        expected = len(lengths) / (len(ids) - 1) / (sum(lengths) / len(lengths))
        assert figure.value == pytest.approx(expected, abs=1e-4)


@given(networks())
def test_communities_are_a_partition(ties: list[LightTie]) -> None:
    """Each entity is in one community, none reaches over two components, ties are those inside."""
    figures = run("communities", ties, ENTITIES).figures
    assert sorted(i for f in figures for i in f.entities) == sorted(ends_of(ties))
    components = [set(f.entities) for f in run("components", ties, ENTITIES).figures]
    for figure in figures:
        members = set(figure.entities)
        assert any(members <= component for component in components)
        inside = [t.key for t in ties if {t.key.source, t.key.target} <= members]
        assert list(figure.ties) == sorted(inside)


def test_communities_of_two_circles() -> None:
    """Two circles of friends with one tie between them are two communities, and it is said."""
    pairs = [*combinations("abcd", 2), *combinations("efgh", 2), ("a", "e")]
    ties = make_ties(*(f"{a}/ALLIED_WITH/{b}" for a, b in pairs))
    figures = run("communities", ties, ENTITIES).figures
    assert [f.entities for f in figures] == [tuple("abcd"), tuple("efgh")]
    assert figures[0].words == "4 entities with 6 ties among them and 1 to others: A, B, C and D."


@every_kind
@given(ties=networks(), data=st.data())
def test_the_order_of_ties_does_not_matter(kind: str, ties: list[LightTie], data: Any) -> None:
    """The same ties give the same answer in whatever order they come."""
    answer = run(kind, ties, ENTITIES)
    assert run(kind, data.draw(st.permutations(ties)), ENTITIES) == answer
    keys = {tie.key for tie in ties}
    assert all(f.ties and keys.issuperset(f.ties) for f in answer.figures)
    assert set(answer.ties) == {key for f in answer.figures for key in f.ties}


_PROGRAM = """
from random import Random
from graph.analyses import KINDS, LightTie, run
from graph.dates import Match
from graph.model import TieKey
from graph.analyses.supply import PASSAGES
random = Random(4)
ids = [f"e{n}" for n in range(60)]
keys = {(*random.sample(ids, 2), kind) for kind in PASSAGES for _ in range(40)}
ties = [LightTie(TieKey(a, kind, b), "reported", 1, Match.YES, ()) for a, b, kind in keys]
print([run(kind, ties, {}).figures for kind in KINDS])
"""


def test_every_process_gives_the_same_answer() -> None:
    """Sets of texts come in another order in every process: no answer depends on it."""
    answers = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


@every_kind
def test_too_many_ties_are_refused(kind: str) -> None:
    """Beyond its limit a kind says the limit, and which filters help."""
    limit = KINDS[kind].limit
    tie = make_tie("a/SUPPLIES/b")
    with pytest.raises(TooLarge, match=f"{limit:,} ties.*min_independent") as error:
        run(kind, [tie] * (limit + 1), ENTITIES)
    assert error.value.limit == limit


@every_kind
def test_no_ties_give_no_figures(kind: str) -> None:
    """Nothing in, nothing out, for every kind."""
    answer = run(kind, [], {})
    assert answer.figures == () and answer.over == answer.among == 0


@every_kind
def test_what_is_only_possible_is_counted(kind: str) -> None:
    """A notice says how many ties only possibly held."""
    ties = [make_tie("a/SUPPLIES/b", match=Match.POSSIBLY), make_tie("b/SUPPLIES/c")]
    assert run(kind, ties, ENTITIES).notices[0].startswith("1 of 2 ties only possibly held")


def test_options_belong_to_a_kind() -> None:
    """A kind refuses an option that it does not have, by the name that a person gave it."""
    with pytest.raises(InputError, match="components has no option from"):
        run("components", [], {}, Options(start="a"))


def test_types_are_those_that_a_kind_looks_at() -> None:
    """None asked are all of them; asked for none of them is a mistake; some kinds look at all."""
    assert asked_types("brokers") == KINDS["brokers"].types
    assert asked_types("brokers", ["OWNS", "SUPPLIES"]) == ("SUPPLIES",)
    assert asked_types("components") == () and asked_types("components", ["OWNS"]) == ("OWNS",)
    with pytest.raises(InputError, match="none of the types asked for: OWNS"):
        asked_types("brokers", ["OWNS"])


def test_a_kind_says_what_it_does_not_show() -> None:
    """Each has a title, what it shows and what not; none calls anybody important."""
    for kind in KINDS.values():
        assert kind.title and kind.shows.endswith(".") and kind.does_not_show.endswith(".")
        assert "important" not in f"{kind.title} {kind.shows}".casefold()
