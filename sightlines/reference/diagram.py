"""The Mermaid diagrams of docs/graph.md: the model of the graph, and one claim with its ties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.ontology import Ontology, claim_label, role_edge
from graph.properties import edges


def model_diagram(ontology: Ontology) -> Iterator[str]:
    """Yield the lines of a diagram of all kinds of nodes and edges."""
    roles, ties = ontology.role_names, list(ontology.tie_types)
    yield from ("```mermaid", "flowchart LR")
    yield f'    Claim["(:Claim)<br>{len(ontology.predicates)} predicates"]'
    yield f'    Entity["(:Entity)<br>{len(ontology.types)} types"]'
    yield from (f'    {label}["(:{label})"]' for label in ("Source", "Sightlines", "Snapshot"))
    yield f"    Claim -->|{_examples(map(role_edge, roles))}| Entity"
    for edge in edges(ontology):
        if edge.kind not in ("tie", "role"):
            for start in _nodes(ontology, edge.starts):
                for end in _nodes(ontology, edge.ends):
                    yield f"    {start} -->|{edge.type}| {end}"
    yield f"    Entity ==>|{_examples(ties)}| Entity"
    yield "```"


def claim_diagram(ontology: Ontology) -> Iterator[str]:
    """Yield a sentence and a diagram of one claim, of the first predicate with several ties."""
    predicates = list(ontology.predicates.items())
    name, predicate = next((item for item in predicates if len(item[1].ties) > 1), predicates[0])
    yield f"One claim of “{predicate.label}” and the ties (bold) that are computed from it:"
    yield ""
    yield from ("```mermaid", "flowchart LR", f'    claim["(:Claim:{claim_label(name)})"]')
    for number, role in enumerate(predicate.roles):
        yield f'    role{number}(["{role}"])'
        yield f"    claim -->|{role_edge(role)}| role{number}"
    roles = list(predicate.roles)
    for tie in predicate.ties:
        source, target = roles.index(tie.source), roles.index(tie.target)
        yield f"    role{source} ==>|{tie.type}| role{target}"
    yield "```"


def _nodes(ontology: Ontology, labels: Iterable[str]) -> Iterator[str]:
    """Yield the nodes of the diagram with these labels: types and predicates are second labels."""
    claims = set(map(claim_label, ontology.predicates))
    nodes = ("Entity" if x in ontology.types else "Claim" if x in claims else x for x in labels)
    yield from sorted(set(nodes))


def _examples(names: Iterable[str]) -> str:
    """Return the first name and the number of the others."""
    first, *others = names
    return f'"{first} and {len(others)} more"' if others else first
