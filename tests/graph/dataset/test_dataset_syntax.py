"""Files that are no YAML and lines that are no JSON, or more of either than is wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from graph.dataset import CheckResult, read, read_yaml
from graph.dataset.read_yaml import MAX_DEPTH

YAML = {
    "a list": ("▸- a\n", "the file is not a mapping"),
    "a text": ("▸hello\n", "the file is not a mapping"),
    "unknown key": ("▸claim: []\n", "unknown key 'claim'. Did you mean 'claims'?"),
    "no list": ("claims: ▸{a: b}\n", "'claims' is not a list"),
    "no record": ("claims: [▸a]\n", "claim 1 is not a mapping of fields"),
    "empty record": ("claims:\n  -▸\n", "claim 1 is empty"),
    "key twice": (
        "entities:\n  - {id: x, type: Event, names: X, ▸type: Place}\n",
        "duplicate key 'type'. It is in line 2 already",
    ),
    "top key twice": ("claims: []\n▸claims: []\n", "duplicate key 'claims'"),
    "tab": ("claims:\n▸\t- a: b\n", "a tab in the indentation"),
    "anchor": (
        "entities:\n  - {id: x, type: Event, names: ▸&a X}\n",
        "anchors and aliases are not allowed",
    ),
    "alias": ("claims: [▸*a]\n", "anchors and aliases are not allowed"),
    "tag": (
        "entities:\n  - {id: x, type: Event, names: ▸!!python/object:os.system X}\n",
        "tags are not allowed",
    ),
    "standard tag": (
        "entities:\n  - {id: x, type: Event, names: ▸!!str X}\n",
        "tags are not allowed",
    ),
    "bare null": (
        "entities:\n  - {id: x, type: Event, names: X, description: ▸null}\n",
        "'null' is ambiguous",
    ),
    "colon in a text": (
        "claims:\n  - summary: he said▸: no\n",
        "a value cannot begin at this colon",
    ),
    "open quote": ('dataset: "abc\n▸', "a text in quotes is not closed"),
    "open bracket": ("claims: [a, b\n▸", "not closed"),
    "two documents": ("claims: []\n▸---\nclaims: []\n", "a second document begins here"),
    "mapping as a key": ("▸{a: b}: c\n", "the name of a field must be a word"),
    "control character": ("dataset: a▸\x07b\n", "U+0007 is not allowed"),
    "deep nesting": ("claims: " + "[" * (MAX_DEPTH - 1) + "▸" + "[" * 5_000, "levels deep"),
}


@pytest.mark.parametrize("name", YAML)
def test_yaml(name: str, expect: Callable[..., None]) -> None:
    """What is no data in YAML is a fault where it stands, and is never raised."""
    text, words = YAML[name]
    expect(text, words)


@pytest.mark.long
def test_pure_python_reads_the_same(
    expect: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PyYAML was built without libyaml, its own parser finds the same places."""
    monkeypatch.setattr(read_yaml, "_LOADER", yaml.BaseLoader)
    for name in ("key twice", "anchor", "tag", "bare null", "deep nesting", "two documents"):
        expect(*YAML[name])


def test_alias_bomb_costs_nothing(check_files: Callable[..., CheckResult]) -> None:
    """Aliases are refused where they stand, before anything is multiplied."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    report = check_files(b_yaml="\n".join(lines))
    assert [fault.line for fault in report.faults] == [1, 2, 2]


def test_scalars_are_text(tmp_path: Path) -> None:
    """No word of YAML turns into a truth value, a number, a day or nothing."""
    (tmp_path / "x.yaml").write_text(
        "entities:\n"
        "  - {id: 010, type: Event, names: [no, on, 2010, 1.0, 2021-03-01, 'null', =]}\n"
        "  - {id: x, type: Event, names: [{text: Nei, lang: no}], description: }\n"
        "sources:\n  - {id: s, kind: study, title: 12:30, published: 2010, publisher: yes}\n"
    )
    dataset = read([tmp_path])
    words = ["no", "on", "2010", "1.0", "2021-03-01", "null", "="]
    assert [name.text for name in dataset.entities["010"].names] == words
    assert dataset.entities["x"].names[0].lang == "no"
    assert dataset.entities["x"].description is None
    source = dataset.sources["s"]
    assert (source.title, source.published, source.publisher) == ("12:30", "2010", "yes")


JSONL = {
    "broken": ('{"claim": {"source": "x" ▸"predicate": 1}}', "a comma or a closing bracket"),
    "truncated": ('{"claim": {"source": "x"▸', "a comma or a closing bracket is missing"),
    "open quote": ('{"claim": {"source": ▸"x}}', "a text in quotes is not closed"),
    "no value": ('{"claim": {"source": ▸}}', "a value is missing"),
    "bare name": ('{"claim": {▸source: "x"}}', "a name in double quotes is missing"),
    "more behind": ('{"claim": {}} ▸x', "something follows after the record"),
    "two records": ('▹{"claim": {}, "entity": {}}', "the line has more than one record"),
    "no kind": ('▹{"clam": {}}', "unknown kind of record 'clam'. Did you mean 'claim'?"),
    "no mapping": ("▸[1, 2]", "the line is not a mapping with one key"),
    "no record": ('▹{"entity": "x"}', "expected a mapping of fields"),
    "half a pair": ('▹{"entity": {"id": "\\ud800"}}', "half of a surrogate pair"),
    "no escape": ('{"entity": {"id": "▸\\x"}}', "unknown escape sequence"),
    "key twice": (
        '▹{"entity": {"id": "x", "id": "y", "type": "Event", "names": "X"}}',
        "duplicate key 'id'",
    ),
    "deep": (
        '▹{"entity": ' + "[" * 30 + "]" * 30 + "}",
        "expected a mapping of fields, not a list",
    ),
    "very deep": ('▹{"entity": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
}


@pytest.mark.parametrize("name", JSONL)
def test_jsonl(name: str, expect: Callable[..., None]) -> None:
    """Each fault has its line, and syntax errors their column; blank lines are ignored."""
    text, words = JSONL[name]
    expect("\n  \n" + text + "\n", words, suffix="jsonl")


CLAIM = (
    '{"claim": {"source": "article", "predicate": "supplies", "roles": {"supplier": "tiandy", '
    '"recipient": "irgc"}, "modality": "alleged", "said_by": "article", "summary": "x", '
    '"recorded_on": "2024-01-01", "recorded_by": "me"%s}}'
)


@pytest.mark.parametrize(
    "again",
    [
        '"summary": "y"',
        '"summary" : "y"',
        '"summary"  :"y"',
        '"summary"\t:"y"',
        '"summary"\r:"y"',
        '"summary":"a: b"',
    ],
)
def test_key_twice_in_a_claim(again: str, expect: Callable[..., None]) -> None:
    """A duplicate key is found however it is spaced, and is not mistaken for another."""
    expect("▹" + CLAIM % (", " + again), "duplicate key 'summary'", suffix="jsonl")


def test_colons_in_texts_are_no_keys(check_files: Callable[..., CheckResult]) -> None:
    """Texts that look like keys do not make a claim look as if it had one twice."""
    assert check_files(b_jsonl=CLAIM % r', "note": "he said \": and \":"').ok


def test_long_number(check_files: Callable[..., CheckResult]) -> None:
    """A number of 5,000 digits is refused, and not computed with."""
    quantity = ', "quantity": {"unit": "x", "qualifier": %s}' % ("1" * 5_000)
    (fault,) = check_files(b_jsonl=CLAIM % quantity).faults
    assert fault.message == "a number is too long"
