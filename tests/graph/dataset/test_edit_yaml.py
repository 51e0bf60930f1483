"""What tools write into files of claims: ids and names, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.dataset import read
from graph.dataset.edit_yaml import items, pin, sign, write_ids
from graph.dataset.files import DataFile, find_files
from graph.errors import InputError
from graph.faults import Fault
from graph.text import Text, digest, locate
from tests.graph.dataset.test_groups import RECORDS

CLAIMS = """
# What the paper says.
defaults: {source: paper, modality: stated, recorded_on: 2022-01-01, recorded_by: me}

claims:
  # The first, with a comment of its own.
  - predicate: supplies   # a word at the end
    roles: {supplier: firm, recipient: force}
    summary: >-
      So.

  - predicate: assesses
    modality: opinion
    said_by: [[moss], [others]]
    claims:
    - roles: {speaker: said_by, about: firm}
      details: {what: large}
      summary: So.
    - {roles: {speaker: said_by}, details: {what: small}, summary: "# No."}
"""
ID = re.compile("[0-9a-f]{32}")


@pytest.fixture()
def file(tmp_path: Path) -> DataFile:
    """A file with comments and five claims, three as they are written."""
    path = tmp_path / "set.yaml"
    path.write_text(RECORDS + CLAIMS, encoding="utf-8")
    return find_files([path])[0][0]


def test_each_claim_gets_its_ids_above_it(file: DataFile) -> None:
    """Nothing else changes, and a second time nothing at all."""
    assert write_ids(file) == []
    text = file.path.read_text(encoding="utf-8")
    lines = text.splitlines()
    comments = [lines[item.line - 2].split()[1:] for item in items(file)]
    assert comments == [list(item.ids) for item in items(file)]
    assert sorted(i for ids in comments for i in ids) == sorted(
        c.id for c in read([file.path]).claims
    )
    assert [len(ids) for ids in comments] == [1, 2, 2]
    rest = [line for line in lines if not ID.search(line) or "sha256" in line]
    assert rest == (RECORDS + CLAIMS).splitlines()
    assert write_ids(file) == []
    assert file.path.read_text(encoding="utf-8") == text


def test_an_id_follows_its_claim(file: DataFile) -> None:
    """A claim that says something else gets another id, and one that was reviewed is named."""
    write_ids(file)
    before = items(file)[0].ids
    sign(file, before, "A. Editor")
    text = file.path.read_text(encoding="utf-8")
    file.path.write_text(text.replace("recipient: force", "recipient: desk"), encoding="utf-8")
    (changed,) = write_ids(file)
    assert changed.reviewed_by == "A. Editor"
    after = file.path.read_text(encoding="utf-8")
    assert before[0] not in after and items(file)[0].ids[0] in after


@pytest.mark.parametrize("name", ["A. Editor", 'No: one\'s "own" # name'])
def test_a_name_is_written_into_the_claims_that_were_reviewed(file: DataFile, name: str) -> None:
    """Into claims in blocks and in brackets, with every comment kept; ids do not change."""
    ids = [item.ids for item in items(file)]
    assert sign(file, {*ids[0], *ids[2]}, name) == 3
    assert [item.ids for item in items(file)] == ids
    assert [item.reviewed_by for item in items(file)] == [name, None, name]
    text = file.path.read_text(encoding="utf-8")
    assert text.count("#") == (RECORDS + CLAIMS).count("#") + 2 * name.count("#")


def test_a_review_is_not_replaced(file: DataFile) -> None:
    """Who looks at it a second time takes the first name away by hand."""
    first = items(file)[0].ids
    sign(file, first, "A")
    with pytest.raises(InputError, match="was reviewed by A"):
        sign(file, first, "B")


def test_chains_of_one_claim_are_reviewed_together(file: DataFile) -> None:
    """The field stands for all of them."""
    with pytest.raises(InputError, match="several chains"):
        sign(file, items(file)[1].ids[:1], "A")


TEXT = Text(
    (
        "The force bought “forty cameras” from the firm – in 2021.",
        "The firm says that it sold none. Others say so too.",
    )
)
UNPINNED = """
# Written by hand.
defaults: {source: paper, modality: stated, recorded_on: 2022-01-01, recorded_by: me}
claims:
  - predicate: supplies   # a word at the end
    roles: {supplier: firm, recipient: force}
    evidence: 'bought "forty
      cameras"'   # as quoted
    summary: So.
  - evidence:
      - "in 2021.
         The firm says"
      # between
      - {paragraph: 2, start: 0, end: 3, sha256: SHA}
      -
        sold none
    claims:
      - {predicate: has_attribute, roles: {subject: firm}, details: {what: a}, summary: A.,
         evidence: [so too]}
      - {predicate: has_attribute, roles: {subject: firm}, details: {what: b}, summary: B.,
         evidence: 2021. The firm}
      - predicate: nonsense
        evidence: >-
          Others say
          so
