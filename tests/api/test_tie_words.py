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
CLAIMS = [ALONE, JOINTLY, DENIAL, OPINION]


@pytest.fixture(scope="module")
def words_api(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over these claims alone."""
    with serve(write(tmp_path_factory.mktemp("words"), make_dataset(claims=CLAIMS))) as client:
        yield client


def test_what_is_said_of_several_stands_beside_their_tie(words_api: TestClient) -> None:
    """A joint claim affirms and denies nothing of two of them, and is shown as what it is."""
    tie = words_api.get("/v1/ties/company-1/SUPPLIES/state-1").json()
    assert [claim["id"] for claim in tie["jointly_by"]] == sorted([JOINTLY.id, DENIAL.id])
    assert (tie["claim_ids"], tie["denial_ids"], tie["disputed"]) == ([ALONE.id], [], False)
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
