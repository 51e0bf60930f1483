"""What the store holds, in words: every property of nodes and edges, and which edges there are.

The meanings stand in `properties.yaml`, once; labels and edges follow from the ontology. The
reference page, the picture of the model and the tests against a loaded store ask here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from graph.ontology import ONTOLOGY, Ontology, claim_label, role_edge

FILE = Path(__file__).with_name("properties.yaml")

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

        Those of a claim end with the details that the predicates of the ontology have.
        """
        stated = self.nodes[label].properties
        return stated | (_details(ontology) if label == "Claim" else {})

    def of_edge(self, kind: str) -> Mapping[str, Property]:
        """Return the properties of a kind of edge; those of a tie end with both sets of lists."""
        found = self.edges[kind]
        denials = {
            f"denial_{name}": Property(
                type=listed.type, help=f"`{name}` of the claims that deny it.", optional=True
            )
            for name, listed in found.per_claim.items()
        }
        return found.properties | found.per_claim | denials


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
    yield Edge("SUPERSEDES", "SUPERSEDES", claims, claims)
    yield Edge("JUDGED", "JUDGED", types, types)
    yield Edge("CURRENT", "CURRENT", frozenset({"Sightlines"}), frozenset({"Snapshot"}))
