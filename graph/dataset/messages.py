"""The validation of one record, and pydantic's errors in words for the person who wrote it.

The patterns and limits are those of `graph.model`; only their messages are here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from graph.dataset.files import FieldPath, RawRecord, TextFault
from graph.dataset.read_jsonl import json_message, parse_line
from graph.dataset.report import Findings, Problem
from graph.faults import did_you_mean, shorten
from graph.fold import fold
from graph.model import Claim, Locator, Misfit, Record
from graph.model.fields import LINE, REFUSED, SLUG, TEXT, URL, as_list
from graph.ontology import ONTOLOGY

_REFUSED = {TEXT: f"[{REFUSED}]", LINE: f"[\t\n\r\u2028\u2029{REFUSED}]"}
#: The most allowed words that a hint lists.
_MAX_CHOICES = 15
#: The fields that decide whether a claim fits its predicate.
_FITTING = ("source", "predicate", "roles", "details", "modality", "said_by")
_LOCATOR_KEYS = len(Locator.model_fields)

_R = TypeVar("_R", bound=Record)
_Error = Mapping[str, Any]
#: A message and a hint.
_Words = tuple[str, str]


def validate(raw: RawRecord, model: type[_R], findings: Findings) -> _R | None:
    """Return the record, or None after adding what is wrong with it to `findings`."""
    try:
        # `model_validate_json` calls this, after seven checks of its options per record.
        record: _R = model.__pydantic_validator__.validate_json(raw.data)
    except ValidationError as error:
        _add_faults(raw, model, error, findings)
        return None
    if raw.locate is None and _may_repeat_a_key(raw.data, record):
        _, fault = parse_line(raw.text, raw.line)
        if fault:
            findings.add_text_fault(raw.file, fault, f"{raw.kind} {raw.number}")
            return None
    return record


def _may_repeat_a_key(data: bytes, record: Record) -> bool:
    """Whether a claim has more colons than keys; others may always repeat one.

    Pydantic takes the last of two equal keys. Parsing again to find them costs a third of the
    check, and most claims have no colon besides those of their keys.
    """
    if not isinstance(record, Claim):
        return True
    keys = len(record.__pydantic_fields_set__) + len(record.roles) + len(record.details)
    keys += len(record.evidence) * _LOCATOR_KEYS
    for nested in (record.quantity, record.retracted):
        if nested is not None:
            keys += len(nested.__pydantic_fields_set__)
    return data.count(b":") > keys


def _add_faults(
    raw: RawRecord, model: type[Record], error: ValidationError, findings: Findings
) -> None:
    if findings.is_full():
        findings.counts[None] += error.error_count()
    elif raw.locate is None and (fault := _json_fault(raw, error)):
        findings.add_text_fault(raw.file, fault, f"{raw.kind} {raw.number}")
    else:
        for problem in (*problems(error, model), *_further_misfits(raw, model, error)):
            findings.add_problem(raw, problem)


def _json_fault(raw: RawRecord, error: ValidationError) -> TextFault | None:
    """Return what is wrong with the syntax of a line of JSON, if anything."""
    line, fault = parse_line(raw.text, raw.line)
    if fault:
        return fault
    if len(line) > 1:
        return TextFault(raw.line, None, "the line has more than one record")
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return TextFault(raw.line, None, json_message(first["ctx"]["error"]))
    return None


def _further_misfits(
    raw: RawRecord, model: type[Record], error: ValidationError
) -> Iterable[Problem]:
    """Return how a claim with other faults does not fit its predicate: pydantic stops before."""
    faulty = {str(entry["loc"][0]) if entry["loc"] else "" for entry in error.errors()}
    if model is not Claim or faulty & {"", *_FITTING}:
        return ()
    fields = {name: value for name, value in raw.values().items() if name in _FITTING}
    fields["said_by"] = as_list(fields["said_by"])
    fields["roles"] = {role: tuple(as_list(ids)) for role, ids in fields["roles"].items()}
    return misfits(Claim.model_construct(**fields).misfits())


def problems(error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
    """Yield each problem of a record of a model, in the order of its fields."""
    entries = error.errors(include_url=False)
    for entry in entries:
        if entry["type"] == "too_short" and any(_within(other, entry) for other in entries):
            continue  # pydantic counts only the valid items of a list
        if entry["type"] == "misfit":
            yield from misfits(entry["ctx"]["misfits"])
        else:
            yield _problem(entry, model)


def _within(inner: _Error, outer: _Error) -> bool:
    depth = len(outer["loc"])
    return len(inner["loc"]) > depth and bool(inner["loc"][:depth] == outer["loc"])


def misfits(of_claim: Iterable[Misfit]) -> Iterator[Problem]:
    """Yield each way in which a claim does not fit its predicate, with what would fit."""
    for misfit in of_claim:
        hint = _choice(misfit.value, misfit.allowed)
        on_key = misfit.place[0] in ("roles", "details")
        yield Problem(misfit.place, misfit.value, misfit.message, hint, on_key)


def _problem(error: _Error, model: type[BaseModel]) -> Problem:
    # A key of a mapping has a place of its own in pydantic's paths.
    path: FieldPath = tuple(part for part in error["loc"] if part != "[key]")
    value = error["input"]
    kind: str = error["type"]
    if kind == "missing":
        return Problem(
            path, "", "the field is missing", _description(_model_at(path, model), path[-1])
        )
    if kind == "extra_forbidden":
        hint = _field_hint(path[-1], _model_at(path, model))
        return Problem(path, str(path[-1]), f"unknown field {_quote(path[-1])}", hint, True)
    message, hint = _MESSAGES.get(kind, _default_message)(error, path)
    return Problem(path, _text(value), message, hint)


def _model_at(path: FieldPath, model: type[BaseModel]) -> type[BaseModel]:
    """The model that the last part of a path is a field of."""
    for part in path[:-1]:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        model = next(_models(field.annotation), model) if field else model
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models of nested records that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _description(model: type[BaseModel], field: str | int) -> str:
    info = model.model_fields.get(str(field))
    return (info.description or "") if info else ""


def _field_hint(name: str | int, model: type[BaseModel]) -> str:
    if model is Claim and name in ONTOLOGY.role_names:
        return f"{_quote(name)} is a role: it belongs under 'roles'."
    if model is Claim and name in ONTOLOGY.detail_names:
        return f"{_quote(name)} is a detail: it belongs under 'details'."
    return _choice(str(name), tuple(model.model_fields))


def _choice(value: str, allowed: tuple[str, ...]) -> str:
    """Propose the nearest of the allowed words, or list them where they are few."""
    if near := did_you_mean(value, allowed):
        return near
    if not allowed or len(allowed) > _MAX_CHOICES:
        return ""
    return f"One of: {', '.join(allowed)}." if len(allowed) > 1 else f"Write {allowed[0]!r}."


def _meaning(predicates: Iterable[str]) -> str:
    """Propose predicates, each with what it means."""
    proposals = (f"{name!r} ({ONTOLOGY.predicates[name].help[:-1]})" for name in predicates)
    words = " or ".join(proposals)
    return f"Did you mean {words}?" if words else ""


def _quote(value: object) -> str:
    return f"'{shorten(value)}'"


def _text(value: object) -> str:
    return "" if isinstance(value, dict | list | tuple) or value is None else str(value)


def _vocabulary(error: _Error, path: FieldPath) -> _Words:
    words = tuple(re.findall(r"'([^']+)'", error["ctx"]["expected"]))
    field = next((part for part in reversed(path) if isinstance(part, str)), "word")
    value = str(error["input"])
    near = ONTOLOGY.predicates_like(value) if field == "predicate" else ()
    # A slip of the pen needs no explanation.
    slip = did_you_mean(value, near) if len(near) == 1 else ""
    return f"unknown {field} {_quote(value)}", slip or _meaning(near) or _choice(value, words)


def _pattern(error: _Error, _: FieldPath) -> _Words:
    pattern, value = error["ctx"]["pattern"], str(error["input"])
    if pattern in _REFUSED and (match := re.search(_REFUSED[pattern], value)):
        return _refused(match[0])
    message, hint = _PATTERNS.get(pattern, _WRONG_FORM)
    if pattern == SLUG and re.match(SLUG, slug := fold(value[:200]).replace(" ", "-")[:120]):
        hint = f"Write '{slug}'."
    return message.format(value=_quote(value)), hint


def _refused(character: str) -> _Words:
    """Name the code point for which a text was refused."""
    if character in "\t\n\r\u2028\u2029":
        return f"the text has U+{ord(character):04X}, and must be one line", "Put a space there."
    name = unicodedata.name(character, "a control character")
    message = f"the text has U+{ord(character):04X} ({name}), which is invisible and can mislead"
    return message, "Remove it."


def _date(error: _Error, _: FieldPath) -> _Words:
    message, *advice = str(error["ctx"]["reason"]).removesuffix(".").split(". ", 1)
    return message[:1].lower() + message[1:], f"{advice[0]}." if advice else ""


def _locator(error: _Error, _: FieldPath) -> _Words:
    context = error["ctx"]
    message = f"the passage ends at {context['end']}, which is not after its start"
    return message, f"The end is greater than {context['start']}."


def _too_long(error: _Error, _: FieldPath) -> _Words:
    return f"the text is longer than {error['ctx']['max_length']} characters", "Shorten it."


def _at_least(error: _Error, _: FieldPath) -> _Words:
    return f"{_quote(error['input'])} is too small", f"The least is {error['ctx']['ge']}."


def _chain(error: _Error, path: FieldPath) -> _Words:
    if path[-1] == "said_by":
        return "the attribution chain is empty", "It begins with the source of the claim."
    return "the list is empty", "Write at least one."


def _default_message(error: _Error, _: FieldPath) -> _Words:
    return f"{_quote(_text(error['input']) or 'this')} is not allowed here", ""


def _message(message: str, hint: str = "") -> Callable[[_Error, FieldPath], _Words]:
    """A message in which `{value}` stands for the value."""
    return lambda error, _: (message.format(value=_quote(_text(error["input"]))), hint)


def _expected(what: str, hint: str = "") -> Callable[[_Error, FieldPath], _Words]:
    """A message for a value of the wrong shape."""

    def words(error: _Error, _: FieldPath) -> _Words:
        value = error["input"]
        if value is None:
            return "null is not a value", "Leave the field out."
        actual = {"dict": "a mapping", "list": "a list"}.get(type(value).__name__, _quote(value))
        return f"expected {what}, not {actual}", hint

    return words


_DAY = _message("{value} is not a date", "Write year, month and day: 2024-03-31.")
_MAPPING = _expected("a mapping of fields")

_WRONG_FORM = ("{value} does not have the form of this field", "")
_PATTERNS: Mapping[str, _Words] = {
    SLUG: ("{value} is not an id", "An id has lower-case letters, digits and single hyphens."),
    r"^[a-z][a-z_]{1,30}$": (
        "{value} is not the name of a field",
        "It has lower-case letters and low lines.",
    ),
    r"^[a-z]{2,3}$": ("{value} is not a language code", "Write two or three letters: en, fa, zh."),
    r"^([A-Z][a-z]{3})?$": (
        "{value} is not a script code",
        "Write four letters: Latn, Arab, Hani.",
    ),
    r"^[0-9a-f]{64}$": ("{value} is not a SHA-256", "It has 64 digits from 0-9 and a-f."),
    r"^[0-9a-f]{32}$": ("{value} is not the id of a claim", "It has 32 digits from 0-9 and a-f."),
    URL: ("{value} is not a web address", "It begins with http:// or https://."),
}

_MESSAGES: Mapping[str, Callable[[_Error, FieldPath], _Words]] = {
    "country": _message(
        "{value} is not the code of a country", "Write two capitals, as ISO 3166-1: CN, GB, IR."
    ),
    "date": _date,
    "day": _DAY,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": _expected("a list"),
    "tuple_type": _expected("a list"),
    "string_type": _expected("a text", "Put it in quotes if it is one."),
    "int_type": _expected("a whole number"),
    "int_parsing": _message("{value} is not a whole number"),
    "int_parsing_size": _message("the number is too long"),
    "int_from_float": _message("{value} is not a whole number"),
    "float_type": _expected("a number"),
    "float_parsing": _message(
        "{value} is not a number", "Write digits, and a dot for the fraction."
    ),
    "finite_number": _message("{value} is not a number", "Leave an unknown number out."),
    "greater_than_equal": _at_least,
    "literal_error": _vocabulary,
    "label": lambda error, _: (
        "the first name is an epithet, and it is the label that is shown",
        "Put a name before it.",
    ),
    "locator": _locator,
    "mapping": lambda error, _: (str(error["msg"]), ""),
    "string_pattern_mismatch": _pattern,
    "string_too_long": _too_long,
    "string_too_short": _message("the text is empty"),
    "too_short": _chain,
}
