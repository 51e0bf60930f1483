"""`up` and `serve`: the whole of it in one command, and the API alone."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from importlib.resources import as_file, files
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from filelock import FileLock

from graph.errors import StoreBusy, WouldRemove
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.cli.data import loaded_summary
from sightlines.cli.parameters import Port
from sightlines.console import out, say, steps
from sightlines.settings import Settings, read_settings

if TYPE_CHECKING:
    from graph.store.address import Address
    from graph.store.connection import Writer
    from graph.store.loader import Loaded

#: Seconds that `up` waits for another load to end.
PATIENCE = 300


@app.command("up")
def up_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="The data set to load; the seeds if none is given.", show_default=False
        ),
    ] = None,
    port: Port = None,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", hidden=True, help="End when the caller ends.")
    ] = False,
) -> None:
    """Start Neo4j, load the seeds, serve the API and the pages; Ctrl-C stops it all in order.

    Example: [bold]sightlines up[/bold]
    """
    from sightlines.connect import open_address

    settings = _settings(port)
    if with_parent:
        _end_with_parent()
    with _ends_in_order(), _take_port(settings) as taken:
        with open_address(settings) as address, as_file(files("seeds")) as seeds:
            with _one_at_a_time(settings):
                _load(address, paths or [seeds], settings)
            _announce(address, settings)
            _serve(address, settings, taken)
        say("Stopped.")


@app.command("serve")
def serve_command(port: Port = None) -> None:
    """Serve the API and the pages over what is loaded.

    Example: [bold]sightlines serve --port 8001[/bold]
    """
    from graph.store.connection import Writer
    from sightlines.connect import open_address

    settings = _settings(port)
    with _ends_in_order(), _take_port(settings) as taken:
        with open_address(settings) as address:
            with Writer(address) as writer:
                writer.verify()
            _announce(address, settings)
            _serve(address, settings, taken)
        say("Stopped.")


class _ends_in_order:
    """Turn SIGTERM into an exception, so that everything opened is closed on the way out."""

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGTERM, self._raise)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        signal.signal(signal.SIGTERM, self._before)
        return kind is not None and issubclass(kind, _Ended | KeyboardInterrupt)

    @staticmethod
    def _raise(number: int, frame: FrameType | None) -> None:
        raise _Ended


class _Ended(BaseException):
    """SIGTERM came."""


def _take_port(settings: Settings) -> socket.socket:
    # The web framework takes half a second to import: only the commands that serve wait for it.
    from sightlines.server import take_port

    return take_port(settings.host, settings.port)


def _end_with_parent() -> None:
    """End in order when the process that started this one is gone: make passes no kill -9 on."""
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
    """Let two starts at once on one data folder load one after the other."""
    if settings.neo4j_uri is not None:
        return nullcontext()
    return FileLock(settings.data_folder / "load.lock", timeout=PATIENCE)


def _load(address: Address, paths: list[Path], settings: Settings) -> None:
    from graph.store.connection import Writer

    texts = TextStore(settings.texts_folder)
    try:
        with Writer(address) as writer:
            writer.verify()
            say(loaded_summary(_load_when_free(writer, paths, texts)))
    except WouldRemove as error:
        say(f"{error} Serving what the store holds.")


def _load_when_free(writer: Writer, paths: list[Path], texts: TextStore) -> Loaded:
    """Load, and wait for a load under way: a `load`, or another `up` on a configured server."""
    from graph.store.loader import load

    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with steps() as step:
                return load(writer, paths, texts=texts, progress=step)
        except StoreBusy:
            if time.monotonic() > give_up:
                raise
            time.sleep(1)


def _announce(address: Address, settings: Settings) -> None:
    from sightlines.connect import password_place

    # An address that means "all of them" is none that a browser can open.
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    base = f"http://{host}:{settings.port}"
    rows = {
        "Page": f"{base}/",
        "API docs": f"{base}/docs",
        "Bolt": address.uri,
        "User": address.user,
        "Password": f"in {password_place(settings)}",
    }
    for name, value in rows.items():
        out.print(f"{name:<10}{value}", markup=False)
    say("Ctrl-C stops it.")


def _serve(address: Address, settings: Settings, taken: socket.socket) -> None:
    from sightlines.server import serve

    try:
        serve(address, settings, taken)
    except KeyboardInterrupt:
        # uvicorn has ended in order, and raises the signal again for whoever called it.
        return
