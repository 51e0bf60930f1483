"""`include=`: the records that those of an answer name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from api.answers.claims import ClaimOut, claim_out
from api.answers.common import labels_by_id
from api.answers.entities import entity_out
from api.answers.lists import Beside
from api.answers.sources import source_facts
from api.answers.ties import tie_row_out
from api.parameters import GraphRead
from api.request import GraphRequest
from graph.passages import passages
from graph.queries.claims import ClaimCard, ClaimFilters, claims
from graph.queries.entities import EntityFilters, entities
from graph.queries.sources import SourceFilters, sources
from graph.queries.sources import documents as documents_of
from graph.queries.tie_lists import TieFilters, TieRow, ties

#: Records that one answer may include, of all kinds together.
MOST = 1_000


class IncludedRecords:
    """The included records of one answer, up to `MOST`.

    Each method reads a list and stores its records under their kind.
    """

    def __init__(self, request: GraphRequest, params: GraphRead) -> None:
        self._request, self._params = request, params
        self._room = MOST
        self._left_out = 0
        self.records = Beside()

    @property
    def notices(self) -> list[str]:
        """Return the notice of how many records are left out, if any."""
        if not self._left_out:
            return []
        return [
            f"{self._left_out:,} further records are left out under included, which holds "
            f"{MOST:,}: ask for fewer records at a time, or in the lists of their own."
        ]

    def _took(self, count: int, total: int) -> None:
        self._room -= count
        self._left_out += total - count

    async def ties(self, entity_ids: Sequence[str]) -> None:
        """Include the ties of entities, the strongest first."""
        filters = TieFilters(entities=entity_ids, moment=self._params.moment)
        page = await ties(self._request, filters, limit=self._room)
        self._took(len(page.items), page.total)
        labels = await self._request.labels(ends(page.items), self._params)
        self.records.ties = {str(row.key): tie_row_out(row, labels) for row in page.items}

    async def claims_about(self, entity_ids: Sequence[str]) -> Sequence[ClaimCard]:
        """Include the claims that entities take part in."""
        return await self._claims(ClaimFilters(entities=entity_ids, moment=self._params.moment))

    async def claims_from(self, source_ids: Sequence[str]) -> Sequence[ClaimCard]:
        """Include the claims of sources."""
        return await self._claims(ClaimFilters(sources=source_ids, moment=self._params.moment))

    async def claims(self, ids: Iterable[str]) -> Sequence[ClaimCard]:
        """Include claims by their ids."""
        every = sorted(set(ids))
        return await self._claims(
            ClaimFilters(ids=every, retracted="include", moment=self._params.moment)
        )

    async def _claims(self, filters: ClaimFilters) -> Sequence[ClaimCard]:
        page = await claims(self._request, filters, limit=self._room)
        self._took(len(page.items), page.total)
        answers = await claims_out(self._request, self._params, page.items)
        self.records.claims = {claim.id: claim for claim in answers}
        return page.items

    async def sources(self, ids: Iterable[str]) -> None:
        """Include sources by their ids; ids of other records are ignored."""
        filters = SourceFilters(ids=sorted(set(ids)))
        page = await sources(self._request, filters, limit=self._room)
        self._took(len(page.items), page.total)
        self.records.sources = {
            item.source.id: source_facts(item.source, self._request.holds_text(item.source))
            for item in page.items
        }

    async def entities(self, ids: Iterable[str]) -> None:
        """Include entities by their ids; ids of other records are ignored."""
        filters = EntityFilters(ids=sorted(set(ids)), moment=self._params.moment)
        page = await entities(self._request, filters, limit=self._room)
        self._took(len(page.items), page.total)
        self.records.entities = {
            card.entity.id: entity_out(card, self._params.lang) for card in page.items
        }


def ends(rows: Sequence[TieRow]) -> dict[str, str]:
    """Return the labels of the ends of ties, by id."""
    page = {row.source: row.source_label for row in rows}
    return page | {row.target: row.target_label for row in rows}


async def documents(request: GraphRequest, rows: Iterable[TieRow]) -> Collection[str]:
    """Read the ids of the documents at hand that ties rest on."""
    ids = dict.fromkeys(i for row in rows for i in row.basis_ids)
    return await request.ask(documents_of(ids)) if ids else ()


def sources_of(cards: Iterable[ClaimCard]) -> set[str]:
    """Return the ids of all sources that claims were taken from or that they cite."""
    return {source_id for card in cards for source_id in card.sources}


async def claims_out(
    request: GraphRequest, params: GraphRead, cards: Sequence[ClaimCard]
) -> list[ClaimOut]:
    """Return claims as the API shows them, each with its passage where the text is held."""
    of_all = {i: source for card in cards for i, source in card.sources.items()}
    names = {i: name for card in cards for i, name in card.names.items()}
    labels = labels_by_id(await request.labels(names, params), of_all)
    quoted = passages([card.claim for card in cards], of_all, request.texts)
    return [claim_out(card.claim, labels, quoted, card.superseded_by, card.match) for card in cards]
