"""Changes of single records in the text of a YAML file; all else in it stays, comments included.

Texts go in and come out. The nodes of PyYAML say where a record, a field and a value stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import yaml

from graph.dataset.files import MODELS
from graph.dataset.read_yaml import compose, is_empty, values
from graph.errors import InputError

#: The fields of a claim in the order in which they are written: what is said, who says so, where
#: it stands, and the bookkeeping.
_FIRST = ("id", "source", "predicate", "roles", "details")
_INDENT = "  "
_LINE_END = re.compile(r"\r?\n")

#: A place in a text, and what comes there.
_Edit = tuple[int, int, str]


class _Dumper(yaml.SafeDumper):
    """Writes texts as people do: in quotes only where they could not be read otherwise."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (it is PyYAML's own name)
        start: [(tag, pattern) for tag, pattern in pairs if tag == "tag:yaml.org,2002:null"]
        for start, pairs in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def value_text(value: Any) -> str:
    """Return a value as it is written after the name of its field, on one line."""
    if isinstance(value, str) and not value.isprintable():
        return json.dumps(value, ensure_ascii=True)
    text: str = yaml.dump(
        _plain(value),
        Dumper=_Dumper,
        default_flow_style=True,
        width=inf,
        allow_unicode=True,
        sort_keys=False,
    )
    return text.removesuffix("\n").removesuffix("\n...")


def root_of(text: str) -> yaml.MappingNode | None:
    """Return the root of a file's text; None where nothing stands in it.

    Raises `InputError` for a text that cannot be read to its end.
    """
    root, faults = compose(text)
    if root is None and faults:
        fault = faults[0]
        raise InputError(f"{fault.line}:{fault.column}: {fault.message}. {fault.hint}".rstrip())
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise InputError("the file is not a mapping")
    return root


def value_of(node: yaml.MappingNode | None, name: str) -> yaml.Node | None:
    """Return the node of a field; None where it is not there."""
    pairs = node.value if node is not None else []
    return next((value for key, value in pairs if key.value == name), None)


def with_record(text: str, name: str, fields: Mapping[str, Any]) -> str:
    """Return the text of a file with a record at the end of one of its lists, such as `claims`."""
    root, end = root_of(text), _line_end(text)
    value = value_of(root, name)
    if value is None:
        lead = "" if not text or text.endswith("\n") else end
        gap = end if text.strip() else ""
        return f"{text}{lead}{gap}{name}:{end}{_item(fields, _INDENT, end)}{end}"
    if isinstance(value, yaml.SequenceNode) and value.value:
        if _is_flow(text, value):
            return _spliced(
                text, [(_end(text, value.value[-1]),) * 2 + (f", {value_text(fields)}",)]
            )
        place = _end_of_line(text, _end(text, value.value[-1]))
        gap = end if name == "claims" else ""
        item = _item(fields, " " * value.start_mark.column, end)
        return _spliced(text, [(place, place, f"{end}{gap}{item}")])
    if not is_empty(value) and not isinstance(value, yaml.SequenceNode):
        raise InputError(f"'{name}' is not a list")
    # What stands below an empty list are comments: the record comes after them.
    assert root is not None
    key = next(key for key, _ in root.value if key.value == name)
    later = [k.start_mark.index for k, _ in root.value if k.start_mark.index > key.start_mark.index]
    stop = min(later, default=len(text))
    lines = text[key.start_mark.index : stop].rstrip()
    place = key.start_mark.index + len(lines)
    edits = [(place, place, f"{end}{_item(fields, _INDENT, end)}" + ("" if later else end))]
    if isinstance(value, yaml.SequenceNode):
        start = text.index(":", key.end_mark.index) + 1
        edits.append((start, value.end_mark.index, ""))
    result = _spliced(text, edits)
    return result if later else f"{result.rstrip()}{end}"


def without_record(text: str, name: str, index: int) -> str:
    """Return the text of a file without one record of a list, from 0."""
    items = _items(text, name)
    item = items[index]
    if len(items) == 1:
        value = value_of(root_of(text), name)
        assert value is not None
        if _is_flow(text, value):
            return _spliced(text, [(item.start_mark.index, _end(text, item), "")])
    elif _is_flow(text, value_of(root_of(text), name)):
        return _spliced(text, [_cut(text, items, index)])
    start = text.rindex("-", 0, item.start_mark.index)
    start = text.rfind("\n", 0, start) + 1
    stop = _end_of_line(text, _end(text, item))
    stop += len(end[0]) if (end := _LINE_END.match(text, stop)) else 0
    # The empty line before a record goes with it.
    before = re.search(r"(?:\r?\n)(\r?\n)$", text[:start])
    return text[: start - len(before[1]) if before else start] + text[stop:]


