"""Serving the API and the pages: the port first, then the server, then an orderly end."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from tempfile import NamedTemporaryFile
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.config import Exposure, loopback, public
from api.http import access_log
from api.http.auth import read_keys
from graph.errors import InputError
from graph.store.address import Address
from graph.stories import read_stories
from graph.text import TextStore
from sightlines.settings import Settings

VERSION = version("sightlines")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
    several = settings.workers > 1
    config = uvicorn.Config(
        "sightlines.asgi:app" if several else build(address, settings),
        workers=settings.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Only the proxies that are named may say whose request it is.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies or None,
        timeout_graceful_shutdown=5,
    )
    if not several:
        uvicorn.Server(config).run(sockets=[taken])
        return
    # Each process reads the environment for itself, so it is told there where the store is.
    with _password_file(address) as file:
        os.environ |= {
            "SIGHTLINES_NEO4J_URI": address.uri,
            "SIGHTLINES_NEO4J_USER": address.user,
            "SIGHTLINES_NEO4J_DATABASE": address.database,
            "SIGHTLINES_NEO4J_PASSWORD_FILE": file,
        }
        Multiprocess(config, [taken]).run()


@contextmanager
def _password_file(address: Address) -> Iterator[str]:
    """A file with the password, for its owner alone, as long as the block runs."""
    with NamedTemporaryFile("w", encoding="utf-8", prefix="sightlines-") as file:  # mode 0600
        file.write(address.password)
        file.flush()
        yield file.name


def build(address: Address, settings: Settings) -> FastAPI:
    """Return the app as the settings want it. Raises `InputError` for keys that cannot be read."""
    exposure = exposed(settings)
    if exposure.logged:
        access_log.configure()
    return create_app(
        address,
        version=VERSION,
        texts=TextStore(settings.texts_folder),
        tables=settings.tables_folder,
        stories=read_stories(settings.stories_folder),
        exposure=exposure,
        warmed=True,
    )


def exposed(settings: Settings) -> Exposure:
    """Return how a server with these settings stands in the world."""
    told: dict[str, Any] = {
        "metrics": settings.metrics == "on",
        **({"cypher": settings.cypher} if settings.cypher else {}),
        **({"origins": tuple(settings.origins.split())} if settings.origins else {}),
        **({"logged": settings.log == "on"} if settings.log else {}),
    }
    if settings.host in LOOPBACK:
        return loopback(**told)
    try:
        keys = read_keys(settings.keys_file)
    except ValueError as error:
        raise InputError(
            f"{error}: move it away, and make keys with sightlines key add."
        ) from error
    return public(keys, read=settings.read, **told)
