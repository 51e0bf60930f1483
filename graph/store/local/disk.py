"""Errors of the disk, as messages in whole sentences."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import LocalServerError

FREE_BYTES = 64_000_000  # an empty store takes 37 MB, and each file of its log 16 MB


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Turn an `OSError` inside (read-only, full, no folder) into a `LocalServerError`."""
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise LocalServerError(
            f"{folder} cannot be used: {error.strerror or error} ({where}). "
            "It must be a folder on a disk with free space in which this user may write."
        ) from error


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
