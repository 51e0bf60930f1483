"""Lists: parts, orders, fields, facets, what comes beside them, and what they say of time."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient

from tests.api.parts import every


@pytest.mark.parametrize("name", ["entities", "ties", "claims", "sources", "entities/iran/ties"])
def test_parts_hold_every_record_once(api: TestClient, name: str) -> None:
    """Cursors lead through the whole list, whose total is that of the snapshot."""
    whole = api.get(f"/v1/{name}?limit=500").json()
    links = [record["links"]["self"] for record in whole["results"]]
    size = max(len(links) // 3, 1)
    order = "-first" if "/v1/ties/" in links[0] else "id"
    parts = every(api, f"/v1/{name}?limit={size}&sort={order}")
    assert sorted(record["links"]["self"] for record in parts) == sorted(links)
    assert len(set(links)) == whole["total"] > 2
    if name in ("entities", "ties", "sources"):
        counts = api.get("/v1/snapshots").json()["results"][0]["counts"]
        assert whole["total"] == counts[name]


def test_a_cursor_keeps_to_its_order(api: TestClient) -> None:
    """Another order with the same cursor is another question."""
    following = api.get("/v1/ties?sort=-independent&limit=3").json()["next"]
    assert api.get(following.replace("sort=-independent", "sort=first")).status_code == 422
    assert api.get(following).status_code == 200


def test_a_list_shows_the_fields_that_are_asked_for(api: TestClient) -> None:
    """By their names in the answer; one that there is not is told with the nearest."""
    answer = api.get("/v1/ties?fields=from,to&fields=type&limit=2").json()
    assert [set(record) for record in answer["results"]] == [{"from", "to", "type"}] * 2
    wrong = api.get("/v1/ties?fields=statsu").json()
    assert (wrong["code"], wrong["errors"][0]["did_you_mean"][0]) == ("bad_value", "status")
    wrong = api.get("/v1/claims?sort=-frist").json()
    assert wrong["errors"][0]["did_you_mean"][0] == "-first"


def test_facets_are_there_when_asked_for(api: TestClient) -> None:
    """Each value with its label and number; its own filter does not narrow it, others do."""
    assert "facets" not in api.get("/v1/ties").json()
    facets = api.get("/v1/ties?type=SUPPLIES&facet=type,from&limit=0").json()["facets"]
    kinds = {value["value"]: value for value in facets["type"]["values"]}
    assert len(kinds) > 3 and kinds["SUPPLIES"]["label"] == "supplied"
    assert kinds["SUPPLIES"]["count"] == sum(v["count"] for v in facets["from"]["values"])
    facets = api.get("/v1/ties?facet=independent,inferred&min_independent=2&limit=0").json()[
        "facets"
    ]
    numbers = {value["value"]: value["count"] for value in facets["independent"]["values"]}
    assert numbers.keys() == {"1", "2"} and numbers["2"] == 4
    assert facets["inferred"]["values"] == [{"value": "false", "label": "false", "count": 4}]
    publishers = api.get("/v1/sources?facet=publisher").json()["facets"]["publisher"]
    assert sum(value["count"] for value in publishers["values"]) + publishers["other"] > 2


@pytest.mark.parametrize("name", ["entities", "ties", "claims", "sources"])
def test_a_list_keeps_to_data_sets(api: TestClient, name: str) -> None:
    """Each alone has what its facet counts, several have what any of them has; files as well."""
    facet = api.get(f"/v1/{name}?facet=dataset&limit=0&dataset=treasury-2022").json()
    counts = {v["value"]: v["count"] for v in facet["facets"]["dataset"]["values"]}
    assert counts.keys() == {"top-ten-2022", "treasury-2012", "treasury-2022"}
    ids: dict[str, set[str]] = {}
    for dataset, count in counts.items():
        ids[dataset] = {r["links"]["self"] for r in every(api, f"/v1/{name}?dataset={dataset}")}
        assert len(ids[dataset]) == count > 0
    asked = "dataset=treasury-2012&dataset=treasury-2022"
    either = {r["links"]["self"] for r in every(api, f"/v1/{name}?{asked}")}
    assert either == ids["treasury-2012"] | ids["treasury-2022"]
    rows = csv.reader(io.StringIO(api.get(f"/v1/{name}.csv?{asked}").text))
    assert len(list(rows)) == 1 + len(either)
    assert api.get(f"/v1/{name}?dataset=ghost").json()["total"] == 0


def test_a_tie_is_of_the_sets_of_its_claims_at_any_moment(api: TestClient) -> None:
    """Also where the claim of that set does not count then."""
    (record, *_) = every(api, "/v1/ties?dataset=treasury-2022&dataset=treasury-2012")
    claims = [api.get(f"/v1/claims/{i}").json() for i in record["claim_ids"]]
    assert {"treasury-2012", "treasury-2022"} & {claim["dataset"] for claim in claims}
    asked = "as_of=2022&known_by=2022-12-31"
    timed = {t["links"]["self"] for t in every(api, f"/v1/ties?dataset=top-ten-2022&{asked}")}
    whole = {t["links"]["self"] for t in every(api, "/v1/ties?dataset=top-ten-2022")}
    assert timed and timed <= whole


def test_records_come_beside_those_that_name_them(api: TestClient) -> None:
    """Only the kinds that are asked for, by their ids, and all that the records name."""
    answer = api.get("/v1/ties?from=tiandy&include=claims,sources,entities").json()
    beside = answer["included"]
    assert set(beside) == {"claims", "sources", "entities"}
    named = {i for tie in answer["results"] for i in (*tie["claim_ids"], *tie["denial_ids"])}
    assert beside["claims"].keys() == named
    assert {c["source"]["id"] for c in beside["claims"].values()} <= beside["sources"].keys()
    ends = {tie[end]["id"] for tie in answer["results"] for end in ("from", "to")}
    assert beside["entities"].keys() == ends
    of_entity = api.get("/v1/entities/tiandy?include=ties,claims").json()
    assert len(of_entity["included"]["ties"]) == sum(of_entity["tie_counts"].values())
    some = api.get("/v1/entities?include=ties&id=tiandy&id=zte").json()["included"]["ties"]
    assert {"tiandy/SUPPLIES/irgc", "zte/SUPPLIES/iran"} <= some.keys()
    told = api.get("/v1/sources?include=claims").json()["included"]["claims"]
    assert len(told) == api.get("/v1/claims?limit=0").json()["total"]
    docket = api.get("/v1/ties/tiandy/SUPPLIES/irgc?include=sources").json()
    assert "fdd-study" in docket["included"]["sources"]


def test_a_timed_list_says_what_is_only_possible(api: TestClient) -> None:
    """Each record carries its match; a notice counts those that are possible, and undated ones."""
    for name in ("ties", "claims"):
        answer = api.get(f"/v1/{name}?as_of=2015&limit=500").json()
        possibly = [record for record in answer["results"] if record["match"] == "possibly"]
        days = [(r["first"] or r["last"]) if name == "ties" else _year(r["when"]) for r in possibly]
        (notice,) = answer["meta"]["notices"]
        assert f"{len(possibly)} only possibly held" in notice and possibly
        assert f"{days.count(None)} of them without a date" in notice
        sure = api.get(f"/v1/{name}?as_of=2015&certain=true").json()
        assert sure["total"] == answer["total"] - len(possibly)
        assert sure["meta"]["notices"] == []


def _year(when: str | None) -> str | None:
    """The year of a date; None where it could be any."""
    return when[:4] if when and not when.startswith("XXXX") else None


def test_claims_are_found_by_role_and_by_words(api: TestClient) -> None:
    """`role=supplier:tiandy` is one condition, and can be given again for another."""
    supplied = every(api, "/v1/claims?role=supplier:tiandy")
    assert supplied and all("tiandy" in [e["id"] for e in c["roles"]["supplier"]] for c in supplied)
    either = every(api, "/v1/claims?role=supplier:tiandy&role=supplier:zte")
    assert len(either) > len(supplied)
    worded = every(api, "/v1/claims?q=TIANDY+supplied&predicate=supplies")
    assert all("tiandy" in c["summary"].lower() for c in worded)
    for wrong in ("supplier", "suplier:tiandy"):
        answer = api.get(f"/v1/claims?role={wrong}")
        assert answer.status_code == 422 and "supplier:tiandy" in answer.json()["detail"]


def test_two_languages_of_labels(api: TestClient) -> None:
    """`lang` changes what entities are called in lists, where there is such a name."""
    english, persian = (
        {t["links"]["self"]: t for t in every(api, f"/v1/ties?lang={lang}")}
        for lang in ("en", "fa")
    )
    assert english.keys() == persian.keys()
    assert all(tie["from"]["id"] in key for key, tie in persian.items())


@pytest.mark.parametrize(
    "path", ["graph?type=SUPPLIES", "entities/tiandy/neighbourhood", "graph.graph.json?limit=3"]
)
def test_a_graph_has_all_the_ends_of_its_edges(api: TestClient, path: str) -> None:
    """Each node says how many ties it has and how many of them are shown."""
    graph = api.get(f"/v1/{path}").json()
    nodes = {node["id"]: node for node in graph["nodes"]}
    shown = dict.fromkeys(nodes, 0)
    for edge in graph["edges"]:
        assert edge["key"] == edge["type"] and edge["claim_ids"]
        shown[edge["source"]] += 1
        shown[edge["target"]] += 1
    assert {i: node["shown"] for i, node in nodes.items()} == shown
    assert all(node["degree"] >= node["shown"] for node in nodes.values())


def test_a_graph_says_what_it_leaves_out(api: TestClient) -> None:
    """How many edges or nodes, and which parameter gets more of them."""
    total = api.get("/v1/ties?limit=0").json()["total"]
    (notice,) = api.get("/v1/graph?limit=3").json()["meta"]["notices"]
    assert f"{total - 3} weaker ties" in notice and "limit" in notice
    around = api.get("/v1/entities/iran/neighbourhood?limit=5").json()
    assert len(around["nodes"]) == 5 and "entities within 1 hops" in around["meta"]["notices"][0]
    missing = api.get("/v1/entities/irann/neighbourhood")
    assert (missing.status_code, missing.json()["near"][0]["id"]) == (404, "iran")
