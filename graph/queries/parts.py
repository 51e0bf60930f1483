"""Pieces of Cypher that several questions share, each with the reader of what it returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, LiteralString, TypeVar, cast

from graph.model import Claim, Entity, Source, Tie
from graph.ontology import ONTOLOGY
from graph.question import Row
from graph.rows import read_claim, read_entity, read_source, read_tie

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Found(Generic[ItemT]):
    """A page of a list: what is on it, how many there are in all, and whether more follow."""

    items: tuple[ItemT, ...]
    total: int
    more: bool


#: Every edge between two entities that is a tie; judgements run between entities too.
TIE: LiteralString = "!JUDGED"
#: The same by all types of tie. Neo4j keeps the edges of a hub apart by type, so naming them spares
#: it those of claims: twice as fast where there are as many of them as ties. For expanding from
#: nodes that are known: in a statement that leaves the planner more choices it can hang it.
# mypy takes LiteralString as str, pyright does not: the cast is for the latter.
TIE_TYPES = cast(LiteralString, "|".join(sorted(ONTOLOGY.tie_types)))  # type: ignore[redundant-cast]

#: A claim `c` with its edges, as one map. They are told apart when it is read: to look for each
#: kind by itself takes the store four times as long.
CLAIM: LiteralString = "c {.*, edges: [(c)-[r]->(x) | [type(r), r.position, x.id]]}"

#: A tie `r` from `a` to `b`, as one map.
TIE_MAP: LiteralString = "r {.*, source: a.id, type: type(r), target: b.id}"

#: From `claims` (nodes) to their maps, the sources that they and their chains name, and the labels
#: of the entities that they name.
EVIDENCE: LiteralString = (
    """
CALL (claims) {
  UNWIND claims AS c
  RETURN collect("""
    + CLAIM
    + """) AS claim_maps
}
CALL (claims) {
  UNWIND claims AS c
  MATCH (c)-[:FROM|SAID_BY]->(s:Source)
  RETURN collect(DISTINCT properties(s)) AS sources
}
CALL (claims) {
  UNWIND claims AS c
  MATCH (c)-[]->(x:Entity)
  RETURN collect(DISTINCT [x.id, x.name]) AS names
}
"""
)


def claim_of(row: Row) -> Claim:
    """Read a map that `CLAIM` made."""
    ends: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for edge, position, end in row["edges"]:
        ends[edge].append((position, end))
    ((_, source),), chain = ends.pop("FROM"), ends.pop("SAID_BY", [])
    supersedes = next((end for _, end in ends.pop("SUPERSEDES", [])), None)
    roles = [(edge.lower(), *end) for edge, found in ends.items() for end in found]
    return read_claim(row, roles, chain, source, supersedes)


def claims_of(rows: Iterable[Row]) -> dict[str, Claim]:
    """Read many maps that `CLAIM` made, by id, in the order of the ids."""
    claims = (claim_of(row) for row in rows)
    return {claim.id: claim for claim in sorted(claims, key=lambda claim: claim.id)}


def tie_of(row: Row) -> Tie:
    """Read a map that `TIE_MAP` made."""
    return read_tie(row["source"], row["type"], row["target"], row)


def ties_of(rows: Iterable[Row]) -> tuple[Tie, ...]:
    """Read many maps that `TIE_MAP` made, in the order of the keys."""
    return tuple(sorted((tie_of(row) for row in rows), key=lambda tie: tie.key))


def sources_of(rows: Iterable[Row]) -> dict[str, Source]:
    """Read the properties of sources, by id, in the order of the ids."""
    return {row["id"]: read_source(row) for row in sorted(rows, key=lambda row: str(row["id"]))}


def entities_of(rows: Iterable[Row]) -> dict[str, Entity]:
    """Read the properties of entities, by id, in the order of the ids."""
    return {row["id"]: read_entity(row) for row in sorted(rows, key=lambda row: str(row["id"]))}


def names_of(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Read pairs of id and label."""
    return dict(sorted((str(i), str(name)) for i, name in rows))


def first(rows: Iterable[Any]) -> Any | None:
    """Return the first row, or None."""
    return next(iter(rows), None)
