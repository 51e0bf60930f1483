"""What the applications share that serve a page to one user, on this machine alone."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.config import LOOPBACK_HOSTS
from api.http.headers import SafeHeaders, SizeLimits

#: The page's own policy stands in the page; this keeps others from framing it.
PAGE_HEADERS = {"X-Frame-Options": "DENY", "Cache-Control": "no-store"}


def local_app(title: str, hosts: Sequence[str] = LOOPBACK_HOSTS) -> FastAPI:
    """Return an application without a description of itself, for requests to `hosts` alone.

    Any other host is a page that has been made to lead here.
    """
    app = FastAPI(title=title, openapi_url=None)
    app.add_middleware(SizeLimits)
    app.add_middleware(SafeHeaders)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app
