"""graph/store/mapping.py: records as the store holds them, and back."""

from __future__ import annotations

from datetime import date
from functools import partial, reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.model import Claim, Entity, Identifier, Locator, Name, Source
from graph.model.entity import merge_entities
from graph.model.fields import COUNTRIES, LINE, TEXT
from graph.ontology import ONTOLOGY
from graph.projection import project
from graph.store.mapping import (
    SUPPORT_LISTS,
    claim_row,
    entity_row,
    read_claim,
    read_entity,
    read_source,
    read_tie,
    source_row,
    tie_row,
)
from graph.store.write import claim_edges
from tests.strategies import TYPES, claims, datasets, examples, make_claim, make_source, sources

some, few = examples(40), examples(15)

lines = st.from_regex(LINE, fullmatch=True).filter(bool).map(lambda text: text[:60])
prose = st.from_regex(TEXT, fullmatch=True).filter(bool).map(lambda text: text[:60])
slugs = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
hashes = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)

names = st.builds(
    Name, text=lines, lang=st.sampled_from(["en", "fa", "zh"]),
    kind=st.sampled_from(sorted(ONTOLOGY.name_kinds.keys() - {"epithet"})),
)  # fmt: skip
addresses = {
    "identifiers": st.lists(st.builds(Identifier, scheme=lines, value=lines), max_size=3),
    "urls": st.lists(st.from_regex(r"https?://[a-z]{1,2}\.example", fullmatch=True), max_size=3),
}
entities = st.builds(
    Entity, id=slugs, type=st.sampled_from(list(ONTOLOGY.types)),
    names=st.lists(names, min_size=1, max_size=3).filter(lambda each: each[0].kind != "epithet")
    .map(tuple), description=st.none() | prose,
    tags=st.lists(slugs, max_size=2).map(tuple),
    country=st.none() | st.sampled_from(sorted(COUNTRIES)), **addresses,
)  # fmt: skip
parts = st.builds(
    partial(Entity, id="firm", type="Company"),
    names=st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3), **addresses,
)  # fmt: skip


@st.composite
def whole_sources(draw: st.DrawFn) -> Source:
    """Draw a source with any of its fields."""
    values: dict[str, Any] = {
        "title": draw(lines),
        "publisher": draw(st.none() | lines),
        "authors": draw(st.lists(lines, max_size=2).map(tuple)),
        "published_note": draw(st.none() | prose),
        "url": draw(st.none() | st.just("https://example.org/a?b=c")),
        "text_sha256": draw(st.none() | hashes),
        "description": draw(st.none() | prose),
    }
    return draw(sources()).model_copy(update=values)


@st.composite
def whole_claims(draw: st.DrawFn) -> Claim:
    """Draw a claim with any of its fields."""
    starts = st.integers(0, 5_000)
    evidence = st.builds(
        lambda paragraph, start, sha256: Locator(
            paragraph=paragraph, start=start, end=start + 7, sha256=sha256
        ),
        st.integers(1, 99), starts, hashes,
    )  # fmt: skip
    values: dict[str, Any] = {
        "summary": draw(prose),
        "note": draw(st.none() | prose),
        "when_note": draw(st.none() | prose),
        "evidence": draw(st.lists(evidence, max_size=3)),
        "recorded_on": draw(days),
        "recorded_by": draw(lines),
        "reviewed_by": draw(st.none() | lines),
        "supersedes": draw(st.none() | st.just("0" * 32)),
    }
    return draw(claims(**values))


