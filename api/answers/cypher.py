"""Answers to statements."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.answers.claims import ClaimOut
from api.answers.common import Answer, Meta
from api.answers.sources import SourceFacts
from api.answers.ties import TieOut


class Remark(Answer):
    """What the server remarks on a statement; line and column count from 1."""

    code: str = Field(examples=["01N50"])
    severity: str
    classification: str
    description: str
    line: int | None
    column: int | None


class PlanStep(Answer):
    """An operator of the plan, and those that feed it."""

    operator: str = Field(examples=["NodeByLabelScan"])
    details: str
    estimated_rows: float | None
    rows: int | None = Field(description="Counted by PROFILE; null with EXPLAIN.")
    db_hits: int | None = Field(description="Counted by PROFILE; null with EXPLAIN.")
    children: list[PlanStep]


class Included(Answer):
    """The evidence of rows, by the ids that the rows name."""

    ties: dict[str, TieOut] = Field(description="By from/TYPE/to.")
    claims: dict[str, ClaimOut]
    sources: dict[str, SourceFacts]


class CypherMeta(Meta):
    """What the answer is a function of, and which columns carry no evidence."""

    without_evidence: list[str] | None = Field(
        None, description="Columns without a tie, a claim or a source; null unless asked for."
    )


class CypherAnswer(Answer):
    """The rows of a statement: each is a list, in the order of the columns."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool = Field(description="Whether rows were left out; a notice says why.")
    counters: dict[str, int] = Field(
        {}, description="What the statement changed: nothing, ever. For readers that expect it."
    )
    notifications: list[Remark]
    plan: PlanStep | None = Field(
        None, description="Of a statement that begins with EXPLAIN, which is not run, or PROFILE."
    )
    included: Included | None = None
    meta: CypherMeta


class NodeLink(Answer):
    """The nodes and edges that rows hold, as NetworkX reads them (`node_link_graph`)."""

    directed: Literal[True] = True
    multigraph: Literal[True] = True
    graph: dict[str, Any]
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    truncated: bool
    notifications: list[Remark]
    included: Included | None = None
    meta: CypherMeta
