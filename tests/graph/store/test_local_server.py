"""The local server: the real Neo4j, started, found, lost and stopped."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest
from neo4j import GraphDatabase

from graph.disk import check_space
from graph.errors import LocalServerError
from graph.store.local import LocalServer, Port, start, status, stop
from graph.store.local.child import Child, PortInUse
from graph.store.local.health import Limits
from graph.store.local.java import TAIL_LINES, server_command, tail
from graph.store.local.state import Mark

OWNER = """
import sys, time
from pathlib import Path
from graph.store.local import start
server = start(Path(sys.argv[1]), Path(sys.argv[2]), profile="test")
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def first_start(jars: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A data folder (its path is no plain one) after a first start and stop.

    With it all command lines that any process showed meanwhile.
    """
    data = tmp_path_factory.mktemp("first") / "my data 海康 é"
    end = Event()
    command_lines: set[str] = set()
    watcher = Thread(target=watch_command_lines, args=(end, command_lines))
    watcher.start()
    try:
        with start(data, jars, profile="test") as server:
            ask(server, "CREATE (:Kept {value: 42})")
    finally:
        end.set()
        watcher.join()
    return data, command_lines


@pytest.fixture
def old_data(first_start: tuple[Path, set[str]], tmp_path: Path) -> Iterator[Path]:
    """A data folder with a store that was stopped in order; what is left running is ended."""
    data = shutil.copytree(first_start[0], tmp_path / "data")
    yield data
    stop(data)


def watch_command_lines(end: Event, command_lines: set[str]) -> None:
    """Collect the command lines of all processes until told to end."""
    while not end.wait(0.02):
        for process in psutil.process_iter(["cmdline"]):
            command_lines.add(" ".join(process.info["cmdline"] or ()))


def ask(server: LocalServer, query: str) -> list[list[object]]:
    """The rows of a query."""
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        return [record.values() for record in driver.execute_query(query).records]


def is_running(pid: int) -> bool:
    """Whether a process lives; one that nobody has collected yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def servers_on(data: Path) -> list[int]:
    """The process ids of all servers whose home lies in this data folder."""
    home = f"--home-dir={data / 'neo4j'}"
    processes = psutil.process_iter(["cmdline"])
    return [process.pid for process in processes if home in (process.info["cmdline"] or ())]


def test_a_started_server_answers(neo4j_server: LocalServer) -> None:
    """On loopback, with user and password."""
    assert neo4j_server.uri.startswith("bolt://127.0.0.1:")
    assert neo4j_server.owned
    assert ask(neo4j_server, "RETURN 1") == [[1]]


def test_the_well_known_password_never_works(neo4j_server: LocalServer) -> None:
    """Neo4j's own first password is refused."""
    with GraphDatabase.driver(neo4j_server.uri, auth=("neo4j", "neo4j")) as driver:
        assert not driver.verify_authentication()


def test_only_the_owner_can_read_the_password(neo4j_server: LocalServer) -> None:
    """Mode 0600 in a folder of mode 0700."""
    path = neo4j_server.password_file
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_password_is_shown_nowhere(first_start: tuple[Path, set[str]]) -> None:
    """Not in any command line while the store was made, and in no file but its own."""
    data, command_lines = first_start
    password = (data / "neo4j" / "password").read_text("ascii")
    assert any("set-initial-password" in line for line in command_lines)
    assert not any(password in line for line in command_lines)
    files = [path for path in (data / "neo4j").rglob("*") if path.is_file()]
    holding = [path.name for path in files if password.encode() in path.read_bytes()]
    assert holding == ["password"]


def test_a_second_start_finds_the_first(neo4j_server: LocalServer, jars: Path) -> None:
    """It uses the same process, and leaves it running at its end."""
    data = neo4j_server.password_file.parent.parent
    with start(data, jars) as second:
        assert second.pid == neo4j_server.pid
        assert not second.owned
    state = status(data)
    assert state is not None
    assert state.ready
    assert not state.detached
    assert state.uri == neo4j_server.uri


def test_a_server_that_hangs_is_replaced(old_data: Path, jars: Path) -> None:
    """By the one who supervises it: with its data, at the same address.

    One that another command stops is not.
    """
    events: list[str] = []
    limits = Limits(silence=15.0)
    with (
        start(old_data, jars, profile="test") as server,
        server.supervised(events.append, limits=limits),
    ):
        before, uri = server.pid, server.uri
        psutil.Process(before).suspend()
        assert wait_for(lambda: any("running again" in event for event in events), 600)
        assert not is_running(before)
        assert (server.pid != before, server.uri) == (True, uri)
        assert ask(server, "MATCH (k:Kept) RETURN k.value") == [[42]]
        assert stop(old_data)
        assert wait_for(lambda: any("stopped by another command" in event for event in events), 600)
        assert status(old_data) is None
    assert any("does not answer" in event for event in events)


def test_a_port_stays_as_long_as_it_is_free() -> None:
    """Then the next free one from the first on is taken; one that was chosen is never replaced."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        busy = other.getsockname()[1]
        assert list(Port(busy, fixed=True).candidates(None)) == [busy]
        assert next(Port(busy).candidates(None)) != busy
        assert next(Port(1).candidates(busy)) != busy
    assert next(Port(1).candidates(busy)) == busy


def test_two_starts_at_once_share_one_server(old_data: Path, jars: Path) -> None:
    """The second waits for the first and finds its server.

    It holds what the one before held, in a folder that was moved: nothing in it names its place.
    """
    with ThreadPoolExecutor(2) as pool:
        starts = [pool.submit(start, old_data, jars, profile="test") for _ in range(2)]
        servers = [future.result() for future in starts]
    assert len({server.pid for server in servers}) == 1
    assert sorted(server.owned for server in servers) == [False, True]
    assert ask(servers[1], "MATCH (k:Kept) RETURN k.value") == [[42]]
    for server in servers:
        server.stop()
    assert not is_running(servers[0].pid)
    assert status(old_data) is None


def test_a_detached_server_survives_its_starter_until_stop(old_data: Path, jars: Path) -> None:
    """`stop` ends it, and says so; a second `stop` finds nothing to do."""
    script = "import sys; from pathlib import Path; from graph.store.local import start; "
    script += "start(Path(sys.argv[1]), Path(sys.argv[2]), profile='test', detached=True)"
    subprocess.run([sys.executable, "-c", script, old_data, jars], check=True)
    state = status(old_data)
    assert state is not None
    assert state.detached
    with start(old_data, jars) as server:
        assert ask(server, "RETURN 1") == [[1]]
    assert is_running(state.pid)
    assert stop(old_data)
    assert not is_running(state.pid)
    assert not stop(old_data)


def test_a_killed_owner_leaves_no_server(old_data: Path, jars: Path) -> None:
    """`kill -9`: the server ends by itself, and a start in that very moment gets a new one.

    What a terminal sends to the owner's group, such as SIGINT, does not come to the server.
    """
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, old_data, jars],
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert is_running(pid)
        assert os.getpgid(pid) != os.getpgid(owner.pid)
        owner.kill()
    with start(old_data, jars, profile="test") as server:
        assert not is_running(pid)
        assert server.pid != pid
        assert ask(server, "RETURN 1") == [[1]]


def test_an_owner_killed_while_starting_leaves_no_server(old_data: Path, jars: Path) -> None:
    """`kill -9` before the server is ready."""
    with subprocess.Popen([sys.executable, "-c", OWNER, old_data, jars]) as owner:
        assert wait_for(lambda: status(old_data) is not None, 120)
        state = status(old_data)
        assert state is not None
        assert not state.ready
        owner.kill()
    assert wait_for(lambda: servers_on(old_data) == [], 120)
    assert status(old_data) is None


@pytest.mark.parametrize("text", ["", "{", '{"pid": 1}', "[]"])
def test_a_broken_state_file_is_no_server(tmp_path: Path, text: str) -> None:
    """Whatever lies there, it is no reason to fail."""
    (tmp_path / "neo4j").mkdir()
    (tmp_path / "neo4j" / "server.json").write_text(text)
    assert status(tmp_path) is None


def test_a_state_file_that_names_another_process_is_stale(
    neo4j_server: LocalServer, tmp_path: Path
) -> None:
    """The id is in use again, by a process that was created at another time."""
    live = neo4j_server.password_file.with_name("server.json")
    state = json.loads(live.read_text())
    state["server"]["created"] -= 3600
    (tmp_path / "neo4j").mkdir()
    (tmp_path / "neo4j" / "server.json").write_text(json.dumps(state))
    assert status(tmp_path) is None
    assert not stop(tmp_path)
    assert is_running(neo4j_server.pid)


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere a start keeps the time of the clock")
def test_a_clock_that_is_set_makes_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was paused, or a time server: the day of its start moves by any span."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        mark, real = Mark.of(child.pid), psutil.boot_time()
        for seconds in (-86_400.0, -3.0, 0.0, 30.0, 3e8):
            boot_time = real + seconds
            monkeypatch.setattr("psutil._pslinux.boot_time", lambda boot_time=boot_time: boot_time)
            assert abs(psutil.Process(child.pid).create_time() - boot_time - mark.created) < 1
            assert mark.process() is not None
            assert Mark.of(child.pid).process() is not None
        child.kill()
    assert mark.process() is None


def test_no_data_folder_is_no_server(tmp_path: Path) -> None:
    """Asking makes no folder."""
    assert status(tmp_path / "none") is None
    assert not stop(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_store_in_use_by_an_unknown_server_is_named(
    neo4j_server: LocalServer, jars: Path, tmp_path: Path
) -> None:
    """A server that no state file tells of holds the store's lock: a clear error, none left."""
    (tmp_path / "neo4j").mkdir()
    (tmp_path / "neo4j" / "data").symlink_to(neo4j_server.password_file.with_name("data"))
    shutil.copy(neo4j_server.password_file, tmp_path / "neo4j")
    state_file = tmp_path / "neo4j" / "server.json"
    for text in (None, '{"server": "of another version"}'):
        if text:
            state_file.write_text(text)
        with pytest.raises(LocalServerError, match="in use by another server"):
            start(tmp_path, jars, profile="test")
        assert servers_on(tmp_path) == []
        assert status(tmp_path) is None
        # What it said of that server is still there.
        assert (state_file.read_text() if state_file.exists() else None) == text


def test_an_error_in_the_configuration_ends_at_once(old_data: Path, jars: Path) -> None:
    """Java would go on for ever without a server; the error quotes what Neo4j said.

    The deadline is one that no test lives to see.
    """
    with pytest.raises(LocalServerError, match=r"Unrecognized setting.*no\.such\.setting"):
        start(old_data, jars, profile="test", settings={"no.such.setting": "1"}, deadline=3600)
    assert servers_on(old_data) == []


def test_a_start_that_takes_too_long_is_given_up(old_data: Path, jars: Path) -> None:
    """After the deadline nothing is left running."""
    with pytest.raises(LocalServerError, match=r"not ready after 0\.2 seconds"):
        start(old_data, jars, profile="test", deadline=0.2)
    assert servers_on(old_data) == []


def test_a_lost_password_is_explained(old_data: Path, jars: Path) -> None:
    """There is a store and no password: the error says which folder to delete."""
    (old_data / "neo4j" / "password").unlink()
    with pytest.raises(LocalServerError, match=f"Delete the folder {old_data}/neo4j"):
        start(old_data, jars, profile="test")


def test_a_wrong_password_is_explained(old_data: Path, jars: Path) -> None:
    """The password is not the one of the store: the same way out, and nothing left running."""
    (old_data / "neo4j" / "password").write_text("0" * 48)
    with pytest.raises(LocalServerError, match=f"Delete the folder {old_data}/neo4j"):
        start(old_data, jars, profile="test")
    assert servers_on(old_data) == []


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "data").write_text("")
    with pytest.raises(LocalServerError, match="data/neo4j cannot be used"):
        start(tmp_path / "data", tmp_path)


