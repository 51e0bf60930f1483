"""graph/dataset/yaml_text.py: one record of a file changes, and nothing else does."""

from __future__ import annotations

from difflib import ndiff
from typing import Any

import pytest
import yaml

from graph.dataset.read_yaml import values
from graph.dataset.yaml_text import (
    root_of,
    value_of,
    value_text,
    with_fields,
    with_group,
    with_record,
    without_record,
)
from graph.errors import InputError

BLOCK = """\
# A file.
claims:
  # of the first
  - predicate: supplies  # why
    roles: {supplier: a,
            recipient: b}
    evidence:
      - {paragraph: 1, start: 0, end: 5, sha256: x}   # a place
      - "words"
    summary: >-
      It is
      so.
    recorded_by:

  # of the second
  - {predicate: "makes", roles: {maker: a}, when: 2021, summary: S}
judgements: []
"""


def claim(text: str, index: int) -> yaml.MappingNode:
    node = value_of(root_of(text), "claims")
    assert isinstance(node, yaml.SequenceNode)
    return node.value[index]


def diff(before: str, after: str) -> list[str]:
    """The lines that went and that came."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [f"{line[0]}{line[2:].strip()}" for line in lines if line[0] in "+-"]


FIRST, SECOND = BLOCK.splitlines()[3].strip(), BLOCK.splitlines()[15].strip()
FOLDED = ["-summary: >-", "-It is", "-so."]


def second(old: str, new: str) -> list[str]:
    """The line of the second claim before and after."""
    return [f"-{SECOND}", f"+{SECOND.replace(old, new)}"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("index", "fields", "lines"),
    [
        (0, {"predicate": "makes"}, [f"-{FIRST}", f"+{FIRST.replace('supplies', 'makes')}"]),
        (0, {"when": "2021"}, ["+when: 2021"]),
        (0, {"source": "s"}, [f"-{FIRST}", "+- source: s", f"+{FIRST.removeprefix('- ')}"]),
        (0, {"note": "So: it #is"}, ["+note: 'So: it #is'"]),
        (0, {"summary": "Other."}, [*FOLDED, "+summary: Other."]),
        (0, {"recorded_by": "me"}, ["-recorded_by:", "+recorded_by: me"]),
        (0, {"summary": None}, FOLDED),
        (0, {"summary": "It is so.", "predicate": "supplies"}, []),
        (
            0,
            {"roles": {"supplier": ["a", "c"]}},
            ["-roles: {supplier: a,", "-recipient: b}", "+roles: {supplier: [a, c]}"],
        ),
        (
            0,
            {"predicate": None},
            [f"-{FIRST}", "-roles: {supplier: a,", "+- roles: {supplier: a,"],
        ),
        (1, {"when": None}, second(" when: 2021,", "")),
        (1, {"summary": None}, second(", summary: S", "")),
        (
            1,
            {"source": "s", "modality": "stated"},
            [
                f"-{SECOND}",
                f"+{SECOND}".replace("{pre", "{source: s, pre").replace(
                    "1,", "1, modality: stated,"
                ),
            ],
        ),
    ],
)
def test_fields(index: int, fields: dict[str, Any], lines: list[str], end: str) -> None:
    """Only their lines differ, and what is read is what was set."""
    before = BLOCK.replace("\n", end)
    node = claim(before, index)
    after = with_fields(before, node, fields, "claim")
    assert sorted(diff(before, after)) == sorted(lines)
    assert after.count("\n") == after.count(end)
    expected = values(node) | {k: v for k, v in fields.items() if v is not None}
    for name in (k for k, v in fields.items() if v is None):
        del expected[name]
    assert values(claim(after, index)) == expected
    assert values(claim(after, 1 - index)) == values(claim(before, 1 - index))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "claims:\n  - predicate: p\n    roles: {a: b}\n"),
        ("# C\n", "# C\n\nclaims:\n  - predicate: p\n    roles: {a: b}\n"),
        ("claims:\n  # 1: Stub\n\n", "claims:\n  # 1: Stub\n  - predicate: p\n    roles: {a: b}\n"),
        ("claims: []\n", "claims:\n  - predicate: p\n    roles: {a: b}\n"),
        ("claims: [{a: b}]", "claims: [{a: b}, {predicate: p, roles: {a: b}}]"),
        (
            "claims:\n- a: b # c\n# end\n",
            "claims:\n- a: b # c\n\n- predicate: p\n  roles: {a: b}\n# end\n",
        ),
        ("claims:\n\nx: y\n", "claims:\n  - predicate: p\n    roles: {a: b}\n\nx: y\n"),
        ("x: y", "x: y\n\nclaims:\n  - predicate: p\n    roles: {a: b}\n"),
    ],
)  # fmt: skip
def test_a_record_comes_to_the_end_of_its_list(before: str, after: str) -> None:
    """Below comments, in the indentation of the list, before the next key."""
    assert with_record(before, "claims", {"predicate": "p", "roles": {"a": "b"}}) == after
    root = root_of(after)
    assert values(claim(after, -1)) == {"predicate": "p", "roles": {"a": "b"}}
    assert root is not None and [k.value for k, _ in root.value][-1] in ("claims", "x")


def test_a_record_goes_and_what_stands_beside_it_stays() -> None:
    """From a list of several, and the only one."""
    added = with_record(BLOCK, "claims", {"predicate": "p"})
    assert without_record(added, "claims", 2) == BLOCK
    less = without_record(BLOCK, "claims", 1)
    assert diff(BLOCK, less)[-1] == f"-{SECOND}"
    one = "claims:\n  # stub\n  - a: b\n    c: d\n"
    assert without_record(one, "claims", 0) == "claims:\n  # stub\n"
    assert without_record("claims: [{a: b}, {c: d}]\n", "claims", 0) == "claims: [{c: d}]\n"
    assert without_record("claims: [{a: b}, {c: d}]\n", "claims", 1) == "claims: [{a: b}]\n"


@pytest.mark.parametrize(
    "value",
    ["null", "~", "", "a: b", "a #b", "- a", "{a}", "[a", "2021", "no", "it's", '"a"', "a\nb",
     "سپاه", "天地", "@a", "%a", "!a", "&a", "*a", "a, b", " a ", "\u2028", "a:", "?", "|"],
)  # fmt: skip
def test_any_text_is_read_as_it_was_written(value: str) -> None:
    """As a value of its own, and among others in braces."""
    text = with_record("", "claims", {"summary": value, "details": {"what": value, "how": "x"}})
    read = values(claim(text, 0))
    assert read == ({"summary": value} if value else read) | {
        "details": {"what": value, "how": "x"}
    }
    assert value_text({"a": "2021", "b": "no", "c": 1}) == "{a: 2021, b: no, c: 1}"


def test_a_text_that_cannot_be_read_is_refused() -> None:
    """With its place."""
    with pytest.raises(InputError, match=r"^2:2: "):
        with_record("claims:\n'", "claims", {})


def test_a_claim_and_a_new_one_become_a_group() -> None:
    """Comments and layout move with their fields; what stands in brackets cannot."""
    before = """\
