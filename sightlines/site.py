"""The static site: the same pages as files, which work from a folder without a server.

A manifest holds a digest of what each page was made from, so that the next run draws and writes
only pages that have changed. It also holds a digest of the snapshot and the program, so that a run
in which neither has changed reads nothing else. One process reads; of a large site others draw and
write the pages.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import signal
import tempfile
import threading
from asyncio import Future
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.resources import files
from multiprocessing import get_context, parent_process
from pathlib import Path
from urllib.parse import quote

from pydantic_core import to_json

from graph import language
from graph.disk import write_whole
from graph.errors import InputError
from graph.language import ENGLISH, Language
from graph.model import Story
from graph.ontology import ONTOLOGY
from graph.store.connection import Store
from graph.store.state import STATE
from graph.text import TextStore
from sightlines import __version__
from sightlines.site_pages import PageData, SiteRecords, site_pages, site_records
from viz.card import card
from viz.feed import sitemap
from viz.links import SHARED
from viz.page import node_positions, shared_files

#: The manifest, which also marks a folder as a site of ours that may be overwritten.
MARK = "sightlines-site.json"
#: The picture that networks show of a link to any page, where the address of the site is known.
CARD = "card.png"
#: What the names of pages, feeds and scripts with cards end with.
_SUFFIXES = (".html", ".xml", ".js")
#: What a shared file is called, so that no other is ever removed.
_SHARED_NAME = re.compile(r"[0-9a-f]{16}\.(js|css)")
#: The number of pages from which other processes are worth the seconds that they take to start.
_MANY = 1000
#: How many lists of pages wait for each process: they are read as fast as they are written.
_WAITING = 20

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """How many pages the site has, and how many of them this run wrote and removed."""

    pages: int
    writes: int
    removals: int


async def write_site(
    store: Store,
    folder: Path,
    *,
    texts: TextStore | None = None,
    stories: Mapping[str, Story] | None = None,
    address: str = "",
    lang: Language = ENGLISH,
    progress: Progress = lambda step, done, of: None,
    processes: int | None = None,
) -> SiteCounts:
    """Write a page for each entity, tie, source and story, and those that lead to them.

    A new folder appears whole or not at all. In an existing site only pages that differ are
    replaced, each whole or not at all. With `address`, that of the folder on the web, there is a
    sitemap; the pages are in the language `lang`. Raises `InputError` for another folder that
    exists. By default this process draws the pages itself or, where there are many, has as many
    `processes` as there are processors do so.
    """
    language.use(lang)
    folder = folder.absolute()
    stories = stories or {}
    before = _manifest(folder) if folder.exists() else None
    # Read before all else: after a load in between, the next run looks at all pages.
    state = await _state(store, texts, stories, address)
    if before is not None:
        if state is not None and state == before.state and _whole(folder, before):
            return SiteCounts(len(before.made_from), 0, 0)
        records = await site_records(store, texts, stories)
        site = _Site(folder, before.made_from, _renderer(address), address)
        return await _write(store, site, records, state, progress, processes)
    records = await site_records(store, texts, stories)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder.parent) as work:
        new = Path(work) / "site"
        new.mkdir()
        site = _Site(new, {}, _renderer(address), address, is_new=True)
        counts = await _write(store, site, records, state, progress, processes)
        os.sync()  # Once for all pages; one by one takes a third as long as drawing them.
        os.replace(new, folder)
    return counts


@dataclass(frozen=True, slots=True)
class _Manifest:
    """Digests of what a site was made from: as a whole, and each page by its path."""

    state: str = ""
    made_from: Mapping[str, str] = field(default_factory=dict)


def _manifest(folder: Path) -> _Manifest:
    """Read the manifest of a site; an empty one for what cannot be read."""
    mark = folder / MARK
    if not mark.is_file():
        raise InputError(f"{folder} exists and is not a site of Sightlines: give another folder.")
    try:
        manifest = json.loads(mark.read_text(encoding="utf-8"))
    except ValueError:
        return _Manifest()
    pages = manifest.get("made_from") if isinstance(manifest, dict) else None
    if not isinstance(pages, dict):
        return _Manifest()
    return _Manifest(str(manifest.get("state")), {str(k): str(v) for k, v in pages.items()})


async def _state(
    store: Store, texts: TextStore | None, stories: Mapping[str, Story], address: str
) -> str | None:
    """Return a digest of what a site is made from: snapshot, program, texts, stories, address.

    None during a load: two runs may then read different records of one snapshot.
    """
    state = await store.ask(STATE)
    if state.loading:
        return None
    content = [
        state.snapshot,
        state.completed_on,
        texts and texts.revision,
        dict(stories),
    ]
    return hashlib.sha256(_renderer(address) + to_json(content)).hexdigest()[:32]


def _whole(folder: Path, manifest: _Manifest) -> bool:
    paths = (*manifest.made_from, *(f"{SHARED}/{name}" for name in shared_files()))
    return all((folder / path).is_file() for path in paths)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the site: a digest of what it was made from, and whether this run wrote it."""

    path: str
    made_from: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Site:
    """The folder of a site, and what its pages are made from besides the store.

    `before` has the digests of the pages of the run before, by path. A folder that `is_new` has
    another name until the site is whole, so nobody reads a page of it while that is written.
    """

    folder: Path
    before: Mapping[str, str]
    renderer: bytes
    address: str
    is_new: bool = False

    def write(self, pages: Iterable[PageData]) -> list[_Page]:
        """Draw and write those of some pages that have changed or do not exist."""
        return [self._write_page(page) for page in pages]

    def _write_page(self, page: PageData) -> _Page:
        file = self.folder / page.path
        digest = _digest(page, self.renderer)
        current = self.before.get(page.path) == digest and file.is_file()
        if not current:
            file.parent.mkdir(parents=True, exist_ok=True)
            text = _with_positions(page, file).draw(self._card).encode()
            if self.is_new:
                file.write_bytes(text)
            else:
                write_whole(file, text)
        return _Page(page.path, digest, not current)

    @property
    def _card(self) -> str:
        """The address of the card, which all pages share; empty without that of the site."""
        return f"{self.address.rstrip('/')}/{CARD}" if self.address else ""

    def _draw_card(self) -> None:
        """Draw the card, of the first page."""
        file, home = self.folder / CARD, self.folder / "index.html"
        if not self.address:
            file.unlink(missing_ok=True)
        elif home.is_file():
            write_whole(file, card(home.read_text(encoding="utf-8"), self.address))

    def _share(self) -> None:
        """Write the scripts and the style sheet of all pages, and remove those of another program.

        Their names are digests of their texts, so one that is there is as it should be.
        """
        shared = self.folder / SHARED
        shared.mkdir(exist_ok=True)
        current = shared_files()
        for name, text in current.items():
            if not (shared / name).is_file():
                write_whole(shared / name, text.encode())
        for file in shared.iterdir():
            if file.name not in current and _SHARED_NAME.fullmatch(file.name):
                file.unlink()

    def _list_pages(self, paths: Iterable[str]) -> None:
        """Write the sitemap, without the pages of ties; without an address there is none."""
        file = self.folder / "sitemap.xml"
        if not self.address:
            file.unlink(missing_ok=True)
            return
        pages = sorted(p for p in paths if p.endswith(".html") and not p.startswith("tie/"))
        base = f"{self.address.rstrip('/')}/"
        write_whole(file, sitemap(base + quote(path) for path in pages).encode())

    def finish(self, made_from: Mapping[str, str], state: str | None) -> int:
        """Remove obsolete pages, write the manifest, and return how many pages were removed."""
        self._share()
        self._draw_card()
        self._list_pages(made_from)
        obsolete = [path for path in self.before if path not in made_from]
        for path in obsolete:
            # Anybody can edit a manifest: only pages within the folder are removed.
            target = (self.folder / path).resolve()
            if target.is_relative_to(self.folder.resolve()) and target.suffix in _SUFFIXES:
                target.unlink(missing_ok=True)
        content = {"pages": len(made_from), "state": state, "made_from": made_from}
        write_whole(self.folder / MARK, f"{json.dumps(content, indent=0)}\n".encode())
        return len(obsolete)


