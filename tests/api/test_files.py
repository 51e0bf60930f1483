"""Files: the same rows in every format, whole, and safe to open."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.files import FileCache, XlsxWriter
from api.http.negotiate import preferred
from graph.tables import TABLES, Column, TableName

PATHS: dict[str, TableName] = {
    "/v1/ties": "ties",
    "/v1/ties?from=china&as_of=2022": "ties",
    "/v1/entities/iran/ties?direction=in": "ties",
    "/v1/claims?role=supplier:tiandy": "claims",
    "/v1/claims?sort=-first&limit=7": "claims",
    "/v1/sources": "sources",
    "/v1/entities?type=Company": "entities",
    "/v1/export/claim_roles": "claim_roles",
    "/v1/export/claims": "claims",
}


def read(api: TestClient, address: str, suffix: str, **headers: str) -> Any:
    """The bytes of a file; its headers say how long it is."""
    path, mark, query = address.partition("?")
    plain = {"Accept-Encoding": "identity", **headers}
    answer = api.get(f"{path}.{suffix}{mark}{query}", headers=plain)
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    return answer


def parsed(text: str, column: Column) -> Any:
    """A cell of a CSV file as the value that it stands for."""
    if text == "":
        return None
    kinds = {"integer": int, "number": float, "boolean": "true".__eq__, "day": date.fromisoformat}
    return kinds.get(column.type, str)(text)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "arrow", "xlsx"])
def test_a_file_is_whole_after_head(api: TestClient, suffix: str) -> None:
    """A table reader asks for the length first, and the answer to that is not the file's."""
    address = f"/v1/ties.{suffix}?to=iran&min_independent=1"
    plain = {"Accept-Encoding": "identity"}
    head, file = api.head(address, headers=plain), api.get(address, headers=plain)
    assert head.content == b"" and head.headers["etag"] == file.headers["etag"]
    assert head.headers["content-length"] == str(len(file.content)) != "0"


@pytest.mark.parametrize("path", PATHS)
def test_formats_agree_row_by_row(api: TestClient, path: str) -> None:
    """CSV, JSONL, Parquet and Arrow hold the same rows, with the columns of the contract."""
    columns = TABLES[PATHS[path]]
    answer = read(api, path, "csv")
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == [column.name for column in columns]
    cells = [
        {c.name: parsed(cell, c) for c, cell in zip(columns, row, strict=True)} for row in rows
    ]
    assert int(answer.headers["sightlines-rows"]) == len(cells) > 0
    lines = [json.loads(line) for line in read(api, path, "jsonl").text.splitlines()]
    days = [c.name for c in columns if c.type == "day"]
    for line in lines:
        line |= {day: date.fromisoformat(line[day]) for day in days if line[day]}
        line |= {c.name: line[c.name] or None for c in columns if c.type == "text"}
    assert lines == cells
    parquet = pq.read_table(io.BytesIO(read(api, path, "parquet").content))
    arrow = pa.ipc.open_file(io.BytesIO(read(api, path, "arrow").content)).read_all()
    assert parquet.equals(arrow)
    assert [
        {name: value if value != "" else None for name, value in row.items()}
        for row in parquet.to_pylist()
    ] == cells
    if not path.startswith("/v1/export"):
        assert sheet(read(api, path, "xlsx").content) == [
            [column.name for column in columns],
            *([str(v) if isinstance(v, date) else v for v in row.values()] for row in cells),
        ]


