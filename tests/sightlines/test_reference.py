"""sightlines/reference: the pages that are written from the ontology."""

from __future__ import annotations

import json
import re
from pathlib import Path

from graph.graph_schema import graph_schema
from graph.ontology import ONTOLOGY
from graph.properties import edges, properties
from graph.store.schema import tokens
from graph.vocabulary import vocabulary
from sightlines.reference import graph_page
from sightlines.reference.diagram import claim_diagram, model_diagram

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_the_graph_is_the_committed_one(offline) -> None:
    """`sightlines ontology --graph` prints docs/graph.md: `make docs` writes it anew."""
    page = (DOCS / "graph.md").read_text(encoding="utf-8")
    assert page == graph_page(ONTOLOGY)
    assert offline("ontology", "--graph").stdout == page


def test_the_schema_is_the_committed_one(offline) -> None:
    """`sightlines ontology --schema` prints docs/schema.json: every label and type."""
    text = (DOCS / "schema.json").read_text(encoding="utf-8")
    assert offline("ontology", "--schema").stdout == text
    schema = json.loads(text)
    assert schema == graph_schema() and len(text) < 100_000
    names = tokens()
    assert schema["node_props"].keys() == names["label"]
    assert schema["rel_props"].keys() == {r["type"] for r in schema["relationships"]}
    assert schema["rel_props"].keys() == names["type"]
    ends = {r[end] for r in schema["relationships"] for end in ("start", "end")}
    assert ends <= names["label"]
    listed = {p["property"] for entries in schema["node_props"].values() for p in entries}
    assert listed <= names["property"] and "claim_when" not in text


def test_the_page_has_every_edge_and_property() -> None:
    """Each stands in a row of its own, but the lists of denials, which are named."""
    page = graph_page(ONTOLOGY)
    names = {edge.type for edge in edges()}
    for names_of_kind in (properties().of_node("Claim"), properties().of_edge("tie")):
        names |= {name for name in names_of_kind if not name.startswith("denial_")}
    assert names <= set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))
    assert all(f"`{name}`" in page for name in properties().of_edge("tie"))


def test_the_diagrams_follow_the_ontology() -> None:
    """Each edge of the model that is neither role nor tie, and each tie of the claim, has a line.

    No ontology is refused: one without ties has a claim without ties.
    """
    model = "\n".join(model_diagram(ONTOLOGY))
    for edge in edges():
        assert edge.kind in ("tie", "role") or f"|{edge.type}| " in model
    name, predicate = next(p for p in ONTOLOGY.predicates.items() if len(p[1].ties) > 1)
    claim = "\n".join(claim_diagram(ONTOLOGY))
    assert all(f"|{tie.type}| " in claim for tie in predicate.ties)
    assert claim.count("==>") == len(predicate.ties)
    bare = ONTOLOGY.model_copy(
        update={"predicates": {name: predicate.model_copy(update={"ties": ()})}}
    )
    assert "==>" not in "\n".join(claim_diagram(bare))


def test_the_page_of_the_words_is_the_committed_one(offline) -> None:
    """At most 40, in the order of the alphabet, each in one sentence."""
    page = (DOCS / "vocabulary.md").read_text(encoding="utf-8")
    assert offline("ontology", "--words").stdout == page
    words = vocabulary()
    assert len(words) <= 40 and list(words) == sorted(words)
    assert all(meaning.endswith(".") and ". " not in meaning for meaning in words.values())
