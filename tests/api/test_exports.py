"""Whole tables of snapshots: made once, served in ranges, gone with a word."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from api.errors import ProblemError
from api.exports import Exports
from api.files import CSV, JSONL
from api.routes.exports import keep_tables
from graph.store.address import Address
from graph.store.connection import Store
from graph.tables import TABLES
from tests.conftest import Serve
from tests.strategies import make_claim, make_dataset, make_judgement, write


def snapshot(api: TestClient) -> str:
    """The current snapshot."""
    snapshot: str = api.get("/v1/snapshots?limit=1").json()["results"][0]["id"]
    return snapshot


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
    """HEAD tells the size and sends nothing; a range is 206; no whole table is compressed."""
    for suffix in ("csv", "parquet"):
        whole = api.get(f"/v1/export/claims.{suffix}")
        head = api.head(f"/v1/export/claims.{suffix}")
        assert head.content == b"" and head.headers["accept-ranges"] == "bytes"
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["etag"] == whole.headers["etag"]
        headers = {"Range": "bytes=3-9", "Accept-Encoding": "gzip, br, zstd"}
        part = api.get(f"/v1/export/claims.{suffix}", headers=headers)
        assert (part.status_code, part.content) == (206, whole.content[3:10])
        assert "content-encoding" not in part.headers
    again = api.get("/v1/export/claims.csv", headers={"If-None-Match": '"other"'})
    assert again.status_code == 200
    tag = {"If-None-Match": api.head("/v1/export/claims.csv").headers["etag"]}
    assert api.get("/v1/export/claims.csv", headers=tag).status_code == 304


def test_no_cache_answers_by_itself(api: TestClient) -> None:
    """Files of a snapshot go with a data set, so that these too are asked for each time."""
    for address in ("export/ties.csv", f"snapshots/{snapshot(api)}/ties.csv"):
        answer = api.get(f"/v1/{address}")
        assert answer.headers["cache-control"] == "public, no-cache, no-transform"
        tag = {"If-None-Match": answer.headers["etag"]}
        assert api.get(f"/v1/{address}", headers=tag).status_code == 304


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
        live_by_id = dict(zip(*(table[name].to_pylist() for name in ("id", "live")), strict=True))
        assert live_by_id == {old.id: False, new.id: True}
        assert api.get("/v1/claims.csv").headers["sightlines-rows"] == "1"
        redirect = api.get("/v1/entities/company-2?lang=de", follow_redirects=False)
        assert redirect.status_code == 308
        assert redirect.headers["location"].endswith("/v1/entities/company-1?lang=de")
        assert api.get("/v1/entities/company-1").json()["also"] == ["company-2"]
        assert api.get("/v1/entities/company-2/ties").json()["total"] == 1


def test_files_of_older_snapshots_are_kept_or_named(serve: Serve, tmp_path: Path) -> None:
    """A load later, what was made is there, in every format; what was not is 409, naming it."""
    with serve(write(tmp_path / "one", make_dataset(claims=[make_claim()]))) as api:
        older = snapshot(api)
        body = api.get("/v1/export/ties.csv").content
        folder = api.app.state.services.exports  # type: ignore[attr-defined]
        assert {one.name for one in folder.existing(older)} == {"ties.csv", "ties.jsonl"}
        two = write(tmp_path / "two", make_dataset(claims=[make_claim(when="2010")]))
        with serve(two, past=True):
            assert api.get(f"/v1/snapshots/{older}/ties.csv").content == body
            response = api.get(f"/v1/snapshots/{older}/claims.csv")
            assert (response.status_code, response.json()["code"]) == (409, "snapshot_not_current")
            near = [f"ties.{suffix}" for suffix in ("csv", "jsonl", "parquet", "arrow")]
            assert [one["id"] for one in response.json()["near"]] == near
            assert [f["name"] for f in api.get(f"/v1/snapshots/{older}").json()["files"]] == near
            late = api.get(f"/v1/snapshots/{older}/ties.parquet").content
            table = pq.read_table(io.BytesIO(late))
            assert table.schema.metadata[b"snapshot"].decode() == older
            assert table.column("from").to_pylist() == [
                row["from"] for row in csv.DictReader(io.StringIO(body.decode()))
            ]


def test_files_are_kept_though_nobody_asked(serve: Serve, address: Address, tmp_path: Path) -> None:
    """What is kept at the end of a load can be had after the next, in every format."""
    with serve(write(tmp_path / "one", make_dataset(claims=[make_claim()]))) as api:
        older = snapshot(api)
        keep(api, address)
        bodies = {table: api.get(f"/v1/{table}.csv").content for table in ("ties", "claims")}
        two = write(tmp_path / "two", make_dataset(claims=[make_claim(when="2010")]))
        with serve(two, past=True):
            for table, body in bodies.items():
                assert api.get(f"/v1/snapshots/{older}/{table}.csv").content == body
            for table in TABLES:
                copy = api.get(f"/v1/snapshots/{older}/{table}.arrow")
                assert copy.status_code == 200 and copy.headers["last-modified"]


def test_files_go_with_a_data_set(serve: Serve, address: Address, tmp_path: Path) -> None:
    """Of a snapshot with a set that was removed since, no file is left, nor on the disk."""
    one, two = (
        write(tmp_path / name, make_dataset(claims=[make_claim()], name=name))
        for name in ("one", "two")
    )
    with serve(one) as api:
        older = snapshot(api)
        assert api.get("/v1/export/claims.csv").status_code == 200
        with serve(two, past=True):
            response = api.get(f"/v1/snapshots/{older}/claims.csv")
            assert (response.status_code, response.json()["code"]) == (410, "removed")
            assert api.get(f"/v1/snapshots/{older}").json()["files"] == []
            keep(api, address)
            assert api.app.state.services.exports.existing(older) == []  # type: ignore[attr-defined]


def keep(api: TestClient, address: Address) -> None:
    """Do what the program does at the end of a load."""

    async def run() -> None:
        async with Store(address) as store:
            await keep_tables(store, api.app.state.services.exports)  # type: ignore[attr-defined]

    asyncio.run(run())


async def rows(failing: bool = False) -> AsyncIterator[list[list[str]]]:
    """Two parts of a table, or one and a failure."""
    yield [["claim", "role", "0", "entity", True]]
    if failing:
        raise OSError("The store went away.")
    yield [["claim", "role", "1", "other", True]]


def test_a_file_is_made_once_and_never_half(tmp_path: Path) -> None:
    """Several who ask at once get one; a failure leaves nothing; old snapshots make room."""
    exports = Exports(tmp_path, "1", most=2)

    one, *later = [f"{number:032x}" for number in range(3)]

    async def ask(snapshot: str) -> set[str]:
        exports_ = (exports.get_or_make(snapshot, "claim_roles", CSV, rows) for _ in "123")
        return {export.sha256 for export in await asyncio.gather(*exports_)}

    async def try_all() -> None:
        with pytest.raises(ProblemError) as failure:
            await exports.get_or_make(one, "claim_roles", CSV, lambda: rows(failing=True))
        assert failure.value.code == "files_unusable"
        assert list(exports.path(one, "x").parent.iterdir()) == []
        assert len(await ask(one)) == 1
        assert [file.rows for file in exports.existing(one)] == [2, 2]
        assert exports.find(one, "claim_roles", JSONL)
        for snapshot in later:
            await ask(snapshot)
        assert exports.existing(one) == []

    (tmp_path / "somebody else's").mkdir()
    asyncio.run(try_all())
    assert len(list(tmp_path.iterdir())) == 2 + 1
