"""The check of a user's statement and its parameters, before the server sees them.

The text is no proof that a statement only reads: its type and plan are (`graph.cypher.plan`). This
check protects the planner itself: some short statements hang it for good, and no timeout of the
server interrupts it. It also gives its messages the position in the text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from graph.cypher.plan import BEFORE_BRACKET, FUNCTIONS, NONDETERMINISTIC, PROCEDURES
from graph.cypher.tokens import Token, height, position, tokens
from graph.errors import CypherCode, CypherFault

#: The most bytes of a statement in UTF-8.
LONGEST = 10_000
#: The most nested brackets of all kinds, with CASE.
DEEPEST = 40
#: The most nested curly brackets: planning takes twice as long with each nested subquery.
SUBQUERIES = 8
#: The most NOTs or exclamation marks in a row, not counting brackets between them.
NEGATIONS = 10
#: The greatest height of expressions (`graph.cypher.tokens.height`): a fresh server planned 120,
#: and did not plan 180.
HIGHEST = 80
#: The most of each in one statement: the planner's rewriting of XOR and of label expressions is
#: exponential, and one with 24 label alternatives took all of a server's memory.
OFTEN = {"XOR": 8, "&": 8}
#: The most nested lists and maps in parameters: each level takes a frame of the server's stack.
DEEPEST_PARAMETER = 20
#: The most parameters.
MOST_PARAMETERS = 100
#: The bound of a whole number in Cypher.
LARGEST = 2**63

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
#: Words that a statement may not begin with: it would not run as a plain query.
_PREFIXES: dict[str, CypherCode] = {
    "EXPLAIN": "cypher_option",
    "PROFILE": "cypher_option",
    "CYPHER": "cypher_option",
}
#: Keywords of clauses that no read needs.
_CLAUSES: dict[str, CypherCode] = {
    "USE": "cypher_admin",
    "SHOW": "cypher_admin",
    "TERMINATE": "cypher_admin",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked statement: its parameters, and whether it gives the same result each time."""

    text: str
    parameters: frozenset[str]
    deterministic: bool


def check_statement(text: str) -> Statement:
    """Check the text of a statement. Raises `CypherFault` with the first fault."""
    _check_length(text)
    sequence = tokens(text)
    if not sequence:
        raise CypherFault("cypher_syntax", "The statement is empty.")
    check = _Check(text, sequence)
    check.one_statement()
    check.depth()
    check.counts()
    check.words()
    return Statement(text, frozenset(check.parameters()), check.deterministic())


