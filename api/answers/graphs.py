"""Graphs as NetworkX reads them: `node_link_graph(answer)` gives a MultiDiGraph."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.answers.common import Answer, Labels, Links, Match, Meta
from api.answers.ties import tie_fields
from graph.model.fields import StatusName, TypeName
from graph.queries.tie_lists import TieRow
from graph.wording import sentence


class NodeOut(Answer):
    """An entity in a graph."""

    id: str
    type: TypeName
    label: str
    degree: int = Field(description="How many ties it has at that moment, shown or not.")
    shown: int = Field(description="How many of them are edges here.")
    links: Links


class EdgeOut(Answer):
    """A tie in a graph; `key` is its type."""

    source: str
    target: str
    key: str
    type: str
    sentence: str
    status: StatusName
    disputed: bool
    independent: int
    inferred: list[str]
    intermediary: bool
    symmetric: bool
    speaker_inferred: bool
    when: str
    date_inferred: bool
    first: date | None
    last: date | None
    match: Match
    claim_ids: list[str]
    basis_ids: list[str]
    denial_ids: list[str]
    past: bool
    links: Links


class GraphOut(Answer):
    """Ties and their ends in node-link form."""

    directed: Literal[True] = True
    multigraph: Literal[True] = True
    graph: dict[str, Any] = Field(description="The snapshot, and the entity in the middle, if any.")
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    meta: Meta


def edge_out(row: TieRow, labels: Labels) -> EdgeOut:
    """Return a tie of a graph as the API shows it; `labels` go before those of the row."""
    source = labels.get(row.source, row.source_label)
    target = labels.get(row.target, row.target_label)
    words = sentence(row, source, target, plural=row.source_plural)
    fields = tie_fields(row, words)
    return EdgeOut(source=row.source, target=row.target, key=row.type, **fields)
