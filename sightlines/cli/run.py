"""`up` and `serve`: everything in one command, and the API alone."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from contextlib import AbstractContextManager, closing, nullcontext
from importlib.resources import as_file, files
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from filelock import FileLock

from graph.errors import InputError, StoreBusy, StoreVersion
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.cli.data import FOREIGN, load_summary
from sightlines.cli.parameters import Port
from sightlines.console import out, say, steps
from sightlines.settings import Settings, read_settings

if TYPE_CHECKING:
    from graph.store.address import Address
    from graph.store.connection import Store, Writer
    from graph.store.loader import LoadResult

#: Seconds that `up` waits for another load to end.
LOAD_WAIT = 300


@app.command("up")
def up_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Data sets to load; default: the seeds, unless they were removed.",
            show_default=False,
        ),
    ] = None,
    port: Port = None,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", hidden=True, help="End when the caller ends.")
    ] = False,
) -> None:
    """Start Neo4j, load the seeds, serve the API and the pages; Ctrl-C stops everything.

    Example: [bold]sightlines up[/bold]
    """
    from api.warmup import first_pages
    from sightlines.connect import open_address

    settings = _settings(port)
    if with_parent:
        _end_with_parent()
    with _terminable(), _listen(settings) as listener:
        with open_address(settings, first_pages) as address, as_file(files("seeds")) as seeds:
            with _one_at_a_time(settings):
                _load(address, paths or [seeds], settings, seeds=not paths)
            _serve(address, settings, listener)
        say("Stopped.")


@app.command("serve")
def serve_command(port: Port = None) -> None:
    """Serve the API and the pages from the loaded data set.

    Example: [bold]sightlines serve --port 8001[/bold]
    """
    from api.warmup import first_pages
    from graph.store.load_lock import is_foreign
    from sightlines.connect import open_address, writer_at

    settings = _settings(port)
    with _terminable(), _listen(settings) as listener:
        with open_address(settings, first_pages) as address:
            with writer_at(address) as writer:
                if is_foreign(writer):
                    say(FOREIGN)
            _serve(address, settings, listener)
        say("Stopped.")


class _terminable:
    """Raise an exception on SIGTERM and SIGINT, so that everything is closed on the way out.

    A shell makes a job in the background ignore SIGINT: until the web server runs, which heeds it
    in any case, nothing would end the job but SIGTERM.
    """

    def __enter__(self) -> None:
        handlers = {signal.SIGTERM: self._raise, signal.SIGINT: signal.default_int_handler}
        self._before = {number: signal.signal(number, do) for number, do in handlers.items()}

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        for number, before in self._before.items():
            signal.signal(number, before)
        return kind is not None and issubclass(kind, _Terminated | KeyboardInterrupt)

    @staticmethod
    def _raise(number: int, frame: FrameType | None) -> None:
        raise _Terminated


class _Terminated(BaseException):
    """The process received SIGTERM."""


def _listen(settings: Settings) -> socket.socket:
    # The web framework takes half a second to import: only the commands that serve import it.
    from sightlines.server import listen

    return listen(settings.host, settings.port)


def _end_with_parent() -> None:
    """Stop when the parent process has ended: make cannot forward a kill -9."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _settings(port: int | None) -> Settings:
    settings = read_settings()
    return settings if port is None else settings.model_copy(update={"port": port})


def _one_at_a_time(settings: Settings) -> AbstractContextManager[object]:
    """Serialise the loads of two processes that start at once on one data folder."""
    if settings.neo4j_uri is not None:
        return nullcontext()
    return FileLock(settings.data_folder / "load.lock", timeout=LOAD_WAIT)


def _load(address: Address, paths: list[Path], settings: Settings, *, seeds: bool) -> None:
    from sightlines.connect import writer_at

    texts = TextStore(settings.texts_folder)
    try:
        with writer_at(address) as writer:
            result = _load_when_free(writer, paths, texts, seeds)
        say(load_summary(result))
        if result.foreign:
            say(FOREIGN)
    except InputError as error:
        say(f"{error} Serving what the store holds.")


def _load_when_free(writer: Writer, paths: list[Path], texts: TextStore, seeds: bool) -> LoadResult:
    """Load; wait for another load that is running on the store."""
    from graph.store.loader import load

    deadline = time.monotonic() + LOAD_WAIT
    while True:
        try:
            with steps() as step:
                return load(writer, paths, seeds=seeds, texts=texts, progress=step)
        except StoreBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _serve(address: Address, settings: Settings, listener: socket.socket) -> None:
    from api.warmup import all_pages
    from graph.store.state import STATE, State
    from sightlines.connect import WAIT, keep_tables, read_at
    from sightlines.console import waiting
    from sightlines.editor import fetch_editor
    from sightlines.server import serve

    async def prepare(store: Store) -> State:
        with waiting("Preparing the pages", after=WAIT):
            await all_pages(store)
        await keep_tables(store, settings)
        return await store.ask(STATE)

    if settings.neo4j_uri is None:  # what has fetched Neo4j reaches the same repository
        fetch_editor(settings)
    try:
        has_pages = read_at(address, prepare).snapshot is not None
    except (KeyError, TypeError, ValueError) as error:
        raise StoreVersion(
            "The store was loaded by another version of Sightlines, whose records this one cannot "
            "read. Load its data sets again: sightlines load FOLDER…, or sightlines up for the "
            "seeds."
        ) from error
    threading.Thread(target=_announce, args=(address, settings, has_pages), daemon=True).start()
    try:
        serve(settings, listener)
    except KeyboardInterrupt:
        # uvicorn has shut down, and raises the signal again for its caller.
        return


def _announce(address: Address, settings: Settings, has_pages: bool) -> None:
    """Print the addresses once the server answers, with its home page if it `has_pages`."""
    from sightlines.connect import password_location
    from sightlines.wheel import NAME

    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    try:
        # On a slow machine the first answers may be 503 or 504, with the plans still being made.
        while _home_page(host, settings.port) in (503, 504) and has_pages:
            time.sleep(1)
    except (OSError, http.client.HTTPException):
        return  # The server has been stopped.
    base = settings.address
    rows = {
        "Page": base,
        "API docs": f"{base}docs",
        "Client": f"pip install {base}client/{NAME}",
        "Bolt": address.uri,
        "User": address.user,
        "Password": f"in {password_location(settings)}",
    }
    for name, value in rows.items():
        out.print(f"{name:<10}{value}")
    if not settings.local and settings.url is None:
        say("Links follow the host of each request. SIGHTLINES_URL sets one address for all.")
    say("Ctrl-C stops it.")


def _home_page(host: str, port: int) -> int:
    """Request the home page, and return the status."""
    with closing(http.client.HTTPConnection(host, port)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().status
