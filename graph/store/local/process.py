"""Starting, finding and stopping the local server of a data folder."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import psutil
from filelock import FileLock, Timeout
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph.disk import check_space, writing_in
from graph.errors import LocalServerError, StoreError, StoreUnreachable
from graph.store.address import Address
from graph.store.connection import COLD_START
from graph.store.local.child import POLL_SECONDS, Child, PortTaken, free_port
from graph.store.local.home import USER, Home, password_lost, secure, write_conf
from graph.store.local.jars import VERSION
from graph.store.local.java import MEMORY, Profile, server_command
from graph.store.local.launcher import STOP_SECONDS
from graph.store.local.state import (
    Mark,
    ServerState,
    read_state,
    restored_on_error,
    write_state,
)

DEADLINE = COLD_START  # seconds; a start takes 5, and 100 on a machine that is very busy
PORT_TRIES = 3
RESTART_PAUSE = 60.0  # the most seconds between two attempts to restart a server
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class _Launch:
    """How the server of a home is started."""

    home: Home
    jars: Path
    profile: Profile
    detached: bool
    settings: Mapping[str, str]
    deadline: float

    def find_or_start(
        self, state: ServerState | None, port: int = 0, cancel: threading.Event | None = None
    ) -> LocalServer:
        """Return the server of `state` if it is ready, or a new one, preferably on `port`.

        The home is locked. Raises `LocalServerError`, also when `cancel` is set.
        """
        if state is not None and state.ready and not state.is_orphan():
            return LocalServer(self.home, state)
        if state is not None:  # its owner was killed a moment ago
            _end(state)
        check_space(self.home.folder)
        secure(self.home, self.jars)
        command = server_command(self.jars, self.home.folder, self.home.conf, self.profile)
        for number in range(PORT_TRIES):
            free = port if port and not number else free_port()
            write_conf(self.home, free, {**MEMORY[self.profile], **self.settings})
            try:
                return self._start(Child(command, self.home.console_log), free, cancel)
            except PortTaken:
                continue
        raise LocalServerError(f"No free port was found for Neo4j in {PORT_TRIES} tries.")

    def _start(self, child: Child, port: int, cancel: threading.Event | None) -> LocalServer:
        home = self.home
        try:
            with restored_on_error(home):
                state = ServerState(Mark.of(child.pid), port, VERSION, owner=Mark.of(os.getpid()))
                write_state(home, state)
                child.wait_until_started(self.deadline, cancel)
                _check_login(home, LocalServer(home, state))
                state = state.settled(detached=self.detached)
                write_state(home, state)
            if self.detached:
                child.detach()
        except psutil.NoSuchProcess as error:
            child.stop()
            raise LocalServerError(f"Neo4j ended at once:\n{child.last_lines()}") from error
        except BaseException:  # Ctrl-C among them: nothing may be left running
            child.stop()
            raise
        return LocalServer(home, state, None if self.detached else child, self)

    def restart(self, port: int, cancel: threading.Event) -> LocalServer | None:
        """Return a new server; None if the last one was stopped on purpose (`stop`)."""
        with (
            writing_in(self.home.folder, LocalServerError),
            _locked(self.home, self.deadline, cancel),
        ):
            if cancel.is_set():
                raise LocalServerError("Neo4j is no longer needed.")
            if not self.home.state_file.exists():
                return None
            state = read_state(self.home)
            if state is not None and state.owner and state.owner.pid == os.getpid():
                _end(state)  # its launcher ended alone: nothing would end the server with us
                state = None
            return self.find_or_start(state, port, cancel)


class LocalServer:
    """A running local server, and how to log in to it.

    As a context manager it calls `stop` at the end.
    """

    def __init__(
        self,
        home: Home,
        state: ServerState,
        child: Child | None = None,
        launch: _Launch | None = None,
    ) -> None:
        self._home = home
        self._state = state
        self._child = child
        self._launch = launch
        self._restarting = threading.Lock()

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
    def address(self) -> Address:
        """The address of the store, with user and password."""
        return Address(self.uri, *self.auth)

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._state.pid

    @property
    def owned(self) -> bool:
        """Whether it ends with this process: not if it was running already, nor if detached."""
        return self._child is not None

    def stop(self) -> None:
        """End the server if it is owned, and wait for its end; any other is left running."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    @contextmanager
    def supervised(
        self, report: Callable[[str], None], prepare: Callable[[Address], object]
    ) -> Iterator[None]:
        """Restart the server whenever it ends while the block runs, if it is owned.

        A server that another command has stopped (`stop`) is not restarted. `report` receives a
        sentence about each event, and `prepare` the address of each new server. It has the password
        and the data of the old one, and its port unless another program has taken it.
        """
        cancel = threading.Event()
        arguments = (report, prepare, cancel)
        threading.Thread(target=self._supervise, args=arguments, daemon=True).start()
        try:
            yield
        finally:
            cancel.set()
            with self._restarting:  # a start in progress ends its server
                pass

    def _supervise(
        self,
        report: Callable[[str], None],
        prepare: Callable[[Address], object],
        cancel: threading.Event,
    ) -> None:
        pause = 1.0
        while self._child is not None and not cancel.wait(POLL_SECONDS):
            if self._child.is_running():
                continue
            report("Neo4j ended unexpectedly. Restarting it.")
            try:
                if not self._restart(cancel):
                    report("Neo4j was stopped by another command, and is not restarted.")
                    return
                report(f"Neo4j is running again at {self.uri}.")
                prepare(self.address)
                pause = 1.0
            except StoreError as error:
                if not cancel.is_set():
                    report(f"{error} Trying again in {pause:g} seconds.")
                cancel.wait(pause)
                pause = min(2 * pause, RESTART_PAUSE)

    def _restart(self, cancel: threading.Event) -> bool:
        """Replace the server by a new one; return False if it was stopped on purpose.

        The new one is not owned if another command has started it.
        """
        with self._restarting:
            assert self._launch is not None and self._child is not None
            self._child.stop()
            server = self._launch.restart(self._state.port, cancel)
            if server is None:
                self._child = None
                return False
            self._state, self._child = server._state, server._child
            return True

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

    A server that is already running is used as it is, whatever `profile`, `detached` and
    `settings` say. A new one ends with this process, even if that is killed; with `detached`
    it runs until `stop`. `settings` are further lines of neo4j.conf. `deadline` is in seconds.
    Both folders must be absolute, and `jars` must be whole (`fetch`). Raises `LocalServerError`,
    and leaves nothing running then.
    """
    home = Home(data)
    launch = _Launch(home, jars, profile, detached, settings, deadline)
    with writing_in(home.folder, LocalServerError):
        home.create()
        with _locked(home, deadline):
            return launch.find_or_start(read_state(home))


def status(data: Path) -> ServerState | None:
    """The server that runs on this data folder, ready or not yet; `None` if there is none."""
    return read_state(Home(data))


def address(data: Path) -> Address:
    """The address of the server of this data folder. Raises `StoreUnreachable` if none is ready."""
    home = Home(data)
    state = read_state(home)
    if state is None or not state.ready:
        raise StoreUnreachable(f"The local Neo4j in {home.folder} is not running.")
    return LocalServer(home, state).address


def stop(data: Path) -> bool:
    """End the server of this data folder, whoever started it; false if none was running."""
    home = Home(data)
    if not home.folder.exists():
        return False
    with writing_in(home.folder, LocalServerError), _locked(home, DEADLINE):
        state = read_state(home)
        if state is not None:
            _end(state)
        home.state_file.unlink(missing_ok=True)
        return state is not None


@contextmanager
def _locked(home: Home, deadline: float, cancel: threading.Event | None = None) -> Iterator[None]:
    """Hold the home's lock; another start may take its whole deadline, and a stop after it."""
    seconds = deadline + STOP_SECONDS
    lock = FileLock(home.lock_file, timeout=seconds)
    try:
        with lock.acquire(cancel_check=cancel.is_set if cancel is not None else None):
            yield
    except Timeout as error:
        raise LocalServerError(
            f"Another command has been starting or stopping the server in {home.folder} for "
            f"more than {seconds:.0f} seconds. End that command and try again."
        ) from error


def _check_login(home: Home, server: LocalServer) -> None:
    try:
        with GraphDatabase.driver(
            server.uri, auth=server.auth, connection_acquisition_timeout=DEADLINE
        ) as driver:
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
