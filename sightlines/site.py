"""The static site: the same pages as files, which work from a folder without a server.

A manifest keeps what every page was made from, so that the next run draws and writes only what has
changed since; it also names the snapshot and the program, so that a run in which neither has
changed asks for nothing. A large site is made by several processes, each of which asks, draws and
writes for itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context, parent_process
from pathlib import Path

from pydantic_core import to_json

from graph.errors import InputError
from graph.model import Story
from graph.ontology import ONTOLOGY
from graph.store.address import Address
from graph.store.connection import Store
from graph.store.state import STATE
from graph.text import TextStore
from sightlines.site_pages import Part, Sheet, parts, sheets
from viz.page import node_positions

#: What marks a folder as a site of ours, which may be written again; it holds the manifest.
MARK = "sightlines-site.json"
#: From so many parts on, other processes are worth the two seconds that they take to start.
_MANY = 10

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """How many pages the site has, and how many of them were written and removed this time."""

    pages: int
    written: int
    removed: int


async def write_site(
    store: Store,
    folder: Path,
    *,
    texts: TextStore | None = None,
    stories: Mapping[str, Story] | None = None,
    progress: Progress = lambda step, done, of: None,
    processes: int | None = None,
) -> Written:
    """Write a page for each entity, tie, source and story, and those that lead to them.

    A new folder appears whole or not at all. In one that is there only pages that would differ are
    written, each whole or not at all; one that is no site of ours is left alone, and raises
    `InputError`. So many `processes` write, by default this one alone or, where there is much to
    write, as many as there are processors and one more, since they wait for the store at times.
    """
    folder = folder.absolute()
    told = stories or {}
    before = _manifest(folder) if folder.exists() else None
    # Of before any other question: a load that comes between makes the next run look at all pages.
    state = await _state(store, texts, told)
    if before is not None:
        if state is not None and state == before.state and _whole(folder, before):
            return Written(len(before.made_from), 0, 0)
        site = _Site(folder, before.made_from, _renderer(), texts, told)
        return await _write(store, site, state, progress, processes)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder.parent) as work:
        made = Path(work) / "site"
        made.mkdir()
        site = _Site(made, {}, _renderer(), texts, told)
        written = await _write(store, site, state, progress, processes)
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


async def _state(store: Store, texts: TextStore | None, stories: Mapping[str, Story]) -> str | None:
    """Return what a whole site is made from: snapshot, program, texts, stories.

    None while a load is under way: nothing is the same for sure then.
    """
    found = await store.ask(STATE)
    if found.loading:
        return None
    told = to_json([found.snapshot, found.completed_on, texts and texts.revision, dict(stories)])
    return hashlib.sha256(_renderer() + told).hexdigest()[:32]


def _whole(folder: Path, manifest: _Manifest) -> bool:
    return all((folder / path).is_file() for path in manifest.made_from)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the site: what it was made from, and whether it was written this time."""

    path: str
    made_from: str
    written: bool


@dataclass(frozen=True, slots=True)
class _Site:
    """A folder that pages are written into, and what they are made from beside the store.

    `before` has what the pages that are there were made from, by path.
    """

    folder: Path
    before: Mapping[str, str]
    renderer: bytes
    texts: TextStore | None
    stories: Mapping[str, Story]

    async def write(self, store: Store, part: Part) -> list[_Page]:
        """Draw and write what was made from something else, or is not there."""
        every = await sheets(part, store, self.texts, self.stories)
        return [self._page(sheet) for sheet in every]

    def _page(self, sheet: Sheet) -> _Page:
        target = self.folder / sheet.path
        digest = _digest(sheet, self.renderer)
        stands = self.before.get(sheet.path) == digest and target.is_file()
        if not stands:
            _replace(target, _after(sheet, target).draw())
        return _Page(sheet.path, digest, not stands)

    def finish(self, made_from: Mapping[str, str], state: str | None) -> int:
        """Remove the pages that are no more, write the manifest, and return how many have gone."""
        gone = [path for path in self.before if path not in made_from]
        for path in gone:
            # A manifest is a file like any other: only pages within the folder are removed.
            target = (self.folder / path).resolve()
            if target.is_relative_to(self.folder.resolve()) and target.suffix == ".html":
                target.unlink(missing_ok=True)
        content = {"pages": len(made_from), "state": state, "made_from": made_from}
        _replace(self.folder / MARK, json.dumps(content, indent=0) + "\n")
        return len(gone)


async def _write(
    store: Store, site: _Site, state: str | None, progress: Progress, processes: int | None
) -> Written:
    every = await parts(store, site.stories)
    if processes is None:
        processes = 1 if len(every) < _MANY else (os.cpu_count() or 1) + 1
    made_from: dict[str, str] = {}
    written = done = 0
    records = sum(len(part.ids) for part in every)
    async for part, pages in _made(store, site, every, processes):
        made_from.update((page.path, page.made_from) for page in pages)
        written += sum(page.written for page in pages)
        done += len(part.ids)
        progress("records", done, records)
    return Written(len(made_from), written, site.finish(made_from, state))


async def _made(
    store: Store, site: _Site, every: Sequence[Part], processes: int
) -> AsyncIterator[tuple[Part, list[_Page]]]:
    """Write all parts, here or in other processes; yield each with its pages, in order."""
    if processes == 1:
        for part in every:
            yield part, await site.write(store, part)
        return
    # A fork would copy the store's connections and its threads.
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_open, initargs=(store.address, site)
    ) as pool:
        loop = asyncio.get_running_loop()
        work = [(part, loop.run_in_executor(pool, _write_part, part)) for part in every]
        for part, pages in work:
            yield part, await pages


#: What a process of the pool writes with.
_opened: tuple[asyncio.Runner, Store, _Site] | None = None


def _open(address: Address, site: _Site) -> None:
    """Make a process of the pool ready. It ends with the one that began it, and not by Ctrl-C."""
    global _opened
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    # One loop for all parts: the connections of a store belong to the loop that they were made in.
    _opened = asyncio.Runner(), Store(address), site


def _follow() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _write_part(part: Part) -> list[_Page]:
    assert _opened is not None
    runner, store, site = _opened
    return runner.run(site.write(store, part))


def _digest(sheet: Sheet, renderer: bytes) -> str:
    """Return what a page is made from: its facts, and what draws it."""
    content = to_json([sheet.painter, sheet.named], inf_nan_mode="strings")
    return hashlib.sha256(renderer + content).hexdigest()[:32]


def _after(sheet: Sheet, page: Path) -> Sheet:
    """Return a sheet whose picture keeps its nodes where they stand in the page that is there."""
    if sheet.painter != "graph" or not page.is_file():
        return sheet
    before = node_positions(page.read_text(encoding="utf-8", errors="replace"))
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
