"""What the server says that a statement would do: its type, and every operator of its plan.

EXPLAIN runs nothing. The type alone is not enough, since statements that read files, list other
people's queries or end them count as reading; nor are the operators, since a subquery inside CASE
or a list comprehension is none, and shows only in the text of its operator's details.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graph.cypher.allowed import FUNCTIONS, PROCEDURES
from graph.errors import CypherCode, CypherFault

#: A whole string or quoted name in the details of an operator.
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`]|``)*`""", re.DOTALL)
_IMPORT = re.compile(r"\bLOAD\s+CSV\b", re.IGNORECASE)
_CALL = re.compile(r"(?:\bCALL\s+|\bResolvedCall\()([^\W\d]\w*(?:\s*\.\s*\w+)*)", re.IGNORECASE)
#: A dotted name before a bracket: built-in names without a dot are checked in the text.
_FUNCTION = re.compile(r"(?<![\w.@])([^\W\d]\w*(?:\.[^\W\d]\w*)+)\(")

#: What operators' names begin with, and what those are refused as. Operators of new servers that
#: are in no row are reads: whatever changes something has another type than `r`.
_OPERATORS: tuple[tuple[re.Pattern[str], CypherCode, str], ...] = (
    (re.compile(r"LoadCSV"), "cypher_import", "no file and no address is read"),
    (
        re.compile(r"Transaction(Apply|Foreach)"),
        "cypher_write",
        "a statement runs in one transaction",
    ),
    (
        re.compile(r"(Show|Terminate|Administration|System|Alter|Start|Stop|Wait)"),
        "cypher_admin",
        "a statement asks this graph, and nothing of the server",
    ),
)
_KINDS = {
    "rw": "it reads and writes",
    "w": "it writes",
    "s": "it changes the schema or the server",
}
_WRITES = re.compile(
    r"Create|Merge|Delete|Detach|Set|Remove|Foreach|Drop|Administration|Lock|Procedure"
)


def check(query_type: str | None, plan: Mapping[str, Any] | None, database: str | None) -> None:
    """Raise `CypherFault` unless this is the plan of a query that only reads this database.

    `database` is the one that the statement would run on, or None if it is the one it was sent to.
    """
    if plan is None:
        raise CypherFault("cypher_write", "The server gave no plan of the statement.")
    operators = list(_walk(plan))
    if query_type != "r":
        raise _not_read(query_type, [name for name, _ in operators])
    if database is not None:
        raise CypherFault(
            "cypher_admin", f"The statement would run on another database, {database}."
        )
    for name, details in operators:
        _check_operator(name, details)


def _walk(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each operator's name, without the database, and its details."""
    name = str(plan["operatorType"]).partition("@")[0]
    yield name, str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _walk(child)


def _not_read(query_type: str | None, names: list[str]) -> CypherFault:
    operator = next((name for name in names if _WRITES.search(name)), names[0])
    does = _KINDS.get(str(query_type), f"its type is {query_type!r}")
    return CypherFault(
        "cypher_write",
        f"The statement is refused, since {does} ({operator}): only what reads is taken.",
        operator=operator,
    )


def _check_operator(name: str, details: str) -> None:
    for pattern, code, why in _OPERATORS:
        if pattern.match(name):
            raise CypherFault(code, f"{name} is refused: {why}.", operator=name)
    text = _QUOTED.sub("''", details)
    if name == "ProcedureCall":
        _check_procedure(re.split(r"[(\s]", text, maxsplit=1)[0])
    if _IMPORT.search(text):
        raise CypherFault(
            "cypher_import",
            "LOAD CSV is refused: no file and no address is read.",
            operator="LOAD CSV",
        )
    for found in _CALL.findall(text):
        _check_procedure(re.sub(r"\s", "", found))
    for found in _FUNCTION.findall(text):
        if found.lower() not in FUNCTIONS and found not in PROCEDURES:
            raise CypherFault(
                "cypher_function", f"The function {found} is not taken.", operator=found
            )


def _check_procedure(name: str) -> None:
    if name not in PROCEDURES:
        raise CypherFault("cypher_procedure", f"The procedure {name} is not taken.", operator=name)
