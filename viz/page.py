"""Whole pages: models in; one HTML document that needs nothing else, out.

How to add a page. Write `templates/NAME.html`:

    {% extends "base.html" %}
    {% from "macros.html" import icon, line, ref, card %}
    {% block main %}…{% endblock %}

and one function that puts the models into words and calls `content_page("NAME.html", frame, …)`.
`base.html` brings the head, the policy, the navigation, the search form, the heading (from the
`Frame`) and the footer. Every value is escaped: hand over texts, never markup. Addresses come from
`frame.links`, so that the page works on a server and as a file.

A page with a script of its own names a bundle at the top, `{% set scripts = assets.scripts("NAME")
%}`, with the bundle's files listed in `assets.BUNDLES`; a style sheet goes into `static/NAME.css`
and `assets._STYLES`. Nothing else may run or style: the policy admits these by their hashes. Data
for a script stands in `<script type="application/json" id="data">{{ value | tojson }}</script>`.

What only scripts use and is the same on all pages stands in a `shared_NAME.html` and is placed by
the macro `shared`; the pages of a static site have each as one script.

A page with the graph extends `graph.html`, whose blocks `before`, `results` and `after` take what
the page has besides, and is drawn by `draw(view, "NAME.html")`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graph import language
from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from viz import assets, shapes, words
from viz.frame import Frame
from viz.layout import Point
from viz.links import SHARED, Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.network import network
from viz.supply_picture import Supply
from viz.view import SUPPLY_TYPES, GraphView

#: pyvis leaves autoescape off, so its own environment is never used. See page.md, "Safety".
_ENVIRONMENT = Environment(
    loader=PackageLoader("viz"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # No page looks whether the files of its templates have changed.
    auto_reload=False,
    extensions=["jinja2.ext.i18n"],
)
_ENVIRONMENT.install_gettext_callables(language.gettext, language.ngettext)  # type: ignore[attr-defined]
_ENVIRONMENT.globals.update(
    assets=assets,
    shapes=shapes,
    words=words,
    ontology=ONTOLOGY,
    language=language,
    count=language.count,
    # The extension's own alias looks the function up at each call: a fifth of a page's time.
    _=language.gettext,
    supply_of=Supply,
)
# NaN and Infinity are not JSON: a browser would refuse the whole block.
_ENVIRONMENT.policies["json.dumps_kwargs"] = {
    "allow_nan": False,
    "ensure_ascii": False,
    "separators": (",", ":"),
}


#: Stands for the path from a page to the root of the site, in parts that pages share.
_BASE = "{base}"
#: The block of data in a page; the template writes no `<` into it.
_DATA = re.compile(r'<script type="application/json" id="data">([^<]*)</script>')
#: The fields of nodes and edges in the page's data, with the defaults that `data.js` fills in.
_OF_NODES = {"id": "", "type": "", "names": [], "lang": "en", "size": 0, "x": None, "y": None}
_OF_EDGES = {
    "status": "",
    "disputed": False,
    "possibly": False,
    "reading": False,
    "first": None,
    "last": None,
    "independent": None,
    "bend": 0,
}


def graph_page(
    graph: Subgraph,
    *,
    title: str,
    lead: str,
    links: Links,
    passages: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    here: str = "",
    metadata: PageMetadata = NO_METADATA,
    before: Mapping[str, Point] | None = None,
) -> str:
    """Return a page with the graph, the evidence of its ties and the same ties as a table.

    `passages` gives the quoted passage of a claim by its id, where the text is held; `labels` the
    names of entities that claims mention and `graph.entities` lacks; `here` is that of `Frame`. The
    panel opens on `graph.focus`. `before` holds the positions of nodes in an earlier picture of the
    page, and keeps them close: see `node_positions`.
    """
    args = (graph, title, lead, links, passages or {}, labels or {}, metadata.snapshot)
    return draw(GraphView(*args, here=here, metadata=metadata), before=before)


def node_positions(page: str) -> dict[str, Point]:
    """Return the positions of the nodes in a page from `draw`; empty for any other text."""
    match = _DATA.search(page)
    try:
        nodes = json.loads(match[1])["nodes"] if match else []
        return {node["id"]: Point(float(node["x"]), float(node["y"])) for node in nodes}
    except (ValueError, KeyError, TypeError):  # Another file, or one edited by hand.
        return {}


def draw(
    view: GraphView,
    template: str = "graph.html",
    before: Mapping[str, Point] | None = None,
    whole: Mapping[str, Point] | None = None,
) -> str:
    """Return the page of a view: the template gets it with the nodes and edges of its picture.

    `before` and `whole` are those of `viz.network.network`.
    """
    net = network(view, before, whole)
    net.templateEnv, net.path = _ENVIRONMENT, template
    net.options = {"physics": {"enabled": False}}
    # pyvis hands its heading to the template untouched: ours is the whole page.
    net.heading = view
    return str(net.generate_html())


def content_page(template: str, frame: Frame, **values: Any) -> str:
    """Return a page without a picture: a template that extends `base.html`, with its values."""
    return render(template, frame=frame, **values)


def render(template: str, **values: Any) -> str:
    """Return a template with its values."""
    return _ENVIRONMENT.get_template(template).render(**values)


def message_page(
    title: str,
    text: str,
    suggestions: Iterable[tuple[str, str]] = (),
    *,
    links: Links | None = None,
    suggestions_title: str = "",
) -> str:
    """Return a page with one message: not found, nothing loaded, the store is down.

    `suggestions` are labels and addresses, listed under `suggestions_title`; by
    default that is whether they are meant.
    """
    frame = Frame(links or Links.server(), title)
    return content_page(
        "message.html",
        frame,
        text=text,
        suggestions=list(suggestions),
        suggestions_title=suggestions_title or language.gettext("Did you mean:"),
    )


def data(
    view: GraphView, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]
) -> dict[str, Any]:
    """The data block of the page's script, which also reads the table. Called by the template."""
    return {
        "nodes": [_without_defaults(node, _OF_NODES) for node in nodes],
        "edges": [
            {
                **_without_defaults(edge, _OF_EDGES),
                "claims": [view.numbers[c.id] for c in row.cards],
            }
            for edge, row in zip(edges, view.rows, strict=True)
        ],
        "focus": view.graph.focus,
        "types": {name: language.gettext(t.label) for name, (t, _) in view.types.items()},
        "symmetric": [name for name, t in ONTOLOGY.tie_types.items() if t.symmetric],
        "statuses": {
            name: {"line": s.line, "rank": ONTOLOGY.ranks[name]}
            for name, (s, _) in view.statuses.items()
        },
        "supply": [name for name in view.relations if name in SUPPLY_TYPES],
        "relations": list(view.relations),
        "undated": not view.day,
        "citations": view.metadata.citations,
        "permalink": view.metadata.permalink,
        "pathPage": view.links.path(),
        "searchPage": view.links.search,
    }


