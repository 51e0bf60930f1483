"""The page `/cypher`: statements of one's own, with their rows and their picture."""

from __future__ import annotations

import anyio.to_thread
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api import cypher
from api.cypher import CypherBounds
from api.examples import examples
from api.request import Ask, Context
from api.routes.pages.shell import LINKS, MOST_NODES
from graph.cypher.evidence import Evidence
from graph.cypher.result import Answer
from graph.cypher.run import Bounds
from graph.errors import CypherFault, StoreTimeout
from graph.model import Entity, Subgraph, Tie
from graph.passages import passages
from graph.text import TextStore
from viz.cypher_page import LEAD, TITLE, Asked, CypherView, cypher_graph_page, cypher_page

router = APIRouter(include_in_schema=False)
BOUNDS = Bounds(rows=1_000, seconds=10)


@router.get("/cypher")
async def cypher_editor(ask: Ask, statement: str = "", parameters: str = "") -> HTMLResponse:
    """The editor; with a statement, its answer as well. The address is the question."""
    cypher.places(ask)  # refuse before anything is shown
    try:
        html = await _answer(ask, statement.strip(), parameters.strip())
    except (CypherFault, StoreTimeout) as error:
        page = _asked(statement, parameters, problem=str(error))
        status = 504 if isinstance(error, StoreTimeout) else 422
        return HTMLResponse(cypher_page(page), status, headers={"Cache-Control": "no-store"})
    return HTMLResponse(html, headers=dict(ask.response.headers))


async def _answer(ask: Context, statement: str, parameters: str) -> str:
    if not statement:
        return cypher_page(_asked())
    asked = cypher.read_asked(CypherBounds(statement=statement), parameters or "{}")
    answer = await cypher.run(ask, asked, BOUNDS)
    found = await cypher.behind(ask, answer.cited())
    page = _asked(statement, parameters, answer)
    # The layout takes the processor for up to a second: off the event loop.
    return await anyio.to_thread.run_sync(_draw, page, found, ask.texts, ask.snapshot)


def _asked(
    statement: str = "",
    parameters: str = "",
    answer: Answer | None = None,
    problem: str | None = None,
) -> Asked:
    return Asked(
        LINKS,
        statement=statement,
        parameters=parameters,
        columns=answer.columns if answer else (),
        values=answer.plain_rows() if answer else (),
        notices=cypher.notices(answer) if answer else (),
        problem=problem,
        given_examples=examples(),
    )


def _draw(asked: Asked, found: Evidence, texts: TextStore | None, snapshot: str | None) -> str:
    graph = _subgraph(found)
    if not graph.ties:
        return cypher_page(asked)
    quoted = passages(graph.claims.values(), graph.sources, texts)
    return cypher_graph_page(
        CypherView(graph, TITLE, LEAD, LINKS, quoted, graph.names, snapshot, asked)
    )


def _subgraph(found: Evidence) -> Subgraph:
    """Return the picture of evidence: the best supported ties, until their ends are too many."""
    entities: dict[str, Entity] = {}
    ties: list[Tie] = []
    ends: set[str] = set()
    for tie in sorted(found.ties, key=lambda t: (-t.rank, -t.origins, t.key)):
        both = {i: found.entities[i] for i in (tie.key.source, tie.key.target)}
        ends |= both.keys()
        if len(entities | both) <= MOST_NODES:
            entities |= both
            ties.append(tie)
    return Subgraph(
        entities=entities,
        ties=tuple(ties),
        claims=found.claims,
        sources=found.sources,
        names={i: name for i, name in found.names.items() if i not in entities},
        left_out=len(ends - entities.keys()),
    )
