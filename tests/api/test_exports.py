"""Whole tables of snapshots: made once, served in ranges, gone with a word."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from api.errors import ProblemError
from api.exports import MOST_SNAPSHOTS, Exports
from api.files import CSV
from graph.tables import TABLES
from tests.conftest import Serve
from tests.strategies import make_claim, make_dataset, make_judgement, write


def snapshot(api: TestClient) -> str:
    """The current snapshot."""
    found: str = api.get("/v1/snapshots?limit=1").json()["results"][0]["id"]
    return found


def test_a_snapshot_lists_its_files_with_their_hashes(api: TestClient) -> None:
    """All of them; size and SHA-256 of those that were made, and the same bytes ever after."""
    current = snapshot(api)
    body = api.get("/v1/export/sources.csv").content
    record = api.get(f"/v1/snapshots/{current}").json()
    assert record["current"] and len(record["files"]) == 4 * len(TABLES)
    (file,) = (f for f in record["files"] if f["name"] == "sources.csv")
    assert (file["size"], file["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert api.get(file["link"]).content == body
    counts = record["counts"]
    for table in ("entities", "ties", "claims", "sources"):
        answer = api.get(f"/v1/export/{table}.csv")
        assert int(answer.headers["sightlines-rows"]) == counts[table]


def test_heads_and_ranges_are_answered(api: TestClient) -> None:
    """HEAD tells the size and sends nothing; a range is 206; nothing is ever compressed."""
    for suffix in ("csv", "parquet"):
        whole = api.get(f"/v1/export/claims.{suffix}")
        head = api.head(f"/v1/export/claims.{suffix}")
        assert head.content == b"" and head.headers["accept-ranges"] == "bytes"
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["etag"] == whole.headers["etag"]
        asked = {"Range": "bytes=3-9", "Accept-Encoding": "gzip, br, zstd"}
        part = api.get(f"/v1/export/claims.{suffix}", headers=asked)
        assert (part.status_code, part.content) == (206, whole.content[3:10])
        assert "content-encoding" not in part.headers
    again = api.get("/v1/export/claims.csv", headers={"If-None-Match": '"other"'})
    assert again.status_code == 200
    tag = {"If-None-Match": api.head("/v1/export/claims.csv").headers["etag"]}
    assert api.get("/v1/export/claims.csv", headers=tag).status_code == 304


def test_only_the_address_of_a_snapshot_never_changes(api: TestClient) -> None:
    """That of the current tables is asked for again each time."""
    assert "no-cache" in api.get("/v1/export/ties.csv").headers["cache-control"]
    lasting = api.get(f"/v1/snapshots/{snapshot(api)}/ties.csv").headers["cache-control"]
    assert "immutable" in lasting and "max-age=31536000" in lasting


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("export/ties.xml", 406, "not_acceptable"),
        ("export/people.csv", 404, "not_found"),
        ("export/ties.csv?type=SUPPLIES", 422, "unknown_parameter"),
        ("snapshots/" + "0" * 32, 404, "not_found"),
        ("snapshots/" + "0" * 32 + "/ties.csv", 404, "not_found"),
    ],
)
def test_what_is_no_table_is_told(api: TestClient, path: str, status: int, code: str) -> None:
    """Formats, tables, snapshots that there are not, and parameters: each its own problem."""
    answer = api.get(f"/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_whole_table_keeps_withdrawn_claims_apart(serve: Serve, tmp_path: Path) -> None:
    """`live` says which count; a merged entity leads to the canonical one, which names it."""
    old = make_claim(when="2010")
    new = make_claim(when="2011", supersedes=old.id)
    dataset = make_dataset(claims=[old, new], judgements=[make_judgement("company-1", "company-2")])
    with serve(write(tmp_path / "data", dataset)) as api:
        table = pq.read_table(io.BytesIO(api.get("/v1/export/claims.parquet").content))
        told = dict(zip(*(table[name].to_pylist() for name in ("id", "live")), strict=True))
        assert told == {old.id: False, new.id: True}
        assert api.get("/v1/claims.csv").headers["sightlines-rows"] == "1"
        moved = api.get("/v1/entities/company-2?lang=de", follow_redirects=False)
        assert moved.status_code == 308
        assert moved.headers["location"].endswith("/v1/entities/company-1?lang=de")
        assert api.get("/v1/entities/company-1").json()["also"] == ["company-2"]
        assert api.get("/v1/entities/company-2/ties").json()["total"] == 1


def test_files_of_older_snapshots_are_kept_or_named(serve: Serve, tmp_path: Path) -> None:
    """A load later, one that was made is still there; one that was not is 409, naming the first."""
    with serve(write(tmp_path / "one", make_dataset(claims=[make_claim()]))) as api:
        older = snapshot(api)
        body = api.get("/v1/export/ties.csv").content
        folder = api.app.state.services.exports  # type: ignore[attr-defined]
        assert folder.existing(older)[0].name == "ties.csv"
        two = write(tmp_path / "two", make_dataset(claims=[make_claim(when="2010")]))
        with serve(two, past=True):
            assert api.get(f"/v1/snapshots/{older}/ties.csv").content == body
            gone = api.get(f"/v1/snapshots/{older}/claims.csv")
            assert (gone.status_code, gone.json()["code"]) == (409, "snapshot_not_current")
            assert [near["id"] for near in gone.json()["near"]] == ["ties.csv"]


def test_files_go_with_a_data_set(serve: Serve, tmp_path: Path) -> None:
    """Of a snapshot with a set that was removed since, no file is left."""
    one, two = (
        write(tmp_path / name, make_dataset(claims=[make_claim()], name=name))
        for name in ("one", "two")
    )
    with serve(one) as api:
        older = snapshot(api)
        assert api.get("/v1/export/claims.csv").status_code == 200
        with serve(two, past=True):
            gone = api.get(f"/v1/snapshots/{older}/claims.csv")
            assert (gone.status_code, gone.json()["code"]) == (410, "removed")
            assert api.get(f"/v1/snapshots/{older}").json()["files"] == []


async def rows(failing: bool = False) -> AsyncIterator[list[list[str]]]:
    """Two parts of a table, or one and a failure."""
    yield [["claim", "role", "0", "entity", True]]
    if failing:
        raise OSError("The store went away.")
    yield [["claim", "role", "1", "other", True]]


def test_a_file_is_made_once_and_never_half(tmp_path: Path) -> None:
    """Several who ask at once get one; a failure leaves nothing; old snapshots make room."""
    exports = Exports(tmp_path, "1")

    one, *later = [f"{number:032x}" for number in range(MOST_SNAPSHOTS + 1)]

    async def ask(snapshot: str) -> set[str]:
        asked = (exports.get_or_make(snapshot, "claim_roles", CSV, rows) for _ in "123")
        return {found.sha256 for found in await asyncio.gather(*asked)}

    async def try_all() -> None:
        with pytest.raises(ProblemError) as failure:
            await exports.get_or_make(one, "claim_roles", CSV, lambda: rows(failing=True))
        assert failure.value.code == "files_unusable"
        assert list(exports.path(one, "x").parent.iterdir()) == []
        assert len(await ask(one)) == 1
        assert exports.existing(one)[0].rows == 2
        for snapshot in later:
            await ask(snapshot)
        assert exports.existing(one) == []

    (tmp_path / "somebody else's").mkdir()
    asyncio.run(try_all())
    assert len(list(tmp_path.iterdir())) == MOST_SNAPSHOTS + 1
