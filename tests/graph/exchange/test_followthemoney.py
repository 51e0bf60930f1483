"""The mapping `followthemoney` beside the library of that name, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.run import HERE, environment
from graph.dataset import read
from graph.errors import DatasetFaults
from graph.exchange.import_log import Choices, ImportResult
from graph.exchange.list_import import import_list, inputs_of
from graph.exchange.mapping import read_mapping
from graph.text import TextStore

ITEMS: tuple[tuple[str, str, dict[str, list[str]]], ...] = (
    ("lantern", "Company", {"name": ["Lantern AS", "فانوس"], "previousName": ["Lamp & Sons"],
                            "alias": ["LTN"], "jurisdiction": ["no"]}),
    ("guard", "PublicBody", {"name": ["Border Guard"], "weakAlias": ["the Guard"],
                             "abbreviation": ["BG"], "country": ["xx"]}),
    ("club", "Organization", {"name": ["Клуб «Фонарь»"], "website": ["https://club.example"]}),
    ("ada", "Person", {"name": ["Ada"]}),
    ("own", "Ownership", {"owner": ["club"], "asset": ["lantern"], "startDate": ["2019-03"]}),
)  # fmt: skip


@pytest.fixture(scope="module")
def python() -> str:
    """The Python of an environment with the library."""
    try:
        return environment(HERE / "followthemoney.lock")
    except subprocess.CalledProcessError:
        pytest.skip("Left out: followthemoney, which cannot be installed here. See docs/import.md.")


def take(path: Path, out: Path) -> ImportResult:
    """Import a file of entities into a folder."""
    mapping = read_mapping("followthemoney")
    choices = Choices(on=date(2026, 1, 1), by="tests")
    inputs = inputs_of(mapping, [f"entities={path}"])
    return import_list(mapping, inputs, out, choices, TextStore(out.parent / "texts"))


def test_nothing_goes_unsaid(tmp_path: Path) -> None:
    """A row of an unknown schema is counted, and a value that is no JSON has a fault."""
    path = tmp_path / "entities.ftm.json"
    lantern = '{"id": "lantern", "schema": "Company", "properties": {"name": ["Lantern"]}}\n'
    path.write_text(lantern + '{"id": "x", "schema": "Spaceship"}\n', encoding="utf-8")
    assert take(path, tmp_path / "out").left_out == {"rows that nothing is made of": 1}
    path.write_text(lantern.replace('"Lantern"', "NaN"), encoding="utf-8")
    with pytest.raises(DatasetFaults) as error:
        take(path, tmp_path / "other")
    assert "row 1: the line is not JSON: NaN" in str(error.value.faults[0])


def test_names_and_types_are_those_of_the_library(python: str, tmp_path: Path) -> None:
    """Whatever the library takes for a name is one here, of the same entity, and no other."""
    path = tmp_path / "entities.ftm.json"
    lines = (
        {"id": i, "schema": schema, "caption": values.get("name", [i])[0], "properties": values}
        for i, schema, values in ITEMS
    )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [python, str(HERE / "followthemoney_rival.py"), "read", str(path)]
    theirs: dict[str, Any] = json.loads(subprocess.check_output(command))

    result = take(path, tmp_path / "out")

    entities = read([tmp_path / "out"]).entities
    bodies = {i: theirs[i] for i in ("lantern", "guard", "club")}
    assert {e.removeprefix("ftm-") for e in entities} == bodies.keys()
    for entity_id, entity in bodies.items():
        ours = entities[f"ftm-{entity_id}"]
        assert sorted(name.text for name in ours.names) == entity["names"]
        assert ours.type == read_mapping("followthemoney").lookups["types"][entity["schema"]]
    assert (result.left_out["natural persons"], result.claims["owns"]) == (1, 1)
