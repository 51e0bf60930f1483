"""What a load under way, or one that has ended, means for who asks."""

from __future__ import annotations

import time
from pathlib import Path

from api.http.store_state import FRESH
from graph.store.address import Address
from graph.store.connection import Writer
from graph.store.loader import load
from tests.conftest import Serve
from tests.strategies import make_claim, make_dataset, write


def test_a_load_is_seen_at_once(serve: Serve, address: Address, tmp_path: Path) -> None:
    """After a load nothing older is given than the watch allows, and tags change with it."""
    write(tmp_path, make_dataset(claims=[make_claim()]))
    with serve(tmp_path) as client:
        first = client.get("/v1/entities/company-1/ties")
        with Writer(address) as store:
            write(tmp_path, make_dataset(claims=[make_claim(when="2014")]))
            load(store, [tmp_path])
        time.sleep(FRESH)
        again = client.get(
            "/v1/entities/company-1/ties", headers={"If-None-Match": first.headers["etag"]}
        )
        assert again.status_code == 200
        assert again.headers["etag"] != first.headers["etag"]
        assert again.json()["results"] != first.json()["results"]
