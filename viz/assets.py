"""The scripts and the style sheet of a page, and the content security policy that admits them.

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
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from graph import language
from graph.fold import CATEGORIES, LETTERS, SIGNS
from graph.ontology import ONTOLOGY
from viz import shapes
from viz.links import Links
from viz.view import LEADING

#: vis-network 9.1.2 as it comes with pyvis, with its licence header.
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
#: The files of `static` in each bundle; each may use those before it.
BUNDLES: dict[str, tuple[str, ...]] = {
    "graph": (
        "words",
        "numbers",
        "lazy",
        "data",
        "draw",
        "labels",
        "panel",
        "sources",
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
        "touch",
        "suggest",
        # `steps` reads the fragment before `page` does.
        "steps",
        "page",
        "walk",
        "frames",
    ),
    "text": ("words", "lazy", "text", "suggest"),
    "lookup": ("words", "numbers", "lazy", "text", "fold", "lookup"),
    "cypher": ("words", "cypher"),
    "pair": ("pair",),
    "write": (
        "words",
        "numbers",
        "write_server",
        "write_text",
        "write_choice",
        "write_fields",
        "write_claim",
        "write_records",
        "write",
    ),
}
#: The page of a query with connections in its rows.
BUNDLES["cypher_graph"] = (*BUNDLES["graph"], "cypher")
#: JavaScript has no case folding, and its lower case keeps these letters: sharp s, final sigma,
#: iota subscript, and variants of Cyrillic letters.
_CASELESS = "ßς\u0345" + "".join(map(chr, range(0x1C80, 0x1C89)))
#: The bundles that draw with vis-network.
_WITH_VIS = frozenset({"graph", "cypher_graph"})
#: What may stand in an address as it is, within an attribute in double quotes.
_READABLE = " =:/'"
#: How the lines of a picture look in its legend, by their names.
_LINES = {
    "solid": "d='M1 5H35'",
    "dashed": "d='M1 5H35' stroke-dasharray='6 4'",
    "dotted": "d='M1 5H35' stroke-dasharray='1.5 3.5'",
    "faint": "d='M1 5H35'",
    "struck": "d='M1 5H35M15 0.5L18 9.5M19 0.5L22 9.5'",
}
#: The parts of the one style sheet, which every page carries whole.
_STYLES = ("base", "graph", "pages", "supply", "write")


@cache
def vis_script() -> Markup:
    """The renderer, without the address of its source map, which browsers would request."""
    text = files("pyvis").joinpath(_VIS).read_text(encoding="utf-8")
    return Markup(text[: text.rindex("//# sourceMappingURL")])


@cache
def theme_script() -> Markup:
    """The script that runs before the first paint: it sets the theme."""
    return Markup(_static("theme.js"))


@cache
def icon() -> str:
    """The picture that browsers show beside the title of a page, as SVG."""
    return files("viz").joinpath("static", "icon.svg").read_text(encoding="utf-8").rstrip()


@cache
def icon_address() -> str:
    """The icon as an address that needs no file."""
    return f"data:image/svg+xml,{quote(icon(), safe=_READABLE)}"


@cache
def scripts(bundle: str) -> tuple[Markup, ...]:
    """The scripts of a kind of page. A bundle is one function, so that it defines no globals."""
    parts = "\n".join(source(part) for part in BUNDLES[bundle])
    own = Markup('(() => {\n"use strict";\n' + parts + "\n})();\n")
    return (vis_script(), own) if bundle in _WITH_VIS else (own,)


@cache
def source(part: str) -> str:
    """A part of a bundle without its comments; those of `fold` and `draw` begin with tables."""
    tables = {"fold": _fold_tables, "draw": _shapes}
    return (tables[part]() if part in tables else "") + _static(f"{part}.js")


def _shapes() -> str:
    paths = {name: shapes.PATHS[t.shape] for name, t in ONTOLOGY.types.items()}
    return f"const SHAPES = {json.dumps(paths)};\n"


def _fold_tables() -> str:
    letters = LETTERS | {letter: letter.casefold() for letter in _CASELESS}
    categories: dict[str, list[str]] = {}
    for category, result in CATEGORIES.items():
        categories.setdefault(result, []).append(category)
    tables = {"letters": letters, "categories": categories, "signs": SIGNS}
    return f"const FOLD = {json.dumps(tables, ensure_ascii=False)};\n"


#: A message and a message with a number (static/words.js, static/numbers.js), also in a template
#: literal, where Babel finds none.
_STRING = r'"((?:[^"\\]|\\.)*)"'
_TEXT = re.compile(rf"\bt\({_STRING}")
_COUNT = re.compile(rf"\bcount\((?:[^\"()]|\([^()]*\))*?,\s*{_STRING},\s*{_STRING}")
#: Every rule for numbers looks at most at the last two digits, beyond the first hundred numbers;
#: some have a form for millions, which no page counts.
_NUMBERS = 200


@cache
def messages(script: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the messages of a script, and those with a number, in both forms of English."""
    texts = (json.loads(f'"{text}"') for text in _TEXT.findall(script))
    return frozenset(texts), frozenset(_COUNT.findall(script))


