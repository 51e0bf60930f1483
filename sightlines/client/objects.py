"""The JSON of the API as objects. Its fields are the server's and are not repeated here."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class JsonObject(BaseModel):
    """An object of an answer: `tie.status` and `tie["status"]` are the same member.

    A name that is a word of Python ends with an underscore: `tie.from_`. Iterating yields names
    with their values, so that `dict(tie)` has all of them. Days are text, as the API writes them.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[
        str,
        Annotated[JsonObject | list[JsonObject] | Any, Field(union_mode="left_to_right")],
    ]

    def __getattr__(self, name: str) -> Any:
        name = name if name.endswith("__") else name.removesuffix("_")
        return super().__getattr__(name)  # type: ignore[misc]  # hidden from type checkers

    def __getitem__(self, name: str) -> Any:
        return dict(self)[name]

    def __contains__(self, name: str) -> bool:
        return name in dict(self)

    def __dir__(self) -> list[str]:
        """Return the names that a notebook completes."""
        return [*super().__dir__(), *dict(self)]


class Meta(JsonObject):
    """What an answer is a function of, and what was left out of it."""

    snapshot: JsonObject | None
    permalink: str
    notices: list[str] = []


class Page(JsonObject):
    """A part of a list; `next` is the address of the following one."""

    results: list[JsonObject]
    total: int
    next: str | None
    meta: Meta


class Problem(JsonObject):
    """Why a request was not answered (RFC 9457)."""

    code: str
    status: int
    detail: str
    errors: list[JsonObject] = []
    near: list[JsonObject] = []