claims:
  # of the first
  - # a remark
    predicate: supplies  # why
    # where
    evidence:
      - {paragraph: 1}   # a place
    summary: >-
      It is
      so.

  - a: b
"""
    after = """\
claims:
  # of the first
  # where
  - evidence:
      - {paragraph: 1}   # a place
    claims:
      - predicate: supplies  # why
        summary: >-
          It is
          so.
      - predicate: makes

  - a: b
"""

    def grouped(text: str) -> str | None:
        items = value_of(root_of(text), "claims")
        assert isinstance(items, yaml.SequenceNode)
        return with_group(text, items, 0, ["evidence"], {"predicate": "makes"})

    plain = before.replace("- # a remark\n    predicate", "- predicate")
    assert grouped(plain) == after
    windows = grouped(plain.replace("\n", "\r\n"))
    assert windows == after.replace("\n", "\r\n")
    for text in (before, "claims: [{evidence: x, a: b}]\n", "claims:\n  - a: b\n"):
        assert grouped(text) is None


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: {x: 1,  # why\n  y: 2}\n", {"x": "1", "z": "3"}, "a: {x: 1, z: 3}\n"),
        ("a:\n  x: 1  # why\n  y: 2\n", {"x": "1", "z": "3"}, "a:\n  x: 1  # why\n  z: 3\n"),
        ("a: [x, y, z]  # why\n", ["x", "w"], "a: [x, w]  # why\n"),
        ("a:\n  - x  # why\n  - y\n", ["x", "w"], "a:\n  - x  # why\n  - w\n"),
        ("a: [x, y]\n", ["y", "x"], "a: [y, x]\n"),
        ("a: {p: 1}\n", [{"p": 1}, {"p": 2}], "a:\n  - {p: 1}\n  - {p: 2}\n"),
    ],
)
def test_within_a_value_only_what_changes_is_written(before: str, value: Any, after: str) -> None:
    """In mappings and in lists, in brackets and on lines."""
    root = root_of(before)
    assert root is not None
    assert with_fields(before, root, {"a": value}, "claim") == after
