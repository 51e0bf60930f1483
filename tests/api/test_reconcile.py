"""Reconciliation 0.2: what the names of a table may mean, and what is certain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
from fastapi.testclient import TestClient
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.conftest import Serve

#: The schemas of the standard, as its authors publish them.
SCHEMAS = Path(__file__).parents[3] / "shared/data/reconciliation_api/0.2/schemas"
RECORDS = """
dataset: reconciled
entities:
  - {id: tiandy, type: Company, country: CN,
     names: [Tiandy Technologies, {text: 天地伟业, lang: zh}]}
  - {id: tianjin-works, type: Company, names: [Tianjin Works, Tiandy Digital]}
  - {id: huawei, type: Company, names: Huawei, country: CN,
     identifiers: [{scheme: LEI, value: 5493AB}, {scheme: Other, value: "77"}]}
  - {id: huawei-no, type: Company, names: Huawei Norge, country: "NO"}
  - {id: lantern, type: Company, names: Lantern}
  - {id: lantern-body, type: PublicBody, names: Lantern}
  - {id: lantern-two, type: Organization, names: Lantern Two}
  - {id: harbour-1, type: Company, names: Harbour Works, country: FR}
  - {id: harbour-2, type: Company, names: Harbour Works, country: DE}
  - {id: guard, type: PublicBody, names: [Страж, {text: نگهبان, lang: fa}]}
  - {id: firms, type: Company, names: Chinese firms, described: true, plural: true}
  - {id: odd, type: Company, names: "<b>Odd</b> & Sons", description: "Is <i>this</i> shown?"}
judgements:
  - {left: tiandy, right: tianjin-works, verdict: same, by: Ann Lee, on: 2024-01-09,
     reason: One register number.}
"""


@pytest.fixture(scope="module")
def api(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over a few entities."""
    folder: Path = tmp_path_factory.mktemp("reconciled")
    (folder / "set.yaml").write_text(RECORDS, encoding="utf-8")
    with serve(folder) as client:
        yield client


def ask(api: TestClient, query: str | None, **more: Any) -> list[dict[str, Any]]:
    """Return the candidates of one query, asked by POST; GET has to answer alike."""
    names = {} if query is None else {"query": query}
    form = {"queries": json.dumps({"q": {**names, **more}})}
    posted = api.post("/v1/reconcile", data=form)
    assert posted.status_code == 200, posted.text
    body = posted.json()
    assert api.get("/v1/reconcile", params=form).json() == body
    valid(body, "reconciliation-result-batch")
    result: list[dict[str, Any]] = body["q"]["result"]
    return result


@cache
def schemas() -> dict[str, Any]:
    """Return the standard's schemas by their names; none where they are not at hand."""
    return {path.stem: json.loads(path.read_bytes()) for path in SCHEMAS.glob("*.json")}


def valid(body: Any, name: str) -> None:
    """Hold an answer against a schema of the standard."""
    if not schemas():
        return
    bare = {n: {k: v for k, v in s.items() if k != "$schema"} for n, s in schemas().items()}
    resources = [DRAFT7.create_resource(schema) for schema in bare.values()]
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], resource) for schema, resource in zip(bare.values(), resources, strict=True)
    )
    jsonschema.Draft7Validator(bare[name], registry=registry).validate(body)


def matches(api: TestClient, query: str | None, **more: Any) -> list[str]:
    """Return the ids of the candidates that nobody need look at."""
    return [each["id"] for each in ask(api, query, **more) if each["match"]]


def test_the_manifest_is_that_of_the_standard(api: TestClient) -> None:
    """Its addresses are on the host that was asked, and they answer."""
    manifest = api.get("/v1/reconcile").json()
    valid(manifest, "manifest")
    assert manifest["versions"] == ["0.2"] and manifest["batchSize"] == 50
    assert manifest["view"]["url"] == "http://testserver/entity/{{id}}"
    preview = manifest["preview"]["url"]
    assert api.get(preview.replace("{{id}}", "tiandy")).status_code == 200
    for what, prefix in (("entity", "tian"), ("type", "comp"), ("property", "cou")):
        service = manifest["suggest"][what]
        address = service["service_url"] + service["service_path"]
        answer = api.get(address, params={"prefix": prefix}).json()
        valid(answer, {"entity": "suggest-entities-response", "type": "suggest-types-response",
                       "property": "suggest-properties-response"}[what])  # fmt: skip
        assert answer["result"], what
    assert {each["id"] for each in manifest["defaultTypes"]} >= {"Company", "PublicBody"}


