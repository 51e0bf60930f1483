"""The scripts and the style sheet that a page carries, and the policy that admits them.

This is the only place that puts a script or a style into a page. A page names its bundle
(`assets.scripts("graph")`), `base.html` writes the bundle out and admits it by its hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from graph.fold import CATEGORIES, LETTERS
from graph.ontology import ONTOLOGY
from viz.links import Links

#: vis-network 9.1.2 as it comes with pyvis, and under its licence header.
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
#: The parts of each bundle, in the order in which they build on one another: files of `static`.
BUNDLES: dict[str, tuple[str, ...]] = {
    "graph": (
        "data",
        "draw",
        "labels",
        "panel",
        "years",
        "filters",
        "fold",
        "search",
        "chains",
        "path",
        "keys",
        "address",
        "vector",
        "picture",
        "share",
        "page",
    ),
    "text": ("text",),
    "lookup": ("text", "fold", "lookup"),
}
#: A source's page marks what rests on it.
BUNDLES["source"] = (*BUNDLES["graph"], "frames")
#: A story is a graph page that walks: it reads its own address before the page does.
BUNDLES["story"] = (*BUNDLES["graph"][:-1], "steps", "page", "walk")
#: JavaScript has no case folding, and its lower case keeps these letters: sharp s, final sigma,
#: iota subscript, and variants of Cyrillic letters.
_CASELESS = "ßς\u0345" + "".join(map(chr, range(0x1C80, 0x1C89)))
#: The bundles that draw with vis-network.
_DRAWN = frozenset({"graph", "source", "story"})
#: The parts of the one style sheet, which every page carries whole.
_STYLES = ("base", "graph", "pages")


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
def scripts(bundle: str) -> tuple[Markup, ...]:
    """The scripts of a kind of page. Its parts are one function, so that nothing leaks out."""
    parts = "\n".join(source(part) for part in BUNDLES[bundle])
    own = Markup('(() => {\n"use strict";\n' + parts + "\n})();\n")
    return (vis_script(), own) if bundle in _DRAWN else (own,)


@cache
def source(part: str) -> str:
    """A part of a bundle without its comments; that of `fold` has its tables before it."""
    return _fold_tables() + _static("fold.js") if part == "fold" else _static(f"{part}.js")


def _fold_tables() -> str:
    letters = LETTERS | {letter: letter.casefold() for letter in _CASELESS}
    categories: dict[str, list[str]] = {}
    for category, result in CATEGORIES.items():
        categories.setdefault(result, []).append(category)
    tables = json.dumps({"letters": letters, "categories": categories}, ensure_ascii=False)
    return f"const FOLD = {tables};\n"


@cache
def style() -> Markup:
    """The style sheet, with the colours of the types for both themes."""
    colours = "".join(
        f"  --type-{name}: light-dark({t.colour}, {t.dark});\n"
        for name, t in ONTOLOGY.types.items()
    )
    fills = "".join(f".type-{name} {{ fill: var(--type-{name}); }}\n" for name in ONTOLOGY.types)
    parts = "\n".join(_static(f"{part}.css") for part in _STYLES)
    return Markup(f"{parts}\n:root {{\n{colours}}}\n{fills}")


def policy(carried: Iterable[str], links: Links) -> str:
    """A content security policy: the theme's and these scripts, the style sheet, and no address.

    Forms go to where the page came from; a browser takes a folder of files for no such place.
    """
    sources = " ".join(map(_hash, (theme_script(), *carried)))
    forms = "'self' file:" if links.files else "'self'"
    return (
        f"default-src 'none'; script-src {sources}; style-src {_hash(style())}; "
        f"img-src data: blob:; base-uri 'none'; form-action {forms}"
    )


#: Remarks are for those who read the files, not for those who load a page.
_REMARKS = {
    "js": re.compile(r"^ *//.*\n", re.MULTILINE),
    "css": re.compile(r"/\*.*?\*/\n?", re.DOTALL),
}


@cache
def _static(name: str) -> str:
    text = files("viz").joinpath("static", name).read_text(encoding="utf-8")
    return _REMARKS[name.rpartition(".")[2]].sub("", text)


@cache
def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
