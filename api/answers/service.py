"""The loads, the ontology, and how the service is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.answers.common import Answer, Meta, SnapshotRef
from graph.queries.records import Snapshot


class SnapshotOut(SnapshotRef):
    """A completed load."""

    ontology: str = Field(description="SHA-256 of the ontology that it was loaded with.")
    datasets: list[str] = Field(description="The ids of the data sets that the store held.")
    counts: dict[str, int]


class FileOut(Answer):
    """A whole table of a snapshot as a file; nulls where it is made when somebody asks for it."""

    name: str = Field(examples=["ties.csv"])
    link: str
    rows: int | None
    size: int | None = Field(description="Bytes.")
    sha256: str | None


class SnapshotRecord(SnapshotOut):
    """One load, with its files."""

    current: bool = Field(description="Whether answers are made from it.")
    files: list[FileOut]
    meta: Meta


class OntologyRecord(Answer):
    """Types, predicates, roles and vocabularies: what a client needs to build a form."""

    ontology: dict[str, Any]
    digest: str


class PropertyType(Answer):
    """A property and its type in APOC's words."""

    property: str
    type: str = Field(examples=["LIST"])


class EdgePattern(Answer):
    """An edge between two labels."""

    start: str
    type: str
    end: str


class SchemaMetadata(Answer):
    """Constraints and indexes: `SHOW INDEXES` and docs/graph.md tell them."""

    constraint: list[str]
    index: list[str]


class SchemaRecord(Answer):
    """The graph in the form that text-to-Cypher tools take as its schema."""

    node_props: dict[str, list[PropertyType]] = Field(description="By label.")
    rel_props: dict[str, list[PropertyType]] = Field(description="By type of edge.")
    relationships: list[EdgePattern]
    metadata: SchemaMetadata


class Health(Answer):
    """That the process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(Answer):
    """Whether the API can answer questions, and from which snapshot."""

    ready: bool
    snapshot: SnapshotRef | None
    loading: bool


def snapshot_out(snapshot: Snapshot) -> SnapshotOut:
    """Return a snapshot as the API shows it."""
    return SnapshotOut(
        id=snapshot.id,
        completed_on=snapshot.completed_on,
        ontology=snapshot.ontology,
        datasets=list(snapshot.datasets),
        counts=snapshot.counts,
    )