def script_words(scripts: Iterable[str]) -> dict[str, Any]:
    """Return the words of scripts in the language of the page, for static/words.js.

    `texts` are by message, `counts` by the message of one, each with its forms; `forms` has the
    place of the form among them for each number below 200.
    """
    texts: set[str] = set()
    counts: set[tuple[str, str]] = set()
    for script in scripts:
        if 'getElementById("script-words")' not in script:  # It is not ours.
            continue
        own, numbered = messages(script)
        texts |= own
        counts |= numbered
    forms = [language.form(number) for number in range(_NUMBERS)]
    examples = {form: forms.index(form) for form in forms}
    places = {form: place for place, form in enumerate(examples)}
    return {
        "texts": {text: language.gettext(text) for text in sorted(texts)},
        "counts": {
            one: [language.ngettext(one, many, number) for number in examples.values()]
            for one, many in sorted(counts)
        },
        "forms": [places[form] for form in forms],
    }


@cache
def style() -> Markup:
    """The style sheet, with the colours of the types for both themes."""
    colours = "".join(
        f"  --type-{name}: light-dark({t.colour}, {t.dark});\n"
        for name, t in ONTOLOGY.types.items()
    )
    fills = "".join(
        f".type-{name} {{ --shape: var(--type-{name}); fill: var(--shape); --mask: {mask}; }}\n"
        f"span.type-{name} {{ background: var(--shape); }}\n"
        for name, mask in ((name, _icon_mask(t.shape)) for name, t in ONTOLOGY.types.items())
    )
    # Six colours are as many as a picture bears: the shapes tell the other types apart.
    grey = "".join(f"  --type-{n}: var(--quiet);\n" for n in ONTOLOGY.types if n not in LEADING)
    parts = "\n".join(_static(f"{part}.css") for part in _STYLES)
    return Markup(f"{parts}\n:root {{\n{colours}}}\n.app {{\n{grey}}}\n{fills}{_line_masks()}")


def _icon_mask(shape: str) -> str:
    return _mask(shapes.VIEW_BOX, f"<path fill-rule='evenodd' d='{shapes.PATHS[shape]}'/>")


def _line_masks() -> str:
    """The rules for the samples of lines: each style of a line, thin and broad."""
    rules = ["span.line { background: var(--ink); }\n"]
    for name, look in _LINES.items():
        for kind, width in ((name, 2), (f"{name}.broad", 4)):
            mask = _mask("0 0 36 10", f"<path stroke='black' stroke-width='{width}' {look}/>")
            rules.append(f"span.{kind} {{ --mask: {mask}; }}\n")
    return "".join(rules)


def _mask(box: str, drawing: str) -> str:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{box}'>{drawing}</svg>"
    return f'url("data:image/svg+xml,{quote(svg, safe=_READABLE)}")'


@cache
def shared_name(text: str, suffix: str) -> str:
    """The name of a script or a style sheet that pages share: another text, another name."""
    return f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.{suffix}"


@cache
def shared_files() -> dict[str, str]:
    """The scripts, the style sheet and the icon that the pages of a site share, by their names."""
    # A site has no page on which somebody asks or writes.
    bundles = [name for name in BUNDLES if name != "write" and "cypher" not in name]
    texts = {theme_script(), *(text for name in bundles for text in scripts(name))}
    return {
        **{shared_name(text, "js"): text for text in texts},
        shared_name(style(), "css"): style(),
        shared_name(icon(), "svg"): icon(),
    }


def policy(scripts: Iterable[str], links: Links, styles: Iterable[str] = ()) -> str:
    """A content security policy: the theme script, these scripts, the style sheet, and no address.

    `styles` are further style sheets of the page. What pages share as files may come from the site
    alone, or from the folder that it is in: no file can be admitted by its hash there.
    Forms may go to the page's own origin; a browser does not count a folder of files as one.
    """
    if links.shared:
        sources = sheets = "'self' file:"
        pictures = f"{sources} data:"
    else:
        sources = " ".join(map(_hash, (theme_script(), *scripts)))
        sheets = " ".join(map(_hash, (style(), *styles)))
        pictures = "data:"
    forms = "'self' file:" if links.files else "'self'"
    # A server suggests names while somebody types.
    connect = "" if links.files else "connect-src 'self'; "
    return (
        f"default-src 'none'; script-src {sources}; style-src {sheets}; "
        f"{connect}img-src {pictures} blob:; base-uri 'none'; form-action {forms}"
    )


#: Comments and indentation are stripped: they are for readers of the files.
_COMMENTS = {
    "js": re.compile(r"^ *//.*\n", re.MULTILINE),
    "css": re.compile(r"/\*.*?\*/\n?", re.DOTALL),
}
_INDENTATION = re.compile(r"^ +", re.MULTILINE)


@cache
def _static(name: str) -> str:
    text = files("viz").joinpath("static", name).read_text(encoding="utf-8")
    return _INDENTATION.sub("", _COMMENTS[name.rpartition(".")[2]].sub("", text))


@cache
def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
