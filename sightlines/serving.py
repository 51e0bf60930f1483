"""Serving the API and the pages: the port first, then the server, then an orderly end."""

from __future__ import annotations

import socket
from importlib.metadata import version

import uvicorn

from api.app import create_app
from graph.errors import InputError
from graph.store.address import Address
from graph.text import TextStore
from sightlines.settings import Settings

VERSION = version("sightlines")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def take_port(host: str, port: int) -> socket.socket:
    """Return a socket bound to the port. Raises `InputError` if it is taken or not ours to take."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        # Listening at once: with SO_REUSEADDR alone, two starts could both bind.
        taken.listen(128)
    except OSError as error:
        taken.close()
        raise InputError(
            f"Port {port} on {host} cannot be used: {(error.strerror or '').lower()}. "
            "Choose another one: make up PORT=8001, or SIGHTLINES_PORT=8001."
        ) from error
    return taken


def serve(address: Address, settings: Settings, taken: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM, and let requests in flight end first."""
    public = settings.host not in _LOOPBACK
    app = create_app(
        address,
        version=VERSION,
        texts=None if public else TextStore(settings.texts_folder),
        hosts=["*"] if public else [*_LOOPBACK[:2], "[::1]"],
        cypher=settings.cypher or ("off" if public else "on"),
    )
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[taken])
