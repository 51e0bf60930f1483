"""The nodes, edges and properties of the store in the form that text-to-Cypher tools take.

It is that of `get_structured_schema` of neo4j-graphrag and `structured_schema` of langchain-neo4j,
which those read from APOC where a server has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from graph.ontology import ONTOLOGY, Ontology, claim_label
from graph.properties import Property, edges, properties

#: The properties of second labels, by the first.
FIRST = {"Entity": ("id", "name", "described"), "Claim": ("id", "summary", "when", "origin_id")}
#: The most types at one end of an edge that are named one by one.
MOST = 3


class PropertyType(TypedDict):
    """A property and its type in APOC's words, such as LIST."""

    property: str
    type: str


class Pattern(TypedDict):
    """An edge between two labels."""

    start: str
    type: str
    end: str


class Metadata(TypedDict):
    """Constraints and indexes, which the statements of docs/graph.md tell better."""

    constraint: list[str]
    index: list[str]


class GraphSchema(TypedDict):
    """Properties by label and by type of edge, and which labels each type leads from and to."""

    node_props: dict[str, list[PropertyType]]
    rel_props: dict[str, list[PropertyType]]
    relationships: list[Pattern]
    metadata: Metadata


def graph_schema(ontology: Ontology = ONTOLOGY) -> GraphSchema:
    """Return the schema of a store.

    An entity and a claim have two labels. All their properties stand at the first one; the second,
    the type or the predicate, has those that questions begin with. Left out are the lists of a tie
    with an item for each claim: a language model reads the whole of it with each question.
    """
    nodes = {name: properties().of_node(name, ontology) for name in properties().nodes}
    first = {name: {key: nodes[name][key] for key in keys} for name, keys in FIRST.items()}
    nodes |= dict.fromkeys(ontology.types, first["Entity"])
    nodes |= dict.fromkeys(map(claim_label, ontology.predicates), first["Claim"])
    kinds = {edge.type: edge.kind for edge in edges(ontology)}
    return {
        "node_props": {name: _types(by_name) for name, by_name in nodes.items()},
        "rel_props": {name: _types(_of_edge(kind)) for name, kind in sorted(kinds.items())},
        "relationships": list(_patterns(ontology)),
        "metadata": {"constraint": [], "index": []},
    }


def _of_edge(kind: str) -> Mapping[str, Property]:
    return properties().edges["tie"].properties if kind == "tie" else properties().of_edge(kind)


def _types(by_name: Mapping[str, Property]) -> list[PropertyType]:
    return [{"property": name, "type": _type(p.type)} for name, p in by_name.items()]


def _type(name: str) -> str:
    return {"ZONED DATETIME": "DATE_TIME"}.get(name, name.partition("<")[0])


def _patterns(ontology: Ontology) -> Iterator[Pattern]:
    """Yield each pattern once."""
    patterns: set[tuple[str, str, str]] = set()
    for edge in edges(ontology):
        for start in _labels(edge.starts, ontology):
            patterns |= {(start, edge.type, end) for end in _labels(edge.ends, ontology)}
    for start, name, end in sorted(patterns, key=lambda p: (p[1], p[0], p[2])):
        yield {"start": start, "type": name, "end": end}


def _labels(labels: Iterable[str], ontology: Ontology) -> set[str]:
    """Return labels, and the first label in place of more than `MOST` types or predicates."""
    names = set(labels)
    for label, second in (
        ("Entity", set(ontology.types)),
        ("Claim", {claim_label(name) for name in ontology.predicates}),
    ):
        if len(second & names) > MOST:
            names = names - second | {label}
    return names
