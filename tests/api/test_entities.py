"""`/v1/entities`: lists, searches, one entity, and its ties."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from fastapi.testclient import TestClient

from tests.api.parts import every
from tests.conftest import Serve


def test_parts_of_a_list_hold_every_entity_once(api: TestClient) -> None:
    """Cursors lead through the whole list; nothing comes twice and nothing is skipped."""
    whole = api.get("/v1/entities?limit=500").json()
    parts = every(api, "/v1/entities?limit=7")
    assert [e["id"] for e in parts] == [e["id"] for e in whole["results"]]
    assert len(parts) == whole["total"] > 50


def test_two_values_of_one_parameter_mean_either(api: TestClient) -> None:
    """`type=State&type=Place` lists states and places, and nothing else."""
    entities = every(api, "/v1/entities?type=State&type=Place")
    assert {e["type"] for e in entities} == {"State", "Place"}


def test_a_limit_of_0_counts_only(api: TestClient) -> None:
    """`limit=0` gives the total and no record."""
    answer = api.get("/v1/entities?type=Company&limit=0").json()
    assert answer["results"] == [] and answer["total"] >= 3 and answer["next"] is None


def test_a_search_says_why_it_found_what_it_found(api: TestClient) -> None:
    """Each hit names the name that matched and how: exact, prefix, folded or close."""
    hows = {
        q: api.get("/v1/entities", params={"q": q}).json()["results"][0]["matched"]["how"]
        for q in ("tiandy", "revolut", "guards corps", "tiandi")
    }
    assert hows == {
        "tiandy": "exact",
        "revolut": "prefix",
        "guards corps": "folded",
        "tiandi": "close",
    }


def test_a_search_takes_plain_words(api: TestClient) -> None:
    """Operators of the index's own language are words like others."""
    for q in ("AND", "tiandy OR", "*:*", 'a"b', "name:x", "~2", "[a TO b]", "\\", "()", "تا‌تا"):
        assert api.get("/v1/entities", params={"q": q}).status_code == 200, q


def test_an_entity_has_names_counts_and_links(api: TestClient) -> None:
    """One entity tells its names, how many ties of each type it has, and where its page is."""
    tiandy = api.get("/v1/entities/tiandy").json()
    assert tiandy["label"] == "Tiandy Technologies"
    assert tiandy["tie_counts"]["SUPPLIES"] == 3
    assert tiandy["links"] == {
        "self": "/v1/entities/tiandy",
        "page": "/entity/tiandy",
        "claims": None,
    }
    sets = [dataset["id"] for dataset in tiandy["meta"]["datasets"]]
    assert sets == ["top-ten-2022", "treasury-2012", "treasury-2022"]


def test_an_unknown_entity_names_near_ones(api: TestClient) -> None:
    """404 proposes up to five records that may have been meant."""
    answer = api.get("/v1/entities/tiandi")
    assert answer.status_code == 404
    assert answer.json()["near"][0] == {
        "id": "tiandy",
        "label": "Tiandy Technologies",
        "type": "Company",
        "link": "/v1/entities/tiandy",
    }


def test_ties_of_an_entity_come_the_strongest_first(api: TestClient) -> None:
    """Ties are ordered by status and independent accounts, and grouped totals are always there."""
    answer = api.get("/v1/entities/tiandy/ties?limit=500").json()
    ranks = {"documented": 4, "reported": 3, "alleged": 2, "planned": 1}
    order = [(-ranks[t["status"]], -t["independent"]) for t in answer["results"]]
    assert order == sorted(order)
    assert {"type": "SUPPLIES", "direction": "out", "total": 3} in answer["groups"]
    assert sum(group["total"] for group in answer["groups"]) == answer["total"]


def test_parts_of_ties_hold_every_tie_once(api: TestClient) -> None:
    """Cursors lead through an entity's ties in their order."""
    whole = api.get("/v1/entities/iran/ties?limit=500").json()["results"]
    parts = every(api, "/v1/entities/iran/ties?limit=4")
    assert [t["links"]["self"] for t in parts] == [t["links"]["self"] for t in whole]


def test_ties_can_be_filtered(api: TestClient) -> None:
    """Direction, type, status and the least number of origins each narrow the list."""
    supplies = every(api, "/v1/entities/iran/ties?direction=in&type=SUPPLIES")
    assert {t["from"]["id"] for t in supplies} >= {"zte"}
    assert all(t["to"]["id"] == "iran" for t in supplies)
    independent = every(api, "/v1/entities/iran/ties?min_independent=2")
    assert independent and all(t["independent"] >= 2 for t in independent)
    plans = every(api, "/v1/entities/iran/ties?status=planned")
    assert plans and {t["status"] for t in plans} == {"planned"}


def test_ties_as_of_a_day(api: TestClient) -> None:
    """A supply whose year the editors read is none before it, and only possibly one after it."""

    def zte(query: str) -> list[str]:
        ties = every(api, f"/v1/entities/zte/ties?type=SUPPLIES&{query}")
        return [t["match"] for t in ties]

    assert zte("as_of=2008") == []
    assert zte("as_of=2015") == ["possibly"]
    assert zte("as_of=2015&certain=true") == []


def test_ties_known_by_a_day(api: TestClient) -> None:
    """Before the article was out nothing of it was known."""
    assert every(api, "/v1/entities/zte/ties?known_by=2022-11-18") == []
    ties = every(api, "/v1/entities/zte/ties?known_by=2022-12-31")
    assert ties and {t["match"] for t in ties} == {"possibly"}
    answer = api.get("/v1/entities/zte/ties?known_by=2022-12-31").json()
    assert answer["meta"]["known_by"] == "2022-12-31" and answer["meta"]["notices"]


def test_an_entity_tells_its_country_identifiers_and_addresses(serve: Serve, belmora: Path) -> None:
    """In JSON, and as the last columns of the table; the other entities have none."""
    with serve(belmora) as api:
        lantern = api.get("/v1/entities/lantern").json()
        table = list(csv.DictReader(io.StringIO(api.get("/v1/entities.csv").text)))
        page = api.get("/entity/lantern").text
    assert lantern["country"] == "NO" and lantern["urls"] == ["https://lantern.example"]
    assert lantern["identifiers"] == [
        {"scheme": "LEI", "value": "0123"},
        {"scheme": "Wikidata", "value": "Q0"},
    ]
    assert list(table[0])[-3:] == ["identifiers", "urls", "country"]
    cells = {row["id"]: list(row.values())[-3:] for row in table}
    assert cells.pop("lantern") == ["LEI 0123; Wikidata Q0", "https://lantern.example", "NO"]
    assert set(map(tuple, cells.values())) == {("", "", "")}
    assert "LEI 0123; Wikidata Q0" in page
    assert '<a href="https://lantern.example" rel="noopener noreferrer nofollow">' in page
