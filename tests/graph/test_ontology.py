"""graph/ontology.py: one file from which everything else is derived."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from graph.ontology import FILE, ONTOLOGY, claim_label, load, role_edge

ROOT = Path(__file__).parents[2]

# A predicate that does not exist, as somebody would write it.
LEASES = """
  leases_to:
    label: leases to
    help: An owner lends something for money.
    kind: state
    roles:
      lessor: {types: [actor], count: one, help: Who lends.}
      lessee: {types: [actor], count: some, help: Who borrows.}
    details:
      term: {required: true, help: "For how long, in plain words."}
    ties:
      - type: LEASES_TO
        from: lessor
        to: lessee
        words: {planned: leased to}
        inverse: {planned: leased from}
"""

# Run with the copy first on the path: everything that is derived from the ontology, asked at once.
ASK = """
import json, pathlib, sys, typing
import api.app, graph, sightlines, viz
from api.app import create_app
from graph.dataset import read
from graph.ontology import ONTOLOGY, claim_label, role_edge
from graph.projection import project
from graph.store.mapping import claim_row, read_claim, tie_row
from graph.store.address import Address
from graph.store.schema import statements
from graph.store.write import claim_edges
from sightlines.reference import ontology_page

found = read([pathlib.Path(sys.argv[1])])
(claim,) = found.claims
source = found.sources[claim.source]
edges = claim_edges(claim.roles, claim.said_by, found.types)
ties = project(found.claims, found.sources, found.types)
api_words = json.dumps(create_app(Address("bolt://localhost:1"), version="0").openapi())
print(json.dumps({
    "here": [module.__file__ or module.__path__[0] for module in (graph, api.app, sightlines, viz)],
    "ties": [str(t.key) for t in ties],
    "sentence": ONTOLOGY.verb("LEASES_TO", ties[0].status),
    "label": claim_label(claim.predicate),
    "edges": [edge for edge, *_ in edges],
    "term": claim_row(claim, source, found.types)["term"],
    "statements": len(statements()),
    "api": "leases_to" in api_words,
    "tie in api": "LEASES_TO" in api_words,
    "page": "### leases_to" in ontology_page(ONTOLOGY) and "LEASES_TO" in ontology_page(ONTOLOGY),
}))
"""

DATA = """
sources:
  - {id: paper, kind: article, title: A paper, read_on: "2024-03-31"}
entities:
  - {id: alpha, type: Company, names: Alpha}
  - {id: beta, type: Company, names: Beta}
claims:
  - source: paper
    predicate: leases_to
    roles: {lessor: alpha, lessee: beta}
    details: {term: ten years}
    modality: stated
    said_by: paper
    summary: Alpha leases to Beta.
    recorded_on: "2024-03-31"
    recorded_by: tests
