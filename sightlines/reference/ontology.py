"""docs/ontology.md: the types, predicates, roles and vocabularies of claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.ontology import COUNTS, Ontology, Word, claim_label, role_edge

_COUNTS = {
    "one": "exactly one",
    "some": "one or more",
    "pair": "two or more",
    "any": "any number",
    "maybe": "at most one",
}
assert _COUNTS.keys() == COUNTS.keys()


def ontology_page(ontology: Ontology) -> str:
    """Return the page in Markdown, the same for the same ontology."""
    return "\n".join(_lines(ontology)) + "\n"


def _lines(ontology: Ontology) -> Iterator[str]:
    yield "# The ontology"
    yield ""
    yield "Written from `graph/ontology.yaml` by `sightlines ontology --markdown`; a test compares."
    yield ""
    yield "## Types of entity"
    yield ""
    yield "| type | what it is |"
    yield "|---|---|"
    for name, entity_type in ontology.types.items():
        yield f"| `{name}` | {entity_type.help} |"
    yield ""
    yield "## Predicates"
    for name in ontology.predicates:
        yield ""
        yield from _predicate(ontology, name)
    for title, words in _vocabularies(ontology).items():
        yield ""
        yield f"## {title}"
        yield ""
        yield "| value | what it means |"
        yield "|---|---|"
        for name, word in words.items():
            yield f"| `{name}` | {word.help} |"


def _predicate(ontology: Ontology, name: str) -> Iterator[str]:
    predicate = ontology.predicates[name]
    yield f"### {name}"
    yield ""
    label = claim_label(name)
    yield f"{predicate.help} A claim of it is a `(:Claim:{label})`; it is {KINDS[predicate.kind]}."
    if predicate.synonyms:
        yield ""
        yield f"Looked for as: {', '.join(predicate.synonyms)}."
    if predicate.example:
        fields = ", ".join(f"`{name}: {value}`" for name, value in predicate.example.claim.items())
        yield ""
        yield f"Example: “{predicate.example.text}” is {fields}."
    yield ""
    yield "| role | how many | may be filled by | edge of the claim | what it is |"
    yield "|---|---|---|---|---|"
    for role_name, role in predicate.roles.items():
        fillers = ontology.fillers[name, role_name]
        types = "any type" if len(fillers) == len(ontology.types) else ", ".join(sorted(fillers))
        edge = role_edge(role_name)
        yield f"| {role_name} | {_COUNTS[role.count]} | {types} | `{edge}` | {role.help} |"
    if predicate.details:
        yield ""
        for detail_name, detail in predicate.details.items():
            need = "required" if detail.required else "optional"
            yield f"- detail `{detail_name}` ({need}): {detail.help}"
    if predicate.ties:
        yield ""
        for tie in predicate.ties:
            edge = f"({tie.source})-[:{tie.type}]->({tie.target})"
            first = ontology.tie_types[tie.type]
            between = ", as an intermediary" if tie.intermediary else ""
            yield f"- tie `{edge}`: {first.label}; {first.inverse}{between}"
    if predicate.modalities:
        yield ""
        yield f"Only as {', '.join(predicate.modalities)}."


KINDS = {
    "state": "a state, which holds during its `when`",
    "event": "an event, which happens at its `when`",
    "stance": "a stance, which projects no tie",
}


def _vocabularies(ontology: Ontology) -> Mapping[str, Mapping[str, Word]]:
    return {
        "Modalities": ontology.modalities,
        "Polarities": ontology.polarities,
        "Statuses of a tie, the strongest first": ontology.statuses,
        "Kinds of source": ontology.source_kinds,
        "Qualifiers of a quantity": ontology.qualifiers,
        "Kinds of name": ontology.name_kinds,
        "Verdicts of a judgement": ontology.verdicts,
    }
