"""The servers that are asked, each a process of its own, and the processes that ask them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import psutil

from bench import run
from bench.server.driver import Asking
from bench.server.figures import Figures
from bench.server.load import Load
from graph.store.local import LocalServer
from graph.store.local.child import free_port

#: Seconds in which a server has to answer.
PATIENCE = 60.0
DATASETTE = run.HERE / "datasette.lock"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on a port of this machine."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> float:
        """What its processes hold in memory at present, in MB."""
        first = psutil.Process(self.process.pid)
        every = [first, *first.children(recursive=True)]
        return sum(process.memory_info().rss for process in every) / 1e6

    def etag(self, path: str) -> str:
        """The tag of an answer."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return str(answer.headers["ETag"])


@contextmanager
def api(store: LocalServer, home: Path, workers: int) -> Iterator[Server]:
    """The API as a person starts it, over a store that runs already."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTLINES_")}
    settings = {
        "SIGHTLINES_NEO4J_URI": store.uri,
        "SIGHTLINES_NEO4J_PASSWORD_FILE": str(store.password_file),
        "SIGHTLINES_HOME": str(home),
        "SIGHTLINES_WORKERS": str(workers),
    }
    command = str(Path(sys.executable).with_name("sightlines"))
    with _server([command, "serve"], "/readyz", environment | settings) as server:
        yield server


@contextmanager
def datasette(arguments: Sequence[str]) -> Iterator[Server]:
    """Datasette, in the environment that is made for it once."""
    python = run.environment(DATASETTE)
    with _server([python, "-m", "datasette", *arguments], "/-/versions.json") as server:
        yield server


@contextmanager
def _server(
    command: Sequence[str], ready: str, env: dict[str, str] | None = None
) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=env, stdout=subprocess.DEVNULL, cwd=run.HERE.parent
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}{ready}")
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up:
        try:
            urllib.request.urlopen(url).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"No answer at {url}: the server said why.")


def load(task: Load) -> Figures:
    """Ask a server, from a process of its own."""
    return _figures(_start("bench.server.load", task))


def ask(task: Asking, processes: int) -> Figures:
    """Ask the store with the bare driver, in as many processes as there are workers of the API."""
    each = replace(task, threads=max(1, task.threads // processes))
    started = [_start("bench.server.driver", each) for _ in range(min(processes, task.threads))]
    outcomes = [_figures(process) for process in started]
    return Figures(
        p50=mean(one.p50 for one in outcomes),
        p99=max(one.p99 for one in outcomes),
        rate=sum(one.rate for one in outcomes),
        answers=sum(one.answers for one in outcomes),
        empty=sum(one.empty for one in outcomes),
    )


def _start(module: str, task: Any) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=pipe, stdout=pipe, text=True, cwd=run.HERE.parent
    )
    assert process.stdin is not None
    with process.stdin as stdin:
        json.dump(asdict(task), stdin)
    return process


def _figures(process: subprocess.Popen[str]) -> Figures:
    assert process.stdout is not None
    with process.stdout as stdout:
        lines = stdout.read().splitlines()
    if process.wait():
        raise SystemExit("The process that asks ended with an error; it is above.")
    return Figures(**json.loads(lines[-1]))
