"""Files: the same rows in every format, whole, and safe to open."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

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
    answer = api.get(f"{path}.{suffix}{mark}{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    return answer


def parsed(text: str, column: Column) -> Any:
    """A cell of a CSV file as the value that it stands for."""
    if text == "":
        return None
    kinds = {"integer": int, "number": float, "boolean": "true".__eq__, "day": date.fromisoformat}
    return kinds.get(column.type, str)(text)


@pytest.mark.parametrize("asked", PATHS)
def test_formats_agree_row_by_row(api: TestClient, asked: str) -> None:
    """CSV, JSONL, Parquet and Arrow hold the same rows, with the columns of the contract."""
    columns = TABLES[PATHS[asked]]
    answer = read(api, asked, "csv")
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == [column.name for column in columns]
    told = [{c.name: parsed(cell, c) for c, cell in zip(columns, row, strict=True)} for row in rows]
    assert int(answer.headers["sightlines-rows"]) == len(told) > 0
    lines = [json.loads(line) for line in read(api, asked, "jsonl").text.splitlines()]
    days = [c.name for c in columns if c.type == "day"]
    for line in lines:
        line |= {day: date.fromisoformat(line[day]) for day in days if line[day]}
        line |= {c.name: line[c.name] or None for c in columns if c.type == "text"}
    assert lines == told
    parquet = pq.read_table(io.BytesIO(read(api, asked, "parquet").content))
    arrow = pa.ipc.open_file(io.BytesIO(read(api, asked, "arrow").content)).read_all()
    assert parquet.equals(arrow)
    assert [
        {name: value if value != "" else None for name, value in row.items()}
        for row in parquet.to_pylist()
    ] == told


@pytest.mark.parametrize("asked", ["/v1/ties", "/v1/ties?fields=from,to", "/v1/export/ties"])
def test_files_say_whose_they_are(api: TestClient, asked: str) -> None:
    """All link to the licences; Parquet and Arrow name snapshot and data sets themselves."""
    meta = api.get("/v1/ties?limit=0").json()["meta"]
    for suffix in ("csv", "jsonl", "parquet", "arrow"):
        assert read(api, asked, suffix).headers["link"] == '</v1/datasets>; rel="license"'
    listed = api.get("/v1/datasets").json()["results"]
    assert [d["licence"] for d in listed] == [d["licence"] for d in meta["datasets"]]
    parquet = pq.read_schema(io.BytesIO(read(api, asked, "parquet").content))
    arrow = pa.ipc.open_file(io.BytesIO(read(api, asked, "arrow").content)).schema
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
    for address, accept in (("/v1/ties", "application/xml"), ("/v1/ties.xml", "*/*")):
        refused = api.get(address, headers={"Accept": accept})
        assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
        assert "csv" in refused.json()["detail"]
    assert "graph.json" in api.get("/v1/graph.csv").json()["detail"]


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", None), ("*/*", "a/b"), ("c/d", "c/d"), ("c/*", "c/d"), ("a/b;q=0, */*", "c/d"),
        ("a/b;q=0.2, c/*;q=0.3", "c/d"), ("A/B ; q=1.0", "a/b"), ("x/y", None), ("a/b;q=0", None),
    ],
)  # fmt: skip
def test_what_is_accepted_most(accept: str, wanted: str | None) -> None:
    """The most special range decides about a type, its weight between types (RFC 9110)."""
    assert preferred(accept, ["a/b", "c/d"]) == wanted


def test_an_unknown_entity_is_missed_in_every_format(api: TestClient) -> None:
    """404, and no empty file."""
    for suffix in ("", ".csv", ".parquet"):
        assert api.get(f"/v1/entities/nobody/ties{suffix}").status_code == 404
