"""Which server runs on a home: a file, checked against the running processes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import psutil
from pydantic import TypeAdapter, ValidationError

from graph.store.local.home import Home

# psutil derives the time from the system clock, which may be adjusted by a second or so.
CLOCK_SECONDS = 2.0


@dataclass(frozen=True)
class Mark:
    """A process, distinct from a later one with the same id.

    `created` is in seconds since 1970.
    """

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Mark:
        """The mark of a running process. Raises `psutil.NoSuchProcess`."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The process, or `None` once it has ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < CLOCK_SECONDS
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # another user's is not ours
            return None
        return process if same and alive else None


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
    draft = home.state_file.with_suffix(".new")
    draft.write_bytes(_STATE.dump_json(state))
    os.replace(draft, home.state_file)


def read_state(home: Home) -> ServerState | None:
    """The server that runs on this home; `None` if there is none, even if the file names one."""
    try:
        state = _STATE.validate_json(home.state_file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError:  # damaged, or written by another version of Sightlines
        return None
    return state if state.server.process() else None
