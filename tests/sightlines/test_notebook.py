"""The client's documentation is a notebook: it runs, over a real socket, and holds no output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from api.app import create_app
from graph.store.address import Address
from sightlines import Client
from tests.conftest import load_alone
from tests.http_server import listening

NOTEBOOK = Path(__file__).parents[2] / "docs" / "client.ipynb"
#: That one cell may take: the first question of a kind waits for Neo4j to plan it, and a slow
#: machine takes its time.
SECONDS = 240


@pytest.fixture(scope="module")
def base_url(address: Address, seeds: Path) -> Iterator[str]:
    """The address of an API over the seeds, in a thread of its own."""
    load_alone(address, seeds)
    with listening(create_app(address, version="0.0.0")) as base:
        yield base


def test_the_notebook_runs(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell, against a served API, without a warning; ties and graphs show as pages."""
    monkeypatch.setenv("SIGHTLINES_API", base_url)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=SECONDS, kernel_name="python3").execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    frames = [
        output
        for cell in code
        for output in cell.outputs
        if output.output_type == "execute_result" and "<iframe" in output.data.get("text/html", "")
    ]
    assert len(frames) == 2
    assert not [o for cell in code for o in cell.outputs if o.get("name") == "stderr"]


def test_no_output_is_committed() -> None:
    """What a run shows is the reader's own: the file holds neither outputs nor counts."""
    committed = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(committed)
    for cell in committed.cells:
        assert cell.cell_type == "markdown" or (not cell.outputs and not cell.execution_count)


def test_a_client_reads_over_a_socket(base_url: str) -> None:
    """Lists, files and redirects, with connections of its own."""
    with Client(base_url) as client:
        assert len([*client.ties(limit=7)]) == client.ties().total
        assert client.export("ties").to_polars().height == client.ties().to_polars().height
        assert client.ties(entity="tiandy").meta.permalink.startswith(base_url)
