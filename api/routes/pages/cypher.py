"""The page `/cypher`: statements of one's own, with their rows and their picture."""

from __future__ import annotations

import anyio.to_thread
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api import cypher
from api.cypher import CypherBounds
from api.examples import examples
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.shell import MOST_NODES, page_links
from graph.cypher.evidence import RowEvidence
from graph.cypher.result import CypherResult
from graph.cypher.run import Bounds
from graph.errors import CypherFault, StoreStarting, StoreTimeout
from graph.model import Entity, Subgraph, Tie
from graph.passages import passages
from graph.text import TextStore
from viz.cypher_page import LEAD, TITLE, CypherContent, CypherView, cypher_graph_page, cypher_page

router = APIRouter(route_class=SnapshotRoute, include_in_schema=False)
BOUNDS = Bounds(rows=1_000, seconds=10)


@router.get("/cypher")
async def cypher_editor(
    request: RequestDep, statement: str = "", parameters: str = ""
) -> HTMLResponse:
    """The editor; with a statement, its answer as well. The address is the question."""
    cypher.cypher_slots(request)  # refuse before anything is shown
    try:
        html = await _answer(request, statement.strip(), parameters.strip())
    except StoreStarting as error:
        page = _form(statement, parameters, problem=f"{error} This page asks again by itself.")
        headers = {"Cache-Control": "no-store", "Retry-After": "5", "Refresh": "5"}
        return HTMLResponse(cypher_page(page), 503, headers=headers)
    except (CypherFault, StoreTimeout) as error:
        page = _form(statement, parameters, problem=str(error))
        status = 504 if isinstance(error, StoreTimeout) else 422
        return HTMLResponse(cypher_page(page), status, headers={"Cache-Control": "no-store"})
    return HTMLResponse(html, headers=dict(request.response.headers))


async def _answer(request: GraphRequest, statement: str, parameters: str) -> str:
    if not statement:
        request.services.statement_store.begin()
        return cypher_page(_form())
    bound = cypher.read_statement(CypherBounds(statement=statement), parameters or "{}")
    answer = await cypher.run(request, bound, BOUNDS)
    records = await cypher.fetch_evidence(request, answer.records())
    page = _form(statement, parameters, answer)
    # The layout takes the processor for up to a second: off the event loop.
    return await anyio.to_thread.run_sync(_draw, page, records, request.texts, request.snapshot)


def _form(
    statement: str = "",
    parameters: str = "",
    answer: CypherResult | None = None,
    problem: str | None = None,
) -> CypherContent:
    return CypherContent(
        page_links(),
        statement=statement,
        parameters=parameters,
        columns=answer.columns if answer else (),
        values=answer.plain_rows() if answer else (),
        notices=cypher.notices(answer) if answer else (),
        problem=problem,
        example_statements=examples(),
    )


def _draw(
    form: CypherContent, records: RowEvidence, texts: TextStore | None, snapshot: str | None
) -> str:
    graph = _subgraph(records)
    if not graph.ties:
        return cypher_page(form)
    quoted = passages(graph.claims.values(), graph.sources, texts)
    return cypher_graph_page(
        CypherView(graph, TITLE, LEAD, page_links(), quoted, graph.names, snapshot, form)
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
