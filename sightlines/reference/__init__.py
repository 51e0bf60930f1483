"""The reference pages of the docs, written from the ontology and the store's properties.

`reference` is docs/ontology.md, `graph_page` docs/graph.md, `picture` docs/graph-model.svg.
"""

from sightlines.reference.graph import graph_page
from sightlines.reference.picture import picture
from sightlines.reference.words import reference

__all__ = ["graph_page", "picture", "reference"]
