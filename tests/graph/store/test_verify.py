"""`verify` finds whatever differs from a load, and `load(rebuild=True)` puts it right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, LiteralString

from graph.queries.changes import changes
from graph.store.loader import load, verify
from tests.dumps import dump
from tests.graph.store.test_datasets import base, claim, record, write_records
from tests.strategies import make_judgement
from tests.sync_store import SyncStore

SUPPLY: LiteralString = "MATCH (:Entity {id: 'firm'})-[r:SUPPLIES]->(:Entity {id: 'land'}) "
#: Statements, each with what a sentence has to name.
DAMAGES: dict[LiteralString, str] = {
    # Schema.
    "DROP CONSTRAINT source_id": "constraint source_id is missing",
    "DROP CONSTRAINT claim_id": "constraint claim_id is missing",
    "DROP INDEX claim_summaries": "index claim_summaries is missing",
    "CREATE CONSTRAINT mine FOR (n:Claim) REQUIRE n.content_hash IS UNIQUE": "mine is there",
    "CREATE INDEX in_its_place FOR (n:Source) ON (n.id)": "index in_its_place is there",
    # Ties.
    SUPPLY + "SET r.status = 'documented', r.rank = 4": "tie firm/SUPPLIES/land: rank is 4",
    "MATCH (:Entity {id: 'maker'})-[r:PROVIDES]->() DELETE r": "tie maker/PROVIDES/box is missing",
    "MATCH ()-[r:ACQUIRED]->(:Entity {id: 'box'}) SET r.claims = 7": "ACQUIRED/box: claims is 7",
    "MATCH (a:Entity {id: 'land'}), (b:Entity {id: 'box'}) CREATE (a)-[:MY_HUNCH {why: 'so'}]->(b)":
    "edge land/MY_HUNCH/box is there",
    "MATCH (a:Entity {id: 'maker'}), (b:Entity {id: 'firm'}) CREATE (a)-[:SUPPLIES]->(b)":
    "edge maker/SUPPLIES/firm is there",
    SUPPLY + "MATCH (b:Entity {id: 'box'}) CREATE (b)-[f:OWNS]->(:Entity:Company {id: 'ghost', "
    "name: 'Ghost'}) SET f = properties(r)": "tie box/OWNS/ghost is there",
    SUPPLY + "WITH r, startNode(r) AS a, endNode(r) AS b CREATE (a)-[f:SUPPLIES]->(b) "
    "SET f = properties(r)": "tie firm/SUPPLIES/land is there",
    # Entities.
    "MATCH (n:Entity {id: 'box'}) SET n.name = 'Bomb'": 'entity box: name is "Bomb"',
    "MATCH (n:Entity {id: 'land'}) SET n.search_text = 'x'": 'entity land: search_text is "x"',
    "MATCH (n:Entity {id: 'firm'}) REMOVE n.type": "entity firm",
    "MATCH (n:Entity {id: 'sister'}) REMOVE n:Company SET n:Person": "entity sister: labels is",
    "MATCH (n:Entity {id: 'other'}) REMOVE n:Entity": "node Company other is there",
    "CREATE (:Person {name: 'Somebody'})": "node Person is there",
    # Sources, claims and their edges.
    "CREATE (:Source {id: 'paper', title: 'Another'})": "source paper is there",
    "MATCH (:Source {id: 'second'})-[r:EDITION_OF]->() DELETE r": "edge EDITION_OF to Source paper",
    "MATCH (c:Claim {summary: 'Edited.'}) SET c.summary = 'ZTE sold nothing.'": "search_text is",
    "MATCH (c:Claim {summary: 'Denied.'}) SET c.polarity = 'affirmed'": "claim ",
    "MATCH (c:Claim {summary: 'Deleted.'}) DETACH DELETE c": "data set base: claims is ",
    "MATCH (c:Claim {summary: 'Moved.'})-[r:RECIPIENT]->() SET r.position = 5": "RECIPIENT",
    "MATCH (c:Claim {summary: 'Older.'})<-[r:SUPERSEDES]-() DELETE r": "claim ",
    "MATCH (c:Claim {summary: 'Newer.'}), (b:Entity {id: 'box'}) CREATE (c)-[:SEEN_WITH]->(b)":
    "edge SEEN_WITH to Entity box",
    # Judgements, data sets, and the past.
    "MATCH ()-[r:JUDGED]->() SET r.reason = 'None.'": "judgement ",
    "MATCH (d:Dataset {id: 'base'}) SET d.entities = 99": "data set base: entities is 99",
    "MATCH (:Sightlines)-[:CURRENT]->(n) SET n.ties = 1000": "current snapshot: ties is 1000",
    "MATCH (n:Change {kind: 'claim'}) WITH n LIMIT 1 SET n.change = 'rose'": 'change is "rose"',
    "CREATE (:Change {id: 'claim/x/000000001'})": "node Change claim/x/000000001 is there",
    "CREATE (:Sightlines {id: 'other'})": "node Sightlines other is there",
}  # fmt: skip


def folder(path: Path, *more: str) -> Path:
    """Write a data set with at least one record of each kind."""
    ids = ("maker", "sister", "other")
    companies = [{"entity": {"id": i, "type": "Company", "names": [i]}} for i in ids]
    box = {"id": "box", "type": "Technology", "names": ["Box"]}
    second = {"id": "second", "kind": "article", "title": "A paper, again", "edition_of": "paper"}
    roles = {"supplier": "maker", "recipient": "land", "item": "box"}
    older = claim(when="2001", summary="Older.")
    newer = claim(when="2002", summary="Newer.", supersedes=claim_id(when="2001"))
    claims = [
        claim(when="2003", summary="Edited."),
        claim(when="2004", summary="Denied.", polarity="denied"),
        claim(when="2005", summary="Deleted."),
        claim(when="2006", summary="Moved."),
        claim(roles=roles, summary="Three."),
        *(claim(when=f"20{year}", summary="More.") for year in more),
    ]
    judgement = make_judgement("firm", "sister", "different").model_dump(
        mode="json", exclude_defaults=True, exclude={"dataset"}
    )
    records: list[Mapping[str, Any]] = [
        *companies,
        {"entity": box},
        {"source": {**second, "read_on": "2024-03-31"}},
    ]
    records += [{"claim": item} for item in (older, newer, *claims)]
    return base(path, *records, {"judgement": judgement})


def claim_id(**fields: str) -> str:
    """Return the id that such a claim of `claim` has."""
    from graph.model import Claim

    return Claim.model_validate({**claim(**fields)}).id


def test_every_damage_is_named_and_put_right(store: SyncStore, tmp_path: Path) -> None:
    """Each damage is in a sentence; a rebuild restores the graph, its snapshots and its past."""
    first = load(store, [folder(tmp_path / "1")]).snapshot
    path = folder(tmp_path / "2", "20", "21")
    load(store, [path])
    assert verify(store) == []
    before = dump(store)
    past = store.ask(changes(first))
    for statement in DAMAGES:
        store.run(statement)
    sentences = [str(difference) for difference in verify(store)]
    for statement, words in DAMAGES.items():
        assert any(words in sentence for sentence in sentences), (statement, sentences)
    result = load(store, [path], rebuild=True)
    assert not result.foreign
    assert verify(store) == []
    assert dump(store) == before
    assert store.ask(changes(first)) == past


def test_what_is_gone_of_the_history_is_told_until_a_rebuild(
    store: SyncStore, tmp_path: Path
) -> None:
    """Nothing can compute it again; loads that come later do not cover it up."""
    paths = [folder(tmp_path / str(n), *(f"{n}{i}" for i in range(n))) for n in range(4)]
    for path in paths[:3]:
        load(store, [path])
    assert verify(store) == []
    store.run("MATCH (n:Snapshot {sequence: 1}) DETACH DELETE n")
    store.run("MATCH (n:Change {sequence: 2}) WITH n LIMIT 1 DELETE n")
    sentences = {str(difference) for difference in verify(store)}
    assert len(sentences) == 2
    assert "The history: snapshots is 2, and should be 3." in sentences
    load(store, [paths[3]])
    load(store, [paths[3]])
    (lost, snapshots) = sorted(map(str, verify(store)))
    assert snapshots == "The history: snapshots is 3, and should be 4."
    assert lost.startswith("The history: changes is ")
    store.run("MATCH (s:Sightlines) SET s.changes = ['x']")
    assert len(verify(store)) == 2
    load(store, [paths[3]], rebuild=True)
    assert verify(store) == []


def test_what_somebody_else_wrote_is_noticed_until_it_is_looked_at(
    store: SyncStore, tmp_path: Path
) -> None:
    """Every load says so, until nothing differs or the store is built again."""
    path = base(tmp_path)
    assert not load(store, [path]).foreign
    assert not load(store, [path]).foreign
    store.run(SUPPLY + "SET r.independent = 9")
    assert load(store, [path]).foreign
    assert load(store, [base(tmp_path, {"claim": claim(when="1999")})]).foreign
    store.run("CREATE (:Note {text: 'mine'})")
    assert load(store, [path], rebuild=True).foreign is False
    assert not load(store, [path]).foreign
    store.run("CREATE (:Note)")
    store.run("MATCH (n:Note) DELETE n")
    assert load(store, [path]).foreign
    assert verify(store) == []
    assert not load(store, [path]).foreign


def test_foreign_nodes_and_edges_make_no_load_fail(store: SyncStore, tmp_path: Path) -> None:
    """They are in nobody's way, whatever they lack; a record takes the place of one with its id."""
    load(store, [base(tmp_path)])
    foreign: tuple[LiteralString, ...] = (
        "MATCH (a:Entity {id: 'firm'}), (b:Entity {id: 'land'}) CREATE (a)-[:MY_HUNCH]->(b), "
        "(a)-[:SUPPLIES {content_hash: 'x'}]->(b), (a)-[:OWNS {content_hash: 'x'}]->(b)",
        "CREATE (:Entity:Company {id: 'new'})-[:OWNS]->(:Entity)",
        "CREATE (:Source), (:Claim {id: 'x'}), (:Dataset), (:Change), (:Snapshot), (:Sightlines)",
        "MATCH (c:Claim), (e:Entity {id: 'firm'}) CREATE (c)-[:SUPPLIER]->(e), (c)-[:MINE]->(e)",
    )
    for statement in foreign:
        store.run(statement)
    new = {"entity": {"id": "new", "type": "State", "names": ["New"]}}
    of_new = {"claim": claim(roles={"supplier": "firm", "recipient": "new"})}
    path = base(tmp_path, new, of_new)
    assert load(store, [path]).foreign
    other = write_records(tmp_path / "more", record("more", "base"), {"claim": claim(when="1998")})
    assert load(store, [other]).foreign
    assert store.rows("MATCH (n:Entity {id: 'new'}) RETURN labels(n), n.name") == [
        [["Entity", "State"], "New"]
    ]
    load(store, [path, other], rebuild=True)
    assert verify(store) == []
