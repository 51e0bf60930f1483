"""A file of YAML: a mapping with a list for each kind of record."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graph.dataset.files import LARGEST_YAML, DataFile
from graph.dataset.node import Broken, Node
from graph.dataset.raw import EMPTY, UTF8_MARK, Named, Raw, Stray, Tell, encoding_stray
from graph.dataset.yaml_text import YamlText
from graph.faults import did_you_mean, shorten

#: The keys of a file, and the kind of record that each holds a list of.
LISTS = {"sources": "source", "entities": "entity", "judgements": "judgement", "claims": "claim"}
_KEYS = ("dataset", *LISTS)


def read_yaml(file: DataFile, tell: Tell, named: Named) -> Iterator[Raw]:
    """Yield every record of a file. Raises `OSError` if it cannot be read."""
    root = _root(file, tell)
    if root is None:
        return
    if not isinstance(root.content, dict):
        hint = f"It has one or more of the keys {', '.join(_KEYS)}."
        tell(_stray(root, "the file is not a mapping", hint))
    for key, text, value in root.items():
        if text == "dataset":
            _name(value, tell, named)
        elif text not in LISTS:
            hint = did_you_mean(text, _KEYS)
            tell(_stray(key, f"no key is called '{shorten(text)}'", hint, text))
        elif isinstance(value.content, list):
            yield from _items(file, LISTS[text], value.content, tell)
        elif value.content is not None:
            tell(_stray(value, f"'{text}' is not a list", "Begin each record with '- '."))


def _root(file: DataFile, tell: Tell) -> Node | None:
    with file.path.open("rb") as stream:
        # One byte more than is allowed: the file may have grown since it was found.
        data = stream.read(LARGEST_YAML + 1)
    if stray := encoding_stray(data):
        tell(stray)
        if not stray.warning:
            return None
    text = _decode(data, tell)
    if text is None:
        return None
    source = YamlText(text)
    root = source.read()
    for broken in source.broken:
        # What stands in the first column is a key of the file, with all of its records.
        tell(Stray(broken, lost=root is None or broken.column == 1))
    if root is None and not source.broken:
        tell(EMPTY)
    return root


def _decode(data: bytes, tell: Tell) -> str | None:
    data = data.removeprefix(UTF8_MARK)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the byte 0x{data[error.start]:02x} is no UTF-8"
        tell(Stray(Broken(line, column, message, "Save the file as UTF-8.")))
        return None


def _items(file: DataFile, kind: str, items: list[Node], tell: Tell) -> Iterator[Raw]:
    for number, node in enumerate(items, 1):
        if isinstance(node.content, dict):
            data = json.dumps(node.plain(), ensure_ascii=False).encode()
            yield Raw(file, kind, number, node.line, data, node=node)
        else:
            what = "empty" if node.content is None else "no mapping of fields"
            tell(_stray(node, f"{kind} {number} is {what}"))


def _name(value: Node, tell: Tell, named: Named) -> None:
    if isinstance(value.content, str):
        named(value.content, value.line, value.column)
    elif value.content is not None:
        tell(_stray(value, "the name of the data set is not a text"))


def _stray(node: Node, message: str, hint: str = "", value: str = "") -> Stray:
    return Stray(Broken(node.line, node.column, message, hint), value)
