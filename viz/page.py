"""Whole pages: a subgraph, or a message, in; one HTML document that needs nothing else, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graph.model import Subgraph
from graph.ontology import ONTOLOGY
from viz import assets, shapes, words
from viz.links import Links
from viz.network import network
from viz.view import View

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
    snapshot: str | None = None,
) -> str:
    """Return a page with the graph, the evidence of its ties and the same ties as a table.

    `passages` gives the quoted passage of a claim by its id, where the text is held; `labels` the
    names of entities that claims mention and `graph.entities` lacks; `snapshot` names the state of
    the data. The panel opens on `graph.focus`.
    """
    return draw(View(graph, title, lead, links, passages or {}, labels or {}, snapshot))


def draw(view: View, template: str = "graph.html") -> str:
    """Return the page of a view: the template gets it with the nodes and edges of its picture."""
    net = network(view)
    net.templateEnv, net.path = _ENVIRONMENT, template
    net.options = {"physics": {"enabled": False}}
    # pyvis hands its heading to the template untouched: ours is the whole page.
    net.heading = view
    return str(net.generate_html())


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
    home = links.home if links else None
    return render("message.html", title=title, text=text, near=list(near), home=home)


def render(template: str, **values: Any) -> str:
    """Return a page without a picture."""
    return _ENVIRONMENT.get_template(template).render(**values)


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
        "statuses": {name: {"line": s.line} for name, (s, _) in view.statuses.items()},
    }


_ENVIRONMENT.globals["page_data"] = data
