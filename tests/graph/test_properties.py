"""graph/properties.py: what it says of nodes, edges and properties is what a store holds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from graph.model import Claim, Identifier, Source
from graph.ontology import ONTOLOGY, Ontology, claim_label
from graph.properties import edges, properties
from graph.store.address import Address
from graph.store.load_lock import load_lock
from graph.store.loader import load
from graph.store.mapping import SUPPORT_LISTS, claim_row
from graph.store.schema import statements
from tests.conftest import empty
from tests.strategies import (
    CAST,
    DAY,
    TYPES,
    make_claim,
    make_dataset,
    make_judgement,
    make_source,
    write,
)
from tests.sync_store import SyncStore

#: What only a load under way has.
PASSING = {
    "loading",
    "loading_sets",
    "removed_sets",
    "lease_host",
    "lease_pid",
    "lease_started",
    "lease_at",
}


def every_claim() -> Iterator[Claim]:
    """At least one claim of every predicate, each role filled, each detail told."""
    by_type = {entity.type: entity.id for entity in CAST.values()}
    for name, predicate in ONTOLOGY.predicates.items():
        roles = {}
        for role_name, role in predicate.roles.items():
            fillers = sorted(ONTOLOGY.fillers[name, role_name])
            roles[role_name] = [by_type[t] for t in fillers][: role.bounds[1]]
        details = dict.fromkeys(predicate.details, "in some way")
        modality = (predicate.modalities or ("stated",))[0]
        yield make_claim(predicate=name, roles=roles, details=details, modality=modality)


def all_claims() -> list[Claim]:
    """Claims that are denied, retracted, superseding, dated, counted, located, reviewed."""
    full: dict[str, Any] = {
        "when": "2010",
        "when_note": "It says so.",
        "quantity": {"number": 3, "unit": "cameras", "qualifier": "about"},
        "said_by": ["source-1", "organization-1", "source-2"],
        "evidence": [{"paragraph": 1, "start": 0, "end": 4, "sha256": "a" * 64}],
        "likelihood": "likely",
        "confidence": "high",
        "note": "A doubt.",
        "inferred": ["when"],
        "reviewed_by": "somebody",
        "retracted": {"on": DAY, "reason": "The source took it back."},
    }
    first = make_claim(summary="The first word.")
    others = [
        make_claim(when="2011"),
        make_claim(polarity="denied", when="2012"),
        make_claim(**full),
        make_claim(when="2013", supersedes=first.id),
        make_claim(
            roles={"supplier": "person-1", "recipient": "person-2"},
            inferred=["supplier"],
            note="Nobody is named.",
        ),
    ]
    return [first, *others, *every_claim()]


def all_sources() -> list[Source]:
    """Sources of which everything is told, and of which little is."""
    fields: dict[str, Any] = {
        "publisher": "organization-1",
        "edition_of": "source-2",
        "authors": ["A", "B"],
        "published": "2014",
        "published_note": "It says so.",
        "url": "https://example.org/",
        "text_sha256": "b" * 64,
        "file_sha256": "c" * 64,
        "description": "What it is.",
    }
    return [make_source(**fields), make_source("source-2", read_on=None)]


@pytest.fixture(scope="module")
def full(
    address: Address, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SyncStore]:
    """A store with the seeds and a data set that has everything that a record may have."""
    details = {
        "description": "A firm.",
        "tags": ("a-tag",),
        "identifiers": (Identifier(scheme="LEI", value="1"),),
        "urls": ("https://firm.example",),
        "country": "CN",
    }
    cast = {**CAST, "company-1": CAST["company-1"].model_copy(update=details)}
    judgements = [
        make_judgement("state-1", "state-2"),
        make_judgement("event-1", "event-2", "unsure"),
    ]
    extra = make_dataset(all_sources(), cast, all_claims(), judgements, "top-ten-2022")
    folder = write(tmp_path_factory.mktemp("full"), extra)
    # Of one entity another set has the same to say: what each set says of it is known.
    whose = {"title": "More", "author": "A", "licence": "CC0", "contact": "a@more.example"}
    whose |= {"id": "more", "url": "https://more.example", "uses": [extra.name]}
    more = tmp_path_factory.mktemp("more")
    firm = cast["company-1"].model_dump(mode="json", exclude_defaults=True, exclude={"datasets"})
    firm["names"].append({"text": "the giant", "kind": "epithet"})
    lines = map(json.dumps, ({"dataset": whose}, {"entity": firm}))
    (more / "x.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # A second load leaves changes: of a tie that loses a claim, too.
    once = make_dataset(claims=[make_claim(when="1999")], entities={}, name=extra.name)
    earlier = write(tmp_path_factory.mktemp("earlier"), dataclasses.replace(once, sources={}))
    with SyncStore(address) as store:
        empty(store)
        load(store, [earlier, folder], replace=True)
        load(store, [seeds, folder, more], replace=True)
        yield store


#: The kind of an edge `r` from `a`, as the file calls it.
KIND = (
    "CASE WHEN type(r) IN ['FROM', 'SAID_BY', 'SUPERSEDES', 'JUDGED', 'CURRENT', 'PUBLISHED_BY', "
    "'EDITION_OF'] "
    "THEN type(r) "
    "WHEN a:Claim THEN 'role' ELSE 'tie' END"
)


def properties_of(store: SyncStore) -> dict[tuple[str, str], dict[str, tuple[set[str], int]]]:
    """Every property in the store by ('node' or 'edge', kind), with its types and its number.

    The number of nodes or edges themselves stands under the empty name.
    """
    uses: dict[tuple[str, str], dict[str, tuple[set[str], int]]] = {}
    nodes = (
        "MATCH (n) UNWIND [''] + keys(n) AS key WITH labels(n)[0] AS kind, key, "
        "CASE key WHEN '' THEN '' ELSE valueType(n[key]) END AS type "
        "RETURN kind, key, collect(DISTINCT type), count(*)"
    )
    edges_ = (
        nodes.replace("(n)", "(a)-[r]->()", 1).replace("(n)", "(r)").replace("n[key]", "r[key]")
    )
    edges_ = edges_.replace("labels(r)[0]", KIND)
    for what, statement in (("node", nodes), ("edge", edges_)):
        for kind, key, types, count in store.rows(statement):
            plain = {name.replace(" NOT NULL", "") for name in types}
            uses.setdefault((what, kind), {})[key] = (plain, count)
    return uses


def test_every_property_in_a_store_is_documented(full: SyncStore) -> None:
    """With its one type; and one that is not optional is there on every node and edge."""
    docs, keys_by_kind = properties(), properties_of(full)
    assert {kind for what, kind in keys_by_kind if what == "node"} == docs.nodes.keys()
    assert {kind for what, kind in keys_by_kind if what == "edge"} == docs.edges.keys()
    for (what, kind), keys in keys_by_kind.items():
        entries = docs.of_node(kind) if what == "node" else docs.of_edge(kind)
        _, total = keys.pop("")
        assert keys.keys() <= entries.keys(), kind
        assert entries.keys() - keys.keys() <= PASSING, kind
        for name, (types, count) in keys.items():
            assert types == {entries[name].type}, f"{kind}.{name}"
            assert entries[name].optional == (count < total) or what == "node", f"{kind}.{name}"
            assert entries[name].optional or count == total, f"{kind}.{name}"


def test_what_a_load_under_way_leaves_is_documented(full: SyncStore) -> None:
    """The lease that a load holds, with the types that are documented."""
    with load_lock(full):
        statement = "MATCH (n:Sightlines) UNWIND keys(n) AS key RETURN key, valueType(n[key])"
        types = {key: name.replace(" NOT NULL", "") for key, name in full.rows(statement)}
    entries = properties().of_node("Sightlines")
    own = {"id", "snapshots", "changes", "transaction", *PASSING}
    assert types.keys() == own - {"loading", "loading_sets", "removed_sets"}
    assert types == {name: entries[name].type for name in types}


def test_a_name_means_one_type() -> None:
    """Across all kinds of node and edge: whoever knows a property's name knows its type."""
    types: dict[str, set[str]] = {}
    docs = properties()
    kinds = [docs.of_node(label) for label in docs.nodes]
    kinds += [docs.of_edge(kind) for kind in docs.edges]
    for name, entry in ((name, p) for kind in kinds for name, p in kind.items()):
        types.setdefault(name, set()).add(entry.type)
    assert all(len(entry) == 1 for entry in types.values())


