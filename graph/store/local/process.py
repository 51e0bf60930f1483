"""Starting, finding and stopping the local server of a data folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import psutil
from filelock import FileLock, Timeout
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph.errors import LocalServerError
from graph.store.local.child import POLL_SECONDS, Child, PortTaken, free_port
from graph.store.local.disk import check_space, writing_in
from graph.store.local.home import USER, Home, password_lost, secure, write_conf
from graph.store.local.jars import VERSION
from graph.store.local.java import MEMORY, Profile, server_command
from graph.store.local.launcher import STOP_SECONDS
from graph.store.local.state import Mark, ServerState, read_state, write_state

DEADLINE = 300.0  # seconds; a start takes 5, and 100 on a machine that is very busy
PORT_TRIES = 3
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class LocalServer:
    """A running local server, and how to log in to it.

    As a context manager it calls `stop` at the end.
    """

    def __init__(self, home: Home, state: ServerState, child: Child | None = None) -> None:
        self._home = home
        self._state = state
        self._child = child

    @property
    def uri(self) -> str:
        """The address for the driver, `bolt://127.0.0.1:PORT`."""
        return self._state.uri

    @property
    def user(self) -> str:
        """The name to log in with."""
        return USER

    @property
    def password_file(self) -> Path:
        """The file that holds the password and nothing else."""
        return self._home.password_file

    @property
    def auth(self) -> tuple[str, str]:
        """User and password for the driver, read from the file at each call."""
        return self.user, self.password_file.read_text("ascii")

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._state.pid

    @property
    def owned(self) -> bool:
        """Whether it ends with this process: not if it was found running, nor if detached."""
        return self._child is not None

    def stop(self) -> None:
        """End the server if it is owned, and wait for its end; any other is left running."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def start(
    data: Path,
    jars: Path,
    *,
    profile: Profile = "desktop",
    detached: bool = False,
    settings: Mapping[str, str] = NO_SETTINGS,
    deadline: float = DEADLINE,
) -> LocalServer:
    """Return the server of this data folder, started if none is running.

    A server that is found running is used as it is, whatever `profile`, `detached` and
    `settings` say. A new one ends with this process, even if that is killed; with `detached`
    it runs until `stop`. `settings` are further lines of neo4j.conf. `deadline` is in seconds.
    Both folders must be absolute, and `jars` must be whole (`fetch`). Raises `LocalServerError`,
    and leaves nothing running then.
    """
    home = Home(data)
    with writing_in(home.folder):
        home.create()
        with _locked(home, deadline):
            state = read_state(home)
            if state is not None and state.ready and not state.is_orphan():
                return LocalServer(home, state)
            if state is not None:  # whoever started it was killed a moment ago
                _end(state)
            check_space(home.folder)
            secure(home, jars)
            return _start_on_free_port(home, jars, profile, detached, settings, deadline)


def status(data: Path) -> ServerState | None:
    """The server that runs on this data folder, ready or not yet; `None` if there is none."""
    return read_state(Home(data))


def stop(data: Path) -> bool:
    """End the server of this data folder, whoever started it; false if none was running."""
    home = Home(data)
    if not home.folder.exists():
        return False
    with writing_in(home.folder), _locked(home, DEADLINE):
        state = read_state(home)
        if state is not None:
            _end(state)
        home.state_file.unlink(missing_ok=True)
        return state is not None


@contextmanager
def _locked(home: Home, deadline: float) -> Iterator[None]:
    """Hold the home's lock; another start may take its whole deadline, and a stop after it."""
    seconds = deadline + STOP_SECONDS
    try:
        with FileLock(home.lock_file, timeout=seconds):
            yield
    except Timeout as error:
        raise LocalServerError(
            f"Another command has been starting or stopping the server in {home.folder} for "
            f"more than {seconds:.0f} seconds. End that command and try again."
        ) from error


def _start_on_free_port(
    home: Home,
    jars: Path,
    profile: Profile,
    detached: bool,
    settings: Mapping[str, str],
    deadline: float,
) -> LocalServer:
    command = server_command(jars, home.folder, home.conf, profile)
    for _ in range(PORT_TRIES):
        port = free_port()
        write_conf(home, port, {**MEMORY[profile], **settings})
        try:
            return _start_child(home, Child(command, home.console_log), port, detached, deadline)
        except PortTaken:
            continue
    raise LocalServerError(f"No free port was found for Neo4j in {PORT_TRIES} tries.")


def _start_child(
    home: Home, child: Child, port: int, detached: bool, deadline: float
) -> LocalServer:
    try:
        state = ServerState(Mark.of(child.pid), port, VERSION, owner=Mark.of(os.getpid()))
        write_state(home, state)
        child.wait_until_started(deadline)
        _check_login(home, LocalServer(home, state))
        state = state.settled(detached=detached)
        write_state(home, state)
        if detached:
            child.detach()
    except psutil.NoSuchProcess as error:
        child.stop()
        raise LocalServerError(f"Neo4j ended at once:\n{child.last_lines()}") from error
    except BaseException:  # Ctrl-C among them: nothing may be left running
        child.stop()
        raise
    return LocalServer(home, state, None if detached else child)


def _check_login(home: Home, server: LocalServer) -> None:
    try:
        with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
            driver.verify_connectivity()
    except AuthError as error:
        raise password_lost(home) from error
    except (DriverError, Neo4jError) as error:
        raise LocalServerError(f"The local Neo4j does not answer: {error}") from error


def _end(state: ServerState) -> None:
    """Ask the server to end, insist after `STOP_SECONDS`, and wait until it has ended."""
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        process = state.server.process()
        if process is None:
            return
        try:
            ask(process)
        except psutil.NoSuchProcess:
            return
        if _ends_within(state, STOP_SECONDS):
            return
    raise LocalServerError(f"The local Neo4j (process {state.pid}) cannot be ended.")


def _ends_within(state: ServerState, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while state.server.process() is not None:
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True
