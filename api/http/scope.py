"""What the inside of the app tells its outside about a request: its route, and a problem's code.

Some middleware hand a copy of the scope on, so what is written into the scope further in is not
seen further out. One small dictionary is shared by all copies.
"""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

_KEY = "sightlines.told"


def request_notes(scope: Scope) -> dict[str, Any]:
    """Return what was told of a request; whoever asks first, the outermost, makes it."""
    notes: dict[str, Any] = scope.setdefault(_KEY, {})
    return notes


class NoteRoute:
    """Tell which route a request took; nearest to the routes of all middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def telling(message: Any) -> None:
            request_notes(scope)["route"] = scope.get("route")
            await send(message)

        await self._app(scope, receive, telling if scope["type"] == "http" else send)
