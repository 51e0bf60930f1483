"""What the store holds, in words: every property of nodes and edges, and which edges there are.

The properties of a record's fields derive from its model, those that are computed are in
`properties.yaml`, and labels and edges follow from the ontology. The reference page and the tests
against a loaded store read them here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from graph.model import Claim, DatasetRecord, Entity, Judgement, Source
from graph.model.record import Record, stored_fields
from graph.ontology import ONTOLOGY, Ontology, claim_label, role_edge

FILE = Path(__file__).with_name("properties.yaml")

_MODELS: Mapping[str, type[Record]] = {
    "Entity": Entity,
    "Source": Source,
    "Claim": Claim,
    "Dataset": DatasetRecord,
    "JUDGED": Judgement,
}
_TYPES = {str: "STRING", int: "INTEGER", float: "FLOAT", bool: "BOOLEAN", date: "DATE"}
#: What queries add to the properties of a claim, under names that no detail may have.
CLAIM_KEYS = frozenset({"edges"})

Type = Literal[
    "STRING",
    "INTEGER",
    "FLOAT",
    "BOOLEAN",
    "DATE",
    "ZONED DATETIME",
    "LIST<STRING>",
    "LIST<INTEGER>",
    "LIST<DATE>",
    "LIST<BOOLEAN>",
]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Property(_Entry):
    """One property: its type in Cypher's words, its meaning, and whether it may be missing."""

    type: Type
    help: str
    optional: bool = False


class Kind(_Entry):
    """A kind of node or edge. `per_claim` are lists with one place for each claim of a tie."""

    help: str
    properties: dict[str, Property] = {}
    per_claim: dict[str, Property] = {}


class Properties(_Entry):
    """The whole file. Raises pydantic's `ValidationError` for one that is not of its shape."""

    nodes: dict[str, Kind]
    edges: dict[str, Kind]

    def of_node(self, label: str, ontology: Ontology = ONTOLOGY) -> Mapping[str, Property]:
        """Return the properties of the nodes with a label of the store, such as `Claim`.

        Those of a record's own fields come first. Those of a claim end with the details that the
        predicates of the ontology have; raises `ValueError` for a detail that has the name of
        another property.
        """
        properties = _of_fields(_MODELS.get(label)) | self.nodes[label].properties
        if label != "Claim":
            return properties
        details = _details(ontology)
        for name in details.keys() & {*properties, *CLAIM_KEYS}:
            raise ValueError(f"detail {name}: every claim has a property of that name")
        return properties | details

    def of_edge(self, kind: str) -> Mapping[str, Property]:
        """Return the properties of a kind of edge; those of a tie end with both sets of lists."""
        edge = self.edges[kind]
        denials = {
            f"denial_{name}": Property(
                type=column.type, help=f"`{name}` of the claims that deny it.", optional=True
            )
            for name, column in edge.per_claim.items()
        }
        fields = _of_fields(_MODELS.get(kind))
        return fields | edge.properties | edge.per_claim | denials


def _of_fields(model: type[Record] | None) -> dict[str, Property]:
    return {
        field.property: Property.model_validate(
            {
                "type": f"LIST<{_TYPES[field.scalar]}>" if field.many else _TYPES[field.scalar],
                "help": field.help,
                "optional": field.optional,
            }
        )
        for field in (stored_fields(model) if model else ())
    }


def _details(ontology: Ontology) -> dict[str, Property]:
    users = {
        name: [p for p, predicate in ontology.predicates.items() if name in predicate.details]
        for name in ontology.detail_names
    }
    return {
        name: Property(
            type="STRING",
            help=f"A detail in plain words, of claims of {', '.join(predicates)}.",
            optional=True,
        )
        for name, predicates in users.items()
    }


@lru_cache(1)
def properties() -> Properties:
    """Return what the file says, read once."""
    return Properties.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


class Edge(NamedTuple):
    """A type of edge, its kind in the file, and the second labels of its ends (or their only)."""

    type: str
    kind: str
    starts: frozenset[str]
    ends: frozenset[str]


def edges(ontology: Ontology = ONTOLOGY) -> Iterator[Edge]:
    """Yield every type of edge that the store may hold: ties, roles, and its own.

    A type occurs once for each predicate that has it as a role.
    """
    claims = frozenset(claim_label(name) for name in ontology.predicates)
    types = frozenset(ontology.types)
    for name, predicate in ontology.predicates.items():
        for tie in predicate.ties:
            ends = (ontology.fillers[name, end] for end in (tie.source, tie.target))
            yield Edge(tie.type, "tie", *ends)
        for role in predicate.roles:
            starts = frozenset({claim_label(name)})
            yield Edge(role_edge(role), "role", starts, ontology.fillers[name, role])
    source = frozenset({"Source"})
    yield Edge("FROM", "FROM", claims, source)
    yield Edge("SAID_BY", "SAID_BY", claims, source | set(ontology.type_sets["actor"]))
    yield Edge("PUBLISHED_BY", "PUBLISHED_BY", source, types)
    yield Edge("EDITION_OF", "EDITION_OF", source, source)
    yield Edge("SUPERSEDES", "SUPERSEDES", claims, claims)
    yield Edge("JUDGED", "JUDGED", types, types)
    yield Edge("CURRENT", "CURRENT", frozenset({"Sightlines"}), frozenset({"Snapshot"}))
