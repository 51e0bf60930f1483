"""Java's AOT cache (JEP 483) for the servers of tests: each start costs half of what it did.

`make test` runs `python -m tests.aot`, which makes it once for a folder of jars, from a server that
loads the seeds and answers a few requests.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import platformdirs
import psutil
from fastapi.testclient import TestClient

import seeds
from api.app import create_app
from api.config import Exposure
from graph.store.address import Address
from graph.store.connection import COLD_START, Writer
from graph.store.loader import load
from graph.store.local import fetch, jars_folder, read_lock
from graph.store.local.child import Child, free_port
from graph.store.local.home import USER, Home, secure, write_conf
from graph.store.local.java import AOT_CACHE, MEMORY, server_command

#: What a server is asked while Java notes the classes that it uses.
REQUESTS = (
    "/",
    "/v1/ties?facet=status",
    "/v1/entities/tiandy",
    "/v1/entities/tiandy/ties?as_of=2020-01-01",
    "/v1/search?q=tiandy",
    "/v1/paths?from=tiandy&to=irgc",
)


def make_aot_cache(jars: Path) -> None:
    """Make the cache beside the jars. Without it servers start all the same, and later.

    Raises `LocalServerError` where no server can start.
    """
    with tempfile.TemporaryDirectory() as folder:
        _make(jars, Path(folder))


def _make(jars: Path, folder: Path) -> None:
    home, classes, port = Home(folder), f"-XX:AOTConfiguration={folder}/classes", free_port()
    home.create()
    secure(home, jars)
    write_conf(home, port, MEMORY["test"])
    java, *options = server_command(jars, home.folder, home.conf, "test")
    child = Child([java, "-XX:AOTMode=record", classes, *options], home.console_log)
    try:
        child.wait_until_started(COLD_START)
        password = home.password_file.read_text("ascii")
        _use(Address(f"bolt://127.0.0.1:{port}", USER, password))
    finally:
        # Java writes what it has noted when it ends, and a stop would not wait for it for long.
        server = psutil.Process(child.pid)
        server.terminate()
        server.wait(COLD_START)
        child.stop()
    draft = jars / f"{AOT_CACHE}.new"
    create = [java, "-XX:AOTMode=create", classes, f"-XX:AOTCache={draft}", *options]
    result = subprocess.run(create, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if result.returncode == 0:
        draft.replace(jars / AOT_CACHE)


def _use(address: Address) -> None:
    with Writer(address) as writer:
        load(writer, [Path(seeds.__file__).parent])
    app = create_app(address, version="0.0.0", exposure=Exposure(hosts=("testserver",)))
    with TestClient(app) as client:
        for path in REQUESTS:
            client.get(path)


def main() -> None:
    """Make the cache for the jars that the tests use, unless it is there."""
    cache = os.environ.get("SIGHTLINES_TEST_CACHE") or platformdirs.user_cache_dir("sightlines")
    jars = jars_folder(Path(cache).absolute())
    fetch(read_lock(), jars, lambda result, total: None)
    if not (jars / AOT_CACHE).exists():
        print("Making Java's AOT cache, once for these jars (a minute) …", flush=True)
        make_aot_cache(jars)


if __name__ == "__main__":
    main()
