"""The reference pages of the docs, written from the ontology and the store's properties.

`ontology_page` is docs/ontology.md, `graph_page` docs/graph.md.
"""

from sightlines.reference.graph import graph_page
from sightlines.reference.ontology import ontology_page

__all__ = ["graph_page", "ontology_page"]
