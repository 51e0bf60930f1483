"""A cache of responses.

A response is a function of the snapshot and the request, so a tag that names both never goes out of
date, and no clock is needed. The middleware runs before routing: a repeated request costs a
look-up, and one with a matching `If-None-Match` gets 304.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from email.utils import parsedate
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.public_address import route_path
from api.http.scope import request_notes
from api.http.store_state import StateCache
from graph.errors import StoreError
from graph.store.state import State

#: Bytes of responses that one process caches, and of the largest one among them.
MEMORY, LARGEST = 64_000_000, 4_000_000
#: Never cached: what does not depend on the graph, or reports the present moment.
_PASSED = ("/docs", "/openapi.json", "/healthz", "/readyz", "/metrics", "/client/")


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A finished response: headers and body as they are sent, and the route that made it."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    route: object = None

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


class ResponseCache:
    """The most recently used responses, at most `limit` bytes; for one event loop."""

    def __init__(self, limit: int = MEMORY) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[Hashable, CachedResponse] = OrderedDict()

    def get(self, key: Hashable) -> CachedResponse | None:
        """Return the answer, or None."""
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def put(self, key: Hashable, answer: CachedResponse) -> None:
        """Add a response and evict the least recently used. One over the limit is not added."""
        if answer.size > self._limit:
            return
        before = self._answers.pop(key, None)
        self._size += answer.size - (before.size if before else 0)
        self._answers[key] = answer
        while self._size > self._limit:
            _, dropped = self._answers.popitem(last=False)
            self._size -= dropped.size

    def __len__(self) -> int:
        """The size of all cached responses in bytes."""
        return self._size


class _Holder(Protocol):
    state_cache: StateCache
    response_cache: ResponseCache

    def etag(self, state: State, scope: Scope) -> str: ...


class CacheMiddleware:
    """Answer from the cache where possible, and cache complete answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_be_remembered(scope):
            await self._app(scope, receive, send)
            return
        request_notes(scope)
        services: _Holder = scope["app"].state.services
        try:
            state = await services.state_cache.current()
        except StoreError:  # The route will answer with the problem.
            await self._app(scope, receive, send)
            return
        etag = services.etag(state, scope)
        key = (etag, _representation(scope))
        cached = None if state.loading else services.response_cache.get(key)
        if cached is None:
            await self._app(
                scope, receive, _Listener(scope, send, services.response_cache, key, etag)
            )
            return
        request_notes(scope)["route"] = cached.route
        if holds(scope, Headers(raw=cached.headers)):
            await _send(send, 304, _without_body(cached.headers), b"")
        else:
            await _send(send, 200, cached.headers, cached.body)


def make_etag(snapshot: str | None, scope: Scope, *more: object) -> str:
    """Return the tag of the answer to a request: its snapshot, and a hash of all it depends on.

    The path ends in the suffix of the format, also where `Accept` chose it. So each address and
    each format has a tag of its own, and nobody holds the tag of an answer that there is not. It is
    weak: one answer is sent in several encodings.
    """
    parts = [route_path(scope), scope["query_string"].decode("latin-1"), *map(str, more)]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f'W/"{snapshot}-{digest[:16]}"'


def match(scope: Scope, etag: str) -> str | None:
    """Return a tag as `If-None-Match` has it, by the weak comparison (RFC 9110, 8.8.3.2).

    A file's tag is weak where it was compressed: 304 repeats the one that the client holds.
    """
    tags = Headers(scope=scope).get("if-none-match", "").split(",")
    return next((tag.strip() for tag in tags if _bare(tag) == _bare(etag)), None)


def holds(scope: Scope, answer: Headers) -> bool:
    """Whether the client holds an answer that there is, by its headers (RFC 9110, section 13)."""
    request = Headers(scope=scope)
    if "if-none-match" in request:
        return any(match(scope, tag) for tag in ("*", answer.get("etag", "*")))
    since, modified = (
        parsedate(value) if value else None
        for value in (request.get("if-modified-since"), answer.get("last-modified"))
    )
    return since is not None and modified is not None and since >= modified


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _may_be_remembered(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and not scope["path"].startswith(_PASSED)
        and not any(name in (b"authorization", b"range") for name, _ in scope["headers"])
    )


def _representation(scope: Scope) -> Hashable:
    """Return what the bytes of a response depend on besides its tag; links contain the host."""
    pairs = (pair for pair in scope["headers"] if pair[0] in (b"accept-encoding", b"host"))
    return (scope.get("sightlines.bytes"), *pairs)


def _without_body(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    body = (b"content-length", b"content-type", b"content-encoding")
    return [header for header in headers if header[0] not in body]


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Listener:
    """Forwards the response, and caches it if it is a complete 200 with the current `ETag`.

    Where the client holds it, 304 is sent in its place.
    """

    def __init__(
        self, scope: Scope, send: Send, response_cache: ResponseCache, key: Hashable, etag: str
    ) -> None:
        self._scope, self._send = scope, send
        self._memory, self._key, self._etag = response_cache, key, etag
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._body = b""
        self._unchanged = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            tag = headers.get("ETag")
            if message["status"] == 200 and tag is not None:
                # The answer to HEAD has the headers of a body that was never made.
                whole = not self._scope.get("sightlines.head")
                if whole and tag.removeprefix("W/") == self._etag.removeprefix("W/"):
                    self._headers = list(message["headers"])
                self._unchanged = holds(self._scope, headers)
            if self._unchanged:
                left = _without_body(message["headers"])
                message = {**message, "status": 304, "headers": left}
        elif message["type"] == "http.response.body":
            if self._headers is not None:
                self._keep(message.get("body", b""), message.get("more_body", False))
            if self._unchanged:
                message = {**message, "body": b""}
        await self._send(message)

    def _keep(self, part: bytes, more: bool) -> None:
        assert self._headers is not None
        self._body += part
        if len(self._body) > LARGEST:
            self._headers = None
        elif not more:
            route = request_notes(self._scope).get("route")
            self._memory.put(self._key, CachedResponse(self._headers, self._body, route))
