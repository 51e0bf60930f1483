"""An entity in short, for a small frame: what it is called, what it is, how it is connected."""

from __future__ import annotations

from collections.abc import Mapping

from graph.language import gettext
from graph.model import Entity
from graph.ontology import ONTOLOGY
from viz.page import render


def preview_page(entity: Entity, tie_counts: Mapping[str, int]) -> str:
    """Return the page, which needs no script and no file."""
    return render(
        "preview.html",
        entity=entity,
        type=gettext(ONTOLOGY.types[entity.type].label),
        names=[name for name in entity.names[1:] if name.kind != "epithet"],
        ties=sum(tie_counts.values()),
    )
