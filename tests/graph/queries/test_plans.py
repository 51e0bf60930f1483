"""Every statement of the product: its plan, its size, and that it answers with models."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph.changes import RecordKey
from graph.model import Step, Story, Subgraph, TieKey
from graph.model.path import PathAnswer
from graph.paths import NeighbourQuery
from graph.queries import (
    analyses,
    changes,
    choices,
    claims,
    comparison,
    datasets,
    docket,
    entities,
    entity_ties,
    findings,
    neighbourhood,
    news,
    paths,
    reconciliation,
    records,
    search,
    source_file,
    sources,
    subgraph,
    tie_lists,
    timeline,
    whatif,
    whole_graph,
    withdrawals,
)
from graph.queries.claims import ClaimFilters
from graph.queries.entities import EntityFilters
from graph.queries.lists import Items, ListPage, Totals
from graph.queries.moment import Moment
from graph.queries.sources import SourceFilters
from graph.queries.tie_lists import KEYS, TieFilters
from graph.question import Question, Reader
from graph.store.state import STATE, State, WithState, with_state
from tests.recorder import Recorder
from tests.sync_store import SyncStore

PACT = "china-iran-pact"
THEN = Moment(date(2022, 6, 1), date(2023, 6, 1), certain=False)
KEY = TieKey("tiandy", "SUPPLIES", "irgc")
AT_ALL = TieFilters()

STEP = Step(title="A step", text="Told.", entities=["tiandy"], claims=["0" * 32])
STORY = Story(id="story", title="A story", lead="Told.", steps=[STEP])

Read = Callable[[Reader], Awaitable[Any]]


def of(function: Callable[..., Awaitable[Any]], *values: Any, **options: Any) -> Read:
    """A read by a function, with all that it takes besides the reader."""
    return lambda reader: function(reader, *values, **options)


#: Each read, in each way that changes its statements, with what its answer is.
READS: dict[str, tuple[Question[Any] | Read, type]] = {
    "by_names": (reconciliation.by_names([("Tiandy", ["Company"]), ("…", [])]), tuple),
    "by_identifiers": (reconciliation.by_identifiers(["LEI 1"]), tuple),
    "subgraph": (subgraph.subgraph([KEY], ["zte"], ["0" * 32], about="zte", moment=THEN), Subgraph),
    "among": (of(subgraph.among, ["tiandy", "irgc"], ["0" * 32]), Subgraph),
    "whole_graph": (of(whole_graph.whole_graph), Subgraph),
    "entity_total": (whole_graph.entity_total(), int),
    "whole_graph of some ends": (
        of(
            whole_graph.whole_graph,
            TieFilters(starts=["tiandy"], types=["SUPPLIES"], moment=THEN),
        ),
        Subgraph,
    ),
    "whole_graph of everything": (
        of(
            whole_graph.whole_graph,
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
        ),
        Subgraph,
    ),
    "neighbourhood_graph": (of(neighbourhood.neighbourhood_graph, "tiandy"), Subgraph),
    "neighbourhood": (
        of(neighbourhood.neighbourhood, "tiandy", depth=2, limit=9),
        neighbourhood.Neighbourhood,
    ),
    "neighbourhood at a moment": (
        of(neighbourhood.neighbourhood, "tiandy", TieFilters(moment=THEN), depth=3, limit=9),
        neighbourhood.Neighbourhood,
    ),
    "neighbourhood of some ties": (
        of(
            neighbourhood.neighbourhood,
            "tiandy",
            TieFilters(types=["SUPPLIES"], statuses=["reported"], moment=THEN),
            depth=2,
            limit=2,
        ),
        neighbourhood.Neighbourhood,
    ),
    "source_file": (of(source_file.source_file, "fdd-study"), source_file.SourceFile),
    "source_ids": (choices.source_ids(), list),
    "claims_by_source": (choices.claims_by_source(), dict),
    "entity_ids": (choices.entity_ids(), list),
    "ties_from": (choices.ties_from(["tiandy"]), list),
    "findings": (of(findings.findings), list),
    "news": (of(news.news, ["tiandy"]), news.News),
    "timeline": (of(timeline.timeline), timeline.Timeline),
    "timeline of an entity": (
        of(timeline.timeline, "zte", "supplies", start=date(2015, 1, 1), end=date(2022, 1, 1)),
        timeline.Timeline,
    ),
    "compare": (of(comparison.compare, Moment(), THEN), comparison.Comparison),
    "compare of an entity": (
        of(comparison.compare, Moment(date(2015, 1, 1), date(2016, 1, 1)), THEN, "zte"),
        comparison.Comparison,
    ),
    "entity": (entities.entity("tiandy"), entities.EntityCard),
    "labels_of": (records.labels_of(["tiandy", "fdd-study"]), dict),
    "duplicates": (entities.duplicates("tiandy"), tuple),
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
    "source": (sources.source("fdd-study"), sources.SourceCard),
    "snapshot": (records.snapshot("0" * 32), type(None)),
    "snapshots": (records.snapshots(), ListPage),
    "WITH_REMOVED_SETS": (records.WITH_REMOVED_SETS, list),
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
    "tie_graph": (analyses.tie_graph(), analyses.TieGraph),
    "tie_graph at a moment": (analyses.tie_graph(moment=THEN), analyses.TieGraph),
    "tie_graph around": (analyses.tie_graph(around=["tiandy"], hops=2), analyses.TieGraph),
    "tie_graph of some": (analyses.tie_graph(around=["iran"], hops=0), analyses.TieGraph),
    "tie_graph of readings": (
        analyses.tie_graph(inferred=[False], moment=THEN),
        analyses.TieGraph,
    ),
    "plurals": (entities.plurals(["tiandy", "iran"]), frozenset),
    "documents": (sources.documents(["0" * 32]), frozenset),
    "has_records": (subgraph.has_records(STORY), bool),
    "docket": (of(docket.docket, KEY, THEN), docket.Docket),
    "beside": (docket.beside(["tiandy"]), frozenset),
    "fate_of": (of(withdrawals.fate_of, RecordKey("tie", "irgc/OWNS/iran")), type(None)),
    "all_withdrawals": (withdrawals.all_withdrawals(), list),
    "claim_withdrawals": (withdrawals.claim_withdrawals(["0" * 32]), list),
    "removal": (withdrawals.removal(RecordKey("entity", "tiandy")), type(None)),
    "dataset_removal": (withdrawals.dataset_removal("nothing"), type(None)),
    "existing": (records.existing(["tiandy"], ["tiandy"]), frozenset),
    "removed_sets": (withdrawals.removed_sets("nothing"), dict),
    "DATASETS": (datasets.DATASETS, tuple),
    "not_found": (docket.not_found(KEY), list),
    "jointly": (docket.jointly("tiandy", "irgc", ["SUPPLIES"], THEN), list),
    "canonical": (paths.canonical(["tiandy", "nobody"]), dict),
    "neighbours": (paths.neighbours(NeighbourQuery(("tiandy", "iran"), 20, 4)), dict),
    "neighbours at a moment": (
        paths.neighbours(NeighbourQuery(("tiandy", "iran"), 99, 1), moment=THEN),
        dict,
    ),
    "neighbours of readings": (
        paths.neighbours(NeighbourQuery(("tiandy", "iran"), 99, 1), moment=THEN, reading=False),
        dict,
    ),
    "paths": (of(paths.paths, "tiandy", "irgc"), PathAnswer),
    "evidence": (paths.evidence([("irgc", "tiandy"), ("china", "iran")]), paths.Evidence),
    "changes": (changes.changes("0" * 32, kinds=["tie"]), changes.UnknownSnapshot),
    "later_changes": (
        changes.later_changes("0" * 32, [RecordKey("tie", str(KEY))]),
        type(None),
    ),
    "gone_since": (
        changes.gone_since("0" * 32, changes.Surroundings(["tiandy"], ["tiandy", "irgc"])),
        changes.GoneSince,
    ),
    "unknown": (
        search.unknown(
            {kind: ["x"] for kind in ("entity", "source", "speaker", "claim", "publisher", "tag")}
        ),
        dict,
    ),
    "near_words": (search.near_words("publisher", "Tresury"), tuple),
    "near_words of tags": (search.near_words("tag", "x"), tuple),
    "snapshot_before": (changes.snapshot_before(date(2020, 1, 1)), type(None)),
    "ties of pairs": (of(tie_lists.ties, TieFilters(between=[("iran", "china")])), ListPage),
    "ties of ends, either way": (
        of(
            tie_lists.ties,
            TieFilters(starts=["iran"], end_types=["State"], start_countries=["IR"]),
            facets=["from", "to", "from_type", "to_type", "independent"],
        ),
        ListPage,
    ),
    "ties of speakers at a moment": (
        of(
            tie_lists.ties,
            TieFilters(
                speakers=["fdd-study"],
                moment=THEN,
            ),
        ),
        ListPage,
    ),
    "ties of an origin at a moment": (
        of(
            tie_lists.ties,
            TieFilters(
                origins=["fdd-study"],
                first_from=date(2010, 1, 1),
                last_to=date(2020, 1, 1),
                moment=THEN,
            ),
        ),
        ListPage,
    ),
    "ties without": (
        of(
            tie_lists.ties,
            TieFilters(
                recorded_since=date(2020, 1, 1),
                negations=[TieFilters(starts=["iran"]), TieFilters(sources=["fdd-study"])],
            ),
        ),
        ListPage,
    ),
    "claims without": (
        of(
            claims.claims,
            ClaimFilters(negations=[ClaimFilters(roles=[("supplier", "tiandy")], datasets=["x"])]),
        ),
        ListPage,
    ),
    "entities that a search found": (
        of(
            entities.entities,
            EntityFilters(hits=["iran"], countries=["IR"], identifiers=["x"], moment=THEN),
            order=["relevance"],
        ),
        ListPage,
    ),
    "entity at a moment": (entities.entity("tiandy", THEN), entities.EntityCard),
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
#: What is asked only where a first page does not hold the whole list.
COUNTS = {
    "ties of ends": TieFilters(starts=["tiandy"], ends=["irgc"]).query(),
    "ties of sources": TieFilters(sources=["fdd-study"]).query(),
    "claims by role": ClaimFilters(roles=[("supplier", "tiandy")], entities=["iran"]).query(),
    "claims from a speaker": ClaimFilters(speakers=["fdd-study"]).query(),
}
READS |= {f"{name}, counted": (query.totals(), Totals) for name, query in COUNTS.items()}
READS |= {name: (table.rows(limit=3), Items) for name, table in TABLES.items()}
READS |= {f"{name}, counted": (table.count(), Totals) for name, table in TABLES.items()}
#: Questions that a read above asks.
PARTS = {
    "question",
    "tie_groups",
    "withdrawal_of",
    "ties_of_claims",
    "revival_of",
    "ring",
    "nodes",
    "ties_among",
    "graph_among",
    "ties_resting_on",
    "unretracted",
    "best_connected",
    "source_claims",
    "source_withdrawals",
    "entity_withdrawals",
    "tie_withdrawals",
    "dated_claims",
    "differences",
    "recent_claims",
}
SLOW_PLANS = {"AllNodesScan", "CartesianProduct", "AllRelationshipsScan"}
#: What a person can read at a time; and with every filter and key there is, which nobody asks for.
MOST_LINES, MOST_CHARACTERS, MOST_OF_ALL = 60, 3_100, 3_700


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
        analyses, changes, choices, claims, comparison, docket, entities, entity_ties,
        findings, neighbourhood, news, paths, reconciliation, records, search, source_file, sources,
        subgraph, tie_lists, timeline, whatif, whole_graph, withdrawals,
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
    assert names - PARTS == {name.split()[0] for name in READS} - {
        "state",
        "table",
        "DATASETS",
        "WITH_REMOVED_SETS",
    } | {"claim"}


def as_read(asks: Question[Any] | Read) -> Read:
    """A question as a read."""
    # What they answer is looked at here, and not how soon: a plan that is made first takes longer.
    if isinstance(asks, Question):
        question = replace(asks, seconds=10)
        return lambda reader: reader.ask(question)
    return asks


@pytest.fixture
def read(request: pytest.FixtureRequest, seed_store: SyncStore) -> Read:
    """A read by its name; that of a claim needs one to ask for."""
    if request.param == "claim":
        ((claim_id,),) = seed_store.rows("MATCH (c:Claim) RETURN min(c.id)")
        return as_read(claims.claim(claim_id))
    return as_read(READS[request.param][0])


@pytest.mark.parametrize("read", [*READS, "claim"], indirect=True)
def test_statements_are_planned_well_and_can_be_read(
    read: Read, seed_store: SyncStore, request: pytest.FixtureRequest
) -> None:
    """None looks at every node or puts every row beside every other; all only read, and are short.

    What comes of them is a model.
    """
    name = request.node.callspec.id

    async def answer(store: Reader) -> tuple[Any, list[Question[Any]]]:
        recorder = Recorder(store)
        return await read(recorder), recorder.questions

    answered, questions = seed_store.read(answer)
    assert isinstance(answered, claims.ClaimCard if name == "claim" else READS[name][1])
    for question in questions:
        with seed_store.session() as session:
            result = session.run(f"EXPLAIN {question.cypher}", dict(question.parameters))
            summary = result.consume()
        assert summary.query_type == "r"
        assert summary.plan is not None
        assert not SLOW_PLANS & set(operators(summary.plan)), question.cypher
        assert is_readable(question, MOST_OF_ALL if "everything" in name else MOST_CHARACTERS)


def is_readable(question: Question[Any], most: int = MOST_CHARACTERS) -> bool:
    """Whether a person can read the statement, with the state that the API asks for beside it."""
    cypher = with_state(question, State()).cypher
    return cypher.count("\n") < MOST_LINES and len(cypher) <= most


def test_what_people_filter_claims_by_has_an_index(seed_store: SyncStore) -> None:
    """Neo4j uses it for questions as people write them."""
    filters = {
        "{origin_id: 'zte'}": "NodeIndexSeek",
        "WHERE c.retracted_on IS NOT NULL": "NodeIndexScan",
    }
    for text, operator in filters.items():
        pattern = f"(c:Claim) {text}" if text.startswith("WHERE") else f"(c:Claim {text})"
        with seed_store.session() as session:
            plan = session.run(f"EXPLAIN MATCH {pattern} RETURN c.summary").consume().plan
        assert plan is not None
        assert f"{operator}@" in str(plan), pattern


def test_the_longest_statements_can_be_read() -> None:
    """Those of ties at a moment, with every filter, every key of an order, and a cursor."""
    filters = TieFilters(
        ["a"], ["b"], ["c"], ["SUPPLIES"], ["reported"], [True], 2, ["source"], THEN
    )
    days = dict.fromkeys(("first", "last"), "2022-01-01")
    position = days | dict.fromkeys(("status", "independent", "claims"), 1)
    for order in (KEYS, [f"-{key}" if n % 2 else key for n, key in enumerate(KEYS)]):
        after = [position.get(key, "x") for key in KEYS]
        assert is_readable(filters.query(order).page(after), MOST_OF_ALL)
        among = replace(filters, starts=(), ends=(), entities=())
        entity = entity_ties.entity_tie_query("a", "out", among, order)
        assert is_readable(entity.page(after), MOST_OF_ALL)


# Each once more would have each planned once more; the tests of the API ask for all of them so.
@pytest.mark.parametrize("name", ["subgraph", "table of ties", "neighbours at a moment", "state"])
def test_the_state_comes_beside_any_answer(name: str, seed_store: SyncStore) -> None:
    """The question is the same, and so is its answer."""
    question, _ = READS[name]
    assert isinstance(question, Question)
    state = seed_store.ask(STATE)
    answer = WithState(seed_store.ask(question), state)
    assert seed_store.ask(with_state(question, state)) == answer
    assert seed_store.ask(with_state(question, State())) is None
