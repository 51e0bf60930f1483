"""Pieces of Cypher that several questions share, each with the reader of what it returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date
from typing import Any, LiteralString

from graph import projection, tables
from graph.model import Claim, Entity, Source, Tie
from graph.model.record import Record
from graph.ontology import ONTOLOGY
from graph.queries.clauses import call, collect, items, lines, record
from graph.question import Row
from graph.store.mapping import (
    DENIAL,
    read_claim,
    read_entity,
    read_source,
    read_tie,
)
from graph.store.schema import literal


def is_tie(tie: LiteralString) -> LiteralString:
    """Return whether an edge is a tie that a load wrote: it has claims, and the id of its place.

    An edge that somebody else drew is not served, even if it has the properties of a tie.
    """
    ends = "startNode(" + tie + ").id + '/' + type(" + tie + ") + '/' + endNode(" + tie + ").id"
    return tie + ".claims > 0 AND " + tie + ".id = " + ends


#: What is in the brackets of a tie `r`; judgements run between entities too.
TIE: LiteralString = "!JUDGED WHERE " + is_tie("r")
#: The same by all types of tie. Neo4j keeps the edges of a hub apart by type, so naming them spares
#: it those of claims: twice as fast where there are as many of them as ties. For expanding from
#: nodes that are known: in a statement that leaves the planner more choices it can hang it.
TIE_TYPES: LiteralString = "|".join([literal(name) for name in sorted(ONTOLOGY.tie_types)])

#: From `key`, the three parts of a tie's id, to the tie `r` from `a` to `b`. Both ends come first:
#: so Neo4j goes through the edges of the one that has fewer, and not through those of a hub.
TIE_OF_KEY: LiteralString = lines(
    "MATCH (a:Entity {id: key[0]})",
    call("key", "MATCH (b:Entity {id: key[2]}) RETURN b"),
    "MATCH (a)-[r:" + TIE_TYPES + "]->(b) WHERE type(r) = key[1] AND " + is_tie("r"),
)

_SYMMETRIC: list[LiteralString] = [
    literal(name) for name, tie in sorted(ONTOLOGY.tie_types.items()) if tie.symmetric
]
#: Whether an edge `r` has no direction: it is stored from the lower id to the higher.
SYMMETRIC: LiteralString = "r:" + "|".join(_SYMMETRIC) if _SYMMETRIC else "false"

#: From an entity `k` to each `m` that judgements make one with it, itself included.
SAME: LiteralString = (
    "MATCH (k)((:Entity)-[j:JUDGED WHERE j.verdict = 'same']-(:Entity))*(m:Entity)"
)


def label(entity: LiteralString, lang: str) -> LiteralString:
    """The expression for what an entity is called in a language, the parameter `$lang`.

    It is the usual name in English, and where there is no name in the language.
    """
    if lang == "en":
        return entity + ".name"
    names = entity + ".names[i]"
    langs = entity + ".name_langs"
    return (
        "coalesce(head([i IN range(0, size(" + langs + ") - 1)\n"
        "  WHERE " + langs + "[i] = $lang | " + names + "]), " + entity + ".name)"
    )


def speakers(ids: LiteralString) -> LiteralString:
    """The expression for the ids of sources and entities in a parameter, and of all the same."""
    return ids + " + " + collect("MATCH (k:Entity) WHERE k.id IN " + ids, SAME, "RETURN m.id")


def degree(entity: LiteralString) -> LiteralString:
    """The expression for how many ties an entity has, of all times.

    The store knows how many edges of a type a hub has, and need not go through them; to ask for all
    types takes it as long as to go through a hundred.
    """
    return (
        "CASE WHEN COUNT { (" + entity + ")--() } > 200\n"
        "  THEN COUNT { (" + entity + ")-[:" + TIE_TYPES + "]-() }\n"
        "  ELSE COUNT { (" + entity + ")-[t:!JUDGED WHERE " + is_tie("t") + "]-(:Entity) } END"
    )  # fmt: skip


# Days go over the wire as texts: Neo4j's own were five sixths of what the driver had to do for the
# evidence of a path. What is only there to be searched by is left out.


def _projection(item: LiteralString, *parts: Iterable[LiteralString]) -> LiteralString:
    """Return a map with all properties of an item; the parts replace some of them."""
    properties: list[LiteralString] = [".*", *(part for group in parts for part in group)]
    return item + " {\n  " + items(*properties) + "\n}"


def _texts(item: LiteralString, *names: LiteralString) -> list[LiteralString]:
    """Parts of a map projection: these days as texts."""
    return [name + ": toString(" + item + "." + name + ")" for name in names]


def _none(*names: LiteralString) -> list[LiteralString]:
    """Parts of a map projection: these are left out."""
    return [name + ": null" for name in names]


def own_columns(item: LiteralString, model: type[Record], *others: LiteralString) -> LiteralString:
    """Return a map with the properties that `graph.tables.cells` reads, and with other parts."""
    properties = list[LiteralString]()
    for field in tables.own_columns(model):
        name = literal(field.property)
        properties.extend(_texts(item, name) if field.scalar is date else ("." + name,))
    return item + " {\n  " + items(*properties, *others) + "\n}"


#: A source `s`, as one map.
SOURCE = _projection(
    "s", _texts("s", "read_on"), _none("search_text", "known_from", "surely_known_from")
)

#: A claim `c` with its edges, as one map. They are told apart when it is read: to look for each
#: kind by itself takes the store four times as long.
CLAIM = _projection(
    "c",
    ["edges: [(c)-[r]->(x:Entity|Source|Claim) | [type(r), r.position, x.id, x.name]]"],
    _texts("c", "recorded_on", "retracted_on"),
    _none("search_text", "tie_ids", "first", "last", "held_from", "held_to"),
    _none("surely_from", "surely_to", "known_from", "surely_known_from"),
)


_TIE: dict[LiteralString, LiteralString] = {
    "source": "a.id",
    "type": "type(r)",
    "target": "b.id",
    "first": "toString(r.first)",
    "last": "toString(r.last)",
    # The aligned lists by their names, whatever they hold as texts.
    "lists": "[name IN keys(r) WHERE name CONTAINS 'claim_' | [name, toStringList(r[name])]]",
}
#: A tie `r` from `a` to `b`, as one map.
TIE_MAP: LiteralString = "r " + record(
    _TIE,
    ".status, .disputed, .independent, .inferred, .intermediary, .past, .origin_ids",
)

#: From `claims` (nodes) to their maps, and the sources that they and their chains name.
EVIDENCE: LiteralString = lines(
    call("claims", "UNWIND claims AS c", "RETURN collect(" + CLAIM + ") AS claim_maps"),
    call(
        "claims",
        "UNWIND claims AS c",
        "MATCH (c)-[:FROM|SAID_BY]->(s:Source)",
        "WITH DISTINCT s",
        "RETURN collect(" + SOURCE + ") AS sources\n",
    ),
)


def claim_of(row: Row) -> Claim:
    """Read a map that `CLAIM` made."""
    ends: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for edge, position, end, _ in row["edges"]:
        ends[edge].append((position, end))
    (_, source), *_ = ends.pop("FROM", [(None, "")])
    chain = [end for end in ends.pop("SAID_BY", []) if end[0] is not None]
    supersedes = next((end for _, end in ends.pop("SUPERSEDES", [])), None)
    # Other edges than those of a load have no position.
    roles = [(e.lower(), *end) for e, them in ends.items() for end in them if end[0] is not None]
    return read_claim(row, roles, chain, source, supersedes)


def claims_of(rows: Iterable[Row]) -> dict[str, Claim]:
    """Read many maps that `CLAIM` made, by id, in the order of the ids."""
    claims = (claim_of(row) for row in rows)
    return {claim.id: claim for claim in sorted(claims, key=lambda claim: claim.id)}


def tie_of(row: Row) -> Tie:
    """Read a map that `TIE_MAP` made."""
    lists = dict(row["lists"])
    for prefix in ("", DENIAL):
        if prefix + "claim_ids" in lists:
            links = prefix + "claim_links"
            lists[links] = list(map(int, lists[links]))
            for name in (prefix + "claim_intermediary", prefix + "claim_past"):
                lists[name] = [text == "true" for text in lists[name]]
    return read_tie(row["source"], row["type"], row["target"], {**row, **lists})


def ties_of(rows: Iterable[Row]) -> tuple[Tie, ...]:
    """Read many maps that `TIE_MAP` made, in the order of the keys."""
    return tuple(sorted((tie_of(row) for row in rows), key=lambda tie: tie.key))


def sources_of(rows: Iterable[Row]) -> dict[str, Source]:
    """Read maps that `SOURCE` made, by id, in the order of the ids."""
    return {row["id"]: read_source(row) for row in sorted(rows, key=lambda row: str(row["id"]))}


def entities_of(rows: Iterable[Row]) -> dict[str, Entity]:
    """Read the properties of entities, by id, in the order of the ids."""
    return {row["id"]: read_entity(row) for row in sorted(rows, key=lambda row: str(row["id"]))}


def supported(tie: Tie, claims: Container[str]) -> Tie | None:
    """Return a tie as the claims that are there make it, or None where no claim affirms it."""
    if all(support.claim_id in claims for support in tie.supports):
        return tie if tie.claim_ids else None
    return projection.tie(tie.key, [s for s in tie.supports if s.claim_id in claims])


def names_in(rows: Iterable[Row]) -> dict[str, str]:
    """Return the labels of the entities that maps of `CLAIM` name, by id."""
    return names_of((i, name) for row in rows for _, _, i, name in row["edges"] if name is not None)


def names_of(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Read pairs of id and label."""
    return dict(sorted((str(i), str(name)) for i, name in rows))


def first(rows: Iterable[Any]) -> Any | None:
    """Return the first row, or None."""
    return next(iter(rows), None)
