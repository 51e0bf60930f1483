"""What pages read besides entities, ties and records: pieces of the graph, and what is newest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from graph.model import Claim, Source, Story, Subgraph, Tie
from graph.queries.moment import Moment, affirmations, counts, denials
from graph.queries.parts import EVIDENCE, SOURCE, TIE, claims_of, first, names_in, sources_of
from graph.queries.shown import SHOWN, read_graph
from graph.queries.ties import Docket
from graph.question import Question, Row

#: From `main` (claims) to `keys`: the pairs of entities that each of them names in its roles, with
#: its id. A merged entity counts as the one that it is merged into, which has the ties.
_PAIRS: LiteralString = """
CALL (main) {
  UNWIND main AS c
  MATCH (c)-[:!SAID_BY]->(x:Entity)
  WITH c, collect(DISTINCT coalesce(x.canonical_id, x.id)) AS ids
  UNWIND ids AS one UNWIND ids AS other
  WITH c, one, other WHERE one <> other
  RETURN collect([c.id, one, other]) AS keys
}
"""
#: From `keys` to `edges`: the ties that those claims bear on, each once.
_BORNE: LiteralString = (
    """
CALL (keys) {
  UNWIND keys AS key
  MATCH (a:Entity {id: key[1]})
  CALL (a, key) {
    MATCH (a)-[r:"""
    + TIE
    + """]->(:Entity {id: key[2]})
    WHERE key[0] IN r.claim_ids + coalesce(r.denial_claim_ids, [])
    RETURN r
  }
  RETURN collect(DISTINCT r) AS edges
}
"""
)


def docket_graph(docket: Docket) -> Subgraph:
    """Return one tie with its evidence as a piece of the graph."""
    return Subgraph(docket.ends, (docket.tie,), docket.claims, docket.sources, docket.names)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source, the ties that its claims bear on with all of their evidence, and its claims.

    `own` are the claims taken from it, `citing` those of others that name it in their chain; of
    both together `left_out` were too many.
    """

    source: Source
    graph: Subgraph
    own: tuple[str, ...]
    citing: tuple[str, ...]
    left_out: int


def source_file(source_id: str, limit: int = 300) -> Question[SourceFile | None]:
    """Ask for a source with its live claims and what rests on them; None if there is no such id."""
    cypher: LiteralString = (
        """
        MATCH (s:Source {id: $id})
        CALL (s) {
          OPTIONAL MATCH (c:Claim)-[:FROM]->(s) WHERE c.retracted_on IS NULL
          WITH c ORDER BY c.id RETURN collect(c) AS own
        }
        CALL (s) {
          OPTIONAL MATCH (c:Claim)-[r:SAID_BY]->(s)
          WHERE r.position > 0 AND c.retracted_on IS NULL
          WITH DISTINCT c ORDER BY c.id RETURN collect(c) AS citing
        }
        WITH s, own, citing, own[..$limit] + citing[..$limit] AS main
        """
        + _PAIRS
        + _BORNE
        + SHOWN
        + "RETURN "
        + SOURCE
        + """ AS source, ties, ends, claim_maps, sources,
          [c IN own[..$limit] | c.id] AS own, [c IN citing[..$limit] | c.id] AS citing,
          size(own) + size(citing) - size(main) AS left_out
        """
    )

    def read(rows: Sequence[Row]) -> SourceFile | None:
        row = first(rows)
        if row is None:
            return None
        (source,) = sources_of([row["source"]]).values()
        return SourceFile(
            source, read_graph(row), tuple(row["own"]), tuple(row["citing"]), row["left_out"]
        )

    return Question(cypher, read, {"id": source_id, "limit": limit})


def source_ids() -> Question[tuple[str, ...]]:
    """Ask for the ids of all sources, in their order."""
    return Question(
        "MATCH (s:Source) RETURN s.id AS id ORDER BY id",
        lambda rows: tuple(row["id"] for row in rows),
        seconds=60.0,
    )


def entity_ids() -> Question[tuple[tuple[str, str], ...]]:
    """Ask for the ids of all entities, in their order, each with the canonical one."""
    return Question(
        "MATCH (e:Entity) RETURN e.id AS id, coalesce(e.canonical_id, e.id) AS canonical "
        "ORDER BY id",
        lambda rows: tuple((row["id"], row["canonical"]) for row in rows),
        seconds=60.0,
    )


def among(entity_ids: Sequence[str], claim_ids: Sequence[str] = ()) -> Question[Subgraph]:
    """Ask for all ties between some entities, and for some claims besides.

    Ids that are not there are passed over; the entities are there even where no tie joins them.
    """
    cypher: LiteralString = (
        """
        CALL () {
          UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN collect(DISTINCT e) AS nodes
        }
        CALL (nodes) {
          UNWIND $claims AS id MATCH (c:Claim {id: id}) WHERE c.retracted_on IS NULL
          RETURN collect(c) AS main
        }
        CALL (nodes) {
          UNWIND nodes AS a
          MATCH (a)-[r:"""
        + TIE
        + """]->(b:Entity) WHERE b IN nodes
          RETURN collect(r) AS edges
        }
        """
        + SHOWN
        + "RETURN ties, [n IN nodes | properties(n)] AS ends, claim_maps, sources"
    )
    parameters = {"ids": list(entity_ids), "claims": list(claim_ids)}
    return Question(cypher, lambda rows: read_graph(rows[0]), parameters)


