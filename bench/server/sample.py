"""What is asked about: records of a store, drawn the same way whatever its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from random import Random
from typing import LiteralString

from graph.model import TieKey
from graph.queries.parts import TIE
from graph.question import Question, Reader, Row

#: Records of a kind that are asked about in turn, and how many ties the typical entity has.
SIZE, TYPICAL = 500, 20
#: The best connected entities.
HUBS = 5

#: Id, name and number of ties of every entity that has some.
_ENTITIES: Question[list[tuple[str, str, int]]] = Question(
    "MATCH (e:Entity) WITH e, COUNT { (e)-[:" + TIE + "]-(:Entity) } AS ties WHERE ties > 0 "
    "RETURN e.id AS id, e.name AS name, ties ORDER BY id",
    lambda rows: [(row["id"], row["name"], row["ties"]) for row in rows],
    seconds=120.0,
)
#: A hash is as good as a die, and falls the same way again.
_TIES: Question[list[TieKey]] = Question(
    "MATCH (a:Entity)-[r:" + TIE + "]->(b:Entity) WITH a, r, b ORDER BY r.content_hash LIMIT $size "
    "RETURN a.id AS source, type(r) AS type, b.id AS target",
    lambda rows: [TieKey(row["source"], row["type"], row["target"]) for row in rows],
    {"size": SIZE},
    seconds=120.0,
)
_COUNT: Question[int] = Question(
    "MATCH (:Entity)-[r:" + TIE + "]->(:Entity) RETURN count(r) AS ties",
    lambda rows: int(rows[0]["ties"]),
    seconds=120.0,
)


def _roles(ids: Sequence[str]) -> Question[list[tuple[str, str]]]:
    cypher: LiteralString = (
        "UNWIND $ids AS id MATCH (e:Entity {id: id})<-[p:!SAID_BY]-(:Claim) "
        "WITH DISTINCT toLower(type(p)) AS role, id RETURN role, id ORDER BY id, role LIMIT $size"
    )

    def read(rows: Sequence[Row]) -> list[tuple[str, str]]:
        return [(row["role"], row["id"]) for row in rows]

    return Question(cypher, read, {"ids": list(ids), "size": SIZE})


@dataclass(frozen=True, slots=True)
class Sample:
    """Ids and names of records that are there; `ties_in_all` counts every tie of the store."""

    typical: list[str]
    hubs: list[str]
    names: list[str]
    ties: list[TieKey]
    pairs: list[tuple[str, str]]
    hub_pairs: list[tuple[str, str]]
    roles: list[tuple[str, str]]
    ties_in_all: int


async def draw(reader: Reader, seed: int = 1) -> Sample:
    """Draw from a store: entities with about `TYPICAL` ties, the hubs, ties, random pairs."""
    random = Random(seed)
    entities = await reader.ask(_ENTITIES)
    random.shuffle(entities)
    near = sorted(entities, key=lambda entity: abs(entity[2] - TYPICAL))[:SIZE]
    typical = [entity_id for entity_id, _, _ in near]
    random.shuffle(typical)
    hubs = [i for i, _, _ in sorted(entities, key=lambda entity: -entity[2])[:HUBS]]
    ids = [entity_id for entity_id, _, _ in entities]
    return Sample(
        typical=typical,
        hubs=hubs,
        names=[name for _, name, _ in entities[:SIZE]],
        ties=await reader.ask(_TIES),
        pairs=[(a, b) for a, b in (random.sample(ids, 2) for _ in range(SIZE))],
        hub_pairs=list(permutations(hubs, 2)),
        roles=await reader.ask(_roles(typical)),
        ties_in_all=await reader.ask(_COUNT),
    )
