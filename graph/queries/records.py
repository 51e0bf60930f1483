"""Claims, sources and snapshots by their ids, and what the store says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from graph.model import Claim, Source
from graph.queries.parts import EVIDENCE, Found, claims_of, names_of, sources_of
from graph.question import Question, Row


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with the sources of its chain, the labels of its entities, and what came of it."""

    claim: Claim
    sources: dict[str, Source]
    names: dict[str, str]
    superseded_by: str | None


def claim(claim_id: str) -> Question[ClaimCard | None]:
    """Ask for one claim, live or not; None if there is no such id."""
    cypher: LiteralString = (
        "MATCH (c:Claim {id: $id}) WITH c, [c] AS claims "
        + EVIDENCE
        + "RETURN claim_maps, sources, names, head(COLLECT { MATCH (c)<-[:SUPERSEDES]-(n:Claim) "
        "WHERE n.retracted_on IS NULL RETURN n.id ORDER BY n.id }) AS superseded_by"
    )

    def read(rows: Sequence[Row]) -> ClaimCard | None:
        if not rows:
            return None
        row = rows[0]
        return ClaimCard(
            claim=claims_of(row["claim_maps"])[claim_id],
            sources=sources_of(row["sources"]),
            names=names_of(row["names"]),
            superseded_by=row["superseded_by"],
        )

    return Question(cypher, read, {"id": claim_id})


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source with the ids of its claims by predicate, and of the claims that only cite it."""

    source: Source
    claims: dict[str, list[str]]
    cited_by: tuple[str, ...]


def source(source_id: str) -> Question[SourceCard | None]:
    """Ask for one source; None if there is no such id."""
    return Question(
        "MATCH (s:Source {id: $id}) "
        "CALL (s) { OPTIONAL MATCH (c:Claim)-[:FROM]->(s) WITH c ORDER BY c.id "
        "RETURN collect([c.predicate, c.id]) AS claims } "
        "CALL (s) { OPTIONAL MATCH (c:Claim)-[r:SAID_BY]->(s) WHERE r.position > 0 "
        "WITH DISTINCT c ORDER BY c.id RETURN collect(c.id) AS cited_by } "
        "RETURN properties(s) AS source, claims, cited_by",
        _read_source,
        {"id": source_id},
    )


def _read_source(rows: Sequence[Row]) -> SourceCard | None:
    if not rows:
        return None
    by_predicate: dict[str, list[str]] = {}
    for predicate, claim_id in rows[0]["claims"]:
        if claim_id is not None:
            by_predicate.setdefault(predicate, []).append(claim_id)
    (found,) = sources_of([rows[0]["source"]]).values()
    return SourceCard(found, dict(sorted(by_predicate.items())), tuple(rows[0]["cited_by"]))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One completed load: what was loaded, when it was complete (UTC), and how much it was."""

    id: str
    data_set: str
    completed_on: datetime
    ontology: str
    counts: dict[str, int]


_COUNTED = ("sources", "entities", "claims", "judgements", "ties")


def snapshots(limit: int = 50) -> Question[Found[Snapshot]]:
    """Ask for the snapshots, the newest first: the first one is the current one."""

    def read(rows: Sequence[Row]) -> Found[Snapshot]:
        found = tuple(_snapshot(row) for row in rows[0]["page"])
        return Found(found, rows[0]["total"], rows[0]["total"] > len(found))

    return Question(
        "RETURN COUNT { MATCH (n:Snapshot) } AS total, COLLECT { MATCH (n:Snapshot) "
        "WITH n ORDER BY n.sequence DESC LIMIT $limit RETURN properties(n) } AS page",
        read,
        {"limit": limit},
    )


def _snapshot(row: Row) -> Snapshot:
    return Snapshot(
        id=row["id"],
        data_set=row["data_set"],
        completed_on=row["completed_on"].to_native(),
        ontology=row["ontology"],
        counts={name: row[name] for name in _COUNTED},
    )
