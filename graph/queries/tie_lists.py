"""Lists of ties: filtered, ordered, counted and grouped by what they are at a moment.

A row is all that a list, a table or a picture shows of a tie. At a moment it is projected again in
Cypher, so that the store can filter and order by it; a test holds it against `projection.tie`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, LiteralString, NamedTuple

from graph.dates import NEVER
from graph.errors import StoreBusy
from graph.model import TieKey, date_inferred, speaker_inferred
from graph.ontology import ONTOLOGY
from graph.projection import marks
from graph.queries.clauses import call, collect, items, lines, where
from graph.queries.lists import (
    UNKNOWN,
    Filter,
    ListPage,
    ListQuery,
    ListSpec,
    SortKey,
    Table,
    in_datasets,
    negated,
    read_page,
)
from graph.queries.moment import (
    ALWAYS,
    INFERRED,
    Moment,
    affirmations,
    basis,
    denials,
    disputed,
    independent,
    inferred,
    past,
    surely,
)
from graph.queries.parts import SYMMETRIC, TIE, label, speakers
from graph.question import Reader, Row
from graph.wording import sentence, when_in_words

_NEVER = NEVER.isoformat()
ORDER = ("-status", "-independent")
#: What the rows of a whole table are ordered by: the index of ids has that order already.
TABLE_ORDER = ("from", "type", "to")


class TieRow(NamedTuple):
    """A tie at a moment; the fields are the columns of the table `ties`, and `source_plural`.

    Days are ISO texts, `when` is in words. `source_plural` is whether the label of its source takes
    a verb in the plural.
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
    when: str
    date_inferred: bool
    speaker_inferred: bool
    basis_ids: list[str]
    past: bool
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
    "past": "r.past",
    "is_inferred": inferred(ALWAYS),
}
#: What `tie_row` picks from, by the positions of claims.
_LISTS: LiteralString = (
    "r {.claim_ids, .claim_origins, .claim_when, .claim_inferred, .claim_intermediary,\n"
    "  .denial_claim_ids}"
)
_CLAIMS: LiteralString = "range(0, r.claims - 1)"
#: The positions of a tie's claims of all times; at a moment they are variables of these names.
_POSITIONS: Mapping[LiteralString, LiteralString] = {
    "claims": affirmations(ALWAYS),
    "denials": denials(ALWAYS),
    "basis": basis(_CLAIMS, _CLAIMS, "r.status"),
}
#: The first and last day that a claim of the `basis` names. The days compared with stand for an
#: open end in the lists of a tie.
_DETAILS: LiteralString = call(
    "r, basis",
    "UNWIND basis AS i RETURN",
    "  coalesce(min(nullIf(r.claim_first_days[i], date('0001-01-01'))), " + UNKNOWN + ") AS first,",
    "  coalesce(max(nullIf(r.claim_last_days[i], " + UNKNOWN + ")), " + UNKNOWN + ") AS last",
)
_UNDATED: LiteralString = """all(i IN basis
  WHERE r.claim_first_days[i] = date('0001-01-01')
    AND r.claim_last_days[i] = date('9999-12-31'))"""


def tie_columns(moment: Moment) -> Mapping[LiteralString, LiteralString]:
    """Return what a tie `r` from `a` to `b` is at a moment: expressions by name.

    Unless it is timeless they need the positions of its claims that count, `claims`, `sure`,
    `basis` and `denials`, and its details. Days are dates; at a moment the day `UNKNOWN` stands for
    none. `match` is whether the tie is certain.
    """
    if moment.timeless:
        return _ALWAYS
    return {
        **_ENDS,
        "status": "status",
        "disputed": "disputed",
        "independent": "independent",
        "claims": "size(claims)",
        "first": "first",
        "last": "last",
        "match": "(basis[0] IN sure)",
        "origin_ids": "[i IN claims | r.claim_origins[i]]",
        "claim_ids": "[i IN claims | r.claim_ids[i]]",
        "denial_ids": "[i IN denials | r.denial_claim_ids[i]]",
        "past": past(moment),
        "is_inferred": INFERRED,
    }


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


class EndTest(NamedTuple):
    """What is asked of the end `a` or `b` of a tie; a filter and a facet have its name."""

    name: str
    end: Literal["a", "b"]
    asks: LiteralString


#: From a tie to its ends `x` and `y`, read either way where it has no direction.
_ENDS_OF: LiteralString = (
    "UNWIND CASE WHEN " + SYMMETRIC + " THEN [[a, b], [b, a]] ELSE [[a, b]] END AS ends_of\n"
    "WITH *, ends_of[0] AS x, ends_of[1] AS y"
)


