"""Hostile statements by many clients at once: what happens to everybody else.

    python -m bench.attack                       # 5 minutes over the seeds, on a fresh local store
    python -m bench.attack DATA --seconds 60 --clients 20

The API is started as a person starts it, in a folder that is deleted afterwards, and other routes
are asked beside the statements, before and during the attack. It ends by itself.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles

import httpx2
import psutil
from rich.console import Console
from rich.table import Table

from graph.errors import StoreError
from graph.store.local import address, read_only_folder, status
from graph.store.local.child import free_port
from graph.store.local.health import ENDED, BlockingStore

ROUTES = ("/v1/entities", "/v1/ties?limit=20", "/v1/entities/{id}/ties", "/readyz")
LISTS = "split(reduce(s = 'a', i IN range(1, 26) | s + s), '')"
LABELS = [f"({'|'.join(f'L{i}_{j}' for j in range(9))})" for i in range(9)]

#: Statements by kind, as they were found to harm a server that others need.
ATTACKS: dict[str, tuple[str, ...]] = {
    "all, any, none, single, reduce": (
        "RETURN all(x IN range(1, 1000000000000) WHERE x > 0)",
        "RETURN any(x IN range(1, 1000000000000) WHERE x < 0)",
        "RETURN none(x IN range(1, 1000000000000) WHERE x < 0)",
        "RETURN single(x IN range(1, 1000000000000) WHERE x < 0)",
        "RETURN reduce(a = 0, x IN range(1, 1000000000000) | a + x % 7)",
    ),
    "regular expression": (
        "WITH '(([^x]|[^y])*)*(([^x]|[^y])*)*zzz' AS q MATCH (c:Claim) WHERE c.summary =~ q "
        "RETURN c",
    ),
    "list of texts": (
        f"RETURN size({LISTS})",
        f"RETURN size([x IN {LISTS} | x + 'b'])",
        "RETURN size([x IN range(1, 30000000) | toString(x)])",
    ),
    "label expression": (
        f"MATCH (n:{'&'.join(LABELS)}) RETURN n",
        f"MATCH (n) WHERE {' AND '.join(f'n:{one}' for one in LABELS)} RETURN n",
    ),
    "nested comprehension": (
        "RETURN size([a IN range(1, 100000) | [b IN range(1, 100000) | [c IN range(1, 9) | c]]])",
        "WITH range(1, 100000) AS l RETURN all(x IN l WHERE all(y IN l WHERE x + y > 0))",
    ),
    "cartesian product": ("MATCH (a), (b), (c), (d), (e) RETURN count(*)",),
    "memory": (
        "UNWIND range(1, 1000000000) AS x RETURN collect(x)",
        "RETURN reduce(l = [1], i IN range(1, 40) | l + l)",
        "UNWIND range(1, 100000000) AS x RETURN x, toString(x) AS t ORDER BY t",
    ),
}


class Requests:
    """Requests to other routes: their times in ms, and their statuses."""

    def __init__(self, base: str, entity: str) -> None:
        self._paths = [base + route.format(id=entity) for route in ROUTES]
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()

    def send(self, until: float) -> None:
        """Ask one after the other; nothing is answered from memory."""
        with httpx2.Client(timeout=120) as client:
            for number, path in enumerate(itertools.cycle(self._paths)):
                if time.monotonic() > until:
                    return
                began = time.perf_counter()
                answer = client.get(path, headers={"Accept-Encoding": f"none-{number}"})
                self.times.append(1000 * (time.perf_counter() - began))
                self.statuses[answer.status_code] += 1
                time.sleep(0.02)

    def percentiles(self) -> tuple[float, float]:
        """Return p50 and p95."""
        cuts = quantiles(self.times, n=20)
        return cuts[9], cuts[18]


def attack(base: str, statements: tuple[str, ...], clients: int, until: float) -> Counter[str]:
    """Send statements from so many clients, and count the codes of the answers."""
    codes: Counter[str] = Counter()

    def work(first: int) -> None:
        with httpx2.Client(timeout=120) as client:
            for number in itertools.count(first):
                if time.monotonic() > until:
                    return
                body = {"statement": statements[number % len(statements)], "timeout_ms": 1_000}
                answer = client.post(f"{base}/v1/cypher", json=body)
                codes[answer.json().get("code", "answered")] += 1
                if answer.status_code == 503:
                    time.sleep(0.2)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


class Watch(threading.Thread):
    """Notes the memory of the read-only server, how often it was replaced, and what went on.

    `overrun` is the longest time in seconds for which a statement was seen to go on after its end.
    """

    def __init__(self, data: Path) -> None:
        super().__init__(daemon=True)
        self._folder = read_only_folder(data)
        self.memory: dict[int, float] = defaultdict(float)
        self.overrun = 0.0
        self._ended: dict[tuple[int, str], float] = {}

    def clear(self) -> None:
        """Begin with the next kind."""
        self.memory.clear()
        self.overrun = 0.0

    def run(self) -> None:
        """Look twice a second."""
        with BlockingStore(lambda: address(self._folder)) as store:
            while True:
                state = status(self._folder)
                if state is not None:
                    with suppress(psutil.NoSuchProcess):
                        used = psutil.Process(state.pid).memory_info().rss / 1e6
                        self.memory[state.pid] = max(self.memory[state.pid], used)
                    with suppress(StoreError):
                        self._note({(state.pid, i) for i in store.ask(ENDED)})
                time.sleep(0.5)

    def _note(self, ended: set[tuple[int, str]]) -> None:
        now = time.monotonic()
        self._ended = {one: self._ended.get(one, now) for one in ended}
        self.overrun = max([self.overrun, *(now - since for since in self._ended.values())])


@contextmanager
def server_address(data: Path, dataset: str | None) -> Iterator[str]:
    """Start everything over a folder, and yield the address once statements are answered."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTLINES_")}
    command = [str(Path(sys.executable).with_name("sightlines")), "up", "--port", str(port)]
    process = subprocess.Popen(
        [*command, *([dataset] if dataset else [])],
        env={**environment, "SIGHTLINES_HOME": str(data)},
    )
    base = f"http://127.0.0.1:{port}"
    try:
        while not _answers(base):
            if process.poll() is not None:
                raise SystemExit("It did not start.")
            time.sleep(1)
        yield base
    finally:
        process.terminate()
        process.wait()


