"""Lists of ties, claims, sources and entities: the store's filters, orders and counts by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from graph.dataset import Dataset
from graph.errors import InputError
from graph.model import Claim
from graph.ontology import ONTOLOGY
from graph.projection import superseded
from graph.queries import claims, entities, sources, tie_lists
from graph.queries.claims import ClaimFilters
from graph.queries.entities import EntityFilters
from graph.queries.entity_ties import ties_of_entity
from graph.queries.lists import ListPage, Table
from graph.queries.moment import ALWAYS, Moment
from graph.queries.sources import SourceFilters
from graph.queries.tie_lists import TieFilters, TieRow, tie_table, ties
from graph.question import Reader
from graph.store.loader import load
from tests.graph.queries.expected import (
    claims_of,
    each,
    moments,
    tie_rows,
)
from tests.strategies import TYPES, canonical, make_claim, make_source, write
from tests.strategies import make_dataset as of
from tests.sync_store import SyncStore

THEN = Moment(date(2022, 6, 1), date(2023, 6, 1))


def test_filters_of_ties_are_those_of_a_plain_loop(store: SyncStore, crowd: Dataset) -> None:
    """Several values are any of them, several filters all of them; merged ids mean one entity."""
    one = canonical(crowd)
    of_sources = {c.id for c in crowd.claims if {"source-1", "source-2"} & {*c.said_by}}

    def canonical_ids(*ids: str) -> set[str]:
        return {one[i] for i in ids}

    tests: dict[str, tuple[Any, Callable[[TieRow], bool]]] = {
        "starts": (
            ["company-2", "state-1"],
            lambda r: bool(starts_of(r) & canonical_ids("company-2", "state-1")),
        ),
        "ends": (["state-2"], lambda r: bool(ends_of(r) & canonical_ids("state-2"))),
        "entities": (["state-1", "state-2"],
                     lambda r: bool({r.source, r.target} & canonical_ids("state-1", "state-2"))),
        "types": (["SUPPLIES", "ALLIED_WITH"], lambda r: r.type in ("SUPPLIES", "ALLIED_WITH")),
        "statuses": (["reported", "planned"], lambda r: r.status in ("reported", "planned")),
        "disputed": ([True], lambda r: r.disputed),
        "min_independent": (2, lambda r: r.independent >= 2),
        "sources": (["source-1", "source-2"],
                    lambda r: bool(of_sources & {*r.claim_ids, *r.denial_ids})),
    }  # fmt: skip
    # Each once, and with another: a statement that the store has not seen takes its time.
    ways = [("starts", "types"), ("ends", "disputed"), ("entities", "statuses"),
            ("sources", "min_independent"), ("sources", "entities")]  # fmt: skip

    @each(6)
    @given(moments)
    def agree(moment: Moment) -> None:
        rows = tie_rows(crowd, moment)
        for names in ways:
            filters = TieFilters(moment=moment, **{name: tests[name][0] for name in names})
            expected = [row for row in rows if all(tests[name][1](row) for name in names)]
            page = store.read(lambda reader, f=filters: ties(reader, f, limit=500))
            assert (list(page.items), page.total) == (expected, len(expected)), names

    agree()


@pytest.mark.parametrize("entity_id", ["company-1", "state-2"])
def test_the_ties_of_an_entity_come_page_by_page(
    store: SyncStore, crowd: Dataset, entity_id: str
) -> None:
    """Each once, with totals by type and direction that leave those two filters out."""
    own = canonical(crowd)[entity_id]

    @each(4)
    @given(moments)
    def agree(moment: Moment) -> None:
        rows = [row for row in tie_rows(crowd, moment) if own in (row.source, row.target)]
        for side in ("both", "out", "in"):
            expected = [
                r
                for r in rows
                if side == "both" or own in (starts_of(r) if side == "out" else ends_of(r))
            ]

            async def part(reader: Reader, after: Any, side: Any = side) -> ListPage[Any]:
                filters = TieFilters(moment=moment)
                answer = await ties_of_entity(
                    reader, entity_id, direction=side, filters=filters, after=after, limit=3
                )
                assert answer is not None
                return answer.page

            assert whole(store, part) == expected
        filters = TieFilters(types=["SUPPLIES"], moment=moment)
        answer = store.read(lambda reader: ties_of_entity(reader, entity_id, filters=filters))
        assert answer is not None
        groups = Counter(
            (r.type, "both" if r.key.symmetric else "out" if r.source == own else "in")
            for r in rows
        )
        assert {(g.type, g.direction): g.total for g in answer.groups} == groups
        assert answer.page.total == sum(row.type == "SUPPLIES" for row in rows)

    agree()


def starts_of(row: TieRow) -> set[str]:
    """The entities that a tie runs from: both where it has no direction."""
    return {row.source, row.target} if row.key.symmetric else {row.source}


def ends_of(row: TieRow) -> set[str]:
    """The entities that a tie runs to."""
    return {row.source, row.target} if row.key.symmetric else {row.target}


def test_an_unknown_entity_has_no_ties(store: SyncStore, crowd: Dataset) -> None:
    """None, and no empty list."""
    assert store.read(lambda reader: ties_of_entity(reader, "ghost")) is None


def whole(
    store: SyncStore, part: Callable[[Reader, Sequence[Any] | None], Awaitable[ListPage[Any]]]
) -> list[Any]:
    """The items of all parts of a list, one after another."""
    items: list[Any] = []
    after: Sequence[Any] | None = None
    while True:
        page = store.read(lambda reader, after=after: part(reader, after))
        items += page.items
        after = page.next_after
        if after is None:
            assert len(items) == page.total
            return items


LISTS: Mapping[str, tuple[Callable[..., Any], Iterable[str], Callable[[Any], Any]]] = {
    "ties": (ties, tie_lists.KEYS, lambda row: row.key),
    "claims": (claims.claims, claims.KEYS, lambda card: card.claim.id),
    "sources": (sources.sources, sources.KEYS, lambda item: item.source.id),
    "entities": (entities.entities, entities.KEYS, lambda card: card.entity.id),
}


@pytest.mark.parametrize(
    ("name", "moment"),
    [*((name, ALWAYS) for name in LISTS), ("ties", THEN)],
    ids=[*LISTS, "ties then"],
)
def test_every_order_visits_each_record_once(
    seed_store: SyncStore, name: str, moment: Moment
) -> None:
    """By every key, every other one downwards, and by two; in the order of the whole list."""
    read, keys, key_of = LISTS[name]
    filters = {
        "ties": TieFilters(moment=moment),
        "claims": ClaimFilters(moment=moment),
        "sources": SourceFilters(moment=moment),
        "entities": EntityFilters(moment=moment),
    }[name]
    signed = [sign + key for key, sign in zip(keys, ("", "-") * 6, strict=False)]
    orders = [[key] for key in signed] if moment == ALWAYS else []
    for order in [*orders, signed[1:3]]:
        every = seed_store.read(lambda reader, o=order: read(reader, filters, order=o, limit=500))
        size = max(len(every.items) // 3, 1)
        items = whole(
            seed_store,
            lambda reader, after, order=order, size=size: read(
                reader, filters, order=order, after=after, limit=size
            ),
        )
        ids = [key_of(item) for item in items]
        assert len(set(ids)) == len(ids) > 0
        assert ids == [key_of(item) for item in every.items], order


def test_an_order_is_that_of_python(seed_store: SyncStore) -> None:
    """Several keys, each its own way; a day that is not known counts as the latest."""
    order = ["first", "-independent"]
    rows = seed_store.read(lambda reader: ties(reader, order=order, limit=500)).items
    assert list(rows) == sorted(
        rows, key=lambda r: (r.first or "9999-12-31", -r.independent, r.type, r.source, r.target)
    )
    order = ["-source_published", "predicate"]
    cards = seed_store.read(lambda reader: claims.claims(reader, order=order, limit=500)).items
    assert [c.claim.predicate for c in cards][:1] == [min(c.claim.predicate for c in cards[:50])]


@pytest.mark.parametrize(
    ("order", "after", "message"),
    [
        (["status"], ["x"], "another order"),
        (["from"], [1, "SUPPLIES", "a"], "another order"),
        (["first"], ["soon", "SUPPLIES", "a", "b"], "another order"),
        (["colour"], None, "no order by 'colour'"),
    ],
)
def test_what_is_no_order_is_refused(order: list[str], after: Any, message: str) -> None:
    """Before the store is asked: too few values, values of another kind, a key that is none."""
    with pytest.raises(InputError, match=message):
        TieFilters().query(order).page(after)


def test_facets_count_without_their_own_filter(seed_store: SyncStore) -> None:
    """Each value with its number; other filters narrow it; past fifty values the rest is summed."""
    every = seed_store.read(lambda reader: ties(reader, limit=500)).items
    filters = TieFilters(types=["SUPPLIES"], statuses=["reported"])
    names = ["type", "status", "from"]
    facets = seed_store.read(lambda reader: ties(reader, filters, facets=names, limit=0)).facets
    by_type = Counter(row.type for row in every if row.status == "reported")
    by_status = Counter(row.status for row in every if row.type == "SUPPLIES")
    assert {value: n for value, _, n in facets["type"].values} == by_type
    assert {value: n for value, _, n in facets["status"].values} == by_status
    assert ("tiandy", "Tiandy Technologies", 3) in facets["from"].values
    ends = seed_store.read(lambda reader: ties(reader, facets=["to"], limit=0)).facets["to"]
    # A tie without direction is found from both ends.
    symmetric = sum(ONTOLOGY.tie_types[row.type].symmetric for row in every)
    assert sum(n for *_, n in ends.values) + ends.other == len(every) + symmetric
    assert [n for *_, n in ends.values] == sorted((n for *_, n in ends.values), reverse=True)


def test_filters_of_claims_are_those_of_a_plain_loop(store: SyncStore, crowd: Dataset) -> None:
    """Roles, entities, sources, speakers, words, withdrawal and time, alone and two together."""
    one = canonical(crowd)
    dead = superseded(crowd.claims) | {c.id for c in crowd.claims if c.retracted}

    def same(*ids: str) -> set[str]:
        return {i for i, other in one.items() if other in {one[name] for name in ids}}

    tests: dict[str, tuple[Any, Callable[[Claim], bool]]] = {
        "predicates": (["supplies"], lambda c: c.predicate == "supplies"),
        "roles": ([("supplier", "company-1"), ("party", "state-1")],
                  lambda c: bool(same("company-1") & {*c.roles.get("supplier", ())}
                                 or same("state-1") & {*c.roles.get("party", ())})),
        "entities": (["state-1", "person-2"],
                     lambda c: any(same("state-1", "person-2") & {*i} for i in c.roles.values())),
        "sources": (["source-1"], lambda c: c.source == "source-1"),
        "speakers": (["source-2", "company-1"],
                     lambda c: bool({"source-2", *same("company-1")} & {*c.said_by})),
        "modalities": (["stated", "alleged"], lambda c: c.modality in ("stated", "alleged")),
        "polarities": (["denied"], lambda c: c.polarity == "denied"),
        "words": ("the ONE", lambda c: all(w in c.summary.lower() for w in ("the", "one"))),
    }  # fmt: skip
    ways = [(), ("roles", "sources"), ("entities", "polarities"), ("speakers", "predicates"),
            ("sources", "modalities"), ("words", "polarities")]  # fmt: skip

    @each(6)
    @given(moments)
    def agree(moment: Moment) -> None:
        every = claims_of(crowd, moment)
        for names in ways:
            values = {name: tests[name][0] for name in names}
            expected = [c for c in every if all(tests[name][1](c) for name in names)]
            live = sorted(c.id for c in expected if c.id not in dead)
            filters = ClaimFilters(moment=moment, **values)
            page = store.read(lambda reader, f=filters: claims.claims(reader, f, limit=500))
            assert [card.claim.id for card in page.items] == live, names
            assert {c.id: c for c in crowd.claims if c.id in live} == {
                card.claim.id: card.claim for card in page.items
            }
        withdrawn = [c for c in every if c.id in dead]
        for retracted, expected in (("include", every), ("only", withdrawn)):
            filters = ClaimFilters(moment=moment, retracted=retracted)  # type: ignore[arg-type]
            page = store.read(lambda reader, f=filters: claims.claims(reader, f, limit=0))
            assert page.total == len(expected)

    agree()


def test_a_claim_of_a_source_keeps_all_its_sources(store: SyncStore, tmp_path: Path) -> None:
    """Also where the list begins at one of them."""
    cited = make_claim("article", said_by=["article", "study"])
    load(
        store, [write(tmp_path, of([make_source(i) for i in ("article", "study")], claims=[cited]))]
    )
    for filters in (ClaimFilters(sources=["article"]), ClaimFilters(speakers=["study"])):
        (card,) = store.read(lambda reader, f=filters: claims.claims(reader, f)).items
        assert card.sources.keys() == {"article", "study"}


def test_entities_stay_and_their_counts_follow(store: SyncStore, tmp_path: Path) -> None:
    """Before the source was out there is no tie to count, and the entity is there all the same."""
    dataset = of([make_source(published="2020-01-01")], claims=[make_claim()])
    load(store, [write(tmp_path, dataset)])
    early = Moment(known_by=date(2019, 1, 1))

    def read(filters: EntityFilters, **options: Any) -> ListPage[entities.EntityCard]:
        return store.read(lambda reader: entities.entities(reader, filters, **options))

    for moment, count in ((ALWAYS, 1), (early, 0)):
        (card,) = read(EntityFilters(ids=["company-1", "ghost"], moment=moment)).items
        assert sum(card.tie_counts.values()) == count
        page = read(EntityFilters(min_ties=1, moment=moment), limit=500)
        assert {c.entity.id for c in page.items} == ({"company-1", "state-1"} if count else set())
    only = read(EntityFilters(types=["Company"]), facets=["type"])
    assert {c.entity.id for c in only.items} == {"company-1", "company-2"}
    assert {v: n for v, _, n in only.facets["type"].values} == Counter(TYPES.values())


def test_sources_that_were_not_out_are_left_out(store: SyncStore, tmp_path: Path) -> None:
    """By the day asked for; one without a date is there possibly, and certainly it is not."""
    cited = [
        make_source("early", published="2010-01-01", kind="study", publisher="A House"),
        make_source("late", published="2020-01-01"),
        make_source("undated", read_on=None),
    ]
    load(store, [write(tmp_path, of(cited, claims=[make_claim("early"), make_claim("late")]))])

    def read(filters: SourceFilters) -> ListPage[sources.SourceItem]:
        return store.read(lambda reader: sources.sources(reader, filters))

    for moment, matches, possibly in (
        (Moment(known_by=date(2015, 1, 1)), {"early": "yes", "undated": "possibly"}, 1),
        (Moment(known_by=date(2015, 1, 1), certain=True), {"early": "yes"}, 0),
        (ALWAYS, {"early": "yes", "late": "yes", "undated": "yes"}, 0),
    ):
        page = read(SourceFilters(moment=moment))
        assert {item.source.id: item.match for item in page.items} == matches
        assert (page.total, page.possibly, page.undated) == (len(matches), possibly, possibly)
    for filters in (
        SourceFilters(kinds=["study"]), SourceFilters(publishers=["A House"]),
        SourceFilters(words="a HOUSE"), SourceFilters(ids=["early"]),
    ):  # fmt: skip
        (item,) = read(filters).items
        assert (item.source.id, item.claim_counts) == ("early", {"supplies": 1})


@pytest.mark.parametrize(
    ("table", "size"),
    [
        (tie_table(), 7), (claims.claim_table(), 11), (claims.role_table(), 40),
        (entities.entity_table(), 9), (sources.source_table(), 2),
    ],
    ids=["ties", "claims", "claim_roles", "entities", "sources"],
)  # fmt: skip
def test_the_parts_of_a_table_are_the_whole(seed_store: SyncStore, table: Table, size: int) -> None:
    """Row by row, in the same order, as many as are counted."""
    every = seed_store.ask(table.rows()).items
    parts: list[list[Any]] = []
    after: Sequence[Any] | None = None
    for _ in every:
        part = seed_store.ask(table.rows(after, size))
        parts, after = [*parts, *part.items], part.next_after
        if after is None:
            break
    assert parts == list(every)
    assert len(every) == seed_store.ask(table.count()).total
