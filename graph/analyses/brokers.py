"""Brokers: without whom some supplier's supply no longer reaches some user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx

from graph.analyses.model import Figure, Findings
from graph.analyses.network import Network, Progress, number_of
from graph.analyses.supply import Supply, shortest
from graph.model import TieKey

#: A broker between 2,000 suppliers and 2,000 users cuts four million pairs: this many are named.
NAMED_PAIRS = 200

Pair = tuple[str, str]


@dataclass(slots=True)
class _Broker:
    """What was found of one so far: how many pairs it cuts, the first of them, and their ties."""

    count: int = 0
    pairs: list[Pair] = field(default_factory=list)
    ties: set[TieKey] = field(default_factory=set)


def brokers(network: Network, progress: Progress) -> Findings:
    """Return who stands on every way of supply from some giver to some user, most pairs first.

    `value` counts the pairs of a giver and a user that it alone joins, of which the first
    `NAMED_PAIRS` stand in `pairs`; the ties are those of a shortest way of each, which every one
    leads through the broker. A thing that is supplied is passed on, and is no broker.
    """
    by_id = _search(Supply.of(network.ties), progress)
    figures = [_figure(network, broker_id, broker) for broker_id, broker in by_id.items()]
    figures.sort(key=lambda figure: (-figure.value, figure.entities))
    unnamed = sum(figure.value > len(figure.pairs) for figure in figures)
    return Findings(figures, (_notice(unnamed),) if unnamed else ())


def _search(supply: Supply, progress: Progress) -> dict[str, _Broker]:
    graph: nx.DiGraph[str] = nx.DiGraph(
        (source, target) for source, targets in supply.hops.items() for target in targets
    )
    by_id: defaultdict[str, _Broker] = defaultdict(_Broker)
    starts = sorted(supply.givers & supply.hops.keys())
    for done, giver in enumerate(starts):
        progress(done, len(starts))
        before: Mapping[str, str] = {}
        for broker_id, user in _cuts(graph, supply, giver):
            broker = by_id[broker_id]
            broker.count += 1
            if len(broker.pairs) < NAMED_PAIRS:
                before = before or shortest(supply.hops, giver)
                broker.pairs.append((giver, user))
                broker.ties.update(supply.route(_way(before, user)))
    return by_id


def _figure(network: Network, broker_id: str, broker: _Broker) -> Figure:
    return Figure(
        entities=(broker_id,),
        value=broker.count,
        unit="pairs",
        ties=tuple(sorted(broker.ties)),
        words=_words(network, broker_id, broker),
        pairs=tuple(broker.pairs),
    )


def _notice(unnamed: int) -> str:
    return (
        f"Of {number_of(unnamed, 'broker')} only the first {NAMED_PAIRS} pairs are named: narrow "
        "the ties with type, status, min_independent or around to see others."
    )


def _cuts(graph: nx.DiGraph[str], supply: Supply, giver: str) -> Iterator[Pair]:
    """Yield each broker and user between whom and the giver nothing else leads.

    All ways from the giver to a user lead through the user's dominators, and only through those.
    """
    above: dict[str, str | None] = nx.immediate_dominators(graph, giver)
    actors = supply.givers | supply.users
    for user in sorted(supply.users & above.keys() - {giver}):
        broker = above[user]
        while broker is not None and broker != giver:
            if broker in actors:
                yield broker, user
            broker = above[broker]


def _way(before: Mapping[str, str], end: str) -> tuple[str, ...]:
    way = [end]
    while before[way[-1]] != way[-1]:
        way.append(before[way[-1]])
    return tuple(reversed(way))


def _words(network: Network, broker_id: str, broker: _Broker) -> str:
    pairs = broker.pairs[:3]
    ways = [f"from {network.label(giver)} to {network.label(user)}" for giver, user in pairs]
    if broker.count > len(ways):
        ways.append(f"between {number_of(broker.count - len(ways), 'more pair')}")
    text = ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} or {ways[-1]}"
    return f"Without {network.label(broker_id)}, no recorded way of supply leads {text}."
