"""What a statement's text is refused for, before the server sees it.

The text is no proof that a statement only reads: the type and the plan that the server gives are
(`graph.cypher.plan`). It is what keeps the planner itself out of harm: some short statements hang
it for good, and no timeout of the server reaches it. And it names what a person wrote, at its
place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.cypher.allowed import BEFORE_BRACKET, FUNCTIONS, PROCEDURES, UNSTEADY
from graph.cypher.height import height
from graph.cypher.tokens import Token, place, tokens
from graph.errors import CypherCode, CypherFault

#: Bytes of a statement in UTF-8.
LONGEST = 10_000
#: Brackets of all sorts, and CASE, inside one another.
DEEPEST = 40
#: Curly brackets inside one another: the planner's time doubles with each subquery in a subquery.
SUBQUERIES = 8
#: NOTs or exclamation marks in a row, brackets between them not counted.
NEGATIONS = 10
#: How high the expressions may be (`graph.cypher.height`): 120 was planned by a fresh server, 180
#: was not.
HIGHEST = 80
#: How often each may stand in one statement: the planner rewrites XOR and label expressions into
#: something exponential, and one of 24 label alternatives took all of a server's memory.
OFTEN = {"XOR": 8, "&": 8}

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
#: What a statement may not begin with: it would run as something else than a query.
_PREFIXES: dict[str, CypherCode] = {
    "EXPLAIN": "cypher_option",
    "PROFILE": "cypher_option",
    "CYPHER": "cypher_option",
}
#: Words that begin what no question needs, wherever they stand as a keyword may.
_CLAUSES: dict[str, CypherCode] = {
    "USE": "cypher_admin",
    "SHOW": "cypher_admin",
    "TERMINATE": "cypher_admin",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that passed: the parameters that it names, and whether it gives the same each time."""

    text: str
    parameters: frozenset[str]
    steady: bool


def read(text: str) -> Statement:
    """Check a statement's text. Raises `CypherFault` with the first thing that is wrong."""
    _check_length(text)
    found = tokens(text)
    if not found:
        raise CypherFault("cypher_syntax", "The statement is empty.")
    check = _Check(text, found)
    check.one_statement()
    check.depth()
    check.counts()
    check.words()
    return Statement(text, frozenset(check.parameters()), check.steady())