def test_one_name_of_the_type_is_certain(api: TestClient) -> None:
    """Case, accents and legal words aside, it is the best; certain is the very name alone."""
    (best, *_) = ask(api, "TIANDY technologies", type="Company")
    assert (best["id"], best["name"], best["match"]) == ("tiandy", "Tiandy Technologies", True)
    assert best["type"] == [{"id": "Company", "name": "Company"}] and best["score"] == 97.0
    assert {"id": "name", "value": 97.0} in best["features"]
    assert "are the same" in best["description"]
    # By a name in another script, and of an entity that is merged into it.
    assert matches(api, "天地伟业", type="Company") == ["tiandy"]
    assert matches(api, "Tiandy Digital", type=["Company", "Person"]) == ["tiandy"]
    (best, *_) = ask(api, "Tiandy Technologies Co., Ltd.", type="Company")
    assert (best["id"], best["match"]) == ("tiandy", False)
    (best, *_) = ask(api, "Tiandy Tecnologies", type="Company")
    assert (best["id"], best["match"]) == ("tiandy", False)
    assert ask(api, "نگهبان")[0]["id"] == "guard"


def test_what_is_not_certain(api: TestClient) -> None:
    """Without a type, with two of the name, a set of firms, or where a value differs."""
    assert matches(api, "Lantern") == []
    assert matches(api, "Lantern", type="Company") == ["lantern"]
    assert matches(api, "Lantern", type=["Company", "PublicBody"]) == []
    assert matches(api, "Lantern", type=["Company", "PublicBody"], type_strict="all") == []
    assert matches(api, "Chinese firms", type="Company") == []
    assert matches(api, "Harbour Works", type="Company") == []
    country = [{"pid": "country", "v": "NO"}]
    assert matches(api, "Huawei", type="Company") == ["huawei"]
    assert matches(api, "Huawei", type="Company", properties=country) == []
    assert ask(api, "Huawei", type="Person") == []
    assert ask(api, "…") == ask(api, "") == []


def test_properties_narrow_and_find(api: TestClient) -> None:
    """A country by its code or its English name; an identifier alone is enough to find one."""
    for value in ("DE", "Germany", ["fr", "DE"], {"id": "x", "name": "Germany"}):
        result = ask(api, "Harbour Works", properties=[{"pid": "country", "v": value}])
        assert {r["id"] for r in result[:2]} == {"harbour-1", "harbour-2"}
        assert {"id": "country", "value": True} in result[0]["features"]
        assert result[0]["id"] == "harbour-2" or isinstance(value, list)
    for value in ("5493ab", "LEI 5493AB", "LEI:5493AB", 77):
        same = [{"pid": "identifier", "v": value}]
        (only,) = ask(api, None, type="Company", properties=same)
        assert (only["id"], only["score"], only["match"]) == ("huawei", 100.0, True)
        # Another name with the same number is for a person to look at.
        (best, *_) = ask(api, "Nothing Alike", type="Company", properties=same)
        assert (best["id"], best["match"]) == ("huawei", False)
    other = [{"pid": "identifier", "v": "5493AC"}]
    assert matches(api, "Huawei", type="Company", properties=other) == []
    # A text that is no country says nothing.
    nowhere = [{"pid": "country", "v": "Atlantis"}]
    assert matches(api, "Huawei", type="Company", properties=nowhere) == ["huawei"]


def test_a_type_may_be_a_wish(api: TestClient) -> None:
    """`should` puts entities of the type first, and leaves out none."""
    result = ask(api, "Lantern", type="PublicBody", type_strict="should")
    assert [each["id"] for each in result][:2] == ["lantern-body", "lantern"]
    assert {"id": "type", "value": False} in result[1]["features"]
    assert len(ask(api, "Lantern", limit=1)) == 1


def test_labels_have_the_language_that_is_asked_for(api: TestClient) -> None:
    """`lang` works as everywhere."""
    form = {"queries": json.dumps({"q": {"query": "Tiandy Technologies"}})}
    for answer in (
        api.post("/v1/reconcile?lang=zh", data=form),
        api.get("/v1/reconcile", params={**form, "lang": "zh"}),
    ):
        assert answer.json()["q"]["result"][0]["name"] == "天地伟业"
    suggested = api.get("/v1/reconcile/suggest/entity?prefix=tiandy&lang=zh").json()["result"]
    assert suggested[0]["name"] == "天地伟业"
    # The rest is what OpenRefine 3.6 sends.
    of_openrefine = "spell=always&exact=false&scoring=schema&prefixed=true"
    for more in ("cursor=1", f"type=Person&{of_openrefine}"):
        answer = api.get(f"/v1/reconcile/suggest/entity?prefix=tiandy&{more}")
        assert (answer.status_code, answer.json()) == (200, {"result": []})


