"""The first page, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.changed_since import change_out
from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.shell import MOST_NODES, PageRead, TabledPage, metadata, page, table_file
from graph.model import DatasetRecord, Finding, Name, Story, Subgraph, Withdrawal
from graph.queries import entities
from graph.queries import search as searching
from graph.queries.changes import RecordChange
from graph.queries.findings import findings
from graph.queries.news import News, news
from graph.queries.search import Hit, Hits, Kind, RecordHit
from graph.queries.tie_lists import TieFilters
from graph.queries.whole_graph import whole_graph
from graph.wording import withdrawal_in_words
from viz import words
from viz.home_page import LostRecord, home_page
from viz.search_page import EntityMatch, RecordMatch, RecordMatches, search_page, search_table
from viz.supply_lines import LINE_TYPES

#: The most results of a kind.
_MOST_ROWS = 500


class SearchParams(PageRead, TabledPage):
    """`/search`: plain words, in any script."""

    q: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=_MOST_ROWS)


router = APIRouter(route_class=SnapshotRoute)
#: What is found besides entities.
_BESIDE: tuple[Kind, ...] = ("claim", "source")


@router.get("/")
async def home(request: RequestDep, _: Annotated[PageRead, Query()]) -> Response:
    """What this is, the stories, what is newest, and how to read a line."""
    stories = request.services.stories.values()
    latest = await news(
        request,
        [i for story in stories for i in story.entities],
        [i for story in stories for i in story.claims],
    )
    lines = await whole_graph(request, TieFilters(types=LINE_TYPES), MOST_NODES)
    sentences = await findings(request)
    words = home_words(stories, latest, lines, sentences, request.settled.datasets)
    return await page(request, home_page, metadata=metadata(request), **words)


def home_words(
    stories: Iterable[Story],
    latest: News,
    lines: Subgraph,
    sentences: Sequence[Finding],
    datasets: Sequence[DatasetRecord],
) -> dict[str, Any]:
    """Return what `home_page` takes of what is new."""
    return {
        "stories": [
            story
            for story in stories
            if latest.entity_ids.issuperset(story.entities)
            and latest.claim_ids.issuperset(story.claims)
        ],
        "newest": latest.graph,
        "corrected": latest.corrected,
        "since": latest.since,
        "order": latest.order,
        "totals": latest.totals,
        # With a single document, no tie has a second account.
        "basis": words.basis(
            latest.kinds, latest.unread, latest.graph.ties if len(latest.kinds) == 1 else ()
        ),
        "losses": [_loss(item, latest.withdrawals) for item in latest.losses],
        "lines": lines,
        "findings": sentences,
        "datasets": datasets,
    }


def _loss(item: RecordChange, withdrawals: Mapping[str, Withdrawal]) -> LostRecord:
    change = change_out(item)
    reasons = [withdrawal_in_words(withdrawals[i]) for i in change.lost if i in withdrawals]
    reason = change.reason or " ".join(dict.fromkeys(reasons))
    return LostRecord(change.id, change.label, change.change, reason)


@router.get("/search")
async def search(request: RequestDep, params: Annotated[SearchParams, Query()]) -> Response:
    """Entities, claims and sources; names that come near where nothing matches."""
    if not (query := params.q.strip()):
        await request.state()
        return await page(request, search_page, "", [], metadata=metadata(request))
    limit = _MOST_ROWS if params.table else params.limit
    hits, claims, sources = await _find(request, query, limit)
    phrase, nothing = "", not (hits.items or claims.items or sources.items)
    if nothing and (phrase := searching.without_question(query)):
        hits, claims, sources = await _find(request, phrase, limit)
        nothing = not (hits.items or claims.items or sources.items)
    matches = [_match(hit.card, hit.matched, hit.how) for hit in hits.items]
    records = [
        RecordMatches([_record(hit) for hit in some.items], some.total)
        for some in (claims, sources)
    ]
    if params.table:
        return await table_file(request, params.table, search_table, matches, *records)
    near = await request.ask(searching.near_entities(query)) if nothing else ()
    return await page(
        request,
        search_page,
        query,
        matches,
        total=hits.total,
        phrase="" if nothing else phrase,
        claims=records[0],
        sources=records[1],
        similar=_similar(near),
        more=str(request.http.url.include_query_params(limit=_MOST_ROWS))
        if params.limit < _MOST_ROWS
        else "",
        metadata=metadata(request, is_table=True),
    )


async def _find(
    request: GraphRequest, query: str, limit: int
) -> tuple[Hits[Hit], Hits[RecordHit], Hits[RecordHit]]:
    """Entities, claims and sources that match."""
    hits = await request.ask(searching.search(query, limit=limit))
    claims, sources = [
        await request.ask(searching.search_records(query, kinds=[kind], limit=limit))
        for kind in _BESIDE
    ]
    return hits, claims, sources


def _record(hit: RecordHit) -> RecordMatch:
    return RecordMatch(
        hit.id, hit.label, hit.type, hit.matched.text, hit.matched.lang, hit.matched.how
    )


def _similar(cards: Iterable[entities.EntityCard]) -> list[EntityMatch]:
    return [_match(card, card.entity.names[0], "exact") for card in cards]


def _match(card: entities.EntityCard, name: Name, how: str) -> EntityMatch:
    return EntityMatch(card.entity, name, how, sum(card.tie_counts.values()))
