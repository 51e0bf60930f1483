"""Whatever is in the files: the check reports, never raises, and does not depend on order."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.dataset import CheckResult, check
from graph.dataset.read_jsonl import parse_line
from graph.faults import nearest, shorten
from graph.model import Claim
from graph.ontology import ONTOLOGY
from tests.strategies import examples

#: What pydantic says, and nobody should read.
RAW = re.compile(r"Input should|should match|validation error|Extra inputs|pydantic|U\+0000-")

#: What would break a fault's line, or turn it around, on a terminal.
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u202e]")

ids = st.sampled_from(["article", "tiandy", "irgc", "x", "X y", ""])
scalars = st.one_of(ids, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def _record(fields: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={field: anything for field in fields})


claims = _record([*Claim.model_fields, "other"]) | st.fixed_dictionaries(
    {
        "source": ids,
        "predicate": st.sampled_from([*ONTOLOGY.predicates, "x"]),
        "roles": st.dictionaries(st.sampled_from(ONTOLOGY.role_names), ids | st.lists(ids)),
        "said_by": ids | st.lists(ids),
    },
    optional={"modality": st.sampled_from([*ONTOLOGY.modalities, "x"]), "summary": scalars},
)
records = st.fixed_dictionaries(
    {},
    optional={
        "dataset": scalars,
        "sources": st.lists(_record(["id", "kind", "title", "published"]) | anything, max_size=3),
        "entities": st.lists(_record(["id", "type", "names"]) | anything, max_size=3),
        "judgements": st.lists(_record(["left", "right", "verdict"]) | anything, max_size=3),
        "claims": st.lists(claims | anything, max_size=3),
    },
)


def _check(**files: bytes) -> CheckResult:
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name.replace("_", ".")).write_bytes(data)
        report = check([Path(folder)])
    for message in (*report.faults, *report.warnings):
        assert not RAW.search(str(message))
        assert not UNSHOWN.search(str(message))
        assert len(message.value) <= 80
    return report


@examples(100)
@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """Random bytes give a report."""
    _check(x_yaml=data, x_jsonl=data)


@examples(100)
@given(st.text(alphabet=st.sampled_from("{}[]:-\"'\\,#&*!|>%@` \t\nab1~\u202e")))
def test_any_punctuation(text: str) -> None:
    """Whatever the parsers make of their own punctuation, it is a report."""
    _check(x_yaml=text.encode(), x_jsonl=text.encode())


@examples(100)
@given(records | anything)
def test_any_yaml(content: Any) -> None:
    """Any values at all, at any place of a file, give a report in our own words."""
    _check(x_yaml=yaml.safe_dump(content).encode())


@examples(50)
@given(st.lists(st.tuples(st.sampled_from(["claim", "entity", "source", "x"]), claims | anything)))
def test_any_json(lines: list[tuple[str, Any]]) -> None:
    """Any values at all in lines give a report in our own words."""
    _check(x_jsonl="\n".join(json.dumps({kind: value}) for kind, value in lines).encode())


@examples(100)
@given(st.lists(st.tuples(st.text(max_size=2), anything), max_size=4))
def test_duplicate_keys_in_json(pairs: list[tuple[str, Any]]) -> None:
    """A mapping with two equal keys is a fault, and no other is."""
    fields = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in pairs)
    _, fault = parse_line(f'{{"x": [{{{fields}}}]}}'.encode(), 1)
    names = [name for name, _ in pairs]
    assert (fault is not None) is (len(set(names)) < len(names))


LINES = [
    json.dumps({kind: record})
    for kind, record in (
        ("source", {"id": "s", "kind": "study", "title": "S"}),
        ("entity", {"id": "a", "type": "Company", "names": "A"}),
        ("entity", {"id": "b", "type": "State", "names": "B"}),
        ("judgement", {"left": "a", "right": "c", "verdict": "unsure", "by": "x",
                       "on": "2024-01-01", "reason": "x"}),
        ("entity", {"id": "c", "type": "Company", "names": "C"}),
        *(
            ("claim", {"source": "s", "predicate": "supplies", "when": year, "said_by": "s",
                       "roles": {"supplier": "a", "recipient": "b"}, "modality": "stated",
                       "summary": "x", "recorded_on": "2024-01-01", "recorded_by": "x"})
            for year in ("2020", "2021", "2022")
        ),
    )
]  # fmt: skip


@examples(30)
@given(st.permutations(LINES), st.integers(0, len(LINES)))
def test_order_does_not_matter(lines: list[str], cut: int) -> None:
    """The same records in any order and in any files are the same data set."""
    expected = _check(x_jsonl="\n".join(LINES).encode())
    report = _check(
        x_jsonl="\n".join(lines[:cut]).encode(), y_jsonl="\n".join(lines[cut:]).encode()
    )
    assert report.ok
    assert report.counts == expected.counts
    assert report.digest == expected.digest
    assert _check(x_jsonl="\n".join(LINES[:-1]).encode()).digest != expected.digest


@given(st.text(), st.lists(st.text(), max_size=5))
def test_nearest_is_known(value: str, names: list[str]) -> None:
    """What is proposed is one of the known names; a name that is known is its own nearest."""
    name = nearest(value, names)
    assert name is None or name in names


@given(st.text())
def test_shortened_values_can_be_printed(value: str) -> None:
    """A value of a fault stays on its line and within its 80 characters."""
    text = shorten(value)
    assert len(text) <= 80
    assert not UNSHOWN.search(text)
