"""The log of requests: one line of JSON each, without what was asked.

Route, status, code, milliseconds, bytes, snapshot, and the names of the parameters: no value of
any. What a journalist looks up is nobody's business.
"""

from __future__ import annotations

import logging
import sys
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

import structlog
from asgi_correlation_id import correlation_id
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import parameters_of
from api.http.scope import request_notes


def configure() -> None:
    """Write every event of structlog to standard output, one line of JSON each.

    For entry points; a program that brings its own configuration leaves this alone.
    """
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )


class AccessLog:
    """Log each request when its answer has been sent, or has failed to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log: Any = structlog.get_logger("sightlines.requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, answer, about = perf_counter(), _Answer(send), request_notes(scope)
        try:
            await self._app(scope, receive, answer)
        finally:
            self._log.info(
                "request",
                method=scope["method"],
                route=_template(scope, about.get("route")),
                status=answer.status,
                code=about.get("code"),
                ms=round((perf_counter() - began) * 1_000, 2),
                rows=answer.rows,
                bytes=answer.bytes,
                snapshot=answer.snapshot,
                parameters=_names(scope, about.get("route")),
                request=correlation_id.get(),
            )


def _template(scope: Scope, route: object) -> str:
    """Return the template of a route, such as `/v1/entities/{entity_id}`; never the address."""
    path = getattr(route, "path", None)
    if path is None:
        return "none"
    # A route of a router that is included does not know under which prefix that is.
    prefix = "/v1" if scope["path"].startswith("/v1/") and not path.startswith("/v1/") else ""
    return f"{prefix}{path}"


def _names(scope: Scope, route: object) -> list[str]:
    """Name the parameters that the route has; another name could be what somebody looks for."""
    names = parameters_of(route)
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return sorted({name if name in names else "?" for name, _ in pairs})


class _Answer:
    """Passes an answer on, and notes what is logged of it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.rows: int | None = None
        self.bytes = 0
        self.snapshot: str | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            self.status = message["status"]
            self.rows = int(headers["Sightlines-Rows"]) if "Sightlines-Rows" in headers else None
            # The tag of a whole table is its hash, and names no snapshot.
            snapshot, mark, _ = headers.get("ETag", "").removeprefix("W/").strip('"').partition("-")
            self.snapshot = snapshot if mark else None
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)
