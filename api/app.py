"""The application: built from a few plain values, so that a test or a script can build its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette_compress import CompressMiddleware

from api import docs, problems
from api.context import Services
from api.middleware import HeadAsGet, Limits, SafeHeaders
from api.models.common import Problem
from api.parameters.common import refuse_repeated
from api.places import Places
from api.remembered import Memory, Remember
from api.routes import cypher as cypher_routes
from api.routes import cypher_page, entities, health, pages, records
from api.watch import Watch
from graph.errors import StoreError
from graph.store.address import Address
from graph.store.connection import AsyncStore
from graph.text import TextStore

#: Statements that run at the same time, no more than there are processors: a local store has to
#: share them. One more waits so many seconds for a place.
CYPHER_PLACES, CYPHER_PATIENCE = min(4, os.cpu_count() or 1), 0.4

DESCRIPTION = """
Who supplies surveillance technology to whom, who uses it against whom, under which agreements,
and who says so. Every tie names its claims, and every claim its source, its speakers and the place
in the text. Errors are problem documents (RFC 9457).
"""

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "model": Problem,
        "description": what,
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, what in ((404, "No such record"), (422, "A parameter is wrong"), (503, "Not ready"))
}


def create_app(
    address: Address,
    *,
    version: str,
    texts: TextStore | None = None,
    hosts: Sequence[str] = ("127.0.0.1", "localhost", "[::1]"),
    cypher: Literal["on", "off"] = "on",
) -> FastAPI:
    """Return the API and the pages over the store at `address`.

    It opens its connections when it starts and closes them when it ends. `texts` quotes passages
    where texts are held. Requests whose Host is not in `hosts` are refused, so that a web page
    elsewhere cannot read a local store by a name of its own; `["*"]` takes any. With `cypher`
    off, statements of anybody's are refused.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = AsyncStore(address)
        app.state.services = Services(
            store,
            Watch(store),
            Memory(),
            texts,
            version,
            Places(CYPHER_PLACES, CYPHER_PATIENCE) if cypher == "on" else None,
        )
        yield
        await store.close()

    app = FastAPI(
        title="Sightlines",
        summary="A knowledge graph of state, company and surveillance relationships.",
        description=DESCRIPTION,
        version=version,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    strict = [Depends(refuse_repeated)]
    app.include_router(entities.router, prefix="/v1", dependencies=strict, responses=_PROBLEMS)
    app.include_router(records.router, prefix="/v1", dependencies=strict, responses=_PROBLEMS)
    app.include_router(cypher_routes.router, prefix="/v1", dependencies=strict, responses=_PROBLEMS)
    app.include_router(health.router, dependencies=strict, responses=_PROBLEMS)
    app.include_router(pages.router)
    app.include_router(cypher_page.router)
    docs.install(app)
    problems.install(app)
    _answer_pages_with_pages(app)
    # From the inside to the outside: each is added around those before it.
    app.add_middleware(CompressMiddleware)
    app.add_middleware(Limits)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Remember)
    app.add_middleware(HeadAsGet)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


def _answer_pages_with_pages(app: FastAPI) -> None:
    """A person who asked for a page reads a page, whatever went wrong."""

    async def answer(request: Request, error: Exception) -> Response:
        if pages.is_page(request) and isinstance(error, problems.ProblemError | StoreError):
            return pages.message(error)
        found: JSONResponse = await problems.answer(request, error)
        return found

    app.add_exception_handler(problems.ProblemError, answer)
    app.add_exception_handler(StoreError, answer)
