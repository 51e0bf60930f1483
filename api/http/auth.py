"""Who may do what: keys, each with its scopes, and what may be done without one.

A key comes in `Authorization: Bearer …` and never in an address, since addresses end up in logs.
Only its SHA-256 is kept: a key has 256 random bits, so that nothing slower is needed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ProblemError, respond
from graph.disk import write_whole

Right = Literal["read", "cypher", "quotes"]
RIGHTS: tuple[Right, ...] = get_args(Right)
#: What asks for no key even where reading does: the health checks of whoever runs the service, and
#: the client, since pip sends no key.
_OPEN = ("/healthz", "/readyz", "/client/")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was given out: to whom, the SHA-256 of it, and what it may do."""

    name: str
    sha256: str
    scopes: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Access:
    """What anybody may do, and what the holders of keys may do beside it.

    `quotes` are the passages of texts that are held; `cypher` are statements of one's own.
    """

    anybody: frozenset[Right] = frozenset(RIGHTS)
    keys: Mapping[str, Key] = field(default_factory=dict)

    def of(self, scope: Scope) -> frozenset[Right]:
        """Return what a request may do. Raises a problem for a key that is none of ours."""
        header = Headers(scope=scope).get("authorization")
        if header is None:
            return self.anybody
        kind, _, token = header.partition(" ")
        key = self.keys.get(fingerprint(token.strip())) if kind.lower() == "bearer" else None
        if key is None:
            raise _challenge("key_missing", "The key is none of this server's.")
        return self.anybody | key.scopes


class Authorize:
    """Answer nobody who may not read, and tell the rest what they may do."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                scope["sightlines.rights"] = rights = self._access.of(scope)
                if "read" not in rights and not scope["path"].startswith(_OPEN):
                    raise _challenge("key_missing", "This server asks for a key.")
            except ProblemError as problem:
                await respond(Request(scope), problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def may(request: Request, right: Right) -> bool:
    """Whether a request may do something."""
    return right in request.scope["sightlines.rights"]


def demand(request: Request, right: Right, what: str) -> None:
    """Raise the problem for a request that may not: 401 without a key, 403 with one."""
    if may(request, right):
        return
    if "authorization" not in request.headers:
        raise _challenge("key_missing", f"{what} asks for a key with the scope {right!r}.")
    raise ProblemError(
        403, "key_scope", "Not allowed", f"{what} asks for the scope {right!r}; this key lacks it."
    )


def _challenge(code: str, detail: str) -> ProblemError:
    headers = {"WWW-Authenticate": 'Bearer realm="Sightlines"'}
    words = f"{detail} Send it as Authorization: Bearer …, and never in an address."
    return ProblemError(401, code, "A key is needed", words, headers=headers)


def fingerprint(token: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_key(name: str, scopes: Iterable[Right]) -> tuple[str, Key]:
    """Make a key; the text is shown once, to whoever gets it, and is kept nowhere."""
    token = secrets.token_urlsafe(32)
    return token, Key(name, fingerprint(token), frozenset(scopes))


def read_keys(file: Path) -> dict[str, Key]:
    """Read the keys of a file by their fingerprints; none where there is no file.

    Raises `ValueError` for a file that is not of the shape that `write_keys` writes.
    """
    if not file.exists():
        return {}
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        keys = [Key(e["name"], e["sha256"], frozenset(e["scopes"])) for e in entries]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file} holds no keys of Sightlines") from error
    return {key.sha256: key for key in keys}


def write_keys(file: Path, keys: Mapping[str, Key]) -> None:
    """Write the keys, readable for their owner alone; whole or not at all."""
    entries = [
        {"name": key.name, "sha256": key.sha256, "scopes": sorted(key.scopes)}
        for key in sorted(keys.values(), key=lambda key: key.name)
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, f"{json.dumps(entries, indent=1)}\n".encode(), 0o600)
