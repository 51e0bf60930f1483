"""Who may do what: keys, each with its scopes, and what may be done without one.

A key comes in `Authorization: Bearer …` and never in an address, since addresses end up in logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ProblemError, respond
from api.keys import RIGHTS, Key, Right, fingerprint

#: What asks for no key even where reading does: the health checks of whoever runs the service, and
#: the client, since pip sends no key.
_OPEN = ("/healthz", "/readyz", "/client/")


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
