"""Starting, finding and stopping the local server of a data folder."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from graph.store.local import health
from graph.store.local.child import POLL_SECONDS, Child, PortInUse, free_port, is_free
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
class Port:
    """The port of a server: `number` and no other if it is `fixed`.

    Otherwise that of the last start, or the first free one from `number` on; 0 is any.
    """

    number: int = 0
    fixed: bool = False

    def candidates(self, last: int | None) -> Iterator[int]:
        """Yield free ports, a few at most; each further one if another program took the last."""
        if self.fixed:
            yield self.number
            return
        if last is not None and is_free(last):
            yield last
        for _ in range(PORT_TRIES):
            yield free_port(self.number)


ANY_PORT = Port()


@dataclass(frozen=True)
class Launch:
    """How the server of a home is started.

    `prepare` is called before each start, while the home is locked; `options` are Java's.
    """

    home: Home
    jars: Path
    profile: Profile = "desktop"
    detached: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    deadline: float = DEADLINE
    port: Port = ANY_PORT
    options: Sequence[str] = ()
    prepare: Callable[[], None] = lambda: None
    name: str = "Neo4j"

    def start(self, cancel: threading.Event | None = None) -> LocalServer:
        """Return the server of the home, started if none is running. See `start`.

        Raises `LocalServerError` when `cancel` is set.
        """
        with writing_in(self.home.folder, LocalServerError):
            self.home.create()
            with _locked(self.home, self.deadline, cancel):
                return self._find_or_start(read_state(self.home), cancel)

    def _find_or_start(
        self, state: ServerState | None, cancel: threading.Event | None = None
    ) -> LocalServer:
        """Return the server of `state` if it is ready, or a new one.

        The home is locked. Raises `LocalServerError`, also when `cancel` is set.
        """
        if state is not None and state.ready and not state.is_orphan():
            return LocalServer(self.home, state)
        if state is not None:  # its owner was killed a moment ago
            _end(state)
        home = self.home
        check_space(home.folder)
        self.prepare()
        secure(home, self.jars)
        command = server_command(self.jars, home.folder, home.conf, self.profile, self.options)
        for port in self.port.candidates(home.port()):
            write_conf(home, port, {**MEMORY[self.profile], **self.settings})
            try:
                server = self._start(Child(command, home.console_log), port, cancel)
            except PortInUse:
                continue
            home.port_file.write_text(str(port), "ascii")
            return server
        if self.port.fixed:
            raise LocalServerError(f"Port {self.port.number} is taken by another program.")
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

    def restart(self, cancel: threading.Event) -> LocalServer | None:
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
            return self._find_or_start(state, cancel)


class LocalServer:
    """A running local server, and how to log in to it.

    As a context manager it calls `stop` at the end.
    """

    def __init__(
        self,
        home: Home,
        state: ServerState,
        child: Child | None = None,
        launch: Launch | None = None,
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

    def lower_priority(self) -> None:
        """Let other programs go first, if the server is owned."""
        if self._child is not None:
            self._child.lower_priority()

    @contextmanager
    def supervised(
        self,
        report: Callable[[str], None],
        prepare: Callable[[Address], object] = lambda address: None,
        limits: health.Limits = health.STORE,
    ) -> Iterator[None]:
        """Restart the server whenever it ends or exceeds the limits, if it is owned.

        A server that another command has stopped (`stop`) is not restarted. `report` receives a
        sentence about each event, and `prepare` the address of each new server. It has the password
        and the data of the old one, and its port unless another program has taken it.
        """
        cancel = threading.Event()
        arguments = (report, prepare, limits, cancel)
        threading.Thread(target=self.supervise, args=arguments, daemon=True).start()
        try:
            yield
        finally:
            cancel.set()
            with self._restarting:  # a start in progress ends its server
                pass

    def supervise(
        self,
        report: Callable[[str], None],
        prepare: Callable[[Address], object],
        limits: health.Limits,
        cancel: threading.Event,
        outdated: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Do what `supervised` does until `cancel` is set, or the server is stopped on purpose.

        It is restarted as well when `outdated` returns why it has to be.
        """
        pause = 1.0
        while self._child is not None and not cancel.is_set():
            fault = self._wait_for_fault(limits, cancel, outdated)
            if fault is None:
                return
            name = self._launch.name if self._launch else ""
            report(f"{name} {fault}. Restarting it.")
            try:
                if not self._restart(cancel):
                    report(f"{name} was stopped by another command, and is not restarted.")
                    return
                report(f"{name} is running again at {self.uri}.")
                prepare(self.address)
                pause = 1.0
            except StoreError as error:
                if not cancel.is_set():
                    report(f"{error} Trying again in {pause:g} seconds.")
                cancel.wait(pause)
                pause = min(2 * pause, RESTART_PAUSE)

    def _wait_for_fault(
        self,
        limits: health.Limits,
        cancel: threading.Event,
        outdated: Callable[[], str | None],
    ) -> str | None:
        """Return why the server has to be restarted; None if `cancel` is set."""
        with health.Health(self.address, limits) as state:
            while not cancel.wait(POLL_SECONDS):
                if self._child is None or not self._child.is_running():
                    return "ended unexpectedly"
                fault = state.fault() or outdated()
                if fault is not None:
                    return fault
        return None

    def _restart(self, cancel: threading.Event) -> bool:
        """Replace the server by a new one; return False if it was stopped on purpose.

        The new one is not owned if another command has started it.
        """
        with self._restarting:
            assert self._launch is not None and self._child is not None
            self._child.kill()  # it has ended, or does not hear
            server = self._launch.restart(cancel)
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
    port: Port = ANY_PORT,
) -> LocalServer:
    """Return the server of this data folder, started if none is running.

    A server that is already running is used as it is, whatever `profile`, `detached`, `port` and
    `settings` say. A new one ends with this process, even if that is killed; with `detached`
    it runs until `stop`. `settings` are further lines of neo4j.conf. `deadline` is in seconds.
    Both folders must be absolute, and `jars` must be whole (`fetch`). Raises `LocalServerError`,
    and leaves nothing running then.
    """
    return Launch(Home(data), jars, profile, detached, settings, deadline, port).start()


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
