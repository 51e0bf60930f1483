"""How a server stands in the world: on loopback for one person, or where anybody can reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from api.http.auth import Access
from api.keys import Key, Right

Cypher = Literal["on", "key", "off"]
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Exposure:
    """What an app refuses and tells, whoever asks.

    Requests whose Host is not among `hosts` are refused, so that a web page elsewhere cannot read a
    local store through a name of its own; `("*",)` takes any. `origins` are the web pages that may
    read answers. `limited` counts requests by address. `statements` says whether Cypher is taken at
    all. `metrics` serves `/metrics`, `logged` writes a line for each request. `url` is the address
    that others use, where it is another one than that of the request.
    """

    hosts: tuple[str, ...] = LOOPBACK_HOSTS
    origins: tuple[str, ...] = ()
    access: Access = field(default_factory=Access)
    statements: bool = True
    limited: bool = False
    metrics: bool = False
    logged: bool = False
    url: str | None = None


def loopback(
    *,
    origins: tuple[str, ...] = (),
    cypher: Cypher = "on",
    metrics: bool = False,
    logged: bool = False,
    url: str | None = None,
) -> Exposure:
    """Return what holds on loopback: one person, who may do everything, and no limit."""
    return Exposure(
        origins=origins, statements=cypher != "off", metrics=metrics, logged=logged, url=url
    )


def public(
    keys: Mapping[str, Key],
    *,
    hosts: tuple[str, ...] = ("*",),
    origins: tuple[str, ...] = ("*",),
    cypher: Cypher = "key",
    read: Literal["anybody", "key"] = "anybody",
    metrics: bool = False,
    logged: bool = True,
    url: str | None = None,
) -> Exposure:
    """Return what holds on a public address: reading for anybody, the rest for holders of keys.

    Passages are quoted for nobody without the scope `quotes`. Cypher asks for a key unless it is
    `on`, and so does reading where `read` says so.
    """
    anybody: set[Right] = set()
    if read == "anybody":
        anybody.add("read")
    if cypher == "on":
        anybody.add("cypher")
    return Exposure(
        hosts=hosts,
        origins=origins,
        access=Access(frozenset(anybody), keys),
        statements=cypher != "off",
        limited=True,
        metrics=metrics,
        logged=logged,
        url=url,
    )
