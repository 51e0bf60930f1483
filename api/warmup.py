"""Statements that are sent when a server has started, so that no client waits for their plans.

Neo4j plans each statement once for the types of its parameters, which takes up to seconds in a
server that has just started. The ids in these questions do not exist, or the limits are low; the
plan is the same, since the local server is set to ignore how long a text or a list is
(`graph.store.local.home`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from api.http.store_state import StateCache
from graph.errors import StoreError
from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.paths import NeighbourQuery
from graph.queries import (
    claims,
    entities,
    entity_ties,
    paths,
    search,
    sources,
    tie_lists,
    timeline,
    whatif,
)
from graph.queries.choices import unretracted
from graph.queries.claims import ClaimFilters
from graph.queries.datasets import DATASETS
from graph.queries.docket import docket, jointly
from graph.queries.findings import findings
from graph.queries.moment import ALWAYS, Moment
from graph.queries.neighbourhood import neighbourhood_graph, nodes
from graph.queries.news import news
from graph.queries.records import existing
from graph.queries.source_file import source_file
from graph.queries.subgraph import among
from graph.queries.tie_lists import TieFilters
from graph.queries.whole_graph import entity_total, whole_graph
from graph.queries.withdrawals import entity_withdrawals, source_withdrawals, tie_withdrawals
from graph.question import Question, Reader, T
from graph.store.connection import Store
from graph.store.state import STATE
from viz.supply_lines import LINE_TYPES

#: An id that no record has.
_NOBODY = "-"
#: A text with a word, which no record has as its name.
_NO_NAME = "nobody"
#: A tie that does not exist, of a type that does.
_NO_TIE = TieKey(_NOBODY, LINE_TYPES[0], _NOBODY)
_THEN = Moment(as_of=date(2000, 1, 1))
_TYPES_THEN = TieFilters(types=LINE_TYPES, moment=_THEN)
_OF_STATUS = TieFilters(statuses=[ONTOLOGY.status_of(1)])
#: What feeds tell of.
_EVERY_CLAIM = ClaimFilters(retracted="include")
#: Seconds that each may take: to plan it is what takes long, whatever it has when it is asked.
_SECONDS = 60.0
#: Seconds for which a server that ends waits for the last one.
_PATIENCE = 2.0
#: The number of reads for the first pages: the home page, an entity, a tie.
_FIRST = 8

#: The ties of the home page's picture.
LINES = TieFilters(types=LINE_TYPES)
#: What is read first: by pages, then by programs.
READS: tuple[Callable[[Reader], Awaitable[object]], ...] = (
    news,
    lambda reader: whole_graph(reader, LINES, 1),
    findings,
    lambda reader: whole_graph(reader, limit=1),
    lambda reader: reader.ask(entity_total()),
    lambda reader: neighbourhood_graph(reader, _NOBODY),
    lambda reader: docket(reader, _NO_TIE),
    lambda reader: reader.ask(entity_withdrawals(_NOBODY)),
    lambda reader: reader.ask(tie_withdrawals(_NO_TIE)),
    lambda reader: among(reader, [_NOBODY]),
    lambda reader: reader.ask(search.suggest(_NO_NAME)),
    lambda reader: reader.ask(search.search(_NO_NAME)),
    lambda reader: reader.ask(search.search_records(_NO_NAME)),
    lambda reader: source_file(reader, _NOBODY),
    lambda reader: reader.ask(source_withdrawals(_NOBODY)),
    lambda reader: reader.ask(whatif.withdrawal_of([_NOBODY], [_NOBODY], [])),
    lambda reader: reader.ask(whatif.ties_of_claims([_NOBODY])),
    lambda reader: reader.ask(whatif.revival_of([])),
    lambda reader: timeline.timeline(reader, _NOBODY),
    timeline.timeline,
    lambda reader: reader.ask(entities.entity(_NOBODY)),
    lambda reader: reader.ask(entities.duplicates(_NOBODY)),
    lambda reader: reader.ask(sources.documents([_NOBODY])),
    lambda reader: tie_lists.ties(reader, TieFilters(entities=[_NOBODY])),
    lambda reader: tie_lists.ties(reader, limit=1),
    lambda reader: reader.ask(nodes([_NOBODY], ALWAYS)),
    lambda reader: reader.ask(DATASETS),
    lambda reader: entity_ties.ties_of_entity(reader, _NOBODY),
    lambda reader: entities.entities(reader, limit=1),
    lambda reader: claims.claims(reader, limit=1),
    lambda reader: reader.ask(claims.claim(_NOBODY)),
    lambda reader: sources.sources(reader, limit=1),
    lambda reader: reader.ask(sources.source(_NOBODY)),
    lambda reader: reader.ask(paths.canonical([_NOBODY])),
    lambda reader: reader.ask(paths.neighbours(NeighbourQuery((_NOBODY,), 1, 1))),
    lambda reader: reader.ask(paths.evidence([(_NOBODY, _NOBODY)])),
)
#: What is read once the server answers: on a day, by facets, for feeds and for what a source bears.
LATER: tuple[Callable[[Reader], Awaitable[object]], ...] = (
    lambda reader: reader.ask(unretracted([_NOBODY])),
    lambda reader: reader.ask(entities.plurals([_NOBODY])),
    lambda reader: reader.ask(_EVERY_CLAIM.query(("-recorded_on", "id")).page(None, 1)),
    lambda reader: tie_lists.ties(reader, TieFilters(moment=_THEN), limit=1),
    lambda reader: reader.ask(paths.neighbours(NeighbourQuery((_NOBODY,), 1, 1), moment=_THEN)),
    lambda reader: reader.ask(paths.evidence([(_NOBODY, _NOBODY)], moment=_THEN)),
    lambda reader: reader.ask(jointly(_NOBODY, _NOBODY, LINE_TYPES, _THEN)),
    lambda reader: tie_lists.ties(reader, _OF_STATUS, limit=1, facets=["type"]),
    lambda reader: entity_ties.ties_of_entity(reader, _NOBODY, filters=_TYPES_THEN),
    lambda reader: reader.ask(existing([_NOBODY], [_NO_NAME])),
)


@dataclass(frozen=True, slots=True)
class _Patient:
    """Asks as a request does, together with the state, and waits longer for the plan."""

    states: StateCache

    async def ask(self, question: Question[T]) -> T:
        """Return the answer. Raises what `StateCache.ask` raises."""
        return (await self.states.ask(replace(question, seconds=_SECONDS))).answer


async def first_pages(store: Store) -> None:
    """Read as the first pages do. Ends at the first error of the store."""
    with suppress(StoreError):
        await store.ask(STATE)
        await _send(store, READS[:_FIRST])


async def all_pages(store: Store) -> None:
    """Read as all pages and answers do, two at a time: Neo4j plans a statement on one processor.

    Each of the two ends at its first error of the store, and both have ended on return.
    """
    with suppress(StoreError):
        await store.ask(STATE)
        reads = iter(READS)
        await asyncio.gather(_send(store, reads), _send(store, reads))


@asynccontextmanager
async def warming(store: Store) -> AsyncIterator[None]:
    """Ask them one after the other while the block runs. A store that fails is left in peace."""
    ending = asyncio.Event()
    reads = takewhile(lambda read: not ending.is_set(), (*READS, *LATER))
    sending = asyncio.create_task(_send(store, reads))
    try:
        yield
    finally:
        ending.set()
        # The driver loses a connection that is given up while it is made: the one in hand may end.
        await asyncio.wait([sending], timeout=_PATIENCE)
        sending.cancel()


async def _send(store: Store, reads: Iterable[Callable[[Reader], Awaitable[object]]]) -> None:
    """Read one after the other, to the first error of the store."""
    reader = _Patient(StateCache(store))
    with suppress(StoreError):
        for read in reads:
            await read(reader)
