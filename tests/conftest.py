"""What tests share: Neo4j's jars, and one real server for the whole run.

Each test that needs the server (or its jars) carries the mark `neo4j`, by its fixtures and not
by hand. The jars come from SIGHTLINES_TEST_CACHE or the user's cache folder and are fetched if
they are missing; without a network that is a failure, not a skip.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from graph.store.local import LocalServer, fetch, jars_folder, read_lock, start


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "neo4j: needs the jars of Neo4j (161 MB, fetched once)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need Neo4j; whoever asks for the server asks for the jars too."""
    for item in items:
        if "jars" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.neo4j)


@pytest.fixture(scope="session")
def jars() -> Path:
    """The folder with Neo4j's jars, all of them whole."""
    cache = os.environ.get("SIGHTLINES_TEST_CACHE") or platformdirs.user_cache_dir("sightlines")
    folder = jars_folder(Path(cache).absolute())
    fetch(read_lock(), folder, lambda done, total: None)
    return folder


@pytest.fixture(scope="session")
def neo4j_server(jars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """The server of this run: its store is empty at first; each test leaves it as it likes."""
    with start(tmp_path_factory.mktemp("neo4j"), jars, profile="test") as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_uri(neo4j_server: LocalServer) -> str:
    """The address of the run's server."""
    return neo4j_server.uri


@pytest.fixture(scope="session")
def neo4j_auth(neo4j_server: LocalServer) -> tuple[str, str]:
    """User and password of the run's server."""
    return neo4j_server.auth
