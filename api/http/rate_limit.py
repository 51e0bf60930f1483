"""How much one address may ask for, on a server that anybody can reach.

Two limits, the same for everybody: so many requests in a few seconds, and so many costly ones in a
minute. Every answer says in the `RateLimit` headers what is left (the IETF's httpapi draft on
RateLimit header fields), and the one that is refused says when to come again.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ProblemError, respond
from api.files import FORMATS


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: its name in the headers, in words, and what it counts."""

    name: str
    words: str
    item: RateLimitItem

    @property
    def policy(self) -> str:
        """As `RateLimit-Policy` has it: quota and window in seconds."""
        return f'"{self.name}";q={self.item.amount};w={self.item.get_expiry()}'


#: Ten a second, in bursts of 40; a page with its files and its data is well below.
REQUESTS = Limit("requests", "40 requests in 4 seconds", RateLimitItemPerSecond(40, 4))
COSTLY = Limit("costly", "30 costly requests in a minute", RateLimitItemPerMinute(30))
#: Questions that keep the store busy for long: statements, paths, what-if, analyses, whole files.
_FILES = "|".join(one.suffix for one in FORMATS)
_COSTLY = re.compile(rf"/cypher|/v1/(cypher|paths|what-if|analyses|.*\.({_FILES})$)")
_WHAT_IF = re.compile(r"/v1/sources/[^/]+/what-if")


class RateLimit:
    """Count by address, refuse what is over a limit, and say what is left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._counter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        who = whose(scope)
        limits = [REQUESTS, COSTLY] if is_costly(scope["path"]) else [REQUESTS]
        for limit in limits:
            if not self._counter.hit(limit.item, who):
                wait = self._wait(limit, who)
                refusal = respond(Request(scope), too_many(limit, wait))
                await refusal(scope, receive, self._with_limits(send, who, limits))
                return
        await self._app(scope, receive, self._with_limits(send, who, limits))

    def _wait(self, limit: Limit, who: str) -> int:
        """Whole seconds until the next request is taken."""
        stats = self._counter.get_window_stats(limit.item, who)
        return max(1, math.ceil(stats.reset_time - time.time()))

    def _with_limits(self, send: Send, who: str, limits: list[Limit]) -> Send:
        async def with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = ", ".join(limit.policy for limit in limits)
                headers["RateLimit"] = ", ".join(self._quota(limit, who) for limit in limits)
            await send(message)

        return with_limits

    def _quota(self, limit: Limit, who: str) -> str:
        stats = self._counter.get_window_stats(limit.item, who)
        return f'"{limit.name}";r={stats.remaining};t={self._wait(limit, who)}'


def is_costly(path: str) -> bool:
    """Whether a path counts as a costly one too."""
    return _COSTLY.match(path) is not None or _WHAT_IF.match(path) is not None


def whose(scope: Scope) -> str:
    """Return the address that a request counts for; of IPv6 the network, a household's /64.

    It is the connection's: a proxy that is trusted puts the client's there (`serve`).
    """
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return str(address)


def too_many(limit: Limit, wait: int) -> ProblemError:
    """Return the problem for a request over a limit."""
    return ProblemError(
        429,
        "rate_limited",
        "Too many requests",
        f"More than {limit.words} came from this address. Come again in {wait} seconds.",
        headers={"Retry-After": str(wait)},
        retryable=True,
    )
