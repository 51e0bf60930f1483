"""graph/store/values.py: values of statements as plain JSON, and statements that are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph.errors import QueryFault
from graph.question import Question
from tests.sync_store import SyncStore

CREATE = (
    "CREATE (a:Company:Entity {id: 'a', since: date('2010-03-01')})"
    "-[:SUPPLIES {rank: 3}]->(b:State:Entity {id: 'b'})"
)
A = {"id": "a", "labels": ["Company", "Entity"], "properties": {"id": "a", "since": "2010-03-01"}}
B = {"id": "b", "labels": ["Entity", "State"], "properties": {"id": "b"}}
TIE = {"from": "a", "type": "SUPPLIES", "to": "b", "properties": {"rank": 3}}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("null", None),
        ("true", True),
        ("1.5", 1.5),
        ("0.0 / 0.0", "nan"),
        ("1.0 / 0.0", "inf"),
        ("9007199254740992", 9007199254740992),
        ("9007199254740993", "9007199254740993"),
        ("-9223372036854775807", "-9223372036854775807"),
        ("'海康'", "海康"),
        ("date('2010-03-01')", "2010-03-01"),
        ("datetime('2010-03-01T10:00:00Z')", "2010-03-01T10:00:00.000000000+00:00"),
        ("localdatetime('2010-03-01T10:00')", "2010-03-01T10:00:00.000000000"),
        ("duration('P1DT2H')", "P1DT2H"),
        ("[1, [2, {a: date('2010-03-01')}]]", [1, [2, {"a": "2010-03-01"}]]),
        ("point({x: 1, y: 2})", {"srid": 7203, "coordinates": [1.0, 2.0]}),
        ("$given", {"whole": 3}),
    ],
)
def test_each_value_is_plain(store: SyncStore, expression: str, expected: Any) -> None:
    """Every value that Cypher has is one that JSON has."""
    rows = store.rows(f"RETURN {expression} AS x", given={"whole": 3})  # type: ignore[arg-type]
    assert rows == [[expected]]
    json.dumps(rows, allow_nan=False)


def test_nodes_edges_and_paths_keep_their_ids(store: SyncStore) -> None:
    """Records are named by their own ids; a path keeps its direction; no internal id is shown."""
    store.run(CREATE)  # type: ignore[arg-type]
    statement = "MATCH p = (b:State)<-[r]-(a) RETURN a, r, p"
    rows = store.rows(statement)
    assert rows == [[A, TIE, [B, TIE, A]]]
    assert "elementId" not in json.dumps(rows)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (n:Entity) RETURN n",
        "MATCH (n) DETACH DELETE n",
        "CREATE INDEX x FOR (n:X) ON (n.id)",
        "MERGE (n:Entity {id: 'z'}) RETURN n",
        "MATCH (n RETURN n",
        "RETURN $absent",
        "",
    ],
)
def test_a_statement_that_writes_or_is_none_is_refused(store: SyncStore, statement: str) -> None:
    """The server itself says no, in its own words and with its code."""
    with pytest.raises(QueryFault) as error:
        store.ask(Question(statement, list))
    assert error.value.code.startswith("Neo.ClientError.")
    assert store.rows("MATCH (n) RETURN count(n) AS n") == [[0]]
