"""Running `sightlines` as a person does, without the second that Python takes to begin.

Each run is a process of its own, forked from one that has imported the command line already.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from sightlines import console
from sightlines.cli import main

ROOT = Path(__file__).parents[1]
#: What commands import when they are called, and not before.
_LATER = ("sightlines.server", "api.app", "graph.store.loader", "graph.store.local")
#: Makes processes that need not import what is preloaded here.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, *_LATER])


def run(
    arguments: Sequence[str], settings: Mapping[str, str], folder: Path, *, seconds: float = 240
) -> CompletedProcess[str]:
    """Run the command with this environment and no input; its output goes through `folder`."""
    out, err = (folder / name for name in ("command.out", "command.err"))
    child = FORKS.Process(target=_become, args=(arguments, dict(settings), out, err))
    child.start()
    child.join(seconds)
    if child.exitcode is None:
        child.kill()
        raise TimeoutExpired(arguments, seconds)
    encoding = settings.get("PYTHONIOENCODING", "utf-8")
    # What programs read may be in UTF-8 whatever the encoding of the terminal.
    stdout = out.read_bytes().decode(settings.get("STDOUT", encoding))
    return CompletedProcess(arguments, child.exitcode, stdout, err.read_bytes().decode(encoding))


def _become(arguments: Sequence[str], settings: Mapping[str, str], out: Path, err: Path) -> None:
    os.environ.clear()
    os.environ.update(settings)
    os.chdir(ROOT)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(encoding=settings.get("PYTHONIOENCODING", "utf-8"))
    # Rich has looked for this when it was imported.
    console.out.width = console.err.width = int(settings["COLUMNS"])
    sys.argv = ["sightlines", *arguments]
    main()
