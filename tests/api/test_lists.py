"""Lists: parts, orders, fields, facets, what comes beside them, and what they say of time."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient

from graph.tables import column_names
from tests.api.openapi import operations
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
    assert numbers.keys() == {"1", "2"} and numbers["2"] == 3
    assert facets["inferred"]["values"] == [{"value": "false", "label": "false", "count": 3}]
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
    query = "dataset=treasury-2012&dataset=treasury-2022"
    either = {r["links"]["self"] for r in every(api, f"/v1/{name}?{query}")}
    assert either == ids["treasury-2012"] | ids["treasury-2022"]
    rows = csv.reader(io.StringIO(api.get(f"/v1/{name}.csv?{query}").text))
    assert len(list(rows)) == 1 + len(either)
    assert api.get(f"/v1/{name}?dataset=ghost").json()["total"] == 0


def test_a_tie_is_of_the_sets_of_its_claims_at_any_moment(api: TestClient) -> None:
    """Also where the claim of that set does not count then."""
    (record, *_) = every(api, "/v1/ties?dataset=treasury-2022&dataset=treasury-2012")
    claims = [api.get(f"/v1/claims/{i}").json() for i in record["claim_ids"]]
    assert {"treasury-2012", "treasury-2022"} & {claim["dataset"] for claim in claims}
    moment = "as_of=2022&known_by=2022-12-31"
    then = {t["links"]["self"] for t in every(api, f"/v1/ties?dataset=top-ten-2022&{moment}")}
    whole = {t["links"]["self"] for t in every(api, "/v1/ties?dataset=top-ten-2022")}
    assert then and then <= whole


def test_records_come_beside_those_that_name_them(api: TestClient) -> None:
    """Only the kinds that are asked for, by their ids, and all that the records name."""
    answer = api.get("/v1/ties?from=tiandy&include=claims,sources,entities").json()
    beside = answer["included"]
    assert set(beside) == {"claims", "sources", "entities"}
    claim_ids = {i for tie in answer["results"] for i in (*tie["claim_ids"], *tie["denial_ids"])}
    assert beside["claims"].keys() == claim_ids
    assert {c["source"]["id"] for c in beside["claims"].values()} <= beside["sources"].keys()
    ends = {tie[end]["id"] for tie in answer["results"] for end in ("from", "to")}
    assert beside["entities"].keys() == ends
    of_entity = api.get("/v1/entities/tiandy?include=ties,claims").json()
    assert len(of_entity["included"]["ties"]) == sum(of_entity["tie_counts"].values())
    some = api.get("/v1/entities?include=ties&id=tiandy&id=zte").json()["included"]["ties"]
    assert {"tiandy/SUPPLIES/irgc", "zte/SUPPLIES/iran"} <= some.keys()
    of_sources = api.get("/v1/sources?include=claims").json()["included"]["claims"]
    assert len(of_sources) == api.get("/v1/claims?limit=0").json()["total"]
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
    supplies = every(api, "/v1/claims?role=supplier:tiandy")
    assert supplies and all("tiandy" in [e["id"] for e in c["roles"]["supplier"]] for c in supplies)
    either = every(api, "/v1/claims?role=supplier:tiandy&role=supplier:zte")
    assert len(either) > len(supplies)
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
    degrees = dict.fromkeys(nodes, 0)
    for edge in graph["edges"]:
        assert edge["key"] == edge["type"] and edge["claim_ids"]
        degrees[edge["source"]] += 1
        degrees[edge["target"]] += 1
    assert {i: node["shown"] for i, node in nodes.items()} == degrees
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


@pytest.mark.parametrize("name", ["entities", "ties", "claims", "sources"])
def test_an_order_has_the_name_of_what_it_orders_by(name: str) -> None:
    """Of a field in the answer, or of a column in its table."""
    (one,) = (each for each in operations() if each.path == f"/v1/{name}")
    words = {p.name: p.words for p in one.parameters}
    keys = {key.removeprefix("-") for key in words["sort"]} - {"relevance"}
    assert keys <= {*words["fields"], *column_names(name)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("ties?from=IRAN", "from: there is no entity 'IRAN'; the nearest are iran"),
        ("ties?not=to:nobody", "not: there is no entity 'nobody'"),
        ("ties?source=nosuch&limit=0", "source: there is no source 'nosuch'"),
        ("ties?between=iran,CHINA", "between: there is no entity 'CHINA'; the nearest are china"),
        ("ties?dataset=treasury", "dataset: there is no data set 'treasury'; the nearest are"),
        ("entities?id=iran,chinna", "id: there is no entity 'chinna'; the nearest are"),
        ("entities?country=ZZ,IR", "country: no entity has the country 'ZZ'"),
        ("ties?from_country=ZZ", "from_country: no entity has the country 'ZZ'"),
        ("ties?not=to_country:ZZ", "not: no entity has the country 'ZZ'"),
        ("entities?identifier=LEI:1", "identifier: no entity has the identifier 'LEI:1'"),
        ("sources?publisher=A:+B,C", "publisher: there is no publisher 'A: B,C'"),
        ("claims?role=supplier:tiandy,item:X", "role: there is no entity 'X'"),
        ("entities?tag=x", "tag: there is no tag 'x'"),
        ("claims?role=supplier:TIANDY", "role: there is no entity 'TIANDY'; the nearest are"),
        ("claims?speaker=nosuch", "speaker: there is no source or entity 'nosuch'"),
        ("claims?source=fdd-study", "24 cite it: speaker=fdd-study"),
        ("sources?publisher=U.S.+Tresury", "the nearest are U.S. Department of the Treasury"),
        ("graph?from=IRAN", "from: there is no entity 'IRAN'; the nearest are iran"),
        ("entities/iran/ties?source=fdd", "source: there is no source 'fdd'; the nearest are"),
    ],
)
def test_a_value_that_names_nothing_is_told(api: TestClient, link: str, words: str) -> None:
    """With the nearest; a file says the same in a header."""
    answer = api.get(f"/v1/{link}")
    assert answer.status_code == 200
    assert words in " ".join(answer.json()["meta"]["notices"])
    name, _, query = link.partition("?")
    if ("there is no" in words or "no entity has" in words) and name != "graph":
        file = api.get(f"/v1/{name}.csv?{query.replace('limit=0', '')}")
        assert words in file.headers["Sightlines-Notice"]


def test_a_symmetric_tie_is_there_from_both_ends(api: TestClient) -> None:
    """In lists, by direction, in graphs and files, and at its address in either order."""
    for filter_ in ("from=iran", "to=iran", "from=china", "to=china", "between=iran,china"):
        query = f"type=ALLIED_WITH&{filter_}"
        (tie,) = api.get(f"/v1/ties?{query}").json()["results"]
        assert (tie["links"]["self"], tie["symmetric"]) == ("/v1/ties/china/ALLIED_WITH/iran", True)
        (edge,) = api.get(f"/v1/graph?{query}").json()["edges"]
        assert edge["symmetric"] is True
        (row,) = csv.DictReader(io.StringIO(api.get(f"/v1/ties.csv?{query}").text))
        assert row["symmetric"] == "true"
    for entity in ("iran", "china"):
        for direction in ("out", "in", "both"):
            filter_ = f"/v1/entities/{entity}/ties?direction={direction}&type=ALLIED_WITH"
            answer = api.get(filter_).json()
            assert answer["total"] == 1
            groups = {(g["type"], g["direction"]) for g in answer["groups"]}
            assert ("ALLIED_WITH", "both") in groups
    for path in ("/v1/ties/iran/ALLIED_WITH/china", "/tie/iran/ALLIED_WITH/china"):
        redirect = api.get(path + "?as_of=2022", follow_redirects=False)
        assert redirect.status_code == 308
        assert redirect.headers["location"].endswith("/china/ALLIED_WITH/iran?as_of=2022")
    assert api.get("/v1/ties/iran/SUPPLIES/china", follow_redirects=False).status_code == 404
    ontology = api.get("/v1/ontology").json()["ontology"]
    (entry,) = ontology["predicates"]["allied_with"]["ties"]
    assert entry["symmetric"] is True


def test_words_are_a_filter_like_any_other(api: TestClient) -> None:
    """Beside types, ids, numbers of ties, an order, a facet, parts and records that come along."""
    every_hit = every(api, "/v1/entities?q=iran&limit=7")
    assert len(every_hit) > 14 and every_hit[0]["id"] == "iran" and every_hit[0]["matched"]
    rest = [hit["id"] for hit in every_hit if sum(hit["tie_counts"].values()) >= 5]
    assert [e["id"] for e in every(api, "/v1/entities?q=iran&min_ties=5")] == rest
    assert api.get("/v1/entities?q=iran&id=china").json()["total"] == 0
    states = api.get("/v1/entities?q=iran&not=type:Group&facet=type&include=ties&sort=-ties").json()
    assert states["total"] == sum(hit["type"] != "Group" for hit in every_hit)
    counts = {v["value"]: v["count"] for v in states["facets"]["type"]["values"]}
    assert sum(counts.values()) == states["total"] and states["included"]["ties"]
    rows = csv.DictReader(io.StringIO(api.get("/v1/entities.csv?q=iran").text))
    assert [row["id"] for row in rows] == [hit["id"] for hit in every_hit]
    wrong = api.get("/v1/entities?sort=relevance")
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (422, "sort")
    then = api.get("/v1/entities?q=iran&id=iran&as_of=2013&certain=true").json()["results"][0]
    record = api.get("/v1/entities/iran?as_of=2013&certain=true").json()
    ties = api.get("/v1/entities/iran/ties?as_of=2013&certain=true&limit=0").json()["total"]
    assert sum(record["tie_counts"].values()) == sum(then["tie_counts"].values()) == ties == 2


def test_a_source_is_meant_wherever_it_stands_in_a_chain(api: TestClient) -> None:
    """The ties of a study that is only cited are those that fall or change without it."""
    answer = api.get("/v1/sources/fdd-study/what-if").json()
    assert answer["claims"] == answer["citing"] == api.get(
        "/v1/claims?speaker=fdd-study&limit=0"
    ).json()["total"]  # fmt: skip
    total = sum(len(answer[name]) for name in ("fall", "weaken", "change")) + answer["stand"]
    assert api.get("/v1/ties?source=fdd-study&limit=0").json()["total"] == total > 0
    of_post = api.post("/v1/what-if", json={"without_source": ["fdd-study"]}).json()
    assert of_post["fall"] == answer["fall"]
    assert api.get("/v1/ties?origin=fdd-study&limit=0").json()["total"] >= len(answer["fall"])


def test_changes_since_a_day(api: TestClient) -> None:
    """As the store stood when it began: nothing has changed since tomorrow."""
    answer = api.get("/v1/changes?since=2999")
    assert (answer.status_code, answer.json()["total"]) == (200, 0)
    assert answer.json()["since"] == api.get("/v1/snapshots").json()["results"][0]["id"]
    early = api.get("/v1/changes?since=2001-02")
    assert (early.status_code, early.json()["code"]) == (404, "not_found")
    wrong = api.get("/v1/changes?since=2026-11-28~")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_date")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("ties?min_independent=1_0", "min_independent: it is a whole number, such as 10."),
        ("ties?limit=%2B5", "limit: it is a whole number"),
        ("paths?from=iran&to=china&k=5.0", "k: it is a whole number"),
        ("ties?as_of=2010/..", "as_of: '2010/..' is no single day: write 2015, 2015-03 or"),
        ("changes?since=yesterday", "'yesterday' is no single day: write 2015,"),
        ("ties?from_country=cn", "'cn' is not a country in two capitals, such as IR."),
        ("ties?between=iran", "'iran' is not two ids with one comma between them"),
        ("ties?lang=english", "'english' is not a language of two or three small letters"),
        ("claims/ABC", "'ABC' is not an id of 32 digits and small letters from a to f."),
    ],
)
def test_a_refusal_says_how_a_value_is_written(api: TestClient, link: str, words: str) -> None:
    """In words, and without a pattern."""
    answer = api.get(f"/v1/{link}")
    assert answer.status_code == 422 and words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "one", "both"),
    [
        ("changes?since=2020-01-01&kind=", "claim", "claim,tie"),
        ("search?q=iran&type=", "State", "State,Company"),
        ("analyses/components?type=", "SUPPLIES", "SUPPLIES,PART_OF"),
        ("entities/iran/neighbourhood?type=", "SUPPLIES", "SUPPLIES,PART_OF"),
        ("paths?from=iran&to=china&type=", "SUPPLIES", "SUPPLIES,ALLIED_WITH"),
    ],
)
def test_values_come_with_commas_wherever_several_may(
    api: TestClient, path: str, one: str, both: str
) -> None:
    """As if the parameter were given once for each; one that there is not is refused."""
    apart = f"{one}&{path.rpartition('&')[2].rpartition('?')[2]}{both.partition(',')[2]}"
    answers = [api.get(f"/v1/{path}{values}") for values in (both, apart)]
    own = ("meta", "cite", "graph", "request_id")  # They tell the address.
    together, repeated = ({k: v for k, v in a.json().items() if k not in own} for a in answers)
    assert "bad_value" not in (together.get("code"), repeated.get("code"))
    assert together == repeated
    assert api.get(f"/v1/{path}{one},nosuch").json()["code"] == "bad_value"


def test_a_data_set_that_is_not_there_gets_the_nearest(api: TestClient) -> None:
    """As other records do, whatever the letters of the id."""
    answer = api.get("/v1/datasets/TOP-TEN-2022")
    assert answer.status_code == 404
    assert answer.json()["near"][0]["link"] == "/v1/datasets/top-ten-2022"
