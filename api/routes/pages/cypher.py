"""The page `/cypher`: statements of one's own, with their rows and their picture."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Literal

import anyio.to_thread
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api import cypher
from api.cypher import CypherBounds
from api.examples import examples_of
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.shell import MOST_NODES, page_links
from graph.cypher.evidence import RowEvidence
from graph.cypher.result import CypherResult, Notification
from graph.cypher.run import Bounds
from graph.errors import CypherFault, StoreError, StoreStarting, StoreTimeout
from graph.language import gettext
from graph.model import Entity, Subgraph, Tie
from graph.passages import passages
from graph.queries.records import labels_of
from graph.text import TextStore
from viz.cypher_page import LEAD, TITLE, CypherContent, CypherView, cypher_graph_page, cypher_page
from viz.row_picture import row_picture

router = APIRouter(route_class=SnapshotRoute, include_in_schema=False)
BOUNDS = Bounds(rows=1_000, seconds=10)


@router.get("/cypher")
async def cypher_editor(
    request: RequestDep,
    statement: str = "",
    parameters: str = "",
    plan: Literal["", "explain", "profile"] = "",
) -> HTMLResponse:
    """The editor; with a statement, its answer as well. The address is the question.

    `plan` asks for the plan: `explain` without running the statement.
    """
    cypher.cypher_slots(request)  # refuse before anything is shown
    try:
        html = await _answer(request, statement.strip(), parameters.strip(), plan)
    except StoreStarting as error:
        problem = f"{error} This page asks again by itself."
        page = await _form(request, statement, parameters, problem=problem)
        headers = {"Cache-Control": "no-store", "Retry-After": "5", "Refresh": "5"}
        return HTMLResponse(cypher_page(page), 503, headers=headers)
    except (CypherFault, StoreTimeout) as error:
        place = error.at if isinstance(error, CypherFault) else None
        page = await _form(request, statement, parameters, problem=str(error), place=place)
        status = 504 if isinstance(error, StoreTimeout) else 422
        return HTMLResponse(cypher_page(page), status, headers={"Cache-Control": "no-store"})
    return HTMLResponse(html, headers=dict(request.response.headers))


async def _answer(
    request: GraphRequest, statement: str, parameters: str, plan: Literal["", "explain", "profile"]
) -> str:
    if not statement:
        request.services.statement_store.begin()
        return cypher_page(await _form(request))
    bounds = CypherBounds(statement=statement)
    bound = (await cypher.bind(bounds, parameters or "{}")).planned(plan)
    began = time.perf_counter()
    answer = await cypher.run(request, bound, BOUNDS)
    seconds = time.perf_counter() - began
    records = await cypher.fetch_evidence(request, answer.records())
    labels = await request.store.ask(labels_of(answer.texts()))
    page = await _form(request, statement, parameters, answer, seconds=seconds, labels=labels)
    # The layout takes the processor for up to a second: off the event loop.
    return await anyio.to_thread.run_sync(
        _draw, page, answer, records, request.texts, request.snapshot
    )


async def _form(
    request: GraphRequest,
    statement: str = "",
    parameters: str = "",
    answer: CypherResult | None = None,
    problem: str | None = None,
    place: tuple[int, int] | None = None,
    seconds: float | None = None,
    labels: Mapping[str, Sequence[str]] | None = None,
) -> CypherContent:
    return CypherContent(
        page_links(),
        statement=statement,
        parameters=parameters,
        columns=answer.columns if answer else (),
        values=answer.plain_rows() if answer else (),
        notices=cypher.notices(answer) if answer else (),
        problem=problem,
        place=place,
        warnings=[_warning(one) for one in answer.notifications] if answer else (),
        plan=asdict(answer.plan) if answer and answer.plan else None,
        seconds=seconds,
        labels=labels or {},
        editor=request.services.editor,
        example_statements=await _examples(request),
    )


async def _examples(request: GraphRequest) -> Sequence[tuple[str, str]]:
    """Return examples for what the store holds; none where it does not answer."""
    with suppress(StoreError):
        return await examples_of(request.services.store)
    return ()


def _warning(notification: Notification) -> str:
    if not notification.line:
        return notification.description
    return gettext(
        "%(text)s (line %(line)s, column %(column)s)",
        text=notification.description,
        line=notification.line,
        column=notification.column,
    )


def _draw(
    form: CypherContent,
    answer: CypherResult,
    records: RowEvidence,
    texts: TextStore | None,
    snapshot: str | None,
) -> str:
    form = replace(form, picture=row_picture(*answer.graph(), form.links))
    graph = _subgraph(records)
    if not graph.ties:
        return cypher_page(form)
    quoted = passages(graph.claims.values(), graph.sources, texts)
    return cypher_graph_page(
        CypherView(
            graph, gettext(TITLE), gettext(LEAD), page_links(), quoted, graph.names, snapshot, form
        )
    )


def _subgraph(records: RowEvidence) -> Subgraph:
    """Return the picture of evidence: the best supported ties, until their ends are too many."""
    entities: dict[str, Entity] = {}
    ties: list[Tie] = []
    ends: set[str] = set()
    for tie in sorted(records.ties, key=lambda t: (-t.rank, -t.independent, t.key)):
        both = {i: records.entities[i] for i in (tie.key.source, tie.key.target)}
        ends |= both.keys()
        if len(entities | both) <= MOST_NODES:
            entities |= both
            ties.append(tie)
    return Subgraph(
        entities=entities,
        ties=tuple(ties),
        claims=records.claims,
        sources=records.sources,
        names={i: name for i, name in records.names.items() if i not in entities},
        left_out=len(ends - entities.keys()),
    )
