"""Lists of ties: filtered, ordered, counted and grouped by what they are at a moment.

A row is all that a list, a table or a picture shows of a tie. At a moment it is projected again in
Cypher, so that the store can filter and order by it; a test holds it against `projection.tie`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString, NamedTuple

from graph.dates import NEVER
from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.queries.clauses import call, lines
from graph.queries.lists import (
    UNKNOWN,
    Filter,
    ListPage,
    ListQuery,
    ListSpec,
    SortKey,
    Table,
    in_datasets,
    read_page,
)
from graph.queries.moment import ALWAYS, Moment, affirmations, counts, denials, independent
from graph.queries.parts import TIE
from graph.question import Reader, Row
from graph.wording import sentence

_NEVER = NEVER.isoformat()
ORDER = ("-status", "-independent")
#: What the rows of a whole table are ordered by: the index of ids has that order already.
TABLE_ORDER = ("from", "type", "to")


class TieRow(NamedTuple):
    """A tie at a moment; the fields are the columns of the table `ties`, and `source_plural`.

    Days are ISO texts. `claim_ids` and `origin_ids` are lists. `source_plural` is whether the label
    of its source takes a verb in the plural.
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
    independent: int
    claims: int
    denials: int
    first: str | None
    last: str | None
    match: str
    origin_ids: list[str]
    claim_ids: list[str]
    denial_ids: list[str]
    inferred: list[str]
    intermediary: bool
    source_plural: bool

    @property
    def key(self) -> TieKey:
        """What it is known by."""
        return TieKey(self.source, self.type, self.target)


_ENDS: Mapping[LiteralString, LiteralString] = {
    "source": "a.id",
    "target": "b.id",
    "type": "type(r)",
    "source_label": "a.name",
    "target_label": "b.name",
    "source_type": "a.type",
    "target_type": "b.type",
    "source_plural": "a.plural",
    "readings": "r.claim_inferred",
    "between": "r.claim_intermediary",
}
_ALWAYS: Mapping[LiteralString, LiteralString] = {
    **_ENDS,
    "status": "r.status",
    "disputed": "r.disputed",
    "independent": "r.independent",
    "claims": "r.claims",
    "first": "r.first",
    "last": "r.last",
    "match": "true",
    "origin_ids": "r.origin_ids",
    "claim_ids": "r.claim_ids",
    "denial_ids": "coalesce(r.denial_claim_ids, [])",
    "positions": "range(0, r.claims - 1)",
}
#: What the claims at the positions `claims` say together: their speakers, and the first and last
#: day that one names. The days compared with stand for an open end in the lists of a tie.
_DETAILS: LiteralString = call(
    "r, claims",
    "UNWIND claims AS i RETURN collect(DISTINCT r.claim_origins[i]) AS origin_ids,",
    "  coalesce(min(nullIf(r.claim_first_days[i], date('0001-01-01'))), " + UNKNOWN + ") AS first,",
    "  coalesce(max(nullIf(r.claim_last_days[i], " + UNKNOWN + ")), " + UNKNOWN + ") AS last",
)
_UNDATED: LiteralString = """all(i IN claims
  WHERE r.claim_first_days[i] = date('0001-01-01')
    AND r.claim_last_days[i] = date('9999-12-31'))"""


def tie_columns(moment: Moment) -> Mapping[LiteralString, LiteralString]:
    """Return what a tie `r` from `a` to `b` is at a moment: expressions by name.

    Unless it is timeless they need the positions of its claims that count, `claims` and `denials`,
    and its details. Days are dates; at a moment the day `UNKNOWN` stands for none. `match` is
    whether the tie is certain. `positions`
    are those of the claims that count, in `readings` and `between`, which have one for every claim.
    """
    if moment.timeless:
        return _ALWAYS
    return {
        **_ENDS,
        "status": "status",
        "disputed": "(size(denials) > 0)",
        "independent": "independent",
        "claims": "size(claims)",
        "first": "first",
        "last": "last",
        "match": _sure(moment),
        "origin_ids": "origin_ids",
        "claim_ids": "[i IN claims | r.claim_ids[i]]",
        "denial_ids": "[i IN denials | r.denial_claim_ids[i]]",
        "positions": "claims",
    }


def _sure(moment: Moment) -> LiteralString:
    """Return whether an affirming claim counts for certain."""
    return "any(i IN claims WHERE " + counts(moment, "r.claim_", "[i]", certain=True) + ")"


def inferred(moment: Moment) -> LiteralString:
    """Return whether all claims that affirm a tie `r` at a moment leave an end to a reading."""
    if moment.timeless:
        return "(r.inferred IS NOT NULL)"
    return (
        "all(i IN range(0, r.claims - 1)\n  WHERE r.claim_inferred[i] <> ''\n  OR NOT ("
        + counts(moment, "r.claim_", "[i]")
        + ")\n)"
    )


