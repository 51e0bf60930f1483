"""`sightlines cypher`: where a statement comes from, how the answer is printed, what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = pytest.mark.usefixtures("seeds_in_store")

Run = Callable[..., CompletedProcess[str]]
TIE = "MATCH (:Entity {id: 'tiandy'})-[r:SUPPLIES]->(b:Entity {id: 'irgc'}) RETURN b.name AS b, r"


def test_a_statement_comes_from_a_file(command: Run, tmp_path: Path) -> None:
    """`--file` names it; a file that is not there is said so."""
    file = tmp_path / "statement.cypher"
    file.write_text("// a comment\nRETURN 'ü' AS x;\n", encoding="utf-8")
    assert json.loads(command("cypher", "--file", file, "--json").stdout)["rows"] == [["ü"]]
    file.write_text("\ufeffEXPLAIN MATCH (n:Company) RETURN n", encoding="utf-8")
    lines = command("cypher", "--file", file).stdout.splitlines()
    assert lines[0].startswith("ProduceResults") and lines[1].startswith("  NodeByLabelScan")
    missing = command("cypher", "--file", tmp_path / "none")
    assert missing.returncode == 1 and "cannot be read" in missing.stderr


def test_rows_can_be_csv(command: Run) -> None:
    """`--csv` prints rows and nothing else; it goes with no other form."""
    result = command("cypher", "UNWIND [1, 2] AS n RETURN n, 'a,\"b' AS t", "--csv")
    assert list(csv.reader(io.StringIO(result.stdout))) == [
        ["n", "t"],
        ["1", 'a,"b'],
        ["2", 'a,"b'],
    ]
    assert command("cypher", "RETURN 1", "--csv", "--json").returncode == 1


def test_evidence_can_be_had(command: Run) -> None:
    """`--expand` brings claims with their places and sources, as JSON and in words."""
    answer = json.loads(command("cypher", TIE, "--expand", "--json").stdout)
    assert list(answer["included"]["ties"]) == ["tiandy/SUPPLIES/irgc"]
    claims = answer["included"]["claims"]
    claim_id, claim = next(
        (i, claim) for i, claim in claims.items() if claim["evidence"][0]["paragraph"] == 21
    )
    words = command("cypher", TIE, "--expand").stdout
    assert claim_id in words and claim["summary"] in words and "paragraph 21" in words


def test_rows_that_are_left_out_are_said(command: Run) -> None:
    """`--limit` cuts, and standard error says so."""
    result = command("cypher", "UNWIND range(1, 9) AS n RETURN n", "--limit", "3", "--json")
    assert len(json.loads(result.stdout)["rows"]) == 3 and "--limit" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("CREATE (n)",), "writes"),
        (("LOAD CSV FROM 'file:///x' AS l RETURN l",), "LOAD CSV"),
        (("CALL dbms.info()",), "dbms.info"),
        (("SHOW USERS",), "SHOW"),
        (("RETURN $x",), "$x"),
        ((), "standard input"),
        (("RETURN 1", "--file", "x"), "--file"),
    ],
)
def test_the_guard_is_the_same(command: Run, arguments: tuple[str, ...], words: str) -> None:
    """What the API refuses is refused here, in a sentence and with exit code 1."""
    result = command("cypher", *arguments)
    assert result.returncode == 1 and words in result.stderr and "Traceback" not in result.stderr
