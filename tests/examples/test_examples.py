"""docs/examples: each runs as a stranger runs it, against the seeds, and docs/neo4j.md shows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import platformdirs
import pytest

from api.app import create_app
from graph.ontology import ONTOLOGY
from graph.store.address import Address
from graph.store.local import LocalServer
from tests.conftest import load_alone
from tests.http_server import listening

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples"
CACHE = Path(os.environ.get("SIGHTLINES_TEST_CACHE") or platformdirs.user_cache_dir("sightlines"))
#: What the shorter examples print.
ANSWER = "Tiandy Technologies reported 1 2020-01-01\n"


@pytest.fixture(scope="module")
def place(neo4j_server: LocalServer, address: Address, seeds: Path) -> tuple[str, str]:
    """The address of a store that holds the seeds, and the file with its password."""
    load_alone(address, seeds)
    return neo4j_server.uri, str(neo4j_server.password_file)


@pytest.fixture(scope="module")
def base_url(place: tuple[str, str], address: Address) -> Iterator[str]:
    """The address of the API over that store, on a port of its own."""
    with listening(create_app(address, version="0.0.0")) as base:
        yield base


def run(*command: str | Path, **variables: str) -> str:
    """Run an example and return what it printed."""
    result = subprocess.run(
        command,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_python(place: tuple[str, str]) -> None:
    """Neo4j's driver for Python reads the store."""
    assert run(sys.executable, EXAMPLES / "suppliers.py", *place) == ANSWER


@pytest.mark.node
def test_javascript(place: tuple[str, str]) -> None:
    """Neo4j's driver for JavaScript reads the store, and prints the same."""
    modules = CACHE / "node" / "node_modules"
    node = shutil.which("node")
    if node is None or not (modules / "neo4j-driver").is_dir():
        pytest.skip(f"no Node.js, or nobody ran: npm install --prefix {CACHE}/node neo4j-driver")
    output = run(node, EXAMPLES / "suppliers.cjs", *place, NODE_PATH=str(modules))
    assert output == ANSWER


@pytest.mark.neontology
def test_neontology(place: tuple[str, str]) -> None:
    """Its models read entities, ties with both ends, and claims, without a warning."""
    python = CACHE / "bench-neontology" / "bin" / "python"
    if not python.exists():
        pytest.skip("nobody has made the environment of neontology yet: make bench does")
    output = run(python, "-W", "error", EXAMPLES / "neontology_models.py", *place)
    assert "Tiandy Technologies supplied Revolutionary Guards Corps reported 2020-01-01" in output
    assert output.splitlines()[-1] == "['Tiandy Technologies', 'Tiandy']"


def test_graphml(base_url: str, tmp_path: Path) -> None:
    """An answer of the API becomes a GraphML file with names, weights and no lists."""
    script = EXAMPLES / "gephi.py"
    subprocess.run(
        [sys.executable, script, base_url, "tiandy"], cwd=tmp_path, check=True, timeout=50
    )
    graph = nx.read_graphml(tmp_path / "tiandy.graphml", force_multigraph=True)
    assert graph.nodes["irgc"] == {"label": "Revolutionary Guards Corps", "type": "PublicBody"}
    edge = graph.edges["tiandy", "irgc", "SUPPLIES"]
    assert edge["weight"] == 1 and edge["status"] == "reported" and edge["first"] == "2020-01-01"
    assert graph.number_of_edges() > graph.degree("tiandy")


def test_graphml_from_a_driver(place: tuple[str, str], tmp_path: Path) -> None:
    """`Result.graph` becomes NetworkX's graph, which GraphML can hold: ids, names, plain values."""
    script = EXAMPLES / "graphml.py"
    subprocess.run([sys.executable, script, *place], cwd=tmp_path, check=True, timeout=50)
    graph = nx.read_graphml(tmp_path / "iran.graphml", force_multigraph=True)
    assert graph.nodes["zte"] == {"label": "ZTE", "labels": "Company Entity"}
    (tie,) = (d for d in graph["zte"]["iran"].values() if d["label"] == "SUPPLIES")
    assert tie["rank"] == 3 and tie["status"] == "reported" and tie["first"] == "2009-01-01"


def test_the_models_of_neontology_are_those_of_the_ontology() -> None:
    """A class for every type of entity, and none for a label that is not there."""
    text = (EXAMPLES / "neontology_models.py").read_text(encoding="utf-8")
    for name in ONTOLOGY.types:
        assert f'__primarylabel__: ClassVar[str] = "{name}"' in text, name


@pytest.mark.parametrize("name", ["suppliers.py", "suppliers.cjs"])
def test_the_page_shows_the_example(name: str) -> None:
    """Word for word."""
    page = (DOCS / "neo4j.md").read_text(encoding="utf-8")
    assert f"\n{(EXAMPLES / name).read_text(encoding='utf-8')}```\n" in page
