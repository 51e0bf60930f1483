"""Output of commands: results to standard output, progress and errors to standard error."""

from __future__ import annotations

import codecs
import io
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

# What is printed is from files and stores: a colon or a bracket in it is no emoji and no markup.
out = Console(highlight=False, soft_wrap=True, emoji=False, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks as JSON and Cypher do, so that both can still be read."""
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def escape_unencodable() -> None:
    """Print any text in any encoding of the terminal or the pipe, also names of files in none."""
    codecs.register_error("sightlines", _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="sightlines")


def say(text: str) -> None:
    """Print a line to standard error, without interpreting markup."""
    err.print(text)


def facts(value: Any) -> None:
    """Print a JSON document to standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


class Steps:
    """The progress of named steps. Without a terminal it is one line for each step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, Any] = {}

    def __call__(self, step: str, done: int, of: int) -> None:
        """Show how far a step is; `of` is 0 if the total is unknown."""
        if not err.is_terminal:
            if step not in self._tasks:
                say(f"{_TITLES.get(step, step)} ...")
            self._tasks[step] = None
            return
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(_TITLES.get(step, step), total=of or None)
        self._progress.update(self._tasks[step], completed=done, total=of or None)


_TITLES: Mapping[str, str] = {
    "check": "Checking the data set",
    "project": "Projecting ties",
    "compare": "Comparing with the store",
    "sources": "Writing sources",
    "entities": "Writing entities",
    "claims": "Writing claims",
    "ties": "Writing ties",
    "rows": "Reading rows",
}


@contextmanager
def steps() -> Iterator[Steps]:
    """Show the progress of steps while the block runs."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield Steps(progress)


@contextmanager
def download(title: str) -> Iterator[Any]:
    """Show size and rate of a download; yields a function that takes the bytes done and in all."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        tenths = 0

        def update(done: int, of: int) -> None:
            nonlocal tenths
            progress.update(task, completed=done, total=of)
            if not err.is_terminal and of and done * 10 // of > tenths:
                tenths = done * 10 // of
                say(f"{title}: {done / 1e6:.0f} of {of / 1e6:.0f} MB")

        yield update


@contextmanager
def waiting(text: str, *, after: float = 0.0) -> Iterator[None]:
    """Show a text while the block waits, from `after` seconds on."""
    status = err.status(text) if err.is_terminal else None
    show = status.start if status else lambda: say(f"{text} ...")
    timer = threading.Timer(after, show)
    if after:
        timer.start()
    else:
        show()
    try:
        yield
    finally:
        timer.cancel()
        if status:
            status.stop()
