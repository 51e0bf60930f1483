"""What commands print: any text in any encoding, read as text and nothing else."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from graph.store.address import Address
from graph.store.connection import Writer
from graph.store.loader import load
from tests.conftest import Run

#: Texts that a console may take for more than they are: emoji, markup, and letters of any script.
NAME = ":smile: [bold]مجموعه[/bold] 海康 é 😀 a:100:b \\[x]"
QUOTED = json.dumps(NAME, ensure_ascii=False)
DATA = f"""\
dataset: {{id: hostile, title: {QUOTED}}}
sources:
  - {{id: paper, kind: study, title: {QUOTED}, publisher: P, published: 2020}}
entities:
  - {{id: firm, type: Company, names: {QUOTED}}}
  - {{id: state, type: State, names: [State, {QUOTED}]}}
claims:
  - source: paper
    predicate: supplies
    roles: {{supplier: firm, recipient: state}}
    modality: stated
    said_by: [paper]
    recorded_on: 2024-01-01
    recorded_by: tests
    summary: {QUOTED}
"""
FAULTY = DATA.replace("supplier: firm", "supplier: ':china:[red]مجموعه'")
ENCODINGS = ["utf-8", "cp1252", "latin-1", "ascii"]


@pytest.fixture(scope="module")
def folder(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the texts in its name; what it holds is in the store."""
    folder = tmp_path_factory.mktemp("x") / ":chad:[b] مجموعه"
    folder.mkdir()
    (folder / "a.yaml").write_text(DATA, encoding="utf-8")
    with Writer(address) as store:
        load(store, [folder], replace=True)
    return folder


def output(result: CompletedProcess[str], encoding: str) -> str:
    """What a command printed, without the escapes of letters that the encoding lacks."""
    assert "Traceback" not in result.stderr + result.stdout
    text = result.stdout + result.stderr
    # JSON escapes what is no letter of the encoding; the texts have no other backslash but one.
    plain = text.encode(encoding).decode(encoding)
    for char in {c for c in NAME + "…’–×" if c not in plain}:
        plain = plain.replace(json.dumps(char)[1:-1], char)
    return plain


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_command_prints_texts_as_they_are(
    command: Run, folder: Path, encoding: str, tmp_path: Path
) -> None:
    """Emoji codes, markup and letters that the encoding lacks, on each channel of a command."""

    def run(*arguments: object, code: int = 0) -> str:
        result = command(*arguments, PYTHONIOENCODING=encoding, COLUMNS="1000")
        assert result.returncode == code, result.stderr
        return output(result, encoding)

    faulty = tmp_path / "100:smile:.yaml"
    faulty.write_text(FAULTY, encoding="utf-8")
    assert ":chad:[b] مجموعه" in run("check", folder)
    assert NAME in run("check", folder, "--review")
    assert "100:smile:.yaml:10:" in (faults := run("check", faulty, code=1))
    assert "':china:[red]مجموعه'" in faults
    assert NAME in run("data", "list") and NAME in run("data", "show", "hostile")
    assert NAME in run("cypher", "MATCH (n:Entity {id: 'firm'}) RETURN n.name AS `a:100:b [x]`")
    assert ":china: [b]" in run("cypher", "RETURN ':china: [b]'")
    run("cypher", f"RETURN '{NAME}' +", code=1)
    assert NAME in run("analyse", "betweenness") + run("analyse", "components")
    assert ":smile: [bold]" in run("statements", f"/v1/entities?id={NAME}")
    assert "[bold]x" in run("load", "[bold]x :smile:", code=1)
    run("--no-:smile:[b]", code=2)
    run("ontology")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_programs_read_is_whole(command: Run, folder: Path, encoding: str) -> None:
    """JSON is JSON in every encoding; CSV and pages of the documentation are in UTF-8."""
    query = "MATCH (n:Entity {id: 'firm'}) RETURN n.name"
    settings = {"PYTHONIOENCODING": encoding}
    rows = json.loads(command("cypher", query, "--json", **settings).stdout)["rows"]
    assert rows == [[NAME]]
    (record,) = json.loads(command("data", "list", "--json", **settings).stdout)
    assert record["title"] == NAME
    utf8 = {**settings, "STDOUT": "utf-8"}
    table = list(csv.reader(io.StringIO(command("cypher", query, "--csv", **utf8).stdout)))
    assert table[1:] == [[NAME]]
    for arguments in (["analyse", "components", "--csv"], ["ontology", "--graph"]):
        assert command(*arguments, **utf8).stdout


def test_a_name_in_no_encoding(offline: Run, tmp_path: Path) -> None:
    """A path may have bytes that are no text: it is printed, with an escape."""
    result = offline("check", tmp_path / "a\udcff")
    assert result.returncode == 1 and "a\\xff" in result.stderr + result.stdout