def _check_length(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise CypherFault(
            "cypher_characters",
            "The statement contains half of a surrogate pair, which is not a character.",
            at=position(text, error.start),
        ) from error
    if size > LONGEST:
        raise CypherFault(
            "cypher_limit",
            f"The statement has {size:,} bytes; at most {LONGEST:,} are allowed. Pass long lists "
            "as parameters.",
        )


class _Check:
    """The rules, applied to the tokens of one statement."""

    def __init__(self, text: str, sequence: Sequence[Token]) -> None:
        self._text = text
        self._tokens = sequence
        self._words = [token.word for token in sequence]

    def _fault(self, code: CypherCode, message: str, index: int, operator: str) -> CypherFault:
        at = position(self._text, self._tokens[index].start)
        return CypherFault(code, message, operator=operator, at=at)

    def _text_at(self, index: int) -> str:
        return self._tokens[index].text if 0 <= index < len(self._tokens) else ""

    def _word_at(self, index: int) -> str:
        return self._words[index] if index < len(self._words) else ""

    def one_statement(self) -> None:
        """One statement, without a prefix such as EXPLAIN."""
        for index, token in enumerate(self._tokens[:-1]):
            if token.text == ";":
                raise self._fault(
                    "cypher_statements", "Send one statement at a time.", index, operator=";"
                )
        first = self._words[0]
        if first in _PREFIXES:
            message = f"{first} is not allowed: send the query itself."
            raise self._fault(_PREFIXES[first], message, 0, operator=first)

    def depth(self) -> None:
        """Brackets are not nested too deeply."""
        closing: list[str] = []
        cases = 0
        for index, token in enumerate(self._tokens):
            if token.kind == "mark" and token.text in _BRACKETS:
                closing.append(_BRACKETS[token.text])
            elif token.kind == "mark" and closing and token.text == closing[-1]:
                closing.pop()
            elif self._keyword(index) in ("CASE", "END"):
                cases += 1 if self._words[index] == "CASE" else -1
            deep = len(closing) + max(cases, 0) > DEEPEST
            if deep or closing.count("}") > SUBQUERIES:
                message = (
                    f"Brackets are nested more than {DEEPEST} deep, or curly brackets more than "
                    f"{SUBQUERIES}."
                )
                raise self._fault("cypher_limit", message, index, operator=token.text)

    def counts(self) -> None:
        """Nothing that the planner takes exponential time or too much stack for."""
        self._check_negations()
        counts = Counter(t.word or t.text for t in self._tokens)
        for name, most in OFTEN.items():
            if counts[name] > most:
                self._too_often(name, counts[name], most)
        words = [self._keyword(index) for index in range(len(self._tokens))]
        if height(self._tokens, words) > HIGHEST:
            raise CypherFault(
                "cypher_limit",
                f"An expression has more than {HIGHEST} nested steps: split it, or compare with a "
                "list in a parameter, as in n.id IN $ids.",
            )

    def _too_often(self, name: str, count: int, most: int) -> None:
        raise CypherFault(
            "cypher_limit",
            f"{name} occurs {count} times in the statement; at most {most} are allowed, since more "
            "can overload Neo4j's planner.",
            operator=name,
        )

    def _check_negations(self) -> None:
        run = 0
        for index, token in enumerate(self._tokens):
            if self._words[index] == "NOT" or token.text == "!":
                run += 1
            elif token.text != "(":
                run = 0
            if run > NEGATIONS:
                message = f"More than {NEGATIONS} negations in a row."
                raise self._fault("cypher_limit", message, index, operator="NOT")

    def words(self) -> None:
        """Only clauses, procedures and functions that a read needs."""
        for index in range(len(self._tokens)):
            word = self._keyword(index)
            if word in _CLAUSES:
                message = (
                    f"{word} is not allowed: a statement may read this graph, not the server. "
                    "Put backticks around a name of your own that is spelled the same."
                )
                raise self._fault(_CLAUSES[word], message, index, operator=word)
            if word == "LOAD" and self._word_at(index + 1) == "CSV":
                message = "LOAD CSV is not allowed: files and addresses are not read."
                raise self._fault("cypher_import", message, index, operator="LOAD CSV")
            if word == "CALL":
                self._check_procedure(index)
            if self._text_at(index) == "(":
                self._check_function(index)

    def _keyword(self, index: int) -> str:
        """The word, unless it is a name: `n.call`, `:Load`, `$use`, `{show: 1}`."""
        before = self._text_at(index - 1)
        if before in (".", ":", "$") and self._kind_at(index - 2) != "number":
            return ""
        if self._text_at(index + 1) == ":":
            return ""
        return self._words[index]

    def _kind_at(self, index: int) -> str:
        return self._tokens[index].kind if index >= 0 else ""

    def _check_procedure(self, index: int) -> None:
        name = ".".join(_chain(self._tokens[index + 1 :]))
        if name and name not in PROCEDURES:
            message = (
                f"The procedure {name} is not allowed; these are: {', '.join(sorted(PROCEDURES))}."
            )
            raise self._fault("cypher_procedure", message, index, operator=name)

    def _check_function(self, index: int) -> None:
        name, start = self._called(index)
        allowed = not name or name.lower() in FUNCTIONS or name in PROCEDURES
        if allowed or (start == index - 1 and self._words[start] in BEFORE_BRACKET):
            return
        if self._is_hint(start):
            return
        message = f"The function {name} is not allowed: only Neo4j's own that read the graph alone."
        raise self._fault("cypher_function", message, start, operator=name)

    def _called(self, bracket: int) -> tuple[str, int]:
        """The name before a bracket, such as `point.distance`, and the index of its first token."""
        start = bracket
        while start > 0 and self._tokens[start - 1].name:
            start -= 1
            if self._text_at(start - 1) != ".":
                break
            start -= 1
        return ".".join(t.name for t in self._tokens[start:bracket] if t.name), start

    def _is_hint(self, start: int) -> bool:
        """Whether it is the label in `USING INDEX n:Label(property)`."""
        before = self._words[max(start - 4, 0) : start]
        return self._text_at(start - 1) == ":" and bool({"INDEX", "SEEK"} & set(before))

    def parameters(self) -> Iterator[str]:
        """Yield the names of the parameters: `$name`, and `$` before a quoted name."""
        for index, token in enumerate(self._tokens[:-1]):
            if token.text == "$" and self._tokens[index + 1].name:
                yield self._tokens[index + 1].name

    def deterministic(self) -> bool:
        """Whether it calls no function of chance or of the time of day."""
        return not any(
            self._text_at(index) == "(" and self._called(index)[0].lower() in NONDETERMINISTIC
            for index in range(len(self._tokens))
        )


def _chain(rest: Sequence[Token]) -> Iterator[str]:
    """Yield the parts of a dotted name at the beginning."""
    for index, token in enumerate(rest):
        if index % 2 and token.text != ".":
            return
        if index % 2 == 0:
            if not token.name:
                return
            yield token.name


def read_parameters(text: str) -> dict[str, Any]:
    """Read parameters from a JSON object; whole numbers stay whole.

    Raises `CypherFault` for text that is not a JSON object, and as `check_parameters` does.
    """
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _parameter_fault(f"are nested more than {DEEPEST_PARAMETER} deep") from error
    except ValueError as error:
        raise _parameter_fault(f"are not JSON: {error}") from error
    if not isinstance(values, dict):
        raise _parameter_fault('are not a JSON object, such as {"id": "tiandy"}')
    return check_parameters(values)


def check_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters if Cypher can hold their JSON values.

    Raises `CypherFault` for too many or too deeply nested ones, for numbers beyond 64 bits and for
    strings that are not Unicode.
    """
    if len(parameters) > MOST_PARAMETERS:
        raise _parameter_fault(
            f"are {len(parameters):,} in number; at most {MOST_PARAMETERS} are allowed"
        )
    for name, value in parameters.items():
        _check_text(name, name)
        for depth, part in _parts(value, 1):
            if depth > DEEPEST_PARAMETER:
                raise _parameter_fault(f"is nested more than {DEEPEST_PARAMETER} deep", name)
            _check_value(name, part)
    return dict(parameters)


def _parts(value: Any, depth: int) -> Iterator[tuple[int, Any]]:
    """Yield a value and all values in it, each with its depth, down to one level too many."""
    yield depth, value
    if depth > DEEPEST_PARAMETER:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield depth, key
            yield from _parts(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner, depth + 1)


def _check_value(name: str, value: Any) -> None:
    if isinstance(value, str):
        _check_text(name, value)
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        raise _parameter_fault("has a whole number beyond 64 bits: pass it as a string", name)
    elif isinstance(value, float) and not isfinite(value):
        raise _parameter_fault("has a number that JSON does not have", name)


def _check_text(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _parameter_fault("has a string that is not Unicode", name) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _parameter_fault(what: str, name: str | None = None) -> CypherFault:
    subject = "The parameters" if name is None else f"The parameter {name!a}"
    return CypherFault("cypher_parameter", f"{subject} {what}.", operator=name)