def test_a_batch_keeps_its_keys_and_its_limit(api: TestClient) -> None:
    """50 queries are answered, each under its own key; one more is refused whole."""
    queries = {f"key {i}": {"query": "Huawei" if i % 2 else "Lantern"} for i in range(50)}
    answer = api.post("/v1/reconcile", data={"queries": json.dumps(queries)})
    assert list(answer.json()) == list(queries)
    assert answer.json()["key 1"]["result"][0]["id"] == "huawei"
    assert answer.json()["key 2"]["result"][0]["id"] == "lantern"
    queries["one more"] = {"query": "x"}
    answer = api.post("/v1/reconcile", data={"queries": json.dumps(queries)})
    assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_large")
    long = api.post("/v1/reconcile", data={"queries": "x" * 300_000})
    assert (long.status_code, long.json()["code"]) == (413, "body_too_large")
    large = {f"q{i}": {"query": "Lantern " * 100} for i in range(50)}
    assert api.post("/v1/reconcile", data={"queries": json.dumps(large)}).status_code == 200
    assert api.post("/v1/reconcile", data={"queries": "{}"}).json() == {}


@pytest.mark.parametrize(
    ("queries", "status", "code", "words"),
    [
        ("{", 400, "malformed", "JSON object"),
        ("[]", 400, "malformed", "JSON object"),
        ('{"q": {"query": "x", "type": "Compny"}}', 422, "bad_value", "queries.q.type"),
        ('{"q": {"query": "x", "tipe": "Company"}}', 422, "unknown_parameter", "queries.q.tipe"),
        ('{"q": {"query": "x", "limit": 0}}', 422, "bad_value", "queries.q.limit"),
        ('{"q": {"properties": [{"pid": "colour", "v": "x"}]}}', 422, "bad_value", "country"),
        ('{"q": {"query": "\\ud800"}}', 400, "malformed", "JSON object"),
        ('{"q": "x"}', 422, "bad_value", "queries.q"),
    ],
)
def test_a_wrong_batch_is_told_what_is_wrong(
    api: TestClient, queries: str, status: int, code: str, words: str
) -> None:
    """Every fault of a batch is named with its query; the answer is a problem of ours."""
    for answer in (
        api.post("/v1/reconcile", data={"queries": queries}),
        api.get("/v1/reconcile", params={"queries": queries}),
    ):
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), problem
        assert words in problem["detail"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_is_a_form_with_one_field(api: TestClient) -> None:
    """JSON is another media type; further fields, such as those of `extend`, are refused."""
    answer = api.post("/v1/reconcile", json={"queries": {}})
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")
    for form in (
        {},
        {"extend": "{}"},
        {"queries": "{}", "extend": "{}"},
        {"queries": ["{}", "{}"]},
    ):
        answer = api.post("/v1/reconcile", data=form or None, headers={"content-type": FORM})
        assert answer.status_code == 422, form
    answer = api.post("/v1/reconcile", content=b"queries=%ff\xff", headers={"content-type": FORM})
    assert answer.status_code in (400, 422)
    for text in ("\x00", "' OR 1", '") OR *:*', "a~1 AND NOT b", "\U0001f600 " * 200, "\u202e x"):
        body = urlencode({"queries": json.dumps({"q": {"query": text}})})
        answer = api.post("/v1/reconcile", content=body, headers={"content-type": FORM})
        assert answer.status_code == 200, text


FORM = "application/x-www-form-urlencoded"


def test_a_preview_shows_names_as_text(api: TestClient) -> None:
    """It may stand in a frame of another program, and runs and loads nothing."""
    answer = api.get("/v1/reconcile/preview/odd")
    assert "&lt;b&gt;Odd&lt;/b&gt; &amp; Sons" in answer.text and "<b>" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors" not in policy
    gone = api.get("/v1/reconcile/preview/tiandi")
    assert (gone.status_code, gone.json()["near"][0]["id"]) == (404, "tiandy")
