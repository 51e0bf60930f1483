"""Sources: one, lists of them, and their table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from graph import dates
from graph.matching import forms
from graph.model import Source
from graph.queries.claims import LIVE
from graph.queries.clauses import call, collect, lines, where
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
from graph.queries.moment import ALWAYS, Moment, counts
from graph.queries.parts import SOURCE, sources_of
from graph.question import Question, Reader, Row
from graph.store.mapping import read_source
from graph.tables import cells

ORDER = ("id",)
KEYS = ("published", "claims", "kind", "title", "id")
FACETS: Mapping[str, LiteralString] = {
    "kind": "WITH s.kind AS value, null AS label",
    "publisher": "WITH s.publisher AS value, null AS label",
    "dataset": "UNWIND s.datasets AS value\nWITH value, null AS label",
}


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
    """Conditions on sources. Several values of one mean any of them; one without passes all.

    `words` must all occur in title, publisher or authors, whatever their case and accents. A moment
    leaves out the sources that were not out by `known_by`, and of the others counts the claims.
    `publishers` are names, or ids of entities. Sources that pass one of `negations`, each of which
    has one condition, are left out.
    """

    ids: Sequence[str] = ()
    kinds: Sequence[str] = ()
    publishers: Sequence[str] = ()
    words: str | None = None
    moment: Moment = ALWAYS
    datasets: Sequence[str] = ()
    negations: Sequence[SourceFilters] = ()

    def conditions(self) -> Iterator[Filter]:
        """Yield the conditions."""
        yield from self._conditions("")
        for negation in self.negations:
            yield from negated(negation._conditions("not_"))
        words = [list(form.words) for form in forms(self.words or "")]
        if words:
            condition: LiteralString = (
                "any(form IN $words WHERE all(word IN form WHERE s.search_text CONTAINS word))"
            )
            yield Filter("words", condition, {"words": words})
        if self._publication.known_by:
            yield Filter("moment", counts(self._publication, "s."))

    def _conditions(self, prefix: LiteralString) -> Iterator[Filter]:
        """Yield the conditions with several values; the names of these begin with `prefix`."""
        if self.datasets:
            yield in_datasets("s", self.datasets, prefix + "datasets")
        publishers = "$" + prefix + "publishers"
        tests: list[tuple[str, LiteralString, LiteralString, Sequence[str]]] = [
            ("id", "s.id IN $" + prefix + "ids", "ids", self.ids),
            ("kind", "s.kind IN $" + prefix + "kinds", "kinds", self.kinds),
            (
                "publisher",
                "(s.publisher IN " + publishers + " OR s.publisher_id IN " + publishers + ")",
                "publishers",
                self.publishers,
            ),
        ]
        for name, condition, parameter, values in tests:
            if values:
                yield Filter(name, condition, {prefix + parameter: list(values)})

    @property
    def _publication(self) -> Moment:
        """The part of the moment that is about a source itself."""
        return replace(self.moment, as_of=None)

    @property
    def _sure(self) -> LiteralString:
        """Whether a source was out for certain; nothing where all in the list were."""
        if self._publication.timeless or self.moment.certain:
            return ""
        return "(" + counts(self._publication, "s.", certain=True) + ")"

    @property
    def _claims(self) -> LiteralString:
        """The clauses for the claims `c` of a source `s` that count at the moment."""
        conditions: list[LiteralString] = [LIVE]
        if not self.moment.timeless:
            conditions.append(counts(self.moment, "c."))
        return lines("MATCH (c:Claim)-[:FROM]->(s)", where(*conditions))

    @property
    def _count(self) -> LiteralString:
        return "COUNT { " + self._claims + " }"

    @property
    def _match(self) -> LiteralString:
        return (
            "CASE WHEN " + self._sure + " THEN 'yes' ELSE 'possibly' END" if self._sure else "'yes'"
        )

    def query(self, order: Sequence[str] = ORDER) -> ListQuery[SourceItem]:
        """Return the list of the sources that pass, in an order."""
        keys: dict[LiteralString, SortKey] = {
            "published": SortKey(
                "CASE s.known_from WHEN date('0001-01-01') THEN " + UNKNOWN
                + " ELSE s.known_from END",
                "day",
            ),
            "claims": SortKey(self._count, "number"),
            "kind": SortKey("s.kind"),
            "title": SortKey("s.title"),
            "id": SortKey("s.id", indexed=True),
        }  # fmt: skip
        spec = ListSpec(
            match="MATCH (s:Source WHERE s.content_hash IS NOT NULL)",
            keys=keys,
            tiebreakers=("id",),
            facets=FACETS,
            possibly="NOT " + self._sure if self._sure else "",
            undated="s.published IS NULL",
        )
        columns: dict[LiteralString, LiteralString] = {
            "source": SOURCE,
            "claim_counts": collect(
                self._claims,
                "WITH c.predicate AS predicate, count(*) AS claims",
                "ORDER BY predicate",
                "RETURN [predicate, claims]",
            ),
            "match": self._match,
        }
        values = self.moment.parameters()
        return ListQuery(spec, list(self.conditions()), columns, _item, order, values)

    def table_columns(self) -> dict[LiteralString, LiteralString]:
        """Return the columns that `_table_row` reads."""
        return {"source": SOURCE, "claims": self._count, "match": self._match}


def source(source_id: str) -> Question[SourceCard | None]:
    """Ask for one source; None if there is no such id."""
    cypher = lines(
        "MATCH (s:Source {id: $id} WHERE s.content_hash IS NOT NULL)",
        call(
            "s",
            "OPTIONAL MATCH (c:Claim)-[:FROM]->(s)",
            "WITH c ORDER BY c.id",
            "RETURN collect([c.predicate, c.id]) AS claims",
        ),
        call(
            "s",
            "OPTIONAL MATCH (c:Claim)-[r:SAID_BY]->(s) WHERE r.position > 0",
            "WITH DISTINCT c ORDER BY c.id",
            "RETURN collect(c.id) AS cited_by",
        ),
        "RETURN " + SOURCE + " AS source, claims, cited_by",
    )
    return Question(cypher, _read_source, {"id": source_id})


def _read_source(rows: Sequence[Row]) -> SourceCard | None:
    if not rows:
        return None
    by_predicate: dict[str, list[str]] = {}
    for predicate, claim_id in rows[0]["claims"]:
        if claim_id is not None:
            by_predicate.setdefault(predicate, []).append(claim_id)
    (source,) = sources_of([rows[0]["source"]]).values()
    return SourceCard(source, dict(sorted(by_predicate.items())), tuple(rows[0]["cited_by"]))


async def sources(
    reader: Reader,
    filters: SourceFilters = SourceFilters(),
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> ListPage[SourceItem]:
    """Read sources, by default in the order of their ids."""
    query = filters.query(order)
    return await read_page(reader, query, after=after, limit=limit, facets=facets)


def documents(claim_ids: Iterable[str]) -> Question[frozenset[str]]:
    """Ask for the ids of the documents at hand that claims are taken from."""
    return Question(
        lines(
            "UNWIND $ids AS id",
            "MATCH (:Claim {id: id})-[:FROM]->(s:Source)",
            "RETURN collect(DISTINCT s.id) AS ids",
        ),
        lambda rows: frozenset(rows[0]["ids"]),
        {"ids": list(claim_ids)},
    )


def _item(row: Row) -> SourceItem:
    return SourceItem(read_source(row["source"]), dict(row["claim_counts"]), row["match"])


def _table_row(row: Row) -> dict[str, Any]:
    """Return the cells of the table `sources`, with the days of the date; `; ` between authors."""
    source = row["source"]
    published = dates.parse(source["published"]) if source.get("published") else None
    first, last = (published.first, published.last) if published else (None, None)
    return {
        **cells(Source, source),
        "authors": "; ".join(source.get("authors") or ()) or None,
        "first": str(first) if first else None,
        "last": str(last) if last else None,
        "claims": row["claims"],
        "match": row["match"],
    }


def source_table(
    filters: SourceFilters = SourceFilters(),
    order: Sequence[str] = ORDER,
) -> Table:
    """Return the table `sources`."""
    return Table("sources", filters.query(order).read_as(filters.table_columns(), _table_row))