def test_a_disk_that_is_nearly_full_is_refused(tmp_path: Path) -> None:
    """The error names the folder, what is free and what is needed."""
    with pytest.raises(LocalServerError, match=f"disk of {tmp_path} has .* MB free, .* needs"):
        check_space(tmp_path, needed=2**60)


def test_a_taken_port_is_told_apart(tmp_path: Path) -> None:
    """So that another one can be tried; `PortBindException` is Neo4j's own word for it."""
    program = [sys.executable, "-c", "print('Caused by: PortBindException'); raise SystemExit(1)"]
    child = Child(program, tmp_path / "log")
    with pytest.raises(PortInUse):
        child.wait_until_started(120)
    child.stop()


def test_an_exception_is_quoted_when_its_message_is_complete(tmp_path: Path) -> None:
    """Java writes its head first, and more is to come when the output is read between the two."""
    program = """
import time
print('Exception in thread "main" ', end="", flush=True)
time.sleep(0.5)
print("Unrecognized setting", "\\tat some.Class", sep="\\n", flush=True)
time.sleep(600)
"""
    child = Child([sys.executable, "-c", program], tmp_path / "log")
    with pytest.raises(LocalServerError, match="Unrecognized setting"):
        child.wait_until_started(120)
    child.stop()


def test_a_program_that_does_not_exist_is_explained(tmp_path: Path) -> None:
    """The launcher's own words are quoted."""
    with pytest.raises(LocalServerError, match=r"could not be launched:\n[^$]*No such file"):
        Child([str(tmp_path / "java")], tmp_path / "log")


def test_a_folder_that_no_class_path_can_name_is_refused(tmp_path: Path) -> None:
    """Java splits a class path at every colon (on Windows: semicolon)."""
    with pytest.raises(LocalServerError, match="class path"):
        server_command(tmp_path / f"a{os.pathsep}b", tmp_path, tmp_path, "test")


def test_an_error_quotes_the_last_lines_without_stack_frames() -> None:
    """What went wrong stands in the lines between the frames."""
    printed = "".join(f"line {number}\n\tat some.Class\n\t\t... 9 more\n" for number in range(50))
    quoted = tail(printed.encode()).splitlines()
    assert quoted == [f"line {number}" for number in range(50 - TAIL_LINES, 50)]
    assert tail(b"") == "(nothing was printed)"
