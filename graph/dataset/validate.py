"""From a raw record to a well-formed one, or to everything that is wrong with it by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from graph.dataset import words
from graph.dataset.json_line import has_twice, read_line, syntax_fault
from graph.dataset.node import Broken
from graph.dataset.raw import Raw
from graph.dataset.report import Findings
from graph.model import Claim, Record
from graph.model.fields import SLUG

_SLUG = re.compile(SLUG)
_R = TypeVar("_R", bound=Record)


def validate(raw: Raw, model: type[_R], findings: Findings) -> _R | None:
    """Return the record, or None after telling `findings` what is wrong with it."""
    try:
        record = model.model_validate_json(raw.data)
    except ValidationError as error:
        _tell(raw, model, error, findings)
        return None
    if raw.node is None and _may_repeat(raw.data, record) and has_twice(raw.data):
        for broken in read_line(raw.whole, raw.line)[1]:
            findings.broken(raw, broken)
        return None
    return record


def _may_repeat(data: bytes, record: Record) -> bool:
    """Whether a mapping may have a key twice: JSON allows it, and pydantic takes the last one.

    A claim has as many keys as it has colons behind a quote; whatever differs is looked at.
    """
    if not isinstance(record, Claim):
        return True
    keys = len(record.model_fields_set) + len(record.roles) + len(record.details)
    keys += sum(len(locator.model_fields_set) for locator in record.evidence)
    if record.quantity is not None:
        keys += len(record.quantity.model_fields_set)
    if record.retracted is not None:
        keys += len(record.retracted.model_fields_set)
    return data.count(b'":') != keys or b'" :' in data or b'"\t:' in data


def _tell(raw: Raw, model: type[Record], error: ValidationError, findings: Findings) -> None:
    if findings.faults.full:
        findings.faults.more += error.error_count()
        return
    broken, readable = _syntax(raw, error)
    for found in broken:
        findings.broken(raw, found)
    if readable:
        for problem in words.problems(error, model):
            findings.problem(raw, problem)


def _syntax(raw: Raw, error: ValidationError) -> tuple[Sequence[Broken], bool]:
    """Return what is wrong with the JSON itself, and whether it can be read nevertheless."""
    if raw.node is not None:
        return (), True
    outer, broken = read_line(raw.whole, raw.line)
    if outer is None:
        return broken, False
    keys = [key for key, _, _ in outer.items()]
    if len(keys) > 1:
        return [Broken(raw.line, keys[1].column, "the line holds more than one record")], False
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return [syntax_fault(first["ctx"]["error"], raw.line)], False
    return broken, True


class Links(NamedTuple):
    """The ids in a claim that is faulty otherwise; only those that are written as ids."""

    source: str
    predicate: str
    roles: Mapping[str, Sequence[str]]
    said_by: Sequence[str]


def links(raw: Raw) -> Links:
    """Return the ids that a faulty claim names, so that they are checked all the same."""
    tree = raw.tree()
    plain = tree.plain() if tree else None
    if not isinstance(plain, dict):
        return Links("", "", {}, [])
    roles = plain.get("roles")
    found = {role: _ids(value) for role, value in roles.items()} if isinstance(roles, dict) else {}
    source, predicate = _ids(plain.get("source")), str(plain.get("predicate"))
    return Links(source[0] if source else "", predicate, found, _ids(plain.get("said_by")))


def _ids(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and _SLUG.match(item)]
