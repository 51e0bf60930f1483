"""What a request may ask: one model a route, each inheriting what all graph reads share.

A second query model, or a loose `Query` beside one, would make every request 422: FastAPI checks
each model against all parameters. So a route names exactly one.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from graph.dates import parse_day
from graph.errors import BadDate
from graph.model.fields import StatusName, TypeName
from graph.ontology import ONTOLOGY
from graph.queries.ties import Moment


def _day(value: object) -> object:
    try:
        return parse_day(value) if isinstance(value, str) else value
    except BadDate as error:
        raise PydanticCustomError("date", "{reason}", {"reason": error.reason}) from error


Day = Annotated[date, BeforeValidator(_day)]
if TYPE_CHECKING:
    TieTypeName = str
else:
    TieTypeName = Literal[tuple(ONTOLOGY.tie_types)]


class Nothing(BaseModel):
    """A route that takes no parameter refuses every one."""

    model_config = ConfigDict(extra="forbid")


class Read(Nothing):
    """What every read of the graph takes."""

    seen_in: str | None = Field(
        None,
        pattern="^[0-9a-f]{32}$",
        description="The snapshot that a link was made from; the answer is today's, and says so.",
    )


class GraphRead(Read):
    """The three parameters of time (api.md, section 2)."""

    as_of: Day | None = Field(None, description="The world at the end of that day: 2015, 2015-03.")
    known_by: Day | None = Field(None, description="Only claims whose source was out by then.")
    certain: bool = Field(False, description="Leave out what only possibly held or was known.")

    @property
    def moment(self) -> Moment:
        """The three of them as one value."""
        return Moment(self.as_of, self.known_by, self.certain)


class EntityList(Read):
    """The parameters of `/entities`."""

    q: str | None = Field(None, min_length=1, max_length=200, description="Plain words of a name.")
    type: list[TypeName] = []
    limit: int = Field(50, ge=0, le=500)
    cursor: str | None = Field(None, max_length=1_000)


class TieList(GraphRead):
    """The parameters of `/entities/{id}/ties`."""

    direction: Literal["out", "in", "both"] = "both"
    type: list[TieTypeName] = []
    status: list[StatusName] = []
    min_origins: int = Field(0, ge=0)
    limit: int = Field(50, ge=0, le=500)
    cursor: str | None = Field(None, max_length=1_000)


class ClaimRead(Read):
    """The parameters of `/claims/{id}`."""

    retracted: Literal["exclude", "include"] = Field(
        "exclude", description="`include` shows a claim that was withdrawn or superseded."
    )


class SnapshotList(Read):
    """The parameters of `/snapshots`."""

    limit: int = Field(50, ge=1, le=500)


class CypherBounds(GraphRead):
    """What all ways to ask in Cypher share; the time parameters are handed to the statement."""

    statement: str = Field(
        description="One Cypher statement that only reads; 10,000 bytes at most.",
        examples=["MATCH (c:Company)-[r:SUPPLIES]->(s:State) RETURN c.name, s.name LIMIT 10"],
    )
    timeout_ms: int = Field(5_000, ge=100, le=30_000, description="From start to end.")


class CypherShape(CypherBounds):
    """What an answer in JSON may be."""

    max_rows: int = Field(1_000, ge=1, le=10_000)
    typed: bool = Field(False, description="Wrap each value as `$type` and `_value`.")
    expand: Literal["evidence"] | None = Field(
        None, description="Bring the ties, claims and sources that the rows hold."
    )
    shape: Literal["rows", "graph"] = Field(
        "rows", description="`graph`: the nodes and edges that the rows hold, as node-link JSON."
    )


_IN_ADDRESS = Field("{}", description="A JSON object; whole numbers stay whole.")


class CypherRead(CypherShape):
    """The parameters of `/cypher` in an address."""

    parameters: str = _IN_ADDRESS


class CypherAsked(CypherShape):
    """The same in a body."""

    parameters: dict[str, Any] = {}


class CypherFile(CypherBounds):
    """What a file of rows may be."""

    max_rows: int | None = Field(
        None, ge=1, le=200_000, description="None: all rows, and a problem if there are too many."
    )


class CypherCsv(CypherFile):
    """What a table for a spreadsheet may be."""

    excel: bool = Field(False, description="Add a BOM and disarm cells that start with = + - @.")


class CypherCsvRead(CypherCsv):
    """The parameters of `/cypher.csv` in an address."""

    parameters: str = _IN_ADDRESS


class CypherCsvAsked(CypherCsv):
    """The same in a body."""

    parameters: dict[str, Any] = {}


class CypherJsonlRead(CypherFile):
    """The parameters of `/cypher.jsonl` in an address."""

    parameters: str = _IN_ADDRESS


class CypherJsonlAsked(CypherFile):
    """The same in a body."""

    parameters: dict[str, Any] = {}


def refuse_repeated(request: Request) -> None:
    """Refuse a single-valued parameter that is given twice: otherwise the last one would win."""
    lists = set()
    for parameter in getattr(request.scope["route"], "dependant").query_params:  # noqa: B009
        fields = getattr(parameter.field_info.annotation, "model_fields", {})
        lists |= {name for name, f in fields.items() if get_origin(f.annotation) is list}
    counts = Counter(name for name, _ in request.query_params.multi_items())
    twice = [name for name, count in counts.items() if count > 1 and name not in lists]
    if twice:
        raise RequestValidationError(
            [
                {"type": "repeated", "loc": ("query", n), "msg": "Give it once", "input": None}
                for n in twice
            ]
        )
