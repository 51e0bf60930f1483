"""Every statement of the product: its plan, its size, and that it answers with models."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph.model import Subgraph, TieKey
from graph.paths import Look
from graph.queries import (
    analyses,
    changes,
    claims,
    entities,
    entity_ties,
    filtered,
    graphs,
    pages,
    paths,
    records,
    search,
    sources,
    tie_graphs,
    tie_lists,
    ties,
    whatif,
)
from graph.queries.claims import ClaimFilters
from graph.queries.entities import EntityFilters
from graph.queries.lists import Items, ListPage, Totals
from graph.queries.moment import Moment
from graph.queries.sources import SourceFilters
from graph.queries.tie_lists import TieFilters
from graph.question import Question, Reader
from graph.store.state import STATE, State, WithState, with_state
from tests.recorder import Recorder
from tests.sync_store import SyncStore

PACT = "china-iran-pact"
THEN = Moment(date(2022, 6, 1), date(2023, 6, 1), certain=False)
KEY = TieKey("tiandy", "SUPPLIES", "irgc")
AT_ALL = TieFilters()

Read = Callable[[Reader], Awaitable[Any]]


def of(function: Callable[..., Awaitable[Any]], *values: Any, **options: Any) -> Read:
    """A read by a function, with all that it takes besides the reader."""
    return lambda reader: function(reader, *values, **options)


#: Each read, in each way that changes its statements, with what its answer is.
READS: dict[str, tuple[Question[Any] | Read, type]] = {
    "source_file": (pages.source_file("fdd-study"), pages.SourceFile),
    "filtered": (filtered.filtered(AT_ALL), Subgraph),
    "filtered by ends": (
        filtered.filtered(TieFilters(starts=["tiandy"], types=["SUPPLIES"], moment=THEN)),
        Subgraph,
    ),
    "filtered_around": (
        of(filtered.filtered_around, "tiandy", TieFilters(types=["SUPPLIES"])),
        Subgraph,
    ),
    "keyed": (filtered.keyed([KEY], ["zte"], THEN), Subgraph),
    "source_ids": (pages.source_ids(), tuple),
    "entity_ids": (pages.entity_ids(), tuple),
    "among": (pages.among(["tiandy", "irgc"], []), Subgraph),
    "outgoing": (pages.outgoing(["tiandy"]), Subgraph),
    "newest": (pages.newest(["tiandy"]), pages.Newest),
    "timeline": (pages.timeline(), pages.Dated),
    "timeline of an entity": (pages.timeline("zte", "supplies"), pages.Dated),
    "compare": (pages.compare(Moment(), THEN), pages.Compared),
    "compare of an entity": (pages.compare(Moment(), THEN, "zte"), pages.Compared),
    "entity": (entities.entity("tiandy"), entities.EntityCard),
    "entities": (of(entities.entities), ListPage),
    "entities at a moment": (
        of(
            entities.entities,
            EntityFilters(["iran"], ["State"], ["x"], 1, THEN),
            order=["-ties"],
            after=[3, "china"],
            facets=list(entities.FACETS),
        ),
        ListPage,
    ),
    "claims": (of(claims.claims, facets=list(claims.FACETS)), ListPage),
    "claims by role": (
        of(claims.claims, ClaimFilters(roles=[("supplier", "tiandy")], entities=["iran"])),
        ListPage,
    ),
    "claims at a moment": (
        of(
            claims.claims,
            ClaimFilters(sources=["fdd-study"], speakers=["fdd-study"], words="x", moment=THEN),
            order=["-first"],
        ),
        ListPage,
    ),
    "claims of everything": (
        of(
            claims.claims,
            ClaimFilters(
                ["0" * 32],
                ["supplies"],
                [("supplier", "tiandy")],
                ["iran"],
                ["fdd-study"],
                ["fdd-study"],
                ["stated"],
                ["affirmed"],
                "x",
                "only",
                THEN,
            ),
            order=["first", "source"],
            after=["2020-01-01", "fdd-study", "0" * 32],
            facets=list(claims.FACETS),
        ),
        ListPage,
    ),
    "claims from a speaker": (
        of(claims.claims, ClaimFilters(speakers=["fdd-study"])),
        ListPage,
    ),
    "sources": (of(sources.sources, facets=list(sources.FACETS)), ListPage),
    "sources at a moment": (
        of(sources.sources, SourceFilters(words="x", moment=THEN)),
        ListPage,
    ),
    "names": (entities.names(["tiandy"]), dict),
    "labels": (entities.labels(["tiandy", "iran"], "zh"), dict),
    "search": (search.search("tiandy tech"), search.Hits),
    "search_records": (search.search_records("tiandy 康", types=["Company"]), search.Hits),
    "suggest": (search.suggest("tia"), search.Hits),
    "near_sources": (search.near_sources("fdd-studi"), tuple),
    "near_claims": (search.near_claims("0" * 32), tuple),
    "near_ties": (search.near_ties(TieKey("tiandy", "MAKES", "irgc")), tuple),
    "near_entities": (search.near_entities("tiandi"), tuple),
    "neighbourhood": (graphs.neighbourhood("tiandy"), Subgraph),
    "neighbourhood of two hops": (graphs.neighbourhood("tiandy", depth=2, limit=20), Subgraph),
    "whole": (graphs.whole(), Subgraph),
    "source": (sources.source("fdd-study"), sources.SourceCard),
    "snapshot": (records.snapshot("0" * 32), type(None)),
    "snapshots": (records.snapshots(), ListPage),
    "tie": (ties.tie(KEY), ties.Docket),
    "tie at a moment": (ties.tie(KEY, THEN), ties.Docket),
    "ties": (of(tie_lists.ties, facets=list(tie_lists.FACETS)), ListPage),
    "ties of ends": (
        of(tie_lists.ties, TieFilters(starts=["tiandy"], ends=["irgc"])),
        ListPage,
    ),
    "ties of entities": (
        of(tie_lists.ties, TieFilters(entities=["tiandy"], moment=THEN)),
        ListPage,
    ),
    "ties of everything": (
        of(
            tie_lists.ties,
            TieFilters(
                ["tiandy"],
                ["irgc"],
                ["iran"],
                ["SUPPLIES"],
                ["reported"],
                [True],
                2,
                ["fdd-study"],
                THEN,
            ),
            after=[4, 2, "SUPPLIES", "china", "iran"],
            facets=tie_lists.FACETS,
        ),
        ListPage,
    ),
    "ties of sources": (
        of(tie_lists.ties, TieFilters(sources=["fdd-study"])),
        ListPage,
    ),
    "ties_of_entity": (
        of(entity_ties.ties_of_entity, "tiandy"),
        entity_ties.EntityTies,
    ),
    "ties_of_entity at a moment": (
        of(entity_ties.ties_of_entity, "iran", direction="in", filters=TieFilters(moment=THEN)),
        entity_ties.EntityTies,
    ),
    "nodes": (tie_graphs.nodes(["tiandy", "irgc"], THEN), tuple),
    "around the ties of one": (tie_graphs.around("tiandy", 2, 9, AT_ALL), tie_graphs.Around),
    "around at all depths": (
        tie_graphs.around("tiandy", 3, 9, TieFilters(moment=THEN)),
        tie_graphs.Around,
    ),
    "tie_graph": (analyses.tie_graph(), analyses.TieGraph),
    "tie_graph at a moment": (analyses.tie_graph(moment=THEN), analyses.TieGraph),
    "tie_graph around": (analyses.tie_graph(around=["tiandy"], hops=2), analyses.TieGraph),
    "tie_graph of some": (analyses.tie_graph(around=["iran"], hops=0), analyses.TieGraph),
    "canonical": (paths.canonical(["tiandy", "nobody"]), dict),
    "around": (paths.around(Look(("tiandy", "iran"), 20, 4)), dict),
    "around at a moment": (paths.around(Look(("tiandy", "iran"), 99, 1), moment=THEN), dict),
    "evidence": (paths.evidence([("irgc", "tiandy"), ("china", "iran")]), paths.Evidence),
    "changes": (changes.changes("0" * 32, kinds=["tie"]), changes.UnknownSnapshot),
    "later_changes": (
        changes.later_changes("0" * 32, [changes.RecordKey("tie", str(KEY))]),
        type(None),
    ),
    "what_if": (
        of(whatif.what_if, sources=["fdd-study"], moment=THEN),
        whatif.WhatIfAnswer,
    ),
    "state": (STATE, State),
}
#: A part of every table.
TABLES = {
    "table of ties": tie_lists.tie_table(TieFilters(moment=THEN)),
    "table of an entity": entity_ties.entity_tie_table("tiandy", "out", AT_ALL, ["first"]),
    "table of claims": claims.claim_table(),
    "table of roles": claims.role_table(),
    "table of entities": entities.entity_table(),
    "table of sources": sources.source_table(),
}
READS |= {name: (table.rows(limit=3), Items) for name, table in TABLES.items()}
READS |= {f"{name}, counted": (table.count(), Totals) for name, table in TABLES.items()}
#: Questions that a read above asks.
PARTS = {"tie_groups", "withdrawal_of", "unknown_ids", "ties_of_claims", "revival_of"}
#: Reads whose statements are still longer than a person can read.
LONG = {
    "around at all depths", "compare", "compare of an entity", "filtered by ends", "filtered",
    "neighbourhood", "neighbourhood of two hops", "source_file", "whole", "newest", "among",
}  # fmt: skip
SLOW_PLANS = {"AllNodesScan", "CartesianProduct", "AllRelationshipsScan"}
#: What a person can read at a time.
MOST_LINES, MOST_CHARACTERS = 60, 3_000


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """The operators of a plan, without the name of the database.

    A product of two counts over everything is left out: it is one row beside one row.
    """
    children = plan.get("children", ())
    name = str(plan["operatorType"]).partition("@")[0]
    if name != "CartesianProduct" or not all(map(_is_one_row, children)):
        yield name
    for child in children:
        yield from operators(child)


def _is_one_row(plan: dict[str, Any]) -> bool:
    aggregates = str(plan["operatorType"]).startswith("EagerAggregation")
    return aggregates and plan["args"]["EstimatedRows"] <= 1


def test_no_question_is_forgotten() -> None:
    """Every public function that asks something stands above, or is asked by one that does."""
    modules = (
        analyses, changes, claims, entities, entity_ties, filtered, graphs, pages, paths, records,
        search, sources, tie_graphs, tie_lists, ties, whatif,
    )  # fmt: skip
    names = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and (
            inspect.iscoroutinefunction(function)
            or "Question" in str(inspect.signature(function).return_annotation)
        )
    }
    assert names - PARTS == {name.split()[0] for name in READS} - {"state", "table"} | {"claim"}


def as_read(asks: Question[Any] | Read) -> Read:
    """A question as a read."""
    # What they answer is looked at here, and not how soon: a plan that is made first takes longer.
    if isinstance(asks, Question):
        question = replace(asks, seconds=10)
        return lambda reader: reader.ask(question)
    return asks


@pytest.fixture
def read(request: pytest.FixtureRequest, seeded: SyncStore) -> Read:
    """A read by its name; that of a claim needs one to ask for."""
    if request.param == "claim":
        ((claim_id,),) = seeded.rows("MATCH (c:Claim) RETURN min(c.id)")
        return as_read(claims.claim(claim_id))
    return as_read(READS[request.param][0])


@pytest.mark.parametrize("read", [*READS, "claim"], indirect=True)
def test_statements_are_planned_well_and_can_be_read(
    read: Read, seeded: SyncStore, request: pytest.FixtureRequest
) -> None:
    """None looks at every node or puts every row beside every other; all only read, and are short.

    What comes of them is a model.
    """
    name = request.node.callspec.id

    async def answer(store: Reader) -> tuple[Any, list[Question[Any]]]:
        recorder = Recorder(store)
        return await read(recorder), recorder.questions

    answered, questions = seeded.read(answer)
    assert isinstance(answered, claims.ClaimCard if name == "claim" else READS[name][1])
    for question in questions:
        with seeded.session() as session:
            result = session.run(f"EXPLAIN {question.cypher}", dict(question.parameters))
            summary = result.consume()
        assert summary.query_type == "r"
        assert summary.plan is not None
        assert not SLOW_PLANS & set(operators(summary.plan)), question.cypher
        if name not in LONG:
            lines = question.cypher.count("\n") + 1
            assert lines <= MOST_LINES and len(question.cypher) <= MOST_CHARACTERS, question.cypher


# Each once more would have each planned once more; the tests of the API ask for all of them so.
@pytest.mark.parametrize("name", ["tie", "table of ties", "around at a moment", "state"])
def test_the_state_comes_beside_any_answer(name: str, seeded: SyncStore) -> None:
    """The question is the same, and so is its answer."""
    question, _ = READS[name]
    assert isinstance(question, Question)
    answer = WithState(seeded.ask(question), seeded.ask(STATE), True)
    assert seeded.ask(with_state(question)) == answer
