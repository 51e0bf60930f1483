"""What is new: since the snapshot before the current one, or else what was recorded last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from graph.changes import Change
from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.queries import changes, pages, records
from graph.queries.changes import RecordChange, UnknownSnapshot
from graph.queries.filtered import keyed
from graph.queries.pages import Newest
from graph.question import Reader

#: Ties that are read to choose the strongest of, and records that are told.
_READ, _TOLD = 500, 8


@dataclass(frozen=True, slots=True)
class News:
    """What was recorded last, and what came and went since the snapshot before this one.

    `since` is the day of that snapshot, None where there is none or where no tie has changed since:
    then `newest.graph` holds the newest ties, otherwise those that came or rose, which `order` has
    by key, the strongest first. `totals` counts ties by what happened to them; `lost` are ties that
    fell or went and claims that no longer count.
    """

    newest: Newest
    since: date | None = None
    order: tuple[str, ...] = ()
    totals: Mapping[str, int] | None = None
    lost: tuple[RecordChange, ...] = ()


async def news(reader: Reader, entity_ids: Sequence[str] = ()) -> News:
    """Ask for what is new; `entity_ids` are looked up besides, as by `pages.newest`."""
    newest = await reader.ask(pages.newest(entity_ids))
    found = await reader.ask(records.snapshots(2))
    if len(found.items) < 2:
        return News(newest)
    before = found.items[1]
    ties = await reader.ask(
        changes.changes(
            before.id, kinds=["tie"], names=["added", "rose", "fell", "removed"], limit=_READ
        )
    )
    claims = await reader.ask(
        changes.changes(before.id, kinds=["claim"], names=["retracted", "removed"], limit=_TOLD)
    )
    if isinstance(ties, UnknownSnapshot) or isinstance(claims, UnknownSnapshot):
        return News(newest)
    came, went = _parted(ties.items)
    lost = (*claims.items, *went[:_TOLD])
    if not came:
        return News(newest, lost=lost)
    keys = [TieKey(*item.change.key.id.split("/")) for item in came[:_TOLD]]
    graph = await reader.ask(keyed(keys))
    return News(
        newest=replace(newest, graph=graph),
        since=before.completed_on.date(),
        order=tuple(map(str, keys)),
        totals={group.change: group.total for group in ties.groups if group.kind == "tie"},
        lost=lost,
    )


def _parted(items: Sequence[RecordChange]) -> tuple[list[RecordChange], list[RecordChange]]:
    """Part ties that came or rose, the strongest first, from those that fell or went."""
    came = [item for item in items if item.change.change in ("added", "rose")]
    went = [item for item in items if item.change.change in ("fell", "removed")]
    return sorted(came, key=lambda item: _strength(item.change), reverse=True), went


def _strength(change: Change) -> tuple[int, int]:
    after = change.after or {}
    return ONTOLOGY.ranks.get(after.get("status", ""), 0), after.get("origins", 0)