def _facets(
    columns: Mapping[LiteralString, LiteralString], tests: Sequence[EndTest] = ()
) -> dict[str, LiteralString]:
    """Return the clauses of facets; those of ends leave the test of their name out."""

    def of_end(name: str, value: LiteralString) -> LiteralString:
        conditions: list[LiteralString] = []
        for test in tests:
            if test.name != name:
                conditions.append(("x" if test.end == "a" else "y") + test.asks)
        return lines(_ENDS_OF, where(*conditions), "WITH " + value)

    return {
        "type": "WITH type(r) AS value, null AS label",
        "status": "WITH " + columns["status"] + " AS value, null AS label",
        "disputed": "WITH toString(" + columns["disputed"] + ") AS value, null AS label",
        "independent": "WITH toString(" + columns["independent"] + ") AS value, null AS label",
        "inferred": "WITH toString(" + columns["is_inferred"] + ") AS value, null AS label",
        "from": of_end("from", "x.id AS value, x.name AS label"),
        "to": of_end("to", "y.id AS value, y.name AS label"),
        "from_type": of_end("from_type", "x.type AS value, null AS label"),
        "to_type": of_end("to_type", "y.type AS value, null AS label"),
        "dataset": "UNWIND r.datasets AS value\nWITH value, null AS label",
    }


FACETS = tuple(_facets(_ALWAYS))

_EDGE: LiteralString = "MATCH (a:Entity)-[r:" + TIE + "]->(b:Entity)"


def _canonical(ids: LiteralString) -> LiteralString:
    """Return the ids in a parameter, those that are merged replaced."""
    find = "MATCH (k:Entity) WHERE k.id IN " + ids
    return "COLLECT { " + find + " RETURN coalesce(k.canonical_id, k.id) }"


def _of_entities(ids: LiteralString) -> LiteralString:
    """Return the clauses that lead to the ties of some entities, at whichever end."""
    return lines(
        call(
            ids,
            "UNWIND " + ids + " AS id",
            "MATCH (:Entity {id: id})-[r:" + TIE + "]-(:Entity)",
            "RETURN DISTINCT startNode(r) AS a, r, endNode(r) AS b",
        ),
        "WITH *",
    )


def _between(variables: LiteralString, pairs: LiteralString) -> LiteralString:
    """Return the clauses that lead to the ties between pairs of ids, `one` and `other`."""
    ties = call(
        variables,
        pairs + " MATCH (x:Entity {id: one})",
        "CALL (other) { MATCH (y:Entity {id: other}) RETURN y }",
        "MATCH (x)-[r:" + TIE + "]-(y)",
        "RETURN DISTINCT startNode(r) AS a, r, endNode(r) AS b",
    )
    return ties + " WITH *"


def _of_claims(variables: LiteralString, match: LiteralString) -> LiteralString:
    """Return the clauses that lead to the ties that some claims `c` affirm or deny."""
    return lines(
        call(
            variables,
            match,
            "MATCH (c)-[:!SAID_BY]->(x:Entity)",
            "MATCH (c)-[:!SAID_BY]->(y:Entity)",
            "MATCH (a:Entity {id: coalesce(x.canonical_id, x.id)})",
            call("y", "MATCH (b:Entity {id: coalesce(y.canonical_id, y.id)}) RETURN b"),
            "MATCH (a)-[r:" + TIE + "]->(b)",
            "WHERE c.id IN r.claim_ids OR c.id IN coalesce(r.denial_claim_ids, [])",
            "RETURN DISTINCT a, r, b",
        ),
        "WITH *",
    )


