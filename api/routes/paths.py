"""Paths between two entities, by their weakest hop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.answers.claims import claim_out
from api.answers.common import citation, label_of, labels_by_id
from api.answers.lists import Beside
from api.answers.paths import HopOut, PathList, PathOut, Searched
from api.answers.sources import source_facts
from api.answers.ties import tie_out
from api.missing import unknown_problem, unknown_values
from api.parameters import INFERRED, Commas, GraphRead
from api.request import RequestDep, SnapshotRoute, retrieval
from graph.citation import cite_record
from graph.model.fields import TieTypeName
from graph.model.path import CAUTION, Hop, Path, PathAnswer
from graph.ontology import ONTOLOGY
from graph.passages import passages
from graph.queries.paths import MAX_HOPS, MAX_PATHS, paths
from graph.queries.search import ReferenceKind
from graph.wording import plural_ids

_ENDS = "The id of an entity; a merged one stands for its canonical one."


class PathRead(GraphRead):
    """Between whom, and how far."""

    source: str = Field(alias="from", max_length=120, description=_ENDS, examples=["tiandy"])
    target: str = Field(alias="to", max_length=120, description=_ENDS, examples=["irgc"])
    max_hops: int = Field(4, ge=1, le=MAX_HOPS)
    k: int = Field(5, ge=1, le=MAX_PATHS, description="How many paths at most.")
    type: Annotated[list[TieTypeName], Commas] = Field(
        [], description="Only ties of these types; none given: all."
    )
    inferred: bool | None = Field(None, description=INFERRED)
    through: str | None = Field(None, max_length=120, description="An entity that is on each path.")


router = APIRouter(route_class=SnapshotRoute, tags=["graph"])
Labels = Mapping[str, str]


@router.get("/paths")
async def read_paths(request: RequestDep, params: Annotated[PathRead, Query()]) -> PathList:
    """Find the best paths between two entities: by status, then accounts, then fewer hops.

    None found answers 200 with no path and with what was searched.
    """
    async with request.services.costly_slots.acquire():
        answer = await paths(
            request,
            params.source,
            params.target,
            max_hops=params.max_hops,
            most=params.k,
            types=params.type,
            through=params.through,
            moment=params.moment,
            reading=params.inferred,
        )
    if answer.unknown:
        ends = {"from": params.source, "to": params.target, "through": params.through}
        values: list[tuple[str, ReferenceKind, str]] = [
            (name, "entity", i) for name, i in ends.items() if i in answer.unknown
        ]
        raise unknown_problem(await unknown_values(request, values))
    names = {**answer.names, **{i: entity.label for i, entity in answer.entities.items()}}
    labels = labels_by_id(await request.labels(names, params), answer.sources)
    quoted = passages(answer.claims.values(), answer.sources, request.texts)
    plurals = plural_ids(answer.entities)
    source, target = label_of(answer.start, labels), label_of(answer.end, labels)
    what = f"Paths from {source.label} to {target.label}"
    record = f"paths/{answer.start}/{answer.end}"
    return PathList(
        source=source,
        target=target,
        caution=CAUTION,
        results=[_path(path, labels, plurals) for path in answer.paths],
        total=len(answer.paths),
        searched=_searched(answer, params),
        jointly=list(answer.jointly),
        included=Beside(
            claims={i: claim_out(claim, labels, quoted) for i, claim in answer.claims.items()},
            sources={
                i: source_facts(source, request.holds_text(source))
                for i, source in answer.sources.items()
            },
        ),
        cite=citation(
            cite_record(
                what, record, retrieval(request, answer.claims.values()), answer.sources.values()
            )
        ),
        meta=request.meta(
            params, _notices(answer, params), {c.source for c in answer.claims.values()}
        ),
    )


def _notices(answer: PathAnswer, params: PathRead) -> list[str]:
    if answer.same:
        return ["Both ends are one entity: there is no path to look for."]
    if not answer.searched.complete:
        return ["The search met its bound: there may be better paths, and more."]
    if not answer.paths:
        return [f"No path of at most {params.max_hops} hops passes these filters."]
    return []


def _searched(answer: PathAnswer, params: PathRead) -> Searched:
    searched = answer.searched
    return Searched(
        entities=searched.entities,
        ties=searched.ties,
        max_hops=params.max_hops,
        complete=searched.complete,
    )


def _path(path: Path, labels: Labels, plurals: Collection[str]) -> PathOut:
    return PathOut(
        entities=[label_of(i, labels) for i in path.entities],
        status=ONTOLOGY.status_of(path.rank),
        independent=path.independent,
        hops=[_hop(hop, i == path.weakest, labels, plurals) for i, hop in enumerate(path.hops)],
    )


def _hop(hop: Hop, weakest: bool, labels: Labels, plurals: Collection[str]) -> HopOut:
    return HopOut(
        source=label_of(hop.source, labels),
        target=label_of(hop.target, labels),
        status=ONTOLOGY.status_of(hop.rank),
        independent=hop.independent,
        weakest=weakest,
        ties=[tie_out(tie, labels, plurals) for tie in hop.ties],
    )
