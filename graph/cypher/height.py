"""How high the tree of a statement's expressions can be: Neo4j's planner climbs it by recursion.

A tree that is too high fills the stack of the server's thread, which then never answers: a chain of
180 operators did so on a fresh server. The height is estimated from above, by tokens: each
bracket, CASE and operator in one expression may stand upon the others, and the highest of what is
inside brackets may stand below all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.cypher.tokens import Token

_CLOSES = {")": "(", "]": "[", "}": "{", "END": "CASE"}
_OPENS = frozenset(_CLOSES.values())
#: Comparisons are missing: the planner keeps a chain of them flat.
_OPERATORS = frozenset(
    {"+", "-", "*", "/", "%", "^", "|", "&", "!", ":", "AND", "OR", "XOR", "NOT"}
)
#: What ends an expression at its own level.
_ENDS = frozenset(
    """
    , ; AS BY CALL DELETE ELSE FILTER FINISH LET LIMIT MATCH OFFSET OPTIONAL ORDER RETURN SET SKIP
    THEN UNION UNWIND WHEN WHERE WITH YIELD
    """.upper().split()
)
#: After these a word is an operand, whatever it reads like.
_BEFORE_OPERAND = _OPERATORS | {"=", "<", ">", "~", ".", "$", "IN", "STARTS", "ENDS", "CONTAINS"}
#: After these a square bracket is an index, and no list.
_BEFORE_INDEX = frozenset({"name", "quoted", "string", ")", "]", "}"})


@dataclass(slots=True)
class _Expression:
    """What is inside one pair of brackets, up to here; `opened` is the first of the pair."""

    opened: str = ""
    highest: int = 0
    operators: int = 0
    inside: int = 0
    run: int = 0
    longest_run: int = 0

    def step(self) -> None:
        """One more `.name` or `[index]` upon the last one."""
        self.run += 1
        self.longest_run = max(self.longest_run, self.run)

    def end(self) -> None:
        """The expression ends, and the next one stands beside it."""
        self.highest = max(self.highest, self.operators + self.inside + self.longest_run)
        self.operators = self.inside = self.run = self.longest_run = 0


def height(tokens: Sequence[Token], words: Sequence[str]) -> int:
    """Return the height; `words` are the keywords at each token, empty where there is none."""
    stack = [_Expression()]
    before = ""
    for token, word in zip(tokens, words, strict=True):
        what = word or (token.text if token.kind == "mark" else "")
        _take(stack, what, before)
        # A word that is no keyword here stands for a value.
        before = what if what in _BEFORE_OPERAND or token.kind == "mark" else token.kind
    while len(stack) > 1:
        _close(stack)
    stack[0].end()
    return stack[0].highest


def _take(stack: list[_Expression], what: str, before: str) -> None:
    top = stack[-1]
    if what == "." or (what == "[" and before in _BEFORE_INDEX):
        top.step()
    elif what not in ("", "]"):
        top.run = 0
    if what in _ENDS and before not in _BEFORE_OPERAND:
        top.end()
    elif what in _OPERATORS:
        top.operators += 1
    elif what in _OPENS:
        stack.append(_Expression(what))
    elif any(expression.opened == _CLOSES.get(what) for expression in stack):
        while stack[-1].opened != _CLOSES[what]:
            _close(stack)
        _close(stack)


def _close(stack: list[_Expression]) -> None:
    closed = stack.pop()
    closed.end()
    stack[-1].inside = max(stack[-1].inside, closed.highest + 1)
