"""Writing rows: one function per kind, each writes a batch of changes in a transaction.

New records are created; changed ones are updated in place, so that their edges stay. The fields
behind a claim's id never change, but a speaker may turn from a source into an entity: the edges of
a changed claim are therefore deleted and created again.

Labels and types of new nodes and edges are passed as values (`$(…)`), so that one statement serves
a whole batch: one statement per predicate, role and tie type took the server half as long again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString, NamedTuple

from neo4j import ManagedTransaction, Transaction

from graph.ontology import claim_label, role_edge
from graph.store.schema import literal

AnyTransaction = Transaction | ManagedTransaction


#: In the place of a content hash: no load wrote what has the id of the row; or the record has the
#: hash of the row, and yet another content.
FOREIGN, DAMAGED = "foreign", "damaged"


class RowChange(NamedTuple):
    """A row to write; `old_hash` is the content hash in the store, None for a new record."""

    kind: str
    group: str
    id: str
    body: Any
    old_hash: str | None


Write = Callable[[AnyTransaction, Sequence[RowChange]], None]


def run(transaction: AnyTransaction, cypher: LiteralString, rows: Sequence[Any]) -> None:
    """Run a statement over a batch of rows, if there are any."""
    if rows:
        transaction.run(cypher, {"rows": rows}).consume()


def _split(changes: Sequence[RowChange]) -> tuple[list[Any], list[Any]]:
    """Return the bodies of new records, and those of changed ones."""
    new = [c.body for c in changes if c.old_hash is None]
    return new, [c.body for c in changes if c.old_hash is not None]


def write_datasets(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Write `(:Dataset)` nodes; what the end of a load has set stays."""
    run(
        transaction,
        "UNWIND $rows AS row MERGE (n:Dataset {id: row.id}) "
        "REMOVE n:$([name IN labels(n) WHERE name <> 'Dataset']) "
        "WITH n, row, n {.path, .files_sha256, .loaded_at} AS loaded SET n = row SET n += loaded",
        [c.body for c in changes],
    )