def as_read(value: Any) -> Any:
    """What a question brings back for a value that was stored: days come as texts."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [as_read(v) for v in value]
    if isinstance(value, dict):
        return {k: as_read(v) for k, v in value.items()}
    return value


@some
@given(whole_sources())
def test_a_source_comes_back_as_it_was(source: Source) -> None:
    """Writing and reading a source changes nothing."""
    assert read_source(as_read(source_row(source))) == source


@some
@given(entities)
def test_an_entity_comes_back_as_it_was(entity: Entity) -> None:
    """Writing and reading an entity changes nothing, its names in any script; epithets come last.

    Whoever shows it gets no epithet.
    """
    row = as_read(entity_row(entity))
    last = sorted(entity.names, key=lambda name: name.kind == "epithet")
    assert read_entity(row, epithets=True) == entity.model_copy(update={"names": tuple(last)})
    public = [name for name in entity.names if name.kind != "epithet"]
    assert read_entity(row) == entity.model_copy(update={"names": tuple(public)})


@some
@given(st.lists(parts, min_size=1, max_size=3), st.permutations(["a", "b", "c"]))
def test_what_each_set_says_comes_back_from_an_entity_of_several(
    firms: list[Entity], order: list[str]
) -> None:
    """It has the identifiers and addresses of all, each once, in whatever order they came."""
    own = [e.model_copy(update={"datasets": (i,)}) for e, i in zip(firms, "abc", strict=False)]
    merged = reduce(lambda all_, part: merge_entities(all_, part, order), own, None)
    assert merged is not None
    for field in ("identifiers", "urls"):
        values = getattr(merged, field)
        assert len(values) == len(set(values))
        assert set(values) == {value for part in own for value in getattr(part, field)}
    again = read_entity(as_read(entity_row(merged)))
    assert again == merged
    assert [again.of_dataset(part.datasets[0]) for part in own] == own
    reverse = reduce(lambda all_, part: merge_entities(all_, part, order), own[::-1], None)
    assert reverse == merged


@some
@given(whole_claims(), st.randoms(use_true_random=False))
def test_a_claim_comes_back_as_it_was(claim: Claim, random: Any) -> None:
    """Writing and reading a claim changes nothing, in whatever order its edges come."""
    edges = claim_edges(claim.roles, claim.said_by, TYPES)
    random.shuffle(edges)
    roles = [(edge.lower(), n, to) for edge, _, to, n in edges if edge != "SAID_BY"]
    said_by = [(n, to) for edge, _, to, n in edges if edge == "SAID_BY"]
    row = as_read(claim_row(claim, make_source(), TYPES))
    again = read_claim(row, roles, said_by, claim.source, claim.supersedes)
    assert again == claim
    assert again.id == claim.id
    assert not again.misfits()


@few
@given(datasets())
def test_a_tie_comes_back_as_it_was(dataset: Dataset) -> None:
    """Writing and reading a tie changes nothing, its supports for and against among it."""
    for tie in project(dataset.claims, dataset.sources, dataset.types, dataset.judgements):
        assert read_tie(*tie.key, as_read(tie_row(tie))) == tie


@few
@given(datasets())
def test_a_property_has_one_type_and_no_list_a_hole(dataset: Dataset) -> None:
    """What Neo4j refuses or mixes up is never written: nulls in lists, lists of unequal length."""
    for tie in project(dataset.claims, dataset.sources, dataset.types):
        row = tie_row(tie)
        for prefix, count in (("", row["claims"]), ("denial_", len(tie.denial_ids))):
            lists = [row.get(prefix + name, []) for name in SUPPORT_LISTS]
            assert {len(values) for values in lists} == {count}
            assert all(value is not None for values in lists for value in values)


def test_the_hash_of_a_row_tells_every_change() -> None:
    """A changed field, order in a role or kind of speaker gives another hash, and nothing else."""
    source = make_source()

    def content_hash(claim: Claim, types: dict[str, str] = TYPES) -> str:
        digest: str = claim_row(claim, source, types)["content_hash"]
        return digest

    one = make_claim(said_by=["source-1", "person-1"])
    assert content_hash(one) == content_hash(make_claim(said_by=["source-1", "person-1"]))
    roles = {"supplier": ["company-1", "company-2"], "recipient": ["state-1"]}
    reverse = {"supplier": ["company-2", "company-1"], "recipient": ["state-1"]}
    assert make_claim(roles=roles).id == make_claim(roles=reverse).id
    assert content_hash(make_claim(roles=roles)) != content_hash(make_claim(roles=reverse))
    assert content_hash(one) != content_hash(one.model_copy(update={"summary": "Another."}))
    unknown = {i: t for i, t in TYPES.items() if i != "person-1"}
    assert content_hash(one) != content_hash(one, unknown)
