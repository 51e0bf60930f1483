"""Which server runs on a home: a file, checked against the running processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psutil
from pydantic import TypeAdapter, ValidationError

from graph.disk import write_whole
from graph.store.local.home import Home

#: Two processes with one id began at least as far apart; a system notes it by the 100th.
SAME_SECONDS = 0.1


@dataclass(frozen=True)
class Mark:
    """A process, distinct from a later one with the same id.

    `created` is in seconds since a moment that the system keeps, whatever its clock is set to: on
    Linux since the machine was started, elsewhere since 1970.
    """

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Mark:
        """The mark of a running process. Raises `psutil.NoSuchProcess`."""
        return cls(pid, _created(psutil.Process(pid)))

    def process(self) -> psutil.Process | None:
        """The process, or `None` once it has ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(_created(process) - self.created) < SAME_SECONDS
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # another user's is not ours
            return None
        return process if same and alive else None


def _created(process: psutil.Process) -> float:
    # Linux counts from the start of the machine; psutil adds the day of that start, which moves
    # with the clock. Elsewhere the system keeps the time that the clock showed.
    return process.create_time() - (psutil.boot_time() if psutil.LINUX else 0.0)


@dataclass(frozen=True)
class ServerState:
    """A server on a home.

    `owner` is the command that it ends with, `None` if it is detached; `ready` is false until its
    first answer.
    """

    server: Mark
    port: int
    version: str
    owner: Mark | None
    ready: bool = False

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self.server.pid

    @property
    def uri(self) -> str:
        """The address for the driver; `bolt`, since one server needs no routing."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def detached(self) -> bool:
        """Whether it continues after the command that started it has ended."""
        return self.owner is None

    def is_orphan(self) -> bool:
        """Whether it is about to end, since the command that it ends with has ended."""
        return self.owner is not None and self.owner.process() is None

    def settled(self, *, detached: bool) -> ServerState:
        """The same server once it is ready."""
        return replace(self, ready=True, owner=None if detached else self.owner)


_STATE = TypeAdapter(ServerState)


def write_state(home: Home, state: ServerState) -> None:
    """Write the state, atomically."""
    write_whole(home.state_file, _STATE.dump_json(state))


@contextmanager
def restored_on_error(home: Home) -> Iterator[None]:
    """Put back what the file says if the block raises: that server may hold the store."""
    before = home.state_file.read_bytes() if home.state_file.exists() else None
    try:
        yield
    except BaseException:
        if before is None:
            home.state_file.unlink(missing_ok=True)
        elif home.state_file.read_bytes() != before:
            write_whole(home.state_file, before)
        raise


def read_state(home: Home) -> ServerState | None:
    """The server that runs on this home; `None` if there is none, even if the file names one."""
    try:
        state = _STATE.validate_json(home.state_file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError:  # damaged, or written by another version of Sightlines
        return None
    return state if state.server.process() else None