def _keys(columns: Mapping[LiteralString, LiteralString]) -> dict[LiteralString, SortKey]:
    timeless = columns is _ALWAYS
    days = ("first", "last")
    if timeless:
        days = ("coalesce(r.first, " + UNKNOWN + ")", "coalesce(r.last, " + UNKNOWN + ")")
    return {
        "status": SortKey("r.rank" if timeless else "$ranks[" + columns["status"] + "]", "number"),
        "independent": SortKey(columns["independent"], "number"),
        "claims": SortKey(columns["claims"], "number"),
        "first": SortKey(days[0], "day", detailed=True),
        "last": SortKey(days[1], "day", detailed=True),
        "type": SortKey("type(r)"),
        "from": SortKey("a.id", indexed=True),
        "to": SortKey("b.id"),
    }


KEYS = tuple(_keys(_ALWAYS))
FACETS = ("type", "status", "disputed", "independent", "inferred", "from", "to", "dataset")


def _facets(
    columns: Mapping[LiteralString, LiteralString], moment: Moment
) -> dict[str, LiteralString]:
    return {
        "type": "WITH type(r) AS value, null AS label",
        "status": "WITH " + columns["status"] + " AS value, null AS label",
        "disputed": "WITH toString(" + columns["disputed"] + ") AS value, null AS label",
        "independent": "WITH toString(" + columns["independent"] + ") AS value, null AS label",
        "inferred": "WITH toString(" + inferred(moment) + ") AS value, null AS label",
        "from": "WITH a.id AS value, a.name AS label",
        "to": "WITH b.id AS value, b.name AS label",
        "dataset": "UNWIND r.datasets AS value\nWITH value, null AS label",
    }


_EDGE: LiteralString = "MATCH (a:Entity)-[r:" + TIE + "]->(b:Entity)"
_OF_ENTITIES: LiteralString = lines(
    call(
        "entities",
        "UNWIND entities AS id",
        "MATCH (:Entity {id: id})-[r:" + TIE + "]-(:Entity)",
        "RETURN DISTINCT startNode(r) AS a, r, endNode(r) AS b",
    ),
    "WITH *",
)
_OF_SOURCES: LiteralString = lines(
    call(
        "",
        "MATCH (s:Source)<-[:FROM]-(c:Claim) WHERE s.id IN $sources",
        "MATCH (c)-[:!SAID_BY]->(x:Entity)",
        "MATCH (c)-[:!SAID_BY]->(y:Entity)",
        "MATCH (a:Entity {id: coalesce(x.canonical_id, x.id)})",
        "MATCH (b:Entity {id: coalesce(y.canonical_id, y.id)})",
        "MATCH (a)-[r:" + TIE + "]->(b)",
        "WHERE c.id IN r.claim_ids OR c.id IN coalesce(r.denial_claim_ids, [])",
        "RETURN DISTINCT a, r, b",
    ),
    "WITH *",
)


def _canonical(ids: LiteralString) -> LiteralString:
    """Return the ids in a parameter, those that are merged replaced."""
    find = "MATCH (k:Entity) WHERE k.id IN " + ids
    return "COLLECT { " + find + " RETURN coalesce(k.canonical_id, k.id) }"