def test_the_lists_of_a_tie_are_documented_in_their_order() -> None:
    """As the code writes them."""
    assert tuple(properties().edges["tie"].per_claim) == SUPPORT_LISTS


def test_every_property_of_a_claim_is_documented() -> None:
    """Those of its fields, those that are computed, and nothing else but details."""
    claim = make_claim(
        when="2010", when_note="x", note="x", inferred=["when"], reviewed_by="x",
        likelihood="likely", confidence="low",
        quantity={"number": 1, "unit": "x"},
        evidence=[{"paragraph": 1, "start": 0, "end": 1, "sha256": "0" * 64}],
        retracted={"on": DAY, "reason": "x"},
    )  # fmt: skip
    row = claim_row(claim, make_source(published="2011"), TYPES)
    documented = properties().of_node("Claim").keys() - set(ONTOLOGY.detail_names)
    # Its ties are known once all claims are.
    assert row.keys() | {"tie_ids"} == documented
    assert all(p.help for label in properties().nodes for p in properties().of_node(label).values())


def test_no_detail_can_have_the_name_of_a_property() -> None:
    """Neither of one that claims have, nor of what queries add to them."""
    for name in ("when", "origin_id", "edges"):
        changed = ONTOLOGY.model_dump(by_alias=True)
        changed["predicates"]["supplies"]["details"][name] = {"required": False, "help": "x"}
        ontology = Ontology.model_validate(changed)
        with pytest.raises(ValueError, match=f"detail {name}: every claim has a property"):
            properties().of_node("Claim", ontology)