async def _write(
    store: Store,
    site: _Site,
    records: SiteRecords,
    state: str | None,
    progress: Progress,
    processes: int | None,
) -> SiteCounts:
    total = records.page_count
    if processes is None:
        processes = 1 if total < _MANY else os.cpu_count() or 1
    made_from: dict[str, str] = {}
    writes = 0
    async for pages in _write_pages(store, site, records, processes):
        made_from.update((page.path, page.made_from) for page in pages)
        writes += sum(page.is_new for page in pages)
        progress("pages", len(made_from), total)
    return SiteCounts(len(made_from), writes, site.finish(made_from, state))


async def _write_pages(
    store: Store, site: _Site, records: SiteRecords, processes: int
) -> AsyncIterator[list[_Page]]:
    """Write all pages, here or in other processes, and yield them as they are written."""
    lists = site_pages(store, records)
    if processes == 1:
        async for pages in lists:
            yield site.write(pages)
        return
    # A fork would copy the store's connections and its threads.
    with ProcessPoolExecutor(
        processes,
        get_context("spawn"),
        initializer=_open,
        initargs=(site, language.code()),
    ) as pool:
        loop = asyncio.get_running_loop()
        work: deque[Future[list[_Page]]] = deque()
        try:
            async for pages in lists:
                work.append(loop.run_in_executor(pool, _write_list, pages))
                if len(work) > _WAITING * processes:
                    yield await work.popleft()
            while work:
                yield await work.popleft()
        finally:
            # After a failure the lists that have not begun are given up, and those in hand awaited.
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)


#: What a process of the pool writes.
_worker: _Site | None = None


def _open(site: _Site, code: str) -> None:
    """Prepare a process of the pool. It ends with its parent, and Ctrl-C does not end it."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    language.use(language.read(code))
    _worker = site


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _write_list(pages: Sequence[PageData]) -> list[_Page]:
    assert _worker is not None
    return _worker.write(pages)


def _digest(page: PageData, renderer: bytes) -> str:
    """Return a digest of what a page is made from: its records, and what draws it."""
    content = to_json([page.kind, page.values, page.datasets, page.scripts], inf_nan_mode="strings")
    return hashlib.sha256(renderer + content).hexdigest()[:32]


def _with_positions(page: PageData, file: Path) -> PageData:
    """Return a page whose picture keeps the positions of nodes in the file that it replaces."""
    if page.kind != "graph" or not file.is_file():
        return page
    before = node_positions(file.read_text(encoding="utf-8", errors="replace"))
    return replace(page, values={**page.values, "before": before})


def _renderer(address: str) -> bytes:
    """Return a digest of everything that makes pages of records, for a site at an address."""
    head = f"{__version__} {ONTOLOGY.digest} {language.code()} {address}"
    digest = hashlib.sha256(head.encode())
    words = language.FOLDER / f"{language.code()}.mo"
    digest.update(words.read_bytes() if words.is_file() else b"")
    for folder in ("", "templates", "static"):
        for file in sorted(files("viz").joinpath(folder).iterdir(), key=lambda file: file.name):
            if file.is_file():
                digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()
