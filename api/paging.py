"""Cursors: where a list goes on. Opaque to the client, and never out of date without a word.

A cursor holds the snapshot, a hash of the filters, and the sort values of the last record.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from api.errors import ProblemError

#: Parameters that leave the order of a list alone: a cursor goes on with others of these.
_FREE = ("cursor", "limit", "seen_in", "fields", "include", "lang")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A cursor that was read."""

    snapshot: str | None
    after: list[object]


def _filters(request: Request) -> str:
    asked = sorted((k, v) for k, v in request.query_params.multi_items() if k not in _FREE)
    return hashlib.sha256(json.dumps([request.url.path, asked]).encode()).hexdigest()[:16]


def next_address(
    request: Request, snapshot: str | None, after: Sequence[object] | None
) -> str | None:
    """Return the address of the next part of a list, or None at its end."""
    if after is None:
        return None
    content = json.dumps([snapshot, _filters(request), after], separators=(",", ":"), default=str)
    cursor = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    return str(request.url.include_query_params(cursor=cursor))


def read_cursor(request: Request, cursor: str) -> Cursor:
    """Read a cursor. Raises a problem for one that is none, or that is another question's."""
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        snapshot, filters, after = json.loads(content)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ProblemError(400, "malformed", "Bad request", "The cursor cannot be read.") from error
    if filters != _filters(request) or not isinstance(after, list):
        raise ProblemError(
            422, "bad_value", "A value is wrong", "The cursor belongs to another question."
        )
    return Cursor(snapshot, after)