def outgoing(entity_ids: Sequence[str]) -> Question[Subgraph]:
    """Ask for the ties that run from some entities, with both ends and all evidence."""
    cypher: LiteralString = (
        """
        CALL () {
          UNWIND $ids AS id
          MATCH (:Entity {id: id})-[r:"""
        + TIE
        + """]->(:Entity) RETURN collect(r) AS edges
        }
        WITH edges, [] AS main
        """
        + SHOWN
        + "RETURN ties, ends, claim_maps, sources"
    )
    return Question(
        cypher, lambda rows: read_graph(rows[0]), {"ids": list(entity_ids)}, seconds=60.0
    )


def single(graph: Subgraph) -> Iterator[Subgraph]:
    """Yield a piece of the graph for each of its ties: both ends, and the evidence of that tie."""
    labels = {**graph.names, **{i: entity.label for i, entity in graph.entities.items()}}
    for tie in graph.ties:
        ends = {i: graph.entities[i] for i in (tie.key.source, tie.key.target)}
        claims = {s.claim_id: graph.claims[s.claim_id] for s in tie.supports}
        links = {i for c in claims.values() for i in (c.source, *c.said_by)}
        named = {i for c in claims.values() for ids in c.roles.values() for i in ids} | links
        yield Subgraph(
            entities=ends,
            ties=(tie,),
            claims=claims,
            sources={i: s for i, s in graph.sources.items() if i in links},
            names={i: name for i, name in labels.items() if i in named and i not in ends},
        )


@dataclass(frozen=True, slots=True)
class Newest:
    """What was recorded last: ties with their claims, and claims that no longer count.

    `corrected` stand in the order of their retraction, the newest first; `known` are those of the
    ids asked for that the store holds.
    """

    graph: Subgraph
    corrected: tuple[Claim, ...]
    known: frozenset[str]


def newest(entity_ids: Sequence[str] = (), limit: int = 40) -> Question[Newest]:
    """Ask for the ties of the last `limit` claims recorded, and for the last corrections."""
    cypher: LiteralString = (
        """
        CALL () {
          MATCH (c:Claim) WHERE c.retracted_on IS NULL AND c.status IS NOT NULL
          WITH c ORDER BY c.recorded_on DESC, c.id LIMIT $limit
          RETURN collect(c) AS main
        }
        CALL (main) {
          MATCH (c:Claim) WHERE c.retracted_on IS NOT NULL
          WITH c ORDER BY c.retracted_on DESC, c.id LIMIT 8
          RETURN collect(c) AS gone
        }
        CALL (main) {
          UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN collect(e.id) AS known
        }
        """
        + _PAIRS
        + _BORNE
        + "WITH edges, main + gone AS main, [c IN gone | c.id] AS corrected, known "
        + SHOWN
        + "RETURN ties, ends, claim_maps, sources, corrected, known"
    )

    def read(rows: Sequence[Row]) -> Newest:
        graph = read_graph(rows[0])
        corrected = tuple(graph.claims[i] for i in rows[0]["corrected"])
        return Newest(graph, corrected, frozenset(rows[0]["known"]))

    return Question(cypher, read, {"ids": list(entity_ids), "limit": limit})


def tellable(stories: Iterable[Story], known: Collection[str]) -> list[Story]:
    """Return the stories whose entities are all known, in their order."""
    return [story for story in stories if all(i in known for i in story.entities)]


@dataclass(frozen=True, slots=True)
class Dated:
    """Claims for an axis of time: those with a day first, in the order of their days.

    `graph` holds them with their sources, and no tie. `left_out` were too many.
    """

    graph: Subgraph
    dated: tuple[str, ...]
    undated: tuple[str, ...]
    left_out: int


#: From claims `c` to those of one predicate (or of any) that still count.
_LIVE: LiteralString = (
    "WHERE c.retracted_on IS NULL AND ($predicate IS NULL OR c.predicate = $predicate) "
)
#: To those with a day that may lie between two days; an open end has none.
_WITHIN: LiteralString = (
    "WHERE (c.first IS NOT NULL OR c.last IS NOT NULL) "
    "AND ($start IS NULL OR c.last IS NULL OR c.last >= $start) "
    "AND ($end IS NULL OR c.first IS NULL OR c.first <= $end) "
)


