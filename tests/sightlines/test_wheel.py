"""The client by itself: its imports, and the wheel that a server hands out."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.config import Exposure
from api.http.auth import Access
from graph.store.address import Address
from sightlines import __version__, wheel
from tests.conftest import load_alone
from tests.http_server import listening

ROOT = Path(__file__).parents[2]
#: What the client needs is there. With `-S`, the link to this checkout does not count.
PACKAGES = Path(httpx2.__file__).parents[1]
#: Imports the client and asks an API that answers with what is in the brackets.
USE = """
import sys, httpx2
from sightlines import Client
answer = lambda request: httpx2.Response(200, json={"ontology": {"from": {}}, "digest": "d"})
client = Client(http=httpx2.Client(transport=httpx2.MockTransport(answer)))
assert client.ontology().digest == "d" and "from" in client.ontology().ontology
print({"graph", "api", "viz", "fastapi", "starlette", "neo4j", "numpy"} & sys.modules.keys())
"""


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """A folder of notebooks with modules of the names that the product's folders have."""
    for name in ("graph", "api", "viz"):
        (tmp_path / f"{name}.py").write_text(f"raise RuntimeError('{name}.py of the notebooks')")
    return tmp_path


def test_the_client_imports_nothing_of_the_server(notebooks: Path) -> None:
    """Beside a notebook's own graph.py, api.py and viz.py."""
    result = subprocess.run(
        [sys.executable, "-c", USE], cwd=notebooks, capture_output=True, text=True, check=False
    )
    assert (result.stdout.strip(), result.stderr) == ("set()", "")


@pytest.fixture
def base_url(address: Address, seeds: Path) -> Iterator[str]:
    """The address of an app over the seeds that hands out its client."""
    load_alone(address, seeds)
    app = create_app(address, version=__version__)
    wheel.install(app)
    with listening(app) as base:
        yield base


def test_the_wheel_is_installed_from_the_server_and_asks_it(base_url: str, notebooks: Path) -> None:
    """With the command that the server prints, where this checkout is not to be found."""
    command = httpx2.get(f"{base_url}/client/").text
    assert command == f"pip install {base_url}/client/{wheel.NAME}\n"
    site = notebooks / "client"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--target", site]
    subprocess.run([*pip, *command.split()[1:], *options], check=True)
    ask = (
        f"from sightlines import Client, __file__; client = Client('{base_url}')\n"
        "print(__file__, client.tie('tiandy/SUPPLIES/irgc').sentence, len([*client.ties()]))"
    )
    result = subprocess.run(
        [sys.executable, "-S", "-c", ask],
        cwd=notebooks,
        env={"PYTHONPATH": f"{site}:{PACKAGES}"},
        capture_output=True,
        text=True,
        check=False,
    )
    total = httpx2.get(f"{base_url}/v1/ties?limit=0").json()["total"]
    tie = httpx2.get(f"{base_url}/v1/ties/tiandy/SUPPLIES/irgc").json()["sentence"]
    assert result.stderr == ""
    assert result.stdout == f"{site}/sightlines/__init__.py {tie} {total}\n"


def test_the_wheel_holds_the_client_alone() -> None:
    """It needs what the server's own requirements say of httpx2 and pydantic, and no more."""
    archive = zipfile.ZipFile(BytesIO(wheel.content()))
    info = f"sightlines_client-{__version__}.dist-info"
    modules = {path.name for path in (ROOT / "sightlines" / "client").glob("*.py")}
    assert set(archive.namelist()) == {
        "sightlines/__init__.py",
        "sightlines/py.typed",
        *(f"sightlines/client/{name}" for name in modules),
        *(f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD")),
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = archive.read(f"{info}/METADATA").decode()
    needs = set(re.findall("^Requires-Dist: (.*)$", metadata, re.MULTILINE))
    assert len(needs) == 2 and needs <= {*project["dependencies"]}
    assert f"Requires-Python: {project['requires-python']}\n" in metadata


def test_another_version_is_told_the_right_one(address: Address) -> None:
    """And pip, which sends no key, gets the client where everything else asks for one."""
    exposure = Exposure(hosts=("testserver",), access=Access(anybody=frozenset()))
    app = create_app(address, version=__version__, exposure=exposure)
    wheel.install(app)
    with TestClient(app) as client:
        assert client.get("/v1/ties").status_code == 401
        assert client.get(f"/client/{wheel.NAME}").content == wheel.content()
        other = client.get("/client/sightlines_client-0.0.9-py3-none-any.whl")
        assert other.status_code == 404 and f"/client/{wheel.NAME}" in other.json()["detail"]
