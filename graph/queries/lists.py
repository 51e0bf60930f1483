"""Lists: rows that are filtered, counted, grouped and put in a total order.

A page of a list, its totals and each of its facets are statements of their own, which `read_page`
asks side by side. A `ListSpec` says what a kind of list consists of, a `ListQuery` which rows of it
are meant, and in which order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, Generic, Literal, LiteralString, TypeVar

from graph.errors import InputError
from graph.queries.clauses import items, lines, record, where
from graph.question import Question, Reader, Row
from graph.tables import TableName, column_names

T = TypeVar("T")
S = TypeVar("S")

#: Values of a facet that are named one by one; the rest is counted together.
FACET_VALUES = 50
#: Rows that one question for a table brings: more would fill the memory of a small server.
CHUNK = 10_000
#: What stands for a day that is not known where days are compared: it counts as the latest.
UNKNOWN: LiteralString = "date('9999-12-31')"

_OTHER_ORDER = "The cursor belongs to another order."


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a list can be ordered by: an expression over its rows that is never null.

    `indexed` ones are ids, whose order an index has. A `detailed` one needs the details of a row.
    """

    cypher: LiteralString
    kind: Literal["text", "number", "day"] = "text"
    indexed: bool = False
    detailed: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is about as short as a name: longer ones get one."""
        return len(self.cypher) < 20


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on rows. The facet of the same name ignores it.

    `prepare` is what the condition needs, evaluated once: an expression with its name. `entry` are
    clauses that lead to the rows from an index, and to those alone if it is `exact`. A `late`
    condition needs what the list derives, a `detailed` one the details of a row. `facets` has what
    takes its place for facets that leave a part of it out; a condition may be empty then.
    """

    name: str
    condition: LiteralString
    parameters: Mapping[str, Any] = field(default_factory=dict)
    facets: Mapping[str, Filter] = field(default_factory=dict)
    prepare: LiteralString = ""
    entry: LiteralString = ""
    exact: bool = True
    late: bool = False
    detailed: bool = False


def in_datasets(
    variable: LiteralString, ids: Sequence[str], parameter: LiteralString = "datasets"
) -> Filter:
    """Return the condition that what a variable holds is of one of some data sets."""
    condition = "any(id IN " + variable + ".datasets WHERE id IN $" + parameter + ")"
    return Filter("dataset", condition, {parameter: list(ids)})


def negated(filters: Iterable[Filter]) -> Iterator[Filter]:
    """Yield the conditions that rows pass which do not pass those of filters; facets keep them."""
    for each in filters:
        # What is unknown does not pass a condition, and so passes its opposite.
        condition = "NOT coalesce(" + each.condition + ", false)"
        yield replace(each, name="not", condition=condition, entry="", facets={})


