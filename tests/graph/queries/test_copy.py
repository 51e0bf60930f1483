"""A copy of the graph in memory tells of each record what the store answers about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from api.routes.pages.feeds import newest, newest_claims
from graph.queries.choices import entity_ids, ties_from, ties_resting_on
from graph.queries.copy import GraphCopy, copy_graph
from graph.queries.neighbourhood import neighbourhood_graph
from graph.queries.source_file import source_file
from graph.queries.subgraph import piece, subgraph
from graph.store.address import Address
from tests.conftest import SEEDS, load_alone
from tests.strategies import DAY, make_claim, make_dataset, make_judgement, write
from tests.sync_store import SyncStore


@pytest.fixture(params=["seeds", "belmora", "made"], scope="module")
def store(
    request: pytest.FixtureRequest,
    address: Address,
    belmora: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SyncStore]:
    """A store of the seeds, of the invented article, or of claims that are withdrawn."""
    paths = {"seeds": SEEDS, "belmora": belmora, "made": tmp_path_factory.mktemp("made") / "data"}
    made = [
        make_claim(roles={"supplier": "company-1", "recipient": "state-1"}),
        make_claim("source-2", roles={"supplier": "company-2", "recipient": "state-1"}),
        make_claim("source-2", roles={"supplier": "company-1", "recipient": "state-2"}),
        make_claim(
            roles={"supplier": "company-1", "recipient": "person-2"},
            retracted={"on": DAY, "reason": "It erred."},
        ),
        make_claim(
            said_by=["source-1", "source-2", "company-2"],
            roles={"supplier": "company-1", "recipient": "state-2"},
            polarity="denied",
        ),
        make_claim(
            predicate="assesses",
            roles={"speaker": "company-2", "about": "place-1"},
            details={"what": "all is well"},
            modality="opinion",
        ),
    ]
    judgements = [make_judgement("company-1", "company-2")]
    write(paths["made"], make_dataset(claims=made, judgements=judgements))
    load_alone(address, paths[request.param])
    with SyncStore(address) as one:
        yield one


@pytest.fixture(scope="module")
def copy(store: SyncStore) -> GraphCopy:
    """The copy of its graph."""
    return store.read(copy_graph)


@pytest.mark.parametrize("limit", [150, 3])
def test_what_is_around_an_entity(store: SyncStore, copy: GraphCopy, limit: int) -> None:
    """The same entities and ties, with the same evidence."""
    for entity_id, one in store.ask(entity_ids()):
        assert copy.canonical[entity_id] == one
        answer = store.read(partial(neighbourhood_graph, entity_id=one, limit=limit))
        assert store.read(partial(copy.around, entity_id=one, limit=limit)) == answer


@pytest.mark.parametrize("limit", [300, 2])
def test_what_is_behind_a_source(store: SyncStore, copy: GraphCopy, limit: int) -> None:
    """Its claims, those that cite it, and what rests on them."""
    for source_id in copy.graph.sources:
        answer = store.read(partial(source_file, source_id=source_id, limit=limit))
        assert copy.source_file(source_id, limit) == answer


def test_ties_by_entities_and_by_claims(store: SyncStore, copy: GraphCopy) -> None:
    """Each with its ends and its evidence."""
    for entity_id in copy.graph.entities:
        ties = copy.ties_from(entity_id)
        assert {tie.key for tie in ties} == set(store.ask(ties_from([entity_id])))
        graph = store.ask(subgraph([tie.key for tie in ties]))
        assert piece(copy.graph, sorted(ties, key=lambda tie: tie.key)) == graph
    keys = {tie.key for tie in copy.graph.ties}
    for claim_id in copy.graph.claims:
        ties = copy.ties_resting_on([claim_id])
        assert {tie.key for tie in ties} == keys & set(store.ask(ties_resting_on([claim_id])))


def test_newest_claims_of_an_entity(store: SyncStore, copy: GraphCopy) -> None:
    """Those that its feed tells of, withdrawn ones among them."""
    for entity_id in copy.graph.entities:
        claims = store.read(partial(newest_claims, entity_id=entity_id))
        assert newest(copy.claims_about(entity_id)) == claims.claims
