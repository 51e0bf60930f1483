"""The page on which claims are written beside their text: its frame, and the words of the ontology.

What it shows it asks for at the application that serves it (`api.writing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.language import gettext, mark
from graph.ontology import ONTOLOGY, Word
from viz import shapes
from viz.frame import Frame
from viz.links import Links
from viz.page import content_page

TITLE = mark("Write claims")


def write_page() -> str:
    """Return the page. It holds nothing of the folder that it is opened for."""
    return content_page("write.html", Frame(Links.server(), gettext(TITLE)), words=_words())


def _words() -> dict[str, Any]:
    return {
        "predicates": {
            name: {
                "label": gettext(p.label),
                "help": gettext(p.help),
                "roles": {
                    role: {
                        "help": gettext(r.help),
                        "types": [t for t in ONTOLOGY.types if t in ONTOLOGY.fillers[name, role]],
                        "fewest": r.bounds[0],
                        "most": r.bounds[1],
                    }
                    for role, r in p.roles.items()
                },
                "details": {
                    d: {"help": gettext(i.help), "required": i.required}
                    for d, i in p.details.items()
                },
                "modalities": list(p.modalities or ONTOLOGY.modalities),
            }
            for name, p in ONTOLOGY.predicates.items()
        },
        "names": {
            name: gettext(name.replace("_", " "))
            for name in (*ONTOLOGY.role_names, *ONTOLOGY.detail_names)
        },
        "types": {
            name: {
                "label": gettext(t.label),
                "help": gettext(t.help),
                "path": shapes.PATHS[t.shape],
            }
            for name, t in ONTOLOGY.types.items()
        },
        "modality": _vocabulary(ONTOLOGY.modalities),
        "polarity": _vocabulary(ONTOLOGY.polarities),
        "likelihood": _vocabulary(ONTOLOGY.likelihoods),
        "confidence": _vocabulary(ONTOLOGY.confidences),
        "qualifier": _vocabulary(ONTOLOGY.qualifiers),
        "kind": _vocabulary(ONTOLOGY.source_kinds),
    }


def _vocabulary(words: Mapping[str, Word]) -> dict[str, dict[str, str]]:
    return {
        name: {"label": gettext(word.label), "help": gettext(word.help)}
        for name, word in words.items()
    }
