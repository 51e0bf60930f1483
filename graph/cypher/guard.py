"""The check of a user's statement and its parameters, before the server sees them.

The text is no proof that a statement only reads: its type and plan are (`graph.cypher.plan`). This
check protects the planner itself: some short statements hang it for good, and no timeout of the
server interrupts it. It also gives its messages the position in the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, get_args

from graph.cypher.plan import BEFORE_BRACKET, FUNCTIONS, NONDETERMINISTIC, PROCEDURES
from graph.cypher.tokens import Token, alternatives, height, position, tokens, without_escapes
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
#: The most XORs in one statement: the planner's rewriting of them is exponential.
MOST_XORS = 8
#: The most alternatives of a label expression (`graph.cypher.tokens.alternatives`): 4,096 take the
#: planner half a second, and 131,072 six.
MOST_ALTERNATIVES = 5_000
#: The most nested lists and maps in parameters: each level takes a frame of the server's stack.
DEEPEST_PARAMETER = 20
#: The most parameters.
MOST_PARAMETERS = 100
#: The bound of a whole number in Cypher.
LARGEST = 2**63

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
Mode = Literal["EXPLAIN", "PROFILE"]
#: The versions of Cypher that a statement may begin with.
LANGUAGES = ("5", "25")
#: Keywords of clauses that no read needs.
_CLAUSES: dict[str, CypherCode] = {
    "USE": "cypher_admin",
    "SHOW": "cypher_admin",
    "TERMINATE": "cypher_admin",
}
#: What SHOW may be followed by, after words such as FULLTEXT or UNIQUE.
_SCHEMA = frozenset({"INDEX", "INDEXES", "CONSTRAINT", "CONSTRAINTS"})
_SCHEMA_KINDS = frozenset(
    """
    all exist existence exists fulltext key lookup node point property range rel relationship text
    type unique uniqueness vector
    """.upper().split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked statement: its parameters, and whether it gives the same result each time.

    `text` has blanks in place of EXPLAIN or PROFILE, which `mode` names.
    """

    text: str
    parameters: frozenset[str]
    deterministic: bool
    mode: Mode | None = None


def check_statement(text: str) -> Statement:
    """Check the text of a statement. Raises `CypherFault` with the first fault.

    A byte order mark at its beginning, which editors write, is left out.
    """
    text = without_escapes(text.removeprefix("\ufeff"))
    _check_length(text)
    sequence = tokens(text)
    if not sequence:
        raise CypherFault("cypher_syntax", "The statement is empty.")
    check = _Check(text, sequence)
    mode = check.prefix()
    check.one_statement()
    check.depth()
    check.counts()
    check.words()
    if mode is not None:
        start = sequence[check.words_at(mode)].start
        text = f"{text[:start]}{' ' * len(mode)}{text[start + len(mode) :]}"
    deterministic = mode is None and check.deterministic()
    return Statement(text, frozenset(check.parameters()), deterministic, mode)


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

    def words_at(self, word: str) -> int:
        """The index of the first token that is this word."""
        return self._words.index(word)

    def prefix(self) -> Mode | None:
        """EXPLAIN or PROFILE, or none of them, and the version of Cypher in any order."""
        mode: Mode | None = None
        language, index = False, 0
        while True:
            word = self._word_at(index)
            if word == "CYPHER" and not language:
                if self._text_at(index + 1) not in LANGUAGES or self._text_at(index + 3) == "=":
                    message = "CYPHER is followed by 5 or 25, and by no option."
                    raise self._fault("cypher_option", message, index, operator=word)
                language, index = True, index + 2
            elif word in get_args(Mode) and mode is None:
                mode, index = "EXPLAIN" if word == "EXPLAIN" else "PROFILE", index + 1
            elif word in ("CYPHER", *get_args(Mode)):
                message = f"{word} is one prefix too many."
                raise self._fault("cypher_option", message, index, operator=word)
            elif index == len(self._tokens):
                raise CypherFault("cypher_syntax", "The statement is empty.")
            else:
                return mode

    def one_statement(self) -> None:
        """One statement: a semicolon may only end it, and no command of a client begins it."""
        if self._text_at(0) == ":":
            message = (
                "A line that begins with a colon is a command of Neo4j Browser or cypher-shell: "
                "send the statement alone, and its values as parameters."
            )
            raise self._fault("cypher_statements", message, 0, operator=":")
        for index, token in enumerate(self._tokens[:-1]):
            if token.text == ";":
                raise self._fault(
                    "cypher_statements", "Send one statement at a time.", index, operator=";"
                )

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
        xors = self._words.count("XOR")
        if xors > MOST_XORS:
            raise CypherFault(
                "cypher_limit",
                f"XOR occurs {xors} times in the statement; at most {MOST_XORS} are allowed, since "
                "more can overload Neo4j's planner.",
                operator="XOR",
            )
        if alternatives(self._tokens) > MOST_ALTERNATIVES:
            raise CypherFault(
                "cypher_limit",
                f"A label expression stands for more than {MOST_ALTERNATIVES:,} alternatives, "
                "which would overload Neo4j's planner: compare labels(n) with a list instead.",
                operator="&",
            )
        words = [self._keyword(index) for index in range(len(self._tokens))]
        if height(self._tokens, words) > HIGHEST:
            raise CypherFault(
                "cypher_limit",
                f"An expression has more than {HIGHEST} nested steps: split it, or compare with a "
                "list in a parameter, as in n.id IN $ids.",
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
            if word in _CLAUSES and not (word == "SHOW" and self._is_schema(index + 1)):
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

    def _is_schema(self, index: int) -> bool:
        """Whether the words from here on name indexes or constraints."""
        while self._word_at(index) in _SCHEMA_KINDS:
            index += 1
        return self._word_at(index) in _SCHEMA

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
        """Yield the names of the parameters: `$name`, and `$` before a quoted name.

        `$any(…)` and `$all(…)` are dynamic labels and types, and no parameters.
        """
        for index, token in enumerate(self._tokens[:-1]):
            name, word = self._tokens[index + 1].name, self._words[index + 1]
            dynamic = word in ("ANY", "ALL") and self._text_at(index + 2) == "("
            if token.text == "$" and name and not dynamic:
                yield name

    def deterministic(self) -> bool:
        """Whether it calls no function of chance or of the time of day, nor asks for the schema."""
        if any(self._keyword(index) == "SHOW" for index in range(len(self._tokens))):
            return False
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
        raise _parameter_fault('are not a JSON object, such as {"name": "value"}')
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
        _check_parts(name, value)
    return dict(parameters)


def _check_parts(name: str, value: Any) -> None:
    """Check a value and all values in it, which may be half a million."""
    level, depth = [value], 1
    while level:
        if depth > DEEPEST_PARAMETER:
            raise _parameter_fault(f"is nested more than {DEEPEST_PARAMETER} deep", name)
        below: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                below += part
                below += part.values()
            elif isinstance(part, list):
                below += part
            else:
                _check_value(name, part)
        level, depth = below, depth + 1


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
