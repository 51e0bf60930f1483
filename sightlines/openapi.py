"""`python -m sightlines.openapi` prints the API's description, as docs/openapi.json holds it."""

from __future__ import annotations

import json
import sys

from api.app import create_app
from graph.store.address import Address
from sightlines import __version__


def describe() -> str:
    """Return the OpenAPI document as JSON, the same for the same code; no store is needed."""
    app = create_app(Address("bolt://127.0.0.1:7687"), version=__version__)
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(describe().encode())
