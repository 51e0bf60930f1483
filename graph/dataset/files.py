"""The files of a data set, and unvalidated records as they are read from them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

from graph.faults import WarningKind, shorten
from graph.model import Claim, Entity, Judgement, Record, Source

YAML = (".yaml", ".yml")
SUFFIXES = (*YAML, ".jsonl")
#: YAML is written by hand and read into memory whole. Larger data sets are written as JSON lines.
MAX_YAML_BYTES = 10_000_000
#: The kinds of records.
MODELS: Mapping[str, type[Record]] = {
    "source": Source,
    "entity": Entity,
    "judgement": Judgement,
    "claim": Claim,
}
UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

#: A place within a record: names of fields and indices of list items, outermost first.
FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file with records. `name` is its path as faults name it; `number` orders the files.

    `root` is the path from the caller through which it was found: its own, or a folder around it.
    """

    path: Path
    name: str
    size: int
    number: int
    root: Path

    @property
    def folder(self) -> Path:
        """The folder that it was found in; itself where the caller named it."""
        return self.path if self.path == self.root else self.path.parent

    @property
    def is_yaml(self) -> bool:
        """Whether it is one YAML document, rather than one JSON object per line."""
        return self.path.suffix.lower() in YAML


class UnusablePath(NamedTuple):
    """A path from which no records can be read, and why."""

    name: str
    message: str
    hint: str


class Position(NamedTuple):
    """The line in a file where a record begins; 0 for one that is not in the files."""

    file: DataFile
    line: int
    column: int | None

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}" if self.line else self.file.name


class TextFault(NamedTuple):
    """A fault of a file's text, outside of any well-formed record.

    `line` and `column` count from 1; JSON lines have a column only for faults of their syntax.
    One with a `kind` is a warning: the file can be read nevertheless. `hides_records`: some may
    be unread because of it.
    """

    line: int
    column: int | None
    message: str
    hint: str = ""
    value: str = ""
    kind: WarningKind | None = None
    hides_records: bool = True


class Quotation(NamedTuple):
    """Words of a source that stand in YAML as evidence: `text[start:end]` of the file's text.

    `number` is their place in the `evidence` of the claim, from 0.
    """

    words: str
    start: int
    end: int
    number: int


@dataclass(slots=True)
class RawRecord:
    """An unvalidated record, as JSON; of the kind `dataset`, the record of the data set itself.

    `number` counts from 1 among the records of its kind in its file. A record from JSON lines has
    the whole line as `text`; one from YAML has `locate`, which returns line and column of a field
    (or, if its second argument is true, of the field's name). `quotations` are the words of a claim
    in YAML that no locator pins yet; `data` is without them.
    """

    file: DataFile
    kind: str
    number: int
    line: int
    data: bytes
    text: bytes = b""
    locate: Callable[[FieldPath, bool], tuple[int, int]] | None = None
    quotations: tuple[Quotation, ...] = ()

    def values(self) -> dict[str, Any]:
        """Return the record as plain values; empty if it is not a mapping or cannot be read."""
        try:
            values = from_json(self.data)
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    def position(self, path: FieldPath = (), on_key: bool = False) -> Position:
        """Return the position of a field, or of the nearest thing around it."""
        line, column = self.locate(path, on_key) if self.locate else (self.line, None)
        return Position(self.file, line, column)

    def label(self) -> str:
        """Return the name of the record in a fault: `claim 3 (supplies)`, `entity tiandy`."""
        in_list = self.kind == "claim" and self.number
        value = self.values().get("predicate" if in_list else "id")
        name = shorten(value) if isinstance(value, str) else ""
        if in_list:
            return f"claim {self.number} ({name})" if name else f"claim {self.number}"
        return f"{self.kind} {name or self.number}"


EMPTY = TextFault(1, 1, "the file is empty", kind="empty")


def encoding_fault(start: bytes) -> TextFault | None:
    """Return the fault, or the warning, that the first bytes of a file call for."""
    if start.startswith(_UTF16_MARKS) or b"\x00" in start[:4]:
        return TextFault(1, 1, "the file is UTF-16 or UTF-32", "Save it as UTF-8.")
    if start.startswith(UTF8_MARK):
        message = "the file begins with a byte order mark, which is ignored"
        return TextFault(1, 1, message, "Save it as UTF-8 without one.", kind="encoding")
    return None


