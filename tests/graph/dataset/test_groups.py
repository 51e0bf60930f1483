"""The short form of claims: defaults, groups and several chains say what the long form says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.dataset import CheckResult, check, read
from graph.model import Claim

RECORDS = """\
sources:
  - {id: paper, kind: article, title: A, publisher: desk, published: 2022, text_sha256: SHA}
  - {id: study, kind: study, title: B, publisher: desk, published: 2022}
entities:
  - {id: desk, type: Organization, names: Desk}
  - {id: firm, type: Company, names: Firm}
  - {id: force, type: PublicBody, names: Force}
  - {id: moss, type: Person, names: Moss}
  - {id: others, type: Group, names: others}
""".replace("SHA", "b" * 64)
DEFAULTS = "defaults: {source: paper, modality: stated, recorded_on: 2022-01-01, recorded_by: me}\n"
AT_7 = "{paragraph: 7, start: 2, end: 5, sha256: " + "a" * 64 + "}"
AT_4 = "{paragraph: 4, start: 9, end: 12, sha256: " + "a" * 64 + "}"


def claims_of(folder: Path, text: str) -> tuple[Claim, ...]:
    """The claims of a file beside the records."""
    (folder / "set.yaml").write_text(RECORDS + text, encoding="utf-8")
    return read([folder]).claims


def faults_of(folder: Path, text: str) -> list[str]:
    """The faults of a file beside the records, without its path and counted from its first line."""
    (folder / "set.yaml").write_text(RECORDS + text, encoding="utf-8")
    report: CheckResult = check([folder])
    first = RECORDS.count("\n")
    return [f"{(f.line or 0) - first}:{f.column}: {f.message}" for f in report.faults]


LONG = f"""\
claims:
  - source: paper
    predicate: supplies
    roles: {{supplier: firm, recipient: force}}
    modality: stated
    said_by: [paper, study]
    evidence: [{AT_4}, {AT_7}]
    summary: So.
    recorded_on: 2022-01-01
    recorded_by: me
  - source: paper
    predicate: assesses
    roles: {{speaker: moss, about: firm}}
    details: {{what: large}}
    modality: opinion
    said_by: [paper, moss]
    evidence: [{AT_7}]
    summary: So.
    recorded_on: 2022-01-01
    recorded_by: me
  - source: paper
    predicate: assesses
    roles: {{speaker: others, about: firm}}
    details: {{what: large}}
    modality: opinion
    said_by: [paper, others]
    evidence: [{AT_7}]
    summary: So.
    recorded_on: 2022-01-01
    recorded_by: me
"""
SHORT = f"""\
{DEFAULTS}claims:
  - evidence: {AT_7}
    summary: So.
    claims:
      - predicate: supplies
        roles: {{supplier: firm, recipient: force}}
        said_by: study
        evidence: {AT_4}
      - predicate: assesses
        roles: {{speaker: said_by, about: firm}}
        details: {{what: large}}
        modality: opinion
        said_by: [[moss], [others]]
"""


def test_short_and_long_say_the_same(tmp_path: Path) -> None:
    """All fields are equal, and so are the ids."""
    long, short = (claims_of(tmp_path, text) for text in (LONG, SHORT))
    assert long == short and len(short) == 3


@settings(deadline=None)  # a shared machine may pause for longer than any deadline
@given(data=st.data())
def test_it_does_not_matter_where_a_field_stands(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each field of a claim may stand in the claim, in its group, or in the defaults."""
    fields = {
        "source": "paper", "predicate": "supplies", "modality": "alleged", "when": "2021",
        "roles": "{supplier: firm, recipient: force}", "said_by": "[paper, study]",
        "evidence": AT_7, "summary": "So.", "note": "Why.", "inferred": "supplier",
        "recorded_on": "2022-01-01", "recorded_by": "me",
    }  # fmt: skip
    places = {name: data.draw(st.sampled_from(("defaults", "group", "claim"))) for name in fields}

    def fields_at(place: str) -> list[str]:
        return [f"{name}: {text}" for name, text in fields.items() if places[name] == place]

    text = f"""\
defaults: {{{", ".join(fields_at("defaults"))}}}
claims:
  - {{{", ".join([*fields_at("group"), "claims: [{" + ", ".join(fields_at("claim")) + "}]"])}}}
"""
    whole = f"claims: [{{{', '.join(f'{name}: {text}' for name, text in fields.items())}}}]\n"
    folder = tmp_path_factory.mktemp("set")
    assert claims_of(folder, text) == claims_of(folder, whole)


