"""The address that others reach the server at, where a proxy stands before it.

One setting says it. Every link, `next`, `Location` and citation is made from it, whatever host and
path the proxy passes on.
"""

from __future__ import annotations

from contextvars import ContextVar
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

#: The path of the public address, of the request in hand; without a slash at the end.
_BASE: ContextVar[str] = ContextVar("base", default="")


def address(path: str) -> str:
    """Return the address of a path of ours, such as `/v1/ties`, on the host that clients ask."""
    return _BASE.get() + path


def route_path(scope: Scope) -> str:
    """Return the path of a request as routes have it: below that of the public address."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


class PublicAddress:
    """Take each request for one of the public address.

    A proxy may pass the path on whole, or without the path of the public address.
    """

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app = app
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.netloc.encode("idna")
        self._base = parts.path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path == self._base or path.startswith(f"{self._base}/"):
            path = path.removeprefix(self._base) or "/"
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        headers.append((b"host", self._host))
        # In place, and for good, since what lies around this answers errors: each request has a
        # scope and a context of its own.
        scope.update(scheme=self._scheme, headers=headers, path=path)
        _BASE.set(self._base)
        await self._app(scope, receive, send)


class RootPath:
    """Tell the routes the path below which they stand, as ASGI has it; the innermost middleware.

    The middleware around it go by the paths of routes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if base := _BASE.get():
            scope = {**scope, "root_path": base, "path": base + scope["path"]}
        await self._app(scope, receive, send)
