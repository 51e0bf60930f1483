"""Pieces of the graph, for pages and for whoever wants nodes and edges with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import LiteralString

from graph.model import Subgraph
from graph.queries.parts import EVIDENCE, TIE, TIE_MAP, degree, first
from graph.queries.shown import read_graph
from graph.question import Question, Row

#: From `nodes` (entities), `found` (how many there are in all) and `focus` (an id or null) to
#: everything that a page needs of them.
_SHOWN: LiteralString = (
    """
CALL (nodes) {
  UNWIND nodes AS a
  MATCH (a)-[r:"""
    + TIE
    + """]->(b:Entity) WHERE b IN nodes
  RETURN collect("""
    + TIE_MAP
    + """) AS ties,
    collect(r.claim_ids + coalesce(r.denial_claim_ids, [])) AS evidence
}
CALL (evidence) {
  UNWIND evidence AS ids UNWIND ids AS id
  MATCH (c:Claim {id: id}) RETURN collect(DISTINCT c) AS carried
}
CALL (focus) {
  MATCH (c:Claim)-[]->(:Entity {id: focus}) WHERE c.retracted_on IS NULL
  RETURN collect(DISTINCT c) AS about
}
CALL (carried, about) {
  UNWIND carried + about AS c RETURN collect(DISTINCT c) AS claims
}
"""
    + EVIDENCE
    + """
RETURN [n IN nodes | properties(n)] AS ends, ties, claim_maps, sources, found, focus,
  [n IN nodes | [n.id, """
    + degree("n")
    + """]] AS degrees
"""
)

_STRONGEST: LiteralString = (
    "max(r.rank * 1000 + r.origins) AS strength ORDER BY strength DESC, n.id"
)


def neighbourhood(entity_id: str, depth: int = 1, limit: int = 150) -> Question[Subgraph | None]:
    """Ask for an entity and those around it, with all ties between them; None if there is no such.

    `depth` is 1 or 2 hops. Of more than `limit` entities the strongest tied stay, nearer ones
    first; `left_out` counts the rest. A merged id gives the canonical entity.
    """
    cypher: LiteralString = (
        """
        MATCH (asked:Entity {id: $id})
        MATCH (e:Entity {id: coalesce(asked.canonical_id, asked.id)})
        CALL (e) {
          MATCH (e)-[r:"""
        + TIE
        + """]-(n:Entity) WHERE n <> e
          WITH n, """
        + _STRONGEST
        + """
          RETURN collect(n) AS near
        }
        CALL (e, near) {
          UNWIND near AS m
          MATCH (m)-[r:"""
        + TIE
        + """]-(n:Entity) WHERE $depth > 1 AND n <> e AND NOT n IN near
          WITH n, """
        + _STRONGEST
        + """
          RETURN collect(n) AS far
        }
        WITH e.id AS focus, [e] + near + far AS every
        WITH focus, every[..$limit] AS nodes, size(every) AS found
        """
        + _SHOWN
    )
    return Question(cypher, _read, {"id": entity_id, "depth": depth, "limit": limit})


def whole(limit: int = 150) -> Question[Subgraph]:
    """Ask for the whole graph without entities that have no tie, or its best connected `limit`."""
    cypher: LiteralString = (
        """
        CALL () {
          MATCH (n:Entity)
          WITH n, """
        + degree("n")
        + """ AS degree WHERE degree > 0
          WITH n ORDER BY degree DESC, n.id
          RETURN collect(n) AS every
        }
        WITH every[..$limit] AS nodes, size(every) AS found, null AS focus
        """
        + _SHOWN
    )
    return Question(cypher, lambda rows: _read(rows) or Subgraph({}, ()), {"limit": limit})


def _read(rows: Sequence[Row]) -> Subgraph | None:
    row = first(rows)
    if row is None:
        return None
    graph = read_graph(row)
    return replace(
        graph,
        degrees=dict(row["degrees"]),
        focus=row["focus"],
        left_out=row["found"] - len(graph.entities),
    )
