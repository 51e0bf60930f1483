"""graph/model: what one record can know of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from graph.model import Claim, Entity, Locator, Name, Quantity, TieKey
from graph.ontology import ONTOLOGY
from tests.strategies import claims, make_claim, make_judgement, make_source

CONTENT = {
    "source": "source-2",
    "predicate": "assists",
    "roles": {"supplier": "company-2", "recipient": "state-1"},
    "details": {"how": "sold"},
    "when": "2010",
    "modality": "alleged",
    "polarity": "denied",
    "likelihood": "likely",
    "confidence": "low",
    "quantity": {"number": 3, "unit": "cameras"},
    "said_by": ["source-1", "person-1"],
}
BOOKKEEPING = {
    "when_note": "x",
    "evidence": [{"paragraph": 1, "start": 0, "end": 1, "sha256": "0" * 64}],
    "summary": "In other words.",
    "note": "x",
    "inferred": [],
    "dataset": "a-set",
    "recorded_on": "2025-01-01",
    "recorded_by": "somebody",
    "reviewed_by": "somebody",
    "supersedes": "0" * 32,
    "retracted": {"on": "2025-01-01", "reason": "x"},
}


@pytest.mark.parametrize("field", CONTENT)
def test_the_id_covers_what_a_claim_says(field: str) -> None:
    """Another word in what is said is another claim."""
    changes: dict[str, Any] = {field: CONTENT[field]}
    if field == "source":
        changes["said_by"] = ["source-2"]
    if field == "predicate":
        changes["roles"] = {"helper": "company-1", "helped": "state-1"}
    assert make_claim(**changes).id != make_claim().id


@pytest.mark.parametrize("field", BOOKKEEPING)
def test_the_id_leaves_bookkeeping_out(field: str) -> None:
    """A better summary, a review or a retraction leaves a claim the one that it is."""
    assert make_claim(**{field: BOOKKEEPING[field]}).id == make_claim().id


def test_every_field_of_a_claim_is_said_or_not() -> None:
    """No field is forgotten in the two lists above."""
    assert CONTENT.keys() | BOOKKEEPING.keys() == Claim.model_fields.keys()


def test_the_id_is_one_for_one_content() -> None:
    """Neither the order in a role nor a role that nobody fills makes another claim."""
    roles: dict[str, Any] = {"supplier": ["company-1", "company-2"], "recipient": "state-1"}
    reverse = {"recipient": "state-1", "supplier": ["company-2", "company-1"], "item": []}
    assert make_claim(roles=roles).id == make_claim(roles=reverse).id


def test_the_id_never_changes() -> None:
    """Other records and other people's files name claims by their ids."""
    assert make_claim().id == "6c60e16992cd239bd7ac387e76c2b813"


@given(claims())
def test_what_is_drawn_fits(claim: Claim) -> None:
    """The strategies draw claims that fit their predicates; reading one back is the same claim."""
    assert not claim.misfits()
    assert Claim.model_validate_json(claim.model_dump_json()).id == claim.id


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"roles": {"supplier": "a"}}, "needs at least one 'recipient', and has none"),
        ({"roles": {"supplier": "a", "recipient": "b", "victim": "c"}}, "has no role 'victim'"),
        ({"roles": {"supplier": ["a", "a"], "recipient": "b"}}, "names 'a' more than once"),
        ({"details": {"colour": "red"}}, "has no detail 'colour'"),
        ({"inferred": "supplier"}, "what is inferred needs its reason in 'note'"),
        ({"inferred": "item", "note": "x"}, "the claim has no 'item' that could be inferred"),
        ({"inferred": "when", "note": "x"}, "the claim has no 'when' that could be inferred"),
        ({"said_by": ["other"]}, "the chain starts with 'other', not with its source 'source-1'"),
        ({"said_by": []}, "at least 1 item"),
        ({"predicate": "urges", "roles": {"speaker": "a"}}, "needs the detail 'what'"),
        ({"predicate": "urges", "roles": {"speaker": "a"}, "details": {"what": "x"}},
         "'urges' cannot be 'stated'"),
        ({"predicate": "party_to", "roles": {"party": "a", "agreement": "b"}},
         "needs at least two 'party', and has 1"),
        ({"when": "last year"}, "A date cannot hold"),
        ({"recorded_on": 0}, "a day is written 2024-03-31"),
        ({"summary": ""}, "at least 1 character"),
        ({"summary": "a\u202eb"}, "match pattern"),
        ({"mood": "x"}, "Extra inputs"),
        ({"modality": "sung"}, "Input should be"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(changes: dict[str, Any], complaint: str) -> None:
    """Each misfit is told in words."""
    with pytest.raises(ValidationError, match=complaint):
        make_claim(**changes)


def test_a_locator_runs_forward() -> None:
    """A passage ends after it starts."""
    with pytest.raises(ValidationError, match="before it starts"):
        Locator(paragraph=1, start=5, end=5, sha256="0" * 64)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_quantity_is_a_number(number: float) -> None:
    """No infinity, and nothing that is no number; an unknown number is left out."""
    with pytest.raises(ValidationError):
        Quantity(number=number, unit="cameras")
    assert Quantity(unit="billion USD").number is None


@pytest.mark.parametrize(
    ("text", "script"),
    [("Tiandy", "Latn"), ("海康威视", "Hani"), ("نیروی", "Arab"), ("Иран", "Cyrl"), ("360", "Zyyy"),
     ("3G 华为", "Latn")],
)  # fmt: skip
def test_a_name_knows_its_script(text: str, script: str) -> None:
    """The script is that of the first letter, unless somebody wrote another."""
    assert Name(text=text).script == script
    assert Name(text=text, script="Brai").script == "Brai"


def test_one_id_stands_for_a_list_of_one() -> None:
    """Names, roles and chains take a single text."""
    entity = Entity(id="alpha", type="Company", names="Alpha")  # type: ignore[arg-type]
    assert (entity.label, len(entity.names)) == ("Alpha", 1)


@pytest.mark.parametrize("wrong", ["Tiandy", "a b", "a.b", "a--b", "-a", "", "a/b", "a\n", "é"])
def test_an_id_is_a_slug(wrong: str) -> None:
    """No dot, no slash and no capital: an id stands in addresses."""
    with pytest.raises(ValidationError):
        Entity(id=wrong, type="Company", names="Alpha")  # type: ignore[arg-type]


def test_a_judgement_is_about_a_pair() -> None:
    """Who stands left does not matter, the verdict does."""
    assert make_judgement("a", "b").id == make_judgement("b", "a").id
    assert make_judgement("a", "b").id != make_judgement("a", "b", "different").id


def test_when_a_source_was_known() -> None:
    """Between the first day on which it may have come out and the day on which it surely had."""
    assert make_source(published="2010-03").known_days == (date(2010, 3, 1), date(2010, 3, 31))
    assert make_source(read_on=None).known_days == (date.min, date.max)
    assert make_source(read_on=None).cited_only


def test_a_tie_key_reads_as_a_path() -> None:
    """A tie's id is `from/TYPE/to`, for each type that the ontology has."""
    assert {str(TieKey("a", t, "b")) for t in ONTOLOGY.tie_types} >= {"a/SUPPLIES/b"}
