"""Cypher as a sequence of tokens, and the height of its expressions.

This is not a parser: Neo4j's own parser follows (`graph.cypher.plan`). The tokens separate strings,
comments and quoted names from the code around them: every word that could be a keyword has to be
visible, and no word inside a string. What could hide a word is refused: escapes that Neo4j decodes
before it parses (`\\u0041`), look-alike or invisible characters in the code itself, and what some
program takes for the end of a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph.errors import CypherFault

_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\r\n]* | /\*.*?\*/ )
  | (?P<string>  '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
  | (?P<quoted>  `(?:[^`]|``)*` )
  | (?P<open>    /\* | ['"`] )
  | (?P<number>  \d+ )
  | (?P<name>    [^\W\d]\w* )
  | (?P<space>   \s+ )
  | (?P<mark>    . )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = {"/*": "comment", "'": "string", '"': "string", "`": "quoted name"}

#: The characters beyond ASCII that are allowed outside strings: letters of all scripts with their
#: marks and digits, and spaces. No look-alikes of `-`, `<` and `;`, no invisible characters, no
#: unusual line separators.
_PLAIN = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Pc", "Zs"}
#: The categories that comments and quoted names may not hold: control characters and separators of
#: lines and paragraphs.
_BREAKS = {"Cc", "Zl", "Zp"}
#: An escape that Neo4j decodes, also in names and comments: a backslash counts unless the one
#: before it escapes it.
_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?=[uU])")
#: One of a character beyond ASCII, as programs write texts that have them.
_HARMLESS = re.compile(r"(?<!\\)((?:\\\\)*)\\u((?!00[0-7])[0-9A-Fa-f]{4})")


class Token(NamedTuple):
    """A piece of a statement; `start` counts characters from 0."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The name in capitals, as keywords are compared; empty if it cannot be a keyword.

        Letters that look like ASCII, or become ASCII in another case, count as the letter they
        resemble: the price of one keyword too many is a pair of backticks.
        """
        return unicodedata.normalize("NFKC", self.text).upper() if self.kind == "name" else ""

    @property
    def name(self) -> str:
        """The name of a plain or quoted identifier; empty for other tokens."""
        if self.kind == "quoted":
            return self.text[1:-1].replace("``", "`")
        return self.text if self.kind == "name" else ""


def without_escapes(text: str) -> str:
    """Return a statement with the characters beyond ASCII that its escapes stand for.

    What follows sees the characters themselves, so that nothing is hidden.
    """
    text = _HARMLESS.sub(lambda match: match[1] + chr(int(match[2], 16)), text)
    try:  # Two halves of a pair are one character.
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:  # A half by itself is refused.
        return text


def tokens(text: str) -> list[Token]:
    """Return the tokens of a statement without spaces and comments.

    Raises `CypherFault`: `cypher_characters` for a character that could hide a keyword,
    `cypher_syntax` for an unterminated string, comment or quoted name.
    """
    escape = _ESCAPE.search(text)
    if escape is not None:
        raise CypherFault(
            "cypher_characters",
            r"Escapes of ASCII, such as \u0041, are not allowed, since they can hide words: write "
            "the character itself, or pass it in a parameter.",
            at=position(text, escape.end() - 1),
        )
    return list(_scan(text))


def _scan(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, part, start = str(match.lastgroup), match.group(), match.start()
        if kind == "open":
            raise CypherFault(
                "cypher_syntax", f"A {_OPEN[part]} has no end.", at=position(text, start)
            )
        if kind != "string":
            _check_characters(text, part, start, kind)
        if kind not in ("space", "comment"):
            yield Token(kind, part, start)


def _check_characters(text: str, part: str, start: int, kind: str) -> None:
    if part.isascii() and part.isprintable():
        return
    for offset, character in enumerate(part):
        if character in "\t\r\n" or (character.isascii() and character.isprintable()):
            continue
        category = unicodedata.category(character)
        if category in _BREAKS or (category not in _PLAIN and kind not in ("comment", "quoted")):
            name = unicodedata.name(character, "a character without a name")
            places = "strings and parameters"
            if category not in _BREAKS:
                places = "strings, comments, parameters and names in backticks"
            raise CypherFault(
                "cypher_characters",
                f"{name} (U+{ord(character):04X}) is allowed in {places} only.",
                at=position(text, start + offset),
            )


def position(text: str, start: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character of the text."""
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


_CLOSES = {")": "(", "]": "[", "}": "{", "END": "CASE"}
_OPENS = frozenset(_CLOSES.values())
#: Without comparisons: the planner keeps a chain of them flat.
_OPERATORS = frozenset(
    {"+", "-", "*", "/", "%", "^", "|", "&", "!", ":", "AND", "OR", "XOR", "NOT"}
)
#: These end an expression at its own level.
_ENDS = frozenset(
    """
    , ; AS BY CALL DELETE ELSE FILTER FINISH LET LIMIT MATCH NEXT OFFSET OPTIONAL ORDER RETURN SET
    SKIP THEN UNION UNWIND WHEN WHERE WITH YIELD
    """.upper().split()
)
#: After these a word is an operand, even if it looks like a keyword.
_BEFORE_OPERAND = _OPERATORS | {"=", "<", ">", "~", ".", "$", "IN", "STARTS", "ENDS", "CONTAINS"}
#: After these a square bracket is an index, not a list.
_BEFORE_INDEX = frozenset({"name", "quoted", "string", ")", "]", "}"})


