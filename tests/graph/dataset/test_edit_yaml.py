"""What tools write into files of claims: ids and names, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.dataset import read
from graph.dataset.edit_yaml import items, sign, write_ids
from graph.dataset.files import DataFile, find_files
from graph.errors import InputError
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
