"""What was there and is gone: where it is now, or when and why it went."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from graph.model import Name
from graph.store.address import Address
from graph.wording import day_in_words
from tests.conftest import Serve, load_alone
from tests.strategies import CAST, DAY, make_claim, make_dataset, make_judgement, write
from tests.viz.reader import words

RETRACTED = make_claim()
REPLACED = make_claim(roles={"supplier": "company-1", "recipient": "state-2"})
REMOVAL = make_claim("source-3", roles={"supplier": "company-2", "recipient": "state-1"})
OF_MERGED = make_claim(roles={"supplier": "company-3", "recipient": "state-2"})
HALF = [
    make_claim(source, when="2011", roles={"supplier": "publicbody-1", "recipient": "state-1"})
    for source in ("source-1", "source-2")
]
INSTEAD = make_claim(
    roles={"supplier": "publicbody-1", "recipient": "state-2"}, supersedes=REPLACED.id
)
#: Opinions draw no tie: one of an entity that is merged, one that another takes the place of.
ASIDE = make_claim(modality="opinion", roles={"supplier": "company-3", "recipient": "state-1"})
OF_ANOTHER = {"supplier": "organization-2", "recipient": "state-1"}
OLDER_ASIDE = make_claim(modality="opinion", when="2001", roles=OF_ANOTHER)
NEWER_ASIDE = make_claim(
    modality="opinion", when="2002", roles=OF_ANOTHER, supersedes=OLDER_ASIDE.id
)
ASIDES = [ASIDE, OLDER_ASIDE, NEWER_ASIDE]
ERROR = {"on": DAY, "reason": "It erred."}
#: These drew no tie: one only asks, and one tells its pairs jointly.
QUESTION = {
    "roles": {"supplier": "organization-1", "recipient": "state-1"},
    "modality": "questioned",
}
JOINTLY = {
    "roles": {"supplier": ["organization-1", "publicbody-1"], "recipient": ["state-2", "group-2"]}
}


THIRD = {"id": "company-3", "names": (Name(text="Third Firm"), Name(text="第三公司", lang="zh"))}
ALL = {**CAST, "company-3": CAST["company-1"].model_copy(update=THIRD)}


@pytest.fixture(scope="module")
def older(address: Address, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The snapshot of a first load."""
    claims = [RETRACTED, REPLACED, REMOVAL, OF_MERGED, *ASIDES, *HALF]
    claims += [make_claim(**QUESTION), make_claim(**JOINTLY)]
    folder = write(tmp_path_factory.mktemp("older"), make_dataset(entities=ALL, claims=claims))
    return load_alone(address, folder)