@dataclass(slots=True)
class _Expression:
    """The content of one pair of brackets up to here; `bracket` is the opening one."""

    bracket: str = ""
    highest: int = 0
    operators: int = 0
    inside: int = 0
    run: int = 0
    longest_run: int = 0

    def step(self) -> None:
        """One more `.name` or `[index]` on the last one."""
        self.run += 1
        self.longest_run = max(self.longest_run, self.run)

    def end(self) -> None:
        """The expression ends; the next one starts at the same level."""
        self.highest = max(self.highest, self.operators + self.inside + self.longest_run)
        self.operators = self.inside = self.run = self.longest_run = 0


def height(tokens: Sequence[Token], words: Sequence[str]) -> int:
    """Return how high the tree of a statement's expressions can be, estimated from above.

    Neo4j's planner climbs this tree by recursion. A tree that is too high overflows the stack of
    the server's thread, which then never answers: a chain of 180 operators did so on a fresh
    server. Each bracket, CASE and operator of an expression counts as one level on the others, and
    the highest expression inside brackets as below all of them. `words` are the keywords at each
    token, empty where there is none.
    """
    stack = [_Expression()]
    before = ""
    for token, word in zip(tokens, words, strict=True):
        symbol = word or (token.text if token.kind == "mark" else "")
        _add(stack, symbol, before)
        # A word that is not a keyword here is a value.
        before = symbol if symbol in _BEFORE_OPERAND or token.kind == "mark" else token.kind
    while len(stack) > 1:
        _close(stack)
    stack[0].end()
    return stack[0].highest


def _add(stack: list[_Expression], symbol: str, before: str) -> None:
    top = stack[-1]
    if symbol == "." or (symbol == "[" and before in _BEFORE_INDEX):
        top.step()
    elif symbol not in ("", "]"):
        top.run = 0
    if symbol in _ENDS and before not in _BEFORE_OPERAND:
        top.end()
    elif symbol in _OPERATORS:
        top.operators += 1
    elif symbol in _OPENS:
        stack.append(_Expression(symbol))
    elif any(expression.bracket == _CLOSES.get(symbol) for expression in stack):
        while stack[-1].bracket != _CLOSES[symbol]:
            _close(stack)
        _close(stack)


def _close(stack: list[_Expression]) -> None:
    closed = stack.pop()
    closed.end()
    stack[-1].inside = max(stack[-1].inside, closed.highest + 1)


def alternatives(tokens: Sequence[Token]) -> int:
    """Return the most alternatives that one label expression has when it is written out.

    `(A|B)&(C|D)` has four, and `A|B|C|D` as well. The planner writes them out, which takes it
    exponential time. What is no label expression has one alternative for each `|` in it, or fewer.
    """
    stack, negated, most = [_Alternatives()], False, 1
    for token in tokens:
        symbol, top = token.text if token.kind == "mark" else "", stack[-1]
        if symbol == "(":
            stack.append(_Alternatives(negated))
        elif symbol == ")" and len(stack) > 1:
            top = stack.pop()
            plain, negation = top.total()
            stack[-1].operand = (negation, plain) if top.negated else (plain, negation)
        elif symbol in ("|", "&"):
            top.join(symbol)
        elif symbol not in ("!", ":", "%") and not token.name:
            top.restart()
        negated = symbol == "!" and not negated
        most = max(most, stack[-1].total()[0])
    return most


@dataclass(slots=True)
class _Alternatives:
    """The alternatives of an expression in brackets up to here, and those of its negation."""

    negated: bool = False
    before: tuple[int, int] = (0, 1)
    conjunction: tuple[int, int] = (1, 0)
    operand: tuple[int, int] = (1, 1)

    def _conjunction(self) -> tuple[int, int]:
        return self.conjunction[0] * self.operand[0], self.conjunction[1] + self.operand[1]

    def total(self) -> tuple[int, int]:
        """Return both numbers, the last operand included."""
        whole = self._conjunction()
        return self.before[0] + whole[0], self.before[1] * whole[1]

    def join(self, operator: str) -> None:
        """Add an operator after the last operand."""
        if operator == "|":
            self.before, self.conjunction = self.total(), (1, 0)
        else:
            self.conjunction = self._conjunction()
        self.operand = (1, 1)

    def restart(self) -> None:
        """Begin another expression at the same level."""
        self.before, self.conjunction, self.operand = (0, 1), (1, 0), (1, 1)
