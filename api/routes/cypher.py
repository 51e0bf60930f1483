"""Cypher for anybody, read-only: rows with their evidence, a graph, or a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import IO, Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query
from starlette.responses import Response

from api import cypher, files
from api.answers.cypher import CypherAnswer, NodeLink, PlanStep
from api.cypher import (
    BoundStatement,
    CypherAsked,
    CypherCsvAsked,
    CypherCsvRead,
    CypherFile,
    CypherJsonlAsked,
    CypherJsonlRead,
    CypherRead,
    CypherShape,
    bind,
)
from api.errors import ProblemError
from api.files import CSV, JSONL, XLSX, Format
from api.parameters import LONGEST_FILE, Nothing
from api.request import GraphRequest, RequestDep, SnapshotRoute
from graph.cypher.evidence import RecordIds, RowEvidence
from graph.cypher.result import CypherResult
from graph.cypher.run import Bounds
from graph.tables import Column

router = APIRouter(route_class=SnapshotRoute, tags=["search"])


def _sends(one: Format) -> dict[int | str, dict[str, Any]]:
    """What a route of files answers with."""
    content: dict[str, Any] = files.content_types(one)
    return {200: {"content": content, "description": "All rows; Sightlines-Rows says how many."}}


@router.get("/cypher", response_model=CypherAnswer | NodeLink)
async def read_cypher(request: RequestDep, params: Annotated[CypherRead, Query()]) -> Response:
    """Run one Cypher statement that only reads. Rows are lists in the order of the columns."""
    return await _answer(request, params, await bind(params, params.parameters))


@router.post("/cypher", response_model=CypherAnswer | NodeLink)
async def ask_cypher(
    request: RequestDep, params: CypherAsked, _: Annotated[Nothing, Query()]
) -> Response:
    """Run a statement that is too long for an address; otherwise the same."""
    return await _answer(request, params, await bind(params, params.parameters))


@router.get("/cypher.csv", response_class=Response, responses=_sends(CSV))
async def read_cypher_csv(
    request: RequestDep, params: Annotated[CypherCsvRead, Query()]
) -> Response:
    """Run a statement and send all its rows as a table."""
    one = replace(CSV, writer=files.ExcelWriter) if params.excel else CSV
    return await _file(request, params, await bind(params, params.parameters), one)


@router.post("/cypher.csv", response_class=Response, responses=_sends(CSV))
async def ask_cypher_csv(
    request: RequestDep, params: CypherCsvAsked, _: Annotated[Nothing, Query()]
) -> Response:
    """The same for statements that are too long for an address."""
    one = replace(CSV, writer=files.ExcelWriter) if params.excel else CSV
    return await _file(request, params, await bind(params, params.parameters), one)


@router.get("/cypher.jsonl", response_class=Response, responses=_sends(JSONL))
async def read_cypher_jsonl(
    request: RequestDep, params: Annotated[CypherJsonlRead, Query()]
) -> Response:
    """Run a statement and send all its rows as objects, one on each line."""
    statement = await bind(params, params.parameters)
    return await _file(request, params, statement, JSONL)


@router.post("/cypher.jsonl", response_class=Response, responses=_sends(JSONL))
async def ask_cypher_jsonl(
    request: RequestDep, params: CypherJsonlAsked, _: Annotated[Nothing, Query()]
) -> Response:
    """The same for statements that are too long for an address."""
    statement = await bind(params, params.parameters)
    return await _file(request, params, statement, JSONL)


@router.get("/cypher.xlsx", response_class=Response, responses=_sends(XLSX))
async def read_cypher_xlsx(
    request: RequestDep, params: Annotated[CypherJsonlRead, Query()]
) -> Response:
    """Run a statement and send all its rows as an Excel workbook."""
    return await _file(request, params, await bind(params, params.parameters), XLSX)


@router.post("/cypher.xlsx", response_class=Response, responses=_sends(XLSX))
async def ask_cypher_xlsx(
    request: RequestDep, params: CypherJsonlAsked, _: Annotated[Nothing, Query()]
) -> Response:
    """The same for statements that are too long for an address."""
    return await _file(request, params, await bind(params, params.parameters), XLSX)


async def _answer(
    request: GraphRequest, params: CypherShape, statement: BoundStatement
) -> Response:
    request.use_body(params)
    bounds = Bounds(rows=params.max_rows, seconds=params.timeout_ms / 1_000)
    answer = await cypher.run(request, statement, bounds)
    cited = answer.records() if params.expand else None
    records = await cypher.fetch_evidence(request, cited) if cited else None
    # Up to 20 MB are turned into text: off the event loop.
    body = await anyio.to_thread.run_sync(_body, request, params, answer, cited, records)
    return Response(body, headers=dict(request.response.headers), media_type="application/json")


def _body(
    request: GraphRequest,
    params: CypherShape,
    answer: CypherResult,
    cited: RecordIds | None,
    records: RowEvidence | None,
) -> bytes:
    shared: dict[str, Any] = {
        "truncated": answer.truncated is not None,
        "notifications": cypher.remarks(answer),
        "included": cypher.included(records, request.texts) if records else None,
        "meta": cypher.meta(request, params, answer, records, cited),
    }
    model: CypherAnswer | NodeLink
    if params.shape == "graph":
        nodes, edges = answer.graph()
        model = NodeLink(graph={"snapshot": request.snapshot}, nodes=nodes, edges=edges, **shared)
    else:
        rows = answer.typed_rows() if params.typed else answer.plain_rows()
        plan = PlanStep(**asdict(answer.plan)) if answer.plan else None
        model = CypherAnswer(columns=answer.columns, rows=rows, plan=plan, **shared)
    return model.model_dump_json(by_alias=True).encode()


async def _file(
    request: GraphRequest,
    params: CypherFile,
    statement: BoundStatement,
    one: Format,
) -> Response:
    request.use_body(params)
    most = one.most or LONGEST_FILE
    rows = min(params.max_rows or most, most)
    answer = await cypher.run(request, statement, Bounds(rows, params.timeout_ms / 1_000))
    if answer.truncated == "bytes" or (answer.truncated and rows != params.max_rows):
        raise ProblemError(
            422,
            "export_too_large",
            "Too many rows for one file",
            f"A file holds {most:,} rows and 20 MB at most: ask for less, or take the "
            "first ones with max_rows.",
        )
    columns = [Column(name, "json", "") for name in answer.columns]

    async def write(file: IO[bytes]) -> int:
        return await files.write_all(one.writer(file, columns), _rows(answer))

    return request.send(await request.file(write), one.media_type)


async def _rows(answer: CypherResult) -> AsyncIterator[list[list[Any]]]:
    yield await anyio.to_thread.run_sync(answer.plain_rows)
