"""`sightlines up` as a process: what it prints, and that nothing of it stays behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

COMMAND = Path(sys.executable).with_name("sightlines")
ROOT = Path(__file__).parents[2]

Start = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(jars: Path, tmp_path: Path) -> Iterator[Start]:
    """Start `up` on a data folder of the test's own; whatever is left of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, home: str = "home") -> subprocess.Popen[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTLINES_")}
        process = subprocess.Popen(
            [COMMAND, "up", *arguments],
            env={
                **kept,
                "SIGHTLINES_HOME": str(tmp_path / home),
                "SIGHTLINES_CACHE": str(jars.parent),
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


def all_gone(processes: list[psutil.Process], seconds: float = 20) -> bool:
    """Whether every one of them ends within the time."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def get(port: int, path: str) -> str:
    """Read an address of the served API."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def test_up_serves_until_it_is_told_to_end(start: Start, tmp_path: Path) -> None:
    """It prints where everything is, answers, and leaves no process when Ctrl-C ends it.

    Of two starts on one data folder the second uses the first one's Neo4j, and leaves it running
    when SIGTERM ends it, as a service manager does.
    """
    begun = time.monotonic()
    ports = free_port(), free_port()
    both = {port: start("--port", str(port)) for port in ports}
    bolts: set[str] = set()
    for port, process in both.items():
        lines = "".join(read_until(process, "Ctrl-C stops it"))
        bolts.update(re.findall(r"^Bolt +(bolt://\S+)", lines, re.MULTILINE))
        for what in (f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/docs", "neo4j"):
            assert what in lines
        password_file = tmp_path / "home" / "neo4j" / "password"
        assert str(password_file) in lines
        assert password_file.stat().st_mode & 0o777 == 0o600
        assert password_file.read_text() not in lines
    print(f"both ready after {time.monotonic() - begun:.1f} s")
    assert len(bolts) == 1
    guest, owner = sorted(ports, key=lambda port: len(family(both[port])))
    for port, ending in ((guest, signal.SIGTERM), (owner, signal.SIGINT)):
        assert '"ready":true' in get(port, "/readyz")
        assert "Tiandy" in get(port, "/")
        everyone = family(both[port])
        assert (len(everyone) > 1) == (port == owner)
        both[port].send_signal(ending)
        assert both[port].wait(30) == 0
        assert all_gone(everyone)


def test_ctrl_c_while_it_starts(start: Start) -> None:
    """Stopped half-way it leaves nothing either."""
    process = start("--port", str(free_port()))
    read_until(process, "Starting Neo4j")
    time.sleep(1.5)
    everyone = family(process)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    assert all_gone(everyone)
    assert process.stdout is not None
    assert "Traceback" not in process.stdout.read()


def test_a_taken_port_is_a_clear_error(start: Start) -> None:
    """Said before anything is started, with the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        assert process.wait(30) == 1
        assert process.stdout is not None
        text = process.stdout.read()
    assert f"Port {port}" in text and "PORT=" in text and "Traceback" not in text
