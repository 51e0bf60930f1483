"""Every page of a static site as a sheet: where it lies, what draws it, and from what.

The site is made in parts, and a part holds no more than ids: whoever makes it asks for the records
itself, so that they need not go from one process to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from api.routes.pages.graph import entity_words, graph_words
from api.routes.pages.home import home_words
from graph.citation import cite_source
from graph.model import Entity, Story, Subgraph
from graph.passages import passages
from graph.queries import entities, graphs, pages, whatif
from graph.queries.news import news
from graph.question import Reader
from graph.text import TextStore
from viz import Links, graph_page, message_page
from viz.home_page import home_page
from viz.metadata import PageMetadata
from viz.search_page import list_page
from viz.source_page import MOST_NODES, source_page, source_view
from viz.story_page import story_page
from viz.tie_page import tie_page
from viz.timeline_page import timeline_page

#: So many entities and so many sources make a part, and so many entities come in one answer.
_ENTITIES, _SOURCES, _PAGE = 25, 10, 200


def _source(**named: Any) -> str:
    return source_page(source_view(**named))


def _merged(entity_id: str, canonical_id: str, *, links: Links) -> str:
    text = f"What was recorded as {entity_id!r} is taken for the same as another entity."
    near = [(canonical_id, links.entity(canonical_id))]
    return message_page("Merged", text, near, links=links, suggestions_title="It stands there now:")


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

    def draw(self) -> str:
        """Return the page."""
        links = Links.site(self.path.count("/"))
        return _PAINTERS[self.painter](links=links, **self.named)


@dataclass(frozen=True, slots=True)
class Part:
    """Some pages of a site: of which kind, and whose.

    `moved` are entities that are merged into others, each with the one that stands for it.
    """

    kind: Literal["front", "list", "stories", "sources", "entities"]
    ids: Sequence[str] = ()
    moved: Sequence[tuple[str, str]] = ()


async def parts(reader: Reader, stories: Mapping[str, Story]) -> list[Part]:
    """Ask what there is, and return all parts of the site."""
    source_ids = await reader.ask(pages.source_ids())
    every = await reader.ask(pages.entity_ids())
    moved = [(i, canonical) for i, canonical in every if canonical != i]
    ids = [i for i, canonical in every if canonical == i]
    return [
        Part("front"),
        Part("list", moved=moved),
        Part("stories", list(stories)),
        *(Part("sources", some) for some in _cut(source_ids, _SOURCES)),
        *(Part("entities", some) for some in _cut(ids, _ENTITIES)),
    ]


def _cut(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


async def sheets(
    part: Part, reader: Reader, texts: TextStore | None, stories: Mapping[str, Story]
) -> list[Sheet]:
    """Read what the pages of a part show, and return them."""
    quote = _Quotes(texts)
    match part.kind:
        case "front":
            return await _front(reader, quote, stories)
        case "list":
            every = Sheet("search.html", "list", {"entities": await _every(reader)})
            return [every, *(_moved(old, new) for old, new in part.moved)]
        case "stories":
            return [await _story(reader, quote, stories[i]) for i in part.ids]
        case "sources":
            return [page for i in part.ids if (page := await _source_page(reader, quote, i))]
        case "entities":
            pages = [page for i in part.ids if (page := await _entity(reader, quote, i))]
            return pages + await _ties(reader, quote, part.ids)


async def _every(reader: Reader) -> list[Entity]:
    """Every entity that no other one stands for."""
    every: list[Entity] = []
    after = None
    while True:
        found = await reader.ask(entities.entities(after=after, limit=_PAGE))
        every += [c.entity for c in found.items if c.canonical_id in (None, c.entity.id)]
        after = found.next_after
        if after is None:
            return every


@dataclass(frozen=True, slots=True)
class _Quotes:
    """The passages of a piece of the graph, where its texts are held and may be quoted."""

    texts: TextStore | None

    def of(self, graph: Subgraph) -> dict[str, str]:
        return passages(graph.claims.values(), graph.sources, self.texts)


async def _front(reader: Reader, quote: _Quotes, stories: Mapping[str, Story]) -> list[Sheet]:
    newest = await news(reader, [i for s in stories.values() for i in s.entities])
    whole = await reader.ask(graphs.whole(MOST_NODES))
    dated = await reader.ask(pages.timeline())
    timeline = {
        "graph": dated.graph,
        "dated": dated.dated,
        "undated": dated.undated,
        "left_out": dated.left_out,
        "passages": quote.of(dated.graph),
    }
    return [
        Sheet("index.html", "home", home_words(stories.values(), newest)),
        _graph("graph.html", whole, quote, here="graph"),
        Sheet("timeline.html", "timeline", timeline),
    ]


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


async def _story(reader: Reader, quote: _Quotes, story: Story) -> Sheet:
    graph = await reader.ask(pages.among(story.entities, story.claims))
    named = {"story": story, "graph": graph, "passages": quote.of(graph)}
    return Sheet(f"story/{story.id}.html", "story", named)


async def _source_page(reader: Reader, quote: _Quotes, source_id: str) -> Sheet | None:
    """The page of a source; None if it was removed while the site was written."""
    page = await reader.ask(pages.source_file(source_id))
    if page is None:
        return None
    fall = await reader.ask(whatif.what_if(sources=[source_id], speakers=[source_id]))
    named = {
        "source": page.source,
        "graph": page.graph,
        "own": page.own,
        "citing": page.citing,
        "left_out": page.left_out,
        "fall": fall.ties,
        "names": fall.names,
        "passages": quote.of(page.graph),
        "metadata": PageMetadata(citations={"": asdict(cite_source(page.source))}),
    }
    return Sheet(f"source/{source_id}.html", "source", named)


def _moved(entity_id: str, canonical_id: str) -> Sheet:
    """A small page for an id that is merged into another one, where old links still lead."""
    named = {"entity_id": entity_id, "canonical_id": canonical_id}
    return Sheet(f"entity/{entity_id}.html", "moved", named)


async def _entity(reader: Reader, quote: _Quotes, entity_id: str) -> Sheet | None:
    """The page of an entity; None if it was removed while the site was written."""
    graph = await reader.ask(graphs.neighbourhood(entity_id, limit=MOST_NODES))
    return _graph(f"entity/{entity_id}.html", graph, quote) if graph else None


async def _ties(reader: Reader, quote: _Quotes, ids: Sequence[str]) -> list[Sheet]:
    """The pages of all ties that run from some entities."""
    graph = await reader.ask(pages.outgoing(ids))
    return [
        Sheet(f"tie/{one.ties[0].key}.html", "tie", {"graph": one, "passages": quote.of(one)})
        for one in pages.single(graph)
    ]
