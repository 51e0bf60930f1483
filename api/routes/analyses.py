"""Analyses of the graph of ties, each with what it does not show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.answers.analyses import AnalysisList, Behind, FigureOut, KindList, KindOut, TieFacts
from api.answers.common import label_of
from api.errors import ProblemError
from api.http.public_address import address
from api.missing import missing
from api.parameters import INFERRED, Commas, CursorText, GraphRead, Least, Limit, Read
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.responses import links_to
from graph import analyses
from graph.analyses import KINDS, USUAL, Analysis, Figure, Options
from graph.errors import TooLarge
from graph.model.fields import StatusName, TieTypeName
from graph.queries.analyses import TieGraph, tie_graph
from graph.queries.sources import documents
from graph.question import Question


class AnalysisRead(GraphRead):
    """Over which ties, and which part of the figures."""

    type: Annotated[list[TieTypeName], Commas] = Field([], description="Only ties of these types.")
    status: Annotated[list[StatusName], Commas] = Field(
        [], description="Only ties of these statuses."
    )
    inferred: bool | None = Field(None, description=INFERRED)
    min_independent: Least = Field(0, description="Only ties with so many independent accounts.")
    around: Annotated[list[str], Commas] = Field(
        [], max_length=100, description="Only ties around these entities."
    )
    hops: int = Field(1, ge=0, le=3, description="How far around them.")
    start: str | None = Field(
        None, alias="from", max_length=120, description="Where supply chains begin."
    )
    max_hops: int | None = Field(None, ge=1, le=8, description="How long supply chains are; 6.")
    most: int | None = Field(None, ge=1, le=1_000, description="How many supply chains; 1,000.")
    limit: Limit = 50
    cursor: CursorText | None = None


router = APIRouter(route_class=SnapshotRoute, tags=["graph"])
Labels = Mapping[str, str]
#: What a kind may run on over HTTP, as a part of what it may on the command line: a request waits.
_PART = 4


def _limit(kind: str) -> int:
    return KINDS[kind].limit // _PART


@router.get("/analyses", responses=links_to("read_analysis", kind="name"))
async def list_analyses(request: RequestDep, params: Annotated[Read, Query()]) -> KindList:
    """List the kinds of analysis, with what each shows and does not show."""
    await request.state()
    kinds = [
        KindOut(
            name=kind.name,
            title=kind.title,
            shows=kind.shows,
            does_not_show=kind.does_not_show,
            limit=_limit(kind.name),
            types=list(kind.types),
            options=["from" if name == "start" else name for name in kind.options],
            link=address(f"/v1/analyses/{kind.name}"),
        )
        for kind in KINDS.values()
    ]
    return KindList(results=kinds, total=len(kinds), meta=request.meta(params))


@router.get("/analyses/{kind}")
async def read_analysis(
    kind: Annotated[str, Path(examples=["components"], max_length=40)],
    request: RequestDep,
    params: Annotated[AnalysisRead, Query()],
) -> AnalysisList:
    """Run an analysis over all ties, or over those that pass the filters."""
    if kind not in KINDS:
        near = [{"id": name, "link": address(f"/v1/analyses/{name}")} for name in KINDS]
        raise ProblemError(404, "not_found", "Not found", f"There is no {kind!r}.", near=near)
    after = request.after(params.cursor)
    first = int(str(after[0])) if after else 0
    async with request.services.costly_slots.acquire():
        graph = await request.ask(_ties(kind, params))
        for i in [*params.around, *([params.start] if params.start else [])]:
            if i not in graph.canonical:
                raise await missing(request, "entity", i)
        # It takes the processor for seconds: off the event loop.
        analysis = await anyio.to_thread.run_sync(_run, kind, graph, params)
    figures = analysis.figures[first : first + params.limit]
    names = {i: entity.label for i, entity in analysis.entities.items()}
    labels = await request.labels(names, params)
    behind = _behind(analysis, figures)
    last = first + len(figures)
    return AnalysisList(
        kind=analysis.kind,
        title=analysis.title,
        shows=analysis.shows,
        does_not_show=analysis.does_not_show,
        over=analysis.over,
        among=analysis.among,
        results=[_figure(figure, labels) for figure in figures],
        total=len(analysis.figures),
        included=behind,
        next=request.next([last] if figures and last < len(analysis.figures) else None),
        meta=request.meta(params, list(analysis.notices), await _documents(request, behind)),
    )


def _ties(kind: str, params: AnalysisRead) -> Question[TieGraph]:
    return tie_graph(
        types=analyses.asked_types(kind, params.type),
        statuses=params.status,
        inferred=[] if params.inferred is None else [params.inferred],
        min_independent=params.min_independent,
        around=params.around,
        hops=params.hops,
        ids=[params.start] if params.start else [],
        moment=params.moment,
        limit=_limit(kind) + 1,
    )


def _run(kind: str, graph: TieGraph, params: AnalysisRead) -> Analysis:
    """Raise `TooLarge` where there are more ties than an answer over HTTP waits for."""
    if len(graph.ties) > _limit(kind):
        raise TooLarge(kind, _limit(kind))
    options = Options(
        start=graph.canonical[params.start] if params.start else None,
        max_hops=params.max_hops or USUAL.max_hops,
        most=params.most or USUAL.most,
    )
    return analyses.run(kind, graph.ties, graph.entities, options)


def _figure(figure: Figure, labels: Labels) -> FigureOut:
    return FigureOut(
        entities=[label_of(i, labels) for i in figure.entities],
        value=figure.value,
        unit=figure.unit,
        words=figure.words,
        ties=[str(key) for key in figure.ties],
        pairs=[[label_of(i, labels) for i in pair] for pair in figure.pairs],
        weakest=[str(key) for key in figure.weakest],
    )


async def _documents(request: GraphRequest, behind: Behind) -> Collection[str]:
    """Read the documents at hand that the ties behind figures rest on."""
    ids = dict.fromkeys(i for tie in behind.ties.values() for i in tie.claim_ids)
    return await request.ask(documents(ids)) if ids else ()


def _behind(analysis: Analysis, figures: tuple[Figure, ...]) -> Behind:
    keys = sorted({key for figure in figures for key in (*figure.ties, *figure.weakest)})
    return Behind(
        ties={
            str(key): TieFacts(
                source=key.source,
                type=key.type,
                target=key.target,
                status=analysis.ties[key].status,
                independent=analysis.ties[key].independent,
                claim_ids=list(analysis.ties[key].claim_ids),
            )
            for key in keys
        }
    )
