"""What every answer goes through: limits, HEAD as GET without a body, safe headers."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ProblemError, respond

#: Data is for programs: a browser that opens it runs nothing and frames nothing. Pages and the
#: docs bring a policy of their own.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


#: Bytes of an address with its question, and of a body. Servers and proxies cut longer addresses
#: off without a word.
LONGEST_ADDRESS = 16_000
LARGEST_BODY = 64 * 1024


class SizeLimits:
    """Refuse addresses and bodies that are too large, before anything reads them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address = scope.get("raw_path") or scope["path"].encode()
        if len(address) + len(scope["query_string"]) > LONGEST_ADDRESS:
            await respond(Request(scope), _URL_TOO_LONG)(scope, receive, send)
        elif int(Headers(scope=scope).get("content-length", "0")) > LARGEST_BODY:
            await respond(Request(scope), _BODY_TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, _counted(receive), send)


def _counted(receive: Receive) -> Receive:
    """Count what comes without a length, or with a false one."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise HTTPException(413, _BODY_TOO_LARGE.detail)
        return message

    return counted


_URL_TOO_LONG = ProblemError(
    414,
    "url_too_long",
    "The address is too long",
    f"An address has {LONGEST_ADDRESS:,} bytes at most: ask for less, or, of /v1/cypher and "
    "/v1/what-if, POST the same question as JSON.",
)
_BODY_TOO_LARGE = ProblemError(
    413, "body_too_large", "The body is too large", f"{LARGEST_BODY:,} bytes are the most."
)


class HeadAsGet:
    """Answer HEAD as GET, and drop the body: FastAPI answers 405, and table readers send it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        as_get = {**scope, "method": "GET", "sightlines.head": True}
        await self._app(as_get, receive, without_body)


class SafeHeaders:
    """Put the headers that make an answer safe on every one of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("Vary", "Accept, Accept-Encoding")
                if not headers.get("Content-Type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", DATA_POLICY)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
