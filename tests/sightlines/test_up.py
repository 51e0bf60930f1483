"""`sightlines up` as a process: what it prints, and that nothing of it stays behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from graph.store.local import Port, status
from graph.store.local import start as start_server
from graph.store.local.child import free_port

COMMAND = Path(sys.executable).with_name("sightlines")
ROOT = Path(__file__).parents[2]
#: How a shell starts a job in the background: the job ignores what Ctrl-C sends to the others.
IN_BACKGROUND = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")

Start = Callable[..., subprocess.Popen[str]]
#: A start takes five seconds, or minutes on a machine that is very busy.
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture
def start(jars: Path, tmp_path: Path) -> Iterator[Start]:
    """Start `up` on a data folder of the test's own; whatever is left of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, workers: int = 1, background: bool = False) -> subprocess.Popen[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTLINES_")}
        process = subprocess.Popen(
            [*(IN_BACKGROUND if background else ()), COMMAND, "up", *arguments],
            env={
                **environment,
                "SIGHTLINES_HOME": str(tmp_path / "home"),
                "SIGHTLINES_CACHE": str(jars.parent),
                "SIGHTLINES_WORKERS": str(workers),
                "PYTHONFAULTHANDLER": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: subprocess.Popen[str], words: str) -> list[str]:
    """Read the lines that a process prints, until one has the words."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return lines
    raise AssertionError(f"it ended without {words!r}:\n{''.join(lines)}")


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The process and all that it started."""
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def all_end(processes: list[psutil.Process], seconds: float = 60) -> bool:
    """Whether every one of them ends within the time."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def get(port: int, path: str) -> str:
    """Read an address of the served API."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=300) as answer:
        text: str = answer.read().decode()
        return text


def test_up_serves_and_leaves_no_process(start: Start, tmp_path: Path, jars: Path) -> None:
    """It prints where everything is, answers, and leaves no process when it is ended.

    Of two starts on one data folder the second uses the first one's Neo4j. If that dies, the first
    restarts it with its data and its password, says so, and both go on. Ctrl-C, which goes to all
    that the terminal started, ends the database with the rest, even while it is being started once
    more. Once another command has started it on another port, each worker of the second reads where
    it is; SIGTERM, as a service manager sends it, ends the second and leaves the database alone.
    """
    data, first_port, second_port = tmp_path / "home", free_port(), free_port()
    owner = start("--port", str(first_port))
    read_until(owner, "Starting Neo4j")
    guest = start("--port", str(second_port), workers=2)
    uri = serves(owner, first_port, tmp_path)
    assert serves(guest, second_port, tmp_path) == uri
    assert "java" in {process.name() for process in family(owner)}
    assert "java" not in {process.name() for process in family(guest)}
    before, password = snapshot(first_port), (data / "neo4j" / "password").read_text()
    first = kill_database(data)
    read_until(owner, "running again")
    for port in (first_port, second_port):
        wait_until(lambda port=port: snapshot(port) == before)
    wait_until(lambda: "Tiandy" in page(first_port))
    assert (data / "neo4j" / "password").read_text() == password
    second = kill_database(data)
    assert second != first
    read_until(owner, "Restarting it")
    wait_until(lambda: (state := status(data)) is not None and state.pid != second)
    ends(owner, lambda: os.killpg(owner.pid, signal.SIGINT), 0)
    wait_until(lambda: snapshot(second_port) is None)
    # The port stays the same from start to start, unless somebody chooses another.
    port = Port(free_port(), fixed=True)
    with start_server(data, jars, profile="test", port=port) as server:
        assert server.uri != uri
        # Requests go to either worker: both have to find it.
        wait_until(lambda: all(snapshot(second_port) == before for _ in range(20)))
        ends(guest, guest.terminate, 0)
        assert status(data) is not None


def serves(process: subprocess.Popen[str], port: int, folder: Path) -> str:
    """Wait until it serves, and look at what it says and answers; return its Neo4j's address."""
    before = time.monotonic()
    lines = "".join(read_until(process, "Ctrl-C stops it"))
    print(f"ready after {time.monotonic() - before:.1f} s")
    for what in (f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/docs", "bolt://", "neo4j"):
        assert what in lines
    password_file = folder / "home" / "neo4j" / "password"
    assert str(password_file) in lines
    assert password_file.stat().st_mode & 0o777 == 0o600
    assert password_file.read_text() not in lines
    assert '"ready":true' in get(port, "/readyz")
    assert "Tiandy" in get(port, "/")
    (bolt,) = re.findall(r"^Bolt +(\S+)", lines, re.MULTILINE)
    return str(bolt)


def snapshot(port: int) -> str | None:
    """The snapshot that the API answers from; None while it answers 503 and says when to retry.

    A database that has just been started may also be too slow for its first answer (504).
    """
    try:
        ready: dict[str, Any] = json.loads(get(port, "/readyz"))
    except urllib.error.HTTPError as error:
        assert error.code == 504 or (error.code == 503 and error.headers["Retry-After"])
        return None
    return str(ready["snapshot"]["id"])


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, on a machine however slow; the limit only ends a failed test."""
    limit = time.monotonic() + 900
    while not holds():
        assert time.monotonic() < limit, "it has not come about"
        time.sleep(0.2)


def kill_database(data: Path) -> int:
    """Kill the local server of a data folder at once; returns the id that its process had."""
    state = status(data)
    assert state is not None
    psutil.Process(state.pid).kill()
    return state.pid


def page(port: int) -> str:
    """The home page, or the page that says why there is none."""
    try:
        return get(port, "/")
    except urllib.error.HTTPError as error:
        return error.read().decode()


def exit_code(process: subprocess.Popen[str]) -> int:
    """Wait for its end. If it goes on, show what it printed and where its threads are."""
    try:
        return process.wait(120)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        assert process.stdout is not None
        pytest.fail(f"It goes on:\n{process.stdout.read()}")


def ends(process: subprocess.Popen[str], how: Callable[[], None], code: int) -> None:
    """End it, and see that all that it started is gone."""
    everyone = family(process)
    how()
    assert exit_code(process) == code
    assert all_end(everyone)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_ended_while_it_starts(start: Start, how: signal.Signals) -> None:
    """Stopped half-way it leaves nothing either; nor does it if it is killed outright.

    It heeds SIGINT as a job in the background too, before it serves as afterwards.
    """
    process = start("--port", str(free_port()), background=True)
    read_until(process, "Starting Neo4j")
    wait_until(lambda: len(family(process)) > 1)
    everyone = family(process)
    process.send_signal(how)
    exit_code(process)
    assert all_end(everyone)
    assert process.stdout is not None
    assert "Traceback" not in process.stdout.read()


def test_a_taken_port_is_a_clear_error(start: Start) -> None:
    """Said before anything is started, with the way out."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        process = start("--port", str(port))
        assert exit_code(process) == 1
        assert process.stdout is not None
        text = process.stdout.read()
    assert f"Port {port}" in text and "PORT=" in text and "Traceback" not in text
