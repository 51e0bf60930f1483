"""What can be wrong with one record: each fault at its place, in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graph.dataset.messages import _MESSAGES, _PATTERNS
from graph.model import Claim, Entity, Judgement, Source
from graph.model.fields import LINE, TEXT

CLAIM = {
    "source": "article",
    "predicate": "supplies",
    "roles": "{supplier: tiandy, recipient: irgc}",
    "modality": "alleged",
    "said_by": "article",
    "evidence": "[{paragraph: 1, start: 0, end: 4, sha256: " + "a" * 64 + "}]",
    "summary": "Said.",
    "recorded_on": "2024-01-01",
    "recorded_by": "somebody",
}


def claim(*lines: str) -> str:
    """A claim in YAML whose fields are as in CLAIM, but for the lines given; `-x` leaves x out."""
    lines_by_field = {re.sub(r"[▸-]", "", line.partition(":")[0]).strip(): line for line in lines}
    defaults = [f"{name}: {value}" for name, value in CLAIM.items() if name not in lines_by_field]
    return "claims:\n  - " + "\n    ".join(
        [*defaults, *(line for line in lines if not line.startswith("-"))]
    )


CASES = {
    "unknown predicate": (claim("predicate: ▸suplies"), "Did you mean 'supplies'?"),
    "unknown role": (
        claim("roles: {supplier: tiandy, recipient: irgc, ▸vía: irgc}"),
        "'supplies' has no role 'vía'. Did you mean 'via'?",
    ),
    "unknown detail": (
        claim(
            "predicate: harms",
            "roles: {actor: irgc, victim: tiandy}",
            "details: {how: x, ▸hwo: y}",
        ),
        "'harms' has no detail 'hwo'. Did you mean 'how'?",
    ),
    "missing detail": (
        claim("predicate: harms", "roles: {actor: irgc, victim: tiandy}", "▸details: {}"),
        "'harms' needs the detail 'how'",
    ),
    "unknown modality": (claim("modality: ▸said"), "unknown modality 'said'"),
    "modality of a stance": (
        claim(
            "predicate: assesses",
            "roles: {speaker: irgc}",
            "details: {what: x}",
            "modality: ▸stated",
        ),
        "'assesses' cannot be 'stated'. Write 'opinion'.",
    ),
    "unknown polarity": (claim("polarity: ▸denyed"), "Did you mean 'denied'?"),
    "stated and unlikely": (
        claim("modality: stated", "likelihood: ▸unlikely"),
        "the source calls it unlikely, and the claim states it as a fact",
    ),
    "unknown qualifier": (
        claim("quantity: {unit: people, qualifier: ▸aboot}"),
        "unknown qualifier 'aboot'. Did you mean 'about'?",
    ),
    "unknown field": (claim("▸sumary: x"), "Did you mean 'summary'?"),
    "role in the wrong place": (claim("▸via: irgc"), "'via' is a role: it belongs under 'roles'."),
    "detail in the wrong place": (claim("▸how: x"), "it belongs under 'details'."),
    "unknown field within evidence": (
        claim("evidence: [{paragraph: 1, start: 0, end: 4, sha256: " + "a" * 64 + ", ▸ende: 3}]"),
        "Did you mean 'end'?",
    ),
    "missing field": (
        "claims:\n  - ▸source: article\n"
        + "\n".join(f"    {k}: {v}" for k, v in CLAIM.items() if k not in ("source", "summary")),
        "summary: the field is missing. One sentence in our own words.",
    ),
    "role filled by a wrong type": (
        claim("roles: {supplier: ▸tehran, recipient: irgc}"),
        "'tehran' is of type Place, which cannot be 'supplier' here. It takes State,",
    ),
    "role missing": (claim("▸roles: {supplier: tiandy}"), "at least one 'recipient', and has none"),
    "role repeated": (
        claim("roles: {supplier: tiandy, ▸recipient: [irgc, irgc]}"),
        "role 'recipient' names 'irgc' more than once",
    ),
    "role with too many": (
        claim("predicate: affiliated_with", "roles: {member: tiandy, ▸body: [irgc, tiandy]}"),
        "'affiliated_with' needs exactly one 'body', and has 2",
    ),
    "dangling role": (
        claim("roles: {supplier: tiandy, recipient: ▸igrc}"),
        "recipient: no entity has the id 'igrc'. Did you mean 'irgc'?",
    ),
    "source as a role": (
        claim("roles: {supplier: tiandy, recipient: ▸article}"),
        "'article' is a source, not an entity",
    ),
    "dangling link": (
        claim("said_by: [article, ▸tiandi]"),
        "said_by[2]: no source and no entity has the id 'tiandi'. Did you mean 'tiandy'?",
    ),
    "mute link": (
        claim("said_by: [article, ▸tehran]"),
        "'tehran' is of type Place, which cannot say anything",
    ),
    "dangling source": (
        claim("source: ▸artikle", "said_by: artikle"),
        "no source has the id 'artikle'. Did you mean 'article'?",
    ),
    "chain without its source": (
        claim("said_by: [▸irgc, article]"),
        "the chain starts with 'irgc', not with its source 'article'",
    ),
    "empty chain": (claim("said_by: ▸[]"), "the attribution chain is empty"),
    "impossible date": (claim("when: ▸2022-02-30"), "impossible date"),
    "reversed interval": (claim("when: ▸2022/2020"), "reversed interval"),
    "no date at all": (claim("when: ▸last year"), "Write it as 2010"),
    "impossible day": (claim("recorded_on: ▸2024-02-30"), "'2024-02-30' is not a date"),
    "day as a number of seconds": (claim('recorded_on: ▸"86400"'), "'86400' is not a date"),
    "locator that runs backward": (
        claim("evidence: [▸{paragraph: 1, start: 5, end: 4, sha256: " + "a" * 64 + "}]"),
        "the passage ends at 4, which is not after its start",
    ),
    "locator before the text": (
        claim("evidence: [{paragraph: ▸0, start: 0, end: 4, sha256: " + "a" * 64 + "}]"),
        "'0' is too small. The least is 1.",
    ),
    "locator without a number": (
        claim("evidence: [{paragraph: ▸one, start: 0, end: 4, sha256: " + "a" * 64 + "}]"),
        "'one' is not a whole number",
    ),
    "no hash": (
        claim("evidence: [{paragraph: 1, start: 0, end: 4, sha256: ▸abc}]"),
        "'abc' is not a SHA-256",
    ),
    "no number": (claim("quantity: {unit: x, number: ▸many}"), "'many' is not a number"),
    "infinite number": (claim("quantity: {unit: x, number: ▸inf}"), "'inf' is not a number"),
    "text for a list": (
        "entities:\n  - {id: x, type: Event, names: X, identifiers: ▸none}",
        "expected a list, not 'none'",
    ),
    "list for a text": (claim("summary: ▸[a, b]"), "expected a text, not a list"),
    "text for a mapping": (claim("roles: ▸tiandy"), "expected a mapping of fields"),
    "list for a record": (claim("quantity: ▸[1]"), "expected a mapping of fields"),
    "long text": (claim("recorded_by: ▸" + "x" * 501), "longer than 500 characters"),
    "empty text": (claim('summary: ▸""'), "the text is empty"),
    "supersedes nothing": (claim("supersedes: ▸" + "a" * 32), "no claim has the id"),
    "supersedes no id": (claim("supersedes: ▸x"), "'x' is not the id of a claim"),
    "unknown type": (
        "entities:\n  - {id: x, type: ▸company, names: X}",
        "unknown type 'company'. Did you mean 'Company'?",
    ),
    "unknown kind": (
        "sources:\n  - {id: x, kind: ▸artcle, title: X}",
        "unknown kind 'artcle'. Did you mean 'article'?",
    ),
    "unknown verdict": (
        "judgements:\n  - {left: a, right: b, verdict: ▸like, by: x, on: 2024-01-01, reason: y}",
        "One of: same, different, unsure.",
    ),
    "id with capitals and a space": (
        "entities:\n  - {id: ▸Islamic Revolution, type: Event, names: X}",
        "'Islamic Revolution' is not an id. Write 'islamic-revolution'.",
    ),
    "id with accents": (
        "entities:\n  - {id: ▸Société Générale, type: Company, names: X}",
        "Write 'societe-generale'.",
    ),
    "id in another script": (
        "entities:\n  - {id: ▸海康威视, type: Company, names: X}",
        "An id has lower-case letters, digits and single hyphens.",
    ),
    "no name": ("entities:\n  - {id: x, type: Event, names: ▸[]}", "the list is empty"),
    "name that turns text around": (
        'entities:\n  - {id: x, type: Event, names: ▸"a\\u202Eb"}',
        "U+202E (RIGHT-TO-LEFT OVERRIDE)",
    ),
    "control character": (
        'entities:\n  - {id: x, type: Event, names: ▸"a\\x07b"}',
        "U+0007 (a control character)",
    ),
    "line break in a name": (
        'entities:\n  - {id: x, type: Event, names: ▸"a\\nb"}',
        "U+000A, and must be one line",
    ),
    "no language": (
        "entities:\n  - {id: x, type: Event, names: [{text: X, lang: ▸English}]}",
        "'English' is not a language code",
    ),
    "no script": (
        "entities:\n  - {id: x, type: Event, names: [{text: X, script: ▸latin}]}",
        "'latin' is not a script code",
    ),
    "no address": (
        "sources:\n  - {id: x, kind: study, title: X, url: ▸example.org}",
        "'example.org' is not a web address",
    ),
    "no address of an entity": (
        "entities:\n  - {id: x, type: Event, names: X, urls: [https://a.example, ▸b.example]}",
        "urls[2]: 'b.example' is not a web address. It begins with http://",
    ),
    "a country that there is not": (
        "entities:\n  - {id: x, type: Company, names: X, country: ▸UK}",
        "'UK' is not the code of a country. Write two capitals, as ISO 3166-1: CN, GB, IR.",
    ),
    "a country in small letters": (
        "entities:\n  - {id: x, type: Company, names: X, country: ▸no}",
        "'no' is not the code of a country",
    ),
    "an identifier without its register": (
        "entities:\n  - {id: x, type: Company, names: X, identifiers: [▸{value: Q1}]}",
        "identifiers[1].scheme: the field is missing. The register",
    ),
    "an identifier with an unknown field": (
        "entities:\n  - {id: x, type: Event, names: X,"
        " identifiers: [{scheme: LEI, value: 1, ▸vale: 1}]}",
        "unknown field 'vale'. Did you mean 'value'?",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_fault_of_one_record(name: str, expect: Callable[..., None]) -> None:
    """One thing wrong is one fault, at line and column of what is wrong."""
    text, words = CASES[name]
    expect(text, words)


def test_all_faults_of_one_claim_at_once(expect: Callable[..., None]) -> None:
    """A bad field hides neither a role that does not exist nor an id that nothing has."""
    expect(
        """\
        claims:
          - ▸source: article
            predicate: supplies
            roles: {supplier: tiandy, recipient: ▸igrc, ▸vie: irgc}
            modality: stated
            said_by: article
            when: ▸2022-13
            recorded_on: ▸soon
            recorded_by: somebody
        """,
        "summary: the field is missing",
        "Did you mean 'irgc'?",
        "Did you mean 'via'?",
        "impossible date",
        "'soon' is not a date",
    )


def test_markup_in_names_is_text(check_files: Callable[..., Any]) -> None:
    """Angle brackets are nothing to the data; whoever shows them escapes them."""
    entity = "entities:\n  - {id: x, type: Event, names: <script>alert(1)</script>}"
    assert check_files(b_yaml=entity).ok


def test_json_and_yaml_name_the_same_field(expect: Callable[..., None]) -> None:
    """A fault in a line of JSON names the line and the field."""
    fields = {k: v for k, v in CLAIM.items() if k not in ("roles", "evidence")}
    line = json.dumps({"claim": {**fields, "roles": {"supplier": "tiandy", "recipient": ["igrc"]}}})
    words = "claim 1 (supplies), recipient: no entity has the id 'igrc'. Did you mean 'irgc'?"
    expect("▹" + line, words, suffix="jsonl")


def _patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for part in schema.values():
            yield from _patterns(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _patterns(part)


@pytest.mark.parametrize("model", [Claim, Entity, Judgement, Source])
def test_every_pattern_has_words(model: type[Claim]) -> None:
    """A pattern of the models is never shown to a person: there are words for each."""
    patterns = set(_patterns(model.model_json_schema()))
    assert patterns
    assert patterns <= {*_PATTERNS, LINE, TEXT}


def test_words_are_for_errors_that_exist() -> None:
    """The table names pydantic's own types of error, and those that our models raise."""
    from typing import get_args

    from pydantic_core.core_schema import ErrorType

    assert set(_MESSAGES) - set(get_args(ErrorType)) == {
        "country", "date", "day", "label", "locator", "mapping",
    }  # fmt: skip
