"""docs/graph.md: the nodes, edges and properties of the store, for people who know Cypher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from graph.ontology import Ontology, claim_label
from graph.properties import Edge, Property, edges, properties
from graph.store.schema import statements
from sightlines.reference.diagram import claim_diagram, model_diagram
from sightlines.reference.example import example
from sightlines.reference.ontology import KINDS


def graph_page(ontology: Ontology) -> str:
    """Return the page in Markdown, the same for the same ontology and properties."""
    return "\n".join(_lines(ontology)) + "\n"


_HEAD = """\
# The graph

Written from `graph/ontology.yaml` and `graph/properties.yaml` by `sightlines ontology --graph`; a
test compares this page with a loaded store. [The ontology](ontology.md) explains each type,
predicate, role and value; [the cookbook](cookbook.md) has queries; [Your own tools](neo4j.md)
explains how to connect.
"""

_READING = """\
## How to read it

- **A claim is what one source says**: a node with an edge for each role, one to its source and one
  to each speaker. It may name five parties at once, and it stays when it is denied or retracted.
  Every claim counts as it was meant: look at `modality`, `polarity` and `retracted_on`.
- **A tie is an edge between two entities, computed from the claims that bear on it.** Retracted and
  superseded claims, opinions, questions, recommendations and predictions lend it nothing. It says
  how well it is supported, and names its claims in `claim_ids`. All edges between entities are
  ties, but `JUDGED`: `(:Entity)-[r:!JUDGED]->(:Entity)`.
- **Every node has one of six labels** (the table below). An entity and a claim have a second one,
  its type or its predicate: `(:Entity:Company)`, `(:Claim:Supplies)`. Match by the second label, or
  by the first with an `id`, which is where the index is: `(:Entity {id: 'irgc'})`.
  Of claims, `origin_id` and `retracted_on` have an index too. Other properties have none: a
  predicate is a label, and what you ask of all claims or ties (`r.disputed`) reads all of them.
- **Every property has one type.** Days are Neo4j dates in UTC; 0001-01-01 and 9999-12-31 mean no
  bound. Where a claim has one day, its ties have a list, prefixed `claim_`, with an item for each
  claim. `when` and `published` are EDTF texts as people wrote them.
- **A claim or a tie proves nothing by itself**, and a path is no proof of a relationship between
  its ends: it is as strong as its weakest hop.
- **Take paths over ties alone.** `[*]` also runs through claims, sources and judgements: two
  entities that one article names are then “connected”. Between entities write
  `((:Entity)-[:!JUDGED]-(:Entity))+`, or name the types: `-[:SUPPLIES|PROVIDES]-+`.
- **A described set is nobody in a count.** “Chinese technology firms” is a `Company` with
  `described: true`, and may contain firms that are there by name (`PART_OF`). Count those with a
  name of their own: `WHERE NOT c.described`.
- **`first` and `last` are the widest reading.** `2010?` begins in 2009 there. `first_certain` and
  `last_certain` leave out what is uncertain or approximate; `when` of a claim, and `claim_when` of
  a tie, have what people wrote. The range of a date with no bound ends at 9999-12-31: a day more is
  beyond what most programs can hold, so compare days, and add to them only where they are bounded.
- **From a claim to its ties:** `tie_ids`, whose parts are the ends and the type.
  `UNWIND [id IN c.tie_ids | split(id, '/')] AS key`, then
  `MATCH (:Entity {id: key[0]})-[r]->(:Entity {id: key[2]}) WHERE type(r) = key[1]`. **To its
  origin:** `MATCH (c)-[:SAID_BY]->(x WHERE x.id = c.origin_id)`, a source or an entity; back from
  it, `MATCH (c:Claim {origin_id: x.id})`.
- **The order of a role** is in `position`: `COLLECT { MATCH (c)-[p:ITEM]->(x) RETURN x.id ORDER BY
  p.position }`. A list comprehension over a pattern has no order.
- **Every name on this page is known to Neo4j** from the first load, whether or not anything has it:
  a warning that a label, a type or a property does not exist means that it is misspelt.
- **What no load wrote is no part of this graph.** The program serves no tie without claims or
  without the `id` of its place; [your own tools](neo4j.md) tells how to verify a store.

## Nodes"""


def _lines(ontology: Ontology) -> Iterator[str]:
    yield _HEAD
    yield from model_diagram(ontology)
    yield ""
    yield "(:Sightlines) marks the store as ours. Each completed load has a (:Snapshot), and each"
    yield "record that it changed, except in the first load, a (:Change)."
    yield ""
    yield from claim_diagram(ontology)
    yield ""
    yield _READING
    yield ""
    yield from _table("label", "what it is", rows=_nodes(ontology))
    for label in properties().nodes:
        yield from ("", f"### (:{label})", "")
        yield from _properties(properties().of_node(label, ontology))
    yield from _tie_lines(ontology)
    yield from _claim_lines(ontology)
    yield from ("", "## Constraints and indexes", "", "A constraint brings an index with it.", "")
    yield from ("```text", *statements(ontology).values(), "```")


