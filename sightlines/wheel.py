"""The client as a wheel, which a server hands out: the version that fits it.

The wheel holds `sightlines/__init__.py` and `sightlines/client/` alone.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from api.errors import ProblemError
from api.http.public_address import address
from sightlines import __version__

NAME = f"sightlines_client-{__version__}-py3-none-any.whl"
_INFO = f"sightlines_client-{__version__}.dist-info"
_METADATA = f"""\
Metadata-Version: 2.4
Name: sightlines-client
Version: {__version__}
Summary: A client of the HTTP API of Sightlines
License-Expression: Apache-2.0
Requires-Python: >=3.11
Requires-Dist: httpx2>=2,<3
Requires-Dist: pydantic>=2.14,<3
"""
_WHEEL = """\
Wheel-Version: 1.0
Generator: sightlines
Root-Is-Purelib: true
Tag: py3-none-any
"""


def install(app: FastAPI) -> None:
    """Serve the wheel below `/client/`, which itself prints the command that installs it."""

    @app.get("/client/", include_in_schema=False)
    async def client_command(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"pip install {request.url_for('client_wheel', name=NAME)}\n")

    @app.get("/client/{name}", include_in_schema=False)
    async def client_wheel(name: str) -> Response:
        if name != NAME:
            detail = f"The client is {address(f'/client/{NAME}')}."
            raise ProblemError(404, "not_found", "Not found", detail)
        return Response(content(), media_type="application/zip")


@cache
def content() -> bytes:
    """Return the wheel."""
    root = Path(__file__).parent
    paths = [root / "__init__.py", root / "py.typed", *sorted((root / "client").glob("*.py"))]
    files = {path.relative_to(root.parent).as_posix(): path.read_bytes() for path in paths}
    files |= {f"{_INFO}/METADATA": _METADATA.encode(), f"{_INFO}/WHEEL": _WHEEL.encode()}
    record = [f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items()]
    files[f"{_INFO}/RECORD"] = "".join([*record, f"{_INFO}/RECORD,,\n"]).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # dated 1980, and so always the same
    return file.getvalue()


def _digest(data: bytes) -> str:
    """Return the hash as a wheel's RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