def write_sources(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Write `(:Source)` nodes with their edges to publishers and to what they are editions of."""
    new, old = _split(changes)
    run(transaction, "UNWIND $rows AS row CREATE (n:Source) SET n = row", new)
    run(
        transaction,
        "UNWIND $rows AS row MATCH (n:Source {id: row.id}) "
        "REMOVE n:$([name IN labels(n) WHERE name <> 'Source']) SET n = row "
        "WITH n MATCH (n)-[r:PUBLISHED_BY|EDITION_OF]->() DELETE r",
        old,
    )
    for edge, label, field in (
        ("PUBLISHED_BY", "Entity", "publisher_id"),
        ("EDITION_OF", "Source", "edition_of"),
    ):
        rows = [[row["id"], row[field]] for row in (*new, *old) if field in row]
        run(
            transaction,
            "UNWIND $rows AS row MATCH (n:Source {id: row[0]}) "
            f"MATCH (x:{literal(label)} {{id: row[1]}}) CREATE (n)-[:{literal(edge)}]->(x)",
            rows,
        )


def write_entities(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Write `(:Entity)` nodes; a node that had another type loses that label."""
    new = [[c.group, c.body] for c in changes if c.old_hash is None]
    old = [[c.group, c.body] for c in changes if c.old_hash is not None]
    run(transaction, "UNWIND $rows AS row CREATE (n:Entity:$(row[0])) SET n = row[1]", new)
    run(
        transaction,
        # The old type may be one that the ontology no longer has.
        "UNWIND $rows AS row MATCH (n:Entity {id: row[1].id}) "
        "REMOVE n:$([name IN labels(n) WHERE name <> 'Entity']) "
        "SET n:$(row[0]) SET n = row[1]",
        old,
    )


def write_claims(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Write `(:Claim)` nodes with their edges to sources, roles and speakers."""
    new, old = (
        [
            [claim_label(c.group), c.body["properties"], c.body["source"]]
            for c in changes
            if (c.old_hash is None) is is_new
        ]
        for is_new in (True, False)
    )
    run(
        transaction,
        "UNWIND $rows AS row CREATE (c:Claim:$(row[0])) SET c = row[1] "
        "WITH c, row MATCH (s:Source {id: row[2]}) CREATE (c)-[:FROM]->(s)",
        new,
    )
    run(
        transaction,
        "UNWIND $rows AS row MATCH (c:Claim {id: row[1].id}) "
        "REMOVE c:$([name IN labels(c) WHERE name <> 'Claim']) SET c:$(row[0]) SET c = row[1] "
        "WITH c MATCH (c)-[r:!SUPERSEDES]->() DELETE r",
        old,
    )
    run(
        transaction,
        "UNWIND $rows AS row MATCH (c:Claim {id: row[1].id}) MATCH (s:Source {id: row[2]}) "
        "CREATE (c)-[:FROM]->(s)",
        old,
    )
    edges: defaultdict[str, list[list[Any]]] = defaultdict(list)
    for change in changes:
        for edge, label, target, position in change.body["edges"]:
            edges[label].append([change.id, target, edge, position])
    for label, rows in edges.items():
        run(
            transaction,
            "UNWIND $rows AS row MATCH (c:Claim {id: row[0]}) "
            f"MATCH (x:{literal(label)} {{id: row[1]}}) "
            "CREATE (c)-[:$(row[2]) {position: row[3]}]->(x)",
            rows,
        )


def write_successions(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Create `[:SUPERSEDES]` from claims to the claims that they supersede."""
    run(
        transaction,
        "UNWIND $rows AS row MATCH (c:Claim {id: row[0]}) MATCH (o:Claim {id: row[1]}) "
        "MERGE (c)-[:SUPERSEDES]->(o)",
        [c.body for c in changes],
    )


def write_judgements(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Create `[:JUDGED]` between the two entities of each judgement, again if it changed."""
    # The two entities may have changed places, and an edge cannot be reversed.
    remove(transaction, [c.id for c in changes if c.old_hash is not None], "judgement")
    run(
        transaction,
        "UNWIND $rows AS row MATCH (a:Entity {id: row.left}) MATCH (b:Entity {id: row.right}) "
        "CREATE (a)-[r:JUDGED]->(b) SET r = row.properties",
        [c.body for c in changes],
    )


def write_ties(transaction: AnyTransaction, changes: Sequence[RowChange]) -> None:
    """Write ties; their entities exist already."""
    new = [[c.body["source"], c.body["target"], c.group, c.body["properties"]]
           for c in changes if c.old_hash is None]  # fmt: skip
    ends = "UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]}) "
    run(transaction, f"{ends}CREATE (a)-[r:$(row[2])]->(b) SET r = row[3]", new)
    old: defaultdict[str, list[list[Any]]] = defaultdict(list)
    for change in changes:
        if change.old_hash is not None:
            body = change.body
            old[change.group].append([body["source"], body["target"], body["properties"]])
    for edge, rows in old.items():
        # A type in the text keeps the server from scanning every edge of a hub.
        run(transaction, f"{ends}MATCH (a)-[r:{literal(edge)}]->(b) SET r = row[2]", rows)


#: The function that writes each kind, in the order of the references between them.
WRITERS: Mapping[str, Write] = {
    "dataset": write_datasets,
    "source": write_sources,
    "entity": write_entities,
    "claim": write_claims,
    "succession": write_successions,
    "judgement": write_judgements,
    "tie": write_ties,
}

#: The statement that deletes each kind, in the reverse order of the references.
REMOVERS: Mapping[str, LiteralString] = {
    "tie": "UNWIND $rows AS row MATCH (:Entity {id: row[0]})-[r]->(:Entity {id: row[2]}) "
    "WHERE type(r) = row[1] DELETE r",
    "judgement": "UNWIND $rows AS row MATCH ()-[r:JUDGED {id: row}]->() DELETE r",
    "succession": "UNWIND $rows AS row "
    "MATCH (:Claim {id: row[0]})-[r:SUPERSEDES]->(:Claim {id: row[1]}) DELETE r",
    "claim": "UNWIND $rows AS row MATCH (n:Claim {id: row}) DETACH DELETE n",
    "entity": "UNWIND $rows AS row MATCH (n:Entity {id: row}) DETACH DELETE n",
    "source": "UNWIND $rows AS row MATCH (n:Source {id: row}) DETACH DELETE n",
    "dataset": "UNWIND $rows AS row MATCH (n:Dataset {id: row}) DETACH DELETE n",
}


def remove(transaction: AnyTransaction, ids: Sequence[str], kind: str) -> None:
    """Delete records of one kind; the id of an edge names its ends: `a/TYPE/b`."""
    rows: Sequence[Any] = [i.split("/") for i in ids] if kind in ("tie", "succession") else ids
    run(transaction, REMOVERS[kind], rows)


def claim_edges(
    roles: Mapping[str, Sequence[str]],
    said_by: Sequence[str],
    types: Mapping[str, str],
) -> list[tuple[str, str, str, int]]:
    """Return a claim's edges as (edge, label of the target, id of the target, position).

    Its `[:FROM]` to its source is not among them. Positions start at 0.
    """
    edges = [
        (role_edge(role), "Entity", target, position)
        for role, targets in roles.items()
        for position, target in enumerate(targets)
    ]
    edges += [
        ("SAID_BY", "Entity" if link in types else "Source", link, position)
        for position, link in enumerate(said_by)
    ]
    return edges
