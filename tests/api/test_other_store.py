"""Another store's data sets, taken in over its API: the same records, by the same ids."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from graph.dataset import check, read
from graph.exchange.other_store import take_in


def test_a_store_is_taken_in_as_it_is(api: TestClient, seeds: Path, tmp_path: Path) -> None:
    """What `check` finds in the files, and every source, entity, claim and chain, is as there."""
    counts = take_in(lambda address: api.get(address).raise_for_status().json(), tmp_path)
    folders = [tmp_path / name for name in counts]
    report = check(folders)
    assert report.ok, [str(fault) for fault in report.faults[:5]]
    ours, theirs = read(folders), read([seeds])
    assert ours.sources == theirs.sources
    assert {c.id: c for c in ours.claims} == {c.id: c for c in theirs.claims}
    assert set(ours.entities) == set(theirs.entities)
    names = {i: {n.text for n in e.names if n.kind != "epithet"} for i, e in ours.entities.items()}
    for entity in theirs.entities.values():
        assert names[entity.id] == {n.text for n in entity.names if n.kind != "epithet"}
    merged = {j.id for j in theirs.judgements if j.verdict == "same"}
    assert {j.id for j in ours.judgements} == merged
