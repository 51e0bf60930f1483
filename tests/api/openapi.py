"""What the API says of itself, as cases: an address for every route, and each kind of parameter.

Everything comes from the OpenAPI document, so that a route that is added is tested unasked, once
`make docs` has written it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.testclient import TestClient

#: As `make docs` writes it, since the app takes seconds for it; test_contract.py holds both equal.
FILE = Path(__file__).parents[2] / "docs/openapi.json"
DESCRIPTION: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
#: Parameters whose values change with the data: they have no example that lasts.
LIVE = ("claim_id", "snapshot_id", "since")


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation, with its schema: references followed, `null` left out."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]

    @property
    def is_list(self) -> bool:
        """Whether it may be given more than once."""
        return bool(self.schema.get("type") == "array")

    @property
    def one(self) -> Mapping[str, Any]:
        """The schema of one value."""
        return resolve(self.schema["items"]) if self.is_list else self.schema

    @property
    def words(self) -> list[str]:
        """The closed vocabulary of its values; empty where there is none."""
        const = [self.one["const"]] if "const" in self.one else []
        return [str(word) for word in self.one.get("enum", const)]

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Whole numbers that it refuses, each with the bound that is passed."""
        if self.one.get("type") != "integer":
            return []
        under = [(self.one["minimum"] - 1, self.one["minimum"])] if "minimum" in self.one else []
        over = [(self.one["maximum"] + 1, self.one["maximum"])] if "maximum" in self.one else []
        return under + over

    @property
    def is_day(self) -> bool:
        """Whether it takes a day."""
        return any(kind.get("format") == "date" for kind in self.one.get("anyOf", [self.one]))

    @property
    def examples(self) -> list[Any]:
        """Its examples; of a list, each is a list."""
        return list(self.schema.get("examples", []))


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    path: str
    method: str
    spec: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its `operationId`."""
        return str(self.spec["operationId"])

    @cached_property
    def parameters(self) -> list[Parameter]:
        """All its parameters."""
        return [
            Parameter(p["name"], p["in"], p["required"], resolve(p["schema"]))
            for p in self.spec.get("parameters", [])
        ]

    @property
    def queried(self) -> list[Parameter]:
        """Its parameters after the `?`."""
        return [parameter for parameter in self.parameters if parameter.place == "query"]

    def takes(self, *names: str) -> bool:
        """Whether it takes all these parameters."""
        return set(names) <= {parameter.name for parameter in self.queried}

    @property
    def formats(self) -> list[str]:
        """The media types of its answers."""
        return list(self.spec["responses"]["200"].get("content", {}))

    @property
    def codes(self) -> Mapping[int, str]:
        """What is told of its problems, by status."""
        return {
            int(s): response["description"]
            for s, response in self.spec["responses"].items()
            if s >= "400"
        }

    def example(self, live: Mapping[str, str], **overrides: Any) -> str:
        """Return an address that answers 200: each parameter that has an example is given.

        `overrides` are further values, or other ones. Raises `LookupError` for a required parameter
        without an example.
        """
        values = {p.name: value_of(p, live) for p in self.parameters if p.examples or p.required}
        values |= {name.rstrip("_"): value for name, value in overrides.items()}
        places = {p.name for p in self.parameters if p.place == "path"}
        path = self.path.format(**{n: quote(str(values[n]), safe="") for n in places})
        query = urlencode({n: v for n, v in values.items() if n not in places}, doseq=True)
        return f"{path}?{query}" if query else path


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with its reference followed, and without the choice of `null`."""
    if "$ref" in schema:
        return resolve(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    return {**schema, **resolve(kinds[0])} if len(kinds) == 1 else schema


def value_of(parameter: Parameter, live: Mapping[str, str]) -> Any:
    """Return what stands for a parameter in an example. Raises `LookupError` if nothing does."""
    if parameter.name in live:
        return live[parameter.name]
    if not parameter.examples:
        raise LookupError(f"{parameter.name} is required and has no example")
    return parameter.examples[0]


def operations(method: str = "get") -> list[Operation]:
    """Return all operations with a method."""
    return [
        Operation(path, method, item[method])
        for path, item in DESCRIPTION["paths"].items()
        if method in item
    ]


def live(api: TestClient) -> dict[str, str]:
    """Return values of the parameters in `LIVE`, from what is loaded."""
    (claim,) = api.get("/v1/claims?limit=1").json()["results"]
    snapshot = api.get("/v1/snapshots?limit=1").json()["results"][0]["id"]
    return {"claim_id": claim["id"], "snapshot_id": snapshot, "since": snapshot}


def addresses(api: TestClient) -> Iterator[str]:
    """Yield an address that answers for every route that is read."""
    values = live(api)
    return (operation.example(values) for operation in operations())
