"""Serving the API and the pages with uvicorn."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.config import Exposure, loopback, public
from api.http import access_log
from api.keys import read_keys
from graph.errors import InputError
from graph.language import read
from graph.stories import read_stories
from graph.text import TextStore
from sightlines import __version__, wheel
from sightlines.connect import locator, statement_locator
from sightlines.editor import read_editor
from sightlines.settings import Settings

#: Where a public address is set, a proxy on this machine may say whose request it is.
LOCAL_PROXIES = "127.0.0.1,::1"
#: Seconds for which a worker may be silent, as one is that imports its modules: uvicorn kills it
#: after them and starts another. Its own five are too few for a slow machine.
SILENCE = 120
#: What every server has: the log is ours, and nothing names the program.
_PLAIN: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": 5,
}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the port. Raises `InputError` if the port cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Listen at once: with SO_REUSEADDR alone, two processes could both bind.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise InputError(
            f"Port {port} on {host} cannot be used: {(error.strerror or '').lower()}. "
            "Choose another one: make up PORT=8001, or SIGHTLINES_PORT=8001."
        ) from error
    return listener


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; requests in flight are answered first."""
    several = settings.workers > 1
    proxies = settings.proxies or (LOCAL_PROXIES if settings.url else None)
    config = uvicorn.Config(
        "sightlines.asgi:app" if several else build(settings),
        workers=settings.workers,
        # Forwarded headers are trusted from the named proxies alone.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_worker_healthcheck=SILENCE,
        **_PLAIN,
    )
    if several:
        # Each worker reads the settings from the environment.
        Multiprocess(config, [listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def serve_page(app: FastAPI, listener: socket.socket) -> None:
    """Serve an application of one page until Ctrl-C, in this process."""
    config = uvicorn.Config(app, **_PLAIN)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def build(settings: Settings) -> FastAPI:
    """Return the application for the settings. Raises `InputError` for an unreadable key file."""
    exposure = exposure_of(settings)
    if exposure.logged:
        access_log.configure()
    app = create_app(
        locator(settings),
        statements=statement_locator(settings) if exposure.statements else None,
        version=__version__,
        texts=TextStore(settings.texts_folder),
        tables=settings.tables_folder,
        snapshots=settings.snapshots,
        stories=read_stories(settings.stories_folder),
        editor=read_editor(settings) if exposure.statements else None,
        language=read(settings.language),
        exposure=exposure,
        warmed=True,
    )
    wheel.install(app)
    return app


def exposure_of(settings: Settings) -> Exposure:
    """Return who may do what on a server with these settings."""
    options: dict[str, Any] = {
        "metrics": settings.metrics == "on",
        "url": settings.url,
        **({"cypher": settings.cypher} if settings.cypher else {}),
        **({"origins": tuple(settings.origins.split())} if settings.origins else {}),
        **({"logged": settings.log == "on"} if settings.log else {}),
    }
    if settings.local:
        return loopback(**options)
    try:
        keys = read_keys(settings.keys_file)
    except ValueError as error:
        raise InputError(
            f"{error}: move it away, and create keys with sightlines key add."
        ) from error
    return public(keys, read=settings.read, **options)
