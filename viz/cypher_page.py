"""The page for Cypher queries: an editor, the rows, and a picture of the ties in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from graph.model import TieKey
from viz.frame import Frame
from viz.links import Links
from viz.page import content_page, draw
from viz.view import GraphView, Ref

TITLE = "Query in Cypher"
LEAD = (
    "Run read-only queries. Rows appear as a table; connections among them are drawn, each with "
    "its claims."
)


@dataclass(frozen=True)
class CypherContent:
    """A query and its rows as plain JSON, or the `problem` that it met.

    `example_statements` are titles and statements.
    """

    links: Links
    statement: str = ""
    parameters: str = ""
    columns: Sequence[str] = ()
    values: Sequence[Sequence[Any]] = ()
    notices: Sequence[str] = ()
    problem: str | None = None
    example_statements: Sequence[tuple[str, str]] = ()
    title: str = TITLE
    lead: str = LEAD

    @property
    def page(self) -> str:
        """The address of the page."""
        return self.links.cypher or ""

    @property
    def examples(self) -> list[tuple[str, str]]:
        """Titles, and the addresses that run them."""
        return [
            (title, f"{self.page}?{urlencode({'statement': statement})}")
            for title, statement in self.example_statements
        ]

    @property
    def lines(self) -> int:
        """The height of the editor, in lines."""
        return min(max(self.statement.count("\n") + 2, 5), 20)

    @property
    def rows(self) -> list[list[Ref]]:
        """The cells as text, records with a link to their page."""
        return [[_cell(value, self.links) for value in row] for row in self.values]

    @property
    def count(self) -> str:
        """The number of rows, in words."""
        return "1 row." if len(self.values) == 1 else f"{len(self.values):,} rows."

    @property
    def json(self) -> str:
        """The address of the same answer as data, with its evidence."""
        return f"{self.links.base}v1/cypher?{urlencode({**self._question, 'expand': 'evidence'})}"

    @property
    def csv(self) -> str:
        """The address of all rows as a table."""
        return f"{self.links.base}v1/cypher.csv?{urlencode(self._question)}"

    @property
    def _question(self) -> dict[str, str]:
        parameters = {"parameters": self.parameters} if self.parameters else {}
        return {"statement": self.statement, **parameters}


@dataclass(frozen=True)
class CypherView(GraphView):
    """A graph page of the ties in an answer."""

    answer: CypherContent
    here: str = field(default="cypher", kw_only=True)


def cypher_page(answer: CypherContent) -> str:
    """Return the page with the editor and the rows, without a picture."""
    frame = Frame(answer.links, answer.title, answer.lead, here="cypher")
    return content_page("cypher.html", frame, answer=answer)


def cypher_graph_page(view: CypherView) -> str:
    """Return the page with the editor, the picture and the rows."""
    return draw(view, "cypher_graph.html")


def _cell(value: Any, links: Links) -> Ref:
    match value:
        case None:
            return Ref("")
        case str():
            return Ref(value)
        case {"id": str(record_id), "labels": list(labels), "properties": dict(properties)}:
            names = (properties.get(key) for key in ("name", "title", "summary"))
            text = next((str(name) for name in names if name), record_id)
            return Ref(text, _record(record_id, labels, links))
        case {
            "from": str(start),
            "type": str(kind),
            "to": str(end),
            "properties": dict(properties),
        }:
            key = TieKey(start, kind, end)
            return Ref(
                f"{start} {kind} {end}", links.tie(key) if "claim_ids" in properties else None
            )
        case list() if any(isinstance(item, dict) for item in value):
            return Ref(", ".join(_cell(item, links).text for item in value))
    return Ref(json.dumps(value, ensure_ascii=False))


def _record(record_id: str, labels: list[Any], links: Links) -> str | None:
    if "Entity" in labels:
        return links.entity(record_id)
    if "Claim" in labels:
        return links.claim_record(record_id)
    return links.source(record_id) if "Source" in labels else None