def timeline(
    entity_id: str | None = None,
    predicate: str | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    limit: int = 200,
) -> Question[Dated]:
    """Ask for claims by their days: of one entity or of all, of one predicate or of any.

    Those with a day are narrowed to what may lie from `start` to `end`, both included.
    """
    every: LiteralString = "MATCH (c:Claim) " + _LIVE
    of_entity: LiteralString = (
        "MATCH (e:Entity {id: $entity})<-[:!SAID_BY]-(c:Claim) " + _LIVE + "WITH DISTINCT c "
    )
    matched = every + "WITH c " if entity_id is None else of_entity
    cypher: LiteralString = (
        "CALL () { "
        + matched
        + _WITHIN
        + "WITH c ORDER BY coalesce(c.first, c.last), c.last, c.id RETURN collect(c) AS dated } "
        + "CALL (dated) { "
        + matched
        + "WHERE c.first IS NULL AND c.last IS NULL "
        + "WITH c ORDER BY c.id RETURN count(c) AS many, collect(c)[..$limit] AS undated } "
        + "WITH dated[..$limit] + undated AS claims, [c IN dated[..$limit] | c.id] AS dated, "
        + "[c IN undated | c.id] AS undated, size(dated) + many AS every "
        + EVIDENCE
        + "RETURN claim_maps, sources, dated, undated, every"
    )

    def read(rows: Sequence[Row]) -> Dated:
        row = rows[0]
        graph = Subgraph(
            entities={},
            ties=(),
            claims=claims_of(row["claim_maps"]),
            sources=sources_of(row["sources"]),
            names=names_in(row["claim_maps"]),
        )
        dated, undated = tuple(row["dated"]), tuple(row["undated"])
        return Dated(graph, dated, undated, row["every"] - len(dated) - len(undated))

    parameters = {
        "entity": entity_id,
        "predicate": predicate,
        "start": start,
        "end": end,
        "limit": limit,
    }
    return Question(cypher, read, parameters)


@dataclass(frozen=True, slots=True)
class Compared:
    """Ties that differ between two moments: each as it is at the one and at the other, or None.

    `graph` holds their evidence; `left_out` were too many, `alike` are the same at both.
    """

    pairs: tuple[tuple[Tie | None, Tie | None], ...]
    graph: Subgraph
    left_out: int
    alike: int


def _sure(moment: Moment, positions: LiteralString, parameter: LiteralString) -> LiteralString:
    """Whether one of the affirming claims at some positions counts for certain."""
    condition = counts(moment, "r.claim_", "[i]", certain=True, parameter=parameter)
    return "any(i IN " + positions + " WHERE " + condition + ")"


def compare(
    left: Moment, right: Moment, entity_id: str | None = None, limit: int = 200
) -> Question[Compared]:
    """Ask which ties came, went, or changed between two moments.

    A change is one of status, of origins, of dispute, or from possibly to surely and back. Of
    more than `limit` the strongest stand. With an entity only its ties are looked at.
    """
    matched: LiteralString = "MATCH (a:Entity)-[r:" + TIE + "]->(b:Entity) "
    of_entity: LiteralString = (
        "MATCH (e:Entity {id: $entity})-[r:"
        + TIE
        + "]-(:Entity) WITH DISTINCT r, startNode(r) AS a, endNode(r) AS b "
    )
    cypher: LiteralString = (
        "CALL () { "
        + (matched if entity_id is None else of_entity)
        + "WITH a, b, r, "
        + affirmations(left, "left_")
        + " AS was, "
        + affirmations(right, "right_")
        + " AS is, size("
        + denials(left, "left_")
        + ") > 0 AS was_denied, size("
        + denials(right, "right_")
        + ") > 0 AS is_denied "
        "WHERE size(was) + size(is) > 0 "
        "WITH r, a, b, size(was) > 0 AND size(is) > 0 AS both, "
        "[was_denied, "
        + _sure(left, "was", "left_")
        + "] AS then, [is_denied, "
        + _sure(right, "is", "right_")
        + "] AS now, "
        "[coalesce(r.claim_statuses[was[0]], ''), "
        "size(COLLECT { UNWIND was AS i RETURN DISTINCT r.claim_origins[i] })] AS old, "
        "[coalesce(r.claim_statuses[is[0]], ''), "
        "size(COLLECT { UNWIND is AS i RETURN DISTINCT r.claim_origins[i] })] AS new "
        "WITH r, a, b, old <> new OR (both AND then <> now) AS differs "
        "ORDER BY r.rank DESC, r.origins DESC, type(r), a.id, b.id "
        "RETURN collect(CASE WHEN differs THEN r END) AS changed, "
        "sum(CASE WHEN differs THEN 0 ELSE 1 END) AS alike } "
        "WITH changed[..$limit] AS edges, size(changed) AS found, alike, [] AS main "
        + SHOWN
        + "RETURN ties, ends, claim_maps, sources, found, alike"
    )

    def read(rows: Sequence[Row]) -> Compared:
        row = rows[0]
        graph = read_graph(row)
        return Compared(
            pairs=tuple((left.of(tie), right.of(tie)) for tie in graph.ties),
            graph=graph,
            left_out=row["found"] - len(graph.ties),
            alike=row["alike"],
        )

    parameters = {
        "entity": entity_id,
        "limit": limit,
        **left.parameters("left_"),
        **right.parameters("right_"),
    }
    return Question(cypher, read, parameters)
