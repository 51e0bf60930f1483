"""What holds for every route: problems, headers, caching, and the committed description."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.errors import CODES
from api.files import BYTES, FORMATS, WHOLE_FORMATS
from sightlines.openapi import describe
from tests.api.openapi import DESCRIPTION, FILE, operations


@pytest.mark.long
def test_the_committed_description_is_that_of_the_code() -> None:
    """A change of the contract is seen in review: docs/openapi.json is written by `make docs`."""
    assert FILE.read_text(encoding="utf-8") == describe()


ALL = [*operations("get"), *operations("post")]
#: Answered where no operation is: at other addresses, to other methods, to nobody.
NOWHERE = {"method", "closed"}


def test_every_operation_is_told() -> None:
    """Each has an id of its own, one of six tags or `service`, a summary and a description."""
    assert len({one.id for one in ALL}) == len(ALL) >= 50
    tags = [tag["name"] for tag in DESCRIPTION["tags"]]
    assert len(tags) == 7 and {tag for one in ALL for tag in one.spec["tags"]} == set(tags)
    for one in ALL:
        assert one.id.isidentifier() and len(one.spec["tags"]) == 1, one.id
        assert one.spec["summary"] and one.spec["description"], one.id


def test_every_problem_is_declared() -> None:
    """Operations tell the codes that they answer with, under the status of each."""
    for code in CODES.keys() - NOWHERE:
        assert f"`{code}`" in told_at(CODES[code].status), code
    for one in ALL:
        for status, answer in one.spec["responses"].items():
            assert status < "400" or list(answer["content"]) == ["application/problem+json"]


def told_at(status: int) -> str:
    """Return what all operations tell of a status."""
    return "".join(one.codes.get(status, "") for one in ALL)


def test_every_file_declares_its_format() -> None:
    """A suffix leads to one media type, and bytes of none; whole tables have all of them."""
    for one in ALL:
        suffix = one.path.rpartition(".")[2]
        formats = {f.suffix: f.media_type.partition(";")[0] for f in FORMATS}
        if suffix in formats:
            also = [] if suffix == "csv" else [BYTES]
            assert sorted(one.formats) == sorted([formats[suffix], *also]), one.id
        elif suffix == "{suffix}":
            whole = [formats[f.suffix] for f in WHOLE_FORMATS]
            assert sorted(one.formats) == sorted([*whole, BYTES]), one.id
        else:
            assert one.formats == ["application/json"], one.id


def test_vocabularies_are_named_schemas() -> None:
    """Enumerations come from the ontology, each with a name for generated clients."""
    schemas = DESCRIPTION["components"]["schemas"]
    assert "reported" in schemas["StatusName"]["enum"]
    assert "supplies" in schemas["PredicateName"]["enum"]


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("/v1/entities?limmit=3", 422, "unknown_parameter", "'limmit'"),
        ("/v1/entities?limit=x", 422, "bad_value", "limit"),
        ("/v1/entities?limit=501", 422, "bad_value", "500"),
        ("/v1/entities?type=Compny", 422, "bad_value", "'Compny'"),
        ("/v1/entities?limit=1&limit=2", 422, "repeated_parameter", "once"),
        ("/v1/entities/iran/ties?as_of=2010/2012", 422, "bad_date", "as_of"),
        ("/v1/entities/iran/ties?as_of=2010~", 422, "bad_date", "as_of"),
        ("/v1/entities/iran/ties?as_of=2021-02-30", 422, "bad_date", "as_of"),
        ("/v1/entities?sort=relevance", 422, "bad_combination", "give q"),
        ("/v1/analyses/components?most=3", 422, "bad_combination", "no option most"),
        ("/v1/analyses/brokers?type=OWNS", 422, "bad_combination", "none of the types"),
        ("/v1/what-if", 422, "bad_combination", "give 1 to"),
        ("/v1/changes?since=3568-60-91", 422, "bad_date", "3568-60-91"),
        ("/v1/entities?as_of=0000", 422, "bad_date", "year zero"),
        ("/v1/entities?cursor=%25%25", 400, "malformed", "cursor"),
        ("/v1/claims/xyz", 422, "bad_value", "claim_id"),
        ("/v1/nothing", 404, "not_found", "nothing"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    api: TestClient, path: str, status: int, code: str, words: str
) -> None:
    """Every error is a problem document that names what, and what would be right."""
    answer = api.get(path)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in problem["detail"] and problem["status"] == status
    assert code != "bad_combination" or problem["errors"]


def test_a_typo_gets_the_nearest_name(api: TestClient) -> None:
    """`did_you_mean` holds the parameter or the value that is nearest."""
    errors = api.get("/v1/entities?limmit=3&type=Compny").json()["errors"]
    assert {tuple(error["did_you_mean"]) for error in errors} == {("limit",), ("Company",)}


def test_a_wrong_method_is_told_what_is_allowed(api: TestClient) -> None:
    """405 is a problem document too; OPTIONS answers the same without one."""
    for address, methods in (
        ("/v1/entities", "GET, HEAD, OPTIONS"),
        ("/v1/cypher", "GET, HEAD, POST, OPTIONS"),
        ("/graph", "GET, HEAD, OPTIONS"),
    ):
        answer = api.put(address)
        assert (answer.status_code, answer.json()["code"]) == (405, "method")
        assert methods in answer.json()["detail"] and answer.headers["allow"] == methods
        response = api.options(address)
        assert (response.status_code, response.headers["allow"]) == (204, methods)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Host": "evil.example"}, 400, "malformed"),
        ({"Range": "bytes=5-2"}, 400, "malformed"),
        ({"Range": "bytes=99999999-"}, 416, "range"),
    ],
)
def test_what_libraries_refuse_is_a_problem_too(
    api: TestClient, headers: dict[str, str], status: int, code: str
) -> None:
    """Hosts that are not ours, and ranges that are none."""
    answer = api.get("/v1/export/ties.csv", headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert (status == 416) == ("content-range" in answer.headers)


def test_an_unchanged_graph_answers_304(api: TestClient) -> None:
    """The tag is that of the snapshot; a client that has it gets no body."""
    first = api.get("/v1/entities/tiandy")
    again = api.get("/v1/entities/tiandy", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    other = api.get("/v1/entities/tiandy", headers={"If-None-Match": 'W/"other"'})
    assert other.status_code == 200


def test_a_permalink_answers_and_says_what_changed(api: TestClient) -> None:
    """The link that an answer gives works; one of another snapshot is answered with a notice."""
    first = api.get("/v1/entities/iran/ties?type=SUPPLIES&limit=1").json()
    again = api.get(first["meta"]["permalink"]).json()
    assert again["results"] == first["results"] and again["meta"]["notices"] == []
    older = api.get("/v1/entities/tiandy?seen_in=" + "0" * 32).json()
    assert older["label"] == "Tiandy Technologies" and "0" * 32 in older["meta"]["notices"][0]


def test_a_cursor_belongs_to_its_question(api: TestClient) -> None:
    """A cursor with other filters is refused, not followed."""
    following = api.get("/v1/entities?limit=2").json()["next"]
    answer = api.get(f"{following}&type=State")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_value")


def test_answers_are_safe_to_open(api: TestClient) -> None:
    """Data is not sniffed, runs nothing and is framed by nobody; no page may read across hosts."""
    headers = api.get("/v1/entities/tiandy", headers={"Origin": "https://example.org"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "access-control-allow-origin" not in headers


def test_an_unchanged_page_keeps_its_own_policy(api: TestClient) -> None:
    """A browser takes the headers of a 304 for the page in its cache: none is for data."""
    page = api.get("/graph", headers={"Accept": "text/html"})
    tag = {"Accept": "text/html", "If-None-Match": page.headers["etag"]}
    again = api.get("/graph", headers=tag)
    assert again.status_code == 304 and "content-security-policy" not in again.headers


def test_a_name_of_another_host_is_refused(api: TestClient) -> None:
    """A page elsewhere cannot read a local store through a name that points to loopback."""
    assert api.get("/v1/entities", headers={"Host": "evil.example"}).status_code == 400


def test_docs_ask_no_other_host(api: TestClient) -> None:
    """The docs and their files come from here."""
    page = api.get("/docs")
    assert page.status_code == 200 and "http" not in page.text.replace("http-equiv", "")
    assert api.get("/docs/files/swagger-ui-bundle.js").status_code == 200
    assert "unsafe" not in page.headers["content-security-policy"]
