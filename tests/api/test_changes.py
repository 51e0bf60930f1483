"""What changed between two snapshots: the list, and what an older link is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from graph.store.address import Address
from tests.conftest import Serve, load_alone
from tests.strategies import CAST, DAY, make_claim, make_dataset, make_source, write

OTHER = {"supplier": "company-2", "recipient": "state-1"}
WITHDRAWN = {"on": DAY, "reason": "It erred."}
TIE = "company-1/SUPPLIES/state-1"


@pytest.fixture(scope="module")
def older(address: Address, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The snapshot of a first load: two articles say that one supplied the other."""
    claims = [make_claim(), make_claim("source-2", when="2010"), make_claim(roles=OTHER)]
    folder = write(tmp_path_factory.mktemp("older"), make_dataset(claims=claims))
    return load_alone(address, folder)


@pytest.fixture(scope="module")
def later_api(
    older: str, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The API over a second load: one claim is withdrawn, one superseded, one gone, one is new."""
    second = make_claim("source-2", when="2010")
    claims = [
        make_claim(retracted=WITHDRAWN),
        second,
        make_claim("source-2", when="2011", supersedes=second.id),
    ]
    cast = CAST["company-1"].model_copy(update={"description": "A firm."})
    sources = [make_source("source-1", title="A new title"), make_source("source-2")]
    data = make_dataset(sources, {**CAST, "company-1": cast}, claims)
    with serve(write(tmp_path_factory.mktemp("later"), data), past=True) as client:
        yield client


def changes_by_label(answer: dict[str, Any]) -> dict[tuple[str, str], str]:
    """What happened, by kind and label."""
    return {(c["kind"], c["label"]): c["change"] for c in answer["results"]}


def test_every_record_that_changed_is_listed(later_api: TestClient, older: str) -> None:
    """By its name, with what happened to it, in total and by kind."""
    answer = later_api.get(f"/v1/changes?since={older}").json()
    assert answer["total"] == len(answer["results"]) == 7
    pairs = {(c["kind"], c["change"]) for c in answer["results"]}
    assert pairs == {
        ("claim", "added"), ("claim", "removed"), ("claim", "retracted"),
        ("entity", "changed"), ("source", "changed"), ("tie", "fell"), ("tie", "removed"),
    }  # fmt: skip
    names = changes_by_label(answer)
    assert names["source", "A new title"] == "changed"
    assert names["tie", "Company 1 supplied State 1"] == "fell"
    assert names["tie", "connection “supplied” between Company 2 and State 1"] == "removed"
    assert {(g["kind"], g["change"], g["total"]) for g in answer["groups"]} >= {("tie", "fell", 1)}


def test_a_change_tells_both_sides_and_the_reason(later_api: TestClient, older: str) -> None:
    """What differs, as it was and as it is; a retraction says why; what is gone has no link."""
    answer = later_api.get(f"/v1/changes?since={older}").json()
    by_change = {(c["kind"], c["change"]): c for c in answer["results"]}
    source = by_change["source", "changed"]
    assert (source["before"], source["after"]) == (
        {"title": "About source-1"},
        {"title": "A new title"},
    )
    assert by_change["claim", "retracted"]["reason"] == "Retracted on 31 March 2024: It erred."
    added = by_change["claim", "added"]
    assert added["before"] is None
    assert added["after"]["supersedes"] == make_claim("source-2", when="2010").id
    fell = by_change["tie", "fell"]
    assert (fell["before"]["independent"], fell["after"]["independent"]) == (2, 1)
    assert len(fell["lost"]) == 2
    for change in answer["results"]:
        if change["link"] is not None:
            assert later_api.get(change["link"]).status_code == 200
    assert by_change["tie", "removed"]["link"] is None


def test_changes_are_filtered_and_paged(later_api: TestClient, older: str) -> None:
    """By kind and by what happened; page by page each comes once."""
    whole = later_api.get(f"/v1/changes?since={older}").json()["results"]
    ties = later_api.get(f"/v1/changes?since={older}&kind=tie&change=fell&change=rose").json()
    assert [(c["id"], ties["total"]) for c in ties["results"]] == [(TIE, 1)]
    address, pages = f"/v1/changes?since={older}&limit=3", []
    while address:
        page = later_api.get(address).json()
        pages += page["results"]
        address = page["next"]
    assert pages == whole


def test_nothing_has_changed_since_the_current_snapshot(later_api: TestClient, older: str) -> None:
    """An empty list, and no problem."""
    current = later_api.get("/v1/snapshots").json()["results"][0]["id"]
    answer = later_api.get(f"/v1/changes?since={current}").json()
    assert (current != older, answer["total"], answer["results"]) == (True, 0, [])


@pytest.mark.parametrize("day", ["9999-01-01", "2100"])
def test_a_day_after_the_last_load_is_told(later_api: TestClient, day: str) -> None:
    """Nothing can have changed since a day that began after the last load ended."""
    answer = later_api.get(f"/v1/changes?since={day}").json()
    assert answer["total"] == 0
    (notice,) = answer["meta"]["notices"]
    assert notice.startswith("since: the last load ended on ") and f"before {day} began" in notice


def test_an_unknown_snapshot_is_told_those_that_there_are(
    later_api: TestClient, older: str
) -> None:
    """404, with the newest ids; without `since` it is a wrong request."""
    answer = later_api.get(f"/v1/changes?since={'0' * 32}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert older in [near["id"] for near in answer.json()["near"]]
    assert later_api.get("/v1/changes").json()["code"] == "bad_value"
    assert later_api.get(f"/v1/changes?since={older}&kind=tei").json()["errors"][0]["did_you_mean"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("entities/company-1", {("entity", "changed")}),
        ("entities/state-2", set()),
        ("sources/source-1", {("source", "changed")}),
        (f"ties/{TIE}", {("tie", "fell"), ("claim", "retracted")}),
        ("entities/state-1/ties", {("tie", "fell"), ("claim", "retracted")}),
    ],
)
def test_an_older_link_is_told_what_became_of_its_records(
    later_api: TestClient, older: str, path: str, expected: set[tuple[str, str]]
) -> None:
    """Of the records in today's answer, and of the claims that its ties have lost."""
    answer = later_api.get(f"/v1/{path}?seen_in={older}").json()
    since = answer["meta"]["since_seen"]
    assert since["snapshot"] == older
    pairs = {(c["kind"], c["change"]) for c in since["changes"]}
    assert pairs >= expected
    assert bool(pairs) == bool(expected)
    assert (since["total"], answer["meta"]["notices"]) == (len(since["changes"]), [])


def test_a_tie_says_why_it_lost_its_claims(later_api: TestClient, older: str) -> None:
    """Which was retracted and why, and which one stands in the place of another."""
    since = later_api.get(f"/v1/ties/{TIE}?seen_in={older}").json()["meta"]["since_seen"]
    (tie,) = [c for c in since["changes"] if c["kind"] == "tie"]
    retracted, old = make_claim(), make_claim("source-2", when="2010")
    new = make_claim("source-2", when="2011")
    assert f"The claim {retracted.id}: Retracted on 31 March 2024: It erred." in tie["reason"]
    assert f"The claim {new.id} stands in the place of {old.id}." in tie["reason"]
    assert since["superseded"] == {old.id: new.id}


def test_a_link_of_today_is_told_nothing(later_api: TestClient) -> None:
    """Neither without `seen_in` nor with the current snapshot."""
    answer = later_api.get("/v1/entities/company-1").json()
    assert answer["meta"]["since_seen"] is None
    again = later_api.get(answer["meta"]["permalink"]).json()
    assert again["meta"]["since_seen"] is None


def test_a_snapshot_that_nobody_knows_is_a_notice(later_api: TestClient) -> None:
    """The answer is today's all the same."""
    meta = later_api.get(f"/v1/entities/company-1?seen_in={'0' * 32}").json()["meta"]
    assert meta["since_seen"] is None
    assert "there is no snapshot" in meta["notices"][0]
