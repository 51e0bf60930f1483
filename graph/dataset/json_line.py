"""One line of JSON, read a second time to say where in it a fault stands.

Lines without fault never come here: pydantic reads them straight from their bytes.
"""

from __future__ import annotations

import json
import re

from graph.dataset.node import DEEPEST, Broken, Node, Unreadable
from graph.faults import printable

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_BARE = re.compile(r"[^\s,\]}]+")

#: What the parsers say (Python's, then pydantic's), and our words for it.
_WORDS = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name": "a name in double quotes is missing",
    "Expecting value": "a value is missing",
    "Illegal trailing comma": "there is a comma too many",
    "Unterminated string": "a text in quotes is not closed",
    "Invalid control character": "a control character stands in a text",
    "Invalid \\": "an escape that does not exist",
    "Extra data": "something follows after the record",
    "surrogate": "half of a surrogate pair is no character",
    "unexpected end of hex escape": "half of a surrogate pair is no character",
    "number out of range": "a number is too long",
    "recursion limit": f"this is nested more than {DEEPEST} levels deep",
}


def read_line(data: bytes, line: int) -> tuple[Node | None, list[Broken]]:
    """Return the tree of a line and what is wrong with its JSON; None where it cannot be read."""
    try:
        text = data.rstrip().decode()
    except UnicodeDecodeError as error:
        column = len(data[: error.start].decode()) + 1
        return None, [Broken(line, column, f"the byte 0x{data[error.start]:02x} is no UTF-8")]
    try:
        # Numbers stay texts: a long one is no fault of the syntax.
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        return None, [Broken(line, error.colno, _in_words(error.msg))]
    except RecursionError:
        return None, [Broken(line, 1, _WORDS["recursion limit"])]
    return _Walk(text, line).read()


def has_twice(data: bytes) -> bool:
    """Whether some mapping in a line that is known to be JSON has a key twice."""
    twice = False

    def pairs(found: list[tuple[str, object]]) -> None:
        nonlocal twice
        twice = twice or len({key for key, _ in found}) < len(found)

    json.loads(data, object_pairs_hook=pairs, parse_int=str, parse_float=str)
    return twice


def syntax_fault(said: str, record: Node) -> Broken:
    """Return what pydantic's own parser says of a record that Python's takes."""
    column = re.search(r"at line 1 column (\d+)", said)
    return Broken(record.line, record.column + int(column[1]) - 1 if column else 1, _in_words(said))


def _in_words(said: str) -> str:
    return next((ours for theirs, ours in _WORDS.items() if theirs in said), "this is no JSON")


class _Walk:
    """Finds the places in a text that is known to be JSON."""

    def __init__(self, text: str, line: int) -> None:
        self._text, self._line, self._depth = text, line, 0
        self._broken: list[Broken] = []

    def read(self) -> tuple[Node | None, list[Broken]]:
        try:
            node, _ = self._value(self._skip(0))
        except Unreadable as error:
            return None, [error.broken]
        return node, self._broken

    def _skip(self, start: int) -> int:
        found = _SPACE.match(self._text, start)
        return found.end() if found else start

    def _value(self, start: int) -> tuple[Node, int]:
        node = Node(self._line, start + 1, None)
        match self._text[start]:
            case '"':
                node.content, end = _DECODER.raw_decode(self._text, start)
            case "{":
                node.content, end = self._mapping(start)
            case "[":
                node.content, end = self._list(start)
            case _:
                found = _BARE.match(self._text, start)
                bare = found[0] if found else ""
                node.content, end = None if bare == "null" else bare, start + len(bare)
        return node, end

    def _deeper(self, start: int) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable(Broken(self._line, start + 1, _WORDS["recursion limit"]))

    def _mapping(self, start: int) -> tuple[dict[str, tuple[Node, Node]], int]:
        self._deeper(start)
        content: dict[str, tuple[Node, Node]] = {}
        position = self._skip(start + 1)
        while self._text[position] != "}":
            key, position = self._value(position)
            position = self._skip(self._skip(position) + 1)
            value, position = self._value(position)
            self._add(content, key, value)
            position = self._after(position)
        self._depth -= 1
        return content, position + 1

    def _add(self, content: dict[str, tuple[Node, Node]], key: Node, value: Node) -> None:
        text = str(key.content)
        if text in content:
            message = f"the key {printable(text[:80])!r} stands twice"
            hint = f"It stands in column {content[text][0].column} already: keep one of the two."
            self._broken.append(Broken(self._line, key.column, message, hint))
        else:
            content[text] = (key, value)

    def _list(self, start: int) -> tuple[list[Node], int]:
        self._deeper(start)
        content: list[Node] = []
        position = self._skip(start + 1)
        while self._text[position] != "]":
            item, position = self._value(position)
            content.append(item)
            position = self._after(position)
        self._depth -= 1
        return content, position + 1

    def _after(self, position: int) -> int:
        """Step over the comma behind an item, if one is there."""
        position = self._skip(position)
        return self._skip(position + 1) if self._text[position] == "," else position