def _check_length(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise CypherFault(
            "cypher_characters",
            "The statement holds half of a surrogate pair, which is no character.",
            at=place(text, error.start),
        ) from error
    if size > LONGEST:
        raise CypherFault(
            "cypher_limit",
            f"The statement has {size:,} bytes; {LONGEST:,} are the most. Long lists belong into "
            "parameters.",
        )


class _Check:
    """The tokens of one statement, with what each rule wants to know of them."""

    def __init__(self, text: str, found: Sequence[Token]) -> None:
        self._text = text
        self._tokens = found
        self._words = [token.word for token in found]

    def _fault(self, code: CypherCode, message: str, index: int, operator: str) -> CypherFault:
        at = place(self._text, self._tokens[index].start)
        return CypherFault(code, message, operator=operator, at=at)

    def _text_at(self, index: int) -> str:
        return self._tokens[index].text if 0 <= index < len(self._tokens) else ""

    def _word_at(self, index: int) -> str:
        return self._words[index] if index < len(self._words) else ""

    def one_statement(self) -> None:
        """One statement, which is a query and nothing that wraps one."""
        for index, token in enumerate(self._tokens[:-1]):
            if token.text == ";":
                raise self._fault(
                    "cypher_statements", "Send one statement at a time.", index, operator=";"
                )
        first = self._words[0]
        if first in _PREFIXES:
            message = f"{first} is not taken: send the query itself."
            raise self._fault(_PREFIXES[first], message, 0, operator=first)

    def depth(self) -> None:
        """Brackets that close, and not too many inside one another."""
        awaited: list[str] = []
        cases = 0
        for index, token in enumerate(self._tokens):
            if token.kind == "mark" and token.text in _BRACKETS:
                awaited.append(_BRACKETS[token.text])
            elif token.kind == "mark" and awaited and token.text == awaited[-1]:
                awaited.pop()
            elif self._keyword(index) in ("CASE", "END"):
                cases += 1 if self._words[index] == "CASE" else -1
            deep = len(awaited) + max(cases, 0) > DEEPEST
            if deep or awaited.count("}") > SUBQUERIES:
                message = f"Brackets are more than {DEEPEST} deep, or curly ones {SUBQUERIES}."
                raise self._fault("cypher_limit", message, index, operator=token.text)

    def counts(self) -> None:
        """Nothing that the planner cannot follow."""
        self._check_negations()
        counts = Counter(t.word or t.text for t in self._tokens)
        for name, most in OFTEN.items():
            if counts[name] > most:
                self._too_often(name, counts[name], most)
        words = [self._keyword(index) for index in range(len(self._tokens))]
        if height(self._tokens, words) > HIGHEST:
            raise CypherFault(
                "cypher_limit",
                f"An expression has more than {HIGHEST} steps, one upon the other: split it, or "
                "compare with a list in a parameter, as in n.id IN $ids.",
            )

    def _too_often(self, name: str, count: int, most: int) -> None:
        raise CypherFault(
            "cypher_limit",
            f"{name} stands {count} times in the statement; {most} are the most that Neo4j's "
            "planner is trusted with.",
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
                message = f"More than {NEGATIONS} negations follow one another."
                raise self._fault("cypher_limit", message, index, operator="NOT")

    def words(self) -> None:
        """No clause, procedure or function but those that a question needs."""
        for index in range(len(self._tokens)):
            word = self._keyword(index)
            if word in _CLAUSES:
                message = (
                    f"{word} is not taken: a statement asks this graph, and nothing of the server. "
                    "A name of your own that reads so needs backticks."
                )
                raise self._fault(_CLAUSES[word], message, index, operator=word)
            if word == "LOAD" and self._word_at(index + 1) == "CSV":
                message = "LOAD CSV is not taken: no file and no address is read."
                raise self._fault("cypher_import", message, index, operator="LOAD CSV")
            if word == "CALL":
                self._check_procedure(index)
            if self._text_at(index) == "(":
                self._check_function(index)

    def _keyword(self, index: int) -> str:
        """The word, unless it names something: `n.call`, `:Load`, `$use`, `{show: 1}`."""
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
                f"The procedure {name} is not taken; there are {', '.join(sorted(PROCEDURES))}."
            )
            raise self._fault("cypher_procedure", message, index, operator=name)

    def _check_function(self, index: int) -> None:
        name, start = self._called(index)
        allowed = not name or name.lower() in FUNCTIONS or name in PROCEDURES
        if allowed or (start == index - 1 and self._words[start] in BEFORE_BRACKET):
            return
        if self._is_hint(start):
            return
        message = f"The function {name} is not taken: only Neo4j's own, which read nothing but data"
        raise self._fault("cypher_function", f"{message}.", start, operator=name)

    def _called(self, bracket: int) -> tuple[str, int]:
        """The name that stands before a bracket, such as `point.distance`, and where it starts."""
        start = bracket
        while start > 0 and self._tokens[start - 1].name:
            start -= 1
            if self._text_at(start - 1) != ".":
                break
            start -= 1
        return ".".join(t.name for t in self._tokens[start:bracket] if t.name), start

    def _is_hint(self, start: int) -> bool:
        """Whether it is the label of `USING INDEX n:Label(property)`."""
        before = self._words[max(start - 4, 0) : start]
        return self._text_at(start - 1) == ":" and bool({"INDEX", "SEEK"} & set(before))

    def parameters(self) -> Iterator[str]:
        """Name the parameters: `$name`, and `$` before a quoted one."""
        for index, token in enumerate(self._tokens[:-1]):
            if token.text == "$" and self._tokens[index + 1].name:
                yield self._tokens[index + 1].name

    def steady(self) -> bool:
        """Whether nothing in it asks for chance or for the time of day."""
        return not any(
            self._text_at(index) == "(" and self._called(index)[0].lower() in UNSTEADY
            for index in range(len(self._tokens))
        )


def _chain(rest: Sequence[Token]) -> Iterator[str]:
    """Yield the parts of a dotted name that stands first."""
    for index, token in enumerate(rest):
        if index % 2 and token.text != ".":
            return
        if index % 2 == 0:
            if not token.name:
                return
            yield token.name
