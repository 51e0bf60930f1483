"""What a load under way, or one that has ended, means for who asks."""

from __future__ import annotations

import time
from pathlib import Path

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.http.store_state import FRESH
from api.request import RequestDep, SnapshotRoute
from graph.queries import records
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


def test_an_answer_of_several_statements_is_of_one_snapshot(
    serve: Serve, address: Address, tmp_path: Path
) -> None:
    """Where a load ends between two statements, the whole answer is made again."""
    router = APIRouter(route_class=SnapshotRoute)
    attempts: list[str] = []

    def load_another() -> None:
        write(tmp_path, make_dataset(claims=[make_claim(when="2014")]))
        with Writer(address) as store:
            load(store, [tmp_path])

    @router.get("/twice")
    async def twice(request: RequestDep) -> list[str]:
        first = await request.ask(records.snapshots(1))
        attempts.append(first.items[0].id)
        if len(attempts) == 1:
            await anyio.to_thread.run_sync(load_another)
        second = await request.ask(records.snapshots(1))
        return [first.items[0].id, second.items[0].id]

    write(tmp_path, make_dataset(claims=[make_claim()]))
    with serve(tmp_path) as client:
        app = client.app
        assert isinstance(app, FastAPI)
        app.include_router(router)
        answer = client.get("/twice")
        current = client.get("/v1/snapshots?limit=1").json()["results"][0]["id"]
        assert answer.json() == [current, current]
        assert len(attempts) == len(set(attempts)) == 2


def test_data_sets_are_told(api: TestClient) -> None:
    """Who made each, in a list, by itself, and in the `meta` of every answer."""
    (dataset,) = [d for d in api.get("/v1/datasets").json()["results"] if d["id"] == "top-ten-2022"]
    alone = api.get(dataset["link"]).json()
    meta = alone.pop("meta")
    assert alone == dataset and alone["counts"]["claims"] > 100
    assert dataset["id"] in [d["id"] for d in meta["datasets"]]
    assert {d["licence"] for d in meta["datasets"]} == {meta["licence"]}
    missing = api.get("/v1/datasets/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_the_same_content_loaded_again_has_another_history(serve: Serve, tmp_path: Path) -> None:
    """The snapshot is the same; what is told of changes since is not, and neither is the tag."""
    one = write(tmp_path / "one", make_dataset(claims=[make_claim()]))
    two = write(tmp_path / "two", make_dataset(claims=[make_claim(when="2010")]))
    with serve(one) as api:
        first = api.get("/v1/snapshots")
        with serve(two, past=True), serve(one, past=True):
            headers = {"If-None-Match": first.headers["etag"]}
            again = api.get("/v1/snapshots", headers=headers)
            assert again.status_code == 200 and again.json()["total"] > first.json()["total"]
            meta = first.json()["meta"]["snapshot"]["id"]
            assert again.json()["meta"]["snapshot"]["id"] == meta
