"""Files that are written whole or not at all, and errors of the disk in whole sentences."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import LocalServerError, SightlinesError

FREE_BYTES = 64_000_000  # an empty store takes 37 MB, and each file of its log 16 MB


@contextmanager
def writing_in(folder: Path, kind: type[SightlinesError]) -> Iterator[None]:
    """Turn an `OSError` inside (read-only, full, no folder) into an error of a kind of ours."""
    try:
        yield
    except OSError as error:
        raise kind(disk_error(error, folder)) from error


def disk_error(error: OSError, folder: Path) -> str:
    """Return what is wrong with a folder that is written to, in sentences."""
    where = error.filename or folder
    return (
        f"{folder} cannot be used: {error.strerror or error} ({where}). "
        "It must be a folder on a disk with free space in which this user may write."
    )


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file so that no reader ever sees half of it, and nothing is left of a failure.

    The file has the mode from its beginning, less what the umask of the process takes away.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with open(draft, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def check_space(folder: Path, needed: int = FREE_BYTES) -> None:
    """Raise `LocalServerError` if the disk has less than `needed` bytes free.

    On a full disk Neo4j hangs while it starts.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LocalServerError(
            f"The disk of {folder} has {free // 1_000_000} MB free, and Neo4j needs "
            f"{needed // 1_000_000} MB to start. Make room, or choose another data folder."
        )
