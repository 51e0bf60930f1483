"""Lists of ties: filtered, ordered, counted and grouped by what they are at a moment.

A row is all that a list, a table or a picture shows of a tie. At a moment it is projected again in
Cypher, so that the store can filter and order by it; a test holds it against `projection.tie`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString, NamedTuple

from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.queries.lists import (
    UNKNOWN,
    Asking,
    Filter,
    Key,
    Listed,
    Listing,
    Table,
    listed,
)
from graph.queries.parts import TIE
from graph.queries.ties import COUNTS, Moment
from graph.question import Question

ORDER = ("-status", "-origins")
#: What the rows of a whole table are ordered by: the index of ids has that order already.
TABLE_ORDER = ("from", "type", "to")


class TieRow(NamedTuple):
    """A tie at a moment; the fields are the columns of the table `ties`, in their order.

    Days are ISO texts. `claim_ids` and `origin_ids` are lists.
    """

    source: str
    target: str
    type: str
    source_label: str
    target_label: str
    source_type: str
    target_type: str
    status: str
    disputed: bool
    origins: int
    claims: int
    denials: int
    first: str | None
    last: str | None
    match: str
    origin_ids: list[str]
    claim_ids: list[str]
    denial_ids: list[str]

    @property
    def key(self) -> TieKey:
        """What it is known by."""
        return TieKey(self.source, self.type, self.target)


class Terms(NamedTuple):
    """What a tie is, as expressions over `r`, its ends `a` and `b`, and what a stage adds."""

    status: LiteralString
    rank: LiteralString
    disputed: LiteralString
    origins: LiteralString
    claims: LiteralString
    first: LiteralString
    last: LiteralString
    match: LiteralString
    origin_ids: LiteralString
    claim_ids: LiteralString
    denial_ids: LiteralString


_ALWAYS = Terms(
    status="r.status",
    rank="r.rank",
    disputed="r.disputed",
    origins="r.origins",
    claims="r.claims",
    first="r.first",
    last="r.last",
    match="'yes'",
    origin_ids="r.origin_ids",
    claim_ids="r.claim_ids",
    denial_ids="coalesce(r.denial_claim_ids, [])",
)

_SURE: LiteralString = (
    "($as_of IS NULL OR r.claim_surely_from[i] <= $as_of <= r.claim_surely_to[i]) "
    "AND ($known_by IS NULL OR r.claim_surely_known_from[i] <= $known_by)"
)

#: `left` and `denied` are the places of the affirming and the denying claims that count then.
_LEFT: LiteralString = (
    "[i IN range(0, r.claims - 1) WHERE " + COUNTS + "] AS left, "
    "[i IN range(0, size(coalesce(r.denial_claim_ids, [])) - 1) WHERE "
    + COUNTS.replace("r.claim_", "r.denial_claim_")
    + "] AS denied"
)

_THEN = Terms(
    status="r.claim_statuses[left[0]]",
    rank="$ranks[r.claim_statuses[left[0]]]",
    disputed="size(denied) > 0",
    origins="size(COLLECT { UNWIND left AS i RETURN DISTINCT r.claim_origins[i] })",
    claims="size(left)",
    first="nullIf(reduce(d = date('9999-12-31'), i IN left | CASE "
    "WHEN date('0001-01-01') < r.claim_first_days[i] < d THEN r.claim_first_days[i] "
    "ELSE d END), date('9999-12-31'))",
    last="nullIf(reduce(d = date('0001-01-01'), i IN left | CASE "
    "WHEN d < r.claim_last_days[i] < date('9999-12-31') THEN r.claim_last_days[i] "
    "ELSE d END), date('0001-01-01'))",
    match="CASE WHEN any(i IN left WHERE " + _SURE + ") THEN 'yes' ELSE 'possibly' END",
    origin_ids="COLLECT { UNWIND left AS i WITH DISTINCT r.claim_origins[i] AS o "
    "RETURN o ORDER BY o }",
    claim_ids="[i IN left | r.claim_ids[i]]",
    denial_ids="[i IN denied | r.denial_claim_ids[i]]",
)

_EDGE: LiteralString = "MATCH (a:Entity)-[r:" + TIE + "]->(b:Entity)"
_OF_ENTITIES: LiteralString = (
    "UNWIND entity_ids AS entity_id MATCH (:Entity {id: entity_id})-[r:" + TIE + "]-(:Entity) "
    "WITH DISTINCT r WITH startNode(r) AS a, r, endNode(r) AS b"
)
#: `told` are the claims of those sources that bear on the tie.
_OF_SOURCES: LiteralString = (
    "MATCH (s:Source) WHERE s.id IN $source "
    "MATCH (s)<-[:FROM]-(c:Claim) MATCH (c)-[:!SAID_BY]->(x:Entity) "
    "MATCH (c)-[:!SAID_BY]->(y:Entity) "
    "MATCH (a:Entity {id: coalesce(x.canonical_id, x.id)}) "
    "MATCH (b:Entity {id: coalesce(y.canonical_id, y.id)}) "
    "MATCH (a)-[r:" + TIE + "]->(b) "
    "WHERE c.id IN r.claim_ids OR c.id IN coalesce(r.denial_claim_ids, []) "
    "WITH a, r, b, collect(DISTINCT c.id) AS told"
)

#: Where a merged id was asked for, the canonical one is meant.
_GIVEN: Mapping[str, LiteralString] = {
    "from": "CALL () { MATCH (k:Entity) WHERE k.id IN $from "
    "RETURN collect(DISTINCT coalesce(k.canonical_id, k.id)) AS from_ids } ",
    "to": "CALL () { MATCH (k:Entity) WHERE k.id IN $to "
    "RETURN collect(DISTINCT coalesce(k.canonical_id, k.id)) AS to_ids } ",
    "entity": "CALL () { MATCH (k:Entity) WHERE k.id IN $entity "
    "RETURN collect(DISTINCT coalesce(k.canonical_id, k.id)) AS entity_ids } ",
}

FACETS: Mapping[str, LiteralString] = {
    "type": "WITH type(r) AS value, null AS label",
    "status": "WITH {status} AS value, null AS label",
    "disputed": "WITH toString({disputed}) AS value, null AS label",
    "from": "WITH a.id AS value, a.name AS label",
    "to": "WITH b.id AS value, b.name AS label",
}


def _keys(terms: Terms) -> dict[str, Key]:
    return {
        "status": Key(terms.rank, "number"),
        "origins": Key(terms.origins, "number"),
        "claims": Key(terms.claims, "number"),
        "first": Key("coalesce(" + terms.first + ", " + UNKNOWN + ")", "day"),
        "last": Key("coalesce(" + terms.last + ", " + UNKNOWN + ")", "day"),
        "type": Key("type(r)"),
        "from": Key("a.id", indexed=True),
        "to": Key("b.id"),
    }


KEYS = tuple(_keys(_ALWAYS))


def _cells(terms: Terms) -> LiteralString:
    return (
        "[a.id, b.id, type(r), a.name, b.name, a.type, b.type, " + terms.status + ", "
        + terms.disputed + ", " + terms.origins + ", " + terms.claims + ", "
        "size(" + terms.denial_ids + "), toString(" + terms.first + "), "
        "toString(" + terms.last + "), " + terms.match + ", " + terms.origin_ids + ", "
        + terms.claim_ids + ", " + terms.denial_ids + "]"
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TieFilters:
    """Which ties are asked for. Several values of one mean any of them; nothing given passes all.

    `source` keeps ties that a claim of these sources affirms or denies at the moment.
    """

    starts: Sequence[str] = ()
    ends: Sequence[str] = ()
    entities: Sequence[str] = ()
    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    disputed: Sequence[bool] = ()
    min_origins: int = 0
    sources: Sequence[str] = ()
    moment: Moment = Moment()  # noqa: RUF009  a value that nobody can change

    @property
    def terms(self) -> Terms:
        """What ties are at the moment asked for."""
        return _ALWAYS if self.moment == Moment() else _THEN

    @property
    def cells(self) -> LiteralString:
        """The expression for the cells of a `TieRow`."""
        return _cells(self.terms)

    def given(self) -> list[Filter]:
        """The conditions, without those that pass all."""
        terms = self.terms
        conditions: list[tuple[str, LiteralString, Any, bool]] = [
            ("from", "a.id IN from_ids", list(self.starts), False),
            ("to", "b.id IN to_ids", list(self.ends), False),
            ("entity", "a.id IN entity_ids OR b.id IN entity_ids", list(self.entities), False),
            ("type", "type(r) IN $type", list(self.types), False),
            ("status", terms.status + " IN $status", list(self.statuses), True),
            ("disputed", terms.disputed + " IN $disputed", list(self.disputed), True),
            ("min_origins", terms.origins + " >= $min_origins", self.min_origins, True),
            ("source", "any(i IN told WHERE i IN " + terms.claim_ids + " OR i IN "
             + terms.denial_ids + ")", list(self.sources), True),
        ]  # fmt: skip
        return [Filter(*condition) for condition in conditions if condition[2]]

    def listing(self) -> Listing:
        """What the list is over."""
        told: LiteralString = ", told" if self.sources else ""
        listing = listing_of(self.terms, _EDGE, "a, r, b" + told)
        return replace(listing, starts={"source": _OF_SOURCES, "entity": _OF_ENTITIES})

    def asking(self, order: Sequence[str] = ORDER) -> Asking:
        """The list in an order."""
        filters = self.given()
        given = "".join(_GIVEN[f.name] for f in filters if f.name in _GIVEN)
        return Asking(self.listing(), filters, given, _parameters(self.moment), order)


#: Filters that pass all ties of all times.
EVERY = TieFilters()


def listing_of(terms: Terms, start: LiteralString, carried: LiteralString) -> Listing:
    """Return the listing of the ties that a start leads to; `carried` are its variables."""
    facets = {
        name: clause.replace("{status}", terms.status).replace("{disputed}", terms.disputed)
        for name, clause in FACETS.items()
    }
    plain = Listing(start, _keys(terms), ("type", "from", "to"), facets)
    if terms is _ALWAYS:
        return plain
    return replace(
        plain,
        stage=" WITH " + carried + ", " + _LEFT,
        stays="size(left) > 0",
        possibly="NOT any(i IN left WHERE " + _SURE + ")",
        undated=terms.first + " IS NULL AND " + terms.last + " IS NULL",
    )


def _parameters(moment: Moment) -> dict[str, Any]:
    return {"ranks": dict(ONTOLOGY.ranks), **moment.parameters()}


def ties(
    filters: TieFilters = EVERY,
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> Question[Listed[TieRow]]:
    """Ask for ties, by default the strongest first; `after` is an answer's `next_after`."""
    return listed(
        filters.asking(order),
        filters.cells,
        TieRow._make,
        after=after,
        limit=limit,
        facets=facets,
    )


def tie_table(
    filters: TieFilters = EVERY,
    order: Sequence[str] = TABLE_ORDER,
) -> Table:
    """Return the table `ties`."""
    return Table(filters.asking(order), filters.cells, joined)


def joined(cells: list[Any]) -> list[Any]:
    """Put the lists of ids at the end of a row into one text each, None for an empty list."""
    cells[15:] = [" ".join(ids) or None for ids in cells[15:]]
    return cells
