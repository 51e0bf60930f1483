"""What a command says: facts to standard output, progress and faults to standard error."""

from __future__ import annotations

import json
import sys
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

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Write one line for a person, without reading any markup in it."""
    err.print(text, markup=False)


def facts(value: Any) -> None:
    """Write facts as JSON, one document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


class Steps:
    """Progress of a long work in named steps. Without a terminal, one line for each step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, Any] = {}

    def __call__(self, step: str, done: int, of: int) -> None:
        """Say how far a step is; `of` is 0 where nobody knows."""
        if not err.is_terminal:
            if step not in self._tasks:
                say(f"{_WORDS.get(step, step)} …")
            self._tasks[step] = None
            return
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(_WORDS.get(step, step), total=of or None)
        self._progress.update(self._tasks[step], completed=done, total=of or None)


_WORDS: Mapping[str, str] = {
    "check": "Checking the data set",
    "project": "Projecting ties",
    "compare": "Comparing with the store",
    "sources": "Writing sources",
    "entities": "Writing entities",
    "claims": "Writing claims",
    "ties": "Writing ties",
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
    """Show size and rate of a download; yields what is told the bytes done and in all."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        said = 0

        def update(done: int, of: int) -> None:
            nonlocal said
            progress.update(task, completed=done, total=of)
            if not err.is_terminal and of and done * 10 // of > said:
                said = done * 10 // of
                say(f"{title}: {done / 1e6:.0f} of {of / 1e6:.0f} MB")

        yield update


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show that something is awaited."""
    if err.is_terminal:
        with err.status(text):
            yield
    else:
        say(f"{text} …")
        yield
