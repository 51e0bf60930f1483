"""What pydantic finds wrong with a record, in words for the person who wrote it.

The patterns and limits are those of `graph.model`; here stands only how to say them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from graph.dataset.node import Path, Problem
from graph.faults import did_you_mean, shorten
from graph.fold import fold
from graph.model import Claim, Locator, Misfit, Name, Quantity, Retraction, Step
from graph.model.fields import LINE, REFUSED, SLUG, TEXT
from graph.ontology import ONTOLOGY

#: The records within records, by the field that holds them.
_INNER: Mapping[str, type[BaseModel]] = {
    "names": Name,
    "quantity": Quantity,
    "evidence": Locator,
    "retracted": Retraction,
    "steps": Step,
}
_REFUSED = {TEXT: f"[{REFUSED}]", LINE: f"[\t\n\r\u2028\u2029{REFUSED}]"}
_FEW = 15

_Entry = Mapping[str, Any]
_Said = tuple[str, str]


def problems(error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
    """Yield each thing that is wrong with a record of a model, in the order of its fields."""
    entries = error.errors(include_url=False)
    for entry in entries:
        if entry["type"] == "too_short" and any(_within(other, entry) for other in entries):
            continue  # pydantic counts only the faultless items of a list
        if entry["type"] == "misfit":
            yield from misfits(entry["ctx"]["misfits"])
        else:
            yield _problem(entry, model)


def _within(inner: _Entry, outer: _Entry) -> bool:
    depth = len(outer["loc"])
    return len(inner["loc"]) > depth and bool(inner["loc"][:depth] == outer["loc"])


def misfits(found: Iterable[Misfit]) -> Iterator[Problem]:
    """Yield each way in which a claim does not fit its predicate, with what would."""
    for misfit in found:
        hint = _choice(misfit.value, misfit.allowed)
        on_key = misfit.place[0] in ("roles", "details")
        yield Problem(misfit.place, misfit.value, misfit.message, hint, on_key)


def _problem(entry: _Entry, model: type[BaseModel]) -> Problem:
    # A key of a mapping has a place of its own in pydantic's paths.
    path: Path = tuple(part for part in entry["loc"] if part != "[key]")
    value = entry["input"]
    kind: str = entry["type"]
    if kind == "missing":
        return Problem(path, "", "the field is missing", _purpose(_holder(path, model), path[-1]))
    if kind == "extra_forbidden":
        hint = _misplaced(path[-1], _holder(path, model))
        return Problem(path, str(path[-1]), f"no field is called {_shown(path[-1])}", hint, True)
    said, hint = _WORDS.get(kind, _otherwise)(entry, path)
    return Problem(path, _scalar(value), said, hint)


def _holder(path: Path, model: type[BaseModel]) -> type[BaseModel]:
    """The model that the last part of a path is a field of."""
    return _INNER.get(str(path[0]), model) if len(path) > 1 else model


def _purpose(model: type[BaseModel], field: str | int) -> str:
    found = model.model_fields.get(str(field))
    return (found.description or "") if found else ""


def _misplaced(name: str | int, model: type[BaseModel]) -> str:
    if model is Claim and name in ONTOLOGY.role_names:
        return f"{_shown(name)} is a role: it belongs under 'roles'."
    if model is Claim and name in ONTOLOGY.detail_names:
        return f"{_shown(name)} is a detail: it belongs under 'details'."
    return _choice(str(name), tuple(model.model_fields))


def _choice(value: str, allowed: tuple[str, ...]) -> str:
    """Propose the nearest of the allowed words, or list them where they are few."""
    if near := did_you_mean(value, allowed):
        return near
    if not allowed or len(allowed) > _FEW:
        return ""
    return f"One of: {', '.join(allowed)}." if len(allowed) > 1 else f"Write {allowed[0]!r}."


def _shown(value: object) -> str:
    return f"'{shorten(value)}'"


def _scalar(value: object) -> str:
    return "" if isinstance(value, dict | list | tuple) or value is None else str(value)


def _vocabulary(entry: _Entry, path: Path) -> _Said:
    known = tuple(re.findall(r"'([^']+)'", entry["ctx"]["expected"]))
    field = next((part for part in reversed(path) if isinstance(part, str)), "word")
    return f"no {field} is called {_shown(entry['input'])}", _choice(str(entry["input"]), known)


def _pattern(entry: _Entry, _: Path) -> _Said:
    pattern, value = entry["ctx"]["pattern"], str(entry["input"])
    if pattern in _REFUSED and (found := re.search(_REFUSED[pattern], value)):
        return _refused(found[0])
    message, hint = _PATTERNS.get(pattern, _BADLY_WRITTEN)
    if pattern == SLUG and re.match(SLUG, slug := fold(value[:200]).replace(" ", "-")[:120]):
        hint = f"Write '{slug}'."
    return message.format(value=_shown(value)), hint


def _refused(found: str) -> _Said:
    """Name the code point for which a text was refused."""
    if found in "\t\n\r\u2028\u2029":
        return f"the text holds U+{ord(found):04X}, and must be one line", "Put a space there."
    name = unicodedata.name(found, "a control character")
    message = f"the text holds U+{ord(found):04X} ({name}), which is not shown and can mislead"
    return message, "Remove it."


def _date(entry: _Entry, _: Path) -> _Said:
    said, *advice = str(entry["ctx"]["reason"]).removesuffix(".").split(". ", 1)
    return said[:1].lower() + said[1:], f"{advice[0]}." if advice else ""


def _locator(entry: _Entry, _: Path) -> _Said:
    context = entry["ctx"]
    message = f"the passage ends at {context['end']}, which is not after its start"
    return message, f"The end is greater than {context['start']}."


def _too_long(entry: _Entry, _: Path) -> _Said:
    return f"the text is longer than {entry['ctx']['max_length']} characters", "Shorten it."


def _at_least(entry: _Entry, _: Path) -> _Said:
    return f"{_shown(entry['input'])} is too small", f"The least is {entry['ctx']['ge']}."


def _chain(entry: _Entry, path: Path) -> _Said:
    if path[-1] == "said_by":
        return "the attribution chain is empty", "It begins with the source of the claim."
    return "the list is empty", "Write at least one."


def _otherwise(entry: _Entry, _: Path) -> _Said:
    return f"{_shown(_scalar(entry['input']) or 'this')} is not what the field takes", ""


def _says(message: str, hint: str = "") -> Callable[[_Entry, Path], _Said]:
    """A message in which `{value}` is what was found."""
    return lambda entry, _: (message.format(value=_shown(_scalar(entry["input"]))), hint)


def _wants(what: str, hint: str = "") -> Callable[[_Entry, Path], _Said]:
    """A message for a value of the wrong shape."""

    def words(entry: _Entry, _: Path) -> _Said:
        value = entry["input"]
        if value is None:
            return "null is no value", "Leave the field out."
        found = {"dict": "a mapping", "list": "a list"}.get(type(value).__name__, _shown(value))
        return f"{what} belongs here, and not {found}", hint

    return words


_DAY = _says("{value} is no day", "Write year, month and day: 2024-03-31.")
_MAPPING = _wants("a mapping of fields")

_BADLY_WRITTEN = ("{value} is not written as the field wants it", "")
_PATTERNS: Mapping[str, _Said] = {
    SLUG: ("{value} is no id", "An id has lower-case letters, digits and single hyphens."),
    r"^[a-z]{2,3}$": ("{value} is no language code", "Write two or three letters: en, fa, zh."),
    r"^([A-Z][a-z]{3})?$": ("{value} is no script code", "Write four letters: Latn, Arab, Hani."),
    r"^[0-9a-f]{64}$": ("{value} is no SHA-256", "It has 64 digits from 0-9 and a-f."),
    r"^[0-9a-f]{32}$": ("{value} is no id of a claim", "It has 32 digits from 0-9 and a-f."),
    r"^https?://[^\s<>\"]+$": ("{value} is no web address", "It begins with http:// or https://."),
}

_WORDS: Mapping[str, Callable[[_Entry, Path], _Said]] = {
    "date": _date,
    "day": _DAY,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": _wants("a list"),
    "tuple_type": _wants("a list"),
    "string_type": _wants("a text", "Put it in quotes if it is one."),
    "int_type": _wants("a whole number"),
    "int_parsing": _says("{value} is no whole number"),
    "int_parsing_size": _says("the number is too long"),
    "int_from_float": _says("{value} is no whole number"),
    "float_type": _wants("a number"),
    "float_parsing": _says("{value} is no number", "Write digits, and a dot for the fraction."),
    "finite_number": _says("{value} is no number", "Leave an unknown number out."),
    "greater_than_equal": _at_least,
    "literal_error": _vocabulary,
    "locator": _locator,
    "string_pattern_mismatch": _pattern,
    "string_too_long": _too_long,
    "string_too_short": _says("the text is empty"),
    "too_short": _chain,
}