@dataclass(frozen=True, slots=True)
class Sorting:
    """A total order: keys with their names, and whether each descends, the first one foremost."""

    steps: Sequence[tuple[LiteralString, SortKey, bool]]

    @property
    def expressions(self) -> list[LiteralString]:
        """The values that are compared: by the names of `names` where a key is not plain."""
        values: list[LiteralString] = []
        for name, key, _ in self.steps:
            values.append(key.cypher if key.plain else name + "_key")
        return values

    @property
    def detailed(self) -> bool:
        """Whether a key needs the details of a row."""
        return any(key.detailed for _, key, _ in self.steps)

    @property
    def names(self) -> LiteralString:
        """The clause that names the values of keys that are not plain."""
        values: list[LiteralString] = ["*"]
        for name, key, _ in self.steps:
            if not key.plain:
                values.append(key.cypher + " AS " + name + "_key")
        return "WITH " + items(*values)

    @property
    def clause(self) -> LiteralString:
        """The ORDER BY."""
        values: list[LiteralString] = []
        for value, (*_, descends) in zip(self.expressions, self.steps, strict=True):
            values.append(value + (" DESC" if descends else ""))
        return "ORDER BY " + items(*values)

    def index_order(self, beginning: bool) -> list[LiteralString]:
        """The condition that lets rows come from an index, in its order, if that is this order.

        At the beginning every id meets it; otherwise it leaves out what is before `$after`.
        """
        name, key, descends = self.steps[0]
        if not key.indexed or (beginning and descends):
            return []
        reached: LiteralString = " <= " if descends else " >= "
        return [key.cypher + reached + ("''" if beginning else "$after." + name)]

    def beyond(self) -> LiteralString:
        """The condition for a row to come after the position `$after`.

        Neo4j compares lists by the first values that differ, so one comparison does for keys in a
        row that run in one direction; descending numbers ascend with a minus. `<>` and no second
        `>`: of two ranges the planner makes two ways into an index, without its order.
        """
        keys: list[tuple[LiteralString, LiteralString, bool]] = []
        for (name, key, descends), value in zip(self.steps, self.expressions, strict=True):
            if key.kind == "number" and descends:
                keys.append(("-" + value, "-$after." + name, False))
            else:
                keys.append((value, "$after." + name, descends))
        condition: LiteralString = ""
        for descends, run in groupby(reversed(keys), lambda key: key[2]):
            pairs = [*run][::-1]
            value, place = _tuple([v for v, _, _ in pairs]), _tuple([p for _, p, _ in pairs])
            sign: LiteralString = "<" if descends else ">"
            if condition:
                further = "(" + value + " <> " + place + "\nOR " + condition + ")"
                condition = value + " " + sign + "= " + place + " AND " + further
            else:
                condition = value + " " + sign + " " + place
        return condition

    def position(self, after: Sequence[Any]) -> dict[str, Any]:
        """Return a position by the names of the keys.

        Raises `InputError` for a position of another order.
        """
        if len(after) != len(self.steps):
            raise InputError(_OTHER_ORDER)
        pairs = zip(self.steps, after, strict=True)
        return {name: _value(key, value) for (name, key, _), value in pairs}


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What a kind of list consists of.

    `match` leads to the rows, up to a WHERE; the first filter with an entry takes its place.
    `scope`, where there is one, leads to the record whose rows are listed, and no entry is taken.
    `derive` adds what rows are at a moment, and `having` says which of them remain; `details` are
    clauses for what the columns need beyond that, and few conditions and orders. `tiebreakers` are
    the keys that make every order total. A facet is a clause that gives `value` and `label`.
    `possibly` and `undated` are conditions on a row; where `possibly` is empty, all rows are sure.
    """

    match: LiteralString
    keys: Mapping[LiteralString, SortKey]
    tiebreakers: tuple[str, ...]
    facets: Mapping[str, LiteralString] = field(default_factory=dict)
    scope: LiteralString = ""
    derive: LiteralString = ""
    having: LiteralString = ""
    details: LiteralString = ""
    possibly: LiteralString = ""
    undated: LiteralString = ""

    def rows(self, filters: Sequence[Filter], *conditions: LiteralString) -> LiteralString:
        """Return the clauses, after the scope, that give the rows which pass filters.

        More conditions follow those of the filters; they may need what is derived.
        """
        entry = next((f for f in filters if f.entry and not self.scope), None)
        tests = [f for f in filters if f is not entry or not f.exact]
        early: list[LiteralString] = [f.condition for f in tests if f.condition and not f.late]
        late: list[LiteralString] = [f.condition for f in tests if f.late]
        late += conditions
        values: list[LiteralString] = [f.prepare for f in filters if f.prepare]
        if values and self.scope:
            values.insert(0, "*")
        start: list[LiteralString] = ["WITH " + items(*values)] if values else []
        start.append(entry.entry if entry else self.match)
        if not self.derive:
            return lines(*start, where(*early, *late))
        start.extend((where(*early), self.derive))
        if any(f.detailed for f in tests):
            return lines(*start, where(self.having), self.details, "WITH *", where(*late))
        return lines(*start, where(self.having, *late))

    def sorting(self, order: Sequence[str]) -> Sorting:
        """Return an order, made total by the tiebreakers.

        Raises `InputError` for a name that is not the name of a key.
        """
        descends = {name.removeprefix("-"): name.startswith("-") for name in order}
        unknown = [name for name in descends if name not in self.keys]
        if unknown:
            keys = ", ".join(self.keys)
            raise InputError(f"There is no order by {unknown[0]!r}; the keys are {keys}.")
        literal: dict[str, LiteralString] = {}
        literal.update((name, name) for name in self.keys)
        steps = [*descends, *(name for name in self.tiebreakers if name not in descends)]
        return Sorting([(literal[i], self.keys[literal[i]], descends.get(i, False)) for i in steps])

    def totals(self) -> dict[LiteralString, LiteralString]:
        """Return the numbers of rows, of those that are only possibly so, and of their undated."""
        columns: dict[LiteralString, LiteralString] = {"total": "count(*)"}
        if self.possibly:
            undated = self.possibly + " AND " + self.undated
            columns["possibly"] = "count(CASE WHEN " + self.possibly + " THEN 1 END)"
            columns["undated"] = "count(CASE WHEN " + undated + " THEN 1 END)"
        return columns


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows pass the filters: all, those that are only possibly so, and their undated."""

    total: int
    possibly: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """How many rows have each value: (value, label, count), the most frequent first.

    `other` are the rows of all values that are not named.
    """

    values: tuple[tuple[Any, str | None, int], ...]
    other: int


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """A part of a list, and the position to go on after: None at the end, and for an empty part."""

    items: tuple[T, ...]
    next_after: list[Any] | None


