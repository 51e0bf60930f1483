"""Snapshots, and which ids are records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.queries.clauses import call, lines
from graph.queries.lists import ListPage
from graph.question import Question, Row


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One completed load: when it was complete (UTC), what the store held, and how much it was.

    `datasets` are ids; snapshots of older versions have none.
    """

    id: str
    completed_on: datetime
    ontology: str
    datasets: tuple[str, ...]
    counts: dict[str, int]


_COUNTS = ("sources", "entities", "claims", "judgements", "ties")


def snapshots(limit: int = 50) -> Question[ListPage[Snapshot]]:
    """Ask for the newest snapshots, the newest first: the first one is the current one."""
    cypher = lines(
        "RETURN COUNT { MATCH (n:Snapshot WHERE n.ontology IS NOT NULL) } AS total, COLLECT {",
        "  MATCH (n:Snapshot WHERE n.ontology IS NOT NULL)",
        "  WITH n ORDER BY n.sequence DESC LIMIT $limit",
        "  RETURN properties(n)",
        "} AS page",
    )

    def read(rows: Sequence[Row]) -> ListPage[Snapshot]:
        page = tuple(_snapshot(row) for row in rows[0]["page"])
        return ListPage(page, None, rows[0]["total"])

    return Question(cypher, read, {"limit": limit})


def snapshot(snapshot_id: str) -> Question[Snapshot | None]:
    """Ask for one snapshot; None if there was no such load."""
    return Question(
        "MATCH (n:Snapshot {id: $id} WHERE n.ontology IS NOT NULL)\n"
        "RETURN properties(n) AS snapshot",
        lambda rows: _snapshot(rows[0]["snapshot"]) if rows else None,
        {"id": snapshot_id},
    )


#: The ids of the snapshots that held a data set which is no longer there.
WITH_REMOVED_SETS: Question[list[str]] = Question(
    "MATCH (n:Snapshot)\n"
    "WHERE any(id IN n.datasets WHERE NOT EXISTS { MATCH (:Dataset {id: id}) })\n"
    "RETURN n.id AS id ORDER BY id",
    lambda rows: [row["id"] for row in rows],
)


def existing(references: Iterable[str], searches: Iterable[str]) -> Question[frozenset[str]]:
    """Ask which of these are the id of an entity or a source, or the name of an entity.

    `searches` are queries of the full-text index of names: those that find somebody are returned.
    """
    cypher = lines(
        call(
            "",
            "UNWIND $references AS text",
            "WITH text WHERE EXISTS { MATCH (:Entity {id: text}) }",
            "  OR EXISTS { MATCH (:Source {id: text}) } OR EXISTS { MATCH (:Entity {name: text}) }",
            "RETURN collect(text) AS references",
        ),
        call(
            "",
            "UNWIND $searches AS text",
            "CALL db.index.fulltext.queryNodes('entity_names', text, {limit: 1}) YIELD node",
            "RETURN collect(DISTINCT text) AS searches",
        ),
        "RETURN references + searches AS texts",
    )
    return Question(
        cypher,
        lambda rows: frozenset(rows[0]["texts"]),
        {"references": sorted(references), "searches": sorted(searches)},
    )


def labels_of(ids: Iterable[str]) -> Question[dict[str, list[str]]]:
    """Ask which of these ids are records, and for their labels, by id."""
    return Question(
        """UNWIND $ids AS id
CALL (id) {
  MATCH (n:Entity {id: id}) RETURN n
  UNION MATCH (n:Source {id: id}) RETURN n
  UNION MATCH (n:Claim {id: id}) RETURN n
}
RETURN id, labels(n) AS labels""",
        lambda rows: {row["id"]: row["labels"] for row in rows},
        {"ids": sorted(ids)},
    )


def _snapshot(row: Row) -> Snapshot:
    return Snapshot(
        id=row["id"],
        completed_on=row["completed_on"].to_native(),
        ontology=row["ontology"],
        datasets=tuple(row.get("datasets") or ()),
        counts={name: row[name] for name in _COUNTS if name in row},
    )
