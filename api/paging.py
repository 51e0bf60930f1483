"""Cursors: where a list goes on. Opaque to the client, and never out of date without a word."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from fastapi import Request

from api.problems import ProblemError


def _filters(request: Request) -> str:
    asked = sorted(
        (k, v)
        for k, v in request.query_params.multi_items()
        if k not in ("cursor", "limit", "seen_in")
    )
    return hashlib.sha256(json.dumps([request.url.path, asked]).encode()).hexdigest()[:16]


def next_address(request: Request, snapshot: str | None, after: Any | None) -> str | None:
    """Return the address of the next part of a list, or None at its end."""
    if after is None:
        return None
    content = json.dumps([snapshot, _filters(request), after], separators=(",", ":"))
    cursor = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    return str(request.url.include_query_params(cursor=cursor))


def read_cursor(request: Request, cursor: str | None, snapshot: str | None) -> Any | None:
    """Return where to go on after. Raises a problem for another question's or snapshot's cursor."""
    if cursor is None:
        return None
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, filters, after = json.loads(content)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ProblemError(400, "malformed", "Bad request", "The cursor cannot be read.") from error
    if filters != _filters(request):
        raise ProblemError(
            422, "bad_value", "A value is wrong", "The cursor belongs to another question."
        )
    if made_for != snapshot:
        again = str(request.url.remove_query_params("cursor"))
        raise ProblemError(
            409,
            "cursor_outdated",
            "The graph has changed",
            f"The cursor belongs to an older snapshot. Start again at {again}",
        )
    return after
