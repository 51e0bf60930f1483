"""Brokers and supply chains, against going through everything by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analyses import LightTie, Options, run
from graph.analyses.supply import AGAINST_TYPES, PASSAGES, SUPPLY_TYPES, passages
from graph.model import TieKey
from graph.ontology import ONTOLOGY, Ontology
from tests.graph.analyses.networks import ENTITIES, IDS, ends_of, make_tie, make_ties, networks

#: Which end gives and which gets, told here once more and in other words than the ontology's.
FORWARD = {"SUPPLIES", "SUPPLIES_THROUGH", "PROVIDES", "SELLS", "MAKES"}
BACKWARD = {"ACQUIRED", "USES", "OPERATES"}
Ends = tuple[str, str]


def passed_on(tie: LightTie) -> Ends | None:
    """From whom to whom a tie of supply passes something."""
    source, kind, target = tie.key
    if kind in FORWARD:
        return source, target
    return (target, source) if kind in BACKWARD else None


def reaches(edges: set[Ends], start: str) -> set[str]:
    """Whom edges lead to from a start."""
    ids = {start}
    while new := {b for a, b in edges if a in ids} - ids:
        ids |= new
    return ids


def cut_by(ties: list[LightTie], broker: str) -> set[Ends]:
    """The pairs of giver and user that a removal parts, found by removing."""
    edges = {ends for tie in ties if (ends := passed_on(tie))}
    rest = {ends for ends in edges if broker not in ends}
    givers = {tie.key.source for tie in ties if tie.key.type in FORWARD}
    givers |= {tie.key.target for tie in ties if tie.key.type == "SUPPLIES_THROUGH"}
    users = {tie.key.source for tie in ties if tie.key.type in BACKWARD}
    users |= {tie.key.target for tie in ties if tie.key.type == "SUPPLIES"}
    if broker not in givers | users:
        return set()
    return {
        (giver, user)
        for giver in givers - {broker}
        for user in users - {broker, giver}
        if user in reaches(edges, giver) and user not in reaches(rest, giver)
    }


@given(networks())
def test_brokers_are_those_whose_removal_cuts(ties: list[LightTie]) -> None:
    """Each broker's pairs are those that its removal parts, and nobody else parts any."""
    answer = run("brokers", ties, ENTITIES)
    pairs_by_broker = {figure.entities[0]: set(figure.pairs) for figure in answer.figures}
    assert pairs_by_broker == {i: pairs for i in IDS if (pairs := cut_by(ties, i))}
    assert all(figure.value == len(figure.pairs) for figure in answer.figures)


@given(networks())
def test_the_ties_of_a_broker_lead_through_it(ties: list[LightTie]) -> None:
    """The ties behind a broker are enough to go from the giver to the user of each pair."""
    for figure in run("brokers", ties, ENTITIES).figures:
        behind = {ends for tie in ties if tie.key in figure.ties and (ends := passed_on(tie))}
        assert all(user in reaches(behind, giver) for giver, user in figure.pairs)


def test_a_broker_in_words() -> None:
    """A firm between a maker and a state is a broker; what it passes on is none."""
    ties = make_ties("maker/MAKES/camera", "firm/ACQUIRED/camera", "firm/SUPPLIES/state")
    (figure,) = run("brokers", ties, ENTITIES).figures
    assert figure.pairs == (("maker", "state"),) and figure.unit == "pairs"
    assert figure.words == "Without firm, no recorded way of supply leads from maker to state."
    assert figure.ties == tuple(sorted(tie.key for tie in ties))


def test_many_pairs_are_counted_and_some_named() -> None:
    """A hub between many names the first pairs, counts all, and a notice says so."""
    into = [f"giver-{n}/SUPPLIES/hub" for n in range(20)]
    out = [f"hub/SUPPLIES/user-{n}" for n in range(20)]
    answer = run("brokers", make_ties(*into, *out), {})
    (figure,) = answer.figures
    assert figure.value == 400 and len(figure.pairs) == 200
    assert "1 broker only the first 200 pairs" in answer.notices[0]
    assert figure.words.endswith("or between 397 more pairs.")


def every_chain(ties: list[LightTie], start: str | None, max_hops: int) -> Iterator[list[str]]:
    """Every chain, by trying every next entity."""
    edges = {ends for tie in ties if (ends := passed_on(tie))}
    against = {(t.key.source, t.key.target) for t in ties if t.key.type == "USES_AGAINST"}
    givers = {tie.key.source for tie in ties if tie.key.type in FORWARD}
    givers |= {tie.key.target for tie in ties if tie.key.type == "SUPPLIES_THROUGH"}

    def go(way: list[str]) -> Iterator[list[str]]:
        for there in IDS:
            if there not in way and len(way) <= max_hops:
                if len(way) > 1 and (way[-1], there) in against:
                    yield [*way, there]
                if (way[-1], there) in edges:
                    yield from go([*way, there])

    for first in givers if start is None else {start}:
        yield from go([first])


