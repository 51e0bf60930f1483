"""The scripts and the style sheet that a page carries, and the policy that admits them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from graph.ontology import ONTOLOGY

#: vis-network 9.1.2 as it comes with pyvis, and under its licence header.
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
#: The parts of the page's script, in the order in which they build on one another.
_PARTS = (
    "data",
    "draw",
    "labels",
    "panel",
    "years",
    "filters",
    "search",
    "keys",
    "picture",
    "page",
)


@cache
def vis_script() -> Markup:
    """The renderer, without the address of its source map, which nobody should ask for."""
    text = files("pyvis").joinpath(_VIS).read_text(encoding="utf-8")
    return Markup(text[: text.rindex("//# sourceMappingURL")])


@cache
def theme_script() -> Markup:
    """What must run before the first paint: the theme, and that scripts run at all."""
    return Markup(_static("theme.js"))


@cache
def page_script() -> Markup:
    """The page's own script: its parts in one function, so that nothing leaks into the page."""
    parts = "\n".join(_static(f"{part}.js") for part in _PARTS)
    return Markup('(() => {\n"use strict";\n' + parts + "\n})();\n")


@cache
def style() -> Markup:
    """The style sheet, with the colours of the types for both themes."""
    colours = "".join(
        f"  --type-{name}: light-dark({t.colour}, {t.dark});\n"
        for name, t in ONTOLOGY.types.items()
    )
    fills = "".join(f".type-{name} {{ fill: var(--type-{name}); }}\n" for name in ONTOLOGY.types)
    return Markup(f"{_static('page.css')}\n:root {{\n{colours}}}\n{fills}")


def policy(*scripts: str, forms: bool = False) -> str:
    """A content security policy: these scripts and the one style sheet, and no address at all.

    With `forms`, the page may send a form to where it came from.
    """
    sources = " ".join(_hash(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {sources}; style-src {_hash(style())}; "
        f"img-src data: blob:; base-uri 'none'; form-action '{'self' if forms else 'none'}'"
    )


@cache
def _static(name: str) -> str:
    return files("viz").joinpath("static", name).read_text(encoding="utf-8")


@cache
def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
