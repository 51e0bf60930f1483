"""YAML, read strictly: every scalar is text, and what people do not write is refused.

The tree is built from the parser's events rather than by PyYAML's constructors, so that nothing is
ever expanded, resolved or created: anchors, aliases and tags are faults where they stand. An empty
value is a missing field. Nothing here recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from graph.dataset.node import DEEPEST, Broken, Content, Node, Unreadable
from graph.faults import printable

#: libyaml where PyYAML was built with it: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: What YAML 1.1 does not allow in a stream (section 5.1), and a record neither.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULLS = ("~", "null", "Null", "NULL")

#: The parser's words for what went wrong, and ours. The first that is found in them counts.
_WORDS = {
    "mapping values are not allowed": (
        "a colon stands where no value can begin",
        "Put a text that holds ': ' in quotes.",
    ),
    "cannot start any token": (
        "a text cannot begin with this character",
        "Put the text in quotes.",
    ),
    "expected <block end>": ("this line does not fit the lines above it", "Check its indentation."),
    "did not find expected key": (
        "this line does not fit the lines above it",
        "Check the indentation and the quotes.",
    ),
    "did not find expected '-'": (
        "this line does not fit the list above it",
        "Begin each item with '- ' and indent all of them alike.",
    ),
    "could not find expected ':'": ("a key without a colon", "Write 'field: value'."),
    "did not find expected ',' or": ("a list or mapping in brackets is not closed", ""),
    "expected ',' or": ("a list or mapping in brackets is not closed", ""),
    "end of stream": ("a text in quotes is not closed", "Add the missing quote."),
    "block sequence entries are not allowed": ("a list cannot begin here", "Begin a new line."),
    "escape": ("an escape that does not exist", "Use single quotes for a text with backslashes."),
    "indentation": ("the indentation does not fit", "Use spaces, and as many as the lines around."),
    "undefined tag handle": ("tags are not allowed", "Put a text that begins with '!' in quotes."),
    "alias": ("anchors and aliases are not allowed", "Put a text that begins with '*' in quotes."),
    "anchor": ("anchors and aliases are not allowed", "Put a text that begins with '&' in quotes."),
}


class YamlText:
    """One file's text: `read` gives its tree, `broken` everything that is wrong with it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.broken: list[Broken] = []

    def read(self) -> Node | None:
        """Return the tree, or None for a text that is empty or that cannot be read to its end."""
        self.broken.extend(self._unprintable())
        if self.broken:
            return None
        try:
            return self._build()
        except Unreadable as error:
            self.broken.append(error.broken)
        except yaml.MarkedYAMLError as error:
            self.broken.append(self._in_words(error))
        return None

    def _unprintable(self) -> Iterator[Broken]:
        for number, line in enumerate(self._text.split("\n"), 1):
            for found in _UNPRINTABLE.finditer(line):
                message = f"U+{ord(found[0]):04X} cannot stand in a text"
                yield Broken(number, found.start() + 1, message, "Remove it.")

    def _in_words(self, error: yaml.MarkedYAMLError) -> Broken:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        lines = self._text.splitlines()
        if "\t" in (lines[line][: column + 1] if line < len(lines) else ""):
            return Broken(
                line + 1, column + 1, "a tab stands in the indentation", "Use spaces instead."
            )
        said = f"{error.context or ''} {error.problem or ''}"
        words = next((ours for theirs, ours in _WORDS.items() if theirs in said), None)
        return Broken(line + 1, column + 1, *(words or ("this cannot be read as YAML", "")))

    def _build(self) -> Node | None:
        builder = _Builder(self.broken)
        for event in yaml.parse(self._text, Loader=_LOADER):
            builder.take(event)
        return builder.root


class _Builder:
    """Puts the parser's events together. A container that is open stands on the stack."""

    def __init__(self, broken: list[Broken]) -> None:
        self._broken = broken
        self._open: list[Node] = []
        self._keys: list[Node | None] = []
        self._documents = 0
        self.root: Node | None = None

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise Unreadable(
                    _at(event, "a second document begins here", "Use one file for each.")
                )
        elif isinstance(event, yaml.AliasEvent):
            raise Unreadable(_at(event, "anchors and aliases are not allowed", "Write it out."))
        elif isinstance(event, yaml.NodeEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _start(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._refuse(event, "anchors and aliases are not allowed", "Write it out.")
        if getattr(event, "tag", None) is not None:
            self._refuse(
                event, "tags are not allowed", "Put a text that begins with '!' in quotes."
            )
        if isinstance(event, yaml.ScalarEvent):
            self._put(_node(event, self._scalar(event)))
            return
        node = _node(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        self._put(node)
        self._open.append(node)
        self._keys.append(None)
        if len(self._open) > DEEPEST:
            raise Unreadable(_at(event, f"this is nested more than {DEEPEST} levels deep"))

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        text: str = event.value
        if event.style or event.tag is not None:
            return text
        if text in _NULLS and not self._wants_key():
            hint = "Leave the value empty if there is none, or put the word in quotes."
            self._refuse(event, f"{text!r} can mean nothing or the word", hint)
            return None
        return text or None

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        content = self._open[-1].content
        if isinstance(content, list):
            content.append(node)
        elif isinstance(content, dict):
            self._put_in_mapping(content, node)

    def _put_in_mapping(self, content: dict[str, tuple[Node, Node]], node: Node) -> None:
        key = self._keys[-1]
        if key is None:
            if not isinstance(node.content, str):
                broken = Broken(node.line, node.column, "the name of a field must be a word")
                raise Unreadable(broken)
            self._keys[-1] = node
            return
        self._keys[-1] = None
        text = str(key.content)
        if text in content:
            first = content[text][0]
            hint = f"It stands in line {first.line} already: keep one of the two."
            message = f"the key {printable(text[:80])!r} stands twice"
            self._broken.append(Broken(key.line, key.column, message, hint))
        else:
            content[text] = (key, node)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].content, dict) and not self._keys[-1]

    def _refuse(self, event: yaml.Event, message: str, hint: str) -> None:
        self._broken.append(_at(event, message, hint))


def _node(event: yaml.Event, content: Content) -> Node:
    return Node(*_place(event), content)


def _at(event: yaml.Event, message: str, hint: str = "") -> Broken:
    return Broken(*_place(event), message, hint)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
