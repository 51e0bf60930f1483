"""What a page and the API say of a tie, where less is said than there seems to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Serve
from tests.strategies import make_claim, make_dataset, write
from tests.viz.reader import words

#: Each of two is said to have supplied each of two, of which one alone is told by itself.
SEVERAL = {"supplier": ["company-1", "company-2"], "recipient": ["state-1", "state-2"]}
ALONE = make_claim("source-2")
JOINTLY = make_claim(roles=SEVERAL, summary="Two firms supplied two states.")
DENIAL = make_claim("source-3", roles=SEVERAL, polarity="denied", summary="The two deny it.")
OPINION = make_claim("source-3", roles=SEVERAL, modality="opinion", summary="It is thought so.")
#: Two states, of which one has ended and one has not, a plan for a year that has come, and a denial
#: of the plan to supply what was supplied.
OWNER = {"owner": "company-1", "owned": "company-2"}
OWNED = make_claim("source-4", predicate="owns", roles=OWNER, when="2010/2012")
OWNS = make_claim(
    "source-4", predicate="owns", roles={"owner": "state-1", "owned": "company-2"}, when="2010/.."
)
PLAN = make_claim(
    "source-4", roles={"supplier": "person-1", "recipient": "state-1"}, when="2015",
    modality="planned",
)  # fmt: skip
NO_PLAN = make_claim("source-3", polarity="denied", modality="planned", summary="No plan.")
CLAIMS = [ALONE, JOINTLY, DENIAL, OPINION, OWNED, OWNS, PLAN, NO_PLAN]


@pytest.fixture(scope="module")
def words_api(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over these claims alone."""
    with serve(write(tmp_path_factory.mktemp("words"), make_dataset(claims=CLAIMS))) as client:
        yield client


def test_what_is_said_of_several_stands_beside_their_tie(words_api: TestClient) -> None:
    """A joint claim affirms and denies nothing of two of them, and is shown as what it is."""
    tie = words_api.get("/v1/ties/company-1/SUPPLIES/state-1").json()
    assert [claim["id"] for claim in tie["jointly_by"]] == sorted([JOINTLY.id, DENIAL.id])
    assert (tie["claim_ids"], tie["disputed"]) == ([ALONE.id], False)
    then = words_api.get("/v1/ties/company-1/SUPPLIES/state-1?as_of=2024").json()
    assert {claim["match"] for claim in tie["jointly_by"]} == {"yes"}
    assert {claim["match"] for claim in then["jointly_by"]} == {"possibly"}
    page = words(words_api.get("/tie/company-1/SUPPLIES/state-1").text)
    assert "Said of several together 2" in page and "Two firms supplied two states." in page
    assert "It is thought so." not in page


def test_what_is_said_of_several_joins_no_two_of_them(words_api: TestClient) -> None:
    """The page of two entities shows the claim in either direction, and no chain for it."""
    for ends in ("from=company-2&to=state-2", "from=state-2&to=company-2"):
        answer = words_api.get(f"/v1/paths?{ends}&max_hops=1").json()
        assert (answer["results"], answer["jointly"]) == ([], sorted([JOINTLY.id, DENIAL.id]))
        assert set(answer["included"]["claims"]) == {JOINTLY.id, DENIAL.id}
        page = words(words_api.get(f"/path?{ends}&max_hops=1").text)
        assert "Said of several together 2" in page and "No chain of recorded" in page
    assert words_api.get("/v1/paths?from=company-1&to=company-2").json()["jointly"] == []
    assert words_api.get("/v1/paths?from=company-1&to=state-1&type=OWNS").json()["jointly"] == []


def test_who_denies_a_plan_disputes_no_report(words_api: TestClient) -> None:
    """The denial stands in the docket as what it is, at every moment."""
    for moment in ("", "?as_of=2024", "?known_by=2030"):
        tie = words_api.get(f"/v1/ties/company-1/SUPPLIES/state-1{moment}").json()
        assert (tie["denial_ids"], tie["disputed"]) == ([NO_PLAN.id], False)
        (row,) = words_api.get(f"/v1/ties{moment or '?'}&from=company-1&to=state-1").json()[
            "results"
        ]
        assert (row["denial_ids"], row["disputed"]) == ([NO_PLAN.id], False)
    page = words(words_api.get("/tie/company-1/SUPPLIES/state-1").text)
    assert "Who denies that it was planned 1" in page and "Who denies it 0" in page
    assert "1 claim denies a plan of it" in page and "1 claim denies it" not in page


#: Ties with what is said of them today, and on a day on which they were so.
TENSES = [
    ("company-1/OWNS/company-2", "2011", "Company 1 owned Company 2", "Company 1 owns Company 2"),
    ("state-1/OWNS/company-2", "2011", "State 1 owns Company 2", "State 1 owns Company 2"),
    (
        "person-1/SUPPLIES/state-1",
        "2015",
        "Person 1 was to supply State 1",
        "Person 1 is to supply",
    ),
]


@pytest.mark.parametrize(("key", "day", "today", "then"), TENSES)
def test_what_is_over_is_told_in_the_past_everywhere(
    words_api: TestClient, key: str, day: str, today: str, then: str
) -> None:
    """API, lists, graph, CSV, page and Cypher agree."""
    start, kind, end = key.split("/")
    past = today != then and today != "State 1 owns Company 2"
    tie = words_api.get(f"/v1/ties/{key}").json()
    assert (tie["sentence"], tie["past"]) == (today, past) and today in tie["cite"]["text"]
    one = f"from={start}&to={end}&type={kind}"
    (row,) = words_api.get(f"/v1/ties?{one}").json()["results"]
    assert (row["sentence"], row["past"]) == (today, past)
    assert f",{today}," in words_api.get(f"/v1/ties.csv?{one}").text
    edges = words_api.get(f"/v1/entities/{start}/neighbourhood").json()["edges"]
    assert today in {edge["sentence"] for edge in edges}
    assert today in words(words_api.get(f"/tie/{key}").text)
    assert today in words(words_api.get(f"/path?from={start}&to={end}&max_hops=1").text)
    statement = f"MATCH ({{id: '{start}'}})-[r:{kind}]->({{id: '{end}'}}) RETURN r.past AS past"
    answer = words_api.post("/v1/cypher", json={"statement": statement}).json()
    assert answer["rows"] == [[past]]
    assert words_api.get(f"/v1/ties/{key}?as_of={day}").json()["sentence"].startswith(then)
    (row,) = words_api.get(f"/v1/ties?{one}&as_of={day}").json()["results"]
    assert row["sentence"].startswith(then)
