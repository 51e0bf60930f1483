"""Graphs with their evidence: an entity's neighbourhood, and the whole."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from graph.model import Claim, Subgraph
from graph.queries.docket import beside
from graph.queries.neighbourhood import neighbourhood_graph
from graph.queries.whole_graph import whole_graph
from graph.store.loader import load
from tests.strategies import CAST, DAY, make_claim, make_dataset, make_judgement, write
from tests.sync_store import SyncStore


def supply(supplier: str, recipient: str, source: str = "source-1", **fields: object) -> Claim:
    """A claim that one supplied the other."""
    return make_claim(source, roles={"supplier": supplier, "recipient": recipient}, **fields)


# company-1 → state-1 (2 accounts) → person-1; company-1 → state-2 → person-2, alleged; far: group-1
CHAIN = [
    supply("company-1", "state-1"),
    supply("company-1", "state-1", "source-2"),
    supply("company-1", "state-2", modality="alleged"),
    supply("state-1", "person-1"),
    supply("state-2", "person-2"),
    supply("state-1", "state-2"),
    supply("person-1", "group-1"),
]


@pytest.fixture
def chain(store: SyncStore, tmp_path: Path) -> SyncStore:
    """A store of a small chain, with a merged id and claims that carry no tie."""
    claims = [
        *CHAIN,
        supply("company-1", "state-2", "source-2", polarity="denied"),
        make_claim(predicate="assesses", roles={"speaker": "company-1", "about": "place-1"},
                   details={"what": "all is well"}, modality="opinion"),
        supply("company-1", "person-2", retracted={"on": DAY, "reason": "It erred."}),
    ]  # fmt: skip
    judgements = [make_judgement("company-1", "company-2")]
    load(store, [write(tmp_path / "data", make_dataset(claims=claims, judgements=judgements))])
    return store


def hood(store: SyncStore, entity_id: str, **limits: int) -> Subgraph:
    """A neighbourhood that is there."""
    answer = store.read(lambda reader: neighbourhood_graph(reader, entity_id, **limits))
    assert answer is not None
    return answer


def test_one_hop_holds_the_neighbours_and_their_ties(chain: SyncStore) -> None:
    """All ties between those shown, also those that do not touch the middle."""
    answer = hood(chain, "company-1")
    assert list(answer.entities) == ["company-1", "state-1", "state-2"]
    assert [str(t.key) for t in answer.ties] == [
        "company-1/SUPPLIES/state-1",
        "company-1/SUPPLIES/state-2",
        "state-1/SUPPLIES/state-2",
    ]
    assert (answer.focus, answer.left_out) == ("company-1", 0)
    assert answer.degrees == {"company-1": 2, "state-1": 3, "state-2": 3}


def test_evidence_comes_with_the_ties(chain: SyncStore) -> None:
    """Claims for and against, live claims about the middle that carry no tie, sources and names."""
    answer = hood(chain, "company-1")
    evidence = {i for t in answer.ties for i in (*t.claim_ids, *t.denial_ids)}
    assert evidence < set(answer.claims)
    (extra,) = (c for i, c in answer.claims.items() if i not in evidence)
    assert extra.predicate == "assesses"
    assert not any(c.retracted for c in answer.claims.values())
    assert list(answer.sources) == ["source-1", "source-2"]
    assert answer.names == {"place-1": "Place 1"}


def test_two_hops_hold_those_behind(chain: SyncStore) -> None:
    """Not three."""
    assert set(hood(chain, "company-1", depth=2).entities) == {
        "company-1", "state-1", "state-2", "person-1", "person-2",
    }  # fmt: skip


def test_a_limit_keeps_the_strongest_and_says_how_many_are_gone(chain: SyncStore) -> None:
    """The middle always, then by status and independent accounts, the nearer before the farther."""
    two = hood(chain, "company-1", depth=2, limit=2)
    assert (list(two.entities), two.left_out) == (["company-1", "state-1"], 3)
    assert [str(t.key) for t in two.ties] == ["company-1/SUPPLIES/state-1"]
    three = hood(chain, "company-1", depth=2, limit=3)
    assert (list(three.entities), three.left_out) == (["company-1", "state-1", "state-2"], 2)


def test_a_merged_id_gives_the_canonical_entity(chain: SyncStore) -> None:
    """The middle is the one that has the ties."""
    assert hood(chain, "company-2") == hood(chain, "company-1")


def test_an_entity_alone_and_none_at_all(chain: SyncStore) -> None:
    """An entity without ties stands alone; what is not there is none."""
    alone = hood(chain, "event-1")
    assert (list(alone.entities), alone.ties, alone.degrees) == (["event-1"], (), {"event-1": 0})
    assert chain.read(lambda reader: neighbourhood_graph(reader, "ghost")) is None


def test_the_whole_holds_whatever_has_a_tie(chain: SyncStore) -> None:
    """Entities without ties are not in it; a limit keeps the best connected."""
    answer = chain.read(whole_graph)
    assert list(answer.entities) == [
        "company-1", "group-1", "person-1", "person-2", "state-1", "state-2",
    ]  # fmt: skip
    assert len(answer.ties) == 6
    assert answer.focus is None
    few = chain.read(lambda reader: whole_graph(reader, limit=2))
    assert (list(few.entities), few.left_out) == (["state-1", "state-2"], 4)


def test_a_hub_is_shown_with_some_of_its_neighbours(store: SyncStore, tmp_path: Path) -> None:
    """Also where all of them have fewer connections than those of a ring elsewhere."""
    ring = [f"company-{n}" for n in range(30)]
    claims = [supply("state-1", f"person-{n}") for n in range(60)]
    claims += [supply(a, b) for a, b in pairwise([*ring, ring[0]])]
    ends = {i for claim in claims for ids in claim.roles.values() for i in ids}
    cast = {i: CAST[f"{i.partition('-')[0]}-1"].model_copy(update={"id": i}) for i in ends}
    load(store, [write(tmp_path, make_dataset(entities=cast, claims=claims))])
    for limit in (10, 20):
        graph = store.read(lambda reader, limit=limit: whole_graph(reader, limit=limit))
        assert len(graph.entities) == limit and graph.left_out == 91 - limit
        assert graph.degrees["state-1"] == 60
        hub = [tie for tie in graph.ties if tie.key.source == "state-1"]
        assert len(hub) == limit // 5
    tied = {i for tie in graph.ties for i in (tie.key.source, tie.key.target)}
    assert tied == set(graph.entities)


def test_an_empty_store_is_an_empty_graph(store: SyncStore) -> None:
    """No entities, no ties, no error."""
    assert store.read(whole_graph) == Subgraph({}, ())


def test_claims_beside_a_tie_are_those_that_draw_none(store: SyncStore, tmp_path: Path) -> None:
    """Their source did not find it, or they were withdrawn, or several stand in both roles."""
    jointly = {"supplier": ["company-1", "person-1"], "recipient": ["state-1", "state-2"]}
    claims = [
        supply("company-2", "state-1", polarity="not_found"),
        supply("company-2", "state-2", retracted={"on": DAY, "reason": "It erred."}),
        make_claim(roles=jointly),
        make_claim(roles={"supplier": "company-2", "recipient": ["person-2", "group-2"]}),
        supply("company-2", "group-1", polarity="denied"),
    ]
    load(store, [write(tmp_path / "data", make_dataset(claims=claims))])
    joint = {
        (supplier, state) for supplier in jointly["supplier"] for state in jointly["recipient"]
    }
    apart = {("company-2", "state-1"), ("company-2", "state-2")}
    assert store.ask(beside(list(CAST))) == joint | apart
    assert store.ask(beside(["company-2"])) == apart
