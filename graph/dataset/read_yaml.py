"""YAML files, read strictly: a mapping with a list for each kind of record.

Every scalar is text, and an empty value is a missing field. Anchors, aliases, tags, duplicate keys
and unquoted nulls are faults, each with its line and column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import yaml

from graph.dataset.files import (
    EMPTY,
    MAX_YAML_BYTES,
    UTF8_MARK,
    DataFile,
    FieldPath,
    Quotation,
    RawRecord,
    TextFault,
    encoding_fault,
)
from graph.dataset.groups import SINGLE, Fields, claim_nodes, is_group, members, shared_fields
from graph.faults import did_you_mean, printable, shorten

#: The keys of a file, and the kind of record that each lists.
LISTS = {"sources": "source", "entities": "entity", "judgements": "judgement", "claims": "claim"}
_KEYS = ("dataset", "defaults", *LISTS)
#: Records have at most four levels. PyYAML composes nodes by recursion, so that deeper text is
#: refused before.
MAX_DEPTH = 20
#: libyaml's loader, which is ten times as fast, where PyYAML was built with it.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
#: Characters that YAML 1.1 does not allow in a stream (section 5.1).
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULLS = ("~", "null", "Null", "NULL")
_NO_ANCHORS = "anchors and aliases are not allowed"
_NO_TAGS = ("tags are not allowed", "Put a text that begins with '!' in quotes.")

#: PyYAML's and libyaml's messages, and ours. The first one that occurs in them counts.
_MESSAGES = {
    "mapping values are not allowed": (
        "a value cannot begin at this colon",
        "Put a text that contains ': ' in quotes.",
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
    "escape": ("unknown escape sequence", "Use single quotes for a text with backslashes."),
    "indentation": ("the indentation does not fit", "Use spaces, and as many as the lines around."),
    "undefined tag handle": _NO_TAGS,
    "alias": (_NO_ANCHORS, "Put a text that begins with '*' in quotes."),
    "anchor": (_NO_ANCHORS, "Put a text that begins with '&' in quotes."),
}


def read_yaml(file: DataFile) -> Iterator[RawRecord | TextFault]:
    """Yield every record of a file, and its faults. Raises `OSError` if it cannot be read."""
    with file.path.open("rb") as stream:
        # One byte over the limit: the file may have grown since it was listed.
        data = stream.read(MAX_YAML_BYTES + 1)
    if fault := encoding_fault(data):
        yield fault
        if fault.kind is None:
            return
    try:
        text = data.removeprefix(UTF8_MARK).decode()
    except UnicodeDecodeError as error:
        yield _not_utf8(error)
        return
    root, faults = compose(text)
    for fault in faults:
        # A fault in the first column is one of the file's own keys, with all of its records.
        yield fault._replace(hides_records=root is None or fault.column == 1)
    if isinstance(root, yaml.MappingNode):
        yield from _entries(file, root)
    elif root is not None:
        yield _fault(root, "the file is not a mapping", f"Its keys are {', '.join(_KEYS)}.")
    elif not faults:
        yield EMPTY


def _not_utf8(error: UnicodeDecodeError) -> TextFault:
    before = error.object[: error.start].decode()
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    message = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
    return TextFault(line, column, message, "Save the file as UTF-8.")


def _entries(file: DataFile, root: yaml.MappingNode) -> Iterator[RawRecord | TextFault]:
    shared: Fields = {}
    for key, value in root.value:
        if key.value == "defaults" and isinstance(value, yaml.MappingNode):
            yield from _misplaced(value)
            shared = shared_fields(value)
    for key, value in root.value:
        name = key.value
        if name == "defaults":
            if not isinstance(value, yaml.MappingNode) and not is_empty(value):
                yield _fault(value, "'defaults' is not a mapping of fields of claims")
        elif name == "dataset" and isinstance(value, yaml.MappingNode):
            yield _record(file, "dataset", 1, value, values(value))
        elif name == "dataset" and isinstance(value, yaml.ScalarNode):
            if value.value:
                yield _record(file, "dataset", 1, value, {"id": value.value})
        elif name == "dataset":
            yield _fault(value, "the data set is a list", "Write its id, or a mapping of fields.")
        elif name not in LISTS:
            message = f"unknown key '{shorten(name)}'"
            yield _fault(key, message, did_you_mean(name, _KEYS))._replace(value=name)
        elif isinstance(value, yaml.SequenceNode):
            nodes = _claims(value, shared) if name == "claims" else value.value
            yield from _records(file, LISTS[name], nodes)
        elif not is_empty(value):
            yield _fault(value, f"'{name}' is not a list", "Begin each record with '- '.")


def _misplaced(scope: yaml.MappingNode) -> Iterator[TextFault]:
    for key, _ in scope.value:
        if key.value in SINGLE:
            message = f"'{key.value}' is said of one claim, and stands here for several"
            yield _fault(key, message, "Move it into the claim that it is about.")


def _claims(nodes: yaml.SequenceNode, shared: Fields) -> Iterator[yaml.Node | TextFault]:
    """Yield the claims of a list, those of its groups among them, each with all of its fields."""
    for node in nodes.value:
        scope, items = shared, [node]
        if is_group(node):
            yield from _misplaced(node)
            scope, list_node = shared_fields(node, shared), members(node)
            if not isinstance(list_node, yaml.SequenceNode):
                yield _fault(list_node, "'claims' is not a list", "Begin each claim with '- '.")
                continue
            items = list_node.value
        for item in items:
            if isinstance(item, yaml.MappingNode):
                yield from claim_nodes(item, scope)
            else:
                yield item


def _records(
    file: DataFile, kind: str, nodes: Iterable[yaml.Node | TextFault]
) -> Iterator[RawRecord | TextFault]:
    number = 0
    for node in nodes:
        if isinstance(node, TextFault):
            yield node
            continue
        number += 1
        if isinstance(node, yaml.MappingNode):
            yield _record(file, kind, number, node, values(node))
        else:
            what = "empty" if is_empty(node) else "not a mapping of fields"
            yield _fault(node, f"{kind} {number} is {what}")


def _record(file: DataFile, kind: str, number: int, node: yaml.Node, fields: Any) -> RawRecord:
    quotations = _quotations(node, fields) if kind == "claim" else ()
    data = json.dumps(fields, ensure_ascii=False).encode()
    line = node.start_mark.line + 1
    return RawRecord(
        file, kind, number, line, data, locate=partial(locate, node), quotations=quotations
    )


def _quotations(claim: yaml.Node, fields: dict[str, Any]) -> tuple[Quotation, ...]:
    """Take the words out of the evidence of a claim, and return them."""
    evidence = next((value for key, value in claim.value if key.value == "evidence"), None)
    if evidence is None:
        return ()
    nodes = evidence.value if isinstance(evidence, yaml.SequenceNode) else [evidence]
    quotations = tuple(
        Quotation(node.value, node.start_mark.index, node.end_mark.index, number)
        for number, node in enumerate(nodes)
        if isinstance(node, yaml.ScalarNode) and not is_empty(node)
    )
    if quotations:
        # `groups` has put the locators first, so that each keeps its place.
        fields["evidence"] = [values(n) for n in nodes if not isinstance(n, yaml.ScalarNode)]
    return quotations


def compose(text: str) -> tuple[yaml.Node | None, list[TextFault]]:
    """Return the root node of a YAML text, and all of its faults.

    The root is None if the text is empty or cannot be read to its end. No scalar is resolved.
    """
    faults = [
        TextFault(number, match.start() + 1, f"U+{ord(match[0]):04X} is not allowed", "Remove it.")
        for number, line in enumerate(text.split("\n"), 1)
        for match in _UNPRINTABLE.finditer(line)
    ]
    if faults:
        return None, faults
    try:
        readable = _check_events(text, faults)
        root = yaml.compose(text, Loader=_LOADER) if readable else None
    except yaml.MarkedYAMLError as error:
        return None, [*faults, _syntax_fault(text, error)]
    if root is not None and not _check_nodes(root, faults):
        root = None
    return root, faults


def _check_events(text: str, faults: list[TextFault]) -> bool:
    """Add faults for what nodes do not show; return whether the text can be composed."""
    documents = depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                message = "a second document begins here"
                faults.append(_fault(event, message, "Use one file for each."))
                return False
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                faults.append(_fault(event, _NO_ANCHORS, "Write it out."))
            if isinstance(event, yaml.AliasEvent):
                return False
            if getattr(event, "tag", None) is not None:
                faults.append(_fault(event, *_NO_TAGS))
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    faults.append(_fault(event, f"more than {MAX_DEPTH} levels deep"))
                    return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return True


def _check_nodes(node: yaml.Node, faults: list[TextFault]) -> bool:
    """Add faults for duplicate keys, keys without a colon and unquoted nulls.

    Returns whether all keys are words.
    """
    if isinstance(node, yaml.ScalarNode):
        if node.value in _NULLS and not node.style:
            hint = "Leave the value empty if there is none, or put the word in quotes."
            faults.append(_fault(node, f"{node.value!r} is ambiguous: no value, or the word", hint))
        return True
    if isinstance(node, yaml.SequenceNode):
        return all([_check_nodes(item, faults) for item in node.value])
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not (key.value or key.style):
            faults.append(_fault(key, "the name of a field must be a word"))
            return False
        if key.value in lines:
            hint = f"It is in line {lines[key.value]} already: keep one of the two."
            message = f"duplicate key {printable(key.value[:80])!r}"
            faults.append(_fault(key, message, hint))
        if value.start_mark.index == key.end_mark.index:
            # In braces, what follows a comma is a key, even without a colon and a value.
            message = f"{printable(key.value[:80])!r} stands without a colon"
            faults.append(_fault(key, message, "Put a text that contains a comma in quotes."))
        lines.setdefault(key.value, key.start_mark.line + 1)
        if not _check_nodes(value, faults):
            return False
    return True


def _syntax_fault(text: str, error: yaml.MarkedYAMLError) -> TextFault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    if "\t" in (lines[line][: column + 1] if line < len(lines) else ""):
        return TextFault(line + 1, column + 1, "a tab in the indentation", "Use spaces instead.")
    problem = f"{error.context or ''} {error.problem or ''}"
    message = next((ours for theirs, ours in _MESSAGES.items() if theirs in problem), None)
    return TextFault(line + 1, column + 1, *(message or ("this cannot be read as YAML", "")))


def is_empty(node: yaml.Node) -> bool:
    """Whether a node holds no value: nothing, or an unquoted null, which is a fault already."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", *_NULLS)


def values(node: yaml.Node) -> Any:
    """Return a node as texts, lists and mappings, without the fields that have no value.

    Of duplicate keys, which are a fault already, the first one counts.
    """
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Any] = {}
        for key, value in node.value:
            if key.value not in fields and not is_empty(value):
                fields[key.value] = values(value)
        return fields
    if isinstance(node, yaml.SequenceNode):
        return [values(item) for item in node.value]
    return None if is_empty(node) else node.value


def locate(node: yaml.Node, path: FieldPath, on_key: bool = False) -> tuple[int, int]:
    """Return line and column of the value at a path, or of the nearest node around it.

    `on_key`: of the last field's name instead of its value.
    """
    key = None
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            pair = (None, node.value[part]) if part < len(node.value) else None
        else:
            pair = None
        if pair is None:
            return _position(node)
        key, node = pair
    return _position(key if on_key and key is not None else node)


def _position(part: yaml.Node | yaml.Event) -> tuple[int, int]:
    mark = part.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _fault(part: yaml.Node | yaml.Event, message: str, hint: str = "") -> TextFault:
    return TextFault(*_position(part), message, hint)