def find_files(paths: Sequence[Path]) -> tuple[list[DataFile], list[UnusablePath]]:
    """Return every file of a data set once, and the paths that cannot be read.

    Folders are walked in the order of their names; hidden files and other file types are ignored. A
    symbolic link inside a folder may lead to something within that folder, which is then read only
    at its own path; a link that leads out of the folder is an error.
    """
    search = _Search()
    for path in paths:
        search.add(path)
    return search.files, search.unusable


def printable_path(path: Path) -> str:
    """Return a path as text. Bytes that are not UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Search:
    def __init__(self) -> None:
        self.files: list[DataFile] = []
        self.unusable: list[UnusablePath] = []
        self._real_paths: set[str] = set()

    def add(self, path: Path) -> None:
        """Add the file, or the files of the folder, at a path from the caller."""
        status = self._status(path)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            before = len(self.files) + len(self.unusable)
            self._add_folder(path)
            if len(self.files) + len(self.unusable) == before and not self._has_files_of(path):
                self._refuse(path, "the folder has no data files", _FILE_TYPES)
        elif path.suffix.lower() not in SUFFIXES:
            self._refuse(path, "not a data file", _FILE_TYPES)
        else:
            self._add_file(path, status, path)

    def _has_files_of(self, folder: Path) -> bool:
        """Whether files of the folder were added by an earlier path."""
        prefix = os.path.realpath(folder) + os.sep
        return any(path.startswith(prefix) for path in self._real_paths)

    def _status(self, path: Path) -> os.stat_result | None:
        try:
            return path.stat()
        except OSError as error:
            self._refuse(path, *reason(error))
            return None

    def _add_folder(self, root: Path) -> None:
        real_root = os.path.realpath(root)
        for folder, folders, names in os.walk(root, onerror=self._refuse_folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in folders:
                if (path := Path(folder, name)).is_symlink():
                    self._check_link(path, real_root)
            for name in sorted(names):
                if name.startswith(".") or not name.lower().endswith(SUFFIXES):
                    continue
                path = Path(folder, name)
                if path.is_symlink():
                    self._check_link(path, real_root)
                elif (status := self._status(path)) is not None:
                    self._add_file(path, status, root)

    def _check_link(self, path: Path, real_root: str) -> None:
        """Refuse a link that leads out of the folder, in a circle, or to nothing."""
        try:
            target = os.path.realpath(path, strict=True)
        except OSError as error:
            self._refuse(path, *reason(error))
            return
        parent = os.path.realpath(path.parent)
        if os.path.isdir(target) and os.path.commonpath((target, parent)) == target:
            self._refuse(path, "the link leads back to a folder that contains it", "Remove it.")
        elif os.path.commonpath((target, real_root)) != real_root:
            hint = "Copy the file, or name it as a path of its own."
            self._refuse(path, "the link leads out of the folder", hint)

    def _add_file(self, path: Path, status: os.stat_result, root: Path) -> None:
        real = os.path.realpath(path)
        if real in self._real_paths:
            return
        self._real_paths.add(real)
        if not stat.S_ISREG(status.st_mode):
            self._refuse(path, "not a regular file", "")
        elif path.suffix.lower() in YAML and status.st_size > MAX_YAML_BYTES:
            message = (
                f"the file has {status.st_size:,} bytes, and YAML is read up to {MAX_YAML_BYTES:,}"
            )
            self._refuse(path, message, "Write large data as .jsonl, one record per line.")
        else:
            name, number = printable_path(path), len(self.files)
            self.files.append(DataFile(path, name, status.st_size, number, root))

    def _refuse_folder(self, error: OSError) -> None:
        self._refuse(Path(error.filename), *reason(error))

    def _refuse(self, path: Path, message: str, hint: str) -> None:
        self.unusable.append(UnusablePath(printable_path(path), message, hint))


_FILE_TYPES = f"The names of data files end in {', '.join(SUFFIXES)}."
_REASONS = {
    errno.ENOENT: ("no such file or folder", "Check the path."),
    errno.ENOTDIR: ("no such file or folder", "Check the path."),
    errno.EACCES: ("permission denied", "Check its permissions."),
    errno.ELOOP: ("the link leads back to itself", "Remove it."),
}


def reason(error: OSError) -> tuple[str, str]:
    """Return the message about a path that cannot be read, and the hint."""
    return _REASONS.get(error.errno or 0, (f"it cannot be read: {error.strerror}", ""))
