"""What a load under way, or one that has ended, means for who asks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TypeVar

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.http.store_state import FRESH, StateCache
from api.request import RequestDep, SnapshotRoute
from graph.model import Entity, Name
from graph.queries import records
from graph.question import Question
from graph.store.address import Address
from graph.store.connection import Store, Writer
from graph.store.loader import load, remove
from graph.store.state import STATE
from tests.conftest import Serve, load_alone
from tests.strategies import make_claim, make_dataset, make_source, write

T = TypeVar("T")


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


class _Late(Store):
    """A store behind a slow network: answers come when the gate is open."""

    gate: asyncio.Event

    async def ask(self, question: Question[T]) -> T:
        answer = await super().ask(question)
        await self.gate.wait()
        return answer


def test_a_state_is_that_of_when_it_was_asked_for(address: Address, tmp_path: Path) -> None:
    """A state that comes late says nothing of the load that has ended meanwhile."""
    first = load_alone(address, write(tmp_path, make_dataset(claims=[make_claim()])))

    def load_another() -> str:
        write(tmp_path, make_dataset(claims=[make_claim(when="2014")]))
        with Writer(address) as writer:
            return load(writer, [tmp_path]).snapshot

    async def run() -> None:
        async with _Late(address) as store:
            store.gate, cache = asyncio.Event(), StateCache(store)
            early = asyncio.create_task(cache.current())
            older = await Store.ask(store, STATE)
            second = await anyio.to_thread.run_sync(load_another)
            later = asyncio.create_task(cache.current())
            await asyncio.sleep(0)
            store.gate.set()
            assert older.snapshot == first != second
            assert (await later).snapshot == second
            await early
            # The answer to an earlier question is no news.
            cache.update(older, time.monotonic() - 10 * FRESH)
            assert (await cache.current()).snapshot == second

    asyncio.run(run())


def test_nothing_of_a_removed_set_is_answered(
    serve: Serve, address: Address, tmp_path: Path
) -> None:
    """Not from a cache, a link to an older snapshot, a feed or a file; the link says what went."""
    names = {"company-9": "Company", "state-9": "State"}
    cast = {
        i: Entity(id=i, type=type_, names=(Name(text=f"Zanthor {type_}"),))
        for i, type_ in names.items()
    }
    claim = make_claim(
        "source-9",
        roles={"supplier": "company-9", "recipient": "state-9"},
        summary="The Zanthor company supplied the state.",
    )
    source = make_source("source-9", title="Zanthor report")
    own = write(tmp_path / "own", make_dataset(claims=[make_claim()], name="own"))
    other = write(tmp_path / "other", make_dataset([source], cast, [claim], name="other"))
    records = ("entity/company-9", "tie/company-9/SUPPLIES/state-9", "source/source-9")
    records += ("v1/entities/company-9", "v1/ties/company-9/SUPPLIES/state-9")
    records += (f"v1/claims/{claim.id}",)
    lists = ["", "graph", "timeline", "search?q=supplied", "feed.xml", "v1/ties.csv"]
    lists += ["v1/suggest?q=zan", "v1/export/entities.csv"]
    lists += ["v1/cypher?statement=MATCH (n:Entity) RETURN n.name"]
    with serve(own) as api, Writer(address) as writer:
        older = load(writer, [other]).snapshot
        file = f"v1/snapshots/{older}/entities.csv"
        ends = ("", f"seen_in={older}")
        addresses = [file, f"v1/changes?since={older}"]
        addresses += [
            f"/{path}{'&' if '?' in path else '?'}{end}"
            for path in (*records, *lists)
            for end in ends
        ]

        def bodies() -> dict[str, str]:
            time.sleep(FRESH)
            return {each: api.get(each, headers={"Accept": "*/*"}).text for each in addresses}

        before = bodies()
        assert [
            each for each in addresses if each[-1] in "?&" and "Zanthor" not in before[each]
        ] == []
        remove(writer, ["other"])
        assert [each for each, text in bodies().items() if "Zanthor" in text] == []
        for path in records:
            answer = api.get(f"/{path}?seen_in={older}")
            assert answer.status_code == 410
            assert "the data set" in answer.text and "other" in answer.text
        for path in ("v1/ties?seen_in=", "v1/changes?since="):
            (notice,) = api.get(f"/{path}{older}").json()["meta"]["notices"]
            assert "the data set 'other' (" in notice and "was removed" in notice
        assert "the data set" in api.get(f"/graph?seen_in={older}").text


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
