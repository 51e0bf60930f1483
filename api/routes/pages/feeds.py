"""What feed readers and search engines ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urljoin

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.request import GraphRequest, RequestDep, SnapshotRoute
from api.routes.pages.shell import PageRead, missing, page_links
from graph.model import Claim, Source
from graph.queries import entities
from graph.queries.choices import entity_ids, source_ids
from graph.queries.claims import ClaimFilters
from graph.queries.paths import canonical
from graph.question import Reader
from viz.feed import MOST_ENTRIES, feed, sitemap
from viz.links import Links

router = APIRouter(route_class=SnapshotRoute)


@router.get("/feed.xml")
async def whole_feed(request: RequestDep, _: Annotated[PageRead, Query()]) -> Response:
    """The claims that were recorded or withdrawn last."""
    claims = await newest_claims(request)
    return _atom(request, feed(claims.claims, claims.sources, links=_whole(request)))


@router.get("/entity/{entity_id}/feed.xml")
async def entity_feed(
    entity_id: str, request: RequestDep, _: Annotated[PageRead, Query()]
) -> Response:
    """Those about one entity."""
    of = (await request.ask(canonical([entity_id]))).get(entity_id)
    if of is None:
        return await missing(request, "entity", entity_id)
    claims = await newest_claims(request, of)
    links = _whole(request)
    text = feed(claims.claims, claims.sources, links=links, entity_id=of, name=claims.name)
    return _atom(request, text)


@router.get("/sitemap.xml")
async def pages(request: RequestDep, _: Annotated[PageRead, Query()]) -> Response:
    """The addresses of all pages that a search engine should read."""
    links = _whole(request)
    every = await request.ask(entity_ids())
    sources = await request.ask(source_ids())
    return Response(
        sitemap(
            page_addresses(
                links,
                list(request.services.stories),
                sources,
                [i for i, of in every if i == of],
            )
        ),
        media_type="application/xml",
        headers=dict(request.response.headers),
    )


def page_addresses(
    links: Links, stories: Sequence[str], sources: Sequence[str], ids: Sequence[str]
) -> list[str]:
    """The addresses of the pages: the main ones, stories, sources and entities."""
    return [
        links.home,
        links.graph,
        links.timeline,
        links.vocabulary,
        *map(links.story, stories),
        *map(links.source, sources),
        *map(links.entity, ids),
    ]


@dataclass(frozen=True, slots=True)
class NewestClaims:
    """Claims, the newest first, with their sources; `name` is that of the entity in question."""

    claims: list[Claim]
    sources: list[Source]
    name: str


async def newest_claims(reader: Reader, entity_id: str = "", name: str = "") -> NewestClaims:
    """Read the claims that were recorded last, withdrawn ones among them.

    With an entity those about it, and its name unless that is there.
    """
    filters = ClaimFilters(entities=[entity_id] if entity_id else (), retracted="include")
    page = await reader.ask(filters.query(("-recorded_on", "id")).page(None, MOST_ENTRIES))
    claims = newest(card.claim for card in page.items)
    sources = {i: source for card in page.items for i, source in card.sources.items()}
    if entity_id and not name:
        name = (await reader.ask(entities.names([entity_id]))).get(entity_id, entity_id)
    return NewestClaims(claims, list(sources.values()), name)


def newest(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims that were recorded last, by the day on which they came or were retracted.

    That is what a feed tells of.
    """
    last = sorted(claims, key=lambda claim: claim.id)
    last.sort(key=lambda claim: claim.recorded_on, reverse=True)
    return sorted(
        last[:MOST_ENTRIES],
        key=lambda claim: claim.retracted.on if claim.retracted else claim.recorded_on,
        reverse=True,
    )


def _whole(request: GraphRequest) -> Links:
    """Whole addresses: whoever reads a feed has no page that they could be relative to."""
    return Links(urljoin(str(request.http.url), page_links().home))


def _atom(request: GraphRequest, text: str) -> Response:
    headers = dict(request.response.headers)
    return Response(text, media_type="application/atom+xml", headers=headers)
