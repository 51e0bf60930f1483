"""Graphs in node-link form: the ties that pass filters, and what is around an entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api import lists
from api.answers.common import Links, Meta
from api.answers.graphs import GraphOut, NodeOut, edge_out
from api.http.public_address import address
from api.include import documents, ends
from api.lists import as_json, refuse_others
from api.missing import missing, unknown_notices
from api.parameters import INFERRED, Commas, GraphRead
from api.request import RequestDep, SnapshotRoute
from api.routes.entities import EntityId
from api.routes.ties import Ties
from graph.model.fields import StatusName, TieTypeName
from graph.queries import tie_lists
from graph.queries.lists import ListPage
from graph.queries.neighbourhood import Node, neighbourhood, nodes
from graph.queries.tie_lists import TieFilters, TieRow


class TieGraphParams(Ties):
    """The parameters of `/graph`."""

    limit: int = Field(500, ge=1, le=5_000, description="Edges; the strongest stay.")


class NeighbourhoodParams(GraphRead):
    """The parameters of `/entities/{id}/neighbourhood`."""

    depth: int = Field(1, ge=1, le=3, description="Hops.")
    limit: int = Field(
        150, ge=1, le=500, description="Nodes; nearer ones stay, then the stronger tied."
    )
    type: Annotated[list[TieTypeName], Commas] = Field([])
    status: Annotated[list[StatusName], Commas] = Field([], description="At the moment asked for.")
    inferred: bool | None = Field(None, description=INFERRED)

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return TieFilters(
            types=self.type,
            statuses=self.status,
            inferred=[] if self.inferred is None else [self.inferred],
            moment=self.moment,
        )


router = APIRouter(route_class=SnapshotRoute, tags=["graph"])
NODE_LINK = [".json", ".graph.json"]


@as_json(router, "/graph", ".graph.json", response_model=GraphOut)
async def read_graph(request: RequestDep, params: Annotated[TieGraphParams, Query()]) -> Response:
    """Read the ties that pass filters, the strongest of them, as a graph."""
    page = await tie_lists.ties(request, params.filters, limit=params.limit)
    labels = ends(page.items)
    tie_ends = await request.ask(nodes(sorted(labels), params.moment))
    notices = await unknown_notices(request, params, page.total)
    notices += lists.time_notices(page, params)
    if page.total > len(page.items):
        notices.append(
            f"{page.total - len(page.items):,} weaker ties are left out; limit gets up to 5,000."
        )
    names = await request.labels(labels, params)
    meta = request.meta(params, notices, await documents(request, page.items))
    return lists.send(request, graph_out(request.snapshot, None, tie_ends, page.items, names, meta))


@as_json(router, "/entities/{entity_id}/neighbourhood", ".graph.json", response_model=GraphOut)
async def read_neighbourhood(
    entity_id: EntityId, request: RequestDep, params: Annotated[NeighbourhoodParams, Query()]
) -> Response:
    """Read an entity with those around it, and all ties between them, as a graph."""
    around = await neighbourhood(
        request, entity_id, params.filters, depth=params.depth, limit=params.limit
    )
    if around is None:
        raise await missing(request, "entity", entity_id)
    notices = _possibly(around.ties, params)
    if around.left_out:
        notices.append(
            f"{around.left_out:,} entities within {params.depth} hops are left out, the farther "
            "and the weaker tied ones; limit gets up to 500."
        )
    names = await request.labels({node.id: node.label for node in around.nodes}, params)
    meta = request.meta(params, notices, await documents(request, around.ties))
    return lists.send(
        request, graph_out(request.snapshot, around.focus, around.nodes, around.ties, names, meta)
    )


for _path in ("/graph", "/entities/{entity_id}/neighbourhood"):
    refuse_others(router, _path, NODE_LINK)


def _possibly(ties: Sequence[TieRow], params: GraphRead) -> list[str]:
    possibly = [tie for tie in ties if tie.match == "possibly"]
    undated = sum(tie.first is None and tie.last is None for tie in possibly)
    return lists.time_notices(ListPage((), None, len(ties), len(possibly), undated), params)


def graph_out(
    snapshot: str | None,
    focus: str | None,
    nodes: Sequence[Node],
    ties: Sequence[TieRow],
    labels: Mapping[str, str],
    meta: Meta,
) -> GraphOut:
    """Return nodes and ties in node-link form; `labels` go before those of the rows."""
    counts = Counter(end for tie in ties for end in (tie.source, tie.target))
    return GraphOut(
        graph={"snapshot": snapshot, "focus": focus},
        nodes=[
            NodeOut(
                id=node.id,
                type=node.type,
                label=labels.get(node.id, node.label),
                degree=node.degree,
                shown=counts[node.id],
                links=Links(
                    self=address(f"/v1/entities/{node.id}"), page=address(f"/entity/{node.id}")
                ),
            )
            for node in nodes
        ],
        edges=[edge_out(tie, labels) for tie in ties],
        meta=meta,
    )
