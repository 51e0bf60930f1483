"""The page for Cypher queries: an editor, the rows, and pictures of what is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from graph.language import count, gettext, mark
from graph.model import TieKey
from graph.ontology import ONTOLOGY, claim_label
from graph.properties import Property, edges, properties
from viz.editor import Editor
from viz.frame import Frame
from viz.links import Links, TableFiles
from viz.page import content_page, draw
from viz.row_picture import RowPicture, record_page
from viz.view import GraphView, Ref

TITLE = mark("Query in Cypher")
LEAD = mark(
    "Run read-only queries. Rows appear as a table; what is in them is drawn, connections with "
    "their claims."
)
#: The id of a tie in a text.
_TIE = re.compile(r"([a-z0-9-]+)/([A-Z_]+)/([a-z0-9-]+)")


@dataclass(frozen=True)
class CypherContent:
    """A query and its rows as plain JSON, or the `problem` that it met, with its line and column.

    `warnings` are what the server remarks, `plan` is that of EXPLAIN or PROFILE, `seconds` is how
    long the answer took. `editor` takes the place of the text field. `labels` are the labels of
    records, by ids that stand in the rows. `example_statements` are titles and statements.
    """

    links: Links
    statement: str = ""
    parameters: str = ""
    columns: Sequence[str] = ()
    values: Sequence[Sequence[Any]] = ()
    notices: Sequence[str] = ()
    problem: str | None = None
    place: tuple[int, int] | None = None
    warnings: Sequence[str] = ()
    plan: Mapping[str, Any] | None = None
    seconds: float | None = None
    picture: RowPicture | None = None
    editor: Editor | None = None
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    example_statements: Sequence[tuple[str, str]] = ()

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
    def rows(self) -> list[list[list[Ref]]]:
        """The cells as texts, one for each item of a list; records link to their page."""
        return [[list(self._items(value)) for value in row] for row in self.values]

    def _items(self, value: Any) -> Iterator[Ref]:
        if isinstance(value, list) and any(isinstance(i, dict | str) for i in value):
            for item in value:
                yield self._ref(item)
        else:
            yield self._ref(value)

    def _ref(self, value: Any) -> Ref:
        ref = _cell(value, self.links)
        if not isinstance(value, str):
            return ref
        if value in self.labels:
            return Ref(value, record_page(value, self.labels[value], self.links))
        match = _TIE.fullmatch(value)
        if match and match[2] in ONTOLOGY.tie_types:
            return Ref(value, self.links.tie(TieKey(match[1], match[2], match[3])))
        return ref

    @property
    def schema(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The names of the graph by kind, each with what it means."""
        return schema_names()

    @property
    def count(self) -> str:
        """The number of rows, in words."""
        return count(len(self.values), "%(num)s row.", "%(num)s rows.")

    @property
    def json(self) -> str:
        """The address of the same answer as data, with its evidence."""
        return f"{self.links.base}v1/cypher?{urlencode({**self._question, 'expand': 'evidence'})}"

    @property
    def table(self) -> TableFiles | None:
        """The addresses of all rows as a table."""
        return self.links.table("cypher", self._question.items())

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
    frame = Frame(answer.links, gettext(TITLE), gettext(LEAD), here="cypher")
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
            return Ref(text, record_page(record_id, labels, links))
        case {
            "from": str(start),
            "type": str(kind),
            "to": str(end),
            "properties": dict(properties),
        }:
            if "claim_ids" not in properties:  # of a claim, whose id says nothing here
                return Ref(f"{kind} {end}")
            return Ref(f"{start} {kind} {end}", links.tie(TieKey(start, kind, end)))
    return Ref(json.dumps(value, ensure_ascii=False))


def schema_names() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the labels, the types of edges and the properties, by kind, with their meanings."""
    own, ties = properties(), ONTOLOGY.tie_types
    roles = dict.fromkeys(e.type for e in edges() if e.kind == "role")
    others = dict.fromkeys(e.type for e in edges() if e.kind not in ("role", "tie"))
    kinds = {e.type: e.kind for e in edges()}
    return [
        (
            gettext("Entities"),
            [("Entity", gettext(own.nodes["Entity"].help)), *_helps(ONTOLOGY.types)],
        ),
        (
            gettext("Claims"),
            [
                ("Claim", gettext(own.nodes["Claim"].help)),
                *((claim_label(name), gettext(p.help)) for name, p in ONTOLOGY.predicates.items()),
            ],
        ),
        (
            gettext("Sources and loads"),
            [(n, gettext(own.nodes[n].help)) for n in own.nodes if n not in _FIRST],
        ),
        (gettext("Ties"), [(name, tie.label) for name, tie in ties.items()]),
        (
            gettext("Roles of claims"),
            [(name, gettext("From a claim to who has the role.")) for name in roles],
        ),
        (gettext("Other edges"), [(name, gettext(own.edges[kinds[name]].help)) for name in others]),
        *(
            (title, _meanings(by_name))
            for title, by_name in (
                (gettext("Properties of entities"), own.of_node("Entity")),
                (gettext("Properties of claims"), own.of_node("Claim")),
                (gettext("Properties of sources"), own.of_node("Source")),
                (gettext("Properties of ties"), own.of_edge("tie")),
            )
        ),
    ]


_FIRST = ("Entity", "Claim")


def _helps(by_name: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, gettext(item.help)) for name, item in by_name.items()]


def _meanings(by_name: Mapping[str, Property]) -> list[tuple[str, str]]:
    return [(name, f"{p.type}. {gettext(p.help)}") for name, p in by_name.items()]
