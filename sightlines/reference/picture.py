"""docs/graph-model.svg: the nodes and edges, one claim with its ties, and who may be tied to whom.

Everything that is named stands in the ontology. Positions are in pixels; the picture follows the
reader's light or dark setting by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from graph.ontology import Ontology, claim_label, role_edge
from graph.properties import Edge, edges

WIDTH = 1000
#: Where the matrix of ties starts, the height of its heads and of one of its rows.
_MATRIX, _HEADS, _ROW = 640, 110, 20
#: The columns of the matrix: where each side starts, and how far its columns are apart.
_LEFT, _RIGHT, _STEP = 50, 710, 20

#: The claim that is drawn: where its parties stand (left, right, below), and the lines from the
#: claim to each, with the place of the word beside it.
_PARTIES = ((200, 500), (800, 500), (500, 565))
_ROLES = (
    ("M405 425L226 488", 310, 448, "end"),
    ("M595 425L774 488", 690, 448, "start"),
    ("M500 434V537", 506, 470, "start"),
)
#: The lines from one party to another, by their places in `_PARTIES`.
_TIES = {
    (0, 1): ("M227 503H772", 350, 497, "middle"),
    (0, 2): ("M225 512L472 560", 350, 556, "end"),
    (1, 2): ("M775 512L528 560", 650, 556, "start"),
}

_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: var(--ink) }
.small { font-size: 11px; fill: var(--soft) }
.edge { font-size: 11px; fill: var(--ink) }
.code { font-family: ui-monospace, monospace; font-size: 12px }
.title { font-size: 16px; font-weight: 600 }
.box { fill: var(--box); stroke: var(--line); stroke-width: 1.5 }
.line { fill: none; stroke: var(--line); stroke-width: 1.5; marker-end: url(#arrow) }
.tie { stroke: var(--tie); stroke-width: 2.5; stroke-dasharray: none }
.grid { stroke: var(--box) }
.page { fill: var(--page) }"""


def picture(ontology: Ontology) -> str:
    """Return the picture as SVG, the same for the same ontology."""
    ties = [edge for edge in edges(ontology) if edge.kind == "tie"]
    height = _MATRIX + _HEADS + _ROW * len(ties) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="t">',
        '<title id="t">The model of the graph</title>',
        *_style(ontology),
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
        *_nodes(ontology),
        *_claim(ontology),
        *_matrix(ontology, ties),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style(ontology: Ontology) -> Iterator[str]:
    light = {"page": "#FFFFFF", "ink": "#1B1F24", "soft": "#4E5661", "box": "#EEF1F4"}
    light |= {"line": "#6A737D", "tie": "#B0305C"}
    dark = {"page": "#0D1117", "ink": "#E6EAEF", "soft": "#A9B2BD", "box": "#1C232C"}
    dark |= {"line": "#8B949E", "tie": "#FF9EBB"}
    light |= {name.lower(): kind.colour for name, kind in ontology.types.items()}
    dark |= {name.lower(): kind.dark for name, kind in ontology.types.items()}
    yield "<style>"
    yield f":root {{ {_variables(light)} }}"
    yield f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(dark)} }} }}"
    yield _STYLE
    yield "</style>"
    yield (
        '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
        'markerUnits="userSpaceOnUse" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker>'
    )


