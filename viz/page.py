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
%}`, with the bundle's files listed in `assets._BUNDLES`; a style sheet goes into `static/NAME.css`
and `assets._STYLES`. Nothing else may run or style: the policy admits these by their hashes. Data
for a script stands in `<script type="application/json" id="data">{{ value | tojson }}</script>`.

A page with the graph extends `graph.html`, whose blocks `before`, `results` and `after` take what
the page has besides, and is drawn by `draw(view, "NAME.html")`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from viz import assets, shapes, words
from viz.frame import Frame
from viz.links import Links
from viz.network import network
from viz.view import View
from viz.visit import NO_VISIT, Visit

#: pyvis leaves autoescape off, so its own environment is never used. See page.md, "Safety".
_ENVIRONMENT = Environment(
    loader=PackageLoader("viz"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals.update(assets=assets, shapes=shapes, words=words, ontology=ONTOLOGY)
# NaN and Infinity are not JSON: a browser would refuse the whole block.
_ENVIRONMENT.policies["json.dumps_kwargs"] = {
    "allow_nan": False,
    "ensure_ascii": False,
    "separators": (",", ":"),
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
    visit: Visit = NO_VISIT,
) -> str:
    """Return a page with the graph, the evidence of its ties and the same ties as a table.

    `passages` gives the quoted passage of a claim by its id, where the text is held; `labels` the
    names of entities that claims mention and `graph.entities` lacks; `here` is that of `Frame`. The
    panel opens on `graph.focus`.
    """
    given = (graph, title, lead, links, passages or {}, labels or {}, visit.snapshot)
    return draw(View(*given, here=here, visit=visit))


def draw(view: View, template: str = "graph.html") -> str:
    """Return the page of a view: the template gets it with the nodes and edges of its picture."""
    net = network(view)
    net.templateEnv, net.path = _ENVIRONMENT, template
    net.options = {"physics": {"enabled": False}}
    # pyvis hands its heading to the template untouched: ours is the whole page.
    net.heading = view
    return str(net.generate_html())


def content_page(template: str, frame: Frame, **values: Any) -> str:
    """Return a page without a picture: a template that extends `base.html`, with its values."""
    return _ENVIRONMENT.get_template(template).render(frame=frame, **values)


def message_page(
    title: str,
    text: str,
    near: Iterable[tuple[str, str]] = (),
    *,
    links: Links | None = None,
) -> str:
    """Return a page that says one thing: not found, nothing loaded, the store is down.

    `near` lists labels and addresses that may have been meant.
    """
    frame = Frame(links or Links.server(), title)
    return content_page("message.html", frame, text=text, near=list(near))


def data(view: View, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page's script is told. Called by the template."""
    return {
        "nodes": nodes,
        "edges": edges,
        "focus": view.graph.focus,
        "types": {
            name: {"label": t.label, "path": shapes.PATHS[t.shape]}
            for name, (t, _) in view.types.items()
        },
        "statuses": {
            name: {"line": s.line, "rank": ONTOLOGY.ranks[name]}
            for name, (s, _) in view.statuses.items()
        },
        "citations": view.visit.citations,
        "permalink": view.visit.permalink,
        "pathPage": view.links.path(),
        "searchPage": view.links.search,
    }


_ENVIRONMENT.globals["page_data"] = data