@pytest.fixture(scope="module")
def later_api(
    older: str, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The API over a second load, in which claims, an entity and a source went, and two merged."""
    claims = [
        make_claim(retracted=ERROR),
        make_claim(**QUESTION, retracted=ERROR),
        make_claim(**JOINTLY, retracted=ERROR),
        REPLACED,
        INSTEAD,
        OF_MERGED,
        *ASIDES,
        HALF[0],
        HALF[1].model_copy(update={"retracted": make_claim(retracted=ERROR).retracted}),
    ]
    cast = {i: entity for i, entity in ALL.items() if i != "group-1"}
    same = [make_judgement("company-2", "company-3")]
    data = make_dataset(entities=cast, claims=claims, judgements=same)
    with serve(write(tmp_path_factory.mktemp("later"), data), past=True) as client:
        yield client


MISSING = [
    ("ties/company-1/SUPPLIES/state-1", "retracted", "Retracted on 31 March 2024: It erred."),
    ("ties/company-1/SUPPLIES/state-2", "superseded", f"by the claim {INSTEAD.id}."),
    ("ties/company-2/SUPPLIES/state-1", "removed", "It was removed on "),
    (f"claims/{REMOVAL.id}", "removed", "It was removed on "),
    (f"claims/{RETRACTED.id}", "retracted", "Retracted on 31 March 2024: It erred."),
    (
        f"claims/{REPLACED.id}",
        "superseded",
        f"Superseded on {day_in_words(INSTEAD.recorded_on)} by the claim {INSTEAD.id}.",
    ),
    ("entities/group-1", "removed", "It was removed on "),
    ("entities/group-1/ties", "removed", "It was removed on "),
    ("sources/source-3", "removed", "It was removed on "),
]


@pytest.mark.parametrize(("path", "code", "words"), MISSING)
def test_what_is_gone_says_when_and_why(
    later_api: TestClient, path: str, code: str, words: str
) -> None:
    """410, with what stands in its place; what never was is not found."""
    answer = later_api.get(f"/v1/{path}")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (410, code)
    assert words in problem["detail"]
    if code == "superseded":
        assert problem["near"][0]["link"] == f"/v1/claims/{INSTEAD.id}"


def test_what_never_was_is_not_found(later_api: TestClient) -> None:
    """404, also for a tie that withdrawn claims speak of and never drew."""
    for path in (
        "ties/publicbody-1/OWNS/state-1",
        "ties/organization-1/SUPPLIES/state-1",
        "ties/organization-1/SUPPLIES/state-2",
        "entities/nobody",
        "sources/nothing",
    ):
        assert later_api.get(f"/v1/{path}").status_code == 404


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("tie/company-1/SUPPLIES/state-1", "Retracted on 31 March 2024: It erred."),
        ("tie/company-2/SUPPLIES/state-1", "It was removed on "),
        ("entity/group-1", "It was removed on "),
        ("source/source-3", "It was removed on "),
    ],
)
def test_a_page_of_what_is_gone_says_so(later_api: TestClient, page: str, words: str) -> None:
    """In the same words, with the same status."""
    answer = later_api.get(f"/{page}")
    assert answer.status_code == 410
    assert words in answer.text and "No longer here" in answer.text


def test_an_entitys_page_has_the_claims_in_force(later_api: TestClient) -> None:
    """None that another supersedes, and those about what is merged into it, whatever they draw."""
    page = later_api.get("/entity/organization-2").text
    assert NEWER_ASIDE.id in page
    assert OLDER_ASIDE.id not in page
    assert ASIDE.id in later_api.get("/entity/company-2").text


@pytest.mark.parametrize("place", ["/v1/ties", "/tie"])
def test_a_tie_of_a_merged_entity_leads_to_the_canonical_one(
    later_api: TestClient, place: str
) -> None:
    """308, with the rest of the address; also for a tie that is gone."""
    redirect = later_api.get(
        f"{place}/company-3/SUPPLIES/state-2?known_by=2025-01-01", follow_redirects=False
    )
    assert redirect.status_code == 308
    path = f"{place}/company-2/SUPPLIES/state-2?known_by=2025-01-01"
    assert redirect.headers["location"].endswith(path)
    assert later_api.get(path).status_code == 200
    assert later_api.get(f"{place}/company-3/SUPPLIES/state-1").status_code == 410


def test_a_withdrawn_claim_is_told_where_it_stood(later_api: TestClient) -> None:
    """In the docket of a tie that still has another one, at its source, and at both ends."""
    tie = later_api.get("/v1/ties/publicbody-1/SUPPLIES/state-1").json()
    (claim,) = tie["withdrawn"]
    assert (claim["id"], claim["on"], claim["reason"]) == (HALF[1].id, "2024-03-31", "It erred.")
    assert later_api.get(claim["link"]).status_code == 200
    pages = ("tie/publicbody-1/SUPPLIES/state-1", "source/source-2", "entity/publicbody-1")
    for page in pages:
        assert "Retracted on 31 March 2024: It erred." in later_api.get(f"/{page}").text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ties?entity=company-1", {"company-1/SUPPLIES/state-1", "company-1/SUPPLIES/state-2"}),
        ("entities/company-2/ties", {"company-2/SUPPLIES/state-1"}),
        ("entities/publicbody-1/ties", set()),
        ("ties/publicbody-1/SUPPLIES/state-1", set()),
    ],
)
def test_an_older_link_lists_the_ties_that_are_gone(
    later_api: TestClient, older: str, path: str, expected: set[str]
) -> None:
    """Those of the entities that the question names."""
    sign = "&" if "?" in path else "?"
    since = later_api.get(f"/v1/{path}{sign}seen_in={older}").json()["meta"]["since_seen"]
    ties = {c["id"] for c in since["changes"] if (c["kind"], c["change"]) == ("tie", "removed")}
    assert ties == expected


def test_an_older_list_of_claims_tells_which_were_withdrawn(
    later_api: TestClient, older: str
) -> None:
    """Retracted ones with their reasons, replaced ones with the claims in their place."""
    answer = later_api.get(f"/v1/claims?entity=company-1&seen_in={older}").json()
    since = answer["meta"]["since_seen"]
    claims = {c["id"]: c["reason"] for c in since["changes"] if c["kind"] == "claim"}
    assert claims == {RETRACTED.id: "Retracted on 31 March 2024: It erred."}
    assert since["superseded"] == {REPLACED.id: INSTEAD.id}


def test_a_correction_says_why_and_a_merge_is_none(later_api: TestClient) -> None:
    """Of ties that lost a withdrawn claim; one that moved is still recorded."""
    text = words(later_api.get("/").text)
    corrections = text[text.index("Corrections") : text.index("How to read the pages")]
    reason = "Retracted on 31 March 2024: It erred."
    assert f"Company 1 supplied State 1 {reason}" in corrections
    assert f"PublicBody 1 supplied State 1 {reason}" in corrections
    assert "Third Firm" not in corrections and "no longer recorded" not in corrections


def test_a_picture_knows_the_names_of_merged_entities(later_api: TestClient) -> None:
    """Its search finds the one that stays by each of them."""
    page = later_api.get("/entity/state-2").text
    nodes = re.findall(r'"names": ?(\[[^\]]*\])', page)
    assert ["Company 2", "Third Firm", "第三公司"] in [json.loads(names) for names in nodes]
