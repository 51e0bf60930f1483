"""A tree that remembers where each of its parts stands. YAML and JSON are both read into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Where something is within a record: names of fields and numbers of list items, outermost first.
Path = tuple[str | int, ...]

#: Records are four levels deep. What is nested more deeply is no record, and is not read.
DEEPEST = 20


class Problem(NamedTuple):
    """One thing wrong within a record or a file, at a place in its tree.

    `on_key`: the name of the field is at fault rather than what it holds.
    """

    at: Path
    value: str
    message: str
    hint: str = ""
    on_key: bool = False
    warning: bool = False


class Broken(NamedTuple):
    """Where a text cannot be read, or not be read any further; both count from 1."""

    line: int
    column: int
    message: str
    hint: str = ""


class Unreadable(Exception):
    """Ends the reading of a text; caught by its reader."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.message)
        self.broken = broken


@dataclass(slots=True)
class Node:
    """A text, a list, or a mapping whose keys have places of their own; None: nothing stands there.

    `line` and `column` count from 1. A number, a truth value and a null of JSON are texts here.
    """

    line: int
    column: int
    content: Content

    def find(self, path: Sequence[str | int], on_key: bool = False) -> tuple[int, int]:
        """Return line and column of what is at a path, or of the nearest thing around it."""
        node = self
        for depth, part in enumerate(path):
            key, value = node._child(part)
            if value is None:
                break
            node = key if on_key and depth == len(path) - 1 and key is not None else value
        return node.line, node.column

    def _child(self, part: str | int) -> tuple[Node | None, Node | None]:
        if isinstance(self.content, dict) and part in self.content:
            return self.content[str(part)]
        if isinstance(self.content, list) and isinstance(part, int) and part < len(self.content):
            return None, self.content[part]
        return None, None

    def items(self) -> Iterator[tuple[Node, str, Node]]:
        """Yield key, its text and the value of a mapping; nothing for anything else."""
        if isinstance(self.content, dict):
            yield from ((key, text, value) for text, (key, value) in self.content.items())

    def plain(self) -> Any:
        """Return it as plain values, without the fields that hold nothing."""
        if isinstance(self.content, dict):
            pairs = ((text, value.plain()) for _, text, value in self.items())
            return {text: value for text, value in pairs if value is not None}
        if isinstance(self.content, list):
            return [item.plain() for item in self.content]
        return self.content


#: A text, items, or for each key its node and that of its value.
Content = str | list[Node] | dict[str, tuple[Node, Node]] | None
