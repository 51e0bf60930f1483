"""A server as a child process: launching it, reading its output, ending it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from graph.errors import LocalServerError
from graph.store.local import launcher
from graph.store.local.java import tail

POLL_SECONDS = 0.05
PRIORITY = 10  # of 19, the lowest, at which a busy machine would leave it no time at all
PORTS = 100  # that `free_port` tries in their order
GRACE_SECONDS = 5.0  # for the launcher, beyond what it grants the server

# Java prints an exception piece by piece; with the first frame, its message is complete.
_EXCEPTION = re.compile(rb'Exception in thread "main" .*?\n\tat ', re.DOTALL)


class PortInUse(LocalServerError):
    """Another program took the port, which was free a moment before."""


class Child:
    """A program that ends with this process, or when `stop` is called.

    Raises `LocalServerError` if it cannot be launched. `log` receives its output.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-I", "-S", launcher.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the command alone, which then stops this
            )
        assert self._launcher.stdin is not None and self._launcher.stdout is not None
        self._stdin = self._launcher.stdin
        with self._launcher.stdout as stdout:
            self.pid = int(stdout.readline() or 0)
        if not self.pid:
            self.stop()
            raise LocalServerError(f"Neo4j could not be launched:\n{self.last_lines()}")

    def last_lines(self) -> str:
        """The last lines of the program's output."""
        return tail(self._log.read_bytes())

    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self._launcher.poll() is None

    def wait_until_started(self, deadline: float, cancel: threading.Event | None = None) -> None:
        """Wait until the server accepts connections, for at most `deadline` seconds.

        Raises `PortInUse`, or `LocalServerError` with the server's last lines, as soon as it
        cannot become ready, or when `cancel` is set. The server may still be running then: after an
        error in its configuration, Java goes on without it.
        """
        end = time.monotonic() + deadline
        while not self._has_started():
            if cancel is not None and cancel.is_set():
                raise self._failure("is no longer needed")
            if time.monotonic() > end:
                raise self._failure(f"was not ready after {deadline:g} seconds")
            time.sleep(POLL_SECONDS)

    def _has_started(self) -> bool:
        ended = not self.is_running()  # before reading: the output is complete then
        printed = self._log.read_bytes()
        if _EXCEPTION.search(printed):
            raise self._failure("does not accept its configuration")
        if ended:
            raise self._explain(printed)
        return any(line.endswith(b"Started.") for line in printed.splitlines())

    def _explain(self, printed: bytes) -> LocalServerError:
        if b"PortBindException" in printed:
            return PortInUse("Neo4j's port was taken by another program.")
        if b"FileLockException" in printed:
            return self._failure(
                "ended, since its data folder is in use by another server that was not started "
                "by this Sightlines; end that one, or choose another data folder"
            )
        return self._failure("ended while it was starting")

    def _failure(self, what: str) -> LocalServerError:
        return LocalServerError(f"The local Neo4j {what}. Its last lines:\n{self.last_lines()}")

    def detach(self) -> None:
        """Let the program run on alone."""
        try:
            self._stdin.write(launcher.DETACH)
            self._stdin.close()
        except BrokenPipeError as error:  # the launcher ends when the program does
            raise self._failure("ended as soon as it was ready") from error
        self._launcher.wait()

    def lower_priority(self) -> None:
        """Let other programs go first from now on, where the system can do that."""
        if os.name == "posix":
            # Linux has a priority for each thread, which the threads that it starts inherit.
            linux = sys.platform == "linux"
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                threads = psutil.Process(self.pid).threads() if linux else ()
                for thread in [t.id for t in threads] or [self.pid]:
                    os.setpriority(os.PRIO_PROCESS, thread, PRIORITY)

    def kill(self) -> None:
        """End the program at once, whatever it does; returns once it has ended."""
        with suppress(psutil.NoSuchProcess):
            psutil.Process(self.pid).kill()
        self.stop()

    def stop(self) -> None:
        """End the program, by force if necessary; returns once it has ended."""
        self._stdin.close()
        try:
            self._launcher.wait(launcher.STOP_SECONDS + GRACE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise LocalServerError(f"The local Neo4j (process {self.pid}) cannot be ended.") from (
                error
            )


def free_port(first: int = 0) -> int:
    """A port of loopback that is free at the moment: the first one from `first` on, or any."""
    for port in range(first, first + PORTS) if first else ():
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        return port


def is_free(port: int) -> bool:
    """Whether a server can listen on this port of loopback."""
    with socket.socket() as probe:
        if os.name == "posix":  # as Java does: connections that have just ended do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
