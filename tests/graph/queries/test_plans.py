"""Every question of the product: its plan, and that it reads and answers with models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
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
from graph.queries.lists import Listed, Rows
from graph.queries.parts import Found
from graph.queries.sources import SourceFilters
from graph.queries.tie_lists import TieFilters
from graph.queries.ties import Moment
from graph.question import Question
from graph.store.state import STATE, Seen, State, with_state
from tests.sync_store import SyncStore

PACT = "china-iran-pact"
THEN = Moment(date(2022, 6, 1), date(2023, 6, 1), certain=False)
KEY = TieKey("tiandy", "SUPPLIES", "irgc")
AT_ALL = TieFilters()

#: Each question, in each way that changes its statement, with what its answer is.
QUESTIONS: dict[str, tuple[Question[Any], type]] = {
    "source_file": (pages.source_file("fdd-study"), pages.SourceFile),
    "filtered": (filtered.filtered(AT_ALL), Subgraph),
    "filtered by ends": (
        filtered.filtered(TieFilters(starts=["tiandy"], types=["SUPPLIES"], moment=THEN)),
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
    "entities": (entities.entities(), Listed),
    "entities at a moment": (
        entities.entities(
            EntityFilters(["iran"], ["State"], ["x"], 1, THEN),
            order=["-ties"],
            after=[3, "china"],
            facets=list(entities.FACETS),
        ),
        Listed,
    ),
    "claims": (claims.claims(facets=list(claims.FACETS)), Listed),
    "claims by role": (
        claims.claims(ClaimFilters(roles=[("supplier", "tiandy")], entities=["iran"])),
        Listed,
    ),
    "claims at a moment": (
        claims.claims(
            ClaimFilters(sources=["fdd-study"], speakers=["fdd-study"], words="x", moment=THEN),
            order=["-first"],
        ),
        Listed,
    ),
    "claims from a speaker": (claims.claims(ClaimFilters(speakers=["fdd-study"])), Listed),
    "sources": (sources.sources(facets=list(sources.FACETS)), Listed),
    "sources at a moment": (sources.sources(SourceFilters(words="x", moment=THEN)), Listed),
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
    "snapshots": (records.snapshots(), Found),
    "tie": (ties.tie(KEY), ties.Docket),
    "tie at a moment": (ties.tie(KEY, THEN), ties.Docket),
    "ties": (tie_lists.ties(facets=list(tie_lists.FACETS)), Listed),
    "ties of ends": (tie_lists.ties(TieFilters(starts=["tiandy"], ends=["irgc"])), Listed),
    "ties of entities": (tie_lists.ties(TieFilters(entities=["tiandy"], moment=THEN)), Listed),
    "ties of sources": (tie_lists.ties(TieFilters(sources=["fdd-study"])), Listed),
    "ties_of_entity": (entity_ties.ties_of_entity("tiandy"), entity_ties.EntityTies),
    "ties_of_entity at a moment": (
        entity_ties.ties_of_entity("iran", direction="in", filters=TieFilters(moment=THEN)),
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
    "since_seen": (changes.since_seen("0" * 32, [changes.RecordKey("tie", str(KEY))]), type(None)),
    "what_if": (whatif.what_if(sources=["fdd-study"], moment=THEN), whatif.WhatIfAnswer),
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
QUESTIONS |= {name: (table.rows(limit=3), Rows) for name, table in TABLES.items()}
QUESTIONS |= {f"{name}, counted": (table.count(), int) for name, table in TABLES.items()}
SLOW_PLANS = {"AllNodesScan", "CartesianProduct", "AllRelationshipsScan"}


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
    """Every public function that returns a question stands above, or in the test of claims."""
    modules = (
        analyses, changes, claims, entities, entity_ties, filtered, graphs, pages, paths, records,
        search, sources, tie_graphs, tie_lists, ties, whatif,
    )  # fmt: skip
    found = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "Question" in str(inspect.signature(function).return_annotation)
    }
    assert found == {name.split()[0] for name in QUESTIONS} - {"state", "table"} | {"claim"}


@pytest.fixture
def question(request: pytest.FixtureRequest, seeded: SyncStore) -> Question[Any]:
    """A question by its name; that about a claim needs one to ask for."""
    if request.param == "claim":
        ((claim_id,),) = seeded.rows("MATCH (c:Claim) RETURN min(c.id)")
        return claims.claim(claim_id)
    # What they answer is looked at here, and not how soon: a plan that is made first takes longer.
    return replace(QUESTIONS[request.param][0], seconds=10)


each = pytest.mark.parametrize("question", [*QUESTIONS, "claim"], indirect=True)


@each
def test_no_plan_goes_through_everything(question: Question[Any], seeded: SyncStore) -> None:
    """No plan looks at every node there is, or puts every row beside every other; all only read."""
    with seeded.session() as session:
        result = session.run(f"EXPLAIN {question.cypher}", dict(question.parameters))
        summary = result.consume()
    assert summary.query_type == "r"
    assert summary.plan is not None
    assert not SLOW_PLANS & set(operators(summary.plan))


@each
def test_each_is_answered_with_a_model(
    question: Question[Any], seeded: SyncStore, request: pytest.FixtureRequest
) -> None:
    """The reader of each question takes the rows that its statement returns."""
    name: Sequence[str] = request.node.callspec.id
    expected = claims.ClaimCard if name == "claim" else QUESTIONS[str(name)][1]
    assert isinstance(seeded.ask(question), expected)


# Each once more would have each planned once more; the tests of the API ask for all of them so.
@pytest.mark.parametrize("name", ["tie", "ties", "around at a moment", "state"])
def test_the_state_comes_beside_any_answer(name: str, seeded: SyncStore) -> None:
    """The question is the same, and so is its answer."""
    question, _ = QUESTIONS[name]
    answer = Seen(seeded.ask(question), seeded.ask(STATE), True)
    assert seeded.ask(with_state(question)) == answer