"""


def test_a_predicate_is_one_entry_and_nothing_else(tmp_path: Path) -> None:
    """With one entry more, claims of it are checked, projected, stored, served and documented."""
    for package in ("graph", "viz", "api", "sightlines"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    words = FILE.read_text(encoding="utf-8")
    (tmp_path / "graph/ontology.yaml").write_text(
        words.replace("\n  supplies:\n", f"\n{LEASES}  supplies:\n"), encoding="utf-8"
    )
    (tmp_path / "data.yaml").write_text(DATA, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path / "data.yaml")],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    output = yaml.safe_load(answer.stdout)
    assert all(place.startswith(str(tmp_path)) for place in output.pop("here"))
    assert output.pop("statements") > len(ONTOLOGY.types)
    assert output == {
        "ties": ["alpha/LEASES_TO/beta"],
        "sentence": "leased to",
        "label": "LeasesTo",
        "edges": ["LESSOR", "LESSEE", "SAID_BY"],
        "term": "ten years",
        "api": True,
        "tie in api": True,
        "page": True,
    }


@cache
def _contents() -> str:
    return json.dumps(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def contents() -> dict[str, Any]:
    """What the file of the ontology says, to be changed. JSON is YAML that is read sooner."""
    ontology: dict[str, Any] = json.loads(_contents())
    return ontology


Change = Callable[[dict[str, Any]], None]


def change(path: str, value: Any) -> Change:
    """Set what stands at a path such as `predicates.supplies.kind`."""

    def do(ontology: dict[str, Any]) -> None:
        *places, last = path.split(".")
        for place in places:
            ontology = ontology[place]
        ontology[last] = value

    return do


ROLE = {"types": ["actor"], "count": "one", "help": "x"}
TIE = {"type": "SUPPLIES", "from": "party", "to": "agreement", "words": {"planned": "x"}}
MAKES = {"type": "MAKES", "from": "maker", "to": "item"}
WITHOUT_PLANNED = MAKES | {"words": {"reported": "made"}}
WITHOUT_REPORTED = MAKES | {"inverse": {"sung": "sang"}}
BARE = {"label": "x", "help": "x", "kind": "event", "roles": {"who": ROLE}, "ties": []}
WORD = {"label": "x", "help": "x"}
TYPE = {**WORD, "plural": "x", "shape": "dot", "colour": "#000000", "dark": "#000000"}


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (change("types.two words", TYPE), "type 'two words' does not match"),
        (change("types.Two\n", TYPE), r"type 'Two\\n' does not match"),
        (change("types.Claim", TYPE), "the label Claim belongs to the store itself"),
        (change("predicates.Bad", BARE), "predicate 'Bad' does not match"),
        (change("predicates.person", BARE), "predicate person: the label Person belongs to type"),
        (change("type_sets.actor", ["Ghost"]), "type set actor: no type Ghost"),
        (change("modalities.stated.status", "sure"), "modality stated: no status sure"),
        (change("predicates.party_to.ties", [TIE]), "tie SUPPLIES: its words stand at the first"),
        (change("predicates.makes.ties", [WITHOUT_PLANNED]), "tie MAKES: no words for"),
        (change("predicates.makes.ties", [WITHOUT_REPORTED]), "tie MAKES: no status"),
        (change("predicates.supplies.roles.item.types", ["Ghost"]), "role item: no type Ghost"),
        (change("predicates.supplies.roles.Who", ROLE), "role 'Who' does not match"),
        (change("predicates.supplies.roles.from", ROLE), "role from: the edge FROM belongs"),
        (change("predicates.makes.ties", [TIE]), "predicate makes: tie SUPPLIES: no role party"),
        (change("predicates.party_to.ties", [TIE | {"type": "JUDGED"}]), "tie JUDGED: that edge"),
        (change("predicates.makes.modalities", ["sung"]), "predicate makes: no modality sung"),
        (change("predicates.supplies.kind", "stance"), "a stance projects no tie"),
        (
            change("predicates.supplies.example", {"text": "x", "claim": {"vendor": "lantern"}}),
            "the example has vendor, which is no role and no detail",
        ),
        (change("predicates.supplies.kind", "mood"), "Input should be 'state', 'event'"),
        (change("predicates.supplies.roles.item.count", "few"), "predicates.supplies.roles.item"),
        (change("types.State.colour", "red"), "types.State.colour"),
        (change("surplus", {}), "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_by_name(wrong: Change, complaint: str, tmp_path: Path) -> None:
    """A file that contradicts itself is not loaded, and the message says where."""
    ontology = contents()
    wrong(ontology)
    path = tmp_path / "ontology.yaml"
    path.write_text(json.dumps(ontology), encoding="utf-8")
    with pytest.raises(ValidationError, match=complaint.replace("(", r"\(")):
        load(path)


def test_every_contradiction_is_named_at_once(tmp_path: Path) -> None:
    """Whoever edits the file hears of all that is wrong in one go."""
    ontology = contents()
    change("modalities.stated.status", "sure")(ontology)
    change("predicates.makes.modalities", ["sung"])(ontology)
    path = tmp_path / "ontology.yaml"
    path.write_text(json.dumps(ontology), encoding="utf-8")
    with pytest.raises(ValidationError, match=r"no status sure.*no modality sung"):
        load(path)


def test_the_digest_is_of_what_the_file_says(tmp_path: Path) -> None:
    """Comments and layout do not count; a changed word does."""
    ontology = contents()
    path = tmp_path / "ontology.yaml"
    path.write_text(json.dumps(ontology), encoding="utf-8")
    assert load(path).digest == ONTOLOGY.digest
    ontology["types"]["State"]["help"] += " And more."
    path.write_text(json.dumps(ontology), encoding="utf-8")
    assert load(path).digest != ONTOLOGY.digest


def test_the_strongest_status_has_the_highest_rank() -> None:
    """Ranks follow the order of the file."""
    assert ONTOLOGY.ranks == {"documented": 4, "reported": 3, "alleged": 2, "planned": 1}


def test_names_in_the_store_follow_those_of_the_ontology() -> None:
    """Labels are CamelCase, edges are capitals."""
    assert (claim_label("uses_against"), role_edge("supplier")) == ("UsesAgainst", "SUPPLIER")
