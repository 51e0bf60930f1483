"""What every answer goes through: HEAD as GET without a body, conditional answers, safe headers."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Data is for programs: a browser that opens it runs nothing and frames nothing. Pages and the
#: docs bring a policy of their own.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


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

        await self._app({**scope, "method": "GET"}, receive, without_body)


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


class NotModified:
    """Answer 304 where the client holds what would be sent: the tag is that of the snapshot."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("if-none-match") if scope["type"] == "http" else None
        if asked is None:
            await self._app(scope, receive, send)
            return
        held = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        unchanged = False

        async def conditional(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                unchanged = headers.get("ETag", "").removeprefix("W/") in held
                if unchanged:
                    message["status"] = 304
                    del headers["Content-Length"]
                    del headers["Content-Type"]
            elif unchanged and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, conditional)
