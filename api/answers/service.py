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
