"""Ties, claims, sources, snapshots and the ontology by their ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from graph.ontology import ONTOLOGY


def test_a_tie_brings_its_docket(api: TestClient) -> None:
    """A tie names its claims, each with its chain and its locators."""
    tie = api.get("/v1/ties/tiandy/SUPPLIES/irgc").json()
    words = "Tiandy Technologies supplied Revolutionary Guards Corps"
    assert tie["sentence"] == f"{words} (supplier inferred by the editors)"
    assert (tie["status"], tie["disputed"], tie["origin_ids"]) == ("reported", False, ["fdd-study"])
    claim = tie["affirmed_by"][0]
    assert [link["id"] for link in claim["said_by"]] == [
        "lisas-top-ten-chinese-technology-aiding-crackdown",
        "fdd-study",
    ]
    assert len(claim["roles"]["recipient"]) == 3
    assert claim["evidence"][0]["paragraph"] == 21
    assert tie["denied_by"] == []


def test_a_tie_that_is_not_there_is_404(api: TestClient) -> None:
    """So is one of a type that the ontology lacks, or that does not hold at the day asked for."""
    for path in ("irgc/SUPPLIES/tiandy", "tiandy/SUPPLYS/irgc", "zte/SUPPLIES/iran?as_of=2001"):
        answer = api.get(f"/v1/ties/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


def test_a_claim_can_be_read_alone(api: TestClient) -> None:
    """Every claim of a tie has an address of its own, and says the same there."""
    claim = api.get("/v1/ties/tiandy/SUPPLIES/irgc").json()["affirmed_by"][0]
    alone = api.get(claim["links"]["self"]).json()
    assert {k: v for k, v in alone.items() if k not in ("meta", "cite")} == claim


def test_a_source_lists_its_claims_and_who_cites_it(api: TestClient) -> None:
    """The article has claims; the study is known only from the article."""
    article = api.get("/v1/sources/lisas-top-ten-chinese-technology-aiding-crackdown").json()
    assert sum(map(len, article["claims"].values())) > 100
    study = api.get("/v1/sources/fdd-study").json()
    assert study["cited_only"] and study["claims"] == {} and len(study["cited_by"]) > 5


def test_snapshots_come_the_newest_first(api: TestClient) -> None:
    """The first snapshot of the list is the one that answers are made from."""
    answer = api.get("/v1/snapshots").json()
    assert answer["results"][0]["id"] == answer["meta"]["snapshot"]["id"]
    assert answer["results"][0]["counts"]["claims"] > 100


def test_the_ontology_is_served_whole(api: TestClient) -> None:
    """Types, predicates and vocabularies are those of the file."""
    answer = api.get("/v1/ontology").json()
    assert list(answer["ontology"]["predicates"]) == list(ONTOLOGY.predicates)
    assert answer["digest"] == ONTOLOGY.digest


def claims(*extra: str) -> str:
    """A data set with one claim for each `extra`, which tells them apart."""
    head = """
sources:
  - {id: paper, kind: article, title: A paper, publisher: P, published: "2020-01-01"}
entities:
  - {id: maker, type: Company, names: [Maker, "<script>alert(1)</script>"]}
  - {id: buyer, type: State, names: Buyer}
claims:
"""
    return head + "".join(
        f"""
  - predicate: supplies
    roles: {{supplier: maker, recipient: buyer}}
    source: paper
    said_by: [paper]
    summary: Maker supplied Buyer.
    recorded_on: 2024-01-01
    recorded_by: tests
{more}
"""
        for more in extra
    )


@pytest.fixture(scope="module")
def withdrawn(serve, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A data set with a live claim, a retracted one and a denial."""
    folder: Path = tmp_path_factory.mktemp("withdrawn")
    live = '    modality: stated\n    when: "2001"'
    retracted = (
        '    modality: stated\n    when: "2002"\n    retracted: {on: 2024-02-01, reason: Wrong.}'
    )
    denial = "    modality: stated\n    polarity: denied"
    (folder / "set.yaml").write_text(claims(live, retracted, denial), encoding="utf-8")
    with serve(folder) as client:
        yield client


def test_a_denial_disputes_a_tie(withdrawn: TestClient) -> None:
    """The tie stands, is disputed, and its docket shows both sides; the retracted claim is gone."""
    tie = withdrawn.get("/v1/ties/maker/SUPPLIES/buyer").json()
    assert tie["disputed"] and tie["status"] == "reported"
    assert len(tie["affirmed_by"]) == len(tie["denied_by"]) == 1
    assert tie["affirmed_by"][0]["when"] == "2001"


def test_a_retracted_claim_is_gone_with_a_reason(withdrawn: TestClient) -> None:
    """410 says when and why, and `retracted=include` still shows it."""
    source = withdrawn.get("/v1/sources/paper").json()
    answers = [withdrawn.get(f"/v1/claims/{i}") for i in source["claims"]["supplies"]]
    (refusal,) = [a for a in answers if a.status_code == 410]
    assert (
        refusal.json()["code"] == "retracted"
        and "1 February 2024: Wrong." in refusal.json()["detail"]
    )
    record = withdrawn.get(f"{refusal.json()['instance']}?retracted=include").json()
    assert record["retracted"] == {"on": "2024-02-01", "reason": "Wrong."}
