"""What is new: since the snapshot before the current one, or else what was recorded last."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from graph.changes import Change
from graph.model import Claim, Subgraph, TieKey, Withdrawal
from graph.ontology import ONTOLOGY
from graph.queries.changes import Changes, RecordChange, changes
from graph.queries.choices import ties_resting_on
from graph.queries.clauses import call, lines
from graph.queries.records import snapshots
from graph.queries.subgraph import subgraph
from graph.queries.withdrawals import claim_withdrawals
from graph.question import Question, Reader, Row

#: How many changed ties are read to choose the strongest of, and how many records of a kind are
#: named.
_MOST_TIES, _MOST_NAMES = 500, 8


@dataclass(frozen=True, slots=True)
class RecentClaims:
    """Ids of the claims that were recorded last, and of those that were retracted last.

    Both have the newest first. `entity_ids` and `claim_ids` are those
    of some entities and claims that the store holds. `kinds` has the kind of each document that
    claims were taken from; `unread`: there are documents that were not read.
    """

    recorded: tuple[str, ...]
    retracted: tuple[str, ...]
    entity_ids: frozenset[str]
    claim_ids: frozenset[str]
    kinds: tuple[str, ...]
    unread: bool


@dataclass(frozen=True, slots=True)
class News:
    """What was recorded last, and what came and went since the snapshot before this one.

    `since` is the day of that snapshot, None where there is none or where no tie has changed since:
    then `graph` holds the ties of the claims recorded last, otherwise those that came or rose,
    which `order` has by key, the strongest first. `totals` counts ties by what happened to them;
    `lost` are ties that fell or went and claims that no longer count, and `withdrawals` the claims
    that such ties lost, by id. `corrected` are the claims that were retracted last; `entity_ids`
    and `claim_ids` are those of some entities and claims that the store holds. `kinds` and `unread`
    are those of all documents: see `RecentClaims`.
    """

    graph: Subgraph
    corrected: tuple[Claim, ...]
    entity_ids: frozenset[str]
    claim_ids: frozenset[str]
    kinds: tuple[str, ...] = ()
    unread: bool = False
    since: date | None = None
    order: tuple[str, ...] = ()
    totals: Mapping[str, int] | None = None
    losses: tuple[RecordChange, ...] = ()
    withdrawals: Mapping[str, Withdrawal] = field(default_factory=dict)


async def news(
    reader: Reader, entity_ids: Sequence[str] = (), claim_ids: Sequence[str] = ()
) -> News:
    """Read what is new, and which of some entities and claims the store holds."""
    recent, loads = await asyncio.gather(
        reader.ask(recent_claims(entity_ids, claim_ids)), reader.ask(snapshots(2))
    )
    if len(loads.items) < 2:
        return await _recent(reader, recent)
    before = loads.items[1]
    ties, claims = await asyncio.gather(
        reader.ask(
            changes(
                before.id,
                kinds=["tie"],
                names=["added", "rose", "fell", "removed"],
                limit=_MOST_TIES,
            )
        ),
        reader.ask(changes(before.id, kinds=["claim"], names=["retracted"], limit=_MOST_NAMES)),
    )
    if not isinstance(ties, Changes) or not isinstance(claims, Changes):
        return await _recent(reader, recent)
    gains, declines = _by_direction(ties.items)
    ids = {i for item in declines for i in item.change.lost}
    withdrawals = {it.claim_id: it for it in await reader.ask(claim_withdrawals(ids))}
    # A tie also loses its claims where an end is merged, or where they went with their data set or
    # with an older version of it. That is no correction.
    corrected = [item for item in declines if not withdrawals.keys().isdisjoint(item.change.lost)]
    losses = (*claims.items, *corrected[:_MOST_NAMES])
    if not gains:
        latest = await _recent(reader, recent)
        return replace(latest, losses=losses, withdrawals=withdrawals)
    keys = [TieKey(*item.change.key.id.split("/")) for item in gains[:_MOST_NAMES]]
    graph = await reader.ask(subgraph(keys, claim_ids=recent.retracted))
    return News(
        graph=graph,
        corrected=_claims(graph, recent.retracted),
        entity_ids=recent.entity_ids,
        claim_ids=recent.claim_ids,
        kinds=recent.kinds,
        unread=recent.unread,
        since=before.completed_on.date(),
        order=tuple(map(str, keys)),
        totals={group.change: group.total for group in ties.groups if group.kind == "tie"},
        losses=losses,
        withdrawals=withdrawals,
    )


async def _recent(reader: Reader, recent: RecentClaims) -> News:
    keys = await reader.ask(ties_resting_on(recent.recorded))
    claim_ids = [*recent.recorded, *recent.retracted]
    graph = await reader.ask(subgraph(keys, claim_ids=claim_ids))
    corrected = _claims(graph, recent.retracted)
    return News(graph, corrected, recent.entity_ids, recent.claim_ids, recent.kinds, recent.unread)


def _claims(graph: Subgraph, claim_ids: Sequence[str]) -> tuple[Claim, ...]:
    """Return claims in the order of some ids, without those that a load has just removed."""
    return tuple([graph.claims[i] for i in claim_ids if i in graph.claims])


def recent_claims(
    entity_ids: Sequence[str] = (), claim_ids: Sequence[str] = (), limit: int = 40
) -> Question[RecentClaims]:
    """Ask which claims that give a tie were recorded last, and which were retracted last."""
    cypher = lines(
        call(
            "",
            "MATCH (c:Claim) WHERE c.retracted_on IS NULL AND c.status IS NOT NULL",
            "WITH c ORDER BY c.recorded_on DESC, c.id LIMIT $limit",
            "RETURN collect(c.id) AS recorded",
        ),
        # Each sees the one before, which it does not need: else the plan has products of rows.
        call(
            "recorded",
            "MATCH (c:Claim) WHERE c.retracted_on IS NOT NULL",
            "WITH c ORDER BY c.retracted_on DESC, c.id LIMIT $named",
            "RETURN collect(c.id) AS retracted",
        ),
        call(
            "retracted",
            "UNWIND $records.entity_ids AS id",
            "MATCH (e:Entity {id: id})",
            "RETURN collect(id) AS entity_ids",
        ),
        call(
            "entity_ids",
            "UNWIND $records.claim_ids AS id",
            "MATCH (c:Claim {id: id})",
            "RETURN collect(id) AS claim_ids",
        ),
        call(
            "claim_ids",
            "MATCH (s:Source) WHERE EXISTS { (s)<-[:FROM]-(:Claim) }",
            "RETURN collect(s.kind) AS kinds",
        ),
        "RETURN recorded, retracted, entity_ids, claim_ids, kinds,",
        "  EXISTS { MATCH (s:Source) WHERE s.read_on IS NULL } AS unread",
    )

    def read(rows: Sequence[Row]) -> RecentClaims:
        (row,) = rows
        return RecentClaims(
            tuple(row["recorded"]),
            tuple(row["retracted"]),
            frozenset(row["entity_ids"]),
            frozenset(row["claim_ids"]),
            tuple(row["kinds"]),
            row["unread"],
        )

    parameters = {
        # In one map, as in `graph.queries.subgraph`: a list without elements has another type.
        "records": {"entity_ids": list(entity_ids), "claim_ids": list(claim_ids)},
        "limit": limit,
        "named": _MOST_NAMES,
    }
    return Question(cypher, read, parameters)


def _by_direction(
    items: Sequence[RecordChange],
) -> tuple[list[RecordChange], list[RecordChange]]:
    """Return ties that came or rose, the strongest first, and those that fell or went."""
    gains = [item for item in items if item.change.change in ("added", "rose")]
    declines = [item for item in items if item.change.change in ("fell", "removed")]
    return sorted(gains, key=lambda item: _strength(item.change), reverse=True), declines


def _strength(change: Change) -> tuple[int, int]:
    after = change.after or {}
    return ONTOLOGY.ranks.get(after.get("status", ""), 0), after.get("independent", 0)
