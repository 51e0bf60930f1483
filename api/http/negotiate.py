"""`Accept`: read as if the suffix of the format stood in the address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import respond
from api.files import BYTES, CSV, FORMATS, JSON, not_acceptable

_TYPES = {one.media_type.partition(";")[0]: f".{one.suffix}" for one in FORMATS}
_BINARY = {suffix: name for name, suffix in _TYPES.items() if suffix != f".{CSV.suffix}"}
#: The last part of an address that names its format already.
_SUFFIXED = re.compile(r"\.[a-z.]+$")


class Negotiate:
    """Lead a request for a list to the format that it accepts; a suffix wins over `Accept`.

    `lists` are the paths that have files beside JSON. What accepts nothing that is there gets 406.
    """

    def __init__(self, app: ASGIApp, lists: Sequence[str]) -> None:
        self._app = app
        self._lists = [compile_path(path)[0] for path in lists]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accept = Headers(scope=scope).get("accept") if scope["type"] == "http" else None
        if accept is not None and _asks_for_bytes(scope["path"], accept):
            scope = {**scope, "sightlines.bytes": True}
        if accept is None or not self._is_list(scope):
            await self._app(scope, receive, send)
            return
        media_type = preferred(accept, [JSON, *_TYPES])
        if media_type is None:
            offered = [JSON, *_TYPES]
            await respond(Request(scope), not_acceptable(accept, offered))(scope, receive, send)
            return
        path = scope["path"] + _TYPES.get(media_type, "")
        await self._app({**scope, "path": path}, receive, send)

    def _is_list(self, scope: Scope) -> bool:
        path = scope["path"]
        return not _SUFFIXED.search(path) and any(one.match(path) for one in self._lists)


def _asks_for_bytes(path: str, accept: str) -> bool:
    """Whether a file is to be sent as bytes of no type in particular."""
    suffixed = _SUFFIXED.search(path)
    media_type = _BINARY.get(suffixed[0]) if suffixed else None
    return media_type is not None and preferred(accept, [media_type, BYTES]) == BYTES


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Return the type that is accepted most, the first of equals; None if none is (RFC 9110)."""
    weights = [(_weight(accept, media_type), media_type) for media_type in offered]
    best = max(weight for weight, _ in weights)
    return next((media_type for weight, media_type in weights if weight == best > 0), None)


def _weight(accept: str, media_type: str) -> float:
    """The most special range that fits a type decides."""
    fits = {media_type: 2, media_type.partition("/")[0] + "/*": 1, "*/*": 0}
    matches = [(fits[name], weight) for name, weight in _ranges(accept) if name in fits]
    return max(matches, default=(0, 0.0))[1]


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, _, rest = part.partition(";")
        weight = re.search(r"\bq=([01](?:\.\d*)?)", rest)
        yield name.strip().lower(), float(weight[1]) if weight else 1.0