def _answers(base: str) -> bool:
    try:
        return httpx2.post(f"{base}/v1/cypher", json={"statement": "RETURN 1"}).status_code == 200
    except httpx2.HTTPError:
        return False


def main() -> None:
    """Print a table: a line for each kind."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("dataset", nargs="?", help="a data set; default: the seeds")
    parser.add_argument("--seconds", type=float, default=300, help="of the whole attack")
    parser.add_argument("--clients", type=int, default=20)
    options = parser.parse_args()
    table = Table("kind", "other routes: p50, p95 in ms", "÷ idle", "statuses", "answers", "MB",
                  "replaced", "goes on, s")  # fmt: skip
    with (
        tempfile.TemporaryDirectory(prefix="sightlines-attack-") as folder,
        server_address(Path(folder), options.dataset) as base,
    ):
        entity = httpx2.get(f"{base}/v1/entities?limit=1").json()["results"][0]["id"]
        watch = Watch(Path(folder))
        watch.start()
        each = options.seconds / len(ATTACKS)
        Requests(base, entity).send(time.monotonic() + each)  # the plans are made
        idle = Requests(base, entity)
        idle.send(time.monotonic() + each)
        usual = idle.percentiles()
        table.add_row("idle", _pair(usual), "", str(dict(idle.statuses)), "", "", "", "")
        for kind, statements in ATTACKS.items():
            watch.clear()
            until = time.monotonic() + each
            others = Requests(base, entity)
            beside = threading.Thread(target=others.send, args=(until,))
            beside.start()
            codes = attack(base, statements, options.clients, until)
            beside.join()
            times = others.percentiles()
            ratio = ", ".join(f"{a / b:.1f}" for a, b in zip(times, usual, strict=True))
            memory = f"{max(watch.memory.values(), default=0):.0f}"
            replaced = str(max(0, len(watch.memory) - 1))
            table.add_row(kind, _pair(times), ratio, str(dict(others.statuses)), str(dict(codes)),
                          memory, replaced, f"{watch.overrun:.1f}")  # fmt: skip
    Console(width=220).print(table)


def _pair(values: tuple[float, float]) -> str:
    return ", ".join(f"{value:.0f}" for value in values)


if __name__ == "__main__":
    main()
