"""`/docs`: the API's description to read and to try, from files that we ship; no outside host."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.errors import CODES
from api.http.public_address import address
from viz import Frame, Links
from viz.page import content_page


def install(app: FastAPI) -> None:
    """Serve the docs of the app."""
    app.mount(
        "/docs/files", StaticFiles(directory=str(files("fastapi_offline") / "static")), "docs-files"
    )
    html = get_swagger_ui_html(
        openapi_url="openapi.json",
        title="Sightlines API",
        swagger_js_url="docs/files/swagger-ui-bundle.js",
        swagger_css_url="docs/files/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    headers = {"Content-Security-Policy": _policy(bytes(html.body).decode())}

    @app.get("/docs/problems", include_in_schema=False)
    async def problem_codes() -> HTMLResponse:
        links = Links(address("/"))
        frame = Frame(links, "Problems", "What the codes of errors mean, and what to do.")
        return HTMLResponse(content_page("problems.html", frame, codes=CODES))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(html.body, headers=headers)


def _policy(html: str) -> str:
    """Allow the page's own script by its hash, and our files."""
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