def with_fields(text: str, node: yaml.MappingNode, fields: Mapping[str, Any], kind: str) -> str:
    """Return the text of a file with some fields of a record set; a value of None takes one out.

    `node` is the record in this text, `kind` its kind. A field that is new comes where the model
    has it. Fields that have the value already stay as they are written.
    """
    order = _order(kind)
    edits: list[_Edit] = []
    pairs = node.value
    names = [key.value for key, _ in pairs]
    keep = [n for n in names if fields.get(n, "") is not None]
    if not keep and not any(v is not None for v in fields.values()):
        raise InputError("a record has at least one field")
    if not keep:
        # What comes in the place of all the others is written anew.
        new = {n: fields[n] for n in sorted(fields, key=order) if fields[n] is not None}
        lines = _lines(new, " " * node.start_mark.column, _line_end(text))
        flow = value_text(new)
        content = flow if _is_flow(text, node) else lines
        return _spliced(text, [(node.start_mark.index, _end(text, node), content)])
    for name in sorted(fields, key=order):
        value = fields[name]
        if name in names:
            index = names.index(name)
            if value is None:
                edits.append(_cut_field(text, node, index))
            elif values(pairs[index][1]) != _plain(value):
                edits.append(_replaced(text, pairs[index], value))
        elif value is not None:
            edits.append(_inserted(text, node, name, value, keep, order))
    return _spliced(text, edits)


def _order(kind: str) -> Any:
    names = list(MODELS[kind].model_fields) if kind in MODELS else []
    if kind == "claim":
        names = [*_FIRST, *(n for n in names if n not in _FIRST)]
    ranks = {name: number for number, name in enumerate(names)}
    return lambda name: ranks.get(name, len(ranks))


def _plain(value: Any) -> Any:
    """Return a value as it is read: every scalar is text."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def _inserted(
    text: str, node: yaml.MappingNode, name: str, value: Any, keep: Sequence[str], order: Any
) -> _Edit:
    before = [
        pair for pair in node.value if pair[0].value in keep and order(pair[0].value) < order(name)
    ]
    field = f"{name}: {value_text(value)}"
    if _is_flow(text, node):
        if before:
            place = _end(text, max(before, key=lambda p: order(p[0].value))[1])
            return place, place, f", {field}"
        place = node.start_mark.index + 1
        return place, place, f"{field}, "
    end, column = _line_end(text), " " * node.start_mark.column
    if before:
        place = _end_of_line(text, _end_of_pair(text, max(before, key=lambda p: order(p[0].value))))
        return place, place, f"{end}{column}{field}"
    place = node.start_mark.index
    return place, place, f"{field}{end}{column}"


def _replaced(text: str, pair: tuple[yaml.Node, yaml.Node], value: Any) -> _Edit:
    key, node = pair
    start = text.index(":", key.end_mark.index) + 1
    # Of an empty value, nothing stands after the colon.
    return start, max(start, _end(text, node)), f" {value_text(value)}"


def _cut_field(text: str, node: yaml.MappingNode, index: int) -> _Edit:
    if _is_flow(text, node):
        keys = [key for key, _ in node.value]
        if index + 1 < len(keys):
            return keys[index].start_mark.index, keys[index + 1].start_mark.index, ""
        start = _end_of_pair(text, node.value[index - 1])
        return start, _end_of_pair(text, node.value[index]), ""
    key = node.value[index][0]
    if index == 0:  # after the dash
        return key.start_mark.index, node.value[1][0].start_mark.index, ""
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    stop = _end_of_line(text, _end_of_pair(text, node.value[index]))
    # The end of the line before goes, and that of the field stays.
    start -= 2 if text[:start].endswith("\r\n") else 1
    return start, stop, ""


def _cut(text: str, items: Sequence[yaml.Node], index: int) -> _Edit:
    if index + 1 < len(items):
        return items[index].start_mark.index, items[index + 1].start_mark.index, ""
    return _end(text, items[index - 1]), _end(text, items[index]), ""


def _items(text: str, name: str) -> list[yaml.Node]:
    value = value_of(root_of(text), name)
    return list(value.value) if isinstance(value, yaml.SequenceNode) else []


def _is_flow(text: str, node: yaml.Node | None) -> bool:
    return node is not None and text[node.start_mark.index] in "{["


def _end_of_pair(text: str, pair: tuple[yaml.Node, yaml.Node]) -> int:
    key, value = pair
    return max(_end(text, value), text.index(":", key.end_mark.index) + 1)


def _end(text: str, node: yaml.Node) -> int:
    """Return where the last word of a node ends."""
    if isinstance(node, yaml.ScalarNode) or _is_flow(text, node):
        return len(text[: node.end_mark.index].rstrip()) if node.end_mark.index else 0
    if isinstance(node, yaml.MappingNode):
        return _end_of_pair(text, node.value[-1])
    return _end(text, node.value[-1])


def _end_of_line(text: str, place: int) -> int:
    end = _LINE_END.search(text, place)
    return end.start() if end else len(text)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _item(fields: Mapping[str, Any], column: str, end: str) -> str:
    """Return a record as an item of a list, without the end of its last line."""
    return f"{column}- {_lines(fields, f'{column}  ', end)}"


def _lines(fields: Mapping[str, Any], column: str, end: str) -> str:
    return f"{end}{column}".join(f"{name}: {value_text(value)}" for name, value in fields.items())


def _spliced(text: str, edits: Sequence[_Edit]) -> str:
    """Return a text with some places changed; of those at one place, the first comes first."""
    for start, stop, new in reversed(sorted(edits, key=lambda edit: edit[0])):
        text = text[:start] + new + text[stop:]
    return text
