"""Runs one program for as long as another process holds the other end of its stdin.

The store starts Neo4j through this script, as `python -I -S launcher.py PROGRAM ARGUMENT...`.
When the command that holds the pipe ends, even by `kill -9`, the kernel closes the pipe and the
program is asked to stop. This works on every system, and costs 25 ms and 12 MB; Linux's
PR_SET_PDEATHSIG would bind the server to the thread that started it.

The first line on stdout is the program's process id; the program's output goes to the launcher's
stderr. `detach` on stdin lets the program run on alone. Only the standard library can be imported
here, because of `-S`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

DETACH = b"detach"
STOP_SECONDS = 20.0  # a stop takes under a second; a long transaction may delay it


def environment() -> dict[str, str]:
    """The environment of our Java programs: a UTF-8 locale and nothing else.

    `JAVA_TOOL_OPTIONS`, `JDK_JAVA_OPTIONS` or `NEO4J_*` of the user's would change the server,
    and without UTF-8 Java cannot open a path with letters beyond ASCII. Windows programs do not
    start without the variables of their system.
    """
    return dict(os.environ) if os.name == "nt" else {"LC_ALL": "C.UTF-8"}


def main(command: list[str]) -> int:
    """Run the command, print its process id, and return its exit code."""
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr, env=environment()
    )
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    threading.Thread(target=_wait_for_owner, args=(child,), daemon=True).start()
    print(child.pid, flush=True)
    return child.wait()


def _wait_for_owner(child: subprocess.Popen[bytes]) -> None:
    # Not through `sys.stdin`: a thread that waits in it keeps Python from ending.
    if os.read(0, len(DETACH)) == DETACH:
        os._exit(0)
    child.terminate()
    time.sleep(STOP_SECONDS)  # if it ends before, so does this process
    child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