def test_a_claim_has_the_last_word(tmp_path: Path) -> None:
    """Its own field counts before that of its group, and that one before the defaults."""
    text = f"""\
{DEFAULTS}claims:
  - modality: alleged
    predicate: supplies
    roles: {{supplier: firm, recipient: force}}
    summary: So.
    claims:
      - when: 2020
      - {{when: 2021, modality: planned, source: study, said_by: study}}
  - {{predicate: supplies, roles: {{supplier: firm, recipient: force}}, summary: So.}}
"""
    claims = claims_of(tmp_path, text)
    assert [c.modality for c in claims] == ["alleged", "planned", "stated"]
    assert [c.said_by for c in claims] == [("paper",), ("study",), ("paper",)]


def test_chains_leave_out_a_shared_source_alone(tmp_path: Path) -> None:
    """With a source of its own, a claim's chain begins with it, as ever."""
    text = """\
claims:
  - {source: paper, predicate: makes, roles: {maker: firm, item: firm}, modality: stated,
     said_by: study, summary: So., recorded_on: 2022-01-01, recorded_by: me}
"""
    assert any("the chain starts with 'study'" in fault for fault in faults_of(tmp_path, text))


def test_faults_have_the_place_where_a_person_wrote(tmp_path: Path) -> None:
    """A wrong value is found in the claim, in the group, in the defaults and in a chain."""
    text = """\
defaults: {source: paper, modality: stated, recorded_on: 2022-99-01, recorded_by: me}
claims:
  - modality: statet
    summary: So.
    claims:
      - {predicate: supplies, roles: {supplier: firm,
         recipient: farce}, said_by: [[mose], [others]]}
"""
    faults = faults_of(tmp_path, text)
    assert "1:58: '2022-99-01' is not a date" in faults
    assert "3:15: unknown modality 'statet'" in faults
    assert "7:21: no entity has the id 'farce'" in faults
    assert "7:40: no source and no entity has the id 'mose'" in faults


def test_a_shared_fault_is_told_once(tmp_path: Path) -> None:
    """However many claims take the value from their group."""
    text = f"""\
{DEFAULTS}claims:
  - predicate: supplies
    roles: {{supplier: firm, recipient: farce}}
    claims: [{{when: 2020, summary: So.}}, {{when: 2021, summary: So.}}]
"""
    assert faults_of(tmp_path, text) == ["4:40: no entity has the id 'farce'"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("defaults: [paper]\n", "1:11: 'defaults' is not a mapping of fields of claims"),
        (
            "defaults: {reviewed_by: me}\n",
            "1:12: 'reviewed_by' is said of one claim, and stands here for several",
        ),
        (
            f"{DEFAULTS}claims: [{{retracted: x, claims: []}}]\n",
            "2:11: 'retracted' is said of one claim, and stands here for several",
        ),
        (f"{DEFAULTS}claims: [{{claims: x}}]\n", "2:19: 'claims' is not a list"),
        (f"{DEFAULTS}claims: [{{claims: [x]}}]\n", "2:20: claim 1 is not a mapping of fields"),
    ],
)
def test_what_cannot_be_shared(text: str, fault: str, tmp_path: Path) -> None:
    """Each misuse of the short form is a fault at its place."""
    assert fault in faults_of(tmp_path, text)
