"""What no load wrote is in no answer, and makes none fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store.address import Address
from graph.store.connection import Writer
from graph.store.loader import load
from graph.text import TextStore
from tests.conftest import LOCAL, STORIES, empty

FOREIGN: tuple[LiteralString, ...] = (
    # A well-formed tie without a claim, and one that has the properties of another.
    "MATCH ()-[r:SUPPLIES]->() WITH r LIMIT 1 MATCH (a:Entity {id: 'costaria'}) "
    "MATCH (b:Entity {id: 'marchers'}) CREATE (a)-[x:SUPPLIES]->(b), (b)-[y:OWNS]->(a) "
    "SET x = properties(r), y = properties(r) "
    "SET x += {id: 'costaria/SUPPLIES/marchers', claims: 0, claim_ids: []}",
    # Edges that no load knows, and one without any property.
    "MATCH (a:Entity {id: 'lantern'}), (b:Entity {id: 'belmora'}) "
    "CREATE (a)-[:MY_HUNCH {why: 'so'}]->(b), (b)-[:SUPPLIES]->(a)",
    # Nodes with less than a record has, at the ends of ties.
    "MATCH (a:Entity {id: 'lantern'}) CREATE (a)-[:SUPPLIES]->(:Entity:Company {id: 'ghost', "
    "name: 'Ghost'}), (:Entity)-[:OWNS]->(a)",
    "CREATE (:Claim {id: 'x'})-[:FROM]->(:Source {id: 'y', title: 'Y'}), (:Dataset {id: 'z'}), "
    "(:Snapshot {id: 's'}), (:Sightlines {id: 'another'}), (:Note {text: 'mine'})",
    # Edges of true claims.
    "MATCH (c:Claim), (e:Entity {id: 'marchers'}) CREATE (c)-[:SUPPLIER]->(e), (c)-[:MINE]->(e), "
    "(c)-[:SAID_BY]->(e), (c)-[:MINE]->(:Note)",
)
ADDRESSES = (
    "/v1/ties?facet=type,status,from", "/v1/ties?as_of=2024-01-01", "/v1/ties?type=SUPPLIES",
    "/v1/ties?limit=1&order=-first", "/v1/ties.csv", "/v1/entities?facet=type", "/v1/graph",
    "/v1/entities/lantern", "/v1/entities/lantern/ties", "/v1/entities/lantern/neighbourhood",
    "/v1/entities/belmora/neighbourhood?depth=3", "/v1/entities/ghost", "/v1/entities.csv",
    "/v1/paths?from=lantern&to=marchers", "/v1/paths?from=costaria&to=belmora", "/v1/claims",
    "/v1/ties/costaria/SUPPLIES/marchers", "/v1/ties/belmora/SUPPLIES/lantern",
    "/v1/ties/lantern/MY_HUNCH/belmora", "/v1/claims?entity=marchers", "/v1/claims/x",
    "/v1/sources", "/v1/sources/y", "/v1/datasets", "/v1/snapshots", "/v1/claims.csv",
    "/v1/search?q=ghost", "/v1/suggest?q=gho", "/v1/analyses/centrality", "/v1/analyses/brokers",
    "/v1/sources/gazette/what-if", "/", "/entity/lantern", "/entity/ghost", "/source/gazette",
    "/path?from=lantern&to=marchers", "/tie/belmora/SUPPLIES/lantern", "/graph", "/timeline",
)  # fmt: skip


@pytest.fixture(scope="module")
def answers(address: Address, belmora: Path, texts: TextStore) -> Iterator[list[dict[str, object]]]:
    """The answers at each address, before and after somebody else has written."""

    def read() -> dict[str, object]:
        app = create_app(address, version="0", texts=texts, stories=STORIES, exposure=LOCAL)
        with TestClient(app, raise_server_exceptions=False) as client:
            responses = {path: client.get(path) for path in ADDRESSES}
        # A problem has the id of its request; a search for paths counts what it had to look at.
        variable = '"request_id":"[^"]*"|"searched":{[^}]*}|Searched: [^.]*'
        return {p: (r.status_code, re.sub(variable, "", r.text)) for p, r in responses.items()}

    with Writer(address) as writer:
        empty(writer)
        load(writer, [belmora])
        before = read()
        for statement in FOREIGN:
            writer.run(statement)
        yield [before, read()]
        empty(writer)


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_answer_is_as_it_was(answers: list[dict[str, object]], path: str) -> None:
    """Nothing of what somebody else wrote is served."""
    before, after = answers
    assert after[path] == before[path]
