"""Cypher as a row of tokens: strings, comments and quoted names told from the code around them.

This is no parser: Neo4j has one, and is asked afterwards (`graph.cypher.plan`). It only has to see
every word that could be a keyword, and no word inside a string. Where it could see less than Neo4j
does, it refuses: escapes that Neo4j decodes before it reads anything (`\\u0041`), and characters
outside strings of which nobody can say at a glance what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
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

#: What may stand outside strings beyond ASCII: letters of all scripts with their marks and digits,
#: and spaces. No look-alikes of `-`, `<` and `;`, nothing invisible, no line ends of other sorts.
_PLAIN = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Pc", "Zs"}


class Token(NamedTuple):
    """A piece of a statement; `start` counts characters from 0."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The name in capitals, as keywords are compared; empty for what can be no keyword.

        Letters that only look like ASCII, or become it in another case, count as what they
        resemble: to see one keyword too many costs a person a pair of backticks.
        """
        return unicodedata.normalize("NFKC", self.text).upper() if self.kind == "name" else ""

    @property
    def name(self) -> str:
        """What a name or a quoted name stands for; empty for anything else."""
        if self.kind == "quoted":
            return self.text[1:-1].replace("``", "`")
        return self.text if self.kind == "name" else ""


def tokens(text: str) -> list[Token]:
    """Return the tokens of a statement without spaces and comments.

    Raises `CypherFault`: `cypher_characters` for what could hide a keyword, `cypher_syntax` for a
    string, a comment or a quoted name without an end.
    """
    escape = re.search(r"\\[uU]", text)
    if escape is not None:
        raise CypherFault(
            "cypher_characters",
            r"Escapes such as \u0041 are not taken, since they can hide words: write the "
            "character itself, or give it in a parameter.",
            at=place(text, escape.start()),
        )
    return list(_scan(text))


def _scan(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, found, start = str(match.lastgroup), match.group(), match.start()
        if kind == "open":
            raise CypherFault(
                "cypher_syntax", f"A {_OPEN[found]} has no end.", at=place(text, start)
            )
        if kind != "string":
            _check_characters(text, found, start)
        if kind not in ("space", "comment"):
            yield Token(kind, found, start)


def _check_characters(text: str, part: str, start: int) -> None:
    if part.isascii() and part.isprintable():
        return
    for offset, character in enumerate(part):
        if character in "\t\r\n" or (character.isascii() and character.isprintable()):
            continue
        if unicodedata.category(character) not in _PLAIN:
            name = unicodedata.name(character, "a character without a name")
            raise CypherFault(
                "cypher_characters",
                f"{name} (U+{ord(character):04X}) can stand in strings and parameters only.",
                at=place(text, start + offset),
            )


def place(text: str, start: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character of the text."""
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
