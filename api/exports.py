"""Whole tables of snapshots: each file is made once, and kept in a folder.

JSON lines are written from the store, while the snapshot is the current one; all other formats are
written from them, at any time.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

import anyio.to_thread

from api import files
from api.errors import files_unusable
from api.files import JSONL, WHOLE_FORMATS, Format
from graph.disk import disk_error, write_whole
from graph.queries.lists import CHUNK
from graph.tables import TABLES, TableName

log = logging.getLogger(__name__)

#: Snapshots whose files are kept, the current one among them.
SNAPSHOTS = 3
#: The folders of snapshots; nothing else in the folder is ever touched.
_OURS = re.compile("[0-9a-f]{32}-.+")


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is there: its name, and what it holds. Sizes are in bytes.

    `completed_on` is when the load of its snapshot ended (ISO 8601); `about` is what the file says
    of itself.
    """

    table: TableName
    format: str
    rows: int
    size: int
    sha256: str
    completed_on: str | None = None
    about: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.table}.{self.format}"


class Exports:
    """The files of a folder, below one folder for each snapshot and version of the product.

    Several processes may share it: a file appears whole, and two that make the same one make the
    same bytes. The files of the `most` newest snapshots stay.
    """

    def __init__(self, folder: Path, version: str, most: int = SNAPSHOTS) -> None:
        self._folder = folder
        self._version = version
        self._most = most
        self._making: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    def path(self, snapshot: str, name: str) -> Path:
        """Return where a file is or would be."""
        return self._folder / f"{snapshot}-{self._version}" / name

    def existing(self, snapshot: str) -> list[Export]:
        """Return the files of a snapshot that are there."""
        names = [(table, one) for table in TABLES for one in WHOLE_FORMATS]
        exports = (self.find(snapshot, table, one) for table, one in names)
        return [export for export in exports if export is not None]

    def find(self, snapshot: str, table: TableName, one: Format) -> Export | None:
        """Return what is known of a file, None if it is not there."""
        try:
            text = self.path(snapshot, f"{table}.{one.suffix}.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Export(**json.loads(text))

    async def get_or_make(
        self,
        snapshot: str,
        table: TableName,
        one: Format,
        parts: Callable[[], AsyncIterable[files.Rows]],
        about: Mapping[str, str] | None = None,
        completed_on: datetime | None = None,
    ) -> Export:
        """Return a file of a snapshot; it is made if it is not there, by the first who asks.

        `parts` are the rows in the store. They are not read where the JSON lines are there.
        """
        async with self._making[snapshot, f"{table}.{one.suffix}"]:
            if export := self.find(snapshot, table, one):
                return export
            if one is not JSONL:
                lines = await self.get_or_make(snapshot, table, JSONL, parts, about, completed_on)
                parts = partial(_read_lines, self.path(snapshot, lines.name))
                about, on = lines.about, lines.completed_on
                completed_on = datetime.fromisoformat(on) if on else None
            try:
                return await self._make(snapshot, table, one, parts(), about or {}, completed_on)
            except OSError as error:
                log.error(disk_error(error, self._folder))
                raise files_unusable(error.strerror or "its disk fails") from error

    async def _make(
        self,
        snapshot: str,
        table: TableName,
        one: Format,
        parts: AsyncIterable[files.Rows],
        about: Mapping[str, str],
        completed_on: datetime | None,
    ) -> Export:
        path = self.path(snapshot, f"{table}.{one.suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "w+b") as file:
                rows = await files.write_all(one.writer(file, TABLES[table], about), parts)
            digest = await anyio.to_thread.run_sync(_sha256, Path(name))
            on = completed_on.isoformat() if completed_on else None
            size = os.path.getsize(name)
            export = Export(table, one.suffix, rows, size, digest, on, dict(about))
            files.set_time(Path(name), completed_on)
            about_it = json.dumps(asdict(export)).encode()
            write_whole(path.with_name(f"{path.name}.json"), about_it)
            os.replace(name, path)
            # Whatever is made of an old snapshot later, it stays an old one.
            files.set_time(path.parent, completed_on)
        except BaseException:  # whatever it was: nothing half-made stays
            Path(name).unlink(missing_ok=True)
            raise
        self._prune()
        return export

    def remove(self, snapshots: Collection[str]) -> None:
        """Remove the files of some snapshots, by whichever version they were made."""
        for folder in self._folders():
            if folder.name.partition("-")[0] in snapshots:
                shutil.rmtree(folder, ignore_errors=True)

    def _prune(self) -> None:
        """Remove the files of all but the newest snapshots."""
        for old in sorted(self._folders(), key=lambda folder: folder.stat().st_mtime)[
            : -self._most
        ]:
            shutil.rmtree(old, ignore_errors=True)

    def _folders(self) -> list[Path]:
        folders = self._folder.iterdir() if self._folder.exists() else ()
        return [folder for folder in folders if _OURS.fullmatch(folder.name)]


async def _read_lines(path: Path) -> AsyncIterator[list[list[object]]]:
    """Yield the rows of JSON lines part by part."""
    with path.open("rb") as file:
        while lines := await anyio.to_thread.run_sync(lambda: list(islice(file, CHUNK))):
            yield [list(json.loads(line).values()) for line in lines]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
