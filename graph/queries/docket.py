"""What stands in the docket of a tie beside the claims for and against it."""

from __future__ import annotations

from graph.model import Subgraph, TieKey
from graph.ontology import ONTOLOGY, role_edge
from graph.queries.claims import LIVE
from graph.queries.clauses import call, lines
from graph.queries.moment import ALWAYS, Moment, counts
from graph.queries.subgraph import subgraph
from graph.question import Question, Reader


async def docket(
    reader: Reader, key: TieKey, moment: Moment = ALWAYS
) -> tuple[Subgraph, list[str]]:
    """Read a tie with its ends and all evidence, and the ids of the claims that did not find it.

    The graph has these claims too. It has no tie where there is none at the moment.
    """
    ids = await reader.ask(not_found(key, moment))
    return await reader.ask(subgraph([key], claim_ids=ids, moment=moment)), ids


def not_found(key: TieKey, moment: Moment = ALWAYS) -> Question[list[str]]:
    """Ask for the claims whose source looked for a tie and did not find it, at a moment.

    These are live claims of that polarity, whose predicate and roles would give the tie; an entity
    stands for all that are merged into it.
    """
    ways = [
        [name, role_edge(tie.source), role_edge(tie.target)]
        for name, predicate in ONTOLOGY.predicates.items()
        for tie in predicate.ties
        if tie.type == key.type
    ]
    cypher = lines(
        call(
            "",
            "MATCH (x:Entity {id: $source}) RETURN x",
            "UNION",
            "MATCH (x:Entity {canonical_id: $source}) RETURN x",
        ),
        "MATCH (x)<-[p:!SAID_BY]-(c:Claim)",
        "WHERE c.polarity = 'not_found' AND " + LIVE,
        "  AND " + counts(moment, "c."),
        "MATCH (c)-[q:!SAID_BY]->(y:Entity)",
        "WHERE $target IN [y.id, y.canonical_id] AND [c.predicate, type(p), type(q)] IN $ways",
        "WITH DISTINCT c.id AS id ORDER BY id",
        "RETURN collect(id) AS ids",
    )
    parameters = {"source": key.source, "target": key.target, "ways": ways, **moment.parameters()}
    return Question(cypher, lambda rows: list(rows[0]["ids"]), parameters)
