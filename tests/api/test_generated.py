"""What holds for every operation: asked of each, as the OpenAPI document describes it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook

from api.answers.common import Fault, Problem
from api.errors import CODES
from api.files import XLSX
from graph.tables import TABLES
from tests.api.openapi import LIVE, Operation, Parameter, live, operations

GETS = operations()
LISTS = [one for one in GETS if one.takes("limit", "cursor")]
FILES = [one for one in GETS if one.takes("limit", "sort") and one not in LISTS]
#: Their items are no records: each change names its record by an address, and figures have none.
UNLINKED = {"list_changes", "read_analysis"}
#: Addresses of one answer that are followed at most.
MOST = 15

#: The same operation in a further format: it takes what the one in JSON or in CSV takes.
FURTHER = re.compile(r"\.(json|graph\.json|jsonl|parquet|arrow|xlsx)$")
ONCE = [one for one in GETS if not FURTHER.search(one.path)]
BY_PATH = {one.path: one for one in GETS}

every = pytest.mark.parametrize("one", ONCE, ids=lambda one: one.id)


@pytest.fixture(scope="module")
def live_values(api: TestClient) -> dict[str, str]:
    """The values that change with the data."""
    return live(api)


def problem_of(one: Operation, answer: Response, code: str) -> dict[str, Any]:
    """Return the problem that an operation answers with, having checked it from head to foot."""
    problem: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["status"]) == (code, answer.status_code), problem
    assert CODES[code].status == answer.status_code
    assert f"`{code}`" in one.codes[answer.status_code], "the code is not declared"
    assert problem.keys() == Problem.model_fields.keys()
    assert all(fault.keys() == Fault.model_fields.keys() for fault in problem["errors"])
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem


@every
def test_each_required_parameter_has_an_example(one: Operation) -> None:
    """Whoever reads the document can ask at once; ids that change with the data are told."""
    bare = [p.name for p in one.parameters if p.required and not p.examples and p.name not in LIVE]
    assert bare == []


def test_all_formats_take_the_same_parameters() -> None:
    """So each rule below is checked on one format. CSV alone has a parameter more."""
    further = [one for one in GETS if FURTHER.search(one.path)]
    for one in further:
        bare = FURTHER.sub("", one.path)
        json_like = one.path.endswith("json")
        twin = BY_PATH[bare if json_like else f"{bare}.csv"]
        parameters = [parameter for parameter in twin.parameters if parameter.name != "excel"]
        assert one.parameters == (twin.parameters if json_like else parameters), one.path
    assert len(further) > 20


@pytest.mark.parametrize("one", GETS, ids=lambda one: one.id)
def test_every_route_answers_its_example(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """GET answers 200 in a declared format, and HEAD the same headers without a body."""
    address = one.example(live_values)
    response, head = api.get(address), api.head(address)
    assert response.status_code == head.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] in one.formats
    assert head.content == b""
    changing = {"x-request-id", "content-length", "transfer-encoding"}
    of_get, of_head = dict(response.headers), dict(head.headers)
    assert {k: v for k, v in of_get.items() if k not in changing} == {
        k: v for k, v in of_head.items() if k not in changing
    }


@every
def test_equal_questions_give_equal_bytes(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """An answer is a function of the question and the snapshot: no clock, no order by chance.

    Answers are remembered for each way to send them, so that this one is made twice.
    """
    answers = [
        api.get(one.example(live_values), headers={"Accept-Encoding": way})
        for way in ("gzip", "br")
    ]
    assert answers[0].content == answers[1].content


@every
def test_what_the_asker_holds_is_not_sent_again(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """Every answer with a tag answers `If-None-Match` with 304 and no body."""
    address = one.example(live_values)
    tag = api.get(address).headers.get("etag")
    assert tag or not one.takes("snapshot") or one.id == "read_snapshot"
    if tag:
        assert "304" in one.spec["responses"]
        again = api.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_no_cache_can_confuse_two_answers(api: TestClient, live_values: dict[str, str]) -> None:
    """What differs has a tag of its own, and says what chooses between answers."""
    tags: dict[str, bytes] = {}
    for one in GETS:
        answer = api.get(one.example(live_values))
        assert answer.headers["vary"] == "Accept, Accept-Encoding", one.id
        tag = answer.headers.get("etag")
        assert tag is None or tags.setdefault(tag, answer.content) == answer.content, one.id
    for address, accept in (("/v1/ties?limit=1", "text/csv"), ("/v1/ties?limit=2", "*/*")):
        etag = api.get("/v1/ties?limit=1").headers["etag"]
        answer = api.get(address, headers={"Accept": accept, "If-None-Match": etag})
        assert answer.status_code == 200


def test_a_list_leads_to_its_records(api: TestClient, live_values: dict[str, str]) -> None:
    """The link of each list is followed as the document tells; no other id would answer 200."""
    by_id = {one.id: one for one in GETS}
    linked = [(one, one.spec["responses"]["200"].get("links")) for one in GETS]
    for one, links in ((one, links["record"]) for one, links in linked if links):
        (first, *_) = api.get(one.example(live_values)).json()["results"]
        values = {name: at(first, place) for name, place in links["parameters"].items()}
        record = by_id[links["operationId"]].example(live_values, **values)
        assert api.get(record).status_code == 200, (one.id, record)
    assert {one.id for one, links in linked if links} >= {one.id for one in LISTS} - UNLINKED


def at(item: Any, place: str) -> str:
    """Return what stands in an item where a link says."""
    for step in place.removeprefix("$response.body#/results/0/").split("/"):
        item = item[step]
    return str(item)


def own(one: Operation) -> list[Parameter]:
    """Return the parameters of an operation that its answer in JSON does not take just so."""
    twin = BY_PATH.get(one.path.removesuffix(".csv"), one)
    return [p for p in one.queried if twin is one or p not in twin.queried]


@every
def test_an_unknown_parameter_is_refused(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """A typo is told, with the nearest name where there is one."""
    names = [parameter.name for parameter in own(one) if len(parameter.name) > 3] or ["nothing"]
    for name in names:
        typo = name[:-1] + 2 * name[-1]
        problem = problem_of(
            one, api.get(one.example(live_values, **{typo: "1"})), "unknown_parameter"
        )
        (fault,) = problem["errors"]
        assert fault["parameter"] == typo
        assert name in fault["did_you_mean"] or name == "nothing"


@every
def test_a_single_value_is_given_once(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """A parameter with one value that is given twice is refused: which one would it be?"""
    for parameter in own(one):
        if not parameter.is_list:
            twice = {parameter.name: [usual(parameter), usual(parameter)]}
            problem = problem_of(
                one, api.get(one.example(live_values, **twice)), "repeated_parameter"
            )
            assert [fault["parameter"] for fault in problem["errors"]] == [parameter.name]


def usual(parameter: Parameter) -> str:
    """Return some value that a parameter takes."""
    kinds = {"integer": str(parameter.one.get("minimum", 1)), "boolean": "true"}
    text = "2015" if parameter.is_day else "a" * 32
    words = [*parameter.words, *map(str, parameter.examples)]
    return words[0] if words else kinds.get(str(parameter.one.get("type")), text)


@every
def test_a_misspelt_word_gets_the_nearest_one(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """Closed vocabularies tell what was meant; fields, keys of an order and facets are such."""
    for parameter in own(one):
        for word in parameter.words[:1]:
            typo = {parameter.name: word + "x"}
            problem = problem_of(one, api.get(one.example(live_values, **typo)), "bad_value")
            (fault,) = problem["errors"]
            assert fault["parameter"].startswith(parameter.name)
            assert word in fault["did_you_mean"], fault


@every
def test_a_number_out_of_bounds_is_told_the_bound(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """One more than the most and one less than the least are refused by name and figure."""
    for parameter in own(one):
        for value, bound in parameter.bounds:
            beyond = {parameter.name: value}
            problem = problem_of(one, api.get(one.example(live_values, **beyond)), "bad_value")
            (fault,) = problem["errors"]
            assert fault["parameter"] == parameter.name and fault["value"] == str(value)
            assert re.search(rf"\b{bound}\b", fault["message"]), fault["message"]


@every
def test_a_day_is_a_single_day(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """A question has no `~`, no interval, and no day that no calendar has."""
    for parameter in own(one):
        for value in ("2010~", "2010/2012", "2021-02-30") if parameter.is_day else ():
            wrong = {parameter.name: value}
            problem = problem_of(one, api.get(one.example(live_values, **wrong)), "bad_date")
            assert [fault["parameter"] for fault in problem["errors"]] == [parameter.name]


@every
def test_a_record_that_is_not_there_is_a_problem(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """An id that no record has answers 404, one that cannot be an id 422, each as a problem."""
    for parameter in one.parameters:
        if parameter.place == "path":
            pattern = parameter.schema.get("pattern", ".*")
            slug = re.fullmatch(pattern, "no-such-thing") is not None
            missing = "no-such-thing" if slug else "0" * 32
            # Whatever the asker says to hold, of what is not there nothing is held.
            headers = {
                "If-None-Match": f"*, {api.get(one.example(live_values)).headers.get('etag')}"
            }
            wrong = api.get(one.example(live_values, **{parameter.name: missing}), headers=headers)
            other = parameter.name == "suffix"
            problem_of(one, wrong, "not_acceptable" if other else "not_found")
            if not re.fullmatch(pattern, "-"):
                problem_of(
                    one, api.get(one.example(live_values, **{parameter.name: "-"})), "bad_value"
                )


JSON_BODIES = [
    one for one in operations("post") if "application/json" in one.spec["requestBody"]["content"]
]


@pytest.mark.parametrize("one", JSON_BODIES, ids=lambda one: one.id)
def test_a_body_is_as_strict_as_an_address(api: TestClient, one: Operation) -> None:
    """POST refuses unknown fields and parameters, wrong bodies and wrong types of them."""
    bodies: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "/v1/cypher": ({"statement": "RETURN 1 AS one"}, {"timeout_ms": 0}),
        "/v1/what-if": ({"without_source": ["fdd-study"]}, {"limit": -1}),
    }
    path = one.path
    body, wrong_value = bodies[re.sub(r"\.(csv|jsonl|xlsx)$", "", path)]
    answer = api.post(path, json=body)
    assert answer.status_code == 200, answer.text
    problem_of(one, api.post(path, json={**body, "statment": ""}), "unknown_parameter")
    problem_of(one, api.post(path + "?limmit=1", json=body), "unknown_parameter")
    problem_of(one, api.post(path, json={**body, **wrong_value}), "bad_value")
    problem_of(one, api.post(path, json={**body, "as_of": "2010~"}), "bad_date")
    wrong = {"Content-Type": "application/json"}
    problem_of(one, api.post(path, content=b"{", headers=wrong), "malformed")
    problem_of(one, api.post(path, json={"statement": "x" * 1_100_000}), "body_too_large")


def pages(api: TestClient, address: str) -> Iterator[dict[str, Any]]:
    """Yield a list part by part, to its end."""
    following: str | None = address
    while following:
        answer = api.get(following)
        assert answer.status_code == 200, answer.text
        part = answer.json()
        following = part["next"]
        assert answer.links.get("next", {}).get("url") == following
        yield part


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.id)
def test_a_list_leads_to_its_end(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """`next` leads through all records, each once, and `total` counts them."""
    parts = list(pages(api, one.example(live_values, limit=7)))
    records = [json.dumps(item) for part in parts for item in part["results"]]
    assert {part["total"] for part in parts} == {len(records)}
    assert len(set(records)) == len(records)
    assert all(len(part["results"]) == 7 for part in parts[:-1])


@every
def test_nothing_is_cut_without_a_word(
    api: TestClient, live_values: dict[str, str], one: Operation
) -> None:
    """Where not all is shown there is a next part, or a notice that names the limit."""
    if not one.takes("limit") or one in FILES:
        return
    answer = api.get(one.example(live_values, limit=1)).json()
    count = len(answer.get("results", answer.get("edges", [])))
    if answer.get("total", 0) > count and not answer.get("next"):
        assert any("limit" in notice for notice in answer["meta"]["notices"])


def rows_of(answer: Response) -> int:
    """Count the rows of a file, by reading it as its format is read."""
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "text/csv":
        return sum(1 for _ in csv.reader(io.StringIO(answer.text, newline=""))) - 1
    if kind == "application/jsonl":
        return sum(isinstance(json.loads(line), dict) for line in answer.text.splitlines())
    if kind == "application/vnd.apache.parquet":
        return int(pq.read_table(io.BytesIO(answer.content)).num_rows)
    if kind == XLSX.media_type:
        return load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row - 1
    assert kind == "application/vnd.apache.arrow.file"
    return int(pa.ipc.open_file(answer.content).read_all().num_rows)


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.id)
def test_a_file_has_all_rows(api: TestClient, live_values: dict[str, str], one: Operation) -> None:
    """Each format has as many rows as its header says and as the list counts."""
    answer = api.get(one.example(live_values))
    path, _, filters = one.example(live_values).partition("?")
    total = api.get(f"{path.rpartition('.')[0]}?{filters}&limit=0").json()["total"]
    assert rows_of(answer) == int(answer.headers["sightlines-rows"]) == total
    fewer = api.get(one.example(live_values, limit=3))
    assert rows_of(fewer) == int(fewer.headers["sightlines-rows"]) == min(3, total)


@pytest.mark.parametrize("table", TABLES)
def test_a_ready_made_table_has_all_rows(
    api: TestClient, live_values: dict[str, str], table: str
) -> None:
    """Whole tables have as many rows as the lists count, in every format."""
    files = [
        api.get(one.example(live_values, table=table, suffix=suffix))
        for one in GETS
        if one.id in ("export_table", "export_snapshot_table")
        for suffix in ("csv", "jsonl", "parquet", "arrow")
    ]
    counted = {rows_of(answer) for answer in files}
    assert counted == {int(answer.headers["sightlines-rows"]) for answer in files}
    if table != "claim_roles":
        assert counted == {api.get(f"/v1/{table}?limit=0").json()["total"]}


def links_of(value: object) -> Iterator[str]:
    """Yield the addresses of records in an answer: `links`, and `link` wherever it stands."""
    if isinstance(value, list):
        for item in value:
            yield from links_of(item)
    elif isinstance(value, dict):
        links = value.get("links") or {}
        yield from (links[name] for name in ("self", "page") if links.get(name))
        yield from links.get("claims") or []
        if value.get("link"):
            yield value["link"]
        for item in value.values():
            yield from links_of(item)


def test_every_link_leads_somewhere(api: TestClient, live_values: dict[str, str]) -> None:
    """Whatever an answer links to answers: records, claims, files and pages."""
    links: dict[str, None] = {}
    for one in ONCE:
        if "application/json" in one.formats:
            of_one = dict.fromkeys(links_of(api.get(one.example(live_values)).json()))
            links |= dict.fromkeys(list(of_one)[:MOST])
    assert len(links) > 60
    answers = {link: api.get(link).status_code for link in links}
    assert {link: status for link, status in answers.items() if status != 200} == {}
