"""Writing rows: one function per kind, each a batch of changes in a transaction that it is given.

New records are created; changed ones are set in place, so that their edges stay. What a claim's id
covers never changes, but who spoke may turn from a source into an entity: a changed claim's edges
are drawn again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString

from neo4j import ManagedTransaction, Transaction

from graph.ontology import ONTOLOGY, claim_label, role_edge
from graph.store.schema import checked
from graph.store.spool import Change

AnyTransaction = Transaction | ManagedTransaction
Write = Callable[[AnyTransaction, str, Sequence[Change]], None]


def _run(transaction: AnyTransaction, cypher: LiteralString, rows: Sequence[Any]) -> None:
    if rows:
        transaction.run(cypher, {"rows": rows}).consume()


def _split(changes: Sequence[Change]) -> tuple[list[Any], list[Any]]:
    """Part the bodies of records that the store lacks from those that it holds otherwise."""
    new = [c.body for c in changes if c.old is None]
    return new, [c.body for c in changes if c.old is not None]


def write_sources(transaction: AnyTransaction, _: str, changes: Sequence[Change]) -> None:
    """Write `(:Source)` nodes."""
    new, old = _split(changes)
    _run(transaction, "UNWIND $rows AS row CREATE (n:Source) SET n = row", new)
    _run(transaction, "UNWIND $rows AS row MATCH (n:Source {id: row.id}) SET n = row", old)


def write_entities(transaction: AnyTransaction, group: str, changes: Sequence[Change]) -> None:
    """Write `(:Entity)` nodes of one type; a node that had another type loses that label."""
    label = checked(group)
    others = ":".join(checked(name) for name in ONTOLOGY.types if name != group)
    new, old = _split(changes)
    _run(transaction, f"UNWIND $rows AS row CREATE (n:Entity:{label}) SET n = row", new)
    _run(
        transaction,
        f"UNWIND $rows AS row MATCH (n:Entity {{id: row.id}}) "
        f"REMOVE n:{others} SET n:{label} SET n = row",
        old,
    )


def write_claims(transaction: AnyTransaction, group: str, changes: Sequence[Change]) -> None:
    """Write `(:Claim)` nodes of one predicate with their edges to sources, roles and speakers."""
    label = checked(claim_label(group))
    new, old = _split(changes)
    _run(transaction, _CREATE_CLAIMS.replace("$$LABEL", label), new)
    _run(transaction, _RESET_CLAIMS, old)
    edges: defaultdict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for body in [*new, *old]:
        for edge, target_label, target, position in body["edges"]:
            edges[edge, target_label].append([body["properties"]["id"], target, position])
    for (edge, target_label), rows in edges.items():
        _run(
            transaction,
            f"UNWIND $rows AS row MATCH (c:Claim {{id: row[0]}}) "
            f"MATCH (x:{checked(target_label)} {{id: row[1]}}) "
            f"CREATE (c)-[:{checked(edge)} {{position: row[2]}}]->(x)",
            rows,
        )


_CREATE_CLAIMS: LiteralString = (
    "UNWIND $rows AS row CREATE (c:Claim:$$LABEL) SET c = row.properties "
    "WITH c, row MATCH (s:Source {id: row.source}) CREATE (c)-[:FROM]->(s)"
)
_RESET_CLAIMS: LiteralString = (
    "UNWIND $rows AS row MATCH (c:Claim {id: row.properties.id}) SET c = row.properties "
    "WITH c MATCH (c)-[r:!FROM&!SUPERSEDES]->() DELETE r"
)


def write_successions(transaction: AnyTransaction, _: str, changes: Sequence[Change]) -> None:
    """Draw `[:SUPERSEDES]` from claims to those that they supersede."""
    _run(
        transaction,
        "UNWIND $rows AS row MATCH (c:Claim {id: row[0]}) MATCH (o:Claim {id: row[1]}) "
        "MERGE (c)-[:SUPERSEDES]->(o)",
        [c.body for c in changes],
    )


def write_judgements(transaction: AnyTransaction, _: str, changes: Sequence[Change]) -> None:
    """Draw `[:JUDGED]` between the two entities of each judgement."""
    _run(
        transaction,
        "UNWIND $rows AS row MATCH (a:Entity {id: row.left}) MATCH (b:Entity {id: row.right}) "
        "MERGE (a)-[r:JUDGED {id: row.properties.id}]->(b) SET r = row.properties",
        [c.body for c in changes],
    )


def write_ties(transaction: AnyTransaction, group: str, changes: Sequence[Change]) -> None:
    """Write ties of one type between entities that are all there."""
    edge = checked(group)
    new, old = _split(changes)
    ends = (
        "UNWIND $rows AS row MATCH (a:Entity {id: row.source}) MATCH (b:Entity {id: row.target}) "
    )
    _run(transaction, f"{ends}CREATE (a)-[r:{edge}]->(b) SET r = row.properties", new)
    _run(transaction, f"{ends}MATCH (a)-[r:{edge}]->(b) SET r = row.properties", old)


#: How each kind is written, in the order that the references between them ask for.
WRITERS: Mapping[str, Write] = {
    "source": write_sources,
    "entity": write_entities,
    "claim": write_claims,
    "succession": write_successions,
    "judgement": write_judgements,
    "tie": write_ties,
}

#: How each kind is taken out; in the opposite order, so that nothing points at what is gone.
REMOVERS: Mapping[str, LiteralString] = {
    "tie": "UNWIND $rows AS row MATCH (:Entity {id: row[0]})-[r]->(:Entity {id: row[2]}) "
    "WHERE type(r) = row[1] DELETE r",
    "judgement": "UNWIND $rows AS row MATCH ()-[r:JUDGED {id: row}]->() DELETE r",
    "succession": "UNWIND $rows AS row "
    "MATCH (:Claim {id: row[0]})-[r:SUPERSEDES]->(:Claim {id: row[1]}) DELETE r",
    "claim": "UNWIND $rows AS row MATCH (n:Claim {id: row}) DETACH DELETE n",
    "entity": "UNWIND $rows AS row MATCH (n:Entity {id: row}) DETACH DELETE n",
    "source": "UNWIND $rows AS row MATCH (n:Source {id: row}) DETACH DELETE n",
}


def remove(transaction: AnyTransaction, kind: str, ids: Sequence[str]) -> None:
    """Take records of one kind out of the store; the id of an edge names its ends: `a/TYPE/b`."""
    rows: Sequence[Any] = [i.split("/") for i in ids] if kind in ("tie", "succession") else ids
    _run(transaction, REMOVERS[kind], rows)


def claim_edges(
    source: str,
    roles: Mapping[str, Sequence[str]],
    said_by: Sequence[str],
    types: Mapping[str, str],
) -> list[tuple[str, str, str, int]]:
    """Return a claim's edges as (edge, label of the target, id of the target, position).

    Beside these it has `[:FROM]` to its source. Positions start at 0.
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
