"""Every page of a static site as a sheet: where it lies, what draws it, and from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from api.routes.pages.graph import entity_words, graph_words
from api.routes.pages.home import home_words
from graph.citation import cite_source
from graph.inquiry import conduct
from graph.model import Entity, Story, Subgraph
from graph.passages import passages
from graph.queries import entities, graphs, pages, whatif
from graph.queries.news import news
from graph.question import Question
from graph.store.connection import Store
from graph.text import TextStore
from viz import Links, graph_page, message_page
from viz.home_page import home_page
from viz.search_page import list_page
from viz.source_page import MOST_NODES, source_page, source_view
from viz.story_page import story_page
from viz.tie_page import tie_page
from viz.timeline_page import timeline_page
from viz.visit import Visit

T = TypeVar("T")

#: So many entities and so many sources make a batch, and so many questions are asked at a time.
_BATCH, _SOURCES, _AT_A_TIME = 200, 40, 3


def _source(**named: Any) -> str:
    return source_page(source_view(**named))


def _merged(entity_id: str, canonical_id: str, *, links: Links) -> str:
    text = f"What was recorded as {entity_id!r} is taken for the same as another entity."
    near = [(canonical_id, links.entity(canonical_id))]
    return message_page("Merged", text, near, links=links, near_words="It stands there now:")


#: What draws a page, by the name that a sheet has for it: a sheet goes to other processes.
_PAINTERS: Mapping[str, Callable[..., str]] = {
    "graph": graph_page,
    "home": home_page,
    "list": list_page,
    "moved": _merged,
    "source": _source,
    "story": story_page,
    "tie": tie_page,
    "timeline": timeline_page,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to be drawn; `path` is relative to the site and `named` what its painter gets."""

    path: str
    painter: str
    named: Mapping[str, Any]

    @property
    def weight(self) -> int:
        """How many entities are drawn."""
        graph = self.named.get("graph")
        return len(graph.entities) if isinstance(graph, Subgraph) else 0

    def draw(self) -> str:
        """Return the page."""
        links = Links.site(self.path.count("/"))
        return _PAINTERS[self.painter](links=links, **self.named)


Batch = tuple[int, int, Sequence[Sheet]]


def sheets(store: Store, texts: TextStore | None, stories: Mapping[str, Story]) -> Iterator[Batch]:
    """Yield all pages in batches, each with how many entities are done and how many there are."""
    quote = _Quotes(texts)
    yield 0, 1, [*_front(store, quote, stories), *_stories(store, quote, stories)]
    source_ids = store.ask(pages.source_ids())
    for start in range(0, len(source_ids), _SOURCES):
        yield 0, 1, list(_sources(store, quote, source_ids[start : start + _SOURCES]))
    every: list[Entity] = []
    after = None
    while True:
        found = store.ask(entities.entities(after=after, limit=_BATCH))
        merged = {
            card.entity.id: card.canonical_id
            for card in found.items
            if card.canonical_id not in (None, card.entity.id)
        }
        canonical = [card.entity for card in found.items if card.entity.id not in merged]
        every += canonical
        ids = [entity.id for entity in canonical]
        batch = [_moved(old, new) for old, new in merged.items()]
        batch += _entities(store, quote, ids)
        batch += _ties(store, quote, ids)
        yield len(every), found.total, batch
        after = found.next_after
        if after is None:
            break
    yield len(every), len(every), [Sheet("search.html", "list", {"entities": every})]


@dataclass(frozen=True, slots=True)
class _Quotes:
    """The passages of a piece of the graph, where its texts are held and may be quoted."""

    texts: TextStore | None

    def of(self, graph: Subgraph) -> dict[str, str]:
        return passages(graph.claims.values(), graph.sources, self.texts)


def _front(store: Store, quote: _Quotes, stories: Mapping[str, Story]) -> Iterator[Sheet]:
    found = conduct(news([i for s in stories.values() for i in s.entities]), store.ask)
    yield Sheet("index.html", "home", home_words(stories.values(), found))
    yield _graph("graph.html", store.ask(graphs.whole(MOST_NODES)), quote, here="graph")
    dated = store.ask(pages.timeline())
    yield Sheet(
        "timeline.html",
        "timeline",
        {
            "graph": dated.graph,
            "dated": dated.dated,
            "undated": dated.undated,
            "left_out": dated.left_out,
            "passages": quote.of(dated.graph),
        },
    )


def _graph(path: str, graph: Subgraph, quote: _Quotes, here: str = "") -> Sheet:
    title, lead = entity_words(graph) if graph.focus else graph_words()
    named = {
        "graph": graph,
        "title": title,
        "lead": lead,
        "passages": quote.of(graph),
        "labels": graph.names,
        "here": here,
    }
    return Sheet(path, "graph", named)


def _stories(store: Store, quote: _Quotes, stories: Mapping[str, Story]) -> Iterator[Sheet]:
    for story in stories.values():
        graph = store.ask(pages.among(story.entities, story.claims))
        named = {"story": story, "graph": graph, "passages": quote.of(graph)}
        yield Sheet(f"story/{story.id}.html", "story", named)


def _sources(store: Store, quote: _Quotes, ids: Sequence[str]) -> Iterator[Sheet]:
    found_each = _asked(store, [pages.source_file(i) for i in ids])
    falls = _asked(store, [whatif.what_if(sources=[i], speakers=[i]) for i in ids])
    for source_id, found, fall in zip(ids, found_each, falls, strict=True):
        if found is None:  # Removed while the site was written.
            continue
        named = {
            "source": found.source,
            "graph": found.graph,
            "own": found.own,
            "citing": found.citing,
            "left_out": found.left_out,
            "fall": fall.ties,
            "names": fall.names,
            "passages": quote.of(found.graph),
            "visit": Visit(citations={"": asdict(cite_source(found.source))}),
        }
        yield Sheet(f"source/{source_id}.html", "source", named)


def _moved(entity_id: str, canonical_id: str) -> Sheet:
    """A small page for an id that is merged into another one, where old links still lead."""
    named = {"entity_id": entity_id, "canonical_id": canonical_id}
    return Sheet(f"entity/{entity_id}.html", "moved", named)


def _entities(store: Store, quote: _Quotes, ids: Sequence[str]) -> Iterator[Sheet]:
    found = _asked(store, [graphs.neighbourhood(i, limit=MOST_NODES) for i in ids])
    for entity_id, graph in zip(ids, found, strict=True):
        if graph is not None:
            yield _graph(f"entity/{entity_id}.html", graph, quote)


def _asked(store: Store, questions: Sequence[Question[T]]) -> list[T]:
    """Ask several questions at a time: the store answers some while others are read."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return list(pool.map(store.ask, questions))


def _ties(store: Store, quote: _Quotes, ids: Sequence[str]) -> Iterator[Sheet]:
    found = store.ask(pages.outgoing(ids))
    for graph in pages.single(found):
        (tie,) = graph.ties
        yield Sheet(f"tie/{tie.key}.html", "tie", {"graph": graph, "passages": quote.of(graph)})
