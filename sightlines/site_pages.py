"""The pages of a static site: the path of each, what draws it, and the records that it shows.

They are made from a copy of the graph, in which nearly all is looked up that they show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from api.routes.pages.feeds import NewestClaims, newest, newest_claims
from api.routes.pages.graph import entity_words, graph_words
from api.routes.pages.home import home_words
from graph.citation import cite_source, credit_line
from graph.language import gettext
from graph.model import Claim, Entity, Name, Story, Subgraph, Tie
from graph.passages import passages
from graph.queries import entities, whatif
from graph.queries.copy import GraphCopy, copy_graph
from graph.queries.docket import beside
from graph.queries.docket import docket as docket_of
from graph.queries.entities import EntityCard
from graph.queries.findings import findings
from graph.queries.news import news
from graph.queries.subgraph import among, has_records, piece
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

#: How many entities' dockets one question asks for, and how many entities one answer holds.
_ENTITIES, _PAGE = 250, 200
#: How many pages are there whatever the records: the first one, graph, timeline, list, words, feed.
_FRONT = 6
#: The most claims of a source that one script holds; more claims have a script each.
_ONE_SCRIPT = 200


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
class SiteRecords:
    """What the pages of a site are about: a copy of the graph, texts and stories.

    `datasets` is the sentence about the data sets.
    """

    copy: GraphCopy
    texts: TextStore | None
    stories: Mapping[str, Story]
    datasets: str

    @property
    def page_count(self) -> int:
        """How many files with pages, feeds and cards there will be."""
        copy = self.copy
        scripts = {self.script(copy.graph.claims[i]) for ids in copy.live.values() for i in ids}
        records = (copy.canonical, copy.graph.entities, copy.graph.ties, copy.graph.sources)
        return _FRONT + len(scripts) + len(self.stories) + sum(map(len, records))

    def scripts(self, claims: Iterable[Claim]) -> tuple[str, ...]:
        """Return the paths of the scripts with the cards of some claims, each once."""
        return tuple(dict.fromkeys(map(self.script, claims)))

    def script(self, claim: Claim) -> str:
        """Return the path of the script with the card of a claim."""
        few = len(self.copy.live.get(claim.source, ())) <= _ONE_SCRIPT
        return f"source/{claim.source}.js" if few else f"claim/{claim.id}.js"


async def site_records(
    reader: Reader, texts: TextStore | None, stories: Mapping[str, Story]
) -> SiteRecords:
    """Read what the pages of a site are about."""
    datasets = credit_line((await reader.ask(STATE)).datasets)
    return SiteRecords(await copy_graph(reader), texts, stories, datasets)


async def site_pages(reader: Reader, records: SiteRecords) -> AsyncIterator[list[PageData]]:
    """Yield what all pages are drawn from, in lists of those that belong together."""
    async for pages in _pages(reader, records):
        yield [
            replace(page, datasets=records.datasets, scripts=records.scripts(_shared_claims(page)))
            for page in pages
        ]


def _shared_claims(page: PageData) -> Iterable[Claim]:
    """Return the claims of a page whose cards it shares with other pages."""
    if page.kind not in _WITH_CARDS:
        return ()
    graph: Subgraph = page.values["graph"]
    return graph.claims.values()


async def _pages(reader: Reader, records: SiteRecords) -> AsyncIterator[list[PageData]]:
    copy, texts = records.copy, records.texts
    yield await _front(reader, texts, records.stories)
    yield [PageData("search.html", "list", {"entities": await _every(reader)})]
    yield [_merged_page(i, one) for i, one in copy.canonical.items() if i != one]
    for story in records.stories.values():
        if page := await _story(reader, texts, story):
            yield [page]
    for source_id in sorted(copy.graph.sources):
        yield [await _source_page(reader, copy, texts, source_id)]
    for claims in copy.live.values():
        for some in _cut(claims, _ONE_SCRIPT):
            yield _scripts(records, some)
    entities = [i for i, one in copy.canonical.items() if i == one]
    for ids in _cut(entities, _ENTITIES):
        with_docket = await reader.ask(beside(ids))
        for i in ids:
            ties = [
                await _tie(reader, copy, texts, tie, docket=(i, tie.key.target) in with_docket)
                for tie in copy.ties_from(i)
            ]
            graph = await copy.around(reader, i, MOST_NODES)
            yield [_graph(f"entity/{i}.html", graph, texts), _entity_feed(copy, i), *ties]


def _cut(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _scripts(records: SiteRecords, ids: Sequence[str]) -> list[PageData]:
    """The scripts with the cards of some claims and with what the table says of their ties.

    A tie stands in the script of its first claim.
    """
    whole = records.copy.graph
    scripts: defaultdict[str, list[str]] = defaultdict(list)
    for claim_id in ids:
        scripts[records.script(whole.claims[claim_id])].append(claim_id)
    return [
        _script(
            path, piece(whole, records.copy.ties_of_first(claims), claims), claims, records.texts
        )
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
        _feed("feed.xml", await newest_claims(reader)),
    ]


def _feed(path: str, claims: NewestClaims, entity_id: str = "") -> PageData:
    """The feed of all claims, or of those about one entity."""
    values = {
        "claims": claims.claims,
        "sources": claims.sources,
        "entity_id": entity_id,
        "name": claims.name,
    }
    return PageData(path, "feed", values)


def _entity_feed(copy: GraphCopy, entity_id: str) -> PageData:
    claims = newest(copy.claims_about(entity_id))
    sources = {
        i: copy.graph.sources[i]
        for claim in claims
        for i in claim.said_by
        if i in copy.graph.sources
    }
    name = copy.graph.entities[entity_id].label
    return _feed(
        f"entity/{entity_id}.xml", NewestClaims(claims, list(sources.values()), name), entity_id
    )


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


async def _source_page(
    reader: Reader, copy: GraphCopy, texts: TextStore | None, source_id: str
) -> PageData:
    """The page of a source."""
    page = copy.source_file(source_id)
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


async def _tie(
    reader: Reader, copy: GraphCopy, texts: TextStore | None, tie: Tie, *, docket: bool
) -> PageData:
    """The page of a tie; with `docket` the claims beside it are read, too."""
    graph = piece(copy.graph, [tie])
    more: dict[str, Any] = {}
    if docket:
        whole = await docket_of(reader, tie.key)
        graph = whole.graph if whole.graph.ties else graph
        more = {
            "not_found": whole.not_found,
            "jointly": whole.jointly,
            "withdrawn": whole.withdrawn,
        }
    values = {"graph": graph, "passages": _passages(graph, texts), **more}
    return PageData(f"tie/{tie.key}.html", "tie", values)
