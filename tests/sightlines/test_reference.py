"""sightlines/reference: the pages that are written from the ontology, and the drawing."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from graph.ontology import ONTOLOGY
from graph.properties import edges, properties
from sightlines.reference import graph_page, picture

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_the_graph_is_the_committed_one(offline) -> None:
    """`sightlines ontology --graph` prints docs/graph.md: `make docs` writes it anew."""
    page = (DOCS / "graph.md").read_text(encoding="utf-8")
    assert page == graph_page(ONTOLOGY)
    assert offline("ontology", "--graph").stdout == page


def test_the_picture_is_the_committed_one(offline) -> None:
    """`sightlines ontology --picture` prints docs/graph-model.svg."""
    drawn = (DOCS / "graph-model.svg").read_text(encoding="utf-8")
    assert drawn == picture(ONTOLOGY)
    assert offline("ontology", "--picture").stdout == drawn


def test_the_page_has_every_edge_and_property() -> None:
    """Each stands in a row of its own, but the lists of denials, which are named."""
    page = graph_page(ONTOLOGY)
    names = {edge.type for edge in edges()}
    for told in (properties().of_node("Claim"), properties().of_edge("tie")):
        names |= {name for name in told if not name.startswith("denial_")}
    assert names <= set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))
    assert all(f"`{name}`" in page for name in properties().of_edge("tie"))


def test_the_picture_names_every_tie_and_type() -> None:
    """As text, so that it can be read out and searched, in a document that is well formed."""
    root = ElementTree.fromstring(picture(ONTOLOGY))
    said = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert said >= ONTOLOGY.tie_types.keys() | ONTOLOGY.types.keys()


def test_the_picture_has_colours_for_the_dark() -> None:
    """Each colour is defined for light pages and for dark ones."""
    style = picture(ONTOLOGY).partition("</style>")[0]
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    for name in re.findall(r"var\(--(\w+)\)", picture(ONTOLOGY)):
        assert f"--{name}:" in light and f"--{name}:" in dark, name
