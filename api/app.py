"""The application: built from a few plain values, so that a test or a script can build its own."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import Depends, FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette_compress import add_compress_type

from api import docs, errors
from api.config import Exposure
from api.exports import SNAPSHOTS, Exports
from api.files import CSV, JSONL, FileCache
from api.http import metrics
from api.http.access_log import AccessLog
from api.http.auth import Authorize
from api.http.cache import CacheMiddleware, ResponseCache
from api.http.headers import Compress, HeadAsGet, PlainProblems, SafeHeaders, SizeLimits
from api.http.negotiate import Negotiate
from api.http.public_address import PublicAddress, RootPath
from api.http.rate_limit import RateLimit
from api.http.scope import NoteRoute
from api.http.slots import Slots
from api.http.store_state import StateCache
from api.lists import FILE_PATHS
from api.parameters import refuse_repeated
from api.request import Services
from api.responses import DECLARED, TAGS, with_responses
from api.routes import (
    analyses,
    changes,
    claims,
    datasets,
    entities,
    exports,
    graphs,
    health,
    ontology,
    pages,
    paths,
    reconcile,
    search,
    sources,
    ties,
    whatif,
)
from api.routes import cypher as cypher_routes
from api.warmup import warming
from graph.language import ENGLISH, Language
from graph.model import Story
from graph.store.address import Address
from graph.store.connection import Store
from graph.text import TextStore
from viz.editor import Editor

#: Concurrency limits: one for Cypher, one for other expensive requests. Each has a slot for every
#: processor, which a local store has to share, and 4 at most. A request over the limit waits
#: `PATIENCE` seconds, then gets 503.
SLOTS, PATIENCE = min(4, os.cpu_count() or 1), 0.4

#: A client's own `X-Request-ID` is accepted if it is short and safe to log.
REQUEST_ID = re.compile("[A-Za-z0-9._-]{8,64}")
#: Headers that scripts of other web pages may read.
EXPOSED = [
    "Accept-Ranges",
    "Content-Range",
    "ETag",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sightlines-Notice",
    "Sightlines-Rows",
    "X-Request-ID",
]
LOOPBACK = Exposure()

DESCRIPTION = """
Who supplies surveillance technology to whom, who uses it against whom, under which agreements,
and who says so. Every tie names its claims, and every claim its source, its speakers and the place
in the text. Errors are problem documents (RFC 9457). /vocabulary explains the words.
"""

#: All resources of version 1, in the order of their tags.
_V1 = (
    entities,
    ties,
    claims,
    sources,
    whatif,
    graphs,
    paths,
    analyses,
    search,
    reconcile,
    cypher_routes,
    exports,
    datasets,
    changes,
    ontology,
)


class DescribedApp(FastAPI):
    """An application whose description names the problems of each operation."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            self.openapi_schema = with_responses(super().openapi())
        return self.openapi_schema


def create_app(
    address: Address | Callable[[], Address],
    *,
    statements: Address | Callable[[], Address] | None = None,
    version: str,
    texts: TextStore | None = None,
    tables: Path | None = None,
    snapshots: int = SNAPSHOTS,
    stories: Mapping[str, Story] | None = None,
    editor: Editor | None = None,
    language: Language = ENGLISH,
    exposure: Exposure = LOOPBACK,
    warmed: bool = False,
    store_class: type[Store] = Store,
) -> FastAPI:
    """Return the API and the pages over the store at `address`, or where it says.

    The app opens its connections when it starts and closes them when it ends. Statements of
    clients go to the server `statements`, by default to the store. `texts` holds the
    texts of sources, whose passages are quoted to clients with the right `quotes`; `stories` get a
    page each; `editor` is that of queries; pages are in `language`; `exposure` sets what clients
    may do. Whole tables are stored as files in the folder `tables`, by default a temporary one,
    those of the newest `snapshots`. A `warmed` app sends the usual kinds of statements when it has
    started, so that no client waits for their plans. `store_class` makes the connection.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stack = ExitStack()
        store = store_class(address)
        statement_store = store if statements is None else Store(statements)
        slots = Slots(SLOTS, PATIENCE) if exposure.statements else None
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="sightlines-")))
        app.state.services = Services(
            store,
            StateCache(store),
            ResponseCache(),
            texts,
            version,
            slots,
            Slots(SLOTS, PATIENCE),
            Exports(tables or scratch / "tables", version, snapshots),
            FileCache(scratch),
            stories or {},
            statement_store,
            editor,
            language,
        )
        async with warming(store) if warmed else nullcontext():
            yield
        if slots is not None:
            slots.close()
        await statement_store.close()
        await store.close()
        stack.close()

    app = DescribedApp(
        title="Sightlines",
        summary="A knowledge graph of state, company and surveillance relationships.",
        description=DESCRIPTION,
        version=version,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        openapi_tags=TAGS,
        responses=DECLARED,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    strict = [Depends(refuse_repeated)]
    for part in _V1:
        app.include_router(part.router, prefix="/v1", dependencies=strict)
    app.include_router(health.router, dependencies=strict)
    app.include_router(pages.router)
    docs.install(app)
    errors.install(app)
    _answer_pages_with_pages(app)
    _wrap(app, exposure)
    return app


def _wrap(app: FastAPI, exposure: Exposure) -> None:
    """Add the middleware, from the innermost to the outermost."""
    app.add_middleware(NoteRoute)
    app.add_middleware(RootPath)
    for text in (CSV, JSONL):
        add_compress_type(text.media_type.partition(";")[0])
    app.add_middleware(Compress)
    app.add_middleware(SizeLimits)
    app.add_middleware(CacheMiddleware)
    app.add_middleware(HeadAsGet)
    if exposure.limited:
        app.add_middleware(RateLimit)
    # Outside of limits and cache, which go by the suffix of the format.
    app.add_middleware(Negotiate, lists=[f"/v1{path}" for path in FILE_PATHS])
    app.add_middleware(Authorize, access=exposure.access)
    if exposure.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=exposure.origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "If-None-Match",
                "If-Range",
                "Range",
                "X-Request-ID",
            ],
            expose_headers=EXPOSED,
        )
    if exposure.metrics:
        metrics.install(app)
    if exposure.logged:
        app.add_middleware(AccessLog)
    if exposure.url:
        app.add_middleware(PublicAddress, url=exposure.url)
    app.add_middleware(
        TrustedHostMiddleware, allowed_hosts=list(exposure.hosts), www_redirect=False
    )
    app.add_middleware(PlainProblems)
    app.add_middleware(SafeHeaders, keyed=bool(exposure.access.keys))
    app.add_middleware(CorrelationIdMiddleware, validator=_is_request_id)


def _is_request_id(value: str) -> bool:
    return REQUEST_ID.fullmatch(value) is not None


def _answer_pages_with_pages(app: FastAPI) -> None:
    """Answer errors with an HTML page where the client asked for a page."""

    for kind in pages.PAGE_ERRORS:
        app.add_exception_handler(kind, _page_or(app.exception_handlers.get(kind, errors.answer)))


def _page_or(otherwise: Any) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return a handler that answers with a page where one was asked for, else as `otherwise`."""

    async def answer(request: Request, error: Exception) -> Response:
        if pages.is_page(request):
            return pages.message(request, error)
        response: Response = await otherwise(request, error)
        return response

    return answer
