"""The static site: the same pages as files, which work from a folder without a server.

A manifest keeps what every page was made from, so that the next run draws and writes only what has
changed since; it also names the snapshot and the program, so that a run in which neither has
changed asks for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from pydantic_core import to_json

from graph.errors import InputError
from graph.model import Story
from graph.ontology import ONTOLOGY
from graph.store.connection import Store
from graph.store.state import STATE
from graph.text import TextStore
from sightlines.sheets import Batch, Sheet, sheets
from viz.page import places

#: What marks a folder as a site of ours, which may be written again; it holds the manifest.
MARK = "sightlines-site.json"
#: From so many entities to be drawn on, other processes are worth the second that they take to
#: start: the layout of a picture is what takes time.
_MANY = 1_000
#: So many pages are drawn before any of them is written.
_AT_ONCE = 400

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """How many pages the site has, and how many of them were written and removed this time."""

    pages: int
    written: int
    removed: int


def write_site(
    store: Store,
    folder: Path,
    *,
    texts: TextStore | None = None,
    stories: Mapping[str, Story] | None = None,
    progress: Progress = lambda step, done, of: None,
) -> Written:
    """Write a page for each entity, tie, source and story, and those that lead to them.

    A new folder appears whole or not at all. In one that is there only pages that would differ are
    written, each whole or not at all; one that is no site of ours is left alone, and raises
    `InputError`.
    """
    folder = folder.absolute()
    told = stories or {}
    if folder.exists():
        before, state = _manifest(folder), _state(store, texts, told)
        if state is not None and state == before.state and _whole(folder, before):
            return Written(len(before.made_from), 0, 0)
        return _write(store, folder, before, texts, told, progress)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder.parent) as work:
        made = Path(work) / "site"
        made.mkdir()
        written = _write(store, made, _Manifest(), texts, told, progress)
        os.replace(made, folder)
    return written


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What the whole of a site was made from, and each of its pages by its path."""

    state: str = ""
    made_from: Mapping[str, str] = field(default_factory=dict)


def _manifest(folder: Path) -> _Manifest:
    """Read the manifest of a site; an empty one for what cannot be read."""
    mark = folder / MARK
    if not mark.is_file():
        raise InputError(f"{folder} exists and is no site of Sightlines: give another folder.")
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except ValueError:
        return _Manifest()
    pages = found.get("made_from") if isinstance(found, dict) else None
    if not isinstance(pages, dict):
        return _Manifest()
    return _Manifest(str(found.get("state")), {str(k): str(v) for k, v in pages.items()})


def _state(store: Store, texts: TextStore | None, stories: Mapping[str, Story]) -> str | None:
    """Return what a whole site is made from: snapshot, program, texts, stories.

    None while a load is under way: nothing is the same for sure then.
    """
    found = store.ask(STATE)
    if found.loading:
        return None
    told = to_json([found.snapshot, found.completed_on, texts and texts.revision, dict(stories)])
    return hashlib.sha256(_renderer() + told).hexdigest()[:32]


def _whole(folder: Path, manifest: _Manifest) -> bool:
    return all((folder / path).is_file() for path in manifest.made_from)


def _write(
    store: Store,
    folder: Path,
    before: _Manifest,
    texts: TextStore | None,
    stories: Mapping[str, Story],
    progress: Progress,
) -> Written:
    # Of before the first question: a load that comes between makes the next run look at all pages.
    state = _state(store, texts, stories)
    site = _Site(folder, before.made_from, _renderer())
    with _painters() as painters:
        for done, of, batch in _ahead(sheets(store, texts, stories)):
            for part in _parts(batch, _AT_ONCE):
                site.take(part, painters)
            progress("pages", done, of)
    return site.finish(state)


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield batches while the next one is asked for beside: the store and the painters overlap."""
    with ThreadPoolExecutor(1) as beside:
        following = beside.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = beside.submit(next, batches, None)
            yield batch


@dataclass(slots=True)
class _Site:
    """A folder that pages are written into. `made_from` is filled as they are."""

    folder: Path
    before: Mapping[str, str]
    renderer: bytes
    made_from: dict[str, str] = field(default_factory=dict)
    written: int = 0

    def take(self, batch: Sequence[Sheet], painters: _Painters) -> None:
        """Draw and write those that were made from something else, or that are not there."""
        changed = []
        for sheet in batch:
            digest = self.made_from[sheet.path] = _digest(sheet, self.renderer)
            if self.before.get(sheet.path) != digest or not (self.folder / sheet.path).is_file():
                changed.append(_after(sheet, self.folder / sheet.path))
        for sheet, html in zip(changed, painters.draw(changed), strict=True):
            _replace(self.folder / sheet.path, html)
        self.written += len(changed)

    def finish(self, state: str | None) -> Written:
        """Remove the pages that are no more, and write the manifest."""
        gone = [path for path in self.before if path not in self.made_from]
        for path in gone:
            # A manifest is a file like any other: only pages within the folder are removed.
            target = (self.folder / path).resolve()
            if target.is_relative_to(self.folder.resolve()) and target.suffix == ".html":
                target.unlink(missing_ok=True)
        content = {"pages": len(self.made_from), "state": state, "made_from": self.made_from}
        _replace(self.folder / MARK, json.dumps(content, indent=0) + "\n")
        return Written(len(self.made_from), self.written, len(gone))


class _Painters:
    """Draws pages: here, or for many of them in as many processes as there are processors."""

    def __init__(self) -> None:
        self._pool: Executor | None = None

    def draw(self, batch: Sequence[Sheet]) -> Iterable[str]:
        """Return the pages in the order of the sheets."""
        many = sum(sheet.weight for sheet in batch) >= _MANY
        if self._pool is None and many and (os.cpu_count() or 1) > 1:
            # A fork would copy the store's connection and its threads.
            self._pool = ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))
        if self._pool is None or not many:
            return map(Sheet.draw, batch)
        return self._pool.map(Sheet.draw, batch, chunksize=4)

    def close(self) -> None:
        """End the other processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def _painters() -> Iterator[_Painters]:
    painters = _Painters()
    try:
        yield painters
    finally:
        painters.close()


def _parts(batch: Sequence[Sheet], size: int) -> Iterator[Sequence[Sheet]]:
    return (batch[start : start + size] for start in range(0, len(batch), size))


def _digest(sheet: Sheet, renderer: bytes) -> str:
    """Return what a page is made from: its facts, and what draws it."""
    content = to_json([sheet.painter, sheet.named], inf_nan_mode="strings")
    return hashlib.sha256(renderer + content).hexdigest()[:32]


def _after(sheet: Sheet, page: Path) -> Sheet:
    """Return a sheet whose picture keeps its nodes where they stand in the page that is there."""
    if sheet.painter != "graph" or not page.is_file():
        return sheet
    before = places(page.read_text(encoding="utf-8", errors="replace"))
    return replace(sheet, named={**sheet.named, "before": before})


def _renderer() -> bytes:
    """Return a digest of everything that makes pages out of facts."""
    digest = hashlib.sha256(f"{version('sightlines')} {ONTOLOGY.digest}".encode())
    for folder in ("", "templates", "static"):
        for file in sorted(files("viz").joinpath(folder).iterdir(), key=lambda file: file.name):
            if file.is_file():
                digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()


def _replace(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.write_text(text, encoding="utf-8")
    os.replace(half, path)
