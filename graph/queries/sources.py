"""Sources: one, lists of them, and their table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from graph import dates
from graph.fold import words
from graph.model import Source
from graph.queries.claims import HELD, KNOWN, LIVE
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
from graph.queries.parts import SOURCE, sources_of
from graph.queries.ties import Moment
from graph.question import Question, Row
from graph.store.mapping import read_source

ORDER = ("id",)

#: The claims `c` of a source `s` that count at a `Moment`.
_ITS_CLAIMS: LiteralString = (
    "MATCH (c:Claim)-[:FROM]->(s) WHERE " + LIVE + " AND ($as_of IS NULL OR " + HELD + ") "
    "AND ($known_by IS NULL OR " + KNOWN + ")"
)
_SURE: LiteralString = "$known_by IS NULL OR s.surely_known_from <= $known_by"
_MATCH: LiteralString = "CASE WHEN " + _SURE + " THEN 'yes' ELSE 'possibly' END"
_OUT: LiteralString = (
    "CASE WHEN $certain THEN s.surely_known_from ELSE s.known_from END <= $known_by"
)

KEYS: Mapping[str, Key] = {
    "published": Key(
        "CASE s.known_from WHEN date('0001-01-01') THEN " + UNKNOWN + " ELSE s.known_from END",
        "day",
    ),
    "claims": Key("COUNT { " + _ITS_CLAIMS + " }", "number"),
    "kind": Key("s.kind"),
    "title": Key("s.title"),
    "id": Key("s.id", indexed=True),
}
FACETS: Mapping[str, LiteralString] = {
    "kind": "WITH s.kind AS value, null AS label",
    "publisher": "WITH s.publisher AS value, null AS label",
}
_LISTING = Listing(
    start="MATCH (s:Source)",
    keys=KEYS,
    last=("id",),
    facets=FACETS,
    possibly="NOT (" + _SURE + ")",
    undated="s.published IS NULL",
)


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source with the ids of its claims by predicate, and of the claims that only cite it."""

    source: Source
    claims: dict[str, list[str]]
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A source of a list, with how many claims of it count at the moment, by predicate.

    `match` is `yes`, or `possibly` where it may not have been out.
    """

    source: Source
    claim_counts: dict[str, int]
    match: str


@dataclass(frozen=True, slots=True)
class SourceFilters:
    """Which sources are asked for. Several values of one mean any of them; nothing passes all.

    `words` must all occur in title, publisher or authors, whatever their case and accents.
    """

    ids: Sequence[str] = ()
    kinds: Sequence[str] = ()
    publishers: Sequence[str] = ()
    words: str | None = None
    moment: Moment = Moment()  # noqa: RUF009  a value that nobody can change

    def asking(self, order: Sequence[str] = ORDER) -> Asking:
        """The list in an order."""
        conditions: list[tuple[str, LiteralString, Any]] = [
            ("id", "s.id IN $id", list(self.ids)),
            ("kind", "s.kind IN $kind", list(self.kinds)),
            ("publisher", "s.publisher IN $publisher", list(self.publishers)),
            ("words", "all(word IN $words WHERE s.search_text CONTAINS word)",
             words(self.words or "")),
            ("known_by", _OUT, self.moment.known_by),
        ]  # fmt: skip
        filters = [Filter(*condition) for condition in conditions if condition[2]]
        return Asking(_LISTING, filters, "", self.moment.parameters(), order)


def source(source_id: str) -> Question[SourceCard | None]:
    """Ask for one source; None if there is no such id."""
    return Question(
        "MATCH (s:Source {id: $id}) "
        "CALL (s) { OPTIONAL MATCH (c:Claim)-[:FROM]->(s) WITH c ORDER BY c.id "
        "RETURN collect([c.predicate, c.id]) AS claims } "
        "CALL (s) { OPTIONAL MATCH (c:Claim)-[r:SAID_BY]->(s) WHERE r.position > 0 "
        "WITH DISTINCT c ORDER BY c.id RETURN collect(c.id) AS cited_by } "
        "RETURN " + SOURCE + " AS source, claims, cited_by",
        _read_source,
        {"id": source_id},
    )


def _read_source(rows: Sequence[Row]) -> SourceCard | None:
    if not rows:
        return None
    by_predicate: dict[str, list[str]] = {}
    for predicate, claim_id in rows[0]["claims"]:
        if claim_id is not None:
            by_predicate.setdefault(predicate, []).append(claim_id)
    (found,) = sources_of([rows[0]["source"]]).values()
    return SourceCard(found, dict(sorted(by_predicate.items())), tuple(rows[0]["cited_by"]))


def sources(
    filters: SourceFilters = SourceFilters(),
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> Question[Listed[SourceItem]]:
    """Ask for sources, by default in the order of their ids."""
    item: LiteralString = (
        "{source: " + SOURCE + ", counts: COLLECT { " + _ITS_CLAIMS
        + " WITH c.predicate AS predicate, count(*) AS n ORDER BY predicate "
        "RETURN [predicate, n] }, match: " + _MATCH + "}"
    )  # fmt: skip
    return listed(filters.asking(order), item, _item, after=after, limit=limit, facets=facets)


def _item(row: Row) -> SourceItem:
    return SourceItem(read_source(row["source"]), dict(row["counts"]), row["match"])


_CELLS: LiteralString = (
    "[s.id, s.kind, s.title, s.publisher, coalesce(s.authors, []), s.published, s.url, s.lang, "
    "toString(s.read_on), COUNT { " + _ITS_CLAIMS + " }, " + _MATCH + "]"
)


def _row(cells: list[Any]) -> list[Any]:
    """Put the authors into one text, and the days beside the date."""
    *facts, authors, published = cells[:6]
    dated = dates.parse(published) if published else None
    days = [str(day) if day else None for day in (dated.first, dated.last)] if dated else [None] * 2
    return [*facts, "; ".join(authors) or None, published, *days, *cells[6:]]


def source_table(
    filters: SourceFilters = SourceFilters(),
    order: Sequence[str] = ORDER,
) -> Table:
    """Return the table `sources`."""
    return Table(filters.asking(order), _CELLS, _row)
