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
from api.include import ends
from api.lists import as_json, refuse_others
from api.not_found import entity_missing
from api.parameters import (
    GraphRead,
)
from api.request import Ask
from api.routes.entities import EntityId
from api.routes.ties import Ties
from graph.model.fields import StatusName, TieTypeName
from graph.queries import tie_graphs, tie_lists
from graph.queries.lists import Listed
from graph.queries.tie_graphs import Node
from graph.queries.tie_lists import TieFilters, TieRow


class TieGraph(Ties):
    """The parameters of `/graph`."""

    limit: int = Field(500, ge=1, le=5_000, description="Edges; the strongest stay.")


class Neighbourhood(GraphRead):
    """The parameters of `/entities/{id}/neighbourhood`."""

    depth: int = Field(1, ge=1, le=3, description="Hops.")
    limit: int = Field(
        150, ge=1, le=500, description="Nodes; nearer ones stay, then the stronger tied."
    )
    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([], description="At the moment asked for.")


router = APIRouter(tags=["graph"])
NODE_LINK = [".json", ".graph.json"]


@as_json(router, "/graph", ".graph.json", response_model=GraphOut)
async def read_graph(ask: Ask, asked: Annotated[TieGraph, Query()]) -> Response:
    """Read the ties that pass filters, the strongest of them, as a graph."""
    found = await ask.ask(tie_lists.ties(asked.filters, limit=asked.limit))
    labels = ends(found.items)
    nodes = await ask.ask(tie_graphs.nodes(sorted(labels), asked.moment))
    said = lists.notices(found, asked)
    if found.total > len(found.items):
        said.append(
            f"{found.total - len(found.items):,} weaker ties are left out; limit gets up to 5,000."
        )
    names = await ask.labels(labels, asked)
    meta = ask.meta(asked, said)
    return lists.send(ask, graph_out(ask.snapshot, None, nodes, found.items, names, meta))


@as_json(router, "/entities/{entity_id}/neighbourhood", ".graph.json", response_model=GraphOut)
async def read_neighbourhood(
    entity_id: EntityId, ask: Ask, asked: Annotated[Neighbourhood, Query()]
) -> Response:
    """Read an entity with those around it, and all ties between them, as a graph."""
    filters = TieFilters(types=asked.type, statuses=asked.status, moment=asked.moment)
    found = await ask.ask(tie_graphs.around(entity_id, asked.depth, asked.limit, filters))
    if found is None:
        raise await entity_missing(ask, entity_id)
    said = _possibly(found.ties, asked)
    if found.left_out:
        said.append(
            f"{found.left_out:,} entities within {asked.depth} hops are left out, the farther and "
            "the weaker tied ones; limit gets up to 500."
        )
    names = await ask.labels({node.id: node.label for node in found.nodes}, asked)
    meta = ask.meta(asked, said)
    return lists.send(
        ask, graph_out(ask.snapshot, found.focus, found.nodes, found.ties, names, meta)
    )


for _path in ("/graph", "/entities/{entity_id}/neighbourhood"):
    refuse_others(router, _path, NODE_LINK)


def _possibly(ties: Sequence[TieRow], asked: GraphRead) -> list[str]:
    possibly = [tie for tie in ties if tie.match == "possibly"]
    undated = sum(tie.first is None and tie.last is None for tie in possibly)
    return lists.notices(Listed((), len(ties), None, len(possibly), undated), asked)


def graph_out(
    snapshot: str | None,
    focus: str | None,
    nodes: Sequence[Node],
    ties: Sequence[TieRow],
    labels: Mapping[str, str],
    meta: Meta,
) -> GraphOut:
    """Return nodes and ties in node-link form; `labels` go before those of the rows."""
    shown = Counter(end for tie in ties for end in (tie.source, tie.target))
    return GraphOut(
        graph={"snapshot": snapshot, "focus": focus},
        nodes=[
            NodeOut(
                id=node.id,
                type=node.type,
                label=labels.get(node.id, node.label),
                degree=node.degree,
                shown=shown[node.id],
                links=Links(self=f"/v1/entities/{node.id}", page=f"/entity/{node.id}"),
            )
            for node in nodes
        ],
        edges=[edge_out(tie, labels) for tie in ties],
        meta=meta,
    )
