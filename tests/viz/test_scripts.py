"""The functions of the pages' scripts that compute, one by one in Chromium, without a page.

Where Python has the same rule, the two must agree; elsewhere examples or brute force decide.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser

from graph.fold import fold, folds
from graph.ontology import ONTOLOGY
from viz import assets

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """Evaluate an expression over the parts of a bundle: `run("fold", "folds(input)", "Text")`.

    `setup` declares what the parts need from others. Top-level code of a part runs, too.
    """
    page = browser.new_page()

    def run(parts: str, expression: str, value: Any = None, setup: str = "") -> Any:
        source = "\n".join([setup, *map(assets.source, parts.split())])
        return page.evaluate(f"(input) => {{ {source}\nreturn {expression}; }}", value)

    yield run
    page.close()


def test_fold_agrees_with_the_index(run: Run) -> None:
    """A page folds every character as the index does, and the words around it change nothing.

    Of scripts that Python's Unicode has not, a browser may know more.
    """
    characters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs")
    ]
    folded = run("fold", "input.map((text) => foldComposed(composed(text)))", characters)
    wrong = {c: (fold(c), f) for c, f in zip(characters, folded, strict=True) if fold(c) != f}
    assert wrong == {}


@pytest.mark.parametrize(
    "text",
    [
        "Tiandy  Technologies, Inc.",
        "天地伟业",
        "سپاه پاسداران انقلاب اسلامی",
        "می\u200cخواهم",
        "Ｌａｎｔｅｒｎ №２",
        "İstanbul ΣΊΣΥΦΟΣ Straße",
        "Łódź–Kraków",
        "한국 조선",
        " \t\n",
        "",
    ],
)
def test_fold_of_names(run: Run, text: str) -> None:
    """Names of several words and scripts fold alike in a page and in the index."""
    assert run("fold", "foldComposed(composed(input))", text) == fold(text)


def test_forms_agree_with_the_index(run: Run) -> None:
    """A page takes a word with a separator in two ways, as the index does."""
    separators = [c for c in map(chr, range(sys.maxunicode)) if unicodedata.category(c)[0] in "PSC"]
    signs = [c for c in separators if unicodedata.category(c) not in ("Cc", "Cn", "Co", "Cs")]
    texts = [f"Isma{sign}il" for sign in signs] + [
        "I.R.G.C.", "J. R. R. Smith", "No. 5. End", "اِسْمَ-عیل", "می\u200cخواهم", "★", "a-b_c's ½x"
    ]  # fmt: skip
    forms = run("fold", "input.map((text) => folds(text))", texts)
    wrong = {t: (folds(t), f) for t, f in zip(texts, forms, strict=True) if folds(t) != f}
    assert wrong == {}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("belmora", ["b", "g", "m"]),
        ("border", ["g"]),
        ("BÉL", ["b", "g", "m"]),
        ("elmora", ["g", "b", "m"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_names_that_match(run: Run, query: str, ids: list[str]) -> None:
    """Names that start with the query, then those with a word that does, then the rest, by size."""
    nodes = [
        {"id": "m", "size": 8, "names": ["marchers in Belmora"]},
        {"id": "b", "size": 9, "names": ["Belmora", "Belmora again"]},
        {"id": "g", "size": 12, "names": ["Border Guard of Belmora"]},
    ]
    source = assets.source("search")
    pure = source[source.index("const names") : source.index("function iconOf")]
    setup = f"{assets.source('fold')} const data = input; const MOST_MATCHES = 12; {pure}"
    expression = "matchNames(input.query).map((match) => match.node.id)"
    assert run("", expression, {"nodes": nodes, "query": query}, setup) == ids


LABELS = """
const data = { nodes: [] };
const network = { on() {} };
"""


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Belmora", ["Belmora"]),
        ("Border Guard of Belmora", ["Border Guard of", "Belmora"]),
        ("one two three four five six seven eight", ["one two three four", "five six seven eight"]),
        ("a " * 40, ["a a a a a a a a a a a", "a a a a a a a a a a a…"]),
        ("x" * 30, ["x" * 22, "x" * 8]),
        ("天地伟业技术有限公司天津市", ["天地伟业技术有限公司天", "津市"]),
    ],
)  # fmt: skip
def test_labels_wrap(run: Run, name: str, lines: list[str]) -> None:
    """Two lines at most, broken at spaces, or within a word that is wider than a line."""
    assert run("labels", "wrapLabel(input)", name, LABELS) == lines


def test_boxes_overlap(run: Run) -> None:
    """Boxes that only touch do not overlap; the candidates for a label keep clear of the shape."""
    boxes = "[boxAt(0, 0, 10, 10), boxAt(10, 0, 10, 10), boxAt(3, 4, 4, 4)]"
    pairs = "boxes.map((a) => boxes.map((b) => overlaps(a, b)))"
    expression = f"(() => {{ const boxes = {boxes}; return {pairs}; }})()"
    assert run("labels", expression, None, LABELS) == [
        [True, False, True], [False, True, False], [True, False, True]
    ]  # fmt: skip
    expression = (
        "candidates({ x: 0, y: 0 }, 9, 40, 14, 3)"
        ".map((box) => overlaps(box, { left: -9, right: 9, top: -9, bottom: 9 }))"
    )
    assert run("labels", expression, None, LABELS) == [False] * 8


CHAINS = """
const data = { edges: input.edges, statuses: input.statuses };
const visible = { edges: new Set(input.edges.map((edge) => edge.id)) };
const edgesOf = new Map(input.ids.map((id) => [id, []]));
for (const edge of input.edges) {
  edgesOf.get(edge.from).push(edge);
  edgesOf.get(edge.to).push(edge);
}
"""
STATUSES = {name: {"rank": rank} for name, rank in ONTOLOGY.ranks.items()}


def best_chain(edges: list[dict[str, Any]], start: str, end: str) -> tuple[int, int, int] | None:
    """The best chain by brute force, as rank, accounts and minus hops; None if there is none."""
    best = None

    def go(here: str, path: list[dict[str, Any]], ids: set[str]) -> None:
        nonlocal best
        if here == end:
            strength = (
                min(STATUSES[edge["status"]]["rank"] for edge in path),
                min(edge["independent"] for edge in path),
                -len(path),
            )
            best = max(best or strength, strength)
            return
        for edge in edges:
            if here in (edge["from"], edge["to"]):
                other = edge["to"] if edge["from"] == here else edge["from"]
                if other not in ids:
                    go(other, [*path, edge], ids | {other})

    go(start, [], {start})
    return best


@pytest.mark.parametrize("seed", range(20))
def test_chain_is_the_best_of_all(run: Run, seed: int) -> None:
    """Of all chains the weakest status is the strongest, then the fewest independent the most, then
    the fewest hops; and it is a chain."""
    random = Random(seed)
    ids = list("abcdef")
    edges = [
        {
            "id": str(n),
            "from": ends[0],
            "to": ends[1],
            "status": random.choice(list(STATUSES)),
            "independent": random.randint(1, 3),
        }
        for n in range(8)
        for ends in [random.sample(ids, 2)]
    ]
    value = {"edges": edges, "ids": ids, "statuses": STATUSES}
    expression = "chainOf({ from: 'a', to: 'f' })"
    chain = run("chains", expression, value, CHAINS)
    best = best_chain(edges, "a", "f")
    if best is None:
        assert chain == []
        return
    ranks = [STATUSES[edge["status"]]["rank"] for edge in chain]
    assert (min(ranks), min(edge["independent"] for edge in chain), -len(chain)) == best
    assert all({a["from"], a["to"]} & {b["from"], b["to"]} for a, b in pairwise(chain))


ADDRESS = """
const state = { entity: "a", tie: null, path: { from: "a", to: "b" } };
const visible = { nodes: new Set(["a", "b"]), edges: new Set() };
"""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a/b", {"from": "a", "to": "b"}),
        ("a/a", None),
        ("a/nobody", None),
        ("a/b/c", None),
        ("__proto__/a", None),
        (None, None),
    ],
)
def test_path_in_an_address(run: Run, text: str | None, path: dict[str, str] | None) -> None:
    """Two different entities of the page, and nothing else."""
    assert run("address", "readPath(input)", text, ADDRESS) == path


def test_addresses_are_readable(run: Run) -> None:
    """Slashes and commas stay as they are, and nothing else is unescaped."""
    text = "tie=a%2FSUPPLIES%2Fb&at=1%2C2&x=%23%26"
    assert run("address", "readable(input)", text, ADDRESS) == "tie=a/SUPPLIES/b&at=1,2&x=%23%26"


def test_same_selection(run: Run) -> None:
    """Two paths with the same ends are one selection; another entity is another."""
    values = [
        {"entity": "a", "tie": None, "path": {"from": "a", "to": "b"}},
        {"entity": "a", "tie": None, "path": {"from": "b", "to": "a"}},
        {"entity": "b", "tie": None, "path": {"from": "a", "to": "b"}},
    ]
    assert run("address", "input.map(sameSelection)", values, ADDRESS) == [True, False, False]


YEARS = "const state = { from: 2010, to: 2015, undated: input.undated };"


@pytest.mark.parametrize(
    ("first", "last", "passes"),
    [
        (2009, 2009, False), (2009, 2010, True), (2012, 2012, True), (2015, 2020, True),
        (2016, 2016, False), (2016, None, False), (None, 2009, False), (2009, None, True),
        (None, 2020, True), (None, None, True),
    ],
)  # fmt: skip
def test_span_of_years(run: Run, first: int | None, last: int | None, passes: bool) -> None:
    """Any part of the time is enough; an end without a date is open."""
    value = {"first": first, "last": last, "undated": True}
    assert run("years", "inYears(input)", value, YEARS) is passes


def test_undated_has_a_switch_of_its_own(run: Run) -> None:
    """Without a date, only the check box counts."""
    value = {"first": None, "last": None, "undated": False}
    assert run("years", "inYears(input)", value, YEARS) is False


def test_long_lines_of_a_picture_break(run: Run) -> None:
    """At spaces, to a width; a word that is wider is cut, and an address is whole."""
    setup = "const measure = { measureText: (text) => ({ width: text.length }) };"
    source = assets.source("picture")
    pure = source[source.index("function wrap(") : source.index("function legendEntries")]
    texts = ["one two three", "x" * 11, "at http://a.b/cccc", "http://" + "d" * 99]
    lines = run("", "input.map((text) => wrap(text, 10))", texts, setup + pure)
    assert lines[:3] == [["one two", "three"], ["xxxxx…"], ["at", "http://a.b", "/cccc"]]
    # Somebody may have a name of 10,000 letters in it.
    assert len(lines[3]) == 6 and lines[3][-1].endswith("…")
