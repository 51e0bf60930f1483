"""Opening the store that the settings name: a configured server, or the local one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from graph.errors import InputError
from graph.store import local
from graph.store.address import Address
from graph.store.connection import Store, Writer
from graph.store.local.home import Home
from sightlines.console import download, waiting
from sightlines.settings import Settings

T = TypeVar("T")


def start_local(settings: Settings, *, detached: bool = False) -> local.LocalServer:
    """Get Neo4j if need be, and return the local server of the data folder, started or found."""
    jars = local.jars_folder(settings.cache_folder)
    with download("Getting Neo4j (once)") as update:
        local.fetch(local.read_lock(), jars, update, settings.maven_mirror)
    with waiting("Starting Neo4j"):
        return local.start(settings.data_folder, jars, detached=detached)


def password_place(settings: Settings) -> str:
    """Say where the password of the store is to be found, and never what it is."""
    if settings.neo4j_uri is None:
        return str(Home(settings.data_folder).password_file)
    if settings.neo4j_password_file is not None:
        return str(settings.neo4j_password_file)
    return "SIGHTLINES_NEO4J_PASSWORD"


def configured(settings: Settings) -> Address:
    """Return where the configured server is. Raises `InputError` where none is."""
    if settings.neo4j_uri is None:
        raise InputError("SIGHTLINES_NEO4J_URI is not set.")
    return Address(
        settings.neo4j_uri, settings.neo4j_user, settings.password(), settings.neo4j_database
    )


@contextmanager
def open_address(settings: Settings) -> Iterator[Address]:
    """Yield where the store is; a local server that had to be started ends with the block."""
    if settings.neo4j_uri is not None:
        yield configured(settings)
        return
    with start_local(settings) as server:
        user, password = server.auth
        yield Address(server.uri, user, password)


@contextmanager
def open_writer(settings: Settings) -> Iterator[Writer]:
    """Yield a connection for a load. Raises a `StoreError` that names the obstacle."""
    with open_address(settings) as address, Writer(address) as writer:
        writer.verify()
        yield writer


def read_store(settings: Settings, read: Callable[[Store], Awaitable[T]]) -> T:
    """Return what `read` makes of the store. Raises a `StoreError` that names the obstacle."""

    async def run(address: Address) -> T:
        async with Store(address) as store:
            await store.verify()
            return await read(store)

    with open_address(settings) as address:
        return asyncio.run(run(address))
