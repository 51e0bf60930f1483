"""Changes of files in a folder, each written whole or not at all, that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.dataset.yaml_text import root_of
from graph.disk import write_whole, writing_in
from graph.errors import InputError, Outdated

#: Steps that can be taken back.
_STEPS = 500

#: What each file was before and after a change; None is no file.
Files = Mapping[Path, tuple[bytes | None, bytes | None]]


@dataclass(slots=True)
class _Step:
    """A change that was written: the content of each file before and after. None is no file.

    Steps in a row with one `key`, which is not None, are one: somebody types.
    """

    label: str
    key: object
    files: Files


class FileSteps:
    """The changes that were written into the files of a folder, the last one at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._steps: list[_Step] = []

    @property
    def last(self) -> str:
        """What `undo` would take back; empty if nothing."""
        return self._steps[-1].label if self._steps else ""

    def undo(self) -> str:
        """Take the last step back, and return what it was; empty if there is none.

        Raises `Outdated` where its files have been changed by somebody else since.
        """
        if not self._steps:
            return ""
        step = self._steps[-1]
        for path, (_, after) in step.files.items():
            if bytes_of(path) != after:
                name = path.relative_to(self._folder).as_posix()
                raise Outdated(
                    f"{name} was changed by another program since: taking the step back would "
                    "undo that as well."
                )
        self._put({path: before for path, (before, _) in step.files.items()})
        self._steps.pop()
        return step.label

    def write(self, label: str, files: Mapping[Path, str], key: object = None) -> None:
        """Write files, and remember what they were."""
        changed: dict[Path, tuple[bytes | None, bytes | None]] = {}
        for path, text in files.items():
            if path.suffix != ".json":
                root_of(text)  # what cannot be read again is never written
            if (before := bytes_of(path)) != (after := text.encode()):
                changed[path] = before, after
        if not changed:
            return
        self._put({path: after for path, (_, after) in changed.items()})
        last = self._steps[-1] if self._steps else None
        if last and key is not None and last.key == key and _follows(last.files, changed):
            last.files = {p: (last.files[p][0], after) for p, (_, after) in changed.items()}
        else:
            self._steps.append(_Step(label, key, changed))
            del self._steps[:-_STEPS]

    def _put(self, contents: Mapping[Path, bytes | None]) -> None:
        """Write all of some files, or none."""
        before: dict[Path, bytes | None] = {}
        with writing_in(self._folder, InputError):
            try:
                for path, data in contents.items():
                    before[path] = bytes_of(path)
                    _put(path, data)
            except OSError:
                for path, data in before.items():
                    if bytes_of(path) != data:
                        _put(path, data)
                raise


def _follows(before: Files, after: Files) -> bool:
    """Whether changes begin where others of the same files ended."""
    return before.keys() == after.keys() and all(
        old == before[path][1] for path, (old, _) in after.items()
    )


def _put(path: Path, data: bytes | None) -> None:
    path = path.resolve()  # a link stays one
    if data is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, data, path.stat().st_mode & 0o777 if path.exists() else 0o666)


def text_of(path: Path) -> str:
    """Return the text of a file. Raises `InputError` where it is not UTF-8."""
    # A byte order mark belongs to no line.
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8: it cannot be changed here.") from error


def bytes_of(path: Path) -> bytes | None:
    """Return what a file holds; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
