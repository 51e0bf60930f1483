"""`/v1/cypher`: rows, values, evidence, graphs and files for those who ask in Cypher."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import networkx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store.address import Address
from tests.api.reads import PARAMETERS, reads
from tests.conftest import LOCAL

SUPPLIES = "MATCH (a:Entity {id: 'tiandy'})-[r:SUPPLIES]->(b:Entity {id: 'irgc'}) "


def ask(api: TestClient, statement: str, **params: Any) -> dict[str, Any]:
    """GET a statement's answer, which has to be one."""
    answer = api.get("/v1/cypher", params={"statement": statement, **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def problem(api: TestClient, statement: str, **params: Any) -> dict[str, Any]:
    """GET the problem that a statement meets."""
    answer = api.get("/v1/cypher", params={"statement": statement, **params})
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_rows_are_lists_in_the_order_of_the_columns(api: TestClient) -> None:
    """Columns, rows, and what the answer is a function of."""
    answer = ask(api, SUPPLIES + "RETURN a.name AS supplier, b.id, r.independent")
    assert answer["columns"] == ["supplier", "b.id", "r.independent"]
    assert answer["rows"] == [["Tiandy Technologies", "irgc", 1]]
    assert answer["truncated"] is False and answer["counters"] == {}
    assert answer["meta"]["datasets"][0]["id"] == "top-ten-2022"
    assert answer["meta"]["without_evidence"] is None and answer["included"] is None


def test_get_and_post_give_the_same(api: TestClient) -> None:
    """A body holds what an address does, and parameters as plain JSON."""
    statement = "MATCH (n:Entity {id: $id}) RETURN n.name AS name, $list AS list"
    values = {"id": "zte", "list": [1, 2.5, None, {"a": True}]}
    of_get = ask(api, statement, parameters=json.dumps(values))
    of_post = api.post("/v1/cypher", json={"statement": statement, "parameters": values}).json()
    assert of_get["rows"] == of_post["rows"] == [["ZTE", values["list"]]]
    assert api.get(of_post["meta"]["permalink"]).json()["rows"] == of_post["rows"]


def test_records_are_named_by_their_own_ids(api: TestClient) -> None:
    """Nodes, edges and paths; an edge that comes alone names its ends as well."""
    ((edge,),) = ask(api, SUPPLIES + "RETURN r")["rows"]
    assert (edge["from"], edge["type"], edge["to"]) == ("tiandy", "SUPPLIES", "irgc")
    backwards = "MATCH p = (:Entity {id: 'irgc'})<-[:SUPPLIES]-({id: 'tiandy'}) RETURN p"
    ((path,),) = ask(api, backwards)["rows"]
    assert [path[0]["id"], path[1]["from"], path[2]["id"]] == ["irgc", "tiandy", "tiandy"]
    assert path[0]["labels"] == sorted(path[0]["labels"]) and "Entity" in path[0]["labels"]


def test_values_can_be_typed(api: TestClient) -> None:
    """`typed=true` wraps each value; without it, whole numbers beyond 2^53 are texts."""
    statement = "RETURN 9007199254740993 AS n, date('2010-03-01') AS d, [true, 'x', null] AS l"
    assert ask(api, statement)["rows"] == [["9007199254740993", "2010-03-01", [True, "x", None]]]
    assert ask(api, statement, typed=True)["rows"] == [
        [
            {"$type": "Integer", "_value": "9007199254740993"},
            {"$type": "Date", "_value": "2010-03-01"},
            {
                "$type": "List",
                "_value": [
                    {"$type": "Boolean", "_value": True},
                    {"$type": "String", "_value": "x"},
                    {"$type": "Null", "_value": None},
                ],
            },
        ]
    ]
    ((edge,),) = ask(api, SUPPLIES + "RETURN r", typed=True)["rows"]
    assert edge["$type"] == "Relationship" and edge["_value"]["from"] == "tiandy"
    assert edge["_value"]["properties"]["independent"] == {"$type": "Integer", "_value": "1"}


def test_whole_numbers_stay_whole(api: TestClient) -> None:
    """A limit from a parameter is a whole number, as Cypher needs it."""
    statement = "MATCH (n:Entity) RETURN n.id ORDER BY n.id LIMIT $n"
    assert len(ask(api, statement, parameters='{"n": 2}')["rows"]) == 2


def test_rows_that_are_left_out_are_told(api: TestClient) -> None:
    """`max_rows` cuts, and a notice says so."""
    answer = ask(api, "UNWIND range(1, 50) AS x RETURN x", max_rows=10)
    assert len(answer["rows"]) == 10 and answer["truncated"]
    assert "max_rows" in answer["meta"]["notices"][0]


def test_remarks_of_the_server_are_passed_on(api: TestClient) -> None:
    """A label that does not exist is remarked at its place in the statement."""
    (remark,) = ask(api, "MATCH (n:Compny) RETURN n")["notifications"]
    assert "Compny" in remark["description"] and remark["severity"] == "WARNING"
    assert (remark["line"], remark["column"]) == (1, 10)


def test_a_syntax_error_has_its_place(api: TestClient) -> None:
    """Line and column are those of the statement, and nothing of EXPLAIN shows."""
    body = problem(api, "MATCH (n)\nRETURN n.")
    (fault,) = body["errors"]
    assert (body["status"], body["code"]) == (422, "cypher_syntax")
    assert (fault["line"], fault["parameter"]) == (2, "statement")
    assert "EXPLAIN" not in body["detail"]


@pytest.mark.parametrize(
    ("params", "code", "words"),
    [
        ({"statement": "RETURN $a + $b"}, "cypher_parameter", "$a, $b"),
        ({"statement": "RETURN 1", "as_of": "2015"}, "cypher_parameter", "$as_of"),
        ({"statement": "RETURN 1", "certain": "true"}, "cypher_parameter", "$certain"),
        (
            {"statement": "RETURN $as_of", "as_of": "2015", "parameters": '{"as_of": 1}'},
            "cypher_parameter",
            "twice",
        ),
        ({"statement": "RETURN 1", "max_rows": "10001"}, "bad_value", "10000"),
        ({"statement": "RETURN 1", "timeout_ms": "30001"}, "bad_value", "30000"),
        ({"statement": "RETURN 1", "expand": "all"}, "bad_value", "evidence"),
        ({"statement": "RETURN 1", "limit": "1"}, "unknown_parameter", "max_rows"),
        ({}, "bad_value", "statement"),
        ({"statement": " "}, "cypher_syntax", "empty"),
        ({"statement": "RETURN 1 / 0"}, "cypher_failed", "zero"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(
    api: TestClient, params: dict[str, str], code: str, words: str
) -> None:
    """422 with the code of the reason, and words that name it."""
    answer = api.get("/v1/cypher", params=params)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, code)
    assert words in body["detail"] + body["errors"][0]["message"]


def test_a_body_is_as_strict_as_an_address(api: TestClient) -> None:
    """Unknown keys are refused with the nearest name; what is no JSON is malformed."""
    answer = api.post("/v1/cypher", json={"statement": "RETURN 1", "max_row": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter")
    assert answer.json()["errors"][0]["did_you_mean"][0] == "max_rows"
    assert api.post("/v1/cypher?max_rows=1", json={"statement": "RETURN 1"}).status_code == 422
    broken = api.post(
        "/v1/cypher", content='{"statement":', headers={"Content-Type": "application/json"}
    )
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed")


def test_time_is_handed_to_the_statement(api: TestClient) -> None:
    """`$as_of`, `$known_by` and `$certain` are days and a truth value; not given, they are null."""
    statement = "RETURN $as_of AS a, valueType($as_of) AS t, $known_by AS k, $certain AS c"
    answer = ask(api, statement, as_of="2015-03")
    assert answer["rows"] == [["2015-03-31", "DATE NOT NULL", None, False]]
    assert answer["meta"]["as_of"] == "2015-03-31"


def test_evidence_comes_with_the_rows(api: TestClient) -> None:
    """A tie brings its claims with their places in the text, and the sources of their chains."""
    answer = ask(api, SUPPLIES + "RETURN a.name AS name, r", expand="evidence")
    included = answer["included"]
    ((key, tie),) = included["ties"].items()
    assert key == "tiandy/SUPPLIES/irgc" and tie["status"] == "reported"
    assert set(tie["claim_ids"]) == included["claims"].keys()
    claim = included["claims"][tie["claim_ids"][0]]
    assert claim["evidence"][0]["paragraph"] == 21
    assert {link["id"] for link in claim["said_by"]} <= included["sources"].keys()
    assert included["sources"]["fdd-study"]["cited_only"]
    assert answer["meta"]["without_evidence"] == ["name"]
    assert api.get("/v1/ties/tiandy/SUPPLIES/irgc").json()["affirmed_by"][0] == claim


def test_evidence_is_found_wherever_it_stands(api: TestClient) -> None:
    """In lists, maps and paths, as nodes of claims and sources, and as the ids of claims."""
    for expression in (
        "{a: [r]}",
        "r.claim_ids",
        "[(c:Claim)-[:SUPPLIER]->(a) WHERE c.id IN r.claim_ids | c]",
    ):
        answer = ask(api, f"{SUPPLIES} RETURN {expression} AS x", expand="evidence")
        assert len(answer["included"]["claims"]) == 2, expression
        assert answer["meta"]["without_evidence"] == []
    source = ask(api, "MATCH (s:Source {id: 'fdd-study'}) RETURN s", expand="evidence")
    assert list(source["included"]["sources"]) == ["fdd-study"]
    entity = ask(api, "MATCH (n:Entity {id: 'zte'}) RETURN n", expand="evidence")
    assert entity["meta"]["without_evidence"] == ["n"]


def test_a_graph_loads_in_networkx(api: TestClient) -> None:
    """`shape=graph` is node-link JSON: the ends of every edge are there."""
    answer = ask(api, "MATCH (:Entity {id: 'tiandy'})-[r:SUPPLIES]->() RETURN r", shape="graph")
    graph = networkx.node_link_graph(answer)
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.number_of_edges() == len(answer["edges"]) == 3
    assert graph.nodes["tiandy"]["name"] == "Tiandy Technologies"
    assert graph.edges["tiandy", "irgc", "SUPPLIES"]["properties"]["status"] == "reported"


def test_a_table_is_complete(api: TestClient) -> None:
    """CSV holds all rows; its length and its number of rows are known before it comes."""
    statement = "MATCH (n:Entity) RETURN n.id AS id, n.names AS names, n.canonical_id AS merged"
    plain = {"Accept-Encoding": "identity"}
    table = api.get("/v1/cypher.csv", params={"statement": statement}, headers=plain)
    rows = list(csv.reader(io.StringIO(table.text)))
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows[0] == ["id", "names", "merged"]
    assert len(rows) - 1 == int(table.headers["sightlines-rows"]) > 30
    assert int(table.headers["content-length"]) == len(table.content)
    assert all(isinstance(json.loads(row[1]), list) and row[2] == "" for row in rows[1:])
    part = api.get("/v1/cypher.csv", params={"statement": statement, "max_rows": 2})
    assert part.headers["sightlines-rows"] == "2"


def test_a_table_for_spreadsheets_is_harmless(api: TestClient) -> None:
    """`excel=true` adds a BOM and disarms texts that would be run; numbers stay numbers."""
    statement = "UNWIND ['=1+1', '+1', '-1', '@x', 'x=1'] AS t RETURN t, -1 AS n, '1;2,\"3' AS q"
    body = {"statement": statement, "excel": "true"}
    table = api.post("/v1/cypher.csv", json=body).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))[1:]
    assert [row[0] for row in rows] == ["'=1+1", "'+1", "'-1", "'@x", "x=1"]
    assert {(row[1], row[2]) for row in rows} == {("-1", '1;2,"3')}
    plain = api.get("/v1/cypher.csv", params={"statement": statement}).content
    assert plain.startswith(b"t,n,q\r\n=1+1,-1,")


def test_lines_of_json_hold_objects(api: TestClient) -> None:
    """JSONL: an object for each row, by the names of the columns."""
    statement = "UNWIND range(1, 3) AS x RETURN x, 'ü' AS y"
    for answer in (
        api.get("/v1/cypher.jsonl", params={"statement": statement}),
        api.post("/v1/cypher.jsonl", json={"statement": statement}),
    ):
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert lines == [{"x": n, "y": "ü"} for n in (1, 2, 3)]
        assert answer.headers["sightlines-rows"] == "3"


def test_a_file_that_fails_is_a_problem(api: TestClient) -> None:
    """Nothing of a table is sent before all of it is there."""
    late = "UNWIND range(1, 5000) AS x RETURN 1 / (4999 - x) AS y"
    answer = api.get("/v1/cypher.csv", params={"statement": late, "timeout_ms": 30_000})
    assert (answer.status_code, answer.json()["code"]) == (422, "cypher_failed")


def test_steady_answers_can_be_kept(api: TestClient) -> None:
    """The tag is the snapshot's, unless chance or the clock has a part in the answer."""
    params = {"statement": "MATCH (n:Entity) RETURN count(n)"}
    tag = api.get("/v1/cypher", params=params).headers["etag"]
    again = api.get("/v1/cypher", params=params, headers={"If-None-Match": tag})
    assert again.status_code == 304
    for unsteady in ("RETURN rand() AS x", "RETURN datetime() AS x", "RETURN randomUUID() AS x"):
        headers = api.get("/v1/cypher", params={"statement": unsteady}).headers
        assert headers["cache-control"] == "no-store" and "etag" not in headers


def test_words_of_ones_own_are_no_keywords(api: TestClient) -> None:
    """Strings, comments, properties, labels and quoted names may read as anything."""
    statement = """
        // LOAD CSV FROM 'x' ; CALL db.info()
        MATCH (`call`:Entity {id: 'zte'}) /* USE system; */
        RETURN 'CREATE; CALL dbms.x() // \\' SHOW' AS `load csv`, `call`.use AS u,
               `call`.`drop` AS d, {show: 1, call: 2} AS map, `call`:Use AS label;
    """
    answer = ask(api, statement)
    assert answer["columns"] == ["load csv", "u", "d", "map", "label"]
    assert answer["rows"] == [
        ["CREATE; CALL dbms.x() // ' SHOW", None, None, {"show": 1, "call": 2}, False]
    ]


@pytest.mark.parametrize("language", ["5", "25"])
def test_ordinary_reads_are_answered(api: TestClient, language: str) -> None:
    """None is refused, whatever stands in its comments, strings and backticks."""
    for statement in reads(language):
        body = {"statement": statement, "parameters": PARAMETERS, "timeout_ms": 30_000}
        answer = api.post("/v1/cypher", json=body)
        assert answer.status_code == 200, (statement, answer.text)


def test_a_plan_comes_for_those_who_ask(api: TestClient) -> None:
    """EXPLAIN runs nothing, PROFILE counts; the version of Cypher may stand before or after."""
    statement = "MATCH (c:Company)-[:SUPPLIES]->(x) RETURN c.id AS id"
    plain = ask(api, statement)
    assert plain["plan"] is None and plain["rows"]
    explained = ask(api, f"EXPLAIN {statement}")
    assert explained["columns"] == ["id"] and explained["rows"] == []
    assert explained["plan"]["operator"] == "ProduceResults" and explained["plan"]["rows"] is None
    for prefix in ("PROFILE", "CYPHER 25 PROFILE", "PROFILE\nCYPHER 5"):
        profile = ask(api, f"{prefix} {statement}")
        assert profile["rows"] == plain["rows"] and profile["plan"]["rows"] == len(plain["rows"])
        steps = [profile["plan"]]
        for step in steps:
            steps += step["children"]
        assert any("SUPPLIES" in step["details"] for step in steps)
        assert sum(step["db_hits"] for step in steps) > 0
    fault = problem(api, f"EXPLAIN {statement}, y")["errors"][0]
    assert (fault["line"], fault["column"]) == (1, len(f"EXPLAIN {statement}, y"))


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("date('9999-12-31') + duration('P1D')", "Date"),
        ("date('0001-01-01') - duration('P1D')", "Date"),
        ("date('-0400-02-29')", "Date"),
        ("date('+999999999-12-31')", "Date"),
        ("localdatetime('9999-12-31T23:00:00.123456789') + duration('P1D')", "LocalDateTime"),
        ("localdatetime('-999999999-01-01T10:20:30')", "LocalDateTime"),
        ("datetime('9999-12-31T23:00:00+18:00') + duration('P1Y')", "OffsetDateTime"),
        ("datetime('-0001-03-01T00:00:00+03:30')", "OffsetDateTime"),
    ],
)
def test_days_that_python_cannot_hold_are_answered(
    api: TestClient, expression: str, kind: str
) -> None:
    """As Neo4j writes them, in lists, maps and files as well."""
    statement = f"WITH {expression} AS x RETURN x, toString(x), [x], {{a: {{b: [1, x]}}}}"
    ((x, text, items, map_),) = ask(api, statement)["rows"]
    assert x == text and items == [text] and map_ == {"a": {"b": [1, text]}}
    ((typed, *_),) = ask(api, statement, typed=True)["rows"]
    assert typed == {"$type": kind, "_value": text}
    file = api.get("/v1/cypher.csv", params={"statement": f"RETURN {expression} AS x"})
    assert file.text == f"x\r\n{text}\r\n"


def test_a_zone_keeps_its_offset_in_a_distant_year(api: TestClient) -> None:
    """Which Python's own days do not reach."""
    moment = "datetime('9999-12-31T23:00:00[Asia/Tehran]') + duration('P1Y')"
    assert ask(api, f"RETURN {moment} AS x")["rows"] == [["+10000-12-31T23:00:00+03:30"]]


def test_a_megabyte_of_parameters_is_taken(api: TestClient) -> None:
    """Long lists belong into parameters."""
    ids = [*(f"an-entity-that-is-not-there-{n}" for n in range(27_000)), "zte"]
    statement = "UNWIND $ids AS id MATCH (n:Entity {id: id}) RETURN n.name AS name"
    body = {"statement": statement, "parameters": {"ids": ids}, "timeout_ms": 30_000}
    assert 900_000 < len(json.dumps(body)) < 1024 * 1024
    answer = api.post("/v1/cypher", json=body)
    assert answer.json()["rows"] == [["ZTE"]], answer.text[:300]


@pytest.mark.parametrize(
    "statement",
    [
        "CALL db.labels() YIELD label RETURN label",
        "CALL db.index.fulltext.queryNodes('entity_names', 'tiandy') YIELD node RETURN node.id",
        "CALL db.schema.visualization()",
        "OPTIONAL MATCH (n:Nothing) RETURN n",
        "MATCH (n:Entity) WHERE EXISTS { (n)-[:SUPPLIES]->() } RETURN count(n)",
        "MATCH p = shortestPath((:Entity {id: 'zte'})-[*..3]-(:Entity {id: 'iran'})) RETURN p",
        "MATCH p = SHORTEST 1 (:Entity {id: 'zte'})--+(:Entity {id: 'iran'}) RETURN length(p)",
        "MATCH (n:Entity) USING INDEX n:Entity(id) WHERE n.id = 'zte' RETURN n.name",
        "MATCH (n:Entity {id: 'zte'}) CALL (n) { MATCH (n)--(m) RETURN count(m) AS c } RETURN c",
        "RETURN CASE WHEN (1 < 2) AND (2 < 3) THEN 'ü' ELSE reduce(s = 0, x IN [1] | s + x) END",
        "MATCH (n:Company|State) WHERE n.name IN ['ZTE'] RETURN n.id UNION RETURN 'x' AS `n.id`",
        "WITH '\u0627\u0637\u0644\u0627\u0639\u0627\u062a\u200c' AS x RETURN size(x)",
        "MATCH (企業:Company) RETURN 企業.name LIMIT 1",
    ],
)
def test_honest_statements_pass(api: TestClient, statement: str) -> None:
    """What a question needs is there: subqueries, paths, hints, indexes, all scripts."""
    assert ask(api, statement)["rows"]


def test_it_can_be_switched_off(api: TestClient, address: Address) -> None:
    """403 says who can allow it; the rest of the API goes on."""
    app = create_app(address, version="0", exposure=replace(LOCAL, statements=False))
    with TestClient(app) as client:
        for path in ("/v1/cypher", "/v1/cypher.csv"):
            answer = client.get(path, params={"statement": "RETURN 1"})
            assert (answer.status_code, answer.json()["code"]) == (403, "cypher_off")
            assert "SIGHTLINES_CYPHER" in answer.json()["detail"]
        assert client.get("/healthz").status_code == 200


def test_a_body_can_name_its_snapshot(api: TestClient) -> None:
    """`snapshot` and `seen_in` count in a body as in an address."""
    body = {"statement": "RETURN 1 AS x", "snapshot": "0" * 32}
    assert api.post("/v1/cypher", json=body).json()["code"] == "snapshot_not_current"
    assert api.post("/v1/cypher.csv", json=body).status_code == 409
    request = {"statement": "RETURN 1 AS x", "seen_in": "0" * 32}
    assert "0" * 32 in api.post("/v1/cypher", json=request).json()["meta"]["notices"][0]
