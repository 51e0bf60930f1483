"""Data sets that follow one another, and what is told of their records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from graph.changes import Change, Facts, Kind, RecordKey, between, facts, tie_facts
from graph.dataset import Dataset
from graph.model import Claim, Entity, Retraction, Source
from graph.projection import merged, project
from graph.store.mapping import claim_row, entity_row, judgement_row, source_row, tie_row
from tests.strategies import CAST, DAY, datasets, make_dataset, make_source, with_publisher

_LATER = {"description": "In other words."}


@st.composite
def histories(draw: st.DrawFn, versions: int = 4, max_claims: int = 10) -> list[Dataset]:
    """Draw versions of one data set: records come, go and come back, and say other things."""
    whole = draw(datasets(max_claims))
    return [draw(_versions(whole)) for _ in range(versions)]


@st.composite
def _versions(draw: st.DrawFn, whole: Dataset) -> Dataset:
    rarely = st.sampled_from([False, False, False, True])
    claims = [draw(_claims(c)) for c in whole.claims if not draw(rarely)]
    ids = {claim.id for claim in claims}
    claims = [
        c.model_copy(update={"supersedes": None}) if c.supersedes not in ids or draw(rarely) else c
        for c in claims
    ]
    sources = [draw(_sources(source)) for source in whole.sources.values()]
    if draw(rarely):
        sources.append(make_source("source-9"))
    cast = dict(CAST)
    if draw(rarely):
        cast["company-1"] = cast["company-1"].model_copy(update=_LATER)
    if draw(rarely):
        cast["company-9"] = Entity(id="company-9", type="Company", names=("Nine",))  # type: ignore[arg-type]
    judgements = [j for j in whole.judgements if not draw(rarely)]
    return make_dataset(sources, cast, claims, judgements)


@st.composite
def _claims(draw: st.DrawFn, claim: Claim) -> Claim:
    withdrawn = Retraction(on=DAY, reason="It erred.")
    update: dict[str, Any] = draw(
        st.sampled_from(
            [{}, {}, {}, {"summary": "In other words."}, {"retracted": withdrawn}, {"note": "?"}]
        )
    )
    return claim.model_copy(update=update)


@st.composite
def _sources(draw: st.DrawFn, source: Source) -> Source:
    update: dict[str, Any] = draw(
        st.sampled_from([{}, {}, {}, {"kind": "contract"}, {"published": "2017"}, _LATER])
    )
    return source.model_copy(update=update)


def facts_of(dataset: Dataset) -> dict[RecordKey, Facts]:
    """Return the facts of every record and tie of a data set."""
    return dict(_facts_of(dataset))


def _facts_of(dataset: Dataset) -> Iterator[tuple[RecordKey, Facts]]:
    one = merged(dataset.judgements)
    for i, entity in dataset.entities.items():
        merge = {"canonical_id": one[i]} if i in one else {}
        yield RecordKey("entity", i), facts("entity", entity_row(entity), **merge)
    for i, source in dataset.sources.items():
        yield RecordKey("source", i), facts("source", source_row(with_publisher(source, dataset)))
    for j in dataset.judgements:
        ends = {"left": j.left, "right": j.right}
        yield RecordKey("judgement", j.id), facts("judgement", judgement_row(j), **ends)
    for claim in dataset.claims:
        row = claim_row(claim, dataset.sources[claim.source], dataset.types)
        more: dict[str, Any] = {"source": claim.source, "said_by": claim.said_by}
        more["roles"] = {role: list(ids) for role, ids in claim.roles.items()}
        more["supersedes"] = {claim.supersedes: True} if claim.supersedes else None
        yield RecordKey("claim", claim.id), facts("claim", row, **more)
    for tie in project(dataset.claims, dataset.sources, dataset.types, dataset.judgements):
        yield RecordKey("tie", str(tie.key)), tie_facts(tie_row(tie))


def differences(before: Dataset, after: Dataset) -> list[Change]:
    """Return what differs between two data sets, compared record by record."""
    old, new = facts_of(before), facts_of(after)
    pairs = (between(key, old.get(key), new.get(key)) for key in sorted({*old, *new}))
    return [change for change in pairs if change is not None]


def kinds(log: list[Change]) -> set[tuple[Kind, str]]:
    """Return which kinds of record had what happen to them."""
    return {(change.key.kind, change.change) for change in log}
