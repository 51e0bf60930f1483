"""Changes of single records in the text of a YAML file; all else in it stays, comments included.

Texts go in and come out. The nodes of PyYAML say where a record, a field and a value stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
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
        return with_item(text, value, fields, end if name == "claims" else "")
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


def with_item(text: str, items: yaml.SequenceNode, fields: Mapping[str, Any], gap: str = "") -> str:
    """Return the text of a file with a record at the end of a list that has some already.

    `gap` comes before the line of the record.
    """
    last = _end(text, items.value[-1])
    if _is_flow(text, items):
        return _spliced(text, [(last, last, f", {value_text(fields)}")])
    place, end = _end_of_line(text, last), _line_end(text)
    item = _item(fields, " " * items.start_mark.column, end)
    return _spliced(text, [(place, place, f"{end}{gap}{item}")])


def without_record(text: str, name: str, index: int) -> str:
    """Return the text of a file without one record of a list, from 0."""
    items = value_of(root_of(text), name)
    assert isinstance(items, yaml.SequenceNode)
    return without_item(text, items, index)


def without_item(text: str, items: yaml.SequenceNode, index: int) -> str:
    """Return the text of a file without one item of a list in it, from 0."""
    item = items.value[index]
    if _is_flow(text, items):
        alone = len(items.value) == 1
        cut = (item.start_mark.index, _end(text, item), "") if alone else _cut(text, items, index)
        return _spliced(text, [cut])
    start = text.rindex("-", 0, item.start_mark.index)
    start = text.rfind("\n", 0, start) + 1
    stop = _end_of_line(text, _end(text, item))
    stop += len(end[0]) if (end := _LINE_END.match(text, stop)) else 0
    # The empty line before a record goes with it.
    before = re.search(r"(?:\r?\n)(\r?\n)$", text[:start])
    return text[: start - len(before[1]) if before else start] + text[stop:]


def with_group(
    text: str,
    items: yaml.SequenceNode,
    index: int,
    shared: Collection[str],
    fields: Mapping[str, Any],
) -> str | None:
    """Return the text of a file with a claim and a new one in a group, in the place of the first.

    The fields of the first with `shared` names become those of the group; `fields` are those of the
    new one. None where the first has none of them, or stands in brackets.
    """
    item = items.value[index]
    if _is_flow(text, items) or not isinstance(item, yaml.MappingNode) or _is_flow(text, item):
        return None
    if not any(key.value in shared for key, _ in item.value):
        return None
    dash = text.rindex("-", 0, item.start_mark.index)
    if "\n" in text[dash : item.start_mark.index]:
        return None
    end, column = _line_end(text), item.start_mark.column
    parts: dict[bool, list[str]] = {True: [], False: []}
    start = item.start_mark.index
    for pair in item.value:
        stop = _end_of_line(text, _end_of_pair(text, pair))
        # A comment between two fields is of the one that follows.
        lines = _LINE_END.split(text[start:stop])
        parts[pair[0].value in shared] += lines
        start = min(stop + len(end), len(text))
    lead, inner = text[text.rfind("\n", 0, dash) + 1 : item.start_mark.index], " " * (column + 2)
    group = _as_item(parts[True], lead, column)
    first = [f"{' ' * 4}{line}" if line.strip() else line for line in parts[False]]
    lines = [*group, f"{' ' * column}claims:"]
    lines += _as_item(first, f"{inner}- ", column + 4) if first else []
    lines.append(_item(fields, inner, end))
    begin = text.rfind("\n", 0, dash) + 1
    stop = _end_of_line(text, _end(text, item))
    return text[:begin] + end.join(lines) + text[stop:]


def _as_item(lines: Sequence[str], lead: str, column: int) -> list[str]:
    """Return lines of fields as an item of a list; comments before the first one come above it."""
    number = next((n for n, line in enumerate(lines) if line.strip()[:1] not in ("", "#")), 0)
    indent = " " * (len(lead) - len(lead.lstrip()))
    above = [f"{indent}{line.strip()}".rstrip() for line in lines[:number]]
    return [*above, f"{lead}{lines[number].lstrip()}", *lines[number + 1 :]]


def with_fields(text: str, node: yaml.MappingNode, fields: Mapping[str, Any], kind: str) -> str:
    """Return the text of a file with some fields of a record set; a value of None takes one out.

    `node` is the record in this text, `kind` its kind. A field that is new comes where the model
    has it. Fields that have the value already stay as they are written.
    """
    order = _order(kind)
    keep = [key.value for key, _ in node.value if fields.get(key.value, "") is not None]
    if not keep and not any(v is not None for v in fields.values()):
        raise InputError("a record has at least one field")
    if not keep:
        # What comes in the place of all the others is written anew.
        new = {n: fields[n] for n in sorted(fields, key=order) if fields[n] is not None}
        lines = _lines(new, " " * node.start_mark.column, _line_end(text))
        flow = value_text(new)
        content = flow if _is_flow(text, node) else lines
        return _spliced(text, [(node.start_mark.index, _end(text, node), content)])
    return _spliced(text, _changes(text, node, fields, order))


def _changes(
    text: str, node: yaml.MappingNode, fields: Mapping[str, Any], order: Any
) -> list[_Edit]:
    """Return the edits that set fields of a mapping, of which some stay."""
    names = [key.value for key, _ in node.value]
    keep = [n for n in names if fields.get(n, "") is not None]
    edits = _cuts(text, node, keep)
    for name in sorted(fields, key=order):
        value = fields[name]
        if value is None:
            continue
        if name not in names:
            edits.append(_inserted(text, node, name, value, keep, order))
            continue
        key, old = node.value[names.index(name)]
        if values(old) == _plain(value):
            continue
        if isinstance(old, yaml.MappingNode) and isinstance(value, Mapping):
            # Of roles and details, those that stay are not written anew.
            of_old = [k.value for k, _ in old.value]
            if not value.keys().isdisjoint(of_old):
                inner = dict.fromkeys((k for k in of_old if k not in value), None) | dict(value)
                edits += _changes(text, old, inner, list(inner).index)
                continue
        if isinstance(old, yaml.SequenceNode) and isinstance(value, list | tuple):
            # What stays in a list is not written anew. The order of passages does not matter.
            before, after = [values(item) for item in old.value], _plain(value)
            stay = [item in after for item in before]
            new = [item for item in after if item not in before]
            passages = any(isinstance(item, Mapping) for item in before)
            rest = [item for item in before if item in after]
            if any(stay) and (passages or [*rest, *new] == after):
                edits += _item_changes(text, old, stay, new)
                continue
        edits.append(_replaced(text, node, (key, old), value))
    return edits


def _item_changes(
    text: str, node: yaml.SequenceNode, stay: Sequence[bool], new: Sequence[Any]
) -> list[_Edit]:
    """Return the edits that take items out of a list, of which some stay, and add others."""
    items, edits = node.value, []
    for stays, run in groupby(range(len(items)), key=lambda n: stay[n]):
        numbers = [] if stays else list(run)
        if numbers and _is_flow(text, node):
            first, last = items[numbers[0]], numbers[-1]
            if last + 1 < len(items):
                edits.append((first.start_mark.index, items[last + 1].start_mark.index, ""))
            else:
                edits.append((_end(text, items[numbers[0] - 1]), _end(text, items[last]), ""))
        for number in [] if _is_flow(text, node) else numbers:
            start = text.rfind("\n", 0, items[number].start_mark.index) + 1
            stop = _end_of_line(text, _end(text, items[number]))
            edits.append((start - len(_line_end(text)), stop, ""))
    for item in new:
        place = _end(text, items[-1])
        if _is_flow(text, node):
            edits.append((place, place, f", {value_text(item)}"))
        else:
            place, lead = _end_of_line(text, place), " " * node.start_mark.column
            edits.append((place, place, f"{_line_end(text)}{lead}- {value_text(item)}"))
    return edits


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
    if _is_flow(text, node):
        field = f"{name}: {value_text(value)}"
        if before:
            place = _end(text, max(before, key=lambda p: order(p[0].value))[1])
            return place, place, f", {field}"
        place = node.start_mark.index + 1
        return place, place, f"{field}, "
    end, column = _line_end(text), " " * node.start_mark.column
    field = f"{name}:{_value(value, column, end)}"
    if before:
        place = _end_of_line(text, _end_of_pair(text, max(before, key=lambda p: order(p[0].value))))
        return place, place, f"{end}{column}{field}"
    place = node.start_mark.index
    return place, place, f"{field}{end}{column}"


def _replaced(
    text: str, record: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node], value: Any
) -> _Edit:
    key, node = pair
    start = text.index(":", key.end_mark.index) + 1
    new = f" {value_text(value)}"
    if not _is_flow(text, record):
        new = _value(value, " " * record.start_mark.column, _line_end(text))
    # Of an empty value, nothing stands after the colon.
    return start, max(start, _end(text, node)), new


def _cuts(text: str, node: yaml.MappingNode, keep: Collection[str]) -> list[_Edit]:
    """Return the edits that take fields out of a mapping of which some stay."""
    pairs, edits = node.value, []
    for stays, run in groupby(range(len(pairs)), key=lambda n: pairs[n][0].value in keep):
        if stays:
            continue
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        start = pairs[first][0].start_mark.index
        if last + 1 < len(pairs) and (_is_flow(text, node) or first == 0):
            edits.append((start, pairs[last + 1][0].start_mark.index, ""))
        elif _is_flow(text, node):
            edits.append(
                (_end_of_pair(text, pairs[first - 1]), _end_of_pair(text, pairs[last]), "")
            )
        else:
            edits += [_cut_lines(text, pairs[number]) for number in numbers]
    return edits


def _cut_lines(text: str, pair: tuple[yaml.Node, yaml.Node]) -> _Edit:
    start = text.rfind("\n", 0, pair[0].start_mark.index) + 1
    stop = _end_of_line(text, _end_of_pair(text, pair))
    # The end of the line before goes, and that of the field stays.
    start -= 2 if text[:start].endswith("\r\n") else 1
    return start, stop, ""


def _cut(text: str, items: yaml.SequenceNode, index: int) -> _Edit:
    nodes = items.value
    if index + 1 < len(nodes):
        return nodes[index].start_mark.index, nodes[index + 1].start_mark.index, ""
    return _end(text, nodes[index - 1]), _end(text, nodes[index]), ""


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
    return f"{end}{column}".join(
        f"{name}:{_value(value, column, end)}" for name, value in fields.items()
    )


def _value(value: Any, column: str, end: str) -> str:
    """Return a value as it is written after a field's colon: several passages on a line each."""
    if isinstance(value, list | tuple) and len(value) > 1 and isinstance(value[0], Mapping):
        return "".join(f"{end}{column}{_INDENT}- {value_text(item)}" for item in value)
    return f" {value_text(value)}"


def _spliced(text: str, edits: Sequence[_Edit]) -> str:
    """Return a text with some places changed; of those at one place, the first comes first."""
    # What comes at the beginning of a part that goes is written after that is gone.
    for start, stop, new in reversed(sorted(edits, key=lambda edit: edit[:2])):
        text = text[:start] + new + text[stop:]
    return text
