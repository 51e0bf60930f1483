"""Cypher that a person can read: clauses and items on lines of their own.

Statements are put together from literals of this package alone; values go as parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import LiteralString

#: The width that lines of short expressions are filled to.
_WIDTH = 88


def lines(*clauses: LiteralString) -> LiteralString:
    """Return clauses one below the other; empty ones leave no trace."""
    return "\n".join([clause for clause in clauses if clause])


def indented(text: LiteralString) -> LiteralString:
    """Return a text two columns further to the right."""
    return "\n".join(["  " + line for line in text.splitlines()])


def where(*conditions: LiteralString) -> LiteralString:
    """Return a WHERE that every condition must pass; nothing where there is no condition."""
    if not conditions:
        return ""
    return "WHERE " + indented("\nAND ".join(_rows(conditions, " AND "))).lstrip()


def items(*expressions: LiteralString) -> LiteralString:
    """Return expressions with commas between them, as many on a line as have room.

    Lines after the first are indented.
    """
    return indented(",\n".join(_rows(expressions, ", "))).lstrip()


def _rows(expressions: Sequence[LiteralString], between: LiteralString) -> list[LiteralString]:
    """Put expressions together to lines; one that has lines itself begins on one."""
    rows: list[LiteralString] = []
    for expression in expressions:
        if rows and len(rows[-1]) + len(expression) < _WIDTH and "\n" not in rows[-1] + expression:
            rows[-1] = rows[-1] + between + expression
        else:
            rows.append(expression)
    return rows


def record(columns: Mapping[LiteralString, LiteralString], *parts: LiteralString) -> LiteralString:
    """Return a map literal of columns by name; or, after a variable, a projection of `parts`."""
    pairs: list[LiteralString] = [name + ": " + value for name, value in columns.items()]
    return "{\n  " + items(*parts, *pairs) + "\n}"


def call(variables: LiteralString, *clauses: LiteralString) -> LiteralString:
    """Return a subquery that sees some variables, and adds the columns that it returns."""
    return "CALL (" + variables + ") {\n" + indented(lines(*clauses)) + "\n}"


def collect(*clauses: LiteralString) -> LiteralString:
    """Return the list of what a subquery returns, as an expression."""
    return "COLLECT {\n" + indented(lines(*clauses)) + "\n}"
