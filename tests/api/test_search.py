"""Search, suggestions, and what a 404 proposes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Serve

RECORDS = """
dataset: searched
sources:
  - {id: fdd-study, kind: study, title: China tech in Iran, publisher: FDD, read_on: "2023-01-01"}
entities:
  - {id: tiandy, type: Company, names: [Tiandy Technologies, {text: 天地伟业, lang: zh}]}
  - {id: tianjin-works, type: Company, names: [Tianjin Works, {text: 天津天地, lang: zh}]}
  - {id: huawei, type: Company, names: [Huawei, {text: 华为, lang: zh}]}
  - {id: irgc, type: PublicBody, names: [Revolutionary Guards Corps, IRGC]}
  - {id: iran, type: State, names: Iran}
  - {id: iran-radio, type: Organization, names: Iran Radio}
judgements:
  - {left: tiandy, right: tianjin-works, verdict: same, by: Ann Lee, on: 2024-01-09,
     reason: "One register number, <b>says</b> the study."}
claims:
  - predicate: supplies
    roles: {supplier: tiandy, recipient: [irgc, iran]}
    source: fdd-study
    said_by: [fdd-study]
    modality: stated
    summary: Tiandy sold its technology to Iran.
    recorded_on: 2024-01-01
    recorded_by: tests
"""


@pytest.fixture(scope="module")
def api(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over a few records with names in two scripts."""
    folder: Path = tmp_path_factory.mktemp("searched")
    (folder / "set.yaml").write_text(RECORDS, encoding="utf-8")
    with serve(folder) as client:
        yield client


