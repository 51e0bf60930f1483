"""Answers that can do more than hold facts: a tie, paths, a graph, and rows of a statement.

Each names the members of the API's answer that it works with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from pydantic import PrivateAttr

from sightlines.client import html
from sightlines.client.errors import warn_left_out
from sightlines.client.objects import JsonObject, Meta

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl


class NotebookAnswer(JsonObject):
    """An answer that a notebook shows as the API's own page, or else as a table."""

    meta: Meta
    #: None where no page shows just what was asked for.
    _view: html.PageView | None = PrivateAttr(None)

    def _table(self) -> str:
        """The same as a small table."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        framed = self._view.frame() if self._view else None
        return (framed or self._table()) + html.remarks(self.meta)

    def __str__(self) -> str:
        return repr(self)


class Tie(NotebookAnswer):
    """One tie with its docket."""

    sentence: str
    status: str
    disputed: bool
    independent: int
    affirmed_by: list[JsonObject]
    denied_by: list[JsonObject]

    def _table(self) -> str:
        statements = [("affirms", claim) for claim in self.affirmed_by]
        statements += [("denies", claim) for claim in self.denied_by]
        rows = [
            (who.source.label, how, who.modality, who.when, who.summary) for how, who in statements
        ]
        headings = ("source", "", "modality", "when", "summary")
        return html.paragraphs(repr(self)) + html.table(headings, rows)

    def __repr__(self) -> str:
        disputed = ", disputed" if self.disputed else ""
        return f"<{self.sentence}: {self.status}{disputed}, independent: {self.independent}>"


class Paths(NotebookAnswer):
    """The best paths between two entities."""

    results: list[JsonObject]
    total: int
    caution: str

    def _table(self) -> str:
        rows = [(_chain(path), path.status, path.independent) for path in self.results]
        headings = ("path", "weakest status", "fewest independent accounts")
        return html.table(headings, rows) + html.paragraphs(self.caution)

    def __repr__(self) -> str:
        chains = [f"  {_chain(path)}: {path.status}" for path in self.results]
        notes = [f"  {text}" for text in (self.caution, *self.meta.notices)]
        ends = f"{self.from_.label} and {self.to.label}"
        return "\n".join([f"<{self.total} paths between {ends}>", *chains, *notes])


def _chain(path: JsonObject) -> str:
    return " – ".join(entity.label for entity in path.entities)


class Graph(NotebookAnswer):
    """Ties and their ends."""

    nodes: list[JsonObject]
    edges: list[JsonObject]
    #: Whether there are more ties than these.
    _cut: bool = PrivateAttr(False)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return a MultiDiGraph: nodes are ids, the keys of edges are types of ties.

        All that the API says of a node or an edge is an attribute of it; days are text, lists texts
        with spaces between, and what is not known is left out, so that NetworkX can write the graph
        in each of its formats. Warns with `LeftOut` where the graph is a part of what the question
        meets.
        """
        import networkx as nx

        warn_left_out(self.meta.notices, self._cut)
        content = self.model_dump(exclude={"meta"})
        for part in ("nodes", "edges"):
            content[part] = [_attributes(record) for record in content[part]]
        return cast("nx.MultiDiGraph[str]", nx.node_link_graph(content, edges="edges"))

    def _table(self) -> str:
        rows = [(edge.sentence, edge.status, edge.independent) for edge in self.edges]
        return html.table(("tie", "status", "independent"), rows)

    def __repr__(self) -> str:
        notes = "".join(f"\n  {notice}" for notice in self.meta.notices)
        return f"<{len(self.nodes)} entities, {len(self.edges)} ties>{notes}"


def _attributes(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a node or an edge as GraphML, GEXF and GML take them."""
    return {name: _attribute(value) for name, value in record.items() if value is not None}


def _attribute(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


class Rows(JsonObject):
    """The rows of a statement."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool
    meta: Meta

    def records(self) -> list[dict[str, Any]]:
        """Return each row by the names of its columns."""
        warn_left_out(self.meta.notices, self.truncated)
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a frame. Warns with `LeftOut` where there are more."""
        import pandas as pd

        warn_left_out(self.meta.notices, self.truncated)
        return pd.DataFrame(self.rows, columns=self.columns)

    def to_polars(self) -> pl.DataFrame:
        """Return the rows as a frame. Warns with `LeftOut` where there are more."""
        import polars as pl

        warn_left_out(self.meta.notices, self.truncated)
        return pl.DataFrame(
            self.rows, schema=self.columns, orient="row", infer_schema_length=None, strict=False
        )

    def _repr_html_(self) -> str:
        return html.table(self.columns, self.rows) + html.remarks(self.meta)

    def __repr__(self) -> str:
        return f"<{len(self.rows)} rows: {', '.join(self.columns)}>"
