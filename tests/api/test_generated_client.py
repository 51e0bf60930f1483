"""A client that a generator makes from the committed description works against a served API."""

from __future__ import annotations

import compileall
import json
import subprocess
import sys
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from graph.store.address import Address
from tests.http_server import listening

ROOT = Path(__file__).parents[2]
FETCH = """
import sys
from sightlines_made import Client
from sightlines_made.api.entities import list_entities, file_entities_parquet
client = Client(base_url=sys.argv[1])
page = list_entities.sync(client=client, limit=2)
print(page.total, *(entity.id for entity in page.results))
file = file_entities_parquet.sync(client=client, limit=2)
print(file.payload.read(4).decode())
"""


def run(folder: Path, *arguments: str) -> str:
    """Run Python in a folder; return what it prints."""
    process = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def test_a_generated_client_fetches_a_page(
    address: Address, api: TestClient, tmp_path: Path
) -> None:
    """It is made from the whole document, compiles, and reads what the API sends.

    The generator knows no type of tables, and takes files as bytes.
    """
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"post_hooks": []}))
    output = run(
        tmp_path,
        *("-m", "openapi_python_client", "generate", "--meta=none", "--fail-on-warning"),
        *(f"--path={ROOT / 'docs/openapi.json'}", f"--config={settings}"),
        f"--output-path={tmp_path / 'sightlines_made'}",
    )
    assert "WARNING" not in output
    assert compileall.compile_dir(tmp_path / "sightlines_made", quiet=1)
    with listening(create_app(address, version="0.0.0")) as base:
        lines = run(tmp_path, "-c", FETCH, base).split()
    page = api.get("/v1/entities?limit=2").json()
    ids = [entity["id"] for entity in page["results"]]
    assert lines == [str(page["total"]), *ids, "PAR1"]