@dataclass(frozen=True, slots=True)
class TieFilters:
    """Conditions on ties. Several values of one mean any of them; one without values passes all.

    A tie without direction may be read from either end: `starts`, `ends` and what is asked of the
    types and countries of the two fit it if they fit it read one way. `between` are pairs of ids,
    whichever way a tie runs. `sources` passes ties that a claim affirms or denies at the moment
    which is taken from one of these sources or cites it, `speakers` those by a claim whose chain
    names one of these, `datasets` those that a claim of these data sets bears on at any time.
    `first_from` and `last_to` leave out ties whose day is not known. Ties that pass one of
    `negations`, each of which has one condition, are left out.
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
    max_independent: int | None = None
    between: Sequence[tuple[str, str]] = ()
    start_types: Sequence[str] = ()
    end_types: Sequence[str] = ()
    start_countries: Sequence[str] = ()
    end_countries: Sequence[str] = ()
    speakers: Sequence[str] = ()
    origins: Sequence[str] = ()
    first_from: date | None = None
    last_to: date | None = None
    recorded_since: date | None = None
    negations: Sequence[TieFilters] = ()

    def conditions(self) -> Iterator[Filter]:
        """Yield the conditions, those of `negations` last."""
        yield from self._conditions("")
        for negation in self.negations:
            yield from negated(negation._conditions("not_"))

    def _conditions(self, prefix: LiteralString) -> Iterator[Filter]:
        """Yield the conditions: the ends of ties lead to them best, then claims.

        The names of their parameters begin with `prefix`.
        """
        yield from self._of_ends(prefix)
        yield from self._of_claims(prefix)
        columns, at_moment = tie_columns(self.moment), not self.moment.timeless
        if self.datasets:
            yield in_datasets("r", self.datasets, prefix + "datasets")
        tests: list[tuple[str, LiteralString, LiteralString, Any]] = [
            ("type", "type(r) IN $", "types", list(self.types)),
            ("status", columns["status"] + " IN $", "statuses", list(self.statuses)),
            ("disputed", columns["disputed"] + " IN $", "disputed", list(self.disputed)),
            ("inferred", columns["is_inferred"] + " IN $", "inferred", list(self.inferred)),
            (
                "independent",
                columns["independent"] + " >= $",
                "min_independent",
                self.min_independent,
            ),
        ]
        for name, test, parameter, value in tests:
            if value:
                late = at_moment and name != "type"
                values = {prefix + parameter: value}
                yield Filter(name, test + prefix + parameter, values, late=late)
        if self.max_independent is not None:
            condition = columns["independent"] + " <= $max_independent"
            values = {"max_independent": self.max_independent}
            yield Filter("independent", condition, values, late=at_moment)
        # At a moment the day `UNKNOWN` stands for none.
        if self.first_from is not None:
            condition = "$first_from <= " + columns["first"] + " < " + UNKNOWN
            values = {"first_from": self.first_from}
            yield Filter("first_from", condition, values, late=at_moment, detailed=at_moment)
        if self.last_to is not None:
            condition = columns["last"] + " <= $last_to"
            values = {"last_to": self.last_to}
            yield Filter("last_to", condition, values, late=at_moment, detailed=at_moment)

    def end_tests(self, prefix: LiteralString = "") -> list[EndTest]:
        """Return what is asked of the ends of ties, each told apart from the other."""
        tests: list[tuple[Sequence[str], EndTest]] = [
            (self.starts, EndTest("from", "a", ".id IN " + prefix + "starts")),
            (self.ends, EndTest("to", "b", ".id IN " + prefix + "ends")),
            (self.start_types, EndTest("from_type", "a", ".type IN $" + prefix + "start_types")),
            (self.end_types, EndTest("to_type", "b", ".type IN $" + prefix + "end_types")),
            (
                self.start_countries,
                EndTest("from_country", "a", ".country IN $" + prefix + "start_countries"),
            ),
            (
                self.end_countries,
                EndTest("to_country", "b", ".country IN $" + prefix + "end_countries"),
            ),
        ]
        return [test for values, test in tests if values]

    def _of_ends(self, prefix: LiteralString) -> Iterator[Filter]:
        """Yield the conditions on the ends of ties.

        Those that tell the ends apart are one condition: a tie without direction has to meet all of
        them read the same way. A facet leaves its own part out.
        """
        if tests := self.end_tests(prefix):
            facets = {
                test.name: self._ends(prefix, [t for t in tests if t is not test]) for test in tests
            }
            yield replace(self._ends(prefix, tests), facets=facets)
        if self.between:
            variable = prefix + "between"
            yield Filter(
                "between",
                "([a.id, b.id] IN " + variable + " OR [b.id, a.id] IN " + variable + ")",
                {variable: [list(pair) for pair in self.between]},
                prepare=collect(
                    "UNWIND $" + variable + " AS pair",
                    "MATCH (k:Entity {id: pair[0]})",
                    call("pair", "MATCH (m:Entity {id: pair[1]}) RETURN m"),
                    "RETURN [coalesce(k.canonical_id, k.id), coalesce(m.canonical_id, m.id)]",
                )
                + " AS "
                + variable,
                entry=_between(
                    variable,
                    "UNWIND " + variable + " AS pair WITH pair[0] AS one, pair[1] AS other",
                ),
            )
        if self.entities:
            variable = prefix + "entities"
            yield Filter(
                "entity",
                "(a.id IN " + variable + " OR b.id IN " + variable + ")",
                {variable: list(self.entities)},
                prepare=_canonical("$" + variable) + " AS " + variable,
                entry=_of_entities(variable),
            )

    def _ends(self, prefix: LiteralString, tests: Sequence[EndTest]) -> Filter:
        """Return the condition that a tie meets some of the tests of its ends."""
        names = {test.name for test in tests}
        ids: list[LiteralString] = []
        if "from" in names:
            ids.append(prefix + "starts")
        if "to" in names:
            ids.append(prefix + "ends")
        prepared: list[LiteralString] = []
        for variable in ids:
            prepared.append(_canonical("$" + variable) + " AS " + variable)
        entry: LiteralString = ""
        if len(ids) == 2:
            pairs: LiteralString = "UNWIND " + ids[0] + " AS one UNWIND " + ids[1] + " AS other"
            entry = _between(items(*ids), pairs)
        elif ids:
            entry = _of_entities(ids[0])
        return Filter(
            "ends",
            _oriented(tests),
            {
                prefix + "starts": list(self.starts),
                prefix + "ends": list(self.ends),
                prefix + "start_types": list(self.start_types),
                prefix + "end_types": list(self.end_types),
                prefix + "start_countries": list(self.start_countries),
                prefix + "end_countries": list(self.end_countries),
            },
            prepare=", ".join(prepared),
            entry=entry,
            exact=False,
        )

    def _of_claims(self, prefix: LiteralString) -> Iterator[Filter]:
        """Yield the conditions on the claims that bear on ties at the moment."""
        columns, at_moment = tie_columns(self.moment), not self.moment.timeless
        ids = "c.id IN " + columns["claim_ids"] + " + " + columns["denial_ids"]

        def by_claims(
            name: str, match: LiteralString, values: dict[str, Any], variable: LiteralString = ""
        ) -> Filter:
            return Filter(
                name,
                "EXISTS {\n  " + match + "\n  AND " + ids + "\n}",
                values,
                prepare=speakers("$" + variable) + " AS " + variable if variable else "",
                # No index has the days on which claims were recorded.
                entry="" if name == "recorded_since" else _of_claims(variable, match),
                exact=not at_moment,
                late=at_moment,
            )

        if self.sources:
            match: LiteralString = "MATCH (c:Claim)-[:SAID_BY]->(s:Source) WHERE s.id IN $"
            values = {prefix + "sources": list(self.sources)}
            yield by_claims("source", match + prefix + "sources", values)
        if self.speakers:
            variable = prefix + "speakers"
            yield by_claims(
                "speaker",
                "MATCH (c:Claim)-[:SAID_BY]->(s:Source|Entity) WHERE s.id IN " + variable,
                {variable: list(self.speakers)},
                variable,
            )
        if self.recorded_since is not None:
            yield by_claims(
                "recorded_since",
                "MATCH (c:Claim) WHERE c.recorded_on >= $recorded_since",
                {"recorded_since": self.recorded_since},
            )
        if self.origins:
            variable = prefix + "origins"
            yield Filter(
                "origin",
                "any(id IN " + columns["origin_ids"] + " WHERE id IN " + variable + ")",
                {variable: list(self.origins)},
                prepare="$" + variable + " + " + _canonical("$" + variable) + " AS " + variable,
                late=at_moment,
            )

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the moment."""
        if self.moment.timeless:
            return {}
        return {"ranks": dict(ONTOLOGY.ranks), **self.moment.parameters()}

    def query(self, order: Sequence[str] = ORDER) -> ListQuery[TieRow]:
        """Return the list of the ties that pass, in an order."""
        spec, columns = tie_spec(self.moment, tests=self.end_tests()), row_columns(self.moment)
        return ListQuery(spec, list(self.conditions()), columns, tie_row, order, self.parameters())


