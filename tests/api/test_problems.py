"""Problems: every code is told of, and the page of each is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from fastapi.testclient import TestClient

from api.errors import _HTTP, _TABLE, CODES
from graph.errors import CypherCode

ROOT = Path(__file__).parents[2]


def test_every_code_is_told_of() -> None:
    """Those of the tables, of statements, and those that stand in the code are in the registry."""
    codes = {code for _, (_, code, _, _) in _TABLE} | {code for code, _ in _HTTP.values()}
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "api").rglob("*.py"))
    codes |= set(re.findall(r'ProblemError\(\s*\d{3},\s*"(\w+)"', text))
    codes |= set(get_args(CypherCode))
    assert codes <= CODES.keys()


def test_the_status_of_a_code_is_the_one_that_is_told() -> None:
    """A code means one status, wherever it is raised."""
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "api").rglob("*.py"))
    for status, code in re.findall(r'ProblemError\(\s*(\d{3}),\s*"(\w+)"', text):
        assert CODES[code].status == int(status), code
    for _, (status, code, _, _) in _TABLE:
        assert CODES[code].status == status, code


def test_the_type_of_a_problem_leads_to_its_words(api: TestClient) -> None:
    """The address is a page of ours, with an entry for the code."""
    problem = api.get("/v1/entities/nobody").json()
    page, _, code = problem["type"].partition("#")
    assert code == "not_found" and f'id="{code}"' in api.get(page).text
