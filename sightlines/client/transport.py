"""Requests: how questions are written, sent and sent again, and how answers are read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from sightlines.client.errors import Unreachable, Unreadable, error_of
from sightlines.client.objects import Problem

Plain = str | int | float | date
#: What a parameter may be: one value, several (any of them), or None for not given.
Value = Plain | Iterable[Plain] | None
Query = list[tuple[str, str]]
ModelT = TypeVar("ModelT", bound=BaseModel)

#: How often a request is sent in all, and how many seconds one pause between may take.
TRIES = 4
LONGEST_PAUSE = 30


def encode(params: Mapping[str, Value]) -> Query:
    """Write parameters as the API reads them; `from_` and `in_` stand for `from` and `in`.

    Raises `ValueError` for a list without values, which the API could not tell from no filter.
    """
    return [
        (name.removesuffix("_"), _text(one))
        for name, value in params.items()
        for one in _values(name, value)
    ]


def _values(name: str, value: Value) -> Iterator[Plain]:
    if value is None:
        return
    if isinstance(value, str | int | float | date):
        yield value
        return
    values = list(value)
    if not values:
        raise ValueError(f"{name} is an empty list. None asks for any value.")
    yield from values


def _text(value: Plain) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def path(*parts: str) -> str:
    """Return the path of a resource; whatever an id holds is escaped."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends questions to one API."""

    http: httpx2.Client
    base: str
    headers: Mapping[str, str]

    def address(self, path: str, query: Query) -> str:
        """Return the whole address of a question."""
        return str(httpx2.URL(self.base + path, params=query))

    def get(self, path: str, query: Query, accept: str = "*/*") -> httpx2.Response:
        """Ask by GET. Raises `SightlinesProblem`, `Unreachable` or `Unreadable`."""
        return self._send("GET", path, params=query, headers={"Accept": accept})

    def read(self, model: type[ModelT], path: str, query: Query) -> ModelT:
        """Ask by GET for an answer of a shape. Raises what `get` raises."""
        return parse(model, self.get(path, query))

    def post(self, model: type[ModelT], path: str, body: Mapping[str, Any]) -> ModelT:
        """Ask by POST for an answer of a shape. Raises what `get` raises."""
        return parse(model, self._send("POST", path, json=body))

    def _send(self, method: str, path: str, **parts: Any) -> httpx2.Response:
        """Send a question, and again after a pause where the API says that this helps."""
        response = self._once(method, path, **parts)
        for _ in range(TRIES - 1):
            wait = pause(response)
            if wait is None:
                break
            time.sleep(wait)
            response = self._once(method, path, **parts)
        if response.is_error:
            raise error_of(parse(Problem, response))
        return response

    def _once(self, method: str, path: str, **parts: Any) -> httpx2.Response:
        parts["headers"] = {**self.headers, **parts.get("headers", {})}
        try:
            return self.http.request(method, self.base + path, follow_redirects=True, **parts)
        except httpx2.RequestError as error:
            raise Unreachable(
                f"{self.base} does not answer ({error}). Is it the right address, and is a server "
                "running there? `sightlines up` starts one."
            ) from error


def pause(response: httpx2.Response) -> int | None:
    """Return how many seconds to wait before the same question again; None: do not ask again."""
    if response.status_code not in (429, 503):
        return None
    wait = response.headers.get("Retry-After", "")
    if not wait.isascii() or not wait.isdigit() or int(wait) > LONGEST_PAUSE:
        return None
    return int(wait)


def parse(model: type[ModelT], response: httpx2.Response) -> ModelT:
    """Read an answer. Raises `Unreadable` for one of another shape."""
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        kind = response.headers.get("Content-Type", "nothing said of its kind")
        raise Unreadable(
            f"{response.url} answered {response.status_code} ({kind}), and this is no answer that "
            f"this version of the client reads: {error.error_count()} differences. Is it an API of "
            "Sightlines, and of the same version?"
        ) from error
