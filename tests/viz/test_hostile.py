"""Hostile words in every field of every record: each page shows them as text, and stands as it is.

What a page makes of them is compared with what it makes of harmless words: the same elements with
the same attributes, one by one. Whatever gets out of its place changes that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from graph.model import (
    Claim,
    Duplicate,
    Entity,
    Finding,
    Judgement,
    Mention,
    Name,
    Quantity,
    Retraction,
    Source,
    Step,
    Story,
    Subgraph,
)
from graph.model.fields import LINE, TEXT
from graph.model.path import Hop, Path, PathAnswer, Searched
from graph.whatif import what_if
from tests.viz.invented import DUPLICATES
from tests.viz.reader import Reader
from viz import Links, PageMetadata, graph_page, message_page
from viz.compare_page import CompareForm, Side, compare_page
from viz.cypher_page import CypherContent as Cypher
from viz.cypher_page import cypher_page
from viz.home_page import home_page
from viz.path_page import End, path_page
from viz.row_picture import row_picture
from viz.search_page import EntityMatch, list_page, search_page
from viz.source_page import source_page, source_view
from viz.story_page import story_page
from viz.tie_page import tie_page
from viz.timeline_page import timeline_page

Open = Callable[..., Any]

HARMLESS = "plain words"
HARM = {
    "script": "</script><script>window.__pwned = 1; alert(1)</script>",
    "handler": '<img src=x onerror="window.__pwned = 2"><svg onload=window.__pwned=3>',
    "attribute": "\"'><b onmouseover='window.__pwned = 4' x=\"",
    "comment": "<!--<script>--!><![CDATA[</title></style></textarea></details>",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "entity": "&lt;script&gt;&#60;b&#62;&amp;&nbsp;",
    "address": "javascript:window.__pwned=5",
    # No record may hold an override (graph.model.fields); a question that is typed in may.
    "direction": "\u202egpj.exe\u202c \u2067فانوس\u2069 حرس\u200cالثورة 明灯科技天地伟业",
    "long": "Donaudampfschifffahrtsgesellschaft" * 300,
}
#: A claim, a source… with free text in its fields; ids and words of the ontology have their own.
MODELS = (Claim, Quantity, Retraction, Entity, Name, Judgement, Source, Story, Step)


def texts(model: type[BaseModel]) -> set[str]:
    """The fields of a model that hold free text, by the patterns in its schema."""
    properties = model.model_json_schema()["properties"]
    marks = [json.dumps(pattern) for pattern in (LINE, TEXT)]
    return {name for name, part in properties.items() if any(m in json.dumps(part) for m in marks)}


FIELDS = {model: texts(model) for model in MODELS}


def with_text(value: Any, text: str) -> Any:
    """A record with a text in every field that may hold one, those of its parts too.

    It is not validated again, since that would refuse some; what was worked out stays, ids above
    all.
    """
    if isinstance(value, tuple):
        return tuple(with_text(part, text) for part in value)
    if not isinstance(value, BaseModel):
        return value
    free = FIELDS.get(type(value), set())
    update = {
        name: _harm(part, text) if name in free else with_text(part, text) for name, part in value
    }
    return value.model_copy(update=update)


def _harm(value: Any, text: str) -> Any:
    if isinstance(value, Mapping):
        return dict.fromkeys(value, text)
    return (text,) if isinstance(value, tuple) else text


def graph_of(story: Subgraph, text: str) -> Subgraph:
    """The invented graph with a text in every field of its records."""
    for claim in story.claims.values():
        assert claim.id  # worked out from the true words, and kept
    return replace(
        story,
        entities={i: with_text(e, text) for i, e in story.entities.items()},
        claims={i: with_text(c, text) for i, c in story.claims.items()},
        sources={i: with_text(s, text) for i, s in story.sources.items()},
        names=dict.fromkeys(["port", "lantern"], text),
        focus="lantern",
        duplicates=tuple(
            Duplicate(with_text(it.entity, text), with_text(it.judgements, text))
            for it in DUPLICATES
        ),
    )


def pages(story: Subgraph, text: str) -> dict[str, str]:
    """Every page that there is, with a text wherever it takes one."""
    graph, links = graph_of(story, text), Links.server()
    cite = {"text": text, "bibtex": text, "csl": [{"title": text}]}
    metadata = PageMetadata(snapshot=text, permalink="/seen", notices=[text], citations={"": cite})
    passages = dict.fromkeys(graph.claims, text)
    options: dict[str, Any] = {"links": links, "passages": passages, "metadata": metadata}
    first = next(iter(graph.claims.values()))
    lantern = graph.entities["lantern"]
    hit = EntityMatch(lantern, lantern.names[1], "prefix", 2)
    one = replace(graph, ties=graph.ties[:1])
    one_step = Story(id="x", title="x", lead="x", steps=[
        Step(title="x", text="x", ties=[str(graph.ties[0].key)], claims=[first.id])])  # fmt: skip
    withdrawn = with_text(
        first.model_copy(update={"retracted": Retraction(on=date(2026, 11, 3), reason="x")}), text
    )
    sure = Side(date(2022, 12, 31))
    node = {"id": "a", "labels": ["Entity"], "properties": {"name": text}}
    claim_node = {"id": "b", "labels": ["Claim"], "name": text}
    cypher = Cypher(links, statement=text, parameters=text, columns=[text], notices=[text],
                    values=[[text], [node]], problem=text, warnings=[text], labels={text: [text]},
                    plan={"operator": text, "details": text, "estimated_rows": None, "rows": None,
                          "db_hits": None, "children": []},
                    picture=row_picture([{**node, "name": text, "labels": [text]}, claim_node],
                                        [{"source": "a", "target": "b", "type": text,
                                          "properties": {}}], links),
                    example_statements=[(text, text)])  # fmt: skip
    choice = End(text, choices=[(text, text, "/path")])
    return {
        "explore": graph_page(graph, title=text, lead=text, **options),
        "home": home_page(
            [with_text(one_step, text)],
            graph,
            links=links,
            corrected=[withdrawn],
            lines=graph,
            findings=[Finding(text, (text, Mention(text, text)), (text,), text)],
            metadata=metadata,
        ),
        "story": story_page(with_text(one_step, text), graph, **options),
        "tie": tie_page(one, **options),
        "source": source_page(_source(graph, options)),
        "path": path_page(*_ends(text), _answer(graph), **options),
        "path-choices": path_page(choice, End(text), None, **options),
        "timeline": timeline_page(graph, *_dated(graph), **options),
        "compare": compare_page(
            CompareForm(*[text] * 4, entity="lantern"),
            links=links,
            sides=(sure, sure),
            pairs=[(None, graph.ties[0]), (graph.ties[1], None)],
            graph=graph,
            problem=text,
            metadata=metadata,
        ),
        "search": search_page(text, [hit], links=links, total=2, more="/search", metadata=metadata),
        "search-near": search_page(text, [], links=links, similar=[hit], metadata=metadata),
        "list": list_page(graph.entities.values(), links=Links.site()),
        "cypher": cypher_page(cypher),
        "message": message_page(text, text, [(text, "/entity/x")]),
    }  # fmt: skip


def _source(graph: Subgraph, options: dict[str, Any]) -> Any:
    own = [i for i, claim in graph.claims.items() if claim.source == "gazette"]
    fall = what_if({tie.key: tie.supports for tie in graph.ties}, set(own), {})
    return source_view(graph.sources["gazette"], graph, own=own, fall=fall, **options)


def _ends(text: str) -> tuple[End, End]:
    return End(text, "lantern", text), End(text, "marchers", text)


def _answer(graph: Subgraph) -> PathAnswer:
    ties = {tie.key.type: tie for tie in graph.ties}
    supply, use = ties["SUPPLIES"], ties["USES_AGAINST"]
    hops = (Hop("lantern", "guard", (supply,)), Hop("guard", "marchers", (use,)))
    return PathAnswer(
        "lantern",
        "marchers",
        paths=(Path(hops, use.rank, 1, 1),),
        searched=Searched(7, 11, complete=True),
        entities=graph.entities,
        claims=graph.claims,
        sources=graph.sources,
    )


def _dated(graph: Subgraph) -> tuple[list[str], list[str]]:
    dated = [i for i, claim in graph.claims.items() if claim.when]
    return dated, [i for i in graph.claims if i not in dated]


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes, in order.

    A picture breaks its texts into as many lines as they need.
    """
    elements = Reader(page).elements
    return [(tag, tuple(attributes)) for tag, attributes in elements if tag != "tspan"]