def _without_defaults(item: dict[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a node or an edge that differ from their defaults, to keep pages small."""
    return {name: item[name] for name, usual in defaults.items() if item[name] != usual}


@cache
def _shared_scripts(code: str) -> dict[str, tuple[str, str]]:
    """The scripts of parts in a language: the name of the file and its text, by template."""
    scripts = {}
    for template in _ENVIRONMENT.list_templates(
        filter_func=lambda name: name.startswith("shared_")
    ):
        # Only the script's own address tells the way from a page to the root of the site.
        html = json.dumps(render(template, frame=Frame(Links(_BASE, files=True), "")))
        text = (
            "const { currentScript: script } = document;"
            f'const base = script.getAttribute("src").split("{SHARED}/")[0];'
            f'script.outerHTML = {html}.replaceAll("{_BASE}", base);'
        )
        text = f"{{ {text} }}\n"
        scripts[template] = assets.shared_name(text, "js"), text
    return scripts


def shared_part(name: str) -> str:
    """The name of the file with the script of a part (`shared_*.html`). Called by templates."""
    return _shared_scripts(language.code())[f"shared_{name}.html"][0]


def shared_files() -> dict[str, str]:
    """All that the pages of a static site share in one folder, by its name."""
    return {**assets.shared_files(), **dict(_shared_scripts(language.code()).values())}


_ENVIRONMENT.globals.update(page_data=data, shared_part=shared_part)
