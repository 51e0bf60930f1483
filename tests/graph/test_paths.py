"""graph/paths.py and graph/path_search.py, held against looking at every path there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import path_search, paths
from graph.model import DENIED, Support, TieKey
from graph.ontology import ONTOLOGY
from graph.paths import Chain, NeighbourQuery, Neighbours, PathQuery, SearchResult, Strength
from graph.projection import tie
from graph.queries.moment import Moment
from tests.strategies import examples

RANKS = (4, 3, 2, 1)
MANY, SOME = examples(1_000), examples(300)


class Edge(NamedTuple):
    """A tie of a graph in memory."""

    source: str
    target: str
    strength: Strength


@st.composite
def queries(draw: st.DrawFn) -> PathQuery:
    """Draw a question about two of the entities; some are not in a small graph."""
    start, end, through = draw(st.lists(st.sampled_from("abcdefghi"), min_size=3, max_size=3))
    if start == end:
        end = "b" if start == "a" else "a"
    return PathQuery(
        start, end, draw(st.integers(1, 6)), draw(st.sampled_from([1, 3, 5, 20])),
        draw(st.sampled_from([None, None, through])),
    )  # fmt: skip


DAYS = [date(2010 + n, 1, 1) for n in range(5)]
TYPES = ("SUPPLIES", "OWNS", "ALLIED_WITH")
STATUSES = {rank: status for status, rank in ONTOLOGY.ranks.items()}


def supports_of_ties(random: Random) -> dict[TieKey, list[Support]]:
    """What claims lend to ties: two to nine entities, few ties or many, some about one hub.

    A thousand of these must be quick, so they come from a seed and not from Hypothesis's draws.
    """
    ids = "abcdefghi"[: random.randint(2, 9)]
    supports: dict[TieKey, list[Support]] = {}
    for number in range(random.choice((5, 12, 40))):
        one, other = random.sample(ids, 2)
        one = ids[0] if other != ids[0] and random.random() < 0.3 else one
        possible, sure = sorted(random.choices(DAYS, k=2)), sorted(random.choices(DAYS, k=2))
        possibly_out, surely_out = sorted(random.choices(DAYS, k=2))
        rank = random.choice((4, 3, 3, 2, 1, 0))
        speaker = random.choice("pqrs")
        support = Support(
            f"claim-{number}", STATUSES.get(rank, DENIED), speaker, speaker, 1, "", False, False,
            "", min(possible[0], sure[0]), max(possible[1], sure[1]), sure[0], sure[1],
            possibly_out, surely_out, None, None,
        )  # fmt: skip
        supports.setdefault(TieKey(one, random.choice(TYPES), other), []).append(support)
    return supports


def at(moment: Moment, support: Support) -> bool:
    """Whether a claim counts at a moment, in the words of the design and none of the code."""
    spans = (support.surely_from, support.surely_to), (support.held_from, support.held_to)
    from_days = support.surely_known_from, support.known_from
    first, last = spans[0 if moment.certain else 1]
    return (moment.as_of is None or first <= moment.as_of <= last) and (
        moment.known_by is None or from_days[0 if moment.certain else 1] <= moment.known_by
    )


def left_of(graph: dict[TieKey, list[Support]], types: Sequence[str], moment: Moment) -> list[Edge]:
    """The ties that pass the filters, with what is left of them."""
    edges = []
    for key, supports in graph.items():
        rest = [s for s in supports if s.status != DENIED and at(moment, s)]
        if rest and (not types or key.type in types):
            rank = max(ONTOLOGY.ranks[s.status] for s in rest)
            # A report asserts as much as a primary document; what says less does not count.
            least = 3 if rank == 4 else rank
            equal = [s for s in rest if ONTOLOGY.ranks[s.status] >= least]
            sure = [s for s in equal if at(replace(moment, certain=True), s)]
            if any(ONTOLOGY.ranks[s.status] == rank for s in sure):
                equal = sure
            speakers = {s.origin for s in equal}
            edges.append(Edge(key.source, key.target, Strength(rank, len(speakers))))
    return edges


def projection(
    graph: dict[TieKey, list[Support]], types: Sequence[str], moment: Moment
) -> list[Edge]:
    """The same, as the projection decides it."""
    every = (tie(key, supports) for key, supports in graph.items())
    ties_ = (moment.of(t) for t in every if t is not None)
    return [
        Edge(t.key.source, t.key.target, Strength(t.rank, t.independent))
        for t in ties_
        if t is not None and (not types or t.key.type in types)
    ]


def hops_of(edges: Iterable[Edge]) -> dict[frozenset[str], list[Strength]]:
    """All ties between two entities, in either direction."""
    strengths: dict[frozenset[str], list[Strength]] = {}
    for edge in edges:
        strengths.setdefault(frozenset(edge[:2]), []).append(edge.strength)
    return strengths


def every_path(edges: Iterable[Edge], query: PathQuery) -> Iterator[Chain]:
    """Every path there is, by walking on and on: nothing of the search is used."""
    hops = {pair: max(ties) for pair, ties in hops_of(edges).items()}
    open_: list[tuple[str, ...]] = [(query.start,)]
    while open_:
        walk = open_.pop()
        if walk[-1] == query.end:
            if query.through is None or query.through in walk:
                hop_strengths = [hops[frozenset(pair)] for pair in pairwise(walk)]
                ranks, independent = (
                    [h.rank for h in hop_strengths],
                    [h.independent for h in hop_strengths],
                )
                yield Chain(walk, Strength(min(ranks), min(independent)))
        elif len(walk) <= query.max_hops:
            further = {i for pair in hops if walk[-1] in pair for i in pair} - set(walk)
            open_.extend((*walk, i) for i in further)


def brute_force(edges: Iterable[Edge], query: PathQuery) -> tuple[Chain, ...]:
    """The best of all paths, after all were looked at."""

    def place(path: Chain) -> tuple[object, ...]:
        return (-path.strength.rank, -path.strength.independent, len(path.entities), path.entities)

    return tuple(sorted(every_path(edges, query), key=place)[: query.most])


def answer(edges: Iterable[Edge], query: NeighbourQuery) -> list[Neighbours]:
    """What a store says of the neighbours of entities; it knows those that have a tie."""
    answers = []
    for i in query.ids:
        ends = [(e.source, e.target, e.strength) for e in edges if i in (e.source, e.target)]
        hops = [(b if a == i else a, strength) for a, b, strength in ends]
        if len(hops) > query.limit:
            answers.append(Neighbours(i, len(hops), 0, None))
        elif len(hops) > paths.WHOLE:
            strong = [(other, strength) for other, strength in hops if strength.rank >= query.rank]
            answers.append(Neighbours(i, len(hops), query.rank, strong))
        elif hops:
            answers.append(Neighbours(i, len(hops), 0, hops))
    return answers


def run(
    edges: list[Edge], query: PathQuery, most_ties: int = path_search.MOST_TIES
) -> tuple[SearchResult, list[NeighbourQuery]]:
    """Search a graph in memory; return the result, and what was read for it."""
    reads = []

    def read(part: NeighbourQuery) -> list[Neighbours]:
        reads.append(part)
        return answer(edges, part)

    return path_search.search(query, RANKS, read, most_ties), reads


days = st.sampled_from([None, *DAYS])
filters = st.tuples(
    st.sampled_from([(), (), TYPES[:1], TYPES[:2]]), st.builds(Moment, days, days, st.booleans())
)


@pytest.mark.long
@MANY
@given(
    st.integers(0, 2**32), queries(), filters,
    st.sampled_from([1, 3, 1_000]), st.sampled_from([0, 2, 1_000]),
)  # fmt: skip
def test_the_search_finds_what_looking_at_every_path_finds(
    seed: int, query: PathQuery, passing: tuple[Sequence[str], Moment], hub: int, whole: int
) -> None:
    """The best paths in order, of any types at any time, whichever are hubs best avoided.

    And whoever tells of strong ties alone.
    """
    graph = supports_of_ties(Random(seed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path_search, "HUB", hub)
        patch.setattr(paths, "WHOLE", whole)
        result, _ = run(projection(graph, *passing), query)
    assert result.chains == brute_force(left_of(graph, *passing), query)
    assert result.complete


@SOME
@given(st.integers(0, 2**32), queries(), st.integers(0, 12))
def test_a_search_that_meets_its_bound_says_so(seed: int, query: PathQuery, most_ties: int) -> None:
    """What it still lists are paths that exist, in order; if it says complete, it is."""
    edges = left_of(supports_of_ties(Random(seed)), (), Moment())
    result, _ = run(edges, query, most_ties)
    assert set(result.chains) <= set(every_path(edges, query))
    places = [paths.sort_key(path.strength, path.entities) for path in result.chains]
    assert places == sorted(set(places))
    if result.complete:
        assert result.chains == brute_force(edges, query)


def ties(*edges: str, **strengths: tuple[int, int]) -> list[Edge]:
    """Ties written as "ab", each reported by one origin or as is said."""
    return [Edge(e[0], e[1], Strength(*strengths.get(e, (3, 1)))) for e in edges]


def found_in(edges: list[Edge], through: str | None = None) -> list[str]:
    """The paths from a to z that are found, as their letters."""
    result, _ = run(edges, PathQuery("a", "z", through=through))
    return ["".join(path.entities) for path in result.chains]


def test_a_longer_path_of_stronger_hops_comes_first() -> None:
    """The weakest rank decides, then the fewest accounts, then the number of hops, then the ids."""
    edges = ties(
        "az", "am", "mz", "an", "nz", "ao", "op", "pz", "aq", "qz",
        az=(2, 9), ao=(4, 1), op=(4, 1), pz=(4, 1), an=(3, 2), nz=(3, 2), am=(3, 9), qz=(1, 5),
    )  # fmt: skip
    assert found_in(edges) == ["aopz", "anz", "amz", "az", "aqz"]


def test_a_hop_is_as_strong_as_its_strongest_tie() -> None:
    """More ties between two neighbours never make a hop weaker, and it stays one hop."""
    edges = ties("am", "mz", mz=(4, 2), am=(4, 1))
    for more in (ties("ma", ma=(1, 9)), ties("am", am=(4, 3))):
        result, _ = run(edges + more, PathQuery("a", "z"))
        hop = paths.hop_strength(hops_of(edges + more)[frozenset("am")])
        assert [p.entities for p in result.chains] == [("a", "m", "z")]
        assert result.chains[0].strength == min(hop, Strength(4, 2))


def test_rank_and_origins_may_be_of_different_hops() -> None:
    """The strength of a path is the lowest of each; its weakest hop is that of the lowest rank."""
    hops = [Strength(4, 1), Strength(3, 5), Strength(3, 5)]
    assert paths.path_strength(hops) == Strength(3, 1)
    assert paths.weakest(hops) == 1


def test_a_path_comes_to_no_entity_twice() -> None:
    """A detour that would come back is none, and neither is one by way of an end."""
    assert found_in(ties("az", "ab", "bc", "ca", "zd", "de", "ez")) == ["az"]


def test_an_entity_may_be_asked_to_be_on_the_path() -> None:
    """Only paths by way of it are found; at an end it is on every path."""
    edges = ties("az", "am", "mz", "mn", "nz")
    assert found_in(edges, through="n") == ["amnz"]
    assert found_in(edges, through="z") == ["az", "amz", "amnz"]
    assert found_in(edges, through="q") == []


@pytest.mark.parametrize("turn", [lambda a, b: (a, b), lambda a, b: (b, a)])
def test_a_hub_is_not_looked_around_for_what_its_neighbours_tell(
    turn: Callable[[str, str], tuple[str, str]],
) -> None:
    """Between an end and a hub in reach of the other end, the few are asked and not the hub."""
    crowd = [Edge("hub", f"leaf-{n}", Strength(3, 1)) for n in range(2_000)]
    edges = [*crowd, *(Edge(a, "hub", Strength(3, 1)) for a in ("a", "z"))]
    result, reads = run(edges, PathQuery(*turn("a", "z"), max_hops=2))
    assert [sorted(path.entities) for path in result.chains] == [["a", "hub", "z"]]
    assert all(part.limit <= path_search.HUB for part in reads)
    far, _ = run(edges, PathQuery(*turn("a", "hub"), max_hops=2))
    assert len(far.chains) == 1 and far.ties < 10


def test_none_found_says_what_was_searched() -> None:
    """Two pieces that do not hang together: everything around one of them was looked at."""
    result, _ = run(ties("ab", "bc", "yz"), PathQuery("a", "z"))
    assert result.chains == ()
    assert result.complete
    assert result.entities >= 2 and result.ties >= 2
