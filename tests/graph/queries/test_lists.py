"""Lists of ties, claims, sources and entities: the store's filters, orders and counts by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import dates
from graph.dataset import Dataset
from graph.dates import Match
from graph.model import Claim, Tie
from graph.ontology import ONTOLOGY
from graph.projection import claim_window, project, superseded
from graph.queries import claims, entities, sources, tie_lists
from graph.queries.claims import ClaimFilters
from graph.queries.entities import EntityFilters
from graph.queries.entity_ties import ties_of_entity
from graph.queries.lists import Listed, Table
from graph.queries.sources import SourceFilters
from graph.queries.tie_lists import TieFilters, TieRow, tie_table, ties
from graph.queries.ties import Moment
from graph.question import Question
from graph.store.loader import load
from tests.conftest import empty
from tests.strategies import TYPES, asked_days, canonical, datasets, make_claim, make_source, write
from tests.strategies import make_dataset as of
from tests.sync_store import SyncStore

WITH_STORE = settings(
    deadline=None,
    max_examples=1,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
THEN = Moment(date(2022, 6, 1), date(2023, 6, 1))
moments = st.lists(st.builds(Moment, asked_days, asked_days, st.booleans()), max_size=6)


def put(store: SyncStore, folder: Path, dataset: Dataset) -> None:
    """Load a data set in the place of what is there."""
    empty(store)
    load(store, [write(folder / "data", dataset)])


def row_of(tie: Tie, dataset: Dataset) -> TieRow:
    """What a list shows of a projected tie."""
    one, other = (dataset.entities[i] for i in (tie.key.source, tie.key.target))
    return TieRow(
        one.id, other.id, tie.key.type, one.label, other.label, one.type, other.type, tie.status,
        tie.disputed, tie.origins, len(tie.claim_ids), len(tie.denial_ids),
        str(tie.first) if tie.first else None, str(tie.last) if tie.last else None,
        tie.match.value, list(tie.origin_ids), list(tie.claim_ids), list(tie.denial_ids),
    )  # fmt: skip


def strength(row: TieRow) -> tuple[Any, ...]:
    """Where a tie stands by default: the strongest first."""
    return (-ONTOLOGY.ranks[row.status], -row.origins, row.type, row.source, row.target)


def projected(dataset: Dataset, moment: Moment) -> list[TieRow]:
    """All ties of a moment, projected in Python, in the default order."""
    every = project(
        dataset.claims, dataset.sources, dataset.types, dataset.judgements,
        as_of=moment.as_of, known_by=moment.known_by, certain=moment.certain,
    )  # fmt: skip
    return sorted((row_of(tie, dataset) for tie in every), key=strength)


@WITH_STORE
@given(datasets(max_claims=40), moments)
def test_ties_of_a_moment_are_those_projected_in_python(
    store: SyncStore, tmp_path: Path, dataset: Dataset, asked: list[Moment]
) -> None:
    """Every field of every tie, whatever the days; and how many are possibly so or undated."""
    put(store, tmp_path, dataset)
    for moment in [Moment(), *asked]:
        wanted = projected(dataset, moment)
        found = store.ask(ties(TieFilters(moment=moment), limit=500))
        assert list(found.items) == wanted
        possibly = [row for row in wanted if row.match == "possibly"]
        undated = [row for row in possibly if row.first is None and row.last is None]
        assert (found.total, found.possibly, found.undated) == (
            len(wanted), len(possibly), len(undated),
        )  # fmt: skip


@WITH_STORE
@given(datasets(max_claims=40), moments)
def test_filters_of_ties_are_those_of_a_plain_loop(
    store: SyncStore, tmp_path: Path, dataset: Dataset, asked: list[Moment]
) -> None:
    """Several values are any of them, several filters all of them; merged ids mean one entity."""
    put(store, tmp_path, dataset)
    one = canonical(dataset)
    told = {c.id for c in dataset.claims if c.source in ("source-1", "source-2")}

    def named(*ids: str) -> set[str]:
        return {one[i] for i in ids}

    tests: dict[str, tuple[Any, Callable[[TieRow], bool]]] = {
        "starts": (["company-2", "state-1"], lambda r: r.source in named("company-2", "state-1")),
        "ends": (["state-2"], lambda r: r.target in named("state-2")),
        "entities": (["state-1", "state-2"],
                     lambda r: bool({r.source, r.target} & named("state-1", "state-2"))),
        "types": (["SUPPLIES", "ALLIED_WITH"], lambda r: r.type in ("SUPPLIES", "ALLIED_WITH")),
        "statuses": (["reported", "planned"], lambda r: r.status in ("reported", "planned")),
        "disputed": ([True], lambda r: r.disputed),
        "min_origins": (2, lambda r: r.origins >= 2),
        "sources": (["source-1", "source-2"], lambda r: bool(told & {*r.claim_ids, *r.denial_ids})),
    }  # fmt: skip
    # Each once, and twice with another: a statement that the store has not seen takes its time.
    ways = [("starts", "types"), ("ends", "disputed"), ("entities", "statuses"),
            ("sources", "min_origins"), ("sources", "entities"), ("starts", "ends")]  # fmt: skip
    for moment in [Moment(), *asked[:1]]:
        every = projected(dataset, moment)
        for names in ways:
            filters = TieFilters(moment=moment, **{name: tests[name][0] for name in names})
            wanted = [row for row in every if all(tests[name][1](row) for name in names)]
            found = store.ask(ties(filters, limit=500))
            assert (list(found.items), found.total) == (wanted, len(wanted)), names


@WITH_STORE
@given(datasets(max_claims=40), st.sampled_from(["company-1", "state-2"]), moments)
def test_the_ties_of_an_entity_come_page_by_page(
    store: SyncStore, tmp_path: Path, dataset: Dataset, entity_id: str, asked: list[Moment]
) -> None:
    """Each once, with totals by type and direction that leave those two filters out."""
    put(store, tmp_path, dataset)
    own = canonical(dataset)[entity_id]
    for moment in [Moment(), *asked[:1]]:
        every = [row for row in projected(dataset, moment) if own in (row.source, row.target)]
        for side in ("both", "out", "in"):
            wanted = [r for r in every if side == "both" or (r.source == own) == (side == "out")]
            found = pages(
                store,
                lambda after, side=side, then=moment: ties_of_entity(  # type: ignore[misc]
                    entity_id, direction=side, filters=TieFilters(moment=then), after=after, limit=3
                ),
                lambda answer: answer.found,
            )  # fmt: skip
            assert found == wanted
        answer = store.ask(
            ties_of_entity(entity_id, filters=TieFilters(types=["SUPPLIES"], moment=moment))
        )
        assert answer is not None
        groups = Counter((row.type, "out" if row.source == own else "in") for row in every)
        assert {(g.type, g.direction): g.total for g in answer.groups} == groups
        assert answer.found.total == sum(row.type == "SUPPLIES" for row in every)


def pages(
    store: SyncStore,
    ask: Callable[[Any], Question[Any]],
    listed: Callable[[Any], Listed[Any]] = lambda answer: answer,
) -> list[Any]:
    """The items of all parts of a list, one after another."""
    found: list[Any] = []
    after: Sequence[Any] | None = None
    while True:
        part = listed(store.ask(ask(after)))
        found += part.items
        after = part.next_after
        if after is None:
            assert len(found) == part.total
            return found


LISTS: dict[str, tuple[Callable[..., Question[Any]], Iterable[str], Callable[[Any], Any]]] = {
    "ties": (ties, tie_lists.KEYS, lambda row: row.key),
    "claims": (claims.claims, claims.KEYS, lambda card: card.claim.id),
    "sources": (sources.sources, sources.KEYS, lambda item: item.source.id),
    "entities": (entities.entities, entities.KEYS, lambda card: card.entity.id),
}


@pytest.mark.parametrize(
    ("name", "moment"),
    [*((name, Moment()) for name in LISTS), ("ties", THEN)],
    ids=[*LISTS, "ties then"],
)
def test_every_order_visits_each_record_once(seeded: SyncStore, name: str, moment: Moment) -> None:
    """By every key, every other one downwards, and by two; in the order of the whole list."""
    ask, keys, known_by = LISTS[name]
    filters = {
        "ties": TieFilters(moment=moment),
        "claims": ClaimFilters(moment=moment),
        "sources": SourceFilters(moment=moment),
        "entities": EntityFilters(moment=moment),
    }[name]
    signed = [sign + key for key, sign in zip(keys, ("", "-") * 6, strict=False)]
    orders = [[key] for key in signed] if moment == Moment() else []
    for order in [*orders, signed[1:3]]:
        whole = seeded.ask(ask(filters, order=order, limit=500))
        size = max(len(whole.items) // 3, 1)
        found = pages(
            seeded,
            lambda after, order=order, size=size: ask(  # type: ignore[misc]
                filters, order=order, after=after, limit=size
            ),
        )
        ids = [known_by(item) for item in found]
        assert len(set(ids)) == len(ids) > 0
        assert ids == [known_by(item) for item in whole.items], order


def test_an_order_is_that_of_python(seeded: SyncStore) -> None:
    """Several keys, each its own way; a day that is not known counts as the latest."""
    found = seeded.ask(ties(order=["first", "-origins"], limit=500)).items
    assert list(found) == sorted(
        found, key=lambda r: (r.first or "9999-12-31", -r.origins, r.type, r.source, r.target)
    )
    told = seeded.ask(claims.claims(order=["-known", "predicate"], limit=500)).items
    assert [c.claim.predicate for c in told][:1] == [min(c.claim.predicate for c in told[:50])]


def test_facets_count_without_their_own_filter(seeded: SyncStore) -> None:
    """Each value with its number; other filters narrow it; past fifty values the rest is summed."""
    every = seeded.ask(ties(limit=500)).items
    asked = TieFilters(types=["SUPPLIES"], statuses=["reported"])
    facets = seeded.ask(ties(asked, facets=["type", "status", "from"], limit=0)).facets
    by_type = Counter(row.type for row in every if row.status == "reported")
    by_status = Counter(row.status for row in every if row.type == "SUPPLIES")
    assert {value: n for value, _, n in facets["type"].values} == by_type
    assert {value: n for value, _, n in facets["status"].values} == by_status
    assert ("tiandy", "Tiandy Technologies", 3) in facets["from"].values
    ends = seeded.ask(ties(facets=["to"], limit=0)).facets["to"]
    assert sum(n for *_, n in ends.values) + ends.other == len(every)
    assert [n for *_, n in ends.values] == sorted((n for *_, n in ends.values), reverse=True)


def claim_match(claim: Claim, dataset: Dataset, moment: Moment) -> Match:
    """Whether a claim held and was known, by the pure functions."""
    source = dataset.sources[claim.source]
    window, _, _ = claim_window(claim, source)
    return dates.weaker(
        dates.held(window, moment.as_of), dates.known_by(*source.known, moment.known_by)
    )


@WITH_STORE
@given(datasets(max_claims=40), moments)
def test_filters_of_claims_are_those_of_a_plain_loop(
    store: SyncStore, tmp_path: Path, dataset: Dataset, asked: list[Moment]
) -> None:
    """Roles, entities, sources, speakers, words, withdrawal and time, alone and two together."""
    put(store, tmp_path, dataset)
    one = canonical(dataset)
    dead = superseded(dataset.claims) | {c.id for c in dataset.claims if c.retracted}

    def same(*ids: str) -> set[str]:
        return {i for i, found in one.items() if found in {one[asked] for asked in ids}}

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
    for moment in [Moment(), *asked[:2]]:
        timed = [
            c for c in dataset.claims
            if claim_match(c, dataset, moment) is not Match.NO
            and not (moment.certain and claim_match(c, dataset, moment) is Match.POSSIBLY)
        ]  # fmt: skip
        for names in ways:
            filters = {name: tests[name][0] for name in names}
            fitting = [c for c in timed if all(tests[name][1](c) for name in names)]
            live = [c for c in fitting if c.id not in dead]
            found = store.ask(claims.claims(ClaimFilters(moment=moment, **filters), limit=500))
            assert {card.claim.id: card.match for card in found.items} == {
                c.id: claim_match(c, dataset, moment).value for c in live
            }, names
        for retracted, wanted in (("include", timed), ("only", [c for c in timed if c.id in dead])):
            filters = ClaimFilters(moment=moment, retracted=retracted)  # type: ignore[arg-type,assignment]
            assert store.ask(claims.claims(filters, limit=0)).total == len(wanted)  # type: ignore[arg-type]


def test_entities_stay_and_their_counts_follow(store: SyncStore, tmp_path: Path) -> None:
    """Before the source was out there is no tie to count, and the entity is there all the same."""
    dataset = of([make_source(published="2020-01-01")], claims=[make_claim()])
    put(store, tmp_path, dataset)
    early = Moment(known_by=date(2019, 1, 1))
    for moment, count in ((Moment(), 1), (early, 0)):
        asked = EntityFilters(ids=["company-1", "ghost"], moment=moment)
        (card,) = store.ask(entities.entities(asked)).items
        assert sum(card.tie_counts.values()) == count
        tied = store.ask(entities.entities(EntityFilters(min_ties=1, moment=moment), limit=500))
        assert {c.entity.id for c in tied.items} == ({"company-1", "state-1"} if count else set())
    only = store.ask(entities.entities(EntityFilters(types=["Company"]), facets=["type"]))
    assert {c.entity.id for c in only.items} == {"company-1", "company-2"}
    assert {v: n for v, _, n in only.facets["type"].values} == Counter(TYPES.values())


def test_sources_that_were_not_out_are_left_out(store: SyncStore, tmp_path: Path) -> None:
    """By the day asked for; one without a date is there possibly, and certainly it is not."""
    told = [
        make_source("early", published="2010-01-01", kind="study", publisher="A House"),
        make_source("late", published="2020-01-01"),
        make_source("undated", read_on=None),
    ]
    put(store, tmp_path, of(told, claims=[make_claim("early"), make_claim("late")]))
    for moment, wanted in (
        (Moment(known_by=date(2015, 1, 1)), {"early": "yes", "undated": "possibly"}),
        (Moment(known_by=date(2015, 1, 1), certain=True), {"early": "yes"}),
        (Moment(), {"early": "yes", "late": "yes", "undated": "yes"}),
    ):
        found = store.ask(sources.sources(SourceFilters(moment=moment)))
        assert {item.source.id: item.match for item in found.items} == wanted
    for filters in (
        SourceFilters(kinds=["study"]), SourceFilters(publishers=["A House"]),
        SourceFilters(words="a HOUSE"), SourceFilters(ids=["early"]),
    ):  # fmt: skip
        (item,) = store.ask(sources.sources(filters)).items
        assert (item.source.id, item.claim_counts) == ("early", {"supplies": 1})


@pytest.mark.parametrize(
    ("table", "size"),
    [
        (tie_table(), 7), (claims.claim_table(), 11), (claims.role_table(), 40),
        (entities.entity_table(), 9), (sources.source_table(), 2),
    ],
    ids=["ties", "claims", "claim_roles", "entities", "sources"],
)  # fmt: skip
def test_the_parts_of_a_table_are_the_whole(seeded: SyncStore, table: Table, size: int) -> None:
    """Row by row, in the same order, as many as are counted."""
    whole = seeded.ask(table.rows()).rows
    parts: list[list[Any]] = []
    after: Sequence[Any] | None = None
    for _ in whole:
        found = seeded.ask(table.rows(after, size))
        parts, after = parts + found.rows, found.next_after
        if after is None:
            break
    assert parts == whole
    assert len(whole) == seeded.ask(table.count())