def _tie_lines(ontology: Ontology) -> Iterator[str]:
    tie = properties().edges["tie"]
    yield from ("", "## Ties", "")
    yield f"{tie.help} Where both ends are of one role, it runs from the"
    yield "lower id to the higher: match it without a direction."
    yield ""
    yield from _table("tie", "in words", "from", "to", "kind", "of claims", rows=_ties(ontology))
    yield from ("", "### Properties of a tie", "")
    yield from _properties(tie.properties)
    yield from ("", "### One item for each claim", "")
    yield from example()
    yield ""
    yield from _properties(tie.per_claim)
    yield ""
    yield "A tie that is denied has the same lists again for those claims, with the prefix"
    yield "`denial_`: " + ", ".join(f"`denial_{name}`" for name in tie.per_claim) + "."


def _claim_lines(ontology: Ontology) -> Iterator[str]:
    role = properties().edges["role"]
    yield from ("", "## Edges of claims, and between entities that may be one", "")
    yield from _table("edge", "from", "to", "property", "what it is", rows=_other_edges(ontology))
    yield from ("", "## Roles", "")
    yield f"{role.help} Each has `position` (`INTEGER`):"
    yield role.properties["position"].help
    yield ""
    yield from _table("edge", "from", "to", rows=_roles(ontology))


def _table(*heads: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _properties(by_name: Mapping[str, Property]) -> Iterator[str]:
    rows = (
        (f"`{name}`", f"`{p.type}`", "optional" if p.optional else "always", p.help)
        for name, p in by_name.items()
    )
    yield from _table("property", "type", "there", "what it means", rows=rows)


def _nodes(ontology: Ontology) -> Iterator[tuple[str, str]]:
    for label, kind in properties().nodes.items():
        yield f"`{label}`", kind.help
        if label == "Entity":
            yield from ((f"`Entity:{n}`", t.help) for n, t in ontology.types.items())
        if label == "Claim":
            for name, predicate in ontology.predicates.items():
                yield (
                    f"`Claim:{claim_label(name)}`",
                    f"{predicate.help} It is {KINDS[predicate.kind]}.",
                )


def _ties(ontology: Ontology) -> Iterator[tuple[str, ...]]:
    for edge in _of_kind(ontology, "tie"):
        predicates = ontology.tie_predicates[edge.type]
        yield (
            f"`{edge.type}`",
            ontology.tie_types[edge.type].label,
            _ends(ontology, edge.starts),
            _ends(ontology, edge.ends),
            ", ".join(dict.fromkeys(ontology.predicates[name].kind for name in predicates)),
            ", ".join(f"`{claim_label(name)}`" for name in predicates),
        )


def _roles(ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    starts: defaultdict[str, list[str]] = defaultdict(list)
    ends: defaultdict[str, set[str]] = defaultdict(set)
    for edge in _of_kind(ontology, "role"):
        starts[edge.type] += sorted(edge.starts)
        ends[edge.type] |= edge.ends
    for name, claims in starts.items():
        yield f"`{name}`", ", ".join(claims), _ends(ontology, ends[name])


def _other_edges(ontology: Ontology) -> Iterator[tuple[str, ...]]:
    for edge in edges(ontology):
        if edge.kind in ("tie", "role"):
            continue
        cells = [
            f"`{name}` (`{p.type}`): {p.help}"
            for name, p in properties().of_edge(edge.kind).items()
        ]
        yield (
            f"`{edge.type}`",
            {"JUDGED": "Entity", "CURRENT": "Sightlines"}.get(edge.kind, "Claim"),
            _ends(ontology, edge.ends),
            "<br>".join(cells),
            properties().edges[edge.kind].help,
        )


def _of_kind(ontology: Ontology, kind: str) -> Iterator[Edge]:
    return (edge for edge in edges(ontology) if edge.kind == kind)


def _ends(ontology: Ontology, labels: Iterable[str]) -> str:
    """Join labels in the order of the ontology; all labels of one kind have a word of their own."""
    ends = set(labels)
    if ends == ontology.types.keys():
        return "any entity"
    if ends == {claim_label(name) for name in ontology.predicates}:
        return "Claim"
    return ", ".join(
        [*(t for t in ontology.types if t in ends), *sorted(ends - set(ontology.types))]
    )
