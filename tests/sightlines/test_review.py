"""`check --ids`, `check --review` and `review`: claims beside their passages, and who looked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.dataset import read
from tests.strategies import make_claim, make_dataset, write


@pytest.fixture()
def folder(belmora: Path, tmp_path: Path) -> Path:
    """The invented data set, to be written into."""
    shutil.copy(belmora, tmp_path / "set.yaml")
    return tmp_path


def test_claims_are_printed_beside_their_passages(
    offline, folder: Path, article_file: Path
) -> None:
    """Each with its id, its place, its ties and its passage, once the text is stored."""
    claims = read([folder]).claims
    without = offline("check", folder, "--review")
    assert without.returncode == 0
    assert all(f"  {claim.id}  not reviewed" in without.stdout for claim in claims)
    assert "its text is not stored here" in without.stdout and "  tie      " in without.stdout
    assert offline("text", "add", article_file).returncode == 0
    quoted = offline("check", folder, "--review").stdout
    assert "its text is not stored here" not in quoted
    assert quoted.count("  passage  ") == len(claims)


def test_a_person_signs_what_was_compared(offline, folder: Path) -> None:
    """The ids are written, then found in the file, and the name is written into two claims."""
    ids = [claim.id for claim in read([folder]).claims][:2]
    assert offline("check", folder, "--ids").returncode == 0
    assert all(f"# {i}" in (folder / "set.yaml").read_text("utf-8") for i in ids)
    signed = offline("review", folder, *ids, "--by", "A. Editor")
    assert signed.returncode == 0 and "2 claims reviewed by A. Editor." in signed.stderr
    assert [c.reviewed_by for c in read([folder]).claims][:3] == ["A. Editor", "A. Editor", None]
    assert f"{ids[0]}  reviewed by A. Editor" in offline("check", folder, "--review").stdout


def test_an_id_that_no_claim_has(offline, folder: Path) -> None:
    """It is named, and nothing is written."""
    before = (folder / "set.yaml").read_bytes()
    result = offline("review", folder, "f" * 32, "--by", "A. Editor")
    assert result.returncode == 1 and f"has the id {'f' * 32}" in result.stderr
    assert (folder / "set.yaml").read_bytes() == before


def test_all_that_a_claim_says_is_printed(offline, tmp_path: Path) -> None:
    """How sure its source is, what it replaces, and that it was taken back."""
    claim = make_claim(
        likelihood="likely",
        confidence="moderate",
        when_note="Last year is not resolved.",
        retracted={"on": "2024-03-31", "reason": "It erred."},
    )
    write(tmp_path, make_dataset(claims=[claim, make_claim(supersedes=claim.id)]))
    output = offline("check", tmp_path, "--review").stdout
    for text in (
        "; likelihood: likely; confidence: moderate; when_note: Last year is not resolved.; ",
        "; retracted on 2024-03-31: It erred.",
        f"; supersedes: {claim.id}",
    ):
        assert text in output


def test_ties_are_printed_as_everywhere_else(offline, tmp_path: Path) -> None:
    """With what is a reading and who only stands between; a number that is not said has no word."""
    claim = make_claim(
        roles={"supplier": "company-1", "via": "company-2", "recipient": "state-1"},
        inferred=["via"],
        note="No agent is named.",
        quantity={"unit": "several products"},
    )
    write(tmp_path, make_dataset(claims=[claim]))
    output = offline("check", tmp_path, "--review").stdout
    between = "Company 2 supplied State 1 (as an intermediary; via inferred by the editors)"
    assert f"  tie      {between}\n" in output
    assert "; quantity: several products;" in output
