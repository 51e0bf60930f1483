"""The registry: every kind of analysis, in words, with its bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.analyses.brokers import brokers
from graph.analyses.centrality import betweenness, closeness, connections
from graph.analyses.chains import supply_chains
from graph.analyses.communities import communities
from graph.analyses.components import components
from graph.analyses.model import Findings, Options
from graph.analyses.network import Network, Progress
from graph.analyses.supply import AGAINST_TYPES, SUPPLY_TYPES

Plain = Callable[[Network, Progress], Findings]
Find = Callable[[Network, Progress, Options], Findings]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of analysis: its words, and the most ties with which it ends in about a minute.

    `types` are the types of tie that it looks at, none: all. `options` are those of `Options`
    that it has.
    """

    name: str
    title: str
    shows: str
    does_not_show: str
    limit: int
    find: Find
    types: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def _plain(find: Plain) -> Find:
    return lambda network, progress, options: find(network, progress)


_RECORDED = "It counts what sources say and this data set holds"
_KINDS = (
    Kind(
        "components",
        "Components",
        "Which entities hang together: within one component, ties lead from each to each, whatever "
        "their type and direction.",
        "That those within one component have to do with each other: a chain of ties is no proof "
        "of a relationship between its ends. Nor that two components are apart, where no source "
        "was read that joins them.",
        200_000,
        _plain(components),
    ),
    Kind(
        "brokers",
        "Brokers of supply",
        "Who, if removed, cuts supply from its users: each stands on every recorded way from some "
        "maker or supplier to some recipient or user.",
        "That the users would go without: other ways may exist that no source tells of. That the "
        "same goods went all the way.",
        10_000,
        _plain(brokers),
        SUPPLY_TYPES,
    ),
    Kind(
        "supply-chains",
        "Supply chains",
        "How ties lead from a maker or supplier, over those supplied, to those against whom "
        "surveillance is used; the strongest chain first, each with its weakest hop.",
        "That the thing at one end is used at the other: a chain joins what several claims say, "
        "often about different things and times. A chain is not proof of a relationship between "
        "its two ends.",
        100_000,
        supply_chains,
        (*SUPPLY_TYPES, *AGAINST_TYPES),
        ("start", "max_hops", "most"),
    ),
    Kind(
        "communities",
        "Communities",
        "Groups of entities with more ties among them than chance would put there (Louvain's "
        "method, with a fixed seed).",
        "That the members form a group, or know of one another. Other groupings can fit the same "
        "ties as well, and one more tie can change them.",
        100_000,
        _plain(communities),
    ),
    Kind(
        "connections",
        "Connections recorded",
        "How many ties each entity has.",
        f"How much an entity matters. {_RECORDED}: whoever is written about more has more ties.",
        200_000,
        _plain(connections),
    ),
    Kind(
        "betweenness",
        "Shortest ways that pass through",
        "For how many pairs of other entities each stands on the shortest ways between them, "
        "whatever the type and direction of the ties; the ties shown are its own.",
        f"Influence, or that anything passes through. {_RECORDED}: one more tie can make a way "
        "shorter that leads around it.",
        4_000,
        _plain(betweenness),
    ),
    Kind(
        "closeness",
        "Nearness in hops",
        "How few hops each entity is from the others: the share of them that it reaches, divided "
        "by the mean number of hops; the ties shown are its own.",
        f"Nearness in any other sense. {_RECORDED}: a hop can be a purchase or a place.",
        10_000,
        _plain(closeness),
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
