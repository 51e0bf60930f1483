"""Statements that are sent when a server has started, so that no client waits for their plans.

Neo4j plans each statement once, which takes up to seconds in a server that has just started. The
ids asked for here do not exist, or the limits are low; the plan is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from graph.errors import StoreError
from graph.model import TieKey
from graph.paths import Look
from graph.queries import (
    claims,
    entities,
    entity_ties,
    graphs,
    pages,
    paths,
    records,
    search,
    sources,
    tie_graphs,
    tie_lists,
    ties,
)
from graph.queries.tie_lists import TieFilters
from graph.question import Question, beside
from graph.store.connection import Store
from graph.store.state import with_state

#: An id that no record has.
_NOBODY = "-"
#: Seconds that each may take: to plan it is what takes long, whatever it has when it is asked.
_SECONDS = 60.0
#: Seconds for which a server that ends waits for the last one.
_PATIENCE = 2.0


def questions() -> Iterator[Question[Any]]:
    """Yield what is asked for first: by pages, then by programs."""
    yield pages.newest()
    yield records.snapshots(2)
    yield graphs.whole()
    yield graphs.neighbourhood(_NOBODY)
    yield ties.tie(TieKey(_NOBODY, _NOBODY, _NOBODY))
    yield pages.among([_NOBODY])
    yield search.suggest(_NOBODY)
    yield search.search(_NOBODY)
    yield search.search_records(_NOBODY)
    yield pages.source_file(_NOBODY)
    yield pages.timeline(_NOBODY)
    yield entities.entity(_NOBODY)
    yield beside(entities.entity(_NOBODY), "card", tie_lists.ties(TieFilters(entities=[_NOBODY])))
    yield tie_lists.ties(limit=1)
    yield entity_ties.ties_of_entity(_NOBODY)
    yield entities.entities(limit=1)
    yield claims.claims(limit=1)
    yield claims.claim(_NOBODY)
    yield sources.sources(limit=1)
    yield sources.source(_NOBODY)
    yield tie_graphs.around(_NOBODY, 1, 1, TieFilters())
    yield paths.canonical([_NOBODY])
    yield paths.around(Look((_NOBODY,), 1, 1))
    yield paths.evidence([(_NOBODY, _NOBODY)])


@asynccontextmanager
async def warming(store: Store) -> AsyncIterator[None]:
    """Ask them one after the other while the block runs. A store that fails is left in peace."""
    ending = asyncio.Event()
    asking = asyncio.create_task(_ask(store, ending))
    try:
        yield
    finally:
        ending.set()
        # The driver loses a connection that is given up while it is made: the one in hand may end.
        await asyncio.wait([asking], timeout=_PATIENCE)
        asking.cancel()


async def _ask(store: Store, ending: asyncio.Event) -> None:
    for question in questions():
        if ending.is_set():
            return
        try:
            await store.ask(replace(with_state(question), seconds=_SECONDS))
        except StoreError:
            return
