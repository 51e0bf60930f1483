"""The schema for editors, by a validator of JSON Schema, on YAML as editors read it (1.2)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from graph.dataset.lookup import entries, raw_records
from graph.exchange.editor_schema import editor_schema
from graph.ontology import ONTOLOGY

ROOT = Path(__file__).parents[3]
SCHEMA = editor_schema(entries(raw_records([ROOT / "seeds", ROOT / "tests/data"], claims=False)))
EXAMPLES = re.findall(
    r"```yaml\n((?:dataset|sources).*?)```", (ROOT / "docs/data.md").read_text("utf-8"), re.DOTALL
)
FILES = [*ROOT.glob("seeds/*/*.yaml"), *ROOT.glob("tests/data/*.yaml")]


def _faults(text: str) -> list[tuple[list[Any], str]]:
    yaml = YAML(typ="safe")
    # The core schema of YAML 1.2 has no dates: to editors they are text.
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    value = yaml.load(text)
    return [
        (list(error.absolute_path), error.message)
        for error in Draft7Validator(SCHEMA).iter_errors(value)
    ]


def _claim(fields: str) -> str:
    return f"claims:\n  - {{{fields}}}\n"


def test_it_is_a_schema() -> None:
    """By the schema of schemas."""
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name + "/" + path.name)
def test_every_file_of_ours_fits(path: Path) -> None:
    """The seeds, and the invented set."""
    assert _faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text[:12])
def test_the_examples_of_the_documentation_fit(text: str) -> None:
    """Groups, several chains, readings and all."""
    assert _faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "claims:\nentities:\n",
        "dataset: my-lists",
        _claim("predicate: supplies, roles: {supplier: said_by, recipient: nobody-knows}"),
        _claim("predicate: supplies, evidence: the words, when: 2021, note: no, reviewed_by: "),
        _claim("predicate: supplies, evidence: [one, 2], quantity: {number: '40', unit: 1}"),
        _claim("said_by: [[a], [b, c]], roles: {speaker: said_by}, details: {what: 5}"),
        "entities: [{id: a, type: Event, names: 1979}, {id: b, type: Group, names: [{text: no}]}]",
    ],
)
def test_what_people_write_fits(text: str) -> None:
    """Half done, in short, and with values that YAML takes for numbers or nothing."""
    assert _faults(text) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("clams: []", []),
        (_claim("predicate: suplies"), ["claims", 0, "predicate"]),
        (_claim("predicate: supplies, roles: {colour: x}"), ["claims", 0, "roles"]),
        (_claim("predicate: has_attribute, details: {how: x}"), ["claims", 0, "details"]),
        (_claim("predicate: urges, modality: stated"), ["claims", 0, "modality"]),
        (_claim("summery: x"), ["claims", 0]),
        ("entities: [{id: x, type: Compny, names: X}]", ["entities", 0, "type"]),
        ("entities: [{id: x, type: Company}]", ["entities", 0]),
        ("claims: [{claims: [{predicate: x}]}]", ["claims", 0, "claims", 0, "predicate"]),
    ],
)
def test_a_slip_is_marked(text: str, path: list[Any]) -> None:
    """At its place."""
    assert path in [place for place, _ in _faults(text)]


@pytest.mark.parametrize("name", ONTOLOGY.predicates)
def test_roles_propose_the_ids_that_fit(name: str) -> None:
    """Each role of each predicate, with entities of the types that it takes."""
    branch = next(
        b["then"]["properties"]
        for b in SCHEMA["$defs"]["claim"]["allOf"]
        if b["if"]["properties"]["predicate"]["const"] == name
    )
    types = {
        e.id: e.type
        for e in entries(raw_records([ROOT / "seeds", ROOT / "tests/data"], claims=False))
        if e.kind == "entity"
    }
    assert set(branch["roles"]["properties"]) == set(ONTOLOGY.predicates[name].roles)
    for role, schema in branch["roles"]["properties"].items():
        ids = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]["anyOf"][0]["anyOf"][0]["enum"]
        fitting = {i for i, type_ in types.items() if type_ in ONTOLOGY.fillers[name, role]}
        assert set(ids) == {*fitting, "said_by"}
