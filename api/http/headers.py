"""What every answer goes through: limits, HEAD as GET without a body, safe headers."""

from __future__ import annotations

import re

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from api.errors import ProblemError, respond
from api.http.cache import match
from api.http.scope import request_notes

#: Data is for programs: a browser that opens it runs nothing and frames nothing. Pages and the
#: docs bring a policy of their own.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


#: Bytes of an address with its question, of a body, and of one with a statement and its parameters.
#: Servers and proxies cut longer addresses off without a word.
LONGEST_ADDRESS = 16_000
LARGEST_BODY = 64 * 1024
LARGEST_STATEMENT_BODY = 1024 * 1024
LARGEST_BATCH_BODY = 256 * 1024
_LARGER_BODIES = {
    re.compile(r"/v1/cypher(\.\w+)?$"): LARGEST_STATEMENT_BODY,
    re.compile(r"/v1/reconcile$"): LARGEST_BATCH_BODY,
}


_WHOLE = re.compile("/v1/(export|snapshots)/")


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
            return
        larger = (m for path, m in _LARGER_BODIES.items() if path.search(scope["path"]))
        most = next(larger, LARGEST_BODY)
        if int(Headers(scope=scope).get("content-length", "0")) > most:
            await respond(Request(scope), _too_large(most))(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    """Count what comes without a length, or with a false one."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413, _too_large(most).detail)
        return message

    return counted


_URL_TOO_LONG = ProblemError(
    414,
    "url_too_long",
    "The address is too long",
    f"An address has {LONGEST_ADDRESS:,} bytes at most: ask for less, or, of /v1/cypher and "
    "/v1/what-if, POST the same question as JSON.",
)


def _too_large(most: int) -> ProblemError:
    return ProblemError(
        413, "body_too_large", "The body is too large", f"{most:,} bytes are the most."
    )


class Compress(CompressMiddleware):
    """Compress all but whole tables: their length, ranges and hashes are those of the file."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = _WHOLE.match(scope.get("path", "")) is not None
        await (self.app if whole else super().__call__)(scope, receive, send)


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
    """Put the headers that make an answer safe, and safe to cache, on every one of them.

    `keyed` says that a key may lead to another answer.
    """

    def __init__(self, app: ASGIApp, keyed: bool = False) -> None:
        self._app = app
        self._vary = ["Accept", "Accept-Encoding", *(["Authorization"] if keyed else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                # One tag of one file, compressed or not, is a weak one.
                if "Content-Encoding" in headers and headers.get("ETag", "").startswith('"'):
                    headers["ETag"] = f"W/{headers['ETag']}"
                # 304 repeats the tag that the client holds.
                if message["status"] == 304 and (tag := match(scope, headers.get("ETag", ""))):
                    headers["ETag"] = tag
                # All of it on every answer: a cache takes the last one's for the whole address.
                theirs = re.split(r",\s*", headers.get("Vary", ""))
                headers["Vary"] = ", ".join(dict.fromkeys([*self._vary, *filter(None, theirs)]))
                # A 304 names no type, and a browser keeps the headers that it brings: a policy for
                # data would hold for the page in its cache.
                is_page = headers.get("Content-Type", "").startswith("text/html")
                if not is_page and message["status"] != 304:
                    headers.setdefault("Content-Security-Policy", DATA_POLICY)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class PlainProblems:
    """Answer with a problem where a library answers an error in plain text, or without words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_notes(scope)
        start: Message | None = None
        text = b""

        async def with_problem(message: Message) -> None:
            nonlocal start, text
            if message["type"] == "http.response.start" and _is_plain_error(message):
                start = message
            elif start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                text += message.get("body", b"")
                if not message.get("more_body"):
                    await respond(Request(scope), _problem(start, text))(scope, receive, send)

        await self._app(scope, receive, with_problem)


def _is_plain_error(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "text/plain")
    return start["status"] >= 400 and kind.startswith("text/plain")


def _problem(start: Message, text: bytes) -> ProblemError:
    headers = {
        name: value
        for name, value in Headers(raw=start["headers"]).items()
        if not name.startswith("content-") or name == "content-range"
    }
    if text == b"Invalid host header":
        text = (
            b"The server is not known by this host: SIGHTLINES_URL sets the address that others use"
        )
    status, words = start["status"], text.decode("utf-8", "replace").rstrip(".")
    if status == 416:
        size = headers["content-range"].rpartition("/")[2]
        words = f"The file has {size} bytes, and the range lies beyond them"
        return ProblemError(416, "range", "No such range", f"{words}.", headers=headers)
    return ProblemError(status, "malformed", "Bad request", f"{words}.", headers=headers)
