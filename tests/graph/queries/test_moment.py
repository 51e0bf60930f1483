"""graph/queries/moment.py: what counts at a moment, decided in Cypher as in Python."""

from __future__ import annotations

from collections import Counter

from hypothesis import example as also
from hypothesis import given

from graph.dataset import Dataset
from graph.ontology import ONTOLOGY
from graph.projection import superseded
from graph.queries.claims import ClaimFilters, claims
from graph.queries.entities import EntityFilters, entities
from graph.queries.entity_ties import ties_of_entity
from graph.queries.moment import Moment, status_and_independent
from graph.queries.sources import SourceFilters, sources
from graph.queries.tie_lists import TieFilters, ties
from graph.question import Question
from tests.graph.queries.expected import (
    claim_match,
    claims_of,
    each,
    moments,
    tie_rows,
    ties_of,
)
from tests.strategies import canonical
from tests.sync_store import SyncStore


def test_the_store_and_the_projection_agree_on_ties(store: SyncStore, crowd: Dataset) -> None:
    """Every field of every tie at any moment; totals, facets, and the totals of an entity."""

    @each(40)
    @given(moments)
    @also(Moment())
    @also(Moment(certain=True))
    def agree(moment: Moment) -> None:
        rows, filters = tie_rows(crowd, moment), TieFilters(moment=moment)
        page = store.read(
            lambda reader: ties(reader, filters, limit=500, facets=["type", "status", "disputed"])
        )
        assert list(page.items) == rows
        possibly = [row for row in rows if row.match == "possibly"]
        undated = [row for row in possibly if row.first is None and row.last is None]
        assert (page.total, page.possibly, page.undated) == (
            len(rows), len(possibly), len(undated),
        )  # fmt: skip
        counts = {name: {v: n for v, _, n in f.values} for name, f in page.facets.items()}
        assert counts == {
            "type": Counter(row.type for row in rows),
            "status": Counter(row.status for row in rows),
            "disputed": Counter(str(row.disputed).lower() for row in rows),
        }
        own = canonical(crowd)["company-1"]
        rows = [row for row in rows if own in (row.source, row.target)]
        of_one = store.read(lambda reader: ties_of_entity(reader, "company-1", filters=filters))
        assert of_one is not None
        assert list(of_one.page.items) == rows
        assert {(g.type, g.direction): (g.total, g.possibly) for g in of_one.groups} == {
            key: (n, sum(r.match == "possibly" for r in rows if _side(r, own) == key))
            for key, n in Counter(_side(row, own) for row in rows).items()
        }

    agree()


def _side(row: object, own: str) -> tuple[str, str]:
    if ONTOLOGY.tie_types[row.type].symmetric:  # type: ignore[attr-defined]
        return (row.type, "both")  # type: ignore[attr-defined]
    return (row.type, "out" if row.source == own else "in")  # type: ignore[attr-defined]


def test_the_store_and_the_projection_agree_on_strength(store: SyncStore, crowd: Dataset) -> None:
    """Which ties are left, their status and their origins; how many ties each entity has."""

    @each(40)
    @given(moments)
    @also(Moment())
    def agree(moment: Moment) -> None:
        projection = ties_of(crowd, moment)
        statement = Question(
            "MATCH (:Entity)-[r:!JUDGED]->(:Entity)\n"
            + status_and_independent(moment)
            + "\nRETURN startNode(r).id AS source, type(r) AS type, endNode(r).id AS target,"
            " status, independent",
            lambda rows: sorted(list(row.values()) for row in rows),
            moment.parameters(),
        )
        expected = [[*tie.key, tie.status, tie.independent] for tie in projection]
        assert store.ask(statement) == expected
        degrees = Counter(end for tie in projection for end in (tie.key.source, tie.key.target))
        filters = EntityFilters(min_ties=1, moment=moment)
        page = store.read(lambda reader: entities(reader, filters, limit=500))
        assert {c.entity.id: sum(c.tie_counts.values()) for c in page.items} == degrees

    agree()


def test_the_store_and_the_pure_functions_agree_on_claims(store: SyncStore, crowd: Dataset) -> None:
    """Which claims count, and whether for certain; how many of each source do."""
    dead = superseded(crowd.claims) | {c.id for c in crowd.claims if c.retracted}

    @each(40)
    @given(moments)
    @also(Moment())
    def agree(moment: Moment) -> None:
        counting = [c for c in claims_of(crowd, moment) if c.id not in dead]
        matches = {c.id: claim_match(c, crowd, moment).value for c in counting}
        filters = ClaimFilters(moment=moment)
        page = store.read(lambda reader: claims(reader, filters, limit=500, facets=["modality"]))
        assert {card.claim.id: card.match for card in page.items} == matches
        possibly = sum(match == "possibly" for match in matches.values())
        assert (page.total, page.possibly) == (len(counting), possibly)
        modalities = {value: n for value, _, n in page.facets["modality"].values}
        assert modalities == Counter(c.modality for c in counting)
        page_of_sources = store.read(
            lambda reader: sources(reader, SourceFilters(moment=Moment(moment.as_of)), limit=500)
        )
        claims_then = [c for c in claims_of(crowd, Moment(moment.as_of)) if c.id not in dead]
        assert {i.source.id: sum(i.claim_counts.values()) for i in page_of_sources.items} == {
            i: sum(c.source == i for c in claims_then) for i in crowd.sources
        }

    agree()
