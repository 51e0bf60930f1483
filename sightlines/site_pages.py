"""The pages of a static site: the path of each, what draws it, and the records that it shows.

The site is made in parts, which hold ids alone: the process that writes a part reads its records
itself, so that they need not go from one process to another.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from api.routes.pages.feeds import newest_claims
from api.routes.pages.graph import entity_words, graph_words
from api.routes.pages.home import home_words
from graph.citation import cite_source, credit_line
from graph.language import gettext
from graph.model import Claim, Entity, Name, Story, Subgraph, Tie
from graph.passages import passages
from graph.queries import entities, whatif
from graph.queries.choices import (
    claims_by_source,
    entity_ids,
    source_ids,
    ties_from,
    ties_resting_on,
)
from graph.queries.docket import beside
from graph.queries.docket import docket as docket_of
from graph.queries.entities import EntityCard
from graph.queries.findings import findings
from graph.queries.neighbourhood import neighbourhood_graph
from graph.queries.news import news
from graph.queries.source_file import source_file
from graph.queries.subgraph import among, has_records, piece, split, subgraph
from graph.queries.tie_lists import TieFilters
from graph.queries.timeline import timeline
from graph.queries.whole_graph import whole_graph
from graph.question import Reader
from graph.store.state import STATE
from graph.text import TextStore
from viz import Links, graph_page, message_page
from viz.feed import feed
from viz.home_page import home_page
from viz.metadata import PageMetadata
from viz.part_script import part_script
from viz.search_page import list_page
from viz.source_page import MOST_NODES, source_page, source_view
from viz.story_page import story_page
from viz.supply_lines import LINE_TYPES
from viz.tie_page import tie_page
from viz.timeline_page import timeline_page
from viz.vocabulary_page import vocabulary_page

#: How many entities and how many sources make a part, and how many entities one answer holds.
_ENTITIES, _SOURCES, _PAGE = 25, 10, 200
#: The most claims of a source that one script holds; more claims have a script each.
_ONE_SCRIPT = 200
#: How many claims make a part.
_CLAIMS = 500
#: Entities that one process reads at a time: each takes a few questions, one after the other.
_AT_ONCE = 4


def _source(**values: Any) -> str:
    return source_page(source_view(**values))


def _merged(entity_id: str, canonical_id: str, *, links: Links) -> str:
    text = gettext("The entity %(id)s was merged into another one.", id=repr(entity_id))
    canonical = [(canonical_id, links.entity(canonical_id))]
    return message_page(
        gettext("Merged"), text, canonical, links=links, suggestions_title=gettext("Both are:")
    )


#: The functions that draw pages, by the kind of the page.
_PAGES: Mapping[str, Callable[..., str]] = {
    "claims": part_script,
    "feed": feed,
    "graph": graph_page,
    "home": home_page,
    "list": list_page,
    "merged": _merged,
    "source": _source,
    "story": story_page,
    "tie": tie_page,
    "timeline": timeline_page,
    "vocabulary": vocabulary_page,
}
#: The kinds of pages that show cards which other pages show as well.
_WITH_CARDS = frozenset({"graph", "source", "story", "timeline"})


@dataclass(frozen=True, slots=True)
class PageData:
    """What a page is drawn from; `path` is relative to the site, `values` go to what draws it.

    `datasets` is the sentence about the data sets in its footer; `scripts` are the paths of those
    with the cards of its claims.
    """

    path: str
    kind: str
    values: Mapping[str, Any]
    datasets: str = ""
    scripts: tuple[str, ...] = ()

    def draw(self, card: str = "") -> str:
        """Return the page; `card` is the address of the picture that networks show of it."""
        site = Links.site(self.path.count("/"), shared=True)
        links = replace(site, datasets=self.datasets, card=card, part_scripts=self.scripts)
        return _PAGES[self.kind](links=links, **self.values)


@dataclass(frozen=True, slots=True)
class SitePart:
    """Some pages of a site: their kind, and the ids of the records that they are about.

    `merged` are entities that are merged into others, each with the canonical id.
    """

    kind: Literal["front", "list", "stories", "sources", "claims", "entities"]
    ids: Sequence[str] = ()
    merged: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class SitePlan:
    """The parts of a site, and the sources of which each has one script with all of its claims."""

    parts: Sequence[SitePart]
    small_sources: frozenset[str]

    def scripts(self, claims: Iterable[Claim]) -> tuple[str, ...]:
        """Return the paths of the scripts with the cards of some claims, each once."""
        return tuple(dict.fromkeys(map(self.script, claims)))

    def script(self, claim: Claim) -> str:
        """Return the path of the script with the card of a claim."""
        small = claim.source in self.small_sources
        return f"source/{claim.source}.js" if small else f"claim/{claim.id}.js"


async def site_plan(reader: Reader, stories: Mapping[str, Story]) -> SitePlan:
    """Read the ids of all records, and return the parts of the site."""
    sources = await reader.ask(source_ids())
    claims = await reader.ask(claims_by_source())
    small = {source for source, ids in claims.items() if len(ids) <= _ONE_SCRIPT}
    every = await reader.ask(entity_ids())
    merged = [(i, canonical) for i, canonical in every if canonical != i]
    ids = [i for i, canonical in every if canonical == i]
    parts = [
        SitePart("front"),
        SitePart("list", merged=merged),
        SitePart("stories", list(stories)),
        *(SitePart("sources", some) for some in _cut(sources, _SOURCES)),
        *(
            SitePart("claims", some)
            for of_source in claims.values()
            for some in _cut(of_source, _CLAIMS)
        ),
        *(SitePart("entities", some) for some in _cut(ids, _ENTITIES)),
    ]
    return SitePlan(parts, frozenset(small))


def _cut(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


async def read_pages(
    part: SitePart,
    plan: SitePlan,
    reader: Reader,
    texts: TextStore | None,
    stories: Mapping[str, Story],
) -> list[PageData]:
    """Read what the pages of a part show, and return them."""
    datasets = credit_line((await reader.ask(STATE)).datasets)
    return [
        replace(page, datasets=datasets, scripts=plan.scripts(_shared_claims(page)))
        for page in await _pages(part, plan, reader, texts, stories)
    ]


def _shared_claims(page: PageData) -> Iterable[Claim]:
    """Return the claims of a page whose cards it shares with other pages."""
    if page.kind not in _WITH_CARDS:
        return ()
    graph: Subgraph = page.values["graph"]
    return graph.claims.values()


async def _pages(
    part: SitePart,
    plan: SitePlan,
    reader: Reader,
    texts: TextStore | None,
    stories: Mapping[str, Story],
) -> list[PageData]:
    match part.kind:
        case "front":
            return await _front(reader, texts, stories)
        case "list":
            every = PageData("search.html", "list", {"entities": await _every(reader)})
            return [every, *(_merged_page(old, new) for old, new in part.merged)]
        case "stories":
            return [page for i in part.ids if (page := await _story(reader, texts, stories[i]))]
        case "sources":
            return [page for i in part.ids if (page := await _source_page(reader, texts, i))]
        case "claims":
            return await _claims(reader, plan, texts, part.ids)
        case "entities":
            pages = await _ties(reader, texts, part.ids)
            names = await reader.ask(entities.names(part.ids))
            for ids in _cut(part.ids, _AT_ONCE):
                some = await asyncio.gather(*(_entity(reader, texts, i) for i in ids))
                pages += [page for page in some if page]
                pages += await asyncio.gather(*(_feed(reader, i, names.get(i, i)) for i in ids))
            return pages


async def _claims(
    reader: Reader, plan: SitePlan, texts: TextStore | None, ids: Sequence[str]
) -> list[PageData]:
    """The scripts with the cards of some claims and with what the table says of their ties.

    A tie stands in the script of its first claim.
    """
    keys = await reader.ask(ties_resting_on(ids, first=True))
    graph = await reader.ask(subgraph(keys, claim_ids=ids))
    scripts: defaultdict[str, list[str]] = defaultdict(list)
    for claim_id in sorted(graph.claims.keys() & set(ids)):
        scripts[plan.script(graph.claims[claim_id])].append(claim_id)
    ties: defaultdict[str, list[Tie]] = defaultdict(list)
    for tie in graph.ties:
        ties[plan.script(graph.claims[tie.claim_ids[0]])].append(tie)
    return [
        _script(path, piece(graph, ties[path], claims), claims, texts)
        for path, claims in scripts.items()
    ]


def _script(path: str, graph: Subgraph, claims: Sequence[str], texts: TextStore | None) -> PageData:
    values = {"graph": graph, "claims": claims, "passages": _passages(graph, texts)}
    return PageData(path, "claims", values)


async def _every(reader: Reader) -> list[Entity]:
    """Read every entity that is not merged into another, with the names of those that are.

    So the list of a site, which is filtered by names, has one entry for all of them.
    """
    every: list[EntityCard] = []
    after = None
    while True:
        page = await reader.ask(entities.EntityFilters().query().page(after, _PAGE))
        every += page.items
        after = page.next_after
        if after is None:
            break
    names: defaultdict[str, dict[str, Name]] = defaultdict(dict)
    # Its own names come first; a name that several have stands once.
    for card in sorted(every, key=lambda card: card.canonical_id is not None):
        for name in card.entity.names:
            names[card.canonical_id or card.entity.id].setdefault(name.text, name)
    return [
        card.entity.model_copy(update={"names": tuple(names[card.entity.id].values())})
        for card in every
        if card.canonical_id is None
    ]


def _passages(graph: Subgraph, texts: TextStore | None) -> dict[str, str]:
    """Return the passages that the claims of a graph quote, where their texts are at hand."""
    return passages(graph.claims.values(), graph.sources, texts)


async def _front(
    reader: Reader, texts: TextStore | None, stories: Mapping[str, Story]
) -> list[PageData]:
    newest = await news(
        reader,
        [i for story in stories.values() for i in story.entities],
        [i for story in stories.values() for i in story.claims],
    )
    whole = await whole_graph(reader, limit=MOST_NODES)
    lines = await whole_graph(reader, TieFilters(types=LINE_TYPES), MOST_NODES)
    sentences = await findings(reader)
    datasets = (await reader.ask(STATE)).datasets
    home = home_words(stories.values(), newest, lines, sentences, datasets)
    dated = await timeline(reader)
    days = {
        "graph": dated.graph,
        "dated": dated.dated,
        "undated": dated.undated,
        "totals": dated.totals,
        "passages": _passages(dated.graph, texts),
    }
    return [
        PageData("index.html", "home", home),
        _graph("graph.html", whole, texts, here="graph"),
        PageData("timeline.html", "timeline", days),
        PageData("vocabulary.html", "vocabulary", {}),
        await _feed(reader),
    ]


async def _feed(reader: Reader, entity_id: str = "", name: str = "") -> PageData:
    """The feed of all claims, or of those about one entity, which has a name."""
    newest = await newest_claims(reader, entity_id, name)
    values = {
        "claims": newest.claims,
        "sources": newest.sources,
        "entity_id": entity_id,
        "name": newest.name,
    }
    return PageData(f"entity/{entity_id}.xml" if entity_id else "feed.xml", "feed", values)


def _graph(path: str, graph: Subgraph, texts: TextStore | None, here: str = "") -> PageData:
    title, lead = entity_words(graph) if graph.focus else graph_words()
    values = {
        "graph": graph,
        "title": title,
        "lead": lead,
        "passages": _passages(graph, texts),
        "labels": graph.names,
        "here": here,
    }
    return PageData(path, "graph", values)


async def _story(reader: Reader, texts: TextStore | None, story: Story) -> PageData | None:
    """The page of a story; None if a claim or an entity that it tells of is not there."""
    if not await reader.ask(has_records(story)):
        return None
    graph = await among(reader, story.entities, story.claims)
    values = {"story": story, "graph": graph, "passages": _passages(graph, texts)}
    return PageData(f"story/{story.id}.html", "story", values)


async def _source_page(reader: Reader, texts: TextStore | None, source_id: str) -> PageData | None:
    """The page of a source; None if it was removed while the site was written."""
    page = await source_file(reader, source_id)
    if page is None:
        return None
    fall = await whatif.what_if(reader, sources=[source_id], speakers=[source_id])
    values = {
        "source": page.source,
        "graph": page.graph,
        "own": page.own,
        "citing": page.citing,
        "left_out": page.left_out,
        "withdrawn": page.withdrawn,
        "fall": fall.ties,
        "names": fall.names,
        "passages": _passages(page.graph, texts),
        "metadata": PageMetadata(citations={"": asdict(cite_source(page.source))}),
    }
    return PageData(f"source/{source_id}.html", "source", values)


def _merged_page(entity_id: str, canonical_id: str) -> PageData:
    """A small page for a merged id, which old links may lead to."""
    values = {"entity_id": entity_id, "canonical_id": canonical_id}
    return PageData(f"entity/{entity_id}.html", "merged", values)


async def _entity(reader: Reader, texts: TextStore | None, entity_id: str) -> PageData | None:
    """The page of an entity; None if it was removed while the site was written."""
    graph = await neighbourhood_graph(reader, entity_id, limit=MOST_NODES)
    return _graph(f"entity/{entity_id}.html", graph, texts) if graph else None


async def _ties(reader: Reader, texts: TextStore | None, ids: Sequence[str]) -> list[PageData]:
    """The pages of all ties that run from some entities."""
    keys = await reader.ask(ties_from(ids))
    graph = await reader.ask(subgraph(keys))
    more = await reader.ask(beside(ids))
    return [
        await _tie(reader, texts, one, docket=(key.source, key.target) in more)
        for one in split(graph)
        if (key := one.ties[0].key)
    ]


async def _tie(
    reader: Reader, texts: TextStore | None, graph: Subgraph, *, docket: bool
) -> PageData:
    """The page of the only tie of a graph; with `docket` the claims beside it are read, too."""
    key = graph.ties[0].key
    more: dict[str, Any] = {}
    if docket:
        whole = await docket_of(reader, key)
        graph = whole.graph if whole.graph.ties else graph
        more = {
            "not_found": whole.not_found,
            "jointly": whole.jointly,
            "withdrawn": whole.withdrawn,
        }
    values = {"graph": graph, "passages": _passages(graph, texts), **more}
    return PageData(f"tie/{key}.html", "tie", values)
