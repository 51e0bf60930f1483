"""What if a source fell: the routes, over the seeds and over a small data set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Serve
from tests.strategies import make_claim, make_dataset, write

SUPPLY = make_claim()
AGAIN = make_claim("source-2", polarity="denied")
OTHER = make_claim("source-2", when="2010", said_by=["source-2", "person-1"])


@pytest.fixture(scope="module")
def small(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over a tie that two sources affirm and one of them denies, too."""
    data = make_dataset(claims=[SUPPLY, AGAIN, OTHER])
    with serve(write(tmp_path_factory.mktemp("small"), data)) as client:
        yield client


def test_a_tie_weakens_to_one_origin(small: TestClient) -> None:
    """Before and after stand side by side."""
    answer = small.get("/v1/sources/source-1/what-if").json()
    (pair,) = answer["weaken"]
    assert (pair["before"]["independent"], pair["after"]["independent"]) == (2, 1)
    assert pair["before"]["sentence"] == "Company 1 supplied State 1 (disputed)"
    assert (answer["claims"], answer["fall"], answer["stand"]) == (1, [], 0)
    assert answer["totals"] == {"fall": 0, "weaken": 1, "change": 0, "appear": 0}


def test_several_fall_at_once(small: TestClient) -> None:
    """Sources, speakers and claims together; a speaker takes what is said through it."""
    answer = small.get("/v1/what-if?without_source=source-1&without_speaker=person-1").json()
    assert [tie["type"] for tie in answer["fall"]] == ["SUPPLIES"]
    assert answer["claims"] == 2
    alone = small.get(f"/v1/what-if?without_claim={SUPPLY.id}&without_speaker=person-1").json()
    assert alone["fall"] == answer["fall"]


def test_a_dispute_that_ends_is_a_change(small: TestClient) -> None:
    """Without the denial the tie is as strong, and no longer disputed."""
    (pair,) = small.get(f"/v1/what-if?without_claim={AGAIN.id}").json()["change"]
    assert (pair["before"]["disputed"], pair["after"]["disputed"]) == (True, False)


def test_the_times_apply(small: TestClient) -> None:
    """On a day on which only undated claims may hold, the dated one takes nothing away."""
    answer = small.get(f"/v1/what-if?without_claim={OTHER.id}&as_of=2005").json()
    assert (answer["weaken"], answer["fall"], answer["stand"]) == ([], [], 0)
    assert answer["meta"]["as_of"] == "2005-12-31"


def test_what_is_left_out_is_told(small: TestClient) -> None:
    """With totals, and the parameter that gets the rest."""
    answer = small.get("/v1/sources/source-1/what-if?limit=0").json()
    assert (answer["weaken"], answer["totals"]["weaken"]) == ([], 1)
    assert "1 further ties are left out of weaken; limit" in answer["meta"]["notices"][0]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/sources/ghost/what-if", 404, "'ghost'"),
        ("/v1/what-if", 422, "give 1 to 100 ids"),
        ("/v1/what-if?" + "&".join(f"without_source=s{n}" for n in range(101)), 422, "100"),
        ("/v1/what-if?without_source=ghost&without_speaker=source-1", 404, "without_source"),
        ("/v1/what-if?without_claim=xyz", 422, "without_claim"),
        ("/v1/what-if?without_sources=x", 422, "without_source"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(
    small: TestClient, path: str, status: int, words: str
) -> None:
    """A problem that names the parameter or the id."""
    answer = small.get(path)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
