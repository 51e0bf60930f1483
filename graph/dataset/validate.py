"""From a raw record to a well-formed one, or to everything that is wrong with it by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from graph.dataset import messages
from graph.dataset.json_line import has_twice, read_line, syntax_fault
from graph.dataset.node import Broken, Problem
from graph.dataset.raw import Raw
from graph.dataset.report import Findings
from graph.model import Claim, Locator, Record
from graph.model.fields import SLUG, as_list

#: Every locator has all of its fields.
_LOCATOR_KEYS = len(Locator.model_fields)
#: What decides whether a claim fits its predicate.
_FITTING = ("source", "predicate", "roles", "details", "modality", "said_by")
_KEY_ENDS = re.compile(rb'"[ \t\n\r]*:')
_SLUG = re.compile(SLUG)
_R = TypeVar("_R", bound=Record)


def validate(raw: Raw, model: type[_R], findings: Findings) -> _R | None:
    """Return the record, or None after telling `findings` what is wrong with it."""
    try:
        # What `model_validate_json` calls: that asks for seven options first, for each record.
        record: _R = model.__pydantic_validator__.validate_json(raw.data)
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

    Every key that is written has a colon. So where there are no more colons than keys were read, or
    no more of those that follow a quote, none stands twice.
    """
    keys = _claim_keys(record) if isinstance(record, Claim) else _count_keys(from_json(data))
    return data.count(b":") != keys and len(_KEY_ENDS.findall(data)) != keys


def _claim_keys(claim: Claim) -> int:
    keys = len(claim.__pydantic_fields_set__) + len(claim.roles) + len(claim.details)
    keys += len(claim.evidence) * _LOCATOR_KEYS
    if claim.quantity is not None:
        keys += len(claim.quantity.__pydantic_fields_set__)
    if claim.retracted is not None:
        keys += len(claim.retracted.__pydantic_fields_set__)
    return keys


def _count_keys(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_count_keys, value.values()))
    return sum(map(_count_keys, value)) if isinstance(value, list) else 0


def _tell(raw: Raw, model: type[Record], error: ValidationError, findings: Findings) -> None:
    if findings.faults.full:
        findings.faults.more += error.error_count()
        return
    broken, readable = _syntax(raw, error)
    for found in broken:
        findings.broken(raw, found)
    if readable:
        for problem in (*messages.problems(error, model), *_further(raw, model, error)):
            findings.problem(raw, problem)


def _further(raw: Raw, model: type[Record], error: ValidationError) -> Iterable[Problem]:
    """Return how a claim with other faults does not fit its predicate; pydantic stops before."""
    faulty = {str(entry["loc"][0]) if entry["loc"] else "" for entry in error.errors()}
    if model is not Claim or faulty & {"", *_FITTING}:
        return ()
    plain = {name: value for name, value in raw.plain().items() if name in _FITTING}
    plain["said_by"] = as_list(plain["said_by"])
    plain["roles"] = {role: tuple(as_list(ids)) for role, ids in plain["roles"].items()}
    return messages.misfits(Claim.model_construct(**plain).misfits())


def _syntax(raw: Raw, error: ValidationError) -> tuple[Sequence[Broken], bool]:
    """Return what is wrong with the JSON itself, and whether it can be read nevertheless."""
    if raw.node is not None:
        return (), True
    outer, broken = read_line(raw.whole, raw.line)
    if outer is None:
        return broken, False
    (_, _, record), *others = outer.items()
    if others:
        second = others[0][0]
        return [Broken(raw.line, second.column, "the line holds more than one record")], False
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return [syntax_fault(first["ctx"]["error"], record)], False
    return broken, True


class Links(NamedTuple):
    """The ids in a claim that is faulty otherwise; only those that are written as ids."""

    source: str
    predicate: str
    roles: Mapping[str, Sequence[str]]
    said_by: Sequence[str]


def links(raw: Raw) -> Links:
    """Return the ids that a faulty claim names, so that they are checked all the same."""
    plain = raw.plain()
    roles = plain.get("roles")
    found = {role: _ids(value) for role, value in roles.items()} if isinstance(roles, dict) else {}
    source, predicate = _ids(plain.get("source")), str(plain.get("predicate"))
    return Links(source[0] if source else "", predicate, found, _ids(plain.get("said_by")))


def _ids(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and _SLUG.match(item)]
