"""Lists: rows that are filtered, counted, grouped and put in a total order, in one question.

A `Listing` says what a kind of list is over. All that is joined to a statement here is a literal of
this package; values go as parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Literal, LiteralString, TypeVar

from graph.errors import InputError
from graph.question import Question, Row

T = TypeVar("T")

#: Values of a facet that are named one by one; the rest is counted together.
FACET_VALUES = 50
#: Rows that one question for a table brings: more would fill the memory of a small server.
CHUNK = 10_000
#: What stands for a day that is not known where days are compared: it counts as the latest.
UNKNOWN: LiteralString = "date('9999-12-31')"

_AFTER: tuple[LiteralString, ...] = (
    "$after[0]", "$after[1]", "$after[2]", "$after[3]", "$after[4]", "$after[5]", "$after[6]",
    "$after[7]", "$after[8]", "$after[9]", "$after[10]", "$after[11]",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """What a list can be ordered by: an expression over its rows that is never null.

    `indexed` ones are ids, whose order an index has.
    """

    cypher: LiteralString
    kind: Literal["text", "number", "day"] = "text"
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition by the name of its parameter; a `late` one needs what the listing stages."""

    name: str
    cypher: LiteralString
    value: Any
    late: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a kind of list is over.

    `start` leads from nothing to the rows, up to a WHERE; `starts` are better ways in, each where
    there is a filter of its name, the best one first. `stage`, where there is one, adds what rows
    are at a moment, and `stays` says which of them stay then. `last` are the keys that make every
    order total. A facet is a clause that gives `value` and `label`. `possibly` and `undated`
    are conditions on a row.
    """

    start: LiteralString
    keys: Mapping[str, Key]
    last: tuple[str, ...]
    facets: Mapping[str, LiteralString] = field(default_factory=dict)
    starts: Mapping[str, LiteralString] = field(default_factory=dict)
    stage: LiteralString = ""
    stays: LiteralString = "true"
    possibly: LiteralString = "false"
    undated: LiteralString = "false"

    def rows(self, filters: Sequence[Filter], *more: LiteralString) -> LiteralString:
        """The clauses that give the rows which pass every filter."""
        early: list[LiteralString] = [f.cypher for f in filters if not f.late]
        late: list[LiteralString] = [f.cypher for f in filters if f.late]
        late += more
        names = {f.name for f in filters}
        start = next((way for name, way in self.starts.items() if name in names), self.start)
        if not self.stage:
            return start + _where([*early, *late])
        return start + _where(early) + self.stage + _where([self.stays, *late])

    def steps(self, order: Sequence[str]) -> list[tuple[Key, bool]]:
        """The keys of an order, each with whether it descends; made total by `last`."""
        named = [name.removeprefix("-") for name in order]
        whole = [*order, *(name for name in self.last if name not in named)]
        return [(self.keys[name.removeprefix("-")], name.startswith("-")) for name in whole]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many rows have each value: (value, label, count), the most frequent first.

    `other` are the rows of all values that are not named.
    """

    values: tuple[tuple[Any, str | None, int], ...]
    other: int


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A part of a list. `total`, `possibly` and `undated` count all rows that pass the filters.

    `next_after` is the place to go on after; None at the end, and for a part of no rows.
    """

    items: tuple[T, ...]
    total: int
    next_after: list[Any] | None
    possibly: int = 0
    undated: int = 0
    facets: Mapping[str, Facet] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a table: rows of plain cells, and the place to go on after, if more follow."""

    rows: list[list[Any]]
    next_after: list[Any] | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A listing with filters: what is common to all questions about it.

    `given` are clauses that the statement begins with; they and the filters use `parameters`.
    """

    listing: Listing
    filters: Sequence[Filter]
    given: LiteralString = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    order: Sequence[str] = ()

    def values(self, after: Sequence[Any] | None, limit: int) -> dict[str, Any]:
        """The parameters of a statement."""
        filtered = {f.name: f.value for f in self.filters}
        return {
            **filtered,
            **self.parameters,
            "after": read_place(self.listing.steps(self.order), after),
            "limit": limit,
        }

    def page(self, item: LiteralString, after: Sequence[Any] | None) -> LiteralString:
        """The expression for a part of the list: pairs of an item and its place."""
        steps = self.listing.steps(self.order)
        beyond = _begun(steps) if after is None else [_beyond(steps)]
        place = ", ".join(key.cypher for key, _ in steps)
        return (
            "COLLECT { " + self.listing.rows(self.filters, *beyond) + " WITH * ORDER BY "
            + _ordered(steps) + " LIMIT $limit + 1 RETURN [" + item + ", [" + place + "]] }"
        )  # fmt: skip

    def every(self, item: LiteralString) -> LiteralString:
        """The expression for all items, in their order."""
        ordered = _ordered(self.listing.steps(self.order))
        rows = self.listing.rows(self.filters)
        return "COLLECT { " + rows + " WITH * ORDER BY " + ordered + " RETURN " + item + " }"

    def totals(self) -> LiteralString:
        """The expression for the numbers of rows: all, those that are possibly, undated ones."""
        possibly, undated = self.listing.possibly, self.listing.undated
        return (
            "COLLECT { " + self.listing.rows(self.filters) + " RETURN [count(*), "
            "count(CASE WHEN " + possibly + " THEN 1 END), "
            "count(CASE WHEN " + possibly + " AND " + undated + " THEN 1 END)] }"
        )  # fmt: skip

    def facet(self, name: str) -> LiteralString:
        """The expression for the values of a facet, which its own filter does not narrow."""
        others = [f for f in self.filters if f.name != name]
        return (
            "COLLECT { " + self.listing.rows(others) + " " + self.listing.facets[name]
            + " WITH value, label, count(*) AS n ORDER BY n DESC, value "
            "WITH collect([value, label, n]) AS every "
            "RETURN [every[..$facet_values], "
            "reduce(rest = 0, x IN every[$facet_values..] | rest + x[2])] }"
        )  # fmt: skip


def listed(
    asking: Asking,
    item: LiteralString,
    read: Callable[[Any], T],
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> Question[Listed[T]]:
    """Ask for a part of a list, for how much there is in all, and for facets."""
    cypher = (
        asking.given
        + "RETURN " + asking.page(item, after) + " AS page, " + asking.totals() + " AS totals, ["
        + ", ".join(asking.facet(name) for name in facets)
        + "] AS facets"
    )  # fmt: skip

    def answer(rows: Sequence[Row]) -> Listed[T]:
        row = rows[0]
        page = row["page"]
        total, possibly, undated = row["totals"][0]
        return Listed(
            items=tuple(read(cells) for cells, _ in page[:limit]),
            total=total,
            next_after=page[limit - 1][1] if len(page) > limit > 0 else None,
            possibly=possibly,
            undated=undated,
            facets=read_facets(facets, row["facets"]),
        )

    parameters = {**asking.values(after, limit), "facet_values": FACET_VALUES}
    return Question(cypher, answer, parameters)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table: asked for part by part, since all at once may be too many.

    `cells` is a Cypher list; `finish` turns it into a row of plain cells.
    """

    asking: Asking
    cells: LiteralString
    finish: Callable[[list[Any]], list[Any]] | None = None

    def rows(self, after: Sequence[Any] | None = None, limit: int = CHUNK) -> Question[Rows]:
        """Ask for the rows after a place; none where what the table is about does not exist."""
        asking, finish = self.asking, self.finish
        cypher = asking.given + "RETURN " + asking.page(self.cells, after) + " AS page"

        def answer(found: Sequence[Row]) -> Rows:
            page = found[0]["page"] if found else []
            place = page[limit - 1][1] if len(page) > limit > 0 else None
            rows = [row for row, _ in page[:limit]]
            return Rows([finish(row) for row in rows] if finish else rows, place)

        return Question(cypher, answer, asking.values(after, limit), seconds=60.0)

    def count(self) -> Question[int]:
        """Ask how many rows there are."""
        cypher = self.asking.given + "RETURN " + self.asking.totals() + " AS totals"
        parameters = self.asking.values(None, 0)
        return Question(cypher, lambda rows: int(rows[0]["totals"][0][0]), parameters)


