"""Records that a request may have meant, as a 404 proposes them."""

from __future__ import annotations

from collections.abc import Iterable

from graph.queries.entities import EntityCard
from graph.queries.search import Near


def propose_entities(cards: Iterable[EntityCard]) -> list[dict[str, str]]:
    """Return entities as a problem proposes them."""
    nearest = [Near(card.entity.id, card.entity.label, card.entity.type) for card in cards]
    return propose("entities", nearest)


def propose(path: str, nearest: Iterable[Near]) -> list[dict[str, str]]:
    """Return records as a problem proposes them; `path` is that of their list, below `/v1/`."""
    return [
        {"id": n.id, "label": n.label, "type": n.type, "link": f"/v1/{path}/{n.id}"}
        for n in nearest
    ]
