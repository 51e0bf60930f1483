"""Problems for ids that nothing has, with the records that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from api.errors import ProblemError, not_found
from api.request import GraphRequest
from graph.model import TieKey
from graph.queries import search
from graph.queries.entities import EntityCard
from graph.queries.search import NEAR, Near


async def entity_missing(request: GraphRequest, entity_id: str) -> ProblemError:
    """Return the problem for an id that no entity has."""
    near = await request.services.store.ask(search.near_entities(entity_id))
    return not_found("entity", entity_id, _entities(near))


async def claim_missing(request: GraphRequest, claim_id: str) -> ProblemError:
    """Return the problem for an id that no claim has: was it copied in part?"""
    near = await request.services.store.ask(search.near_claims(claim_id))
    return not_found("claim", claim_id, _records("claims", near))


async def source_missing(request: GraphRequest, source_id: str) -> ProblemError:
    """Return the problem for an id that no source has."""
    near = await request.services.store.ask(search.near_sources(source_id))
    return not_found("source", source_id, _records("sources", near))


async def tie_missing(request: GraphRequest, key: TieKey) -> ProblemError:
    """Return the problem for a tie that there is not, or not at the moment asked for.

    It names other ties between the two; where there are none, the entities that the ends may be.
    """
    ties = await request.services.store.ask(search.near_ties(key))
    if ties:
        return not_found("tie", str(key), _records("ties", ties))
    ends = [
        await request.services.store.ask(search.near_entities(end))
        for end in (key.source, key.target)
    ]
    # The nearest to each end first, then the next to each.
    cards = {card.entity.id: card for pair in zip_longest(*ends) for card in pair if card}
    return not_found("tie", str(key), _entities(list(cards.values())[:NEAR]))


def _entities(cards: Iterable[EntityCard]) -> list[dict[str, str]]:
    """Return entities as a problem proposes them."""
    nearest = [Near(card.entity.id, card.entity.label, card.entity.type) for card in cards]
    return _records("entities", nearest)


def _records(place: str, nearest: Iterable[Near]) -> list[dict[str, str]]:
    return [
        {"id": n.id, "label": n.label, "type": n.type, "link": f"/v1/{place}/{n.id}"}
        for n in nearest
    ]