def test_a_table_says_where_passages_are(api: TestClient) -> None:
    """The locators of a claim stand in one cell, so that a line of a table can be looked up."""
    text = read(api, "/v1/claims", "csv").text
    cells = {row["id"]: row["evidence"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    claims = api.get("/v1/claims?limit=500&retracted=include").json()["results"]
    assert cells == {
        claim["id"]: " ".join(
            "{paragraph}:{start}-{end}".format_map(passage) for passage in claim["evidence"]
        )
        for claim in claims
    }
    assert any(" " in cell for cell in cells.values()), "none has two passages"


def sheet(content: bytes) -> list[list[Any]]:
    """The values of a workbook's only sheet, None for an empty text; none of them is a formula."""
    (rows,) = load_workbook(io.BytesIO(content)).worksheets
    assert not [cell for row in rows.iter_rows() for cell in row if cell.data_type == "f"]
    return [[None if cell == "" else cell for cell in row] for row in rows.values]


def test_the_same_rows_are_the_same_workbook() -> None:
    """No time of writing is in it; no text is run, and what Excel cannot hold says so."""
    columns = [Column("=name", "text", ""), Column("list", "json", "")]
    row = ["=1+1", ["é"]]
    long = ["x" * 40_000, "\x00"]

    def workbook() -> bytes:
        file = io.BytesIO()
        writer = XlsxWriter(file, columns)
        writer.write([row, long])
        writer.finish()
        return file.getvalue()

    one = workbook()
    with patch("time.time", return_value=2_000_000_000.0):
        assert workbook() == one
    assert {part.date_time[0] for part in ZipFile(io.BytesIO(one)).infolist()} == {1980}
    heading, first, second = sheet(one)
    assert heading == ["=name", "list"] and first == ["=1+1", '["é"]']
    assert len(second[0]) == 32_767 and second[0].endswith("ends here)") and second[1] == "\ufffd"


@pytest.mark.parametrize("path", ["/v1/ties", "/v1/ties?fields=from,to", "/v1/export/ties"])
def test_files_say_whose_they_are(api: TestClient, path: str) -> None:
    """All link to the licences; Parquet and Arrow name snapshot and data sets themselves."""
    meta = api.get("/v1/ties?limit=0").json()["meta"]
    for suffix in ("csv", "jsonl", "parquet", "arrow"):
        assert read(api, path, suffix).headers["link"] == '</v1/datasets>; rel="license"'
    datasets = api.get("/v1/datasets").json()["results"]
    assert [d["licence"] for d in datasets] == [d["licence"] for d in meta["datasets"]]
    parquet = pq.read_schema(io.BytesIO(read(api, path, "parquet").content))
    arrow = pa.ipc.open_file(io.BytesIO(read(api, path, "arrow").content)).schema
    for schema in (parquet, arrow):
        assert json.loads(schema.metadata[b"datasets"]) == meta["datasets"] != []
        assert schema.metadata[b"snapshot"].decode() == meta["snapshot"]["id"]


def test_a_file_agrees_with_the_list(api: TestClient) -> None:
    """Row by row, in the same order, with the same filters."""
    for query in ("type=SUPPLIES", "as_of=2015&sort=-independent,first", "status=planned"):
        records = api.get(f"/v1/ties?{query}&limit=500").json()["results"]
        rows = [json.loads(x) for x in api.get(f"/v1/ties.jsonl?{query}").text.splitlines()]
        assert [(r["from"], r["type"], r["to"], r["match"], r["independent"]) for r in rows] == [
            (t["from"]["id"], t["type"], t["to"]["id"], t["match"], t["independent"])
            for t in records
        ]
        assert [r["claim_ids"].split() for r in rows] == [t["claim_ids"] for t in records]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "arrow"])
def test_parts_of_a_filtered_file_are_sent(api: TestClient, suffix: str) -> None:
    """A table reader asks for the length, then for the end, then for what it needs."""
    address = f"/v1/ties.{suffix}?type=SUPPLIES&sort=first"
    whole = read(api, address.replace(f".{suffix}", ""), suffix)
    plain = {"Accept-Encoding": "identity"}
    head = api.head(address, headers=plain)
    assert head.headers["accept-ranges"] == "bytes" and head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))
    for span, part in (
        ("bytes=3-9", whole.content[3:10]),
        ("bytes=-8", whole.content[-8:]),
        ("bytes=100-", whole.content[100:]),
    ):
        # Also where all of it would be compressed.
        for encoding in ("identity", "gzip, zstd"):
            answer = api.get(address, headers={"Range": span, "Accept-Encoding": encoding})
            assert (answer.status_code, answer.content) == (206, part)
            assert "content-encoding" not in answer.headers
            assert answer.headers["etag"] == whole.headers["etag"]
    same = {"Range": "bytes=3-9", "If-Range": whole.headers["etag"]}
    assert api.get(address, headers={**plain, **same}).status_code == 206
    other = {**same, "If-Range": '"other"'}
    assert api.get(address, headers={**plain, **other}).content == whole.content
    unit = {**plain, "Range": "items=0-1"}
    assert api.get(address, headers=unit).content == whole.content


def test_text_is_compressed(api: TestClient) -> None:
    """CSV and JSON lines are, and their tag is a weak one then; Parquet and Arrow are by nature."""
    for suffix in ("csv", "jsonl"):
        plain = read(api, "/v1/claims", suffix)
        for encoding in ("gzip", "br", "zstd"):
            headers = {"Accept-Encoding": encoding}
            with api.stream("GET", f"/v1/claims.{suffix}", headers=headers) as stream:
                body = b"".join(stream.iter_raw())
            assert stream.headers["content-encoding"] == encoding
            assert stream.headers["etag"] == f"W/{plain.headers['etag']}"
            assert len(body) < len(plain.content) / 3
    for suffix in ("parquet", "arrow"):
        assert "content-encoding" not in api.get(f"/v1/claims.{suffix}").headers