def test_every_node_has_its_labels(full: SyncStore) -> None:
    """One label of the store; entities and claims a second one, of their type or predicate."""
    combinations = {tuple(labels) for (labels,) in full.rows("MATCH (n) RETURN DISTINCT labels(n)")}
    allowed = {("Entity", name) for name in ONTOLOGY.types}
    allowed |= {("Claim", claim_label(name)) for name in ONTOLOGY.predicates}
    own = {("Source",), ("Dataset",), ("Snapshot",), ("Change",), ("Sightlines",)}
    assert combinations == allowed | own


def test_the_schema_that_neo4j_draws_is_documented(full: SyncStore) -> None:
    """`db.schema.visualization()` shows no edge that `edges` lacks."""
    # Neo4j counts the ends of a type apart, and so draws every start of it to every end of it.
    starts: dict[str, set[str]] = {}
    ends: dict[str, set[str]] = {}
    for edge in edges():
        starts.setdefault(edge.type, set()).update(with_first(edge.starts))
        ends.setdefault(edge.type, set()).update(with_first(edge.ends))
    docs = {x for name in starts for x in product(starts[name], [name], ends[name])}
    with full.session() as session:
        picture = session.run("CALL db.schema.visualization()").single(strict=True)
    names = {node.element_id: node["name"] for node in picture["nodes"]}
    triples = {
        (names[r.start_node.element_id], r.type, names[r.end_node.element_id])
        for r in picture["relationships"]
    }
    assert len(triples) > 100
    assert triples <= docs


def with_first(labels: frozenset[str]) -> set[str]:
    """Labels, and the first labels of the nodes that have them."""
    claims = {claim_label(name) for name in ONTOLOGY.predicates}
    first = {"Entity" for name in labels if name in ONTOLOGY.types}
    return set(labels) | first | {"Claim" for name in labels if name in claims}


@pytest.mark.parametrize("what", ["node", "rel"])
def test_the_properties_that_neo4j_lists_are_documented(full: SyncStore, what: str) -> None:
    """`db.schema.nodeTypeProperties()` and `relTypeProperties()` show no name that we lack."""
    rows = full.rows(f"CALL db.schema.{what}TypeProperties() YIELD propertyName AS p RETURN p")
    docs = properties()
    names = (
        {name for label in docs.nodes for name in docs.of_node(label)}
        if what == "node"
        else {name for kind in docs.edges for name in docs.of_edge(kind)}
    )
    assert {name for (name,) in rows} - {None} <= names


def test_the_indexes_are_those_of_the_statements(full: SyncStore) -> None:
    """Nothing else makes an index; Neo4j's own two are for labels and types."""
    rows = full.rows("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
    assert {name for (name,) in rows} == statements().keys()
