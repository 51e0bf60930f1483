"""Which files a data set is made of."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

YAML = (".yaml", ".yml")
JSONL = (".jsonl",)
SUFFIXES = (*YAML, *JSONL)
#: A file that people write by hand is smaller, and YAML is read whole.
LARGEST_YAML = 10_000_000


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file with records. `shown` is its path as a fault names it; `number` orders the files."""

    path: Path
    shown: str
    size: int
    number: int

    @property
    def is_yaml(self) -> bool:
        """Whether it is one YAML document, rather than one JSON object a line."""
        return self.path.suffix.lower() in YAML


class Misplaced(NamedTuple):
    """A path that no records can be read from, and why."""

    shown: str
    message: str
    hint: str


def find_files(paths: Sequence[Path]) -> tuple[list[DataFile], list[Misplaced]]:
    """Return every file of a data set once, and what cannot be read.

    Folders are walked in the order of their names; hidden files and other kinds are passed over. A
    symbolic link may lead to something within the folder that was given, which is read where it
    stands, but not out of it.
    """
    search = _Search()
    for path in paths:
        search.given(path)
    return search.files, search.misplaced


def set_name(paths: Sequence[Path]) -> str:
    """Return the name of a data set that gives itself none: those of its paths, joined."""
    resolved = [path.absolute() for path in paths]
    return "+".join(p.stem if p.suffix.lower() in SUFFIXES else p.name for p in resolved)


def printable_path(path: Path) -> str:
    """Return a path for a person: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Search:
    def __init__(self) -> None:
        self.files: list[DataFile] = []
        self.misplaced: list[Misplaced] = []
        self._seen: set[str] = set()

    def given(self, path: Path) -> None:
        """Take one path that the caller named."""
        status = self._status(path)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            before = len(self.files) + len(self.misplaced)
            self._folder(path)
            if len(self.files) + len(self.misplaced) == before and not self._holds_seen(path):
                self._refuse(path, "the folder holds no data", _KINDS)
        elif path.suffix.lower() not in SUFFIXES:
            self._refuse(path, "this is no data file", _KINDS)
        else:
            self._file(path, status)

    def _holds_seen(self, folder: Path) -> bool:
        """Whether the folder's files were all found by an earlier path."""
        prefix = os.path.realpath(folder) + os.sep
        return any(path.startswith(prefix) for path in self._seen)

    def _status(self, path: Path) -> os.stat_result | None:
        try:
            return path.stat()
        except OSError as error:
            self._refuse(path, *_why(error))
            return None

    def _folder(self, root: Path) -> None:
        real_root = os.path.realpath(root)
        for folder, folders, names in os.walk(root, onerror=self._unreadable):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            here = Path(folder)
            for name in folders:
                if (here / name).is_symlink():
                    self._link(here / name, real_root)
            for name in self._data_names(names):
                path = here / name
                if path.is_symlink():
                    self._link(path, real_root)
                elif (status := self._status(path)) is not None:
                    self._file(path, status)

    def _data_names(self, names: Sequence[str]) -> Iterator[str]:
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield name

    def _link(self, path: Path, real_root: str) -> None:
        """What a link leads to is read where it stands, so that only a stray link is a fault."""
        try:
            target = os.path.realpath(path, strict=True)
        except OSError as error:
            self._refuse(path, *_why(error))
            return
        inside = os.path.commonpath((target, real_root)) == real_root
        here = os.path.realpath(path.parent)
        if os.path.isdir(target) and os.path.commonpath((target, here)) == target:
            self._refuse(path, "the link leads back to a folder that it stands in", "Remove it.")
        elif not inside:
            hint = "Copy the file, or name it as a path of its own."
            self._refuse(path, "the link leads out of the folder", hint)

    def _file(self, path: Path, status: os.stat_result) -> None:
        real = os.path.realpath(path)
        if real in self._seen:
            return
        self._seen.add(real)
        if not stat.S_ISREG(status.st_mode):
            self._refuse(path, "this is no regular file", "")
        elif path.suffix.lower() in YAML and status.st_size > LARGEST_YAML:
            message = (
                f"the file has {status.st_size:,} bytes, and YAML is read up to {LARGEST_YAML:,}"
            )
            self._refuse(path, message, "Write large data as .jsonl, one record a line.")
        else:
            self.files.append(DataFile(path, printable_path(path), status.st_size, len(self.files)))

    def _unreadable(self, error: OSError) -> None:
        self._refuse(Path(error.filename), *_why(error))

    def _refuse(self, path: Path, message: str, hint: str) -> None:
        self.misplaced.append(Misplaced(printable_path(path), message, hint))


_KINDS = f"Data stand in files that end in {', '.join(SUFFIXES)}."
_REASONS = {
    errno.ENOENT: ("nothing is there", "Check the path."),
    errno.ENOTDIR: ("nothing is there", "Check the path."),
    errno.EACCES: ("it may not be read", "Check its permissions."),
    errno.ELOOP: ("the link leads back to itself", "Remove it."),
}


def _why(error: OSError) -> tuple[str, str]:
    return _REASONS.get(error.errno or 0, (f"it cannot be read: {error.strerror}", ""))
