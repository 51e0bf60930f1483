"""Parameters of a statement that come from anybody: JSON, within bounds that the server bears."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from graph.errors import CypherFault

#: Lists and maps inside one another: each level costs the server a frame of its stack.
DEEPEST = 20
#: Names that a statement may be given.
MOST = 100
#: What a whole number of Cypher can be.
LARGEST = 2**63


def read(text: str) -> dict[str, Any]:
    """Read parameters from a JSON object; whole numbers stay whole.

    Raises `CypherFault` for what is no JSON object, and for all that `check` refuses.
    """
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _fault(f"are more than {DEEPEST} levels deep") from error
    except ValueError as error:
        raise _fault(f"are no JSON: {error}") from error
    if not isinstance(found, dict):
        raise _fault('are no JSON object, such as {"id": "tiandy"}')
    return check(found)


def check(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters of plain JSON values that Cypher can hold.

    Raises `CypherFault` for too many or too deep ones, for numbers beyond 64 bits and for texts
    that are no Unicode.
    """
    if len(parameters) > MOST:
        raise _fault(f"are {len(parameters):,}; {MOST} are the most")
    for name, value in parameters.items():
        _check_text(name, name)
        for depth, part in _parts(value, 1):
            if depth > DEEPEST:
                raise _fault(f"are more than {DEEPEST} levels deep", name)
            _check_value(name, part)
    return dict(parameters)


def _parts(value: Any, depth: int) -> Iterator[tuple[int, Any]]:
    """Yield a value and all inside it, each with its depth; stop where it is too deep."""
    yield depth, value
    if depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield depth, key
            yield from _parts(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner, depth + 1)


def _check_value(name: str, value: Any) -> None:
    if isinstance(value, str):
        _check_text(name, value)
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        raise _fault("has a whole number beyond 64 bits: give it as a text", name)
    elif isinstance(value, float) and not isfinite(value):
        raise _fault("has a number that is none in JSON", name)


def _check_text(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _fault("has a text that is no Unicode", name) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _fault(what: str, name: str | None = None) -> CypherFault:
    subject = "The parameters" if name is None else f"The parameter {name!a}"
    return CypherFault("cypher_parameter", f"{subject} {what}.", operator=name)