""".replace("SHA", digest("The"))


def _pin(tmp_path: Path, claims: str, ends: str = "\n") -> tuple[str, int, list[Fault]]:
    path = tmp_path / "set.yaml"
    path.write_text(RECORDS + claims, encoding="utf-8", newline=ends)
    (file,), _ = find_files([path])
    count, faults = pin(file, {"paper": TEXT, "other": TEXT}.__getitem__)
    return path.read_bytes().decode().removeprefix(RECORDS.replace("\n", ends)), count, faults


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_words_become_locators(tmp_path: Path, ends: str) -> None:
    """Each passage in its own form, over lines and typography; all else stays as it was."""
    text, count, faults = _pin(tmp_path, UNPINNED, ends)
    assert (count, faults) == (6, [])

    def place(words: str) -> str:
        return ", ".join(
            f"{{{', '.join(f'{k}: {v}' for k, v in p._asdict().items())}}}"
            for p in locate(TEXT, words)[0]
        )

    over = place("in 2021. The firm says").replace("}, {", "}\n      - {")
    expected = UNPINNED
    for old, new in [
        ("'bought \"forty\n      cameras\"'", place("bought “forty cameras”")),
        ('"in 2021.\n         The firm says"', over),
        ("        sold none", f"        {place('sold none')}"),
        ("[so too]", f"[{place('so too')}]"),
        ("2021. The firm}", f"[{place('2021. The firm')}]}}"),
        (">-\n          Others say\n          so", place("Others say so")),
    ]:
        assert expected.count(old) == 1
        # A new item of a list ends its line as YAML does, whatever the file's lines end with.
        expected = expected.replace(old, new.replace("\n", "\0"))
    assert text == expected.replace("\n", ends).replace("\0", "\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("The", "the passage is there 2 times: paragraph 1 at 0, paragraph 2 at 0. Quote more"),
        ("sold some", "the passage is not in the text. The nearest is paragraph 2, characters 22"),
        ('" – "', "a passage has at least one word"),
    ],
)
def test_what_cannot_be_pinned_stays(tmp_path: Path, words: str, message: str) -> None:
    """It is named with file, line and column, and the others are pinned nevertheless."""
    claims = UNPINNED.replace("so too", words)
    text, count, (fault,) = _pin(tmp_path, claims)
    assert count == 5 and f"[{words}]" in text
    line = next(n for n, t in enumerate((RECORDS + claims).splitlines(), 1) if f"[{words}]" in t)
    column = (RECORDS + claims).splitlines()[line - 1].index(words) + 1
    assert str(fault).startswith(f"{tmp_path / 'set.yaml'}:{line}:{column}: claim 2")
    assert message in str(fault)


def test_a_short_word_is_no_part_of_a_longer_one(tmp_path: Path) -> None:
    """`so` of the text, and not of `sold`."""
    text, count, _ = _pin(tmp_path, UNPINNED.replace("so too", "so"))
    assert count == 6 and f"sha256: {digest('so')}" in text


def test_a_passage_that_two_sources_share_is_not_pinned(tmp_path: Path) -> None:
    """Nobody can tell in which of the two texts it stands."""
    claims = UNPINNED.replace("what: b}", "what: b}, source: other")
    text, _, faults = _pin(tmp_path, claims)
    assert "claims of the sources other, paper share the passage" in "".join(map(str, faults))
    assert "sold none" in text


def test_a_file_that_cannot_be_read_is_left(tmp_path: Path) -> None:
    """A fault of the YAML is named with its place."""
    with pytest.raises(InputError, match=r"set.yaml:\d+:\d+: "):
        _pin(tmp_path, UNPINNED + "  x: 'open\n")
