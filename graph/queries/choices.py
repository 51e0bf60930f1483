"""Choices of ties and claims by key, which `graph.queries.subgraph` reads with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph.model import TieKey
from graph.queries.claims import LIVE
from graph.queries.clauses import lines
from graph.queries.parts import TIE
from graph.queries.tie_lists import EVERY, TieFilters, TieRow, tie_spec
from graph.question import Question, Row

#: More ties than any graph that is drawn may have.
_ALL = 1_000_000


def ties_among(
    entity_ids: Sequence[str], filters: TieFilters = EVERY
) -> Question[tuple[TieRow, ...]]:
    """Ask for all ties between some entities that pass filters, the strongest first."""
    spec = tie_spec(
        filters.moment,
        # Nodes, not their ids: a hub has many ties, and each would be asked for the id of its end.
        "UNWIND nodes AS a\nMATCH (a)-[r:" + TIE + "]->(b) WHERE b IN nodes\nWITH *",
        scope="MATCH (e:Entity) WHERE e.id IN $ids\nWITH collect(e) AS nodes",
    )
    page = replace(filters.query(), spec=spec).page(limit=_ALL)
    parameters = {**page.parameters, "ids": list(entity_ids)}
    return Question(page.cypher, lambda rows: page.read(rows).items, parameters)


def ties_from(entity_ids: Sequence[str]) -> Question[list[TieKey]]:
    """Ask for the ties that run from some entities."""
    cypher = lines(
        "UNWIND $ids AS id",
        "MATCH (:Entity {id: id})-[r:" + TIE + "]->(b:Entity)",
        "RETURN id AS source, type(r) AS type, b.id AS target",
    )
    return Question(cypher, _keys, {"ids": list(entity_ids)}, seconds=60.0)


def ties_resting_on(claim_ids: Sequence[str]) -> Question[list[TieKey]]:
    """Ask for the ties that some claims affirm or deny.

    The claims themselves name their ties. Where all claims deny one, its key has no tie.
    """
    cypher = lines(
        "UNWIND $ids AS id",
        "MATCH (c:Claim {id: id})",
        "UNWIND [tie IN c.tie_ids | split(tie, '/')] AS key",
        "RETURN DISTINCT key[0] AS source, key[1] AS type, key[2] AS target",
    )
    return Question(cypher, _keys, {"ids": list(claim_ids)})


def unretracted(claim_ids: Sequence[str]) -> Question[list[str]]:
    """Ask which of some claims are not retracted."""
    cypher = lines(
        "UNWIND $ids AS id",
        "MATCH (c:Claim {id: id}) WHERE c.retracted_on IS NULL",
        "RETURN id",
    )
    return Question(cypher, _ids, {"ids": list(claim_ids)})


def source_ids() -> Question[list[str]]:
    """Ask for the ids of all sources, in their order."""
    return Question(
        "MATCH (s:Source WHERE s.content_hash IS NOT NULL)\nRETURN s.id AS id ORDER BY id",
        _ids,
        seconds=60.0,
    )


def claims_by_source() -> Question[dict[str, list[str]]]:
    """Ask for the ids of all claims that count, by the source that each is taken from."""
    return Question(
        lines(
            "MATCH (s:Source WHERE s.content_hash IS NOT NULL)<-[:FROM]-(c:Claim)",
            "WHERE " + LIVE,
            "WITH s, c ORDER BY c.id",
            "RETURN s.id AS source, collect(c.id) AS ids ORDER BY source",
        ),
        lambda rows: {row["source"]: row["ids"] for row in rows},
        seconds=60.0,
    )


def entity_ids() -> Question[list[tuple[str, str]]]:
    """Ask for the ids of all entities, in their order, each with the canonical one."""
    return Question(
        lines(
            "MATCH (e:Entity WHERE e.content_hash IS NOT NULL)",
            "RETURN e.id AS id, coalesce(e.canonical_id, e.id) AS canonical ORDER BY id",
        ),
        lambda rows: [(row["id"], row["canonical"]) for row in rows],
        seconds=60.0,
    )


def _keys(rows: Sequence[Row]) -> list[TieKey]:
    return [TieKey(row["source"], row["type"], row["target"]) for row in rows]


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]