def test_a_file_is_as_old_as_its_snapshot(api: TestClient) -> None:
    """`Last-Modified` is the end of the load, of filtered files and whole tables alike."""
    completed = api.get("/v1/snapshots").json()["results"][0]["completed_on"]
    for address in ("/v1/ties.csv", "/v1/ties.parquet?limit=3", "/v1/export/sources.csv"):
        modified = api.get(address).headers["last-modified"]
        assert f"{parsedate_to_datetime(modified):%Y-%m-%dT%H:%M:%S}" == completed[:19]
        assert api.get(address, headers={"If-Modified-Since": modified}).status_code == 304
        before = {"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}
        assert api.get(address, headers=before).status_code == 200
        # A tag goes before a time (RFC 9110, section 13.2.2).
        both = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
        assert api.get(address, headers=both).status_code == 200


def test_files_make_room_for_new_ones(tmp_path: Path) -> None:
    """Within the limit one is written once; beyond it the least recently used goes, with its file.

    A failure leaves nothing.
    """
    cache, keys = FileCache(tmp_path, limit=10), []

    async def ask(key: str, size: int) -> bytes:
        async def write(file: IO[bytes]) -> int:
            keys.append(key)
            if size < 0:
                raise OSError("The store went away.")
            return file.write(bytes(size))

        return (await cache.get_or_make(key, write, None)).path.read_bytes()

    async def try_all() -> None:
        assert len(set(await asyncio.gather(*(ask("a", 4) for _ in "123")))) == 1
        await ask("b", 4)
        await ask("a", 4)
        await ask("c", 4)
        await ask("b", 4)
        with pytest.raises(OSError, match="went away"):
            await ask("d", -1)
        assert len(await ask("large", 100)) == 100

    asyncio.run(try_all())
    assert keys == ["a", "b", "c", "b", "d", "large"]
    assert [file.stat().st_size for file in tmp_path.iterdir()] == [100]


def test_columns_can_be_chosen(api: TestClient) -> None:
    """`fields` takes some of them, in the order that is asked for."""
    assert api.get("/v1/ties.csv?fields=type,from&limit=1").text.startswith("type,from\r\n")
    wrong = api.get("/v1/ties.csv?fields=form").json()
    assert wrong["errors"][0]["did_you_mean"][0] == "from"


def test_a_table_for_spreadsheets_runs_nothing(api: TestClient) -> None:
    """`excel=true` adds a BOM; it is a parameter of CSV only."""
    assert api.get("/v1/ties.csv?excel=true&limit=1").content.startswith(b"\xef\xbb\xbffrom,to")
    assert api.get("/v1/ties.jsonl?excel=true").json()["code"] == "unknown_parameter"


def test_accept_chooses_where_no_suffix_does(api: TestClient) -> None:
    """The suffix wins; no wish is JSON; what is not written is 406 with what there is."""
    for accept, suffix, kind in (
        ("text/csv", "", "text/csv; charset=utf-8"),
        ("application/json;q=0.4, application/jsonl;q=0.5", "", "application/jsonl"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "application/json"),
        ("text/csv", ".json", "application/json"),
        ("application/json", ".csv", "text/csv; charset=utf-8"),
    ):
        answer = api.get(f"/v1/ties{suffix}?limit=1", headers={"Accept": accept})
        assert answer.headers["content-type"] == kind, accept
    for address in ("/v1/ties.parquet?limit=1", "/v1/export/ties.jsonl"):
        for kind in ("application/octet-stream", "*/*"):  # Also where an answer is remembered.
            answer = api.get(address, headers={"Accept": kind})
            assert (answer.headers["content-type"] == kind) is (kind != "*/*")
    for address, accept in (("/v1/ties", "application/xml"), ("/v1/ties.xml", "*/*")):
        response = api.get(address, headers={"Accept": accept})
        assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")
        assert "csv" in response.json()["detail"]
    assert "graph.json" in api.get("/v1/graph.csv").json()["detail"]


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", None), ("*/*", "a/b"), ("c/d", "c/d"), ("c/*", "c/d"), ("a/b;q=0, */*", "c/d"),
        ("a/b;q=0.2, c/*;q=0.3", "c/d"), ("A/B ; q=1.0", "a/b"), ("x/y", None), ("a/b;q=0", None),
    ],
)  # fmt: skip
def test_what_is_accepted_most(accept: str, best: str | None) -> None:
    """The most special range decides about a type, its weight between types (RFC 9110)."""
    assert preferred(accept, ["a/b", "c/d"]) == best


def test_an_unknown_entity_is_missed_in_every_format(api: TestClient) -> None:
    """404, and no empty file."""
    for suffix in ("", ".csv", ".parquet"):
        assert api.get(f"/v1/entities/nobody/ties{suffix}").status_code == 404
