"""The loads, the ontology, and how the service is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.models.common import Answer, SnapshotRef


class SnapshotOut(SnapshotRef):
    """A completed load."""

    ontology: str = Field(description="SHA-256 of the ontology that it was loaded with.")
    counts: dict[str, int]


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