def _oriented(tests: Sequence[EndTest]) -> LiteralString:
    """Return the condition that a tie meets tests read from `a` to `b`, or the other way round."""
    if not tests:
        return ""
    ahead: LiteralString = " AND ".join([test.end + test.asks for test in tests])
    back: LiteralString = " AND ".join(
        [("b" if test.end == "a" else "a") + test.asks for test in tests]
    )
    return "(" + ahead + " OR " + SYMMETRIC + " AND " + back + ")"


#: Filters that pass all ties of all times.
EVERY = TieFilters()


def tie_spec(
    moment: Moment,
    match: LiteralString = _EDGE,
    scope: LiteralString = "",
    tests: Sequence[EndTest] = (),
) -> ListSpec:
    """Return the list of the ties `r` from `a` to `b` that a match leads to, at a moment.

    `tests` are those that the ends of the ties pass.
    """
    columns = tie_columns(moment)
    facets = _facets(columns, tests)
    spec = ListSpec(match, _keys(columns), ("type", "from", "to"), facets, scope)
    if moment.timeless:
        return spec
    return replace(
        spec,
        derive="WITH *, " + affirmations(moment) + " AS claims, "
        + denials(moment) + " AS denials\n"
        "WITH *, r.claim_statuses[claims[0]] AS status, " + surely(moment) + " AS sure\n"
        "WITH *, " + basis("claims", "sure", "status") + " AS basis,\n"
        "  " + disputed("denials", "status") + " AS disputed\n"
        "WITH *, " + independent("basis") + " AS independent",
        having="size(claims) > 0",
        details=_DETAILS,
        possibly="" if moment.certain else "NOT " + columns["match"],
        undated=_UNDATED,
    )  # fmt: skip


