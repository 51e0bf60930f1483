"""Every page of a static site as a sheet: where it lies, what draws it, and from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from api.routes.pages.graph import entity_words, graph_words
from graph.citation import cite_source
from graph.model import Entity, Story, Subgraph
from graph.passages import passages
from graph.queries import entities, graphs, pages, whatif
from graph.store.connection import Store
from graph.text import TextStore
from viz import Links, graph_page
from viz.home_page import home_page
from viz.search_page import list_page
from viz.source_page import MOST_NODES, source_page, source_view
from viz.story_page import story_page
from viz.tie_page import tie_page
from viz.timeline_page import timeline_page
from viz.visit import Visit

#: So many entities are asked for at once.
_BATCH = 200


def _source(**named: Any) -> str:
    return source_page(source_view(**named))


#: What draws a page, by the name that a sheet has for it: a sheet goes to other processes.
_PAINTERS: Mapping[str, Callable[..., str]] = {
    "graph": graph_page,
    "home": home_page,
    "list": list_page,
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
    yield 0, 1, list(_sources(store, quote))
    every: list[Entity] = []
    after = None
    while True:
        found = store.ask(entities.entities(after=after, limit=_BATCH))
        ids = [card.entity.id for card in found.items]
        every += [
            card.entity for card in found.items if card.canonical_id in (None, card.entity.id)
        ]
        batch = [sheet for i in ids for sheet in _entity(store, quote, i)]
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
    newest = store.ask(pages.newest([i for s in stories.values() for i in s.entities]))
    told = pages.tellable(stories.values(), newest.known)
    named = {"stories": told, "newest": newest.graph, "corrected": newest.corrected}
    yield Sheet("index.html", "home", named)
    yield _graph("graph.html", store.ask(graphs.whole(MOST_NODES)), quote, here="graph")
    found = store.ask(pages.timeline())
    yield Sheet(
        "timeline.html",
        "timeline",
        {
            "graph": found.graph,
            "dated": found.dated,
            "undated": found.undated,
            "left_out": found.left_out,
            "passages": quote.of(found.graph),
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


def _sources(store: Store, quote: _Quotes) -> Iterator[Sheet]:
    for source_id in store.ask(pages.source_ids()):
        found = store.ask(pages.source_file(source_id))
        if found is None:  # Removed while the site was written.
            continue
        fall = store.ask(whatif.what_if(sources=[source_id], speakers=[source_id]))
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


def _entity(store: Store, quote: _Quotes, entity_id: str) -> Iterator[Sheet]:
    graph = store.ask(graphs.neighbourhood(entity_id, limit=MOST_NODES))
    if graph is not None:
        yield _graph(f"entity/{entity_id}.html", graph, quote)


def _ties(store: Store, quote: _Quotes, ids: Sequence[str]) -> Iterator[Sheet]:
    found = store.ask(pages.outgoing(ids))
    for graph in pages.single(found):
        (tie,) = graph.ties
        yield Sheet(f"tie/{tie.key}.html", "tie", {"graph": graph, "passages": quote.of(graph)})