def read_place(steps: Sequence[tuple[Key, bool]], after: Sequence[Any] | None) -> list[Any] | None:
    """Read a place of a cursor. Raises `InputError` for one that is none of this order."""
    if after is None:
        return None
    if len(after) != len(steps):
        raise InputError("The cursor belongs to another order.")
    return [_value(key, value) for (key, _), value in zip(steps, after, strict=True)]


def _value(key: Key, value: Any) -> Any:
    try:
        if key.kind == "day":
            return date.fromisoformat(str(value))
        if isinstance(value, int if key.kind == "number" else str):
            return value
    except ValueError:
        pass
    raise InputError("The cursor belongs to another order.")


def _where(conditions: Sequence[LiteralString]) -> LiteralString:
    return " WHERE " + " AND ".join("(" + c + ")" for c in conditions) if conditions else ""


def _ordered(steps: Sequence[tuple[Key, bool]]) -> LiteralString:
    return ", ".join(key.cypher + (" DESC" if down else "") for key, down in steps)


def _begun(steps: Sequence[tuple[Key, bool]]) -> list[LiteralString]:
    """A condition that every id meets: it lets the rows come in the order of the index of ids."""
    first, down = steps[0]
    return [first.cypher + " >= ''"] if first.indexed and not down else []


def _beyond(steps: Sequence[tuple[Key, bool]]) -> LiteralString:
    """The condition for a row to come after a place.

    The first key is compared by itself, so that an index can begin there; `<>` and no second `>`,
    as the planner would make a union of two ways into the index, without its order.
    """
    condition: LiteralString = "false"
    for (key, down), place in reversed(list(zip(steps, _AFTER, strict=False))):
        reached: LiteralString = " <= " if down else " >= "
        beyond = "(" + key.cypher + " <> " + place + " OR (" + condition + "))"
        condition = key.cypher + reached + place + " AND " + beyond
    return condition


def read_facets(names: Sequence[str], found: Sequence[Any]) -> dict[str, Facet]:
    """Read what `Asking.facet` gave for each name."""
    return {name: _facet(*each[0]) for name, each in zip(names, found, strict=True)}


def _facet(values: Sequence[Any], other: int) -> Facet:
    return Facet(tuple((value, label, n) for value, label, n in values), other)
