"""Notes on a request for the outer middleware: its route, and the code of a problem.

Some middleware pass a copy of the scope on, so outer middleware do not see what inner ones write
into it. All copies share one small dictionary.
"""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

_KEY = "sightlines.notes"


def request_notes(scope: Scope) -> dict[str, Any]:
    """Return the notes on a request; the first caller, the outermost middleware, creates them."""
    notes: dict[str, Any] = scope.setdefault(_KEY, {})
    return notes


class NoteRoute:
    """Note which route a request took; the innermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_note(message: Any) -> None:
            request_notes(scope)["route"] = scope.get("route")
            await send(message)

        await self._app(scope, receive, with_note if scope["type"] == "http" else send)