def hops_of(ties: list[LightTie], chain: list[str]) -> list[list[LightTie]]:
    """The ties of each hop of a chain."""
    hops = list(pairwise(chain))
    supply = [[t for t in ties if passed_on(t) == hop] for hop in hops[:-1]]
    last = TieKey(chain[-2], "USES_AGAINST", chain[-1])
    return [*supply, [tie for tie in ties if tie.key == last]]


@given(networks(), st.none() | st.sampled_from(IDS), st.integers(2, 6))
def test_chains_are_all_chains_strongest_first(
    ties: list[LightTie], start: str | None, max_hops: int
) -> None:
    """They are those that trying everything finds, in the order of their weakest hops."""
    chains = {}
    for chain in every_chain(ties, start, max_hops):
        hops = [max((t.rank, t.independent) for t in hop) for hop in hops_of(ties, chain)]
        rank, independent = min(h[0] for h in hops), min(h[1] for h in hops)
        chains[tuple(chain)] = (-rank, -independent, len(hops), chain)
    answer = run("supply-chains", ties, ENTITIES, Options(start, max_hops))
    assert [f.entities for f in answer.figures] == sorted(chains, key=chains.__getitem__)
    assert not answer.notices


@given(networks())
def test_a_chain_shows_its_ties_and_its_weakest_hop(ties: list[LightTie]) -> None:
    """The ties stand in the order of the hops, and the weakest hop is the first of the weakest."""
    for figure in run("supply-chains", ties, ENTITIES).figures:
        hops = [sorted(tie.key for tie in hop) for hop in hops_of(ties, list(figure.entities))]
        assert list(figure.ties) == [key for hop in hops for key in hop]
        strength = {tie.key: (tie.rank, tie.independent) for tie in ties}
        weakest = min(hops, key=lambda hop: max(strength[key] for key in hop))
        assert list(figure.weakest) == weakest and figure.value == len(hops)


def test_a_chain_in_words() -> None:
    """A thing leads from its maker to its user; the weakest hop is named with its status."""
    ties = [
        make_tie("maker/MAKES/camera", "documented", 2),
        make_tie("state/USES/camera", "alleged", 3),
        make_tie("state/ACQUIRED/camera", "planned", 1),
        make_tie("state/USES_AGAINST/people", "reported", 1),
        make_tie("maker/ASSISTS/state", "documented", 9),
    ]
    (figure,) = run("supply-chains", ties, ENTITIES).figures
    assert figure.entities == ("maker", "camera", "state", "people")
    assert figure.weakest == (ties[2].key, ties[1].key)
    assert figure.words == (
        "maker > camera > state > people. Weakest hop: alleged, 3 independent accounts."
    )


def test_chains_left_out_are_counted() -> None:
    """`most` keeps the strongest, and a notice counts the rest."""
    ties = [make_tie("a/SUPPLIES/b"), *(make_tie(f"b/USES_AGAINST/{i}") for i in "cdefg")]
    ties.append(make_tie("a/SUPPLIES/c", "documented", 2))
    ties.append(make_tie("c/USES_AGAINST/d", "documented", 2))
    answer = run("supply-chains", ties, ENTITIES, Options(most=2))
    assert [f.entities for f in answer.figures] == [("a", "c", "d"), ("a", "b", "c")]
    assert answer.notices[0].startswith("4 weaker chains are left out: most (now 2)")


@pytest.mark.long
def test_a_search_without_end_ends() -> None:
    """Of more ways than anybody can look at, the strongest are told, and it is said."""
    layers = [[f"{layer}-{n}" for n in range(14)] for layer in range(7)]
    kinds = ["SUPPLIES"] * 5 + ["USES_AGAINST"]
    texts = [
        f"{a}/{kind}/{b}"
        for upper, kind, lower in zip(layers, kinds, layers[1:], strict=False)
        for a in upper
        for b in lower
    ]
    answer = run("supply-chains", make_ties(*texts), {})
    assert len(answer.figures) == 1_000 and answer.notices[0].startswith("At least ")
    assert {figure.value for figure in answer.figures} == {2}


def test_supply_comes_from_the_lanes_of_the_ontology() -> None:
    """Eight types of tie pass something on; a new predicate with such lanes does from then on."""
    assert set(SUPPLY_TYPES) == FORWARD | BACKWARD and AGAINST_TYPES == ("USES_AGAINST",)
    document = ONTOLOGY.model_dump(by_alias=True)
    supplies = document["predicates"]["supplies"]
    leases = {**supplies, "ties": [{**supplies["ties"][0], "type": "LEASES"}]}
    predicates = {**document["predicates"], "leases": leases}
    lanes = passages(Ontology.model_validate({**document, "predicates": predicates}))
    assert lanes == PASSAGES | {"LEASES": PASSAGES["SUPPLIES"]}


@pytest.mark.parametrize("kind", ["brokers", "supply-chains"])
def test_other_ties_count_nothing(kind: str) -> None:
    """Help and alliances are no supply, and are not counted among the ties looked at."""
    answer = run(kind, make_ties("a/ASSISTS/b", "b/ALLIED_WITH/c", "b/USES/d"), ENTITIES)
    assert answer.over == 1 and not answer.figures
    assert ends_of(answer.ties.values()) == set()