def row_columns(moment: Moment) -> Mapping[LiteralString, LiteralString]:
    """Return the columns that `tie_row` reads."""
    columns = tie_columns(moment)
    names: tuple[LiteralString, ...] = (
        *_ENDS,
        "status",
        "disputed",
        "independent",
        "match",
        "past",
    )
    return {
        **{name: columns[name] for name in names},
        "first": "toString(" + columns["first"] + ")",
        "last": "toString(" + columns["last"] + ")",
        **(_POSITIONS if moment.timeless else {name: name for name in _POSITIONS}),
        "lists": _LISTS,
    }


def tie_row(row: Row) -> TieRow:
    """Read the columns of `row_columns`.

    Raises `StoreBusy` for a tie that a load was writing when it was read.
    """

    def each(name: str, positions: str) -> list[Any]:
        values = row["lists"][name] or ()
        return [values[i] for i in row[positions]]

    try:
        whens, readings = each("claim_when", "basis"), each("claim_inferred", "basis")
        inferred, intermediary = marks(readings, each("claim_intermediary", "basis"))
        columns: dict[str, Any] = {
            **row,
            "match": "yes" if row["match"] else "possibly",
            "origin_ids": sorted({*each("claim_origins", "claims")}),
            "claim_ids": each("claim_ids", "claims"),
            "denial_ids": each("denial_claim_ids", "denials"),
            "claims": len(row["claims"]),
            "denials": len(row["denials"]),
            "inferred": [*inferred],
            "intermediary": intermediary,
            "when": when_in_words(whens, readings),
            "date_inferred": date_inferred(whens, readings),
            "speaker_inferred": speaker_inferred(readings),
            "basis_ids": each("claim_ids", "basis"),
            "past": bool(row["past"]),
            "source_plural": bool(row["source_plural"]),
        }
    except IndexError:
        raise StoreBusy("A load is writing a tie of this answer. Try again in a moment.") from None
    columns |= {day: None for day in ("first", "last") if row[day] == _NEVER}
    return TieRow(**{name: columns[name] for name in TieRow._fields})


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
_ID_LISTS = ("origin_ids", "claim_ids", "denial_ids", "basis_ids", "inferred")


def table_row(row: Row) -> dict[str, Any]:
    """Return the cells of the table `ties` by name: lists of ids as one text, None if empty."""
    tie = tie_row(row)
    cells = {_TABLE_NAMES.get(name, name): value for name, value in tie._asdict().items()}
    words = sentence(tie, tie.source_label, tie.target_label, plural=tie.source_plural)
    lists = {name: " ".join(cells[name]) or None for name in _ID_LISTS}
    return {**cells, **lists, "sentence": words, "symmetric": tie.key.symmetric}


def tie_table(
    filters: TieFilters = EVERY, order: Sequence[str] = TABLE_ORDER, lang: str = "en"
) -> Table:
    """Return the table `ties`, with labels in a language."""
    return table_of(filters.query(order), lang)


def table_of(query: ListQuery[TieRow], lang: str) -> Table:
    """Return a list of ties as a part of the table `ties`, with labels in a language."""
    columns = dict(query.columns)
    columns |= {"source_label": label("a", lang), "target_label": label("b", lang)}
    query = replace(query, parameters={**query.parameters, "lang": lang})
    return Table("ties", query.read_as(columns, table_row))