@dataclass(frozen=True, slots=True)
class ListPage(Items[T]):
    """A part of a list. `total`, `possibly` and `undated` count all rows that pass the filters."""

    total: int
    possibly: int = 0
    undated: int = 0
    facets: Mapping[str, Facet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListQuery(Generic[T]):
    """A list with filters and an order; `read` makes an item of the columns of a row.

    `parameters` are those of the expressions of the spec, beside those of the filters.
    """

    spec: ListSpec
    filters: Sequence[Filter]
    columns: Mapping[LiteralString, LiteralString]
    read: Callable[[Row], T]
    order: Sequence[str] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def page(
        self, after: Sequence[Any] | None = None, limit: int = 50, seconds: float = 10.0
    ) -> Question[Items[T]]:
        """Ask for the items after a position, at most so many.

        Raises `InputError` for a position of another order.
        """
        spec, sorting = self.spec, self.spec.sorting(self.order)
        order: list[LiteralString] = [sorting.clause]
        if after is not None:
            order = ["WHERE " + sorting.beyond(), "WITH * " + sorting.clause]
        sort_key = "[" + items(*sorting.expressions) + "]"
        # The fewer rows, the fewer details: only some orders need them before the limit.
        details = "" if any(f.detailed for f in self.filters) else spec.details
        early, late = (details, "") if sorting.detailed else ("", details)
        cypher = lines(
            spec.scope,
            spec.rows(self.filters, *sorting.index_order(after is None)),
            early,
            sorting.names,
            *order,
            "LIMIT $most",
            late,
            "RETURN collect(" + record({**self.columns, "sort_key": sort_key}) + ") AS page",
        )

        def read(rows: Sequence[Row]) -> Items[T]:
            page = rows[0]["page"]
            more = len(page) > limit > 0
            items = tuple([self.read(row) for row in page[:limit]])
            return Items(items, page[limit - 1]["sort_key"] if more else None)

        parameters = self.values(self.filters) | {"most": limit + 1}
        if after is not None:
            parameters["after"] = sorting.position(after)
        return Question(cypher, read, parameters, seconds)

    def totals(self) -> Question[Totals]:
        """Ask how many rows there are."""
        columns = self.spec.totals()
        numbers: list[LiteralString] = [value + " AS " + name for name, value in columns.items()]
        cypher = lines(
            self.spec.scope,
            self.spec.rows(self.filters),
            "RETURN " + ",\n  ".join(numbers),
        )
        return Question(
            cypher,
            lambda rows: Totals(**{name: rows[0][name] for name in columns}),
            self.values(self.filters),
        )

    def facet(self, name: str) -> Question[Facet]:
        """Ask how many rows have each value of a facet, whatever the filter of its name says."""
        filters = [f.facets.get(name, f) for f in self.filters if f.name != name]
        cypher = lines(
            self.spec.scope,
            self.spec.rows(filters),
            self.spec.facets[name],
            "WITH value, label, count(*) AS rows",
            "ORDER BY rows DESC, value",
            "WITH collect({value: value, label: label, rows: rows}) AS values",
            "RETURN values[..$most] AS values,",
            "  reduce(other = 0, x IN values[$most..] | other + x.rows) AS other",
        )

        def read(rows: Sequence[Row]) -> Facet:
            (row,) = rows
            values = tuple((v["value"], v["label"], v["rows"]) for v in row["values"])
            return Facet(values, row["other"])

        return Question(cypher, read, self.values(filters) | {"most": FACET_VALUES})

    def read_as(
        self, columns: Mapping[LiteralString, LiteralString], read: Callable[[Row], S]
    ) -> ListQuery[S]:
        """Return the same list with items of another kind."""
        return ListQuery(self.spec, self.filters, columns, read, self.order, self.parameters)

    def values(self, filters: Sequence[Filter]) -> dict[str, Any]:
        """Return the parameters of a statement with some of the filters."""
        merged = dict(self.parameters)
        for each in filters:
            merged |= each.parameters
        return merged


async def read_page(
    reader: Reader,
    query: ListQuery[T],
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> ListPage[T]:
    """Read a part of a list, how much there is in all, and facets: one statement each.

    They are asked side by side. Only where filters may leave no more than the first page, the page
    comes first: if it is the whole list, its length is the total.
    """
    if after is None and query.filters and not query.spec.possibly:
        page, counts = await asyncio.gather(
            read_items(reader, query, after, limit), read_facets(reader, query, facets)
        )
        whole = limit > 0 and page.next_after is None
        totals = Totals(len(page.items)) if whole else await reader.ask(query.totals())
    else:
        page, totals, counts = await asyncio.gather(
            read_items(reader, query, after, limit),
            reader.ask(query.totals()),
            read_facets(reader, query, facets),
        )
    return ListPage(
        page.items, page.next_after, totals.total, totals.possibly, totals.undated, counts
    )


async def read_items(
    reader: Reader, query: ListQuery[T], after: Sequence[Any] | None, limit: int
) -> Items[T]:
    """Read a part of a list; where the limit is 0 the store is not asked."""
    question = query.page(after, limit)
    return await reader.ask(question) if limit else Items((), None)


async def read_facets(
    reader: Reader, query: ListQuery[Any], facets: Sequence[str]
) -> dict[str, Facet]:
    """Read some facets of a list, side by side."""
    counts = await asyncio.gather(*(reader.ask(query.facet(name)) for name in facets))
    return dict(zip(facets, counts, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, asked for part by part, since all at once may be too many.

    The items of the query are cells by the names of the table's columns.
    """

    name: TableName
    query: ListQuery[Mapping[str, Any]]

    def rows(
        self, after: Sequence[Any] | None = None, limit: int = CHUNK
    ) -> Question[Items[list[Any]]]:
        """Ask for the rows after a position: plain cells in the order of the columns."""
        columns = column_names(self.name)
        question = self.query.page(after, limit, seconds=60.0)

        def read(rows: Sequence[Row]) -> Items[list[Any]]:
            part = question.read(rows)
            cells = tuple([[item[name] for name in columns] for item in part.items])
            return Items(cells, part.next_after)

        return Question(question.cypher, read, question.parameters, question.seconds)

    def count(self) -> Question[Totals]:
        """Ask how many rows there are."""
        return self.query.totals()


def _tuple(expressions: Sequence[LiteralString]) -> LiteralString:
    """Return expressions as one value that compares by the first that differs."""
    return expressions[0] if len(expressions) == 1 else "[" + items(*expressions) + "]"


def _value(key: SortKey, value: Any) -> Any:
    try:
        if key.kind == "day":
            return date.fromisoformat(str(value))
        if isinstance(value, int if key.kind == "number" else str):
            return value
    except ValueError:
        pass
    raise InputError(_OTHER_ORDER)