@pytest.fixture(scope="module")
def harmless(story: Subgraph) -> dict[str, str]:
    """Every page with plain words in all fields."""
    return pages(story, HARMLESS)


def test_every_text_of_a_record_is_known() -> None:
    """The fields are found by the patterns that all free texts have: none is left out."""
    assert FIELDS[Claim] == {
        "details", "when_note", "summary", "note", "recorded_by", "reviewed_by"
    }  # fmt: skip
    assert FIELDS[Source] == {"title", "publisher", "authors", "published_note", "description"}
    assert FIELDS[Entity] == {"description"} and FIELDS[Name] == {"text"}
    assert FIELDS[Judgement] == {"by", "reason"}
    assert FIELDS[Quantity] == {"unit"} and FIELDS[Retraction] == {"reason"}
    assert FIELDS[Story] == {"title", "lead"} and FIELDS[Step] == {"title", "text"}


@pytest.mark.long
@pytest.mark.parametrize("kind", HARM)
def test_hostile_words_change_no_element(
    story: Subgraph, harmless: dict[str, str], kind: str
) -> None:
    """On every page: the elements and attributes of the harmless page, and the words as text."""
    for name, page in pages(story, HARM[kind]).items():
        assert (name, skeleton(page)) == (name, skeleton(harmless[name]))
        read = Reader(page)
        assert HARM[kind] in read.text
        for _, attributes in read.elements:
            assert not (attributes.get("href") or "").startswith("javascript:")
            assert not [a for a in attributes if a.startswith("on") or a == "style"]
        if read.data:
            json.loads(read.data)


def test_hostile_words_do_nothing_in_a_browser(open_page: Open, story: Subgraph) -> None:
    """No dialog, no word on the console, no request; nothing is wider than the window, at 200 %."""
    text = " ".join(HARM.values())
    for name, html in pages(story, text).items():
        tab = open_page(html)
        assert tab.page.evaluate("window.__pwned") is None, name
        widths = [_width(tab.page)]
        # A page at 200 % has half as many pixels of its own either way.
        tab.page.set_viewport_size({"width": 640, "height": 425})
        widths.append(_width(tab.page))
        assert (name, tab.complaints, len(tab.requests)) == (name, [], 1)
        assert (name, widths[0] <= 1280, widths[1] <= 640) == (name, True, True), widths
        tab.page.context.close()


def _width(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