def hits_of(api: TestClient, query: str) -> dict[str, Any]:
    """A search's answer."""
    answer = api.get(f"/v1/search?{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_hit_says_what_it_is_and_why(api: TestClient) -> None:
    """Record, label, type, the text that matched with its language, and where to go from it."""
    answer = hits_of(api, "q=天地伟业")
    hit = answer["results"][0]
    assert (hit["kind"], hit["id"], hit["type"]) == ("entity", "tiandy", "Company")
    assert hit["label"] == "Tiandy Technologies"
    assert (hit["matched"]["lang"], hit["matched"]["script"]) == ("zh", "Hani")
    assert hit["links"] == {"self": "/v1/entities/tiandy", "page": "/entity/tiandy", "claims": None}
    assert answer["total"] == len(answer["results"]) and answer["meta"]["notices"] == []


def test_merged_entities_are_one_hit(api: TestClient) -> None:
    """Found by the names of each, in search, in lists and while a name is typed."""
    for name, lang in (("Tianjin Works", "en"), ("天津天地", "zh")):
        for path in ("search?in=names&", "entities?", "suggest?"):
            (hit,) = api.get(f"/v1/{path}q={name}").json()["results"]
            assert (hit["id"], hit["label"]) == ("tiandy", "Tiandy Technologies")
            assert (hit["matched"]["text"], hit["matched"]["lang"]) == (name, lang)
            assert hit["matched"]["how"] == "exact"
    assert hits_of(api, "q=天&in=names")["total"] == 1
    assert near(api, "/v1/entities/tianjin-work")[0] == "tiandy"


def test_a_merged_entity_tells_what_it_was_merged_from(api: TestClient) -> None:
    """The record and the page: the other id, its names, by whom, when and why."""
    entity = api.get("/v1/entities/tiandy").json()
    assert entity["also"] == ["tianjin-works"]
    (duplicate,) = entity["duplicates"]
    assert (duplicate["id"], duplicate["label"]) == ("tianjin-works", "Tianjin Works")
    assert [name["lang"] for name in duplicate["names"]] == ["en", "zh"]
    (judgement,) = duplicate["judgements"]
    assert judgement == {
        "left": "tiandy",
        "right": "tianjin-works",
        "verdict": "same",
        "by": "Ann Lee",
        "on": "2024-01-09",
        "reason": "One register number, <b>says</b> the study.",
        "dataset": "searched",
    }
    page = api.get("/entity/tiandy").text
    assert "Merged from <bdi>tianjin-works</bdi>" in page
    assert '<bdi lang="zh">天津天地</bdi>' in page
    assert "<bdi>Ann Lee</bdi> on 9 January 2024: " in page
    assert "<bdi>One register number, &lt;b&gt;says&lt;/b&gt; the study.</bdi>" in page
    assert api.get("/v1/entities/irgc").json()["duplicates"] == []
    assert "Merged from" not in api.get("/entity/irgc").text
    redirect = api.get("/entity/tianjin-works?depth=2", follow_redirects=False)
    assert redirect.status_code == 308
    assert redirect.headers["location"].endswith("/entity/tiandy?depth=2")


def test_every_kind_of_record_is_found(api: TestClient) -> None:
    """Each hit's own address answers, with the text that matched."""
    kinds = {}
    for hit in hits_of(api, "q=tec&limit=500")["results"]:
        kinds.setdefault(hit["kind"], hit)
    assert set(kinds) == {"entity", "claim", "source"}
    for hit in kinds.values():
        assert api.get(hit["links"]["self"]).status_code == 200
    assert kinds["claim"]["matched"]["lang"] is None


def test_a_search_is_narrowed(api: TestClient) -> None:
    """By where words are sought, and by types, which are of entities."""
    claims = hits_of(api, "q=iran&in=claims")
    assert {hit["kind"] for hit in claims["results"]} == {"claim"}
    both = hits_of(api, "q=iran&in=names&in=sources")
    assert {hit["kind"] for hit in both["results"]} == {"entity", "source"}
    states = hits_of(api, "q=iran&type=State")
    assert {hit["type"] for hit in states["results"]} == {"State"}


def test_what_is_left_out_is_counted(api: TestClient) -> None:
    """The total is that of all hits, and a notice says how to get them."""
    part = hits_of(api, "q=iran&limit=2")
    assert len(part["results"]) == 2
    assert part["meta"]["notices"] == [
        f"{part['total'] - 2} further hits are left out; limit gets up to 500."
    ]
    assert hits_of(api, "q=iran&limit=500")["results"][:2] == part["results"]


def test_labels_are_in_the_language_asked_for(api: TestClient) -> None:
    """What matched stays as it is."""
    hit = hits_of(api, "q=tiandy&lang=zh&in=names")["results"][0]
    assert hit["label"] == "天地伟业"
    assert hit["matched"]["lang"] == "en"


@pytest.mark.parametrize(
    "text", ["t", "tia", "天", '"tiandy', "tiandy~5 AND", "*:*", "[a TO z]", "%00", "a" * 100]
)
def test_names_are_suggested(api: TestClient, text: str) -> None:
    """Whatever is typed is answered, ten at most; the beginning of a name finds it."""
    answer = api.get("/v1/suggest", params={"q": text})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert len(results) <= 10
    if text in ("tia", "天", "地"):
        assert results[0] == {
            "id": "tiandy",
            "label": "Tiandy Technologies",
            "type": "Company",
            "matched": results[0]["matched"],
        }


def test_a_suggestion_that_comes_too_late_is_none_and_is_not_kept(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer says so, has no tag, and the next one is made anew."""
    monkeypatch.setattr("api.routes.search._PATIENCE", 0.0)
    late = api.get("/v1/suggest?q=hua")
    assert late.json()["results"] == [] and "100 ms" in late.json()["meta"]["notices"][0]
    assert "etag" not in late.headers and late.headers["cache-control"] == "no-store"
    monkeypatch.undo()
    assert api.get("/v1/suggest?q=hua").json()["results"][0]["id"] == "huawei"


@pytest.mark.parametrize(
    "query", ["", "q=", f"q={'x' * 201}", "q=a&in=text", "q=a&limit=501", "q=a&q=b", "q=a&cursor=x"]
)
def test_a_wrong_search_is_refused(api: TestClient, query: str) -> None:
    """With a problem that names the parameter."""
    answer = api.get(f"/v1/search?{query}")
    assert answer.status_code == 422 and answer.json()["errors"]


def near(api: TestClient, path: str) -> list[str]:
    """The ids that a 404 proposes, each of which answers."""
    answer = api.get(path)
    assert answer.status_code == 404
    near = answer.json()["near"]
    assert len(near) <= 5
    for record in near:
        assert set(record) == {"id", "label", "type", "link"}
        assert api.get(record["link"]).status_code == 200
    return [record["id"] for record in near]


def test_a_record_that_is_not_there_names_near_ones(api: TestClient) -> None:
    """Sources by words, claims by their first digits, ties by their ends."""
    assert near(api, "/v1/sources/fdd-studie") == ["fdd-study"]
    assert near(api, "/v1/sources/zzzz") == []
    (claim_id,) = api.get("/v1/ties/tiandy/SUPPLIES/irgc").json()["claim_ids"]
    assert near(api, f"/v1/claims/{claim_id[:10]}{'0' * 22}") == [claim_id]
    assert near(api, "/v1/ties/tiandy/MAKES/irgc") == ["tiandy/SUPPLIES/irgc"]
    assert near(api, "/v1/ties/tiandi/SUPPLIES/ircg")[:2] == ["tiandy", "irgc"]
