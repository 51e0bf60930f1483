"""The API as a client meets it: over the real store, with the seeds loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load
from graph.text import TextStore
from graph.text import read as read_text

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT.parent / "shared/articles/lisas-top-ten-chinese-technology-aiding-crackdown.txt"


@pytest.fixture(scope="session")
def server(neo4j_uri: str, neo4j_auth: tuple[str, str]) -> Address:
    """The session's server."""
    return Address(neo4j_uri, *neo4j_auth)


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> TextStore:
    """A text store that holds the seed article."""
    store = TextStore(tmp_path_factory.mktemp("texts"))
    store.add(read_text(ARTICLE))
    return store


Serve = Callable[[Path], AbstractContextManager[TestClient]]


@pytest.fixture(scope="session")
def serve(server: Address, texts: TextStore) -> Serve:
    """Load a data set in the place of whatever is there, and serve it."""

    @contextmanager
    def served(path: Path) -> Iterator[TestClient]:
        with Store(server) as store:
            load(store, [path], replace=True)
        app = create_app(server, version="0.0.0", texts=texts, hosts=["testserver"])
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    return served


@pytest.fixture(scope="module")
def api(serve: Serve) -> Iterator[TestClient]:
    """The API over the seeds."""
    with serve(ROOT / "seeds") as client:
        yield client
