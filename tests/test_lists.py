"""lists/: what official lists say beside the seeds, which `make up` does not load."""

from __future__ import annotations

from pathlib import Path

from graph.dataset import read
from graph.projection import project

LISTS = Path(__file__).parents[1] / "lists"


def test_lists_answer_who_is_listed_and_which_supplier_is_not(seeds: Path) -> None:
    data = read([seeds, LISTS])
    ties = project(data.claims, data.sources, data.types, data.judgements)
    listed = {
        t.key.target: t.status
        for t in ties
        if t.key.type == "DESIGNATES" and t.key.source == "ofac"
    }
    for body in ("irgc", "basij", "iran-law-enforcement-forces", "huawei"):
        assert listed[body] == "documented"
    suppliers = {t.key.source for t in ties if t.key.type == "SUPPLIES" and t.key.target in listed}
    assert "tiandy" in suppliers and "tiandy" not in {
        t.key.target for t in ties if t.key.type == "DESIGNATES"
    }
    sellers = {t.key.source for t in ties if t.key.type == "SELLS"}
    assert sellers == {"tiandy"}


def test_lists_name_no_person_and_say_where_they_stand() -> None:
    for folder in ("ofac", "misp-galaxy"):
        data = read([LISTS / folder])
        assert "Person" not in data.types.values()
        assert all(claim.evidence for claim in data.claims)
        assert all(s.file_sha256 and s.text_sha256 for s in data.sources.values())
