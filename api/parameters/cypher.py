"""The parameters of statements."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.parameters.common import GraphRead


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

    parameters: dict[str, Any] = Field({})


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

    parameters: dict[str, Any] = Field({})


class CypherJsonlRead(CypherFile):
    """The parameters of `/cypher.jsonl` in an address."""

    parameters: str = _IN_ADDRESS


class CypherJsonlAsked(CypherFile):
    """The same in a body."""

    parameters: dict[str, Any] = Field({})
