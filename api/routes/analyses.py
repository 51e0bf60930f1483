"""Analyses of the graph of ties, each with what it does not show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.answers.analyses import AnalysisList, Behind, FigureOut, KindList, KindOut, TieFacts
from api.answers.common import called
from api.errors import ProblemError
from api.not_found import entity_missing
from api.parameters import CursorText, GraphRead, Limit, Read
from api.request import Ask
from graph import analyses
from graph.analyses import KINDS, USUAL, Analysis, Figure, Options
from graph.errors import TooLarge
from graph.model.fields import StatusName, TieTypeName
from graph.queries.analyses import TieGraph, tie_graph
from graph.question import Question


class AnalysisRead(GraphRead):
    """Over which ties, and which part of the figures."""

    type: list[TieTypeName] = Field([], description="Only ties of these types.")
    status: list[StatusName] = Field([], description="Only ties of these statuses.")
    min_origins: int = Field(0, ge=0, description="Only ties with so many independent origins.")
    around: list[str] = Field([], max_length=100, description="Only ties around these entities.")
    hops: int = Field(1, ge=0, le=3, description="How far around them.")
    start: str | None = Field(
        None, alias="from", max_length=120, description="Where supply chains begin."
    )
    max_hops: int | None = Field(None, ge=1, le=8, description="How long supply chains are; 6.")
    most: int | None = Field(None, ge=1, le=1_000, description="How many supply chains; 1,000.")
    limit: Limit = 50
    cursor: CursorText | None = None


router = APIRouter(tags=["graph"])
Labels = Mapping[str, str]
#: What a kind may run on over HTTP, as a part of what it may on the command line: a request waits.
_PART = 4


def _limit(kind: str) -> int:
    return KINDS[kind].limit // _PART


@router.get("/analyses")
async def list_analyses(ask: Ask, asked: Annotated[Read, Query()]) -> KindList:
    """List the kinds of analysis, with what each shows and does not show."""
    await ask.state()
    kinds = [
        KindOut(
            name=kind.name,
            title=kind.title,
            shows=kind.shows,
            does_not_show=kind.does_not_show,
            limit=_limit(kind.name),
            types=list(kind.types),
            options=["from" if name == "start" else name for name in kind.options],
            link=f"/v1/analyses/{kind.name}",
        )
        for kind in KINDS.values()
    ]
    return KindList(results=kinds, total=len(kinds), meta=ask.meta(asked))


@router.get("/analyses/{kind}")
async def read_analysis(
    kind: Annotated[str, Path(examples=["components"], max_length=40)],
    ask: Ask,
    asked: Annotated[AnalysisRead, Query()],
) -> AnalysisList:
    """Run an analysis over all ties, or over those that pass the filters."""
    if kind not in KINDS:
        near = [{"id": name, "link": f"/v1/analyses/{name}"} for name in KINDS]
        raise ProblemError(404, "not_found", "Not found", f"There is no {kind!r}.", near=near)
    after = ask.after(asked.cursor)
    first = int(str(after[0])) if after else 0
    async with ask.services.costly.one():
        graph = await ask.ask(_ties(kind, asked))
        for i in [*asked.around, *([asked.start] if asked.start else [])]:
            if i not in graph.canonical:
                raise await entity_missing(ask, i)
        # It takes the processor for seconds: off the event loop.
        found = await anyio.to_thread.run_sync(_run, kind, graph, asked)
    figures = found.figures[first : first + asked.limit]
    names = {i: entity.label for i, entity in found.entities.items()}
    labels = await ask.labels(names, asked)
    last = first + len(figures)
    return AnalysisList(
        kind=found.kind,
        title=found.title,
        shows=found.shows,
        does_not_show=found.does_not_show,
        over=found.over,
        among=found.among,
        results=[_figure(figure, labels) for figure in figures],
        total=len(found.figures),
        included=_behind(found, figures),
        next=ask.next([last] if figures and last < len(found.figures) else None),
        meta=ask.meta(asked, list(found.notices)),
    )


def _ties(kind: str, asked: AnalysisRead) -> Question[TieGraph]:
    return tie_graph(
        types=analyses.asked_types(kind, asked.type),
        statuses=asked.status,
        min_origins=asked.min_origins,
        around=asked.around,
        hops=asked.hops,
        named=[asked.start] if asked.start else [],
        moment=asked.moment,
        limit=_limit(kind) + 1,
    )


def _run(kind: str, graph: TieGraph, asked: AnalysisRead) -> Analysis:
    """Raise `TooLarge` where there are more ties than an answer over HTTP waits for."""
    if len(graph.ties) > _limit(kind):
        raise TooLarge(kind, _limit(kind))
    options = Options(
        start=graph.canonical[asked.start] if asked.start else None,
        max_hops=asked.max_hops or USUAL.max_hops,
        most=asked.most or USUAL.most,
    )
    return analyses.run(kind, graph.ties, graph.entities, options)


def _figure(figure: Figure, labels: Labels) -> FigureOut:
    return FigureOut(
        entities=[called(i, labels) for i in figure.entities],
        value=figure.value,
        unit=figure.unit,
        words=figure.words,
        ties=[str(key) for key in figure.ties],
        pairs=[[called(i, labels) for i in pair] for pair in figure.pairs],
        weakest=[str(key) for key in figure.weakest],
    )


def _behind(found: Analysis, figures: tuple[Figure, ...]) -> Behind:
    keys = sorted({key for figure in figures for key in (*figure.ties, *figure.weakest)})
    return Behind(
        ties={
            str(key): TieFacts(
                source=key.source,
                type=key.type,
                target=key.target,
                status=found.ties[key].status,
                origins=found.ties[key].origins,
                claim_ids=list(found.ties[key].claim_ids),
            )
            for key in keys
        }
    )