def _variables(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> str:
    shape = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{shape} text-anchor="{anchor}">{escape(words)}</text>'


def _line(path: str, kind: str = "") -> str:
    return f'<path class="{f"line {kind}".strip()}" d="{path}"/>'


def _box(x: int, y: int, label: str, *words: str) -> Iterator[str]:
    """Draw a kind of node, 190 by 74 around its middle."""
    yield f'<rect class="box" x="{x - 95}" y="{y - 37}" width="190" height="74" rx="10"/>'
    yield _text(x, y - 10, label, "code")
    yield from (_text(x, y + 8 + 16 * i, line, "small") for i, line in enumerate(words))


def _nodes(ontology: Ontology) -> Iterator[str]:
    yield _text(30, 36, "The nodes, and the edges between them", "title", "start")
    yield from _box(150, 180, "(:Source)", "a document")
    yield from _box(
        500, 180, "(:Claim)", f"of {len(ontology.predicates)} predicates,", "its second label"
    )
    yield from _box(850, 180, "(:Entity)", f"of {len(ontology.types)} types,", "its second label")
    yield _line("M405 180H247")
    yield _text(326, 172, "FROM", "edge")
    yield _line("M440 217C400 262 260 262 190 219")
    yield _text(315, 266, "SAID_BY {position}", "edge")
    yield _line("M560 217C610 262 740 262 810 219")
    yield _text(685, 266, "SAID_BY {position}", "edge")
    yield _line("M595 180H753")
    yield _text(674, 155, f"{len(ontology.role_names)} roles, such as", "small")
    yield _text(674, 172, f"{role_edge(ontology.role_names[0])} {{position}}", "edge")
    yield _line("M460 143C450 90 550 90 540 141")
    yield _text(500, 92, "SUPERSEDES", "edge")
    yield _line("M830 143C800 80 900 80 870 141", "tie")
    yield _text(850, 88, f"{len(ontology.tie_types)} ties, computed from claims", "edge")
    yield _line("M835 217C805 275 895 275 865 219")
    yield _text(850, 276, "JUDGED {verdict}", "edge")
    yield _text(
        150,
        300,
        "Beside them stand (:Sightlines), which marks the store as ours,",
        "small",
        "start",
    )
    yield _text(
        150,
        316,
        "and one (:Snapshot) for each completed load; CURRENT leads to the newest.",
        "small",
        "start",
    )
    yield _text(
        150,
        332,
        "A (:Change) tells what such a load, but the first, changed of one record.",
        "small",
        "start",
    )


def _claim(ontology: Ontology) -> Iterator[str]:
    """Draw one claim of a predicate with three parties, and the ties between them."""
    name, roles = _drawn(ontology)
    predicate = ontology.predicates[name]
    title = f"One claim of “{predicate.label}”, and the ties that it projects"
    yield _text(30, 370, title, "title", "start")
    yield '<rect class="box" x="405" y="390" width="190" height="44" rx="10"/>'
    yield _text(500, 417, f"(:Claim:{claim_label(name)})", "code")
    for role, (x, y), (path, label_x, label_y, anchor) in zip(roles, _PARTIES, _ROLES, strict=True):
        yield f'<circle cx="{x}" cy="{y}" r="26" class="box"/>'
        yield _text(x, y + 45, role)
        yield _line(path)
        yield _text(label_x, label_y, role_edge(role), "edge", anchor)
    for tie in predicate.ties:
        path, x, y, anchor = _TIES[roles.index(tie.source), roles.index(tie.target)]
        yield _line(path, "tie")
        yield _text(x, y, tie.type, "edge", anchor)


def _drawn(ontology: Ontology) -> tuple[str, list[str]]:
    """Choose the first predicate whose ties fit the drawing; return it with its three roles."""
    for name, predicate in ontology.predicates.items():
        ends = [(tie.source, tie.target) for tie in predicate.ties]
        roles = list(dict.fromkeys(role for pair in ends for role in pair))
        if len(roles) == 3 and {(roles.index(a), roles.index(b)) for a, b in ends} == _TIES.keys():
            return name, roles
    raise ValueError("no predicate has three roles with a tie between each two of them")


def _matrix(ontology: Ontology, ties: Iterable[Edge]) -> Iterator[str]:
    top = _MATRIX + _HEADS
    yield _text(30, _MATRIX + 14, "Who may be tied to whom", "title", "start")
    types = list(ontology.types)
    for start in (_LEFT, _RIGHT):
        for i, name in enumerate(types):
            x = start + i * _STEP
            yield (
                f'<text class="small" transform="translate({x + 4} {top - 12}) rotate(-55)">'
                f"{escape(name)}</text>"
            )
    for row, tie in enumerate(ties):
        y = top + row * _ROW
        yield f'<path class="grid" d="M{_LEFT - 8} {y + 10}H{_RIGHT + _STEP * len(types) - 8}"/>'
        yield from _dots(types, tie.starts, _LEFT, y)
        yield _line(f"M{_LEFT + _STEP * len(types)} {y}H380", "tie")
        yield _text(500, y + 4, tie.type, "edge")
        yield _line(f"M620 {y}H{_RIGHT - 18}", "tie")
        yield from _dots(types, tie.ends, _RIGHT, y)


def _dots(types: Iterable[str], filled: frozenset[str], start: int, y: int) -> Iterator[str]:
    for i, name in enumerate(types):
        if name in filled:
            x = start + i * _STEP
            yield f'<circle cx="{x}" cy="{y}" r="5.5" fill="var(--{name.lower()})"/>'
