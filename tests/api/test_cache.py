"""Answers that are given again: the memory's bounds, and that nothing out of date comes from it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.config import public
from api.http.cache import CachedResponse, ResponseCache
from api.keys import new_key
from graph.store.address import Address
from graph.text import TextStore

STEPS = st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=12)))


def answer(body: bytes) -> CachedResponse:
    """An answer of so many bytes."""
    return CachedResponse([], body)


@given(STEPS)
def test_it_holds_the_last_answers_within_its_bytes(steps: list[tuple[int, bytes]]) -> None:
    """Whatever is put in: never over the limit, and what it gives is what was put in last."""
    memory, last = ResponseCache(20), {}
    for key, body in steps:
        memory.put(key, answer(body))
        last[key] = answer(body)
        hits = {k: memory.get(k) for k in last}
        assert all(v is None or v == last[k] for k, v in hits.items())
        assert len(memory) == sum(v.size for v in hits.values() if v is not None) <= 20
        assert hits[key] == answer(body)


def test_what_is_too_large_is_not_kept() -> None:
    """An answer over the limit leaves the others in place."""
    memory = ResponseCache(4)
    memory.put("a", answer(b"1234"))
    memory.put("b", answer(b"12345"))
    assert memory.get("a") == answer(b"1234") and memory.get("b") is None


def test_a_repeated_question_gets_the_same_bytes(api: TestClient) -> None:
    """The second time it comes from memory: the same body, and the same headers but its own id."""
    memory = api.app.state.services.response_cache
    before = len(memory)
    first = api.get("/v1/entities/zte/ties?limit=2")
    assert len(memory) > before
    again = api.get("/v1/entities/zte/ties?limit=2")
    head = api.head("/v1/entities/zte/ties?limit=2")
    assert again.content == first.content and head.content == b""
    for answer in (first, again, head):
        del answer.headers["X-Request-ID"]
    assert again.headers == head.headers == first.headers


def test_errors_and_other_encodings_are_not_mixed_up(api: TestClient) -> None:
    """A problem is never remembered, and each encoding is an answer of its own."""
    memory = api.app.state.services.response_cache
    before = len(memory)
    for _ in range(2):
        assert api.get("/v1/entities/nobody").status_code == 404
    assert len(memory) == before
    plain = api.get("/v1/entities?limit=50", headers={"Accept-Encoding": "identity"})
    gzip_answer = api.get("/v1/entities?limit=50", headers={"Accept-Encoding": "gzip"})
    assert (
        "content-encoding" not in plain.headers
        and gzip_answer.headers["content-encoding"] == "gzip"
    )
    assert plain.content == gzip_answer.content


@pytest.mark.parametrize("name", ["ontology", "schema"])
def test_what_no_load_changes_has_a_tag_too(api: TestClient, name: str) -> None:
    """Of its own content."""
    tag = api.get(f"/v1/{name}").headers["etag"]
    assert api.get(f"/v1/{name}", headers={"If-None-Match": tag}).status_code == 304
    assert api.get(f"/v1/{name}", headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_star_names_what_there_is(api: TestClient) -> None:
    """`If-None-Match: *` is 304 for an answer, remembered or not, and 404 where there is none."""
    star = {"If-None-Match": "*"}
    for _ in "12":
        answer = api.get("/v1/entities/zte?lang=fa", headers=star)
        assert (answer.status_code, answer.content) == (304, b"")
        assert "content-length" not in answer.headers and answer.headers["etag"]
        assert api.get("/v1/entities/nobody", headers=star).status_code == 404


def test_who_may_see_more_holds_another_answer(address: Address, texts: TextStore) -> None:
    """A key with the scope `quotes` leads to another tag, and caches are told of the key."""
    token, key = new_key("archive", ["quotes"])
    exposure = public({key.sha256: key}, logged=False)
    with TestClient(create_app(address, version="0", texts=texts, exposure=exposure)) as client:
        plain = client.get("/v1/claims?limit=1")
        keyed = client.get("/v1/claims?limit=1", headers={"Authorization": f"Bearer {token}"})
    assert (
        plain.headers["vary"]
        == keyed.headers["vary"]
        == "Accept, Accept-Encoding, Authorization, Origin"
    )
    assert plain.headers["etag"] != keyed.headers["etag"]
    assert "public" in plain.headers["cache-control"]
    assert "private" in keyed.headers["cache-control"]


def test_only_the_snapshot_that_is_asked_for_answers(api: TestClient) -> None:
    """`snapshot=` is strict: the current one, or 409 with the current one's id."""
    current = api.get("/v1/entities/tiandy").json()["meta"]["snapshot"]["id"]
    pinned = api.get(f"/v1/entities/tiandy?snapshot={current}")
    assert pinned.status_code == 200 and "no-cache" in pinned.headers["cache-control"]
    other = api.get("/v1/entities/tiandy?snapshot=" + "0" * 32)
    assert (other.status_code, other.json()["code"]) == (409, "snapshot_not_current")
    assert current in other.json()["detail"]


def test_labels_come_in_the_language_asked_for(api: TestClient) -> None:
    """`lang` names the language of labels; who has no name in it keeps the usual one."""
    assert api.get("/v1/entities/tiandy?lang=xx").json()["label"] == "Tiandy Technologies"
