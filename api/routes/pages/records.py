"""The pages of one tie and of one source."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.request import Ask, Context
from api.routes.pages.filters import narrowed
from api.routes.pages.shell import LINKS, PageRead, TimedPage, cite, nothing, page, quoted, visit
from graph.citation import cite_source
from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.queries import pages, search, ties, whatif
from graph.queries.filtered import ALWAYS
from viz.source_page import source_page, source_view
from viz.tie_page import tie_page

router = APIRouter()


@router.get("/tie/{start}/{tie_type}/{end}")
async def tie(
    start: str, tie_type: str, end: str, ask: Ask, asked: Annotated[TimedPage, Query()]
) -> HTMLResponse:
    """One tie with its docket: who affirms it, who denies it, who only alleges it."""
    key = TieKey(start, tie_type, end)
    docket = await ask.ask(ties.tie(key, asked.moment))
    if docket is None:
        return await _no_tie(ask, key, then=asked.moment != ALWAYS)
    words = ONTOLOGY.tie_types[key.type].label
    what = f"{docket.ends[start].label} {words} {docket.ends[end].label}"
    return await page(
        ask,
        tie_page,
        pages.docket_graph(docket),
        filters=narrowed(ask, asked, {}),
        passages=quoted(ask, docket.claims, docket.sources),
        visit=visit(ask, cite(ask, what, str(key), docket.sources.values())),
    )


async def _no_tie(ask: Context, key: TieKey, *, then: bool) -> HTMLResponse:
    """Say that there is no such tie, with the ties between the two and names that come near."""
    found = await ask.ask(pages.among([key.source, key.target]))
    names = {i: entity.label for i, entity in found.entities.items()}
    links = [(_sentence(tie.key, names), LINKS.tie(tie.key)) for tie in found.ties]
    for end in (key.source, key.target):
        if end in found.entities:
            links.append((found.entities[end].label, LINKS.entity(end)))
        else:
            cards = await ask.services.store.ask(search.near_entities(end))
            links += [(card.entity.label, LINKS.entity(card.entity.id)) for card in cards]
    when = " at the time that was asked for" if then else ""
    return nothing(f"There is no connection {key}{when}.", links)


def _sentence(key: TieKey, names: dict[str, str]) -> str:
    words = ONTOLOGY.tie_types[key.type].label
    return f"{names[key.source]} {words} {names[key.target]}"


@router.get("/source/{source_id}")
async def source(source_id: str, ask: Ask, _: Annotated[PageRead, Query()]) -> HTMLResponse:
    """One source: what it is, what it claims, and what falls if it falls."""
    found = await ask.ask(pages.source_file(source_id))
    if found is None:
        return await _no_source(ask, source_id)
    fall = await ask.ask(whatif.what_if(sources=[source_id], speakers=[source_id]))
    view = source_view(
        found.source,
        found.graph,
        links=LINKS,
        own=found.own,
        citing=found.citing,
        left_out=found.left_out,
        fall=fall.ties,
        names=fall.names,
        passages=quoted(ask, found.graph.claims, found.graph.sources),
        visit=visit(ask, {"": cite_source(found.source)}),
    )
    return await page(ask, lambda *, links: source_page(view))


async def _no_source(ask: Context, source_id: str) -> HTMLResponse:
    near = await ask.services.store.ask(search.near_sources(source_id))
    links = [(found.label, LINKS.source(found.id)) for found in near]
    return nothing(f"There is no source with the id {source_id!r}.", links)