@dataclass(frozen=True, slots=True)
class TieFilters:
    """Conditions on ties. Several values of one mean any of them; one without values passes all.

    `sources` passes ties that a claim of these sources affirms or denies at the moment, `datasets`
    those that a claim of these data sets does at any time.
    """

    starts: Sequence[str] = ()
    ends: Sequence[str] = ()
    entities: Sequence[str] = ()
    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    disputed: Sequence[bool] = ()
    min_independent: int = 0
    sources: Sequence[str] = ()
    moment: Moment = ALWAYS
    inferred: Sequence[bool] = ()
    datasets: Sequence[str] = ()

    def conditions(self) -> Iterator[Filter]:
        """Yield the conditions: the ends of ties lead to them best, then sources."""
        columns, at_moment = tie_columns(self.moment), not self.moment.timeless
        if self.starts:
            yield Filter(
                "from",
                "a.id IN starts",
                prepare=_canonical("$starts") + " AS starts",
                parameters={"starts": list(self.starts)},
            )
        if self.ends:
            yield Filter(
                "to",
                "b.id IN ends",
                prepare=_canonical("$ends") + " AS ends",
                parameters={"ends": list(self.ends)},
            )
        if self.entities:
            yield Filter(
                "entity",
                "(a.id IN entities OR b.id IN entities)",
                {"entities": list(self.entities)},
                prepare=_canonical("$entities") + " AS entities",
                entry="" if self.starts or self.ends else _OF_ENTITIES,
            )
        if self.sources:
            ids = columns["claim_ids"] + " + " + columns["denial_ids"]
            yield Filter(
                "source",
                "EXISTS {\n  MATCH (c:Claim)-[:FROM]->(s:Source WHERE s.id IN $sources)\n"
                "  WHERE c.id IN " + ids + "\n}",
                {"sources": list(self.sources)},
                entry="" if self.starts or self.ends or self.entities else _OF_SOURCES,
                exact=not at_moment,
                late=at_moment,
            )
        if self.datasets:
            yield in_datasets("r", self.datasets)
        if self.types:
            yield Filter("type", "type(r) IN $types", {"types": list(self.types)})
        if self.statuses:
            condition = columns["status"] + " IN $statuses"
            yield Filter("status", condition, {"statuses": list(self.statuses)}, late=at_moment)
        if self.disputed:
            condition = columns["disputed"] + " IN $disputed"
            yield Filter("disputed", condition, {"disputed": list(self.disputed)}, late=at_moment)
        if self.inferred:
            condition = inferred(self.moment) + " IN $inferred"
            yield Filter("inferred", condition, {"inferred": list(self.inferred)})
        if self.min_independent:
            condition = columns["independent"] + " >= $min_independent"
            yield Filter(
                "independent",
                condition,
                {"min_independent": self.min_independent},
                late=at_moment,
            )

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the moment."""
        if self.moment.timeless:
            return {}
        return {"ranks": dict(ONTOLOGY.ranks), **self.moment.parameters()}

    def query(self, order: Sequence[str] = ORDER) -> ListQuery[TieRow]:
        """Return the list of the ties that pass, in an order."""
        spec, columns = tie_spec(self.moment), row_columns(self.moment)
        return ListQuery(spec, list(self.conditions()), columns, tie_row, order, self.parameters())


#: Filters that pass all ties of all times.
EVERY = TieFilters()


def tie_spec(moment: Moment, match: LiteralString = _EDGE, scope: LiteralString = "") -> ListSpec:
    """Return the list of the ties `r` from `a` to `b` that a match leads to, at a moment."""
    columns = tie_columns(moment)
    spec = ListSpec(match, _keys(columns), ("type", "from", "to"), _facets(columns, moment), scope)
    if moment.timeless:
        return spec
    return replace(
        spec,
        derive="WITH *, " + affirmations(moment) + " AS claims, "
        + denials(moment) + " AS denials\n"
        "WITH *, r.claim_statuses[claims[0]] AS status, "
        + independent("claims") + " AS independent",
        having="size(claims) > 0",
        details=_DETAILS,
        possibly="" if moment.certain else "NOT " + _sure(moment),
        undated=_UNDATED,
    )  # fmt: skip


def row_columns(moment: Moment) -> Mapping[LiteralString, LiteralString]:
    """Return the columns that `tie_row` reads; it counts ids by itself."""
    columns = dict(tie_columns(moment))
    del columns["claims"]
    for day in ("first", "last"):
        columns[day] = "toString(" + columns[day] + ")"
    return columns


def tie_row(row: Row) -> TieRow:
    """Read the columns of `row_columns`."""
    counting = row["positions"]
    columns: dict[str, Any] = {
        **row,
        "match": "yes" if row["match"] else "possibly",
        "origin_ids": sorted(row["origin_ids"]),
        "claims": len(row["claim_ids"]),
        "denials": len(row["denial_ids"]),
        "inferred": _in_all([row["readings"][i] for i in counting]),
        "intermediary": all(row["between"][i] for i in counting),
        "source_plural": bool(row["source_plural"]),
    }
    columns |= {day: None for day in ("first", "last") if row[day] == _NEVER}
    return TieRow(**{name: columns[name] for name in TieRow._fields})


def _in_all(roles: Sequence[str]) -> list[str]:
    """Return the roles that claims infer, if every claim infers one."""
    return sorted({role for part in roles for role in part.split()}) if all(roles) else []


async def ties(
    reader: Reader,
    filters: TieFilters = EVERY,
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> ListPage[TieRow]:
    """Read ties, by default the strongest first; `after` is a page's `next_after`."""
    query = filters.query(order)
    return await read_page(reader, query, after=after, limit=limit, facets=facets)


#: What the table `ties` calls the fields of a row, where it calls them something else.
_TABLE_NAMES = {
    "source": "from",
    "target": "to",
    "source_label": "from_label",
    "target_label": "to_label",
    "source_type": "from_type",
    "target_type": "to_type",
}
_ID_LISTS = ("origin_ids", "claim_ids", "denial_ids", "inferred")


def table_row(row: Row) -> dict[str, Any]:
    """Return the cells of the table `ties` by name: lists of ids as one text, None if empty."""
    tie = tie_row(row)
    cells = {_TABLE_NAMES.get(name, name): value for name, value in tie._asdict().items()}
    words = sentence(tie, tie.source_label, tie.target_label, plural=tie.source_plural)
    lists = {name: " ".join(cells[name]) or None for name in _ID_LISTS}
    return {**cells, **lists, "sentence": words}


def tie_table(filters: TieFilters = EVERY, order: Sequence[str] = TABLE_ORDER) -> Table:
    """Return the table `ties`."""
    query = filters.query(order)
    return Table("ties", query.read_as(query.columns, table_row))
